"""New participants: whether their start works at the site, and their records."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import DateSource, ProtocolSource, SiteSource, StrPath
    from planner.api.record_protocols import RecordProtocols
    from planner.api.recording import ProposedChange
    from planner.site.calendar import SiteCalendar
    from planner.timeline.enrolment import Enrolment, NewParticipant
    from planner.timeline.participant_state import PlannerCache
    from planner.timeline.record import Record

NEAR = timedelta(days=28)
"""So many days before and after a start that does not work another one is looked for."""


def new_participant(
    code: str, start: date, *, arm: str | None = None, cohort: str | None = None
) -> "NewParticipant":
    """Somebody to be enrolled in the protocol that `enrol` is given."""
    from planner.timeline.enrolment import NewParticipant

    return NewParticipant(code, None, start, arm, cohort)


def enrol(
    records: "StrPath | Sequence[StrPath]",
    participants: "StrPath | Iterable[NewParticipant]",
    *,
    today: "DateSource",
    protocols: "Iterable[ProtocolSource]" = (),
    site: "SiteSource | None" = None,
    anyway: bool = False,
) -> "ProposedChange":
    """Whether new participants can start on the dates that are planned; nothing is written yet.

    Their records hold protocol, version, arm, cohort and start, and are written by `write_change`:
    all of them, or none. Where no plan keeps all windows from a start, ``answer.kept`` is false and
    the nearest dates that work are named.

    Args:
        records: a store, or a folder, which may be there later.
        participants: a list in CSV or a workbook with the columns participant, protocol, start, arm
            and cohort; or the people themselves.
        today: from when the protocol's version holds, or from an earlier start.
        protocols: that of those who name none, and those that the library does not have.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.

    Raises:
        PlannerError: a code could name somebody or is enrolled already, a protocol or an arm is
            unknown, or the list cannot be read.
    """
    from planner.api.inputs import date_of, path_text
    from planner.api.prepared import prepared_calendar
    from planner.api.record_protocols import RecordProtocols
    from planner.api.recording import ProposedChange, record_places
    from planner.store import NewEvent, opened_place
    from planner.timeline.enrolment import Enrolments, check_new, read_new_participants

    now = date_of(today, "today")
    if isinstance(participants, str) or hasattr(participants, "__fspath__"):
        people = read_new_participants(path_text(participants, "participants"))
    else:
        people = list(participants)
    places = record_places(records)
    with opened_place(places) as place:
        known = [stored.record.participant for stored in place.records()]
    calendar = prepared_calendar(site)
    given = RecordProtocols(protocols, calendar, anyway=anyway)
    enrolments, events = [], []
    for person in people:
        try:
            known.append(check_new(person.code, known))
            courses, record = _record(person, given, now)
            enrolments.append(_enrolment(record, courses, calendar, anyway=anyway))
        except PlannerError as error:
            where = f"{person.place}: " if person.place else ""
            raise PlannerError(f"{where}{error}") from None
        events.append(NewEvent(record, 0, "enrolled"))
    return ProposedChange(places, tuple(events), Enrolments(tuple(enrolments)))


def _record(
    person: "NewParticipant", protocols: "RecordProtocols", today: date
) -> "tuple[PlannerCache, Record]":
    from pydantic import ValidationError

    from planner.timeline.record import Record, RecordFile

    data: dict[str, object] = {"participant": person.code}
    if person.protocol is not None:
        data["protocol"] = person.protocol
    courses = protocols.courses(RecordFile(person.code, Record.model_validate(data), ()))
    protocol = courses.protocol
    holds = min(today, person.start)
    data |= {"protocol": protocol.id, "start": person.start.isoformat()}
    data["versions"] = [{"version": protocol.version, "from": holds.isoformat()}]
    data |= {
        name: value
        for name, value in (("arm", person.arm), ("cohort", person.cohort))
        if value is not None
    }
    try:
        return courses, Record.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise PlannerError(
            f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}"
        ) from None


def _enrolment(
    record: "Record", courses: "PlannerCache", site: "SiteCalendar", *, anyway: bool
) -> "Enrolment":
    from planner.api.plans import anchors
    from planner.timeline.enrolment import Enrolment, nearest

    start = record.start
    assert start is not None, "a record is made with a start"

    def judged(first: date, last: date) -> "list[tuple[date, bool, tuple[str, ...]]]":
        days = anchors(
            courses.protocol, first, last, site=site.site, arm=record.arm, anyway=anyway
        ).days
        return [(day.date, day.fits, day.reasons) for day in days]

    ((_, fits, reasons),) = judged(start, start)
    near = () if fits else nearest(
        [day for day, works, _ in judged(start - NEAR, start + NEAR) if works], start
    )  # fmt: skip
    return Enrolment(
        record.participant,
        courses.protocol.id,
        courses.protocol.version,
        record.arm,
        start,
        fits,
        reasons,
        near,
    )
