"""A record read by two versions of its protocol: which of its lines mean which visits in each."""

from typing import NamedTuple

from planner.errors import PlannerError
from planner.protocol import difference_names
from planner.protocol.change import Difference
from planner.protocol.course import Course
from planner.timeline.history import occurrence_names, with_lines
from planner.timeline.participant_state import PlannerCache
from planner.timeline.record import Actual, RecordFile


class Matched(NamedTuple):
    """A record as each version can read it, and what nobody but a person can match.

    ``occurrences`` are the new ids of occurrences that seem to have only another one, by the old.
    """

    old: RecordFile
    new: RecordFile
    occurrences: dict[str, str]
    decisions: tuple[str, ...]


def match_record(
    file: RecordFile, old: PlannerCache, new: PlannerCache, difference: Difference
) -> Matched:
    """Matches the lines of a record by occurrence id.

    What seems only to have another id is planned as if it had, and told. What the new version
    lacks stands beside its plan if it took place, and is told, too.

    Args:
        file: the record, by the old version.
        old: courses of the version before the amendment.
        new: courses of the version after it.
        difference: from the old version to the new one.

    Raises:
        PlannerError: one of the versions has no such arm, or a line names a visit of neither.
    """
    arm = file.record.arm
    before, after = old.whole(arm), new.whole(arm)
    renamed = difference_names.occurrence_names(before, after, difference.renamed)
    earlier = {now: was for was, now in renamed.items()}
    known = {visit.id for visit in after.visits}
    names = _names(file, before)
    names_after = _names(file, after)
    version = new.protocol.version
    old_lines: list[Actual | None] = []
    new_lines: list[Actual | None] = []
    decisions = []
    for at, actual in enumerate(file.record.visits):
        was, own = names[at], names_after[at]
        if actual.status == "unscheduled":
            old_lines.append(actual)
            new_lines.append(actual)
            continue
        if was is None and own is None:
            occurrence_names(with_lines(file, [at]), before)  # says what is wrong with the line
        now = own if was is None else renamed.get(was, was)
        old_lines.append(_named(actual, earlier.get(own or "") if was is None else was))
        new_lines.append(_named(actual, now if now in known else None))
        if now != own:
            sentence = _decision(actual, was or actual.name, now if now in known else None, version)
            if was is not None and was == now and own is not None:
                # By a number or a title, which each version has for a visit of its own.
                sentence = (
                    f"`{actual.visit}` is `{was}`, and another visit, `{own}`, in version"
                    f" `{version}`: record it by its id"
                )
            decisions.append(f"line {file.line(at)}: {sentence}")
    return Matched(
        _with_lines(file, old_lines), _with_lines(file, new_lines), renamed, tuple(decisions)
    )


def _decision(actual: Actual, was: str, now: str | None, version: str) -> str:
    when = f" on {actual.start.day}" if actual.start is not None else ""
    happened = {
        "occurred": f"`{was}` took place{when}",
        "booked": f"`{was}` is booked{when}",
    }.get(actual.status, f"`{was}` is recorded as {actual.status}{when}")
    if now is not None:
        return (
            f"{happened}; version `{version}` seems to call it `{now}`: if it is the same visit,"
            " record it by that id"
        )
    if actual.status == "occurred":
        return (
            f"{happened}, and version `{version}` has no such visit: record it as `unscheduled`, or"
            " by the id of the visit that it counts as"
        )
    if actual.status == "booked":
        return (
            f"{happened}, and version `{version}` has no such visit: cancel the appointment and"
            " take the line out"
        )
    return f"{happened}, and version `{version}` has no such visit: take the line out"


def _names(file: RecordFile, course: Course) -> list[str | None]:
    """The occurrence that each line means in a version; ``None`` where it means none."""
    try:
        return list(occurrence_names(file, course))
    except PlannerError:
        names: list[str | None] = []
        for at in range(len(file.record.visits)):
            try:
                names += occurrence_names(with_lines(file, [at]), course)
            except PlannerError:
                names.append(None)
        return names


def _named(actual: Actual, name: str | None) -> Actual | None:
    """A line by the full id of its occurrence; what has none stands beside the plan."""
    if name is not None:
        return actual.model_copy(update={"visit": name, "occurrence": None})
    return actual.model_copy(update={"status": "unscheduled"}) if _took_place(actual) else None


def _took_place(actual: Actual) -> bool:
    return actual.status in ("occurred", "failed")


def _with_lines(file: RecordFile, lines: list[Actual | None]) -> RecordFile:
    """The record with these lines in place of its own, by whatever version it is read."""
    kept = [(line, file.line(at)) for at, line in enumerate(lines) if line is not None]
    update = {"visits": tuple(line for line, _ in kept), "versions": ()}
    return file._replace(
        record=file.record.model_copy(update=update), lines=tuple(number for _, number in kept)
    )
