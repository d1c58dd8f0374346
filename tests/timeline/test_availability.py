"""Plans go around a participant's own dates: away, preferred weekdays and times, another clock."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from timeline.courses import WEEK, day, planned, protocol, record, site

import planner
from planner.protocol.yaml_reading import compose_yaml
from planner.timeline.availability import Availability
from planner.timeline.record import Record, RecordFile
from planner.timeline.record_writing import record_yaml

CHAIN: list[dict[str, Any]] = [
    {"id": "v0", "duration": "1h"},
    {"id": "v1", "duration": "1h", "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
    {"id": "call", "mode": "phone", "after": {"visit": "v1", "within": "1d..3d", "target": "2d"}},
]


def chain(*visits: str, **more: Any) -> RecordFile:
    return record(*visits, **{"start": f"{day(0)}", **more})


class Step(NamedTuple):
    """One visit of a random course: days after the one before it."""

    first: int
    last: int
    target: int


@st.composite
def steps(draw: st.DrawFn) -> Step:
    first = draw(st.integers(1, 4))
    last = first + draw(st.integers(0, 5))
    return Step(first, last, draw(st.integers(first, last)))


def every_plan(
    course: Sequence[Step], away: set[int], weekdays: set[int], closed: set[int]
) -> Iterator[tuple[int, int]]:
    """How many visits are on unwanted weekdays, and how many days off target, of every plan."""
    for lengths in product(*(range(step.first, step.last + 1) for step in course)):
        days = [sum(lengths[: at + 1]) for at in range(len(lengths))]
        if away & {0, *days} or any(one % 7 in closed for one in (0, *days)):
            continue
        unwanted = sum(bool(weekdays) and one % 7 not in weekdays for one in days)
        off = sum(abs(one - step.target) for one, step in zip(lengths, course, strict=True))
        yield unwanted, off


@settings(deadline=None)
@given(
    st.lists(steps(), min_size=1, max_size=3),
    st.sets(st.integers(0, 24), max_size=10),
    st.sets(st.integers(0, 6), max_size=4),
    st.sets(st.integers(1, 6), max_size=2),
)
def test_no_other_plan_has_more_on_wanted_weekdays_or_is_then_nearer_the_targets(
    course: list[Step], away: set[int], weekdays: set[int], closed: set[int]
) -> None:
    """Against all plans that there are, tried one by one."""
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for at, step in enumerate(course):
        window = f"{step.first}d..{step.last}d"
        timing = {"visit": f"v{at}", "within": window, "target": f"{step.target}d"}
        visits.append({"id": f"v{at + 1}", "after": timing})
    prefers = {"weekdays": [WEEK[one] for one in sorted(weekdays)]}
    file = chain(away=[f"{day(one)}" for one in sorted(away)], prefers=prefers)
    timeline, by_id = planned(protocol(visits), file, at=site(closed=closed))
    best = min(every_plan(course, away, weekdays, closed), default=None)
    assert (best is None) == bool(timeline.forced)
    if best is None:
        return
    days = [(by_id[f"v{at}"].start.date() - day(0)).days for at in range(len(course) + 1)]
    assert not away & set(days)
    unwanted = [one for one in days[1:] if weekdays and one % 7 not in weekdays]
    assert (len(unwanted), timeline.cost) == best
    said = [visit.unmet for visit in timeline.visits[1:] if visit.unmet]
    assert said == [("not on a preferred weekday",)] * len(unwanted)


def test_a_window_without_another_day_says_that_the_participant_is_away() -> None:
    timeline, by_id = planned(protocol(CHAIN), chain(away=f"{day(5)}..{day(9)}"))
    assert "the participant is away" in " ".join(timeline.forced)
    assert "closed" not in " ".join(timeline.forced)
    assert by_id["v1"].deviation is not None
    found = planner.due(
        [chain(away=f"{day(5)}..{day(9)}").record], day(0), day(9), protocols=[protocol(CHAIN)]
    )
    assert {visit.status for visit in found.visits if visit.visit == "v1"} == {"broken"}
    assert "the participant is away" in planner.render(found, "csv")


def test_an_appointment_while_away_stays_and_is_told() -> None:
    file = chain(f"v1 booked {day(7)}", away=f"{day(6)}..{day(8)}")
    timeline, by_id = planned(protocol(CHAIN), file, at=site())
    assert (by_id["v1"].start.date(), by_id["v1"].status) == (day(7), "booked")
    assert by_id["v1"].unmet == ("the participant is away",)
    assert not timeline.forced


def test_what_took_place_while_away_is_no_matter_of_the_site() -> None:
    file = chain(f"v0 occurred {day(0)}", f"v1 occurred {day(7)}", away=f"{day(7)}")
    report = planner.deviations(protocol(CHAIN), file.record, site=site().site)
    assert (list(report.deviations), list(report.notes)) == ([], [])


def test_a_night_away_takes_the_stay_that_reaches_into_it() -> None:
    visits = [CHAIN[0], {**CHAIN[1], "overnight": {"nights": 2}}]
    _, by_id = planned(protocol(visits), chain(away=f"{day(8)}..{day(9)}"), at=site())
    assert by_id["v1"].start.date() == day(5)


def test_preferred_times_are_kept_where_the_opening_hours_and_the_protocol_allow() -> None:
    visits = [*CHAIN[:2], {**CHAIN[2], "mode": "clinic", "at": "08:00..10:00"}]
    file = chain(prefers={"times": "13:00..17:00"})
    _, by_id = planned(protocol(visits), file, at=site())
    assert [by_id[name].start.hour for name in ("v0", "v1", "call")] == [13, 13, 10]
    assert by_id["call"].unmet == ("not at a preferred time (13:00..17:00)",)
    assert by_id["v1"].unmet == ()


def test_calls_are_wanted_by_the_clock_of_the_participant() -> None:
    own = {"time_zone": "America/New_York", "prefers": {"times": "08:30..11:00"}}
    file = chain(**own, start=f"{day(10)}")
    timeline, by_id = planned(protocol(CHAIN), file, at=site(), start=None)
    call = by_id["call"]
    # Summer time has begun in New York and not yet in Berlin: five hours apart, not six.
    assert (call.start.date(), f"{call.start:%H:%M}") == (day(19), "14:00")
    assert call.own_start == datetime(2027, 3, 20, 9, tzinfo=ZoneInfo("America/New_York"))
    assert f"{by_id['v1'].start:%H:%M}" == "09:00"
    assert by_id["v1"].own_start is None
    assert "09:00 by the participant's clock (America/New_York)" in planner.render(
        timeline, "table"
    )


@given(st.integers(0, 1439), st.dates(date(2027, 1, 2), date(2027, 12, 30)))
def test_a_minute_by_another_clock_lies_on_the_date_where_any_does(minute: int, on: date) -> None:
    """Against every minute of the date at the site, looked at on the other clock."""
    there, here = ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/St_Johns")
    available = Availability(times=(minute, minute), zone=there)
    wanted = available.wanted(on.toordinal(), 540, here, is_call=True)
    midnight = datetime.combine(on, datetime.min.time(), tzinfo=here)
    begin = int(midnight.timestamp()) // 60
    showing = set()
    for instant in range(begin, begin + 25 * 60):
        local = datetime.fromtimestamp(instant * 60, here)
        clock = datetime.fromtimestamp(instant * 60, there)
        if local.date() == on and clock.hour * 60 + clock.minute == minute:
            showing.add(local.hour * 60 + local.minute)
    assert wanted in showing if showing else wanted in (0, 1439)


def test_the_sheet_for_the_participant_tells_both_clocks() -> None:
    file, at = (
        chain(time_zone="Australia/Perth", prefers={"times": "15:00..16:00"}).record,
        site().site,
    )
    for language in planner.handout_languages():
        page = planner.handout(
            protocol(CHAIN), actuals=file, site=at, today=day(0), language=language
        )
        assert "15:00" in str(page)
        assert "Australia/Perth" in str(page)


def test_a_move_to_a_date_away_says_so() -> None:
    file = chain(away=f"{day(8)}").record
    change = planner.whatif(protocol(CHAIN), file, move={"v1": f"{day(8)}"}, today=day(0))
    assert "the participant is away" in planner.render(change, "csv")
    assert "nobody is there" not in planner.render(change, "csv")


def test_dates_to_start_of_a_participant_leave_out_those_away() -> None:
    small, file = protocol(CHAIN), chain(away=[f"{day(1)}", f"{day(15)}..{day(20)}"]).record
    answer = planner.anchors(small, day(0), day(12), actuals=file)
    possible = [(one.date - day(0)).days for one in answer.days if one.fits]
    assert possible == [0, 2, 3, 4, 5, 6, 7, 8, 12]
    (first,) = answer.days[1].reasons
    assert first == "`v0`: the participant is away"
    assert not answer.days[1].closed
    with pytest.raises(planner.PlannerError, match="is occurred"):
        planner.anchors(small, day(0), day(2), actuals=chain(f"v0 occurred {day(0)}").record)
    booked = planner.anchors(small, day(0), day(2), actuals=chain(f"v0 booked {day(9)}").record)
    assert all(one.fits for one in booked.days)


def test_a_record_with_these_is_written_and_read_again() -> None:
    given_record = chain(
        away=[f"{day(1)}", {"from": f"{day(3)}", "to": f"{day(5)}"}],
        prefers={"weekdays": ["monday", "friday"], "times": "13:00..17:00"},
        time_zone="Australia/Perth",
        cohort=2,
    ).record
    data, _, _ = compose_yaml("r.yaml", record_yaml(given_record))
    assert Record.model_validate(data, by_alias=True) == given_record


def test_an_absence_of_the_site_goes_around_the_participant_too() -> None:
    small = protocol(CHAIN)
    found = planner.due(
        [chain(away=f"{day(5)}..{day(7)}").record], day(0), day(9), protocols=[small],
        without=[(day(8), day(9))],
    )  # fmt: skip
    assert [effect.visit for effect in found.effects if effect.lost] == ["v1"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"away": "2027-03-09..2027-03-08"}, "`to: 2027-03-08` lies before `from: 2027-03-09`"),
        ({"away": "soon"}, "`soon` is not a date"),
        ({"prefers": {"weekdays": "mon"}}, "monday"),
        ({"time_zone": "Mars/Base"}, "Mars/Base"),
    ],
)
def test_what_cannot_be_meant_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises((ValidationError, planner.PlannerError)) as refused:
        chain(**fields)
    assert message in str(refused.value)


def test_who_is_away_shares_no_plan_with_who_is_not() -> None:
    small = protocol(CHAIN)
    people = [
        record(participant="P1", start=f"{day(0)}", away=f"{day(7)}").record,
        record(participant="P2", start=f"{day(0)}").record,
        record(participant="P3", start=f"{day(0)}", prefers={"weekdays": ["friday"]}).record,
    ]
    found = planner.due(people, day(0), day(12), protocols=[small]).visits
    days = {
        (visit.participant, visit.visit): visit.planned.date()
        for visit in found
        if visit.planned is not None
    }
    assert days["P2", "v1"] == day(7)
    assert abs(days["P1", "v1"] - day(7)) == timedelta(1)
    assert days["P3", "call"].weekday() == WEEK.index("friday")
