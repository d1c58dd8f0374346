"""One visit of the protocol file: timings, duration, staff, and the run sheet inside it."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from planner.protocol.evidence import Entry, Stated
from planner.protocol.field_types import quoted
from planner.protocol.fields import (
    ONE_OR_MANY,
    ClockRoomText,
    ClockText,
    ClockWindowText,
    Coerce,
    CountText,
    DistanceText,
    DurationText,
    GridEndText,
    Id,
    Line,
    ListedKind,
    Mode,
    OrderWord,
    ReferenceText,
    TimesText,
    TimeText,
    VisitDateText,
    Weekday,
    WholeNumber,
    WindowText,
    YesNo,
)
from planner.protocol.text_patterns import CLOCK, whole, window
from planner.time.distance import ClockDistance, Distance, Tolerance, Window
from planner.time.grid import on_grid, points_until

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core.core_schema import CoreSchema


def _only_unpublished(value: Any) -> Any:
    if isinstance(value, str) and any(letter.isdigit() for letter in value):
        raise ValueError(
            "the allowed distances stand under `within:`; `window:` says only `not-published`"
        )
    return value


UnpublishedWindow = Annotated[Literal["not-published"], Coerce(_only_unpublished)]


class Timing(Stated):
    """A rule: this visit lies so far from that reference."""

    visit: ReferenceText = Field(description="The visit, and which end of it, counted from.")
    within: WindowText | None = Field(
        default=None, description="Allowed distances, both ends included."
    )
    target: DistanceText | None = Field(default=None, description="Preferred distance.")
    window: UnpublishedWindow | None = Field(
        default=None,
        description="`not-published`, in place of `within`, where no text says how far the visit"
        " may lie: the target alone counts, as a preference. Nothing but order bounds the visit:"
        " `after` its reference it is on a later date, `before` it on an earlier one, and on the"
        " reference's own date only with a target of `0d`.",
    )
    every: DistanceText | None = Field(
        default=None,
        description="A grid: each occurrence of the visit is so much further from the reference"
        " than the one before it, wherever that one took place. The first is at `target`, or at"
        " `every` where there is none; `within` is a tolerance around each.",
    )
    until: GridEndText | None = Field(
        default=None,
        description="How far the grid of a visit goes that is in no cycle: so many occurrences,"
        " those up to a distance from the reference, or those until a decision ends it.",
    )
    at_most: Annotated[int, WholeNumber(1, 2000)] | None = Field(
        default=None, description="With a decision as `until`: the most occurrences there can be."
    )
    of: Literal["start", "end"] = Field(
        default="start", description="Which end of this visit is placed."
    )
    arms: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Arms the rule holds for; all when empty."
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Timing":
        self._check_grid()
        if self.within is None and self.aim is None and self.window is None:
            raise ValueError(
                "a timing needs `within:` or `target:`, or both; where no text says how far, write"
                " `window: not-published`"
            )
        if self.within is not None and self.window is not None:
            raise ValueError(
                "`within:` states a window and `window: not-published` says that there is none;"
                " leave one out"
            )
        if isinstance(self.within, Tolerance):
            if self.aim is None:
                raise ValueError(f"`within: {self.within}` is relative to a `target:`; give one")
            self.within.around(self.aim)
        elif self.within is not None and self.target is not None:
            end = self.within.earliest or self.within.latest
            if type(end) is not type(self.target):
                raise ValueError("target and window are both in days or both in clock time")
        return self

    def _check_grid(self) -> None:
        if self.every is None:
            if self.until is not None:
                raise ValueError("`until:` says how far a grid goes; give its step with `every:`")
        else:
            if isinstance(self.within, Window):
                raise ValueError(
                    f"`within: {self.within}` stands beside `every:`; write how far around each"
                    " date of the grid, as in `±7d`, and where the first is with `target:`"
                )
            self.placed(1)
        if isinstance(self.until, str) != (self.at_most is not None):
            raise ValueError(
                f"how often `{self.until}` can be waited for is not known; give `at_most:`"
                if isinstance(self.until, str)
                else "`at_most:` belongs to a decision that ends a grid, as in `until: progression`"
            )
        if self.until is not None:
            self.placed(self.occurrences)

    @property
    def aim(self) -> Distance | None:
        """The preferred distance, of a grid that of the first occurrence."""
        return self.every if self.target is None else self.target

    def placed(self, number: int) -> tuple[Window | None, Distance | None]:
        """The allowed and the preferred distance of one occurrence of the visit.

        Args:
            number: of the occurrence, from 1; it matters on a grid alone.

        Raises:
            ValueError: the grid is over 20 years long, or mixes days with hours.
        """
        if self.every is None:
            return self.allowed, self.target
        target = on_grid(self.aim or self.every, self.every, number)
        return (
            self.within.around(target) if isinstance(self.within, Tolerance) else None,
            target,
        )

    @property
    def occurrences(self) -> int:
        """How many occurrences its own `until` makes, at most; 1 without one.

        Raises:
            ValueError: it depends on how long months are, or there is none.
        """
        if self.until is None or self.every is None:
            return 1
        if isinstance(self.until, int):
            return self.until
        if isinstance(self.until, str):
            return self.at_most or 1
        return points_until(self.aim or self.every, self.every, self.until)

    @property
    def is_clock(self) -> bool:
        """Whether it is in elapsed clock time rather than in calendar days."""
        window = self.allowed
        ends = () if window is None else (window.earliest, window.latest)
        return any(isinstance(part, ClockDistance) for part in (self.aim, *ends))

    @property
    def allowed(self) -> Window | None:
        """The allowed distances, a tolerance resolved around its target; ``None`` if not given.

        Of a grid those of its first occurrence.
        """
        if isinstance(self.within, Tolerance) and self.aim is not None:
            return self.within.around(self.aim)
        return self.within if isinstance(self.within, Window) else None


Arrangement = Literal["escort", "company-overnight", "no-driving"]
"""What a participant arranges: to be taken home; not to be alone for the night; and for not driving
before the next day."""

Timings = Annotated[tuple[Timing, ...], ONE_OR_MANY]


class Duration(Stated):
    """How long a visit takes, in clock time."""

    value: DurationText = Field(description="Exactly, or at least and at most.")


class Overnight(Stated):
    """A stay after the session: the visit ends on a later date."""

    nights: Annotated[int, WholeNumber(1, 30)] = Field(default=1, description="Number of nights.")
    until: TimeText | None = Field(default=None, description="Time of leaving on the last day.")


class Staffing(Stated):
    """Who is present, and how many of each role."""

    roles: dict[Id, Annotated[int, WholeNumber(0, 99)] | None] = Field(
        description="Number by role; nothing means the role's own number."
    )


def _value(value: Any) -> Any:
    return value if isinstance(value, (Mapping, Stated)) or value is None else {"value": value}


def _nights(value: Any) -> Any:
    if value is True:
        return {}
    if value is False or value is None:
        return None
    if type(value) is int or (isinstance(value, str) and value.lstrip("+-").isdecimal()):
        return {"nights": value}
    if isinstance(value, (Mapping, Stated)):
        return value
    raise ValueError(
        f"`true`, `false`, a number of nights or a mapping is expected, found {quoted(value)}"
    )


def _staff(value: Any) -> Any:
    if value is None or isinstance(value, Stated):
        return value
    if isinstance(value, str):
        return {"roles": {value: None}}
    if isinstance(value, (list, tuple)) and all(isinstance(role, str) for role in value):
        twice = next((role for at, role in enumerate(value) if role in value[:at]), None)
        if twice is not None:
            raise ValueError(f"`{twice}` stands twice; write how many, as in `{twice}: 2`")
        return {"roles": dict.fromkeys(value)}
    if isinstance(value, Mapping):
        if "roles" in value:
            return value
        # `{therapist: 2, source: paper}`: the numbers by role, and where they were read.
        stated = {key: value[key] for key in Stated.model_fields if key in value}
        return {"roles": {key: value[key] for key in value if key not in stated}, **stated}
    raise ValueError(f"a role, a list of roles or a number by role is expected, found {_a(value)}")


def _a(value: object) -> str:
    # A list reaches this only when it holds more than words.
    return "a list of other things" if isinstance(value, (list, tuple)) else quoted(value)


_TEXT = {"type": "string"}
_SHORT_STAFF = {
    "type": "object",
    "properties": {
        "source": {"type": ["string", "array"], "description": "Sources that state the numbers."},
        "grade": {"type": "string", "description": "How sure the numbers are."},
        "note": {"type": "string", "description": "A remark on the numbers."},
    },
    "additionalProperties": {"type": ["integer", "null"], "minimum": 0, "maximum": 99},
}
_DURATION = {**_TEXT, "examples": ["90min", "6h..8h"], "pattern": whole(window(CLOCK))}
DurationEntry = Annotated[Duration, Coerce(_value, _DURATION)]
OvernightEntry = Annotated[
    Overnight | None,
    Coerce(_nights, {"type": "boolean"}, {"type": "integer", "minimum": 1, "maximum": 30}),
]
StaffEntry = Annotated[
    Staffing, Coerce(_staff, _TEXT, {"type": "array", "items": _TEXT}, _SHORT_STAFF)
]


class RunSheetItem(Stated):
    """One line of a run sheet, in minutes from the sheet's zero or from another item."""

    id: Id = Field(description="Unique in this run sheet.")
    title: Line | None = Field(default=None, description="What is done; the id when absent.")
    kind: Literal["task", "administration", "check", "shift-change", "discharge"] = Field(
        default="task", description="What kind of item it is."
    )
    at: ClockWindowText | None = Field(default=None, description="Distance from the sheet's zero.")
    after: Id | None = Field(default=None, description="The item this one is counted from.")
    within: ClockRoomText | None = Field(
        default=None,
        description="Allowed distances from `after`, or from zero beside an exact `at`; or so far"
        " around that `at` or the target, as in `±2min`.",
    )
    target: ClockText | None = Field(default=None, description="Preferred distance.")
    duration: DurationText | None = Field(default=None, description="How long it takes.")
    every: ClockWindowText | None = Field(
        default=None,
        description="Repeats at this interval, each time counted from the one before.",
    )
    times: Annotated[int, WholeNumber(1, 200)] = Field(
        default=1, description="How often it is done with `every`, at most where it has `when`."
    )
    activity: Id | None = Field(default=None, description="The activity it carries out.")
    staff: StaffEntry | None = Field(default=None, description="Role that does it.")
    optional: YesNo = Field(default=False, description="Optional item.")
    when: Id | None = Field(
        default=None,
        description="The decision it depends on: it is done, each time, only if that holds.",
    )
    arms: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Arms that have this item; all when empty."
    )

    @model_validator(mode="after")
    def _is_placed(self) -> "RunSheetItem":
        if (self.at is None) == (self.after is None):
            raise ValueError("an item is placed by `at:` or by `after:`, one of the two")
        if self.after is not None and self.within is None and self.target is None:
            raise ValueError("an item with `after:` needs `within:` or `target:`")
        if self.times > 1 and self.every is None:
            raise ValueError("`times:` needs `every:`")
        if self.every is not None and not isinstance(self.every.earliest, ClockDistance):
            raise ValueError(f"`every: {self.every}` needs a least distance, as in `30min..`")
        if isinstance(self.within, Tolerance) and self._stated is None:
            raise ValueError(
                f"`within: {self.within}` is relative to an exact `at:` or a `target:`; give one"
            )
        return self

    @property
    def _stated(self) -> Distance | None:
        """The one distance that is stated: an exact `at`, else the target."""
        if self.at is not None and self.at.earliest == self.at.latest:
            return self.at.earliest
        return self.target

    @property
    def allowed(self) -> Window | None:
        """The allowed distances, a tolerance resolved around what is stated; else ``None``."""
        if isinstance(self.within, Tolerance):
            assert self._stated is not None, "a tolerance stands beside a distance"
            return self.within.around(self._stated)
        return self.within


class RunSheet(Entry):
    """The minute-by-minute plan inside one visit."""

    zero: ClockText | None = Field(
        default=None, description="From the visit's start to the sheet's 0min; 0min when absent."
    )
    items: tuple[RunSheetItem, ...] = Field(description="The lines, in the order of the day.")

    @model_validator(mode="after")
    def _counts_from_what_is_there(self) -> "RunSheet":
        arms = {item.id: item.arms for item in self.items}
        for item in self.items:
            needed = arms.get(item.after or "", ())
            if needed and not (item.arms and set(item.arms) <= set(needed)):
                raise ValueError(
                    f"`{item.id}` counts from `{item.after}`, which only {', '.join(needed)} has;"
                    f" give it `arms: [{', '.join(needed)}]`"
                )
        return self

    def in_arm(self, arm: str) -> "RunSheet":
        """The lines that an arm has; itself where all have all of them.

        Args:
            arm: an arm's id.
        """
        if all(not item.arms or arm in item.arms for item in self.items):
            return self
        items = tuple(item for item in self.items if not item.arms or arm in item.arms)
        return self.model_copy(update={"items": items})


def _sheet(value: Any) -> Any:
    return {"items": value} if isinstance(value, (list, tuple)) else value


class _ItemsAlone(Coerce):
    """Lets the list of items stand for a sheet without `zero`."""

    __slots__ = ()

    def __get_pydantic_json_schema__(
        self, schema: "CoreSchema", handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        full = handler(schema)
        items = handler.resolve_ref_schema(full)["properties"]["items"]
        return {"anyOf": [full, {"type": "array", "items": items["items"]}]}


RunSheetEntry = Annotated[RunSheet, _ItemsAlone(_sheet)]


class VisitDifference(Entry):
    """What differs in one arm; what is not named is as in the visit."""

    title: Line | None = Field(default=None, description="Another title.")
    mode: Mode | None = Field(default=None, description="Another mode of contact.")
    duration: DurationEntry | None = Field(default=None, description="Another duration.")
    after: Timings | None = Field(default=None, description="Timings in place of the visit's own.")
    before: Timings | None = Field(default=None, description="Timings in place of the visit's own.")
    first: Timings | None = Field(default=None, description="Timings in place of the visit's own.")
    next: Timings | None = Field(default=None, description="Timings in place of the visit's own.")


def _one_mode(value: Any) -> Any:
    if isinstance(value, (list, tuple)) and len(value) > 1:
        first, *others = map(str, value)
        raise ValueError(
            f"a visit has one mode; write `mode: {first}` and, for what it can be instead,"
            f" `also_by: [{', '.join(others)}]`"
        )
    return value


def _a_whole_visit(value: Any) -> Any:
    if isinstance(value, str) and value.endswith((".start", ".end")):
        raise ValueError(f"`during:` names a whole visit; write `{value.rpartition('.')[0]}`")
    return value


DuringText = Annotated[ReferenceText, Coerce(_a_whole_visit)]


class Visit(Stated):
    """One planned contact, as written: in a cycle it occurs once in each."""

    id: Id = Field(description="Unique in the protocol.")
    title: Line | None = Field(default=None, description="Title; the id when absent.")
    kind: ListedKind | None = Field(
        default=None,
        description="Kind of visit; taken from the id or the epoch when absent. An `event` is not"
        " a visit: the date of a birth, a discharge or a progression is recorded once it has"
        " happened (`unscheduled: true`), or counted from another date (a target quit date), and"
        " visits count from it. It has no opening hours, staff or room and stands in no calendar,"
        " and on a participant's sheet only with `show: true`. As `until:` of a cycle or grid it"
        " ends that, and as `when:` it is what a visit waits for.",
    )
    mode: Annotated[Mode, Coerce(_one_mode)] = Field(
        default="clinic", description="Where or how the contact takes place."
    )
    also_by: Annotated[tuple[Mode, ...], ONE_OR_MANY] = Field(
        default=(),
        description="How it may take place instead, as the line of a participant's record says with"
        " its `mode:`; by `mode` when it says nothing.",
    )
    duration: DurationEntry | None = Field(default=None, description="How long it takes.")
    total: DurationEntry | None = Field(
        default=None,
        description="In place of `duration`, how long all its occurrences take together. Where it"
        " is neither in a cycle nor on a grid, one is planned and their number is unknown.",
    )
    overnight: OvernightEntry = Field(
        default=None, description="A stay overnight after the session."
    )
    optional: YesNo = Field(
        default=False, description="Optional visit: takes place only when chosen."
    )
    when: Id | None = Field(default=None, description="The decision it depends on.")
    during: DuringText | None = Field(
        default=None,
        description="The visit that it takes place inside of, such as a stay: not before that one"
        " starts, and over when it ends; no overlap and no trip of its own.",
    )
    unscheduled: YesNo = Field(
        default=False,
        description="It becomes due when something happens, such as an adverse event or an early"
        " end: it has no planned date until then.",
    )
    show: YesNo = Field(
        default=False,
        description="Of an event: the participant's sheet names it, by its title, with its date.",
    )
    requires: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Gates that must be passed before it."
    )
    after: Timings = Field(default=(), description="Timings from an earlier reference.")
    before: Timings = Field(
        default=(), description="Timings to a later reference: so far before it."
    )
    first: Timings = Field(
        default=(), description="In a cycle: timings of the first occurrence only."
    )
    next: Timings = Field(default=(), description="In a cycle: timings of every later occurrence.")
    order: OrderWord | None = Field(
        default=None,
        description="`listed`: it takes place after the visit listed before it, whatever epoch"
        " that is in; `any`: it has no place in the order of its epoch or protocol. As the epoch"
        " or the protocol says when absent.",
    )
    date: VisitDateText | None = Field(
        default=None,
        description="The calendar date on which it takes place for everybody, such as a group's"
        " common session or the end of the study; other visits may count from it.",
    )
    at: TimesText | None = Field(default=None, description="Time of day at which it starts.")
    weekdays: Annotated[tuple[Weekday, ...], ONE_OR_MANY] = Field(
        default=(), description="Weekdays allowed; all when empty."
    )
    room: Id | None = Field(default=None, description="Kind of room it needs.")
    facility: Id | None = Field(
        default=None,
        description="The place of the site, such as `ward`, by whose hours and holidays it goes;"
        " the one that has its kind of room when absent. A site without facilities is one place.",
    )
    participants: CountText | None = Field(
        default=None, description="How many participants share it."
    )
    arrange: Annotated[tuple[Arrangement, ...], ONE_OR_MANY] = Field(
        default=(),
        description="What the participant has to arrange: somebody who takes them home (`escort`),"
        " who stays with them for the night after (`company-overnight`), and not to drive before"
        " the next day (`no-driving`).",
    )
    staff: StaffEntry | None = Field(default=None, description="Who is present.")
    activities: tuple[Id, ...] = Field(default=(), description="What is done, by key.")
    endpoint: Literal["primary", "secondary"] | None = Field(
        default=None,
        description="The study's primary or a secondary endpoint is that of this visit.",
    )
    run_sheet: RunSheetEntry | None = Field(default=None, description="The plan inside the visit.")
    weight: Annotated[int, WholeNumber(1, 1000)] | None = Field(
        default=None, description="Weight of a day off target in planning; by kind when absent."
    )
    arms: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Arms that have this visit; all when empty."
    )
    by_arm: dict[Id, VisitDifference] = Field(default={}, description="Differences by arm.")
    footnotes: tuple[Id, ...] = Field(default=(), description="Keys of footnotes.")

    @model_validator(mode="after")
    def _takes_one_length(self) -> "Visit":
        lengths = [self.duration, *(arm.duration for arm in self.by_arm.values())]
        if self.total is not None and any(length is not None for length in lengths):
            raise ValueError(
                f"`{self.id}` has a `duration:` for each and a `total:` for all; leave one out"
            )
        return self

    @model_validator(mode="after")
    def _modes_stand_once(self) -> "Visit":
        for mode in self.also_by:
            if (self.mode, *self.also_by).count(mode) > 1:
                raise ValueError(f"`{self.id}`: `{mode}` stands twice; leave it out of `also_by:`")
        return self

    @property
    def modes(self) -> tuple[Mode, ...]:
        """How it may take place, the usual way first, which in an arm can be one of the others."""
        return tuple(dict.fromkeys((self.mode, *self.also_by)))

    @model_validator(mode="after")
    def _events_are_no_visits(self) -> "Visit":
        if self.kind != "event":
            if self.show:
                raise ValueError(f"`{self.id}` is a visit, which is shown; leave out `show:`")
            return self
        for field in _OF_VISITS_ALONE:
            if field in self.model_fields_set:
                raise ValueError(f"`{self.id}` is an event and not a visit; leave out `{field}:`")
        if re.search(_BIRTH_DATE, f"{self.id} {self.title or ''}", re.IGNORECASE):
            raise ValueError(f"`{self.id}`: the date of birth of a participant is recorded nowhere")
        if not (self.unscheduled or self.after or self.before):
            raise ValueError(
                f"the date of the event `{self.id}` is recorded when it has happened; write"
                " `unscheduled: true`, or what it counts from"
            )
        return self


_OF_VISITS_ALONE = (
    "mode", "also_by", "duration", "total", "overnight", "during", "date", "at", "weekdays", "room",
    "participants", "arrange", "staff", "activities", "endpoint", "run_sheet", "requires", "by_arm",
)  # fmt: skip
_BIRTH_DATE = r"\b(?:dates?[- ]of[- ]birth|birth[- ]?dates?|birth[- ]?days?|d\.?o\.?b)\b"


def grid_of(visit: Visit | VisitDifference) -> Timing | None:
    """The timing by which a visit repeats outside of cycles.

    Args:
        visit: as written, or what differs of it in an arm.

    Returns:
        ``None`` where it does not repeat by itself.
    """
    timings = (*(visit.after or ()), *(visit.before or ()))
    return next((timing for timing in timings if timing.until is not None), None)


def check_grids(visit: Visit, holder: Visit | VisitDifference, cycles: int | None) -> None:
    """Refuses timings on a grid from which nobody can tell how often the visit occurs.

    Args:
        visit: as written.
        holder: the visit itself, or what differs of it in an arm.
        cycles: the most cycles of its epoch; ``None`` outside of cycles.

    Raises:
        ValueError: a grid without an end, or with two; or one of over 20 years.
    """
    name = f"`{visit.id}`"
    if visit.date is not None and ((cycles or 1) > 1 or grid_of(holder) is not None):
        raise ValueError(f"{name} repeats and takes place on one `date:`; leave one out")
    timings = (*(holder.after or ()), *(holder.before or ()))
    if any(timing.every is not None for timing in holder.first or ()):
        raise ValueError(
            f"`first` of {name} is one occurrence; write `every:` in `after` or `next`"
        )
    ends = [timing for timing in timings if timing.until is not None]
    every = [timing for timing in (*timings, *(holder.next or ())) if timing.every is not None]
    if cycles is not None:
        if any(timing.until is not None for timing in every):
            raise ValueError(
                f"the cycle gives the number of occurrences of {name}; leave out `until:`"
            )
    elif len(ends) > 1 or any(timing.arms for timing in ends):
        raise ValueError(f"{name} has one grid; write under `by_arm:` what differs by arm")
    elif every and not ends:
        raise ValueError(
            f"the number of occurrences of {name} is missing; add `until:` to `every:`"
        )
    elif holder is not visit and timings and bool(ends) != (grid_of(visit) is not None):
        raise ValueError(f"{name} is on a grid in all arms or in none; its ids have numbers")
    for timing in every:
        if timing.visit.which in ("previous", "next"):
            raise ValueError(
                f"`every:` of {name} counts from one fixed visit, and `{timing.visit}` is another"
                f" one each time; write `target: {timing.every}` in place of it"
            )
        timing.placed(max((end.occurrences for end in ends), default=cycles or 1))
