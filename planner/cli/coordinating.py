"""`planner deviations` and `planner due`: a coordinator's questions about participants' records."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    OutputOption,
    ProtocolArgument,
    SiteOption,
    read_date,
    read_site,
)
from planner.cli.output_formats import read_format
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.errors import AnswerNo, PlannerError

if TYPE_CHECKING:
    from planner.site.calendar import SiteCalendar
    from planner.timeline.absence import Days
    from planner.timeline.participant_state import PlannerCache
    from planner.timeline.record import RecordFile
    from planner.views.tables.grid import Grid

_FORMATS = ("table", "csv", "json", "markdown")
_MAX_COMPLAINTS = 20

ListFormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="table, csv, json or markdown; by the output's suffix if absent.",
        metavar="FORMAT",
    ),
]


def deviations(
    protocol: ProtocolArgument,
    more: Annotated[
        list[str] | None,
        typer.Argument(help="More records, as a shell's `*` gives them.", metavar="RECORD"),
    ] = None,
    actuals: Annotated[
        list[str] | None,
        typer.Option(
            "--actuals",
            help="A participant's record, or a folder of them; can be repeated.",
            metavar="FILE",
        ),
    ] = None,
    site: SiteOption = None,
    today: Annotated[
        str | None,
        typer.Option("--today", help="Tell what is overdue on this date, too.", metavar="DATE"),
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: ListFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Holds what took place against the windows in force when it did.

    Early, late, out of order, wrong interval, missed, missing gate, overdue: by how much, by which
    rule and where that stands, and what it made impossible. The exit code is 1 if there are any.
    """
    from planner.timeline.deviations import Deviation, SiteNote, judge
    from planner.timeline.participant_state import PlannerCache
    from planner.timeline.undated import Undated
    from planner.views import deviations as view

    chosen = read_format(output_format, output, _FORMATS)
    if not actuals:
        raise PlannerError("--actuals: name a participant's record, or a folder of them")
    day = None if today is None else read_date(today, "--today")
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    courses = PlannerCache(file.protocol, read_site(site), with_untied=anyway)
    found: list[Deviation] = []
    notes: list[SiteNote] = []
    undated: list[Undated] = []
    records = _Records([*actuals, *(more or ())])
    for record in records:
        with records.taking(record):
            judgement = judge(file, courses, record, today=day)
            found += judgement.deviations
            notes += judgement.notes
            undated += judgement.undated
    told = view.DeviationReport(
        file.protocol.id, records.count, found, notes, undated, records.left_out
    )
    if chosen == "json":
        _write(view.render_json(told), output)
    elif chosen == "csv":
        _write_grid(view.table_for_machines(told), "csv", output)
    else:
        _write_grid(view.deviations_grid(told), chosen, output)
    records.end()
    if found:
        raise typer.Exit(1)


def due(
    records: Annotated[
        list[str], typer.Argument(help="Folders of records, or records.", metavar="FOLDER")
    ],
    first: Annotated[str, typer.Option("--from", help="First date.", metavar="DATE")],
    last: Annotated[str, typer.Option("--to", help="Last date, included.", metavar="DATE")],
    protocol: Annotated[
        list[str] | None,
        typer.Option(
            "--protocol",
            help="The protocol of records that name none, or a file for those that name its id; can"
            " be repeated. Ids of the library need no file.",
            metavar="PROTOCOL",
        ),
    ] = None,
    site: SiteOption = None,
    today: Annotated[
        str | None,
        typer.Option(
            "--today",
            help="Nothing is planned before it, and days left count from it; --from if absent.",
            metavar="DATE",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without",
            help="Also tell what would break if nobody were there on these dates; can be repeated.",
            metavar="DATE..DATE",
        ),
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: ListFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Lists who is due between two dates, when, and how many days of the window are left.

    Most urgent first, over a folder of participants' records. The exit code is 1 if something is
    overdue, a plan cannot be kept any more, or an absence would break one.
    """
    from planner.timeline.absence import AbsenceEffect, closed_on, effects
    from planner.timeline.due import (
        DueRange,
        DueVisit,
        due_visits,
        most_urgent_first,
        participant,
    )
    from planner.timeline.remaining_visits import Outlooks
    from planner.timeline.undated import Undated
    from planner.views import due as view

    chosen = read_format(output_format, output, _FORMATS)
    begin, end = read_date(first, "--from"), read_date(last, "--to")
    if end < begin:
        raise PlannerError(f"--to: {end} lies before --from {begin}")
    stretch = DueRange(begin, end, begin if today is None else read_date(today, "--today"))
    absences = [_read_days(text) for text in without or ()]
    place = read_site(site)
    base = Outlooks(stretch.today.toordinal())
    away = Outlooks(stretch.today.toordinal(), closed_on(place, absences)) if absences else None
    known = _Protocols(protocol or (), place, anyway=anyway, unblinded=unblinded)
    files = _Records(records)
    visits: list[DueVisit] = []
    broken: list[AbsenceEffect] = []
    undated: list[Undated] = []
    done = 0
    for record in files:
        with files.taking(record):
            one = participant(known.courses(record), record, base, stretch.today)
            if one is None:
                done += 1
                continue
            found = due_visits(one, base, stretch)
            if away is not None:
                broken += effects(one, base, away, absences)
            visits += found
            undated += one.undated
    broken.sort(key=lambda one: (not one.lost, one.planned, one.participant))
    urgent = most_urgent_first(visits)
    answer = view.DueList(
        stretch, files.count, done, urgent, absences, broken, undated, files.left_out
    )
    if chosen == "json":
        _write(view.render_json(answer), output)
    elif chosen == "csv":
        _write_grid(view.table_for_machines(answer), "csv", output)
    else:
        _write_grid(view.due_grid(answer), chosen, output)
    files.end()
    if any(one.status in ("overdue", "broken") for one in visits) or any(
        one.lost for one in broken
    ):
        raise typer.Exit(1)


def _read_days(text: str) -> "Days":
    from planner.timeline.absence import Days

    begin, dots, end = text.partition("..")
    first = read_date(begin, "--without")
    last = read_date(end, "--without") if dots else first
    if last < first:
        raise PlannerError(f"--without: {last} lies before {first}")
    return Days(first, last)


class _Records:
    """The records of files and folders, one at a time; what is wrong with one stops no other.

    ``count`` are those that were taken into account; ``left_out`` the others, each with why: by
    participant, or by path where not even that could be read.
    """

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths
        self.count = 0
        self.left_out: list[tuple[str, str]] = []

    def __iter__(self) -> "Iterator[RecordFile]":
        from planner.cli.progress import progress
        from planner.cli.records import read_record
        from planner.timeline.record_reading import record_paths

        found = [path for folder in self.paths for path in record_paths(folder)]
        seen: dict[str, str] = {}
        for path in progress(found, len(found), "records"):
            record = None
            try:
                record = read_record(path)
                code = record.record.participant
                if seen.setdefault(code, path) != path:
                    raise PlannerError(f"{path}: participant `{code}` is in {seen[code]} already")
            except PlannerError as error:
                self._leave_out(path if record is None else record.record.participant, error)
                continue
            yield record

    @contextmanager
    def taking(self, record: "RecordFile") -> "Iterator[None]":
        """Counts the record if all goes well, else says what is wrong with it and goes on.

        What is wrong with the protocol itself passes.
        """
        try:
            yield
        except AnswerNo:
            raise
        except PlannerError as error:
            self._leave_out(record.record.participant, error)
        else:
            self.count += 1

    def _leave_out(self, whose: str, error: PlannerError) -> None:
        from planner.cli.output import complain

        self.left_out.append((whose, str(error)))
        if len(self.left_out) <= _MAX_COMPLAINTS:
            complain(str(error) if str(error).startswith(f"{whose}:") else f"{whose}: {error}")

    def end(self) -> None:
        """Ends with exit code 2 if any record could not be taken into account."""
        from planner.cli.output import tell

        number = len(self.left_out)
        if number:
            more = number - _MAX_COMPLAINTS
            rest = f" ({more} not shown)" if more > 0 else ""
            count = "1 record is" if number == 1 else f"{number} records are"
            tell(f"{count} left out above{rest}")
            raise typer.Exit(2)


class _Protocols:
    """The protocols that records name, each loaded once."""

    def __init__(
        self,
        names: "list[str] | tuple[str, ...]",
        site: "SiteCalendar",
        *,
        anyway: bool,
        unblinded: bool,
    ) -> None:
        from planner.timeline.participant_state import PlannerCache

        self.site = site
        files = [load_sound(name, anyway=anyway, unblinded=unblinded) for name in names]
        self.given = [PlannerCache(file.protocol, site, with_untied=anyway) for file in files]
        self.known = {courses.protocol.id: courses for courses in self.given}

    def courses(self, file: "RecordFile") -> "PlannerCache":
        """The protocol of a record.

        Raises:
            PlannerError: the record names none and several are given, or one that is unknown.
        """
        from planner.formats.load import load_protocol
        from planner.protocol.library import library_path
        from planner.timeline.participant_state import PlannerCache

        name = file.record.protocol
        if name is None:
            if len(self.given) == 1:
                return self.given[0]
            hint = "add `--protocol PROTOCOL`" if not self.given else "several are given"
            raise PlannerError(f"{file.path}: names no `protocol`; {hint}")
        if name not in self.known:
            if library_path(name) is None:
                raise PlannerError(
                    f"{file.path}: `{name}` is no protocol of the library; name its file with"
                    " --protocol"
                )
            self.known[name] = PlannerCache(load_protocol(name).protocol, self.site)
        return self.known[name]


def _write(text: str, output: str | None) -> None:
    from planner.cli.output import write_text

    write_text(text, output)


def _write_grid(grid: "Grid", chosen: str, output: str | None) -> None:
    from planner.cli.tables import write_grid

    write_grid(grid, chosen, output)
