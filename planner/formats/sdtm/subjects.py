"""Reads SV: each subject's visits as a participant's record, one at a time; and people of DM."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from planner.errors import PlannerError, argument, did_you_mean
from planner.formats.sdtm import datasets
from planner.formats.sdtm.dates import Dtc, read_dtc
from planner.formats.sdtm.visit_names import VisitNames, as_id, plain_name
from planner.limits import MAX_PARTICIPANTS, too_many
from planner.protocol.field_types import quoted
from planner.protocol.model import Protocol
from planner.timeline.participant import check_code, telling
from planner.timeline.record import Actual, Moment, Record

MAX_VISITS = 5_000
"""So many visits one subject can have; more are a mistake."""
_TEXTS = ("USUBJID", "VISIT", "SVSTDTC", "SVENDTC", "SVUPDES", "SVOCCUR", "SVREASOC", "SVPRESP")
_NUMBERS = ("VISITNUM", "VISITDY")
_DIGITS_ALONE = re.compile(r"[0-9]{1,6}(?:[-.][0-9]{1,6}){2,}")


class Demographics(NamedTuple):
    """What DM says of one subject: reference start (RFSTDTC) as a date and as written, and arm.

    ``start`` is ``None`` where no whole date is given. ``arm`` is the protocol's, ``None`` where
    there is none of that name; ``arm_name`` is DM's own.
    """

    start: date | None
    written: str
    arm: str | None
    arm_name: str


class SubjectRecord(NamedTuple):
    """One subject's record, and its USUBJID as the dataset has it.

    ``baseline`` is the date that days count from, by the visit or else by RFSTDTC. ``left_out`` are
    sentences about what the datasets say of the subject and the record does not.
    """

    usubjid: str
    record: Record
    baseline: date | None
    left_out: tuple[str, ...] = ()


class _Row(NamedTuple):
    """One row of SV, read."""

    row: int
    number: float | None
    name: str
    planned_day: float | None
    start: Dtc
    end: Dtc
    unplanned: bool
    occurred: str
    reason: str

    @property
    def shown(self) -> str:
        """What the dataset calls the visit."""
        return self.name[:80] or ("" if self.number is None else f"VISITNUM {self.number:g}")


class SubjectVisits:
    """The subjects of an SV dataset, streamed: no more is held than subjects not yet complete.

    ``tally`` and ``planned_days`` (VISITDY by the protocol's visit) are complete when all subjects
    have been read.
    """

    def __init__(
        self,
        path: str,
        *,
        names: VisitNames | None = None,
        protocol_id: str | None = None,
        people: Mapping[str, Demographics] | None = None,
        only: str | None = None,
    ) -> None:
        """Opens the dataset and finds out where each subject's last row is.

        Args:
            path: an XPT, Dataset-JSON or NDJSON file.
            names: the protocol's visits; ids are made from the dataset's names without them.
            protocol_id: what the records say they were written for.
            people: what DM says of the subjects.
            only: one subject, by USUBJID or code.

        Raises:
            PlannerError: it cannot be read, or no such subject is in it.
        """
        self.path = path
        self.tally = ImportTally()
        self.planned_days: dict[str, int] = {}
        self._names = names
        self._protocol_id = protocol_id
        self._people = people
        self._dataset = datasets.open_dataset(path, "SV", ("USUBJID", "SVSTDTC"))
        if not {"VISITNUM", "VISIT"} & set(self._dataset.columns):
            raise PlannerError(f"{path}: no SV dataset: neither `VISITNUM` nor `VISIT` is there")
        self._columns = _TEXTS + _NUMBERS
        self._says_planned = "SVPRESP" in self._dataset.columns
        self._whole = only is None
        self._last, self._codes = self._find()
        if only is not None:
            self._last = self._only(only)

    def __len__(self) -> int:
        return len(self._last)

    def _find(self) -> tuple[dict[str, int], dict[str, str]]:
        """The last row of each subject, and its code; so a bad id is told before all else."""
        last: dict[str, int] = {}
        codes: dict[str, str] = {}
        owners: dict[str, str] = {}
        for row, (cell,) in datasets.rows(self._dataset, ("USUBJID",)):
            if isinstance(cell, str) and cell in last:
                last[cell] = row
                continue
            try:
                subject = datasets.text(cell, "USUBJID")
                if not subject:
                    raise PlannerError("`USUBJID` is empty")
                if subject not in last:
                    if len(last) >= MAX_PARTICIPANTS:
                        raise PlannerError(too_many(MAX_PARTICIPANTS, "subjects"))
                    codes[subject] = code_of(subject)
                    other = owners.setdefault(codes[subject].casefold(), subject)
                    if other != subject:
                        raise PlannerError(f"`{subject}` and `{other}` would have the same code")
            except PlannerError as error:
                raise PlannerError(f"{self.path}: row {row}: {error}") from None
            last[subject] = row
        if not last:
            raise PlannerError(f"{self.path}: the dataset is empty")
        return last, codes

    def _only(self, wanted: str) -> dict[str, int]:
        for subject, code in self._codes.items():
            if wanted in (subject, code):
                return {subject: self._last[subject]}
        hint = did_you_mean(wanted, self._last, before="; ")
        raise PlannerError(f"{self.path}: there is no subject `{wanted[:40]}`{hint}")

    def subjects(self) -> Iterator[SubjectRecord]:
        """Each subject as soon as its last row has been read.

        Raises:
            PlannerError: a cell cannot be read, or an id cannot stand for a participant; with the
                row.
        """
        self.tally = ImportTally()
        waiting: dict[str, list[_Row]] = {}
        for row, cells in datasets.rows(self._dataset, self._columns):
            try:
                subject, sv_row = self._row(row, cells)
                if subject not in self._last:
                    continue
                rows = waiting.setdefault(subject, [])
                rows.append(sv_row)
                if len(rows) > MAX_VISITS:
                    raise PlannerError(f"more than {MAX_VISITS:,} visits of one subject")
                if self._last[subject] == row:
                    subject_record = self._subject(subject, waiting.pop(subject))
                else:
                    continue
            except PlannerError as error:
                raise PlannerError(f"{self.path}: row {row}: {error}") from None
            yield subject_record
        for name in self._people or () if self._whole else ():
            if name not in self._last:
                self.tally.add("no visits", name)

    def _row(self, row: int, cells: tuple[object, ...]) -> tuple[str, _Row]:
        subject, name, start, end, unplanned, occurred, reason, prescribed = (
            datasets.text(cell, column) for cell, column in zip(cells, _TEXTS, strict=False)
        )
        number, planned_day = (
            datasets.number(cell, column)
            for cell, column in zip(cells[len(_TEXTS) :], _NUMBERS, strict=True)
        )
        is_unplanned = (
            bool(unplanned)
            or "unscheduled" in name.casefold()
            or "unplanned" in name.casefold()
            or (self._says_planned and not prescribed)
        )
        return subject, _Row(
            row,
            number,
            name,
            planned_day,
            read_dtc(start),
            read_dtc(end),
            is_unplanned,
            occurred.upper(),
            reason or unplanned,
        )

    def _subject(self, subject: str, rows: list[_Row]) -> SubjectRecord:
        tally, code = self.tally, self._codes[subject]
        if code != subject:
            tally.add("code", subject)
        if telling(code) is not None:
            tally.add("telling", code)
        tally.subjects += 1
        tally.visits += len(rows)
        visits: list[Actual] = []
        seen: dict[str, int] = {}
        left_out = [f"USUBJID is {quoted(subject)}"] if code != subject else []
        for row in rows:
            actual = self._actual(row)
            if actual is None:
                left_out.append(_left_out(row))
                continue
            visits.append(actual)
            if actual.visit in seen:
                kind = "beside" if actual.status == "unscheduled" else "again"
                tally.add(kind, f"row {row.row}")
            seen[actual.visit] = len(visits) - 1
        says: dict[str, Any] = {"participant": code}
        if self._protocol_id is not None:
            says["protocol"] = self._protocol_id
        person = self._person(subject, code)
        if person is not None and person.arm is not None:
            says["arm"] = person.arm
        elif person is not None and person.arm_name and self._names is not None:
            left_out.append("the protocol does not have the arm of DM")
        if person is not None and person.start is not None:
            says["start"] = person.start
        baseline = self._baseline(code, visits, seen, person)
        record = Record(**says, visits=tuple(visits))
        return SubjectRecord(subject, record, baseline, tuple(left_out))

    def _person(self, subject: str, code: str) -> Demographics | None:
        if self._people is None:
            return None
        person = self._people.get(subject)
        if person is None:
            self.tally.add("not in DM", code)
        elif person.arm is None and self._names is not None and person.start is not None:
            self.tally.add("arm", person.arm_name[:40])
        return person

    def _baseline(
        self, code: str, visits: list[Actual], seen: dict[str, int], person: Demographics | None
    ) -> date | None:
        """The date that days count from, and what about it should be told."""
        at = None if self._names is None else seen.get(self._names.anchor)
        visit = None
        if at is not None and visits[at].status == "occurred":
            moment = visits[at].start
            visit = None if moment is None else moment.day
        start = None if person is None else person.start
        if visit is None and start is None:
            if self._names is not None or person is not None:
                self.tally.add("no baseline", code)
        elif visit is None and self._names is not None:
            self.tally.add("reference", code)
        elif visit is not None and start is not None and visit != start:
            self.tally.add("baseline differs", code)
        return visit or start

    def _actual(self, row: _Row) -> Actual | None:
        """What a row says of a visit; ``None`` where the record has no place for it."""
        visit = None if self._names is None else self._names.find(row.number, row.name)
        notes: list[str] = []
        is_odd = row.number is not None and row.number % 1 != 0 and row.planned_day is None
        if row.unplanned or (visit is None and is_odd):
            status = "unscheduled"
            self.tally.add("unscheduled")
        elif visit is None and self._names is not None:
            status = "unscheduled"
            self.tally.add("foreign", row.shown)
            notes.append(f"no visit of the protocol: {row.shown}")
        else:
            status = "occurred"
        if status == "unscheduled" or visit is None:
            visit = self._made_up(row, status == "unscheduled")
        elif row.planned_day is not None:
            day = int(row.planned_day)
            if self.planned_days.setdefault(visit, day) != day:
                self.tally.add("day differs", f"row {row.row}")
        start = row.start.moment
        did_not_occur = row.occurred == "N"
        if status == "unscheduled" and (start is None or did_not_occur):
            self.tally.add("left out", f"row {row.row}")
            return None
        if did_not_occur:
            self.tally.add("did not occur", f"row {row.row}")
            status = "missed"
        if start is None and status == "occurred":
            self.tally.add("partial", f"row {row.row}")
            status = "planned"
            notes.append(
                f"took place, the date is only known as {row.start.left[:40]}"
                if row.start.left
                else "no date is recorded"
            )
        elif row.start.left:
            notes.append(f"start as written: {row.start.left[:40]}")
        end = self._end(row, start, notes)
        says: dict[str, Any] = {"visit": visit, "status": status}
        if start is not None:
            says["start"] = start
        if end is not None:
            says["end"] = end
        if row.reason:
            says["reason"] = _cut(row.reason)
        if notes:
            says["note"] = "; ".join(notes)
        return Actual(**says)

    def _end(self, row: _Row, start: Moment | None, notes: list[str]) -> Moment | None:
        """The end where it says more than the start."""
        end = row.end.moment
        if end is None or start is None or end == start:
            if row.end.left and row.end.left != row.start.left:
                self.tally.add("end", f"row {row.row}")
                notes.append(f"end as written: {row.end.left[:40]}")
            return None
        is_same = end.day == start.day and end.offset == start.offset
        if is_same and end.minute is None:
            return None
        if end.day < start.day or (is_same and (end.minute or 0) < (start.minute or 0)):
            self.tally.add("end", f"row {row.row}")
            notes.append(f"end before the start: {end}")
            return None
        return end

    def _made_up(self, row: _Row, unscheduled: bool) -> str:
        """An id for a visit that no protocol names, and that is none of the protocol's."""
        name = as_id(row.name)
        if not name:
            number = "" if row.number is None else as_id(f"{row.number:g}")
            parts = ("unscheduled" if unscheduled else "visit", number)
            name = "-".join(part for part in parts if part)
        if self._names is not None and name in self._names.visits:
            name = f"unscheduled-{name}"[:60].strip("-")
        return name


def _left_out(row: _Row) -> str:
    """A row of which the record says nothing."""
    why = "did not take place" if row.occurred == "N" else "has no whole date"
    written = f", written {quoted(row.start.left)}" if row.start.left else ""
    reason = f" ({_cut(row.reason)})" if row.reason else ""
    return f"row {row.row} of SV: unplanned visit {quoted(row.shown)} {why}{written}{reason}"


def with_one_date(record: Record) -> Record:
    """The record with one date for each visit that took place, as a participant's file has it.

    The last row of a visit holds; those of other dates become unscheduled visits.
    """
    last = {actual.visit: actual.start for actual in record.visits if actual.status == "occurred"}
    visits = []
    for actual in record.visits:
        kept = last.get(actual.visit)
        if actual.status == "occurred" and actual.start and kept and actual.start.day != kept.day:
            note = f"`{actual.visit}` stands twice in the dataset, the last time on {kept.day}"
            changes = {
                "visit": f"unscheduled-{actual.visit}"[:60].strip("-"),
                "status": "unscheduled",
                "note": "; ".join(filter(None, (actual.note, note))),
            }
            actual = actual.model_copy(update=changes)
        visits.append(actual)
    return record.model_copy(update={"visits": tuple(visits)})


def code_of(subject: str) -> str:
    """The participant's code: the USUBJID, marked as a code where it is digits alone.

    Sites and numbers in digits (`01-701-1015`) could be a phone number to whoever reads the code
    elsewhere; `S-` before it says that it is none.

    Raises:
        PlannerError: it cannot stand for a participant.
    """
    digits = sum(letter.isdigit() for letter in subject)
    if digits >= 9 and _DIGITS_ALONE.fullmatch(subject) and not subject.startswith("00"):
        return check_code(f"S-{subject}")
    return check_code(subject)


def _cut(text: str) -> str:
    return text if len(text) <= 300 else text[:299] + "…"


_KINDS = {
    "unscheduled": ("unscheduled visit[|s]", "recorded as unscheduled visits"),
    "foreign": (
        "visit[|s] that the protocol does not have",
        "recorded as `unscheduled`; a file of {visits} can say which visits they are",
    ),
    "did not occur": ("visit[|s] that did not take place", "recorded as `missed`"),
    "partial": (
        "visit[|s] without a whole date",
        "recorded as `planned` with a note; no date is invented",
    ),
    "left out": (
        "unplanned visit[|s] that [has|have] no whole date or did not take place",
        "left out",
    ),
    "end": ("end[|s] that [is|are] partial or before the start", "kept as a note"),
    "again": ("visit[|s] that [its|their] subject has twice", "the last holds"),
    "beside": ("unscheduled visit[|s] whose name [its|their] subject has twice", "all are kept"),
    "day differs": ("visit[|s] with another VISITDY than before", "the first holds"),
    "no baseline": ("subject[|s] without a baseline", "no visit can be counted from it"),
    "reference": ("subject[|s] without a dated baseline visit", "RFSTDTC stands for it"),
    "baseline differs": (
        "subject[|s] whose baseline visit is not on RFSTDTC",
        "the visit holds",
    ),
    "not in DM": ("subject[|s] that DM does not have", "without arm and RFSTDTC"),
    "no visits": ("subject[|s] of DM without a visit", "left out"),
    "arm": (
        "subject[|s] in [an arm|arms] that the protocol does not have",
        "recorded without an arm",
    ),
    "code": (
        "subject[|s] whose [id|ids] could be taken for [a phone number|phone numbers]",
        "`S-` stands before it in the code",
    ),
    "telling": (
        "code[|s] that could identify [its participant|their participants]",
        "kept; codes such as `P0001` identify nobody",
    ),
}
"""What one `[or|several]` of a kind are called, and what became of them."""
_NUMBER = re.compile(r"\[(.*?)\|(.*?)\]")
_NAMED = 3
"""So many places are named of each kind."""


class ImportTally:
    """Counts by kind while an import goes on; complete once all subjects have been read.

    ``subjects`` and ``visits`` are how many were read in all.
    """

    def __init__(self) -> None:
        self.subjects = 0
        self.visits = 0
        self.counts: Counter[str] = Counter()
        self._places: dict[str, dict[str, None]] = {}

    def add(self, kind: str, place: str = "") -> None:
        """Counts one of a kind, and remembers where, for the first ones."""
        self.counts[kind] += 1
        places = self._places.setdefault(kind, {})
        if place and len(places) <= _NAMED:
            places[place] = None

    def sentences(self) -> list[str]:
        """One line for all, and one for each kind that was met."""
        read = _counted(self.subjects, "subject[|s]"), _counted(self.visits, "visit[|s]")
        lines = [", ".join(read)]
        for name, (words, then) in _KINDS.items():
            if self.counts[name]:
                places = list(self._places[name])
                named_places = [*places[:_NAMED], *(["..."] if len(places) > _NAMED else [])]
                where = f" ({', '.join(named_places)})" if named_places else ""
                then = then.replace("{visits}", argument("visits"))
                lines.append(f"{_counted(self.counts[name], words)}{where}: {then}")
        return lines


def _counted(count: int, words: str) -> str:
    return f"{count:,} {_NUMBER.sub(lambda match: match[1 if count == 1 else 2], words)}"


_COLUMNS = ("USUBJID", "RFSTDTC", "ARMCD", "ARM")


def read_demographics(path: str, protocol: Protocol | None = None) -> dict[str, Demographics]:
    """Reads a DM dataset; subjects by USUBJID.

    Args:
        path: an XPT, Dataset-JSON or NDJSON file.
        protocol: whose arms are looked for, by ARMCD or ARM; no arm is told without one.

    Raises:
        PlannerError: it cannot be read, or a subject stands twice; with the row.
    """
    dataset = datasets.open_dataset(path, "DM", ("USUBJID", "RFSTDTC"))
    arms = _arms(protocol)
    people: dict[str, Demographics] = {}
    for row, cells in datasets.rows(dataset, _COLUMNS):
        try:
            subject, written, code, name = (
                datasets.text(cell, column) for cell, column in zip(cells, _COLUMNS, strict=True)
            )
        except PlannerError as error:
            raise PlannerError(f"{path}: row {row}: {error}") from None
        if not subject:
            raise PlannerError(f"{path}: row {row}: `USUBJID` is empty")
        if subject in people:
            raise PlannerError(f"{path}: row {row}: subject `{subject[:40]}` stands twice")
        if len(people) >= MAX_PARTICIPANTS:
            raise PlannerError(f"{path}: {too_many(MAX_PARTICIPANTS, 'subjects')}")
        start = read_dtc(written)
        arm = arms.get(plain_name(code)) or arms.get(plain_name(name))
        people[subject] = Demographics(
            start.moment.day if start.moment else None, written, arm, name or code
        )
    return people


def _arms(protocol: Protocol | None) -> Mapping[str, str]:
    """The arms by id and by title, where only one arm has it."""
    titles: dict[str, set[str]] = {}
    arms = () if protocol is None else protocol.arms
    for arm in arms:
        titles.setdefault(plain_name(arm.title or arm.id), set()).add(arm.id)
    by_name = {title: next(iter(of)) for title, of in titles.items() if len(of) == 1 and title}
    return by_name | {arm.id: arm.id for arm in arms}
