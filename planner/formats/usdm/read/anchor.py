"""Which visit study days count from, and what the fixed references of a timeline say."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from planner.formats.usdm.distances import DurationError, read_duration
from planner.formats.usdm.model import ScheduleTimeline, StudyTiming
from planner.formats.usdm.read.chain import ChainVisit, instance_name
from planner.formats.usdm.read.import_log import ImportLog
from planner.formats.usdm.read.timings import TimingKind, timing_kind, timing_name
from planner.protocol.field_types import quoted


class Timed(NamedTuple):
    """The timings of a timeline by the instance that they time, and which instance is its zero.

    ``fixed`` are the instances with a fixed reference, ``anchor`` the one among them that the
    timings mostly count from.
    """

    rules: dict[str, list[tuple[StudyTiming, TimingKind | None]]]
    fixed: tuple[str, ...]
    anchor: str


def timed(
    account: ImportLog,
    timeline: ScheduleTimeline,
    stops: list[ChainVisit],
    held: Mapping[str, object],
) -> Timed:
    """Sorts the timings of a timeline; those that time nothing in it are told.

    Args:
        account: takes the remarks.
        timeline: with at least one stop.
        stops: the visits met on the way through it.
        held: all instances of the timeline by id, decisions and those not reached among them.
    """
    reached = {stop.instance.id for stop in stops}
    rules: dict[str, list[tuple[StudyTiming, TimingKind | None]]] = {}
    fixed: dict[str, StudyTiming] = {}
    counted: Counter[str] = Counter()
    for timing in timeline.timings:
        kind = timing_kind(timing)
        if kind is None and timing.from_id is not None and timing.from_id == timing.to_id:
            kind = "fixed"
        where = (*timing.path, "relativeFromScheduledInstanceId")
        if timing.from_id is None or timing.from_id not in held:
            named = "none" if timing.from_id is None else quoted(timing.from_id)
            account.left_out(
                f"{timing_name(timing)} times an instance that its timeline does not hold, {named};"
                " it is left out",
                timing.path if timing.from_id is None else where,
            )
        elif timing.from_id not in reached:
            account.left_out(
                f"{timing_name(timing)} times an instance that is no visit here (a decision, or"
                " one that is not reached); it is left out",
                where,
            )
        elif kind == "fixed":
            if timing.from_id in fixed:
                account.mistake(
                    f"{timing_name(timing)} fixes an instance that is fixed already; it is left"
                    " out",
                    timing.path,
                )
            fixed.setdefault(timing.from_id, timing)
        else:
            rules.setdefault(timing.from_id, []).append((timing, kind))
            if timing.to_id is not None and timing.to_id in reached:
                counted[timing.to_id] += 1
    for timing in fixed.values():
        _tell_value(account, timing)
    anchor = _anchor(account, timeline, stops, tuple(fixed), counted)
    return Timed(rules, tuple(fixed), anchor)


def _tell_value(account: ImportLog, timing: StudyTiming) -> None:
    if timing.value is not None:
        where = (*timing.path, "value")
        try:
            value = read_duration(timing.value)
        except DurationError as error:
            account.mistake(
                f"{timing_name(timing)}: value {quoted(timing.value)} {error}; the anchor is read"
                " as fixed without it",
                where,
            )
        else:
            if not value.is_zero:
                account.reading(
                    f"{timing_name(timing)}: the value {quoted(timing.value)} of a fixed reference"
                    " is read as the name of its day, and moves nothing; not as moving it and all"
                    " that counts from it",
                    where,
                )
    if timing.to_id is not None and timing.to_id != timing.from_id:
        account.reading(
            f"{timing_name(timing)} is a fixed reference with another instance as its reference;"
            " read as fixing the instance that it times, the other one is not used",
            (*timing.path, "relativeToScheduledInstanceId"),
        )


def _anchor(
    account: ImportLog,
    timeline: ScheduleTimeline,
    stops: list[ChainVisit],
    fixed: tuple[str, ...],
    counted: Counter[str],
) -> str:
    by_id = {stop.instance.id: stop.instance for stop in stops}
    if fixed:
        # Ties go to the one listed first.
        anchor = max(fixed, key=lambda instance_id: counted[instance_id])
        if len(fixed) > 1:
            others = ", ".join(
                instance_name(by_id[instance_id]) for instance_id in fixed if instance_id != anchor
            )
            account.reading(
                f"{len(fixed)} instances are fixed references; study days are read as counting from"
                f" {instance_name(by_id[anchor])}, not from {others}",
                timeline.path,
            )
        return anchor
    most = max(by_id, key=lambda instance_id: counted[instance_id])
    if len(by_id) > 1 or timeline.timings:
        account.reading(
            f"no timing is a fixed reference; study days are read as counting from"
            f" {instance_name(by_id[most])}, "
            + ("which most timings count from" if counted[most] else "which comes first"),
            timeline.path,
        )
    return most
