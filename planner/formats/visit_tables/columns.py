"""Which column of a table means what, by its heading or by what the user says."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from planner.errors import PlannerError, argument, did_you_mean
from planner.formats.visit_tables.sheet import Sheet, SheetCell, SheetRow, column_letters
from planner.protocol.field_types import quoted

_HEADINGS = {
    "name": "visit, visit name, visit title, visit label, name, event, event name, title,"
    " timepoint, time point, encounter, visit description, custom event label",
    "day": "day, days, study day, target day, planned day, nominal day, visit day, day number,"
    " scheduled day, target study day, week, study week, target week, month, study month, timing,"
    " visit timing",
    "offset": "offset, day offset, offset days, days offset, offset in days, target offset,"
    " days from baseline, day from baseline, days after baseline, days since baseline,"
    " days from anchor, days from randomization, days from randomisation, days after randomization,"
    " days after randomisation, days from first dose, days after first dose, days after dosing,"
    " weeks from baseline, weeks after baseline, weeks since baseline, weeks after randomization,"
    " weeks after randomisation, offset weeks",
    "minus": "minus, minus days, window minus, window -, -, - days, days before, before, early,"
    " tolerance before, window before, offset min, days early, minus window, window minus days",
    "plus": "plus, plus days, window plus, window +, +, + days, days after, after, late,"
    " tolerance after, window after, offset max, days late, plus window, window plus days",
    "earliest": "earliest, earliest day, window start, window start day, window open, window opens,"
    " window from, window min, min, min day, lower, lower limit, window lower, start, start day,"
    " from, from day",
    "latest": "latest, latest day, window end, window end day, window close, window closes,"
    " window to, window max, max, max day, upper, upper limit, window upper, end, end day,"
    " to, to day",
    "window": "window, windows, visit window, window days, visit window days, tolerance, ±, +/-,"
    " window ±, window +/-, allowed deviation, allowed window",
    "activities": "activities, activity, procedures, procedure, assessments, assessment,"
    " instruments, forms",
    "epoch": "epoch, phase, period, stage, study phase, study period, study epoch",
    "one-study": "study, study id, protocol, protocol version, version, arm, arm num, arm name,"
    " pathway, cohort, group",
}
KNOWN_HEADINGS = {
    heading.strip(): meaning
    for meaning, headings in _HEADINGS.items()
    for heading in headings.split(",")
}
"""What a column means by its heading, as `plain_heading` makes it."""
MEANINGS = (
    "name", "day", "offset", "minus", "plus", "earliest", "latest", "window", "activities", "epoch",
)  # fmt: skip
"""What a user can name a column for."""


class Columns(NamedTuple):
    """The row of headings, the heading of each meaning, and those that mean nothing here."""

    headings: SheetRow
    by_meaning: Mapping[str, SheetCell]
    unknown: tuple[SheetCell, ...]

    def get(self, row: SheetRow, meaning: str) -> SheetCell | None:
        """The cell of a row that has a meaning; ``None`` where there is none or it is blank."""
        heading = self.by_meaning.get(meaning)
        if heading is None or heading.column > len(row):
            return None
        cell = row[heading.column - 1]
        return cell if cell.text else None


def columns_of(sheet: Sheet, chosen: Mapping[str, str]) -> Columns | None:
    """The columns of a list of visits, one visit a row.

    Args:
        sheet: the table.
        chosen: the heading, or the letter, of the column that has each of `MEANINGS`.

    Returns:
        ``None`` where no row of headings names visits and their time.

    Raises:
        PlannerError: a column that was chosen is not there.
        DocumentError: two columns have one meaning.
    """
    for row in sheet.rows[:20]:
        named = _chosen(row, chosen)
        if len(named) == len(chosen):
            columns = _recognised(sheet, row, named)
            if "name" in columns.by_meaning and {"day", "offset"} & columns.by_meaning.keys():
                return columns
    if chosen and all(len(_chosen(row, chosen)) < len(chosen) for row in sheet.rows[:20]):
        headings = [cell.text for cell in sheet.rows[0] if cell.text]
        missing = next(
            name for m, name in chosen.items() if m not in _chosen(sheet.rows[0], chosen)
        )
        hint = did_you_mean(missing, headings) or f"columns: {', '.join(headings)}"
        raise PlannerError(
            f"{sheet.path}: {argument('columns')}: no column is called {quoted(missing)}; {hint}"
        )
    return None


def _chosen(row: SheetRow, chosen: Mapping[str, str]) -> dict[str, SheetCell]:
    named = {}
    for meaning, wanted in chosen.items():
        for cell in row:
            if plain_heading(cell.text) == plain_heading(wanted) and cell.text:
                named[meaning] = cell
                break
        else:
            for cell in row:
                if column_letters(cell.column) == wanted.upper() and cell.text:
                    named[meaning] = cell
    return named


def _recognised(sheet: Sheet, row: SheetRow, named: Mapping[str, SheetCell]) -> Columns:
    by_meaning = dict(named)
    taken = {cell.column for cell in named.values()}
    unknown = []
    for cell in row:
        if cell.column in taken or not cell.text:
            continue
        meaning = _meaning(cell.text)
        if meaning is None or meaning in named:
            unknown.append(cell)
        elif meaning == "one-study":
            unknown.append(cell)
            _refuse_several(sheet, row, cell)
        elif meaning in by_meaning:
            other = by_meaning[meaning]
            raise sheet.refusal(
                f"two columns can be the {meaning}: {quoted(other.text)} ({other.name}) and"
                f" {quoted(cell.text)} ({cell.name})",
                cell,
                hint=f"choose one with {argument('columns', f'{meaning}=HEADING')}",
            )
        else:
            by_meaning[meaning] = cell
    if "name" in by_meaning:
        pairs = (
            ("day", "offset"),
            ("minus", "earliest"),
            ("minus", "window"),
            ("earliest", "window"),
        )
        for first, second in pairs:
            if first in by_meaning and second in by_meaning:
                cells = by_meaning[first], by_meaning[second]
                raise sheet.refusal(
                    f"{quoted(cells[0].text)} ({cells[0].name}) and {quoted(cells[1].text)}"
                    f" ({cells[1].name}) both tell the time",
                    *cells,
                    hint="leave one of the columns out of the file",
                )
    return Columns(row, by_meaning, tuple(unknown))


def _refuse_several(sheet: Sheet, headings: SheetRow, heading: SheetCell) -> None:
    """Refuses rows of several studies, versions or arms, which are several schedules."""
    values: Iterable[str] = (
        row[heading.column - 1].text
        for row in sheet.rows
        if row[0].row > headings[0].row and len(row) >= heading.column
    )
    distinct = list(dict.fromkeys(filter(None, values)))
    if len(distinct) > 1:
        raise sheet.refusal(
            f"column {quoted(heading.text)} has {len(distinct):,} values"
            f" ({', '.join(map(quoted, distinct[:3]))}), each with a schedule of its own",
            heading,
            hint="keep the rows of one of them in the file",
        )


def _meaning(heading: str) -> str | None:
    """What a column means by its heading, behind which its unit may stand."""
    plain = plain_heading(heading)
    known = KNOWN_HEADINGS.get(plain)
    if known is None:
        known = KNOWN_HEADINGS.get(re.sub(" (?:in )?(?:days?|weeks?|wks?|months?)$", "", plain))
        return None if known in ("name", "activities", "epoch", "one-study") else known
    return known


def plain_heading(heading: str) -> str:
    """A heading in small letters: words and the signs ``+``, ``-``, ``±`` and ``/``.

    Args:
        heading: as it stands in the table.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    words = words.replace("–", "-").replace("−", "-").casefold()
    words = re.sub(r"(?<=\w)-(?=\w)", " ", words)
    return " ".join(re.sub(r"[^\w+±/-]+|_", " ", words).split())
