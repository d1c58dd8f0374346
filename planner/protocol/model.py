"""The protocol file as a frozen model: one version of one study's schedule, as written."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from planner.protocol.between_participants import BetweenParticipants
from planner.protocol.evidence import Entry, Notice, Source, Stated
from planner.protocol.field_types import quoted
from planner.protocol.fields import (
    ONE_OR_MANY,
    Coerce,
    DateText,
    DistanceText,
    DurationText,
    EpochKind,
    Id,
    Line,
    OrderWord,
    ReferenceText,
    TextField,
    TimeText,
    TrackKind,
    VisitKind,
    VisitLengthText,
    Weekday,
    WholeNumber,
    WindowText,
    YesNo,
)
from planner.protocol.reminder import Reminder
from planner.protocol.visit import Visit, VisitDifference, check_grids
from planner.time.date import format_time
from planner.time.distance import CalendarDistance, Tolerance

if TYPE_CHECKING:
    from planner.protocol.conditions import Condition

FORMAT = 1
"""The version of the file format that this planner reads."""

DesignWord = Literal[
    "open-label",
    "single-blind",
    "double-blind",
    "triple-blind",
    "quadruple-blind",
    "single-group",
    "parallel",
    "crossover",
    "wait-list",
]
BLINDED_DESIGNS = ("single-blind", "double-blind", "triple-blind", "quadruple-blind")
PLANS_ARE_SEEN_BY = ("participant", "therapist", "investigator", "site")
"""Blinded parties before whose eyes the plans of two arms have to look alike."""
RUN_SHEETS_ARE_SEEN_BY = ("therapist", "rater", "investigator", "site")
"""Blinded parties before whose eyes the run sheets of two arms have to look alike."""
BlindedParty = Literal[
    "participant", "therapist", "rater", "investigator", "site", "sponsor", "analyst"
]


class Arm(Stated):
    """What a participant is allocated to."""

    id: Id = Field(description="Unique among the arms.")
    title: Line | None = Field(default=None, description="Name of the arm.")
    label: Line | None = Field(
        default=None,
        description="What the arm receives, in the publication's own words; never computed.",
    )
    periods: tuple[Line, ...] = Field(
        default=(), description="In a crossover: the label of each period."
    )


class Role(Stated):
    """A role that staff have in the study."""

    title: Line | None = Field(default=None, description="Title.")
    count: Annotated[int, WholeNumber(1, 99)] = Field(
        default=1, description="How many are present at a visit."
    )
    continuity: Literal["participant", "none"] = Field(
        default="none",
        description="`participant`: the same people throughout one participant's course.",
    )
    blinded: YesNo = Field(default=False, description="Blinded: does not know the arm.")
    never_with: tuple[VisitKind, ...] = Field(
        default=(), description="Kinds of visits at which this role is never present."
    )


class Activity(Stated):
    """What is done at visits: an instrument, a measurement, a procedure."""

    title: Line | None = Field(default=None, description="Title.")
    by: Id | None = Field(default=None, description="The role that performs it.")
    endpoint: Literal["primary", "secondary"] | None = Field(
        default=None, description="Whether it is an endpoint of the study."
    )
    footnotes: tuple[Id, ...] = Field(default=(), description="Keys of footnotes.")


class Break(Stated):
    """A suspended stretch between two cycles."""

    after: Annotated[int, WholeNumber(1, 2000)] = Field(
        description="The cycle after which it falls."
    )
    length: DistanceText = Field(description="By how much the next cycle moves, as in `2w`.")

    @model_validator(mode="after")
    def _moves_later(self) -> "Break":
        if not isinstance(self.length, CalendarDistance) or self.length.day_span[0] < 1:
            raise ValueError("`length:` is a positive number of days, weeks or months, as in `2w`")
        return self


def _number_or_by_arm(value: Any) -> str:
    return "(by arm)" if isinstance(value, Mapping) else "(number)"


class Cycle(Stated):
    """A block of visits that repeats."""

    times: Annotated[
        Annotated[int, WholeNumber(1, 2000), Tag("(number)")]
        | Annotated[dict[Id, Annotated[int, WholeNumber(0, 2000)]], Tag("(by arm)")],
        Discriminator(_number_or_by_arm),
    ] = Field(default=1, description="How often, for all arms or by arm.")
    until: Id | None = Field(default=None, description="The decision that ends it.")
    at_most: Annotated[int, WholeNumber(1, 2000)] | None = Field(
        default=None, description="With `until`: the most cycles there can be."
    )
    breaks: tuple[Break, ...] = Field(default=(), description="Suspended weeks.")

    @model_validator(mode="after")
    def _breaks_once(self) -> "Cycle":
        places = [pause.after for pause in self.breaks]
        for place in places:
            if places.count(place) > 1:
                raise ValueError(f"two breaks stand after cycle {place}; join them into one")
        return self

    @property
    def most(self) -> int:
        """The most cycles there can be in any arm."""
        if self.until is not None:
            return self.at_most or 1
        return self.times if isinstance(self.times, int) else max(self.times.values(), default=1)


class Epoch(Stated):
    """A phase of the study and the visits in it, in the order of the schedule."""

    id: Id = Field(description="Unique among the epochs.")
    title: Line | None = Field(default=None, description="Title.")
    kind: EpochKind | None = Field(
        default=None, description="Kind of epoch; taken from the id when absent."
    )
    cycle: Cycle | None = Field(default=None, description="The epoch's visits repeat.")
    weekdays: Annotated[tuple[Weekday, ...], ONE_OR_MANY] = Field(
        default=(),
        description="Allowed weekdays for visits of the epoch that do not state their own;"
        " all when empty.",
    )
    order: OrderWord | None = Field(
        default=None,
        description="`listed`: the epoch's visits take place in the order in which they are"
        " listed; `any`: they have no place in the order of the protocol.",
    )
    arms: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Arms that have this epoch; all when empty."
    )
    visits: tuple[Visit, ...] = Field(description="The visits of this epoch.")

    @model_validator(mode="after")
    def _grids_go_somewhere(self) -> "Epoch":
        cycle = self.cycle
        for visit in self.visits:
            holders: tuple[Visit | VisitDifference, ...] = (visit, *visit.by_arm.values())
            for holder in holders:
                check_grids(visit, holder, None if cycle is None else cycle.most)
        return self

    @model_validator(mode="after")
    def _breaks_move_days(self) -> "Epoch":
        if self.cycle is not None and self.cycle.breaks:
            for visit in self.visits:
                timings = [*visit.next]
                for difference in visit.by_arm.values():
                    timings += difference.next or ()
                if any(timing.is_clock for timing in timings):
                    raise ValueError(
                        f"`next` of `{visit.id}` is in clock time, which `breaks:` cannot move"
                    )
                if any(timing.every is not None for timing in timings):
                    raise ValueError(
                        f"`next` of `{visit.id}` is on a grid, which `breaks:` cannot move"
                    )
        return self


class Constraint(Stated):
    """A rule between two visits beyond the timings that define them."""

    id: Id | None = Field(default=None, description="A name for messages.")
    start: ReferenceText = Field(alias="from", description="The reference.")
    end: ReferenceText = Field(
        alias="to", description="The later visit, at this distance from the other one."
    )
    within: WindowText = Field(description="Allowed distances, both ends included.")
    arms: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Arms the rule holds for; all when empty."
    )

    @model_validator(mode="after")
    def _has_no_target(self) -> "Constraint":
        if isinstance(self.within, Tolerance):
            raise ValueError("a constraint has no target; write both ends, as in `3d..14d`")
        return self


def _one_day() -> CalendarDistance:
    return CalendarDistance(0, 1)


class Track(Stated):
    """Something that repeats beside the visits, such as a daily diary: one entry, not many."""

    id: Id = Field(description="Unique among the tracks.")
    title: Line | None = Field(default=None, description="Title.")
    kind: TrackKind = Field(default="diary", description="What is done.")
    start: ReferenceText = Field(alias="from", description="The visit it starts with.")
    offset: DistanceText = Field(
        default_factory=lambda: CalendarDistance(0, 0),
        description="Calendar distance from that visit to the first occurrence.",
    )
    every: DistanceText = Field(default_factory=_one_day, description="Step in calendar days.")
    times: Annotated[int, WholeNumber(1, 5000)] | None = Field(
        default=None,
        description="How often: on how many days, where it has several times of day.",
    )
    until: ReferenceText | None = Field(
        default=None, description="The visit it ends with, included."
    )
    at: Annotated[tuple[TimeText, ...], ONE_OR_MANY] = Field(
        default=(), description="Time of day, or several: it is done at each of them."
    )
    duration: DurationText | None = Field(default=None, description="How long it takes.")
    arms: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Arms that have it."
    )

    @property
    def entries(self) -> tuple[tuple[str, int | None], ...]:
        """An id and a time of day (``None`` where none is written) for each entry of a day.

        The first has the track's own id, the next ones have their number behind it.
        """
        times: tuple[int | None, ...] = self.at or (None,)
        return tuple(
            (self.id if number == 1 else f"{self.id}-{number}", minute)
            for number, minute in enumerate(times, start=1)
        )

    @model_validator(mode="after")
    def _has_an_end(self) -> "Track":
        if (self.times is None) == (self.until is None):
            raise ValueError("a track ends by `times:` or by `until:`, one of the two")
        for name, distance in (("every", self.every), ("offset", self.offset)):
            if not isinstance(distance, CalendarDistance) or not distance.is_fixed:
                raise ValueError(f"`{name}:` counts days or weeks, as in `1d`")
        if isinstance(self.every, CalendarDistance) and self.every.days < 1:
            raise ValueError("`every:` is at least `1d`")
        if list(self.at) != sorted(set(self.at)):
            raise ValueError("the times of `at:` stand once each, the earliest first")
        return self


def _read_condition(value: object) -> "Condition":
    from planner.protocol.conditions import Condition, parse_condition

    if isinstance(value, Condition):
        return value
    if not isinstance(value, str):
        raise ValueError(f"a condition such as `not remission` is expected, found {quoted(value)}")
    return parse_condition(value)


ConditionText = Annotated[
    Any,
    TextField(
        _read_condition,
        "a condition on recorded facts",
        "unblinded and arm == active",
        "not remission",
        "score >= 10 or response in (none, partial)",
    ),
]
"""A `planner.protocol.conditions.Condition`, which only files that have one need to load."""


class Decision(Stated):
    """A point where the path depends on a fact that is not known in advance."""

    title: Line | None = Field(default=None, description="What is decided.")
    condition: str | None = Field(
        default=None, description="The condition, in the protocol's words."
    )
    expression: ConditionText | None = Field(
        default=None,
        description="The condition on recorded facts: comparisons, `in (...)`, and, or, not.",
    )


class Gate(Stated):
    """Something that must be true before a visit may take place."""

    title: Line = Field(description="What must be passed.")


class Disagreement(Entry):
    """What several sources say differently about one thing, and whom this file follows."""

    about: Id = Field(
        description="The visit, arm, role, activity or track it is about; or the protocol's own id."
    )
    what: Line = Field(description="The quantity, such as `duration` or `day of the session`.")
    readings: Annotated[dict[Id, Line], Field(min_length=2)] = Field(
        description="What each source says, by its key, in its own words."
    )
    follows: Id | None = Field(
        default=None, description="The source that this file follows; none of them when absent."
    )
    note: str | None = Field(default=None, description="Why, and what speaks for the other.")


class Ignored(Entry):
    """A finding that the file's author has seen and accepts."""

    rule: Id = Field(description="Id of the check.")
    at: Line | None = Field(default=None, description="Only where the finding is about this id.")
    reason: Line = Field(description="Why it is accepted.")


class Conventions(Entry):
    """How this protocol means what it does not say at each visit."""

    visit_time: TimeText = Field(
        default=9 * 60, description="Time of day preferred for visits without `at`."
    )
    leave_time: TimeText = Field(
        default=9 * 60, description="Time of leaving after a night, without `until`."
    )
    visit_length: VisitLengthText | None = Field(
        default=None,
        description="Assumed duration of visits without `duration`; that of the site file"
        " when absent. Visits of one day are kept so far apart and calendars show it, marked as"
        " assumed.",
    )
    target_without_window: Literal["exact", "preferred"] = Field(
        default="exact",
        description="A target without a window is exact (that day only), or preferred (other"
        " days are allowed).",
    )
    weights: dict[VisitKind, Annotated[int, WholeNumber(1, 1000)]] = Field(
        default={},
        description="Weight of a day off target in planning, by kind of visit; 1 when absent.",
    )


def _spelled_format(value: Any) -> Any:
    if value is True:
        raise ValueError("a number is expected, found `true`")  # which Python takes for 1
    if not isinstance(value, str) or not re.fullmatch("[0-9]+", value):
        return value
    if len(value) > 9 or int(value) > FORMAT:
        raise ValueError(
            f"this file says format {value[:9]}, this planner reads format {FORMAT};"
            " a newer planner is needed"
        )
    return int(value)


class Protocol(Stated):
    """One version of one study's schedule, as written."""

    format: Annotated[Literal[1], Coerce(_spelled_format)] = Field(
        description="Version of this file format."
    )
    id: Id = Field(description="Short name, used to find it in the library.")
    title: Line = Field(description="Title of the study.")
    version: Line = Field(description="Version of the protocol.")
    date: DateText | None = Field(default=None, description="Date of this version.")
    status: Literal["published", "illustrative", "draft"] = Field(
        description="`published`: the schedule of a real study; `illustrative`: made up."
    )
    registry: Annotated[tuple[Line, ...], ONE_OR_MANY] = Field(
        default=(), description="Registry numbers."
    )
    identity: Line | None = Field(
        default=None,
        description="Identity of the study in calendars, never changed; its id when absent.",
    )
    design: Annotated[tuple[DesignWord, ...], ONE_OR_MANY] = Field(
        description="Blinding and structure of the study."
    )
    blinded: Annotated[tuple[BlindedParty, ...], ONE_OR_MANY] = Field(
        default=(), description="Who does not know the arm."
    )
    allocation: Line | None = Field(default=None, description="Such as `1:1`.")
    substance: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(),
        description="What the study investigates, such as `mdma` or `psilocybin`; no amount.",
    )
    condition: Line | None = Field(
        default=None,
        description="Condition or population of the study, such as `PTSD, severe` or `healthy"
        " volunteers`.",
    )
    anchor: ReferenceText = Field(description="The visit on whose date study days start: Day 1.")
    day_zero: YesNo = Field(
        default=False, description="The anchor's date is Day 0 instead of Day 1."
    )
    order: Literal["listed"] | None = Field(
        default=None,
        description="`listed`: visits take place in the order in which they are listed, on one"
        " date one after another. It is a rule of its own and no window. Unscheduled visits have"
        " no place in it, nor has what says `order: any`.",
    )
    conventions: Conventions = Field(
        default_factory=lambda: Conventions(),
        description="Defaults for visits that do not state their own.",
    )
    notices: tuple[Notice, ...] = Field(
        default=(), description="Regulatory states and retractions."
    )
    sources: dict[Id, Source] = Field(default={}, description="Sources by key.")
    roles: dict[Id, Role] = Field(default={}, description="Staff roles by key.")
    activities: dict[Id, Activity] = Field(default={}, description="Activities by key.")
    arms: tuple[Arm, ...] = Field(default=(), description="The arms.")
    decisions: dict[Id, Decision] = Field(default={}, description="Decisions by key.")
    gates: dict[Id, Gate] = Field(default={}, description="Gates by key.")
    footnotes: dict[Id, str] = Field(default={}, description="Footnotes by key.")
    epochs: Annotated[tuple[Epoch, ...], Field(min_length=1)] = Field(
        description="The phases, in the order of the schedule."
    )
    constraints: tuple[Constraint, ...] = Field(
        default=(), description="Rules between any two visits."
    )
    reminders: tuple[Reminder, ...] = Field(
        default=(),
        description="What staff do by a date before or after a visit; it is not a visit.",
    )
    between_participants: tuple[BetweenParticipants, ...] = Field(
        default=(),
        description="Rules between the participants of a cohort, such as a gap after the first one."
        " They move no participant's plan; lists of who is due and of deviations hold records"
        " against them.",
    )
    tracks: tuple[Track, ...] = Field(
        default=(), description="Parallel tracks that repeat, such as a diary."
    )
    disagreements: tuple[Disagreement, ...] = Field(
        default=(), description="Where the sources contradict each other."
    )
    ignore: tuple[Ignored, ...] = Field(default=(), description="Findings accepted, with reasons.")

    @model_validator(mode="after")
    def _entries_of_tracks_have_own_ids(self) -> "Protocol":
        names = {track.id for track in self.tracks}
        for track in self.tracks:
            for name, minute in track.entries[1:]:
                if name in names and minute is not None:
                    raise ValueError(
                        f"track `{name}` is called like the entry of `{track.id}` at"
                        f" {format_time(minute)}; give it another id"
                    )
        return self

    @model_validator(mode="after")
    def _reviews_are_required(self) -> "Protocol":
        for rule in self.between_participants:
            for visit in (visit for epoch in self.epochs for visit in epoch.visits):
                if (
                    rule.gate is not None
                    and visit.id == rule.visit.visit
                    and rule.gate not in visit.requires
                ):
                    raise ValueError(
                        f"`{visit.id}` waits for the gate `{rule.gate}` of `{rule.id}`; add"
                        f" `requires: {rule.gate}` to it"
                    )
        return self

    @property
    def identities(self) -> tuple[str, ...]:
        """What calendars know the study by: its identity, then what they may have begun with."""
        return tuple(dict.fromkeys((self.identity or self.id, self.id, *self.registry)))

    @property
    def is_blinded(self) -> bool:
        """Whether anyone must not know the arm."""
        return bool(self.blinded) or any(word in BLINDED_DESIGNS for word in self.design)

    @property
    def hides_run_sheets(self) -> bool:
        """Whether someone who sees run sheets, which participants do not, must not know the arm.

        A single-blind design blinds nobody of the staff unless it says so.
        """
        if any(word in BLINDED_DESIGNS and word != "single-blind" for word in self.design):
            return True
        return any(party in RUN_SHEETS_ARE_SEEN_BY for party in self.blinded)

    @property
    def hides_plans(self) -> bool:
        """Whether someone who sees a participant's whole plan must not know the arm.

        Raters alone do not; a blinded design that does not say who is blinded blinds participants.
        """
        if not self.blinded:
            return self.is_blinded
        return any(party in PLANS_ARE_SEEN_BY for party in self.blinded)
