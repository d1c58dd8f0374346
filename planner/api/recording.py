"""Changes of participants' records: each is answered first, and written when it is confirmed."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import PlannerError, argument

if TYPE_CHECKING:
    from planner.api.inputs import (
        DateSource,
        MomentSource,
        ProtocolSource,
        SiteSource,
        StrPath,
    )
    from planner.store import NewEvent
    from planner.timeline.enrolment import Enrolments
    from planner.timeline.participant_state import PlannerCache
    from planner.timeline.record import Record, RecordFile
    from planner.timeline.whatif import WhatIf

STATUSES = ("occurred", "missed", "cancelled", "booked")
"""What can become of a visit."""
_KINDS = {"occurred": "occur", "missed": "miss", "cancelled": "cancel", "booked": "book"}


class ProposedChange(NamedTuple):
    """A change of records that is not written yet: `write_change` does that.

    Attributes:
        places: the store, or the folders and files, of the records.
        events: the records as they are to be, with the versions that were read.
        answer: what the change does to the plan; to be looked at before it is written.
    """

    places: tuple[str, ...]
    events: "tuple[NewEvent, ...]"
    answer: "WhatIf | Enrolments"


def record_visit(
    records: "StrPath | Sequence[StrPath]",
    participant: str,
    visit: str,
    status: str,
    *,
    today: "DateSource",
    on: "MomentSource | None" = None,
    until: "MomentSource | None" = None,
    reason: str | None = None,
    note: str | None = None,
    protocols: "Iterable[ProtocolSource]" = (),
    site: "SiteSource | None" = None,
    anyway: bool = False,
) -> ProposedChange:
    """What recording a visit changes in a participant's plan; nothing is written yet.

    Args:
        records: a store, or folders and files of records.
        participant: the code.
        visit: by id, number or title.
        status: ``occurred``, ``missed``, ``cancelled`` or ``booked``.
        today: nothing took place after it, and no appointment is made before it.
        on: when it took place, is booked, or was due, with its local time where that is known; the
            appointment's own date when ``None``.
        until: when it was over.
        reason: why; needed where a booked or past visit changes.
        note: a remark.
        protocols: those that records name and the library does not have.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.

    Raises:
        PlannerError: there is no such participant or visit; a date or the reason is missing, or a
            date is on the wrong side of ``today``.
    """
    from planner.api.inputs import date_of, moment_of, one_of, text_of
    from planner.timeline.whatif import WhatIfStep, what_if

    now = date_of(today, "today")
    reason = _given(reason)
    kind = _KINDS[one_of(status, STATUSES, argument("status"))]
    places = record_places(records)
    stored, file = _record(places, participant)
    step = WhatIfStep(
        kind,  # type: ignore[arg-type]
        text_of(visit, "visit", "a visit"),
        None if on is None else moment_of(on, argument("on")),
        None if until is None else moment_of(until, argument("until")),
        reason,
        note,
    )
    courses = _courses(file, protocols, site, now, anyway=anyway)
    answer = what_if(courses, file, [step], today=now, recording=True)
    written = "booked" if kind == "book" else "recorded"
    return _proposed(places, stored, file.record, answer, written, reason)


def withdraw(
    records: "StrPath | Sequence[StrPath]",
    participant: str,
    *,
    on: "DateSource",
    reason: str,
    today: "DateSource",
    protocols: "Iterable[ProtocolSource]" = (),
    site: "SiteSource | None" = None,
    anyway: bool = False,
) -> ProposedChange:
    """What the withdrawal of a participant changes in the plan; nothing is written yet.

    Visits from then on are called off but for those of early termination.

    Args:
        records: a store, or folders and files of records.
        participant: the code.
        on: the date of the withdrawal, not after ``today``.
        reason: why; a store keeps it in its trail.
        today: the date from which what remains is planned.
        protocols, site, anyway: as `record_visit` takes them.

    Raises:
        PlannerError: there is no such participant, who may have withdrawn already, or the date is
            after ``today``.
    """
    from planner.api.inputs import date_of
    from planner.timeline.whatif import what_if_recorded

    now, day = date_of(today, "today"), date_of(on, "on")
    if day > now:
        raise PlannerError(f"{argument('on')}: {day} is after {argument('today')} {now}")
    if not reason.strip():
        raise PlannerError(f"{argument('reason')}: a withdrawal needs a reason")
    places = record_places(records)
    stored, file = _record(places, participant)
    if file.record.withdrawn == day:
        raise PlannerError(f"{participant}: has withdrawn on {day} already")
    record = file.record.model_copy(update={"withdrawn": day})
    courses = _courses(file, protocols, site, now, anyway=anyway)
    answer = what_if_recorded(courses, file, record, today=now)
    return _proposed(places, stored, file.record, answer, "withdrawn", reason)


def apply_answer(
    records: "StrPath | Sequence[StrPath]",
    before: "Record",
    answer: "WhatIf",
    *,
    reason: str | None = None,
) -> ProposedChange:
    """What `whatif` has answered, as a change that `write_change` writes.

    Args:
        records: the store or the files that the record was read from.
        before: the record that was read.
        answer: what `whatif` gave for it.
        reason: why; needed where a booked visit changes.

    Raises:
        planner.store.StoreConflict: the record has changed since it was read.
        PlannerError: there is no such record, or a reason is missing.
    """
    from planner.store import StoreConflict

    places = record_places(records)
    version, file = _record(places, before.participant)
    if file.record != before:
        raise StoreConflict(
            f"{before.participant}: has changed since it was read; look at it and try again."
            " Nothing was changed"
        )
    return _proposed(places, version, before, answer, "changed", _given(reason))


def write_change(change: ProposedChange, *, who: str) -> "WhatIf | Enrolments":
    """Writes a proposed change into the records: all of it, or nothing.

    Args:
        change: as `record_visit` and the like give it.
        who: the code of the person who changes the records, for the trail of a store.

    Returns:
        The answer, which says what it has been written to.

    Raises:
        planner.store.StoreConflict: somebody else has changed a record since it was read.
        PlannerError: a file has no place for the change, or the disk or database refuses.
    """
    from planner.store import opened_place

    with opened_place(change.places) as place:
        place.append(change.events, who=who)
        return change.answer._replace(written=place.name)


def _proposed(
    places: tuple[str, ...],
    version: int,
    before: "Record",
    answer: "WhatIf",
    kind: str,
    reason: str | None,
) -> ProposedChange:
    """The change, unless it is of a booked or past visit and has no reason."""
    from planner.store import NewEvent
    from planner.timeline.record_changes import changes_between, plain, why_reason_needed

    why = why_reason_needed(changes_between(plain(before), plain(answer.record)))
    if why is not None and reason is None:
        raise PlannerError(
            f"{before.participant}: {why}, and a change of that needs a reason; give"
            f" {argument('reason')}"
        )
    return ProposedChange(places, (NewEvent(answer.record, version, kind, reason),), answer)


def record_places(records: "StrPath | Sequence[StrPath]") -> tuple[str, ...]:
    """The names of a place of records: one, or several."""
    from planner.api.inputs import path_text

    several = [records] if isinstance(records, str) or hasattr(records, "__fspath__") else records
    return tuple(path_text(each, "records") for each in several)


def _record(places: tuple[str, ...], participant: str) -> "tuple[int, RecordFile]":
    """The version of a participant's record, and the record with the place that messages name."""
    from planner.store import opened_place
    from planner.timeline.record import RecordFile

    with opened_place(places) as place:
        stored = place.record(participant)
        return stored.version, RecordFile(f"{place.name}:{participant}", stored.record, ())


def _courses(
    file: "RecordFile",
    protocols: "Iterable[ProtocolSource]",
    site: "SiteSource | None",
    today: "DateSource",
    *,
    anyway: bool,
) -> "PlannerCache":
    from planner.api.inputs import date_of
    from planner.api.prepared import prepared_calendar
    from planner.api.record_protocols import RecordProtocols

    known = RecordProtocols(protocols, prepared_calendar(site), anyway=anyway)
    return known.courses(file, date_of(today, "today"))


def _given(text: str | None) -> str | None:
    """A text without blanks at its ends; ``None`` where nothing is left."""
    return None if text is None else text.strip() or None
