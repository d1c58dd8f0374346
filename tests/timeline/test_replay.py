"""Visits against their windows over many participants, under both day conventions."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from planner.formats.load import load_protocol
from planner.protocol.document import Document, Mark
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model
from planner.timeline.record import Actual, Record
from planner.timeline.replay import Replay, Replayer, WindowCount

LZZT = load_protocol(str(Path(__file__).parents[2] / "examples" / "lzzt.yaml")).protocol
BASELINE = date(2026, 1, 12)


def protocol(**timings: Any) -> Protocol:
    """A protocol with a baseline and a visit for each timing."""
    visits = [{"id": "baseline"}, *({"id": name, "after": rule} for name, rule in timings.items())]
    data = {
        "format": "1", "id": "x", "title": "X", "version": "1", "status": "illustrative",
        "design": "open-label", "anchor": "baseline",
        "conventions": {"target_without_window": "preferred"},
        "epochs": [{"id": "treatment", "visits": visits}],
    }  # fmt: skip
    return validate_model(Protocol, Document("x.yaml", data, Mark(1, 1, None), []))


def record(**days: int | None) -> Record:
    """A record whose visits lie so many days after the baseline."""
    actuals = [
        Actual(visit=name.replace("_", "-"), status="planned")
        if far is None
        else Actual(
            visit=name.replace("_", "-"),
            status="occurred",
            start=str(BASELINE + timedelta(days=far)),
        )
        for name, far in days.items()
    ]
    return Record(participant="P001", visits=tuple(actuals))


def counts(of: Protocol, *records: Record, anchor: date | None = BASELINE, **days: int) -> Replay:
    replayer = Replayer(of)
    for one in records:
        replayer.add(one, anchor)
    return replayer.result({name.replace("_", "-"): day for name, day in days.items()})


def test_both_ends_of_a_window_lie_inside() -> None:
    two_weeks = protocol(v={"visit": "baseline", "target": "2w", "within": "±3d"})
    found = counts(two_weeks, *(record(baseline=0, v=far) for far in (10, 11, 14, 17, 18)))
    assert found.by_distance == WindowCount(inside=3, before=1, after=1)


def test_by_day_number_day_14_is_13_days_after_the_baseline() -> None:
    two_weeks = protocol(v={"visit": "baseline", "target": "2w", "within": "±3d"})
    found = counts(two_weeks, *(record(baseline=0, v=far) for far in (10, 11, 14, 17, 18)))
    assert found.by_day_number == WindowCount(inside=3, before=0, after=2)
    assert found.visits[0].shift == -1


def test_data_whose_baseline_is_day_0_or_whose_numbers_are_the_files_say_the_same() -> None:
    two_weeks = protocol(v={"visit": "baseline", "target": "2w", "within": "±3d"})
    for numbers in ({"baseline": 0, "v": 14}, {"baseline": 1, "v": 15}, {"v": 15}):
        assert counts(two_weeks, record(v=17), **numbers).visits[0].shift == 0


def test_only_windows_with_both_ends_are_counted() -> None:
    of = protocol(
        a={"visit": "baseline", "target": "2w"},
        b={"visit": "baseline", "within": "2w.."},
        c={"visit": "baseline", "within": "24h..48h"},
        d={"visit": "baseline", "within": "1d..2d"},
    )
    found = counts(of, record(baseline=0, a=14, b=1, c=1, d=1))
    assert [one.visit for one in found.visits] == ["d"]
    assert found.not_counted == {"before": 1, "no_window": 3}


def test_a_window_counts_from_where_its_reference_really_lay_and_is_not_renumbered() -> None:
    of = protocol(
        a={"visit": "baseline", "within": "1w..2w"},
        b={"visit": "a", "target": "1w", "within": "±1d"},
    )
    found = counts(of, record(baseline=0, a=20, b=28), record(baseline=0, b=28))
    assert found.visits[1].by_distance == WindowCount(inside=1)
    assert found.visits[1].shift == 0
    assert found.not_counted["no_reference"] == 1


def test_months_are_those_of_the_calendar() -> None:
    of = protocol(v={"visit": "baseline", "within": "1mo..1mo"})
    found = counts(of, *(record(v=far) for far in (30, 31, 32)))
    assert found.by_distance == WindowCount(1, 1, 1)


def test_of_several_windows_the_one_missed_by_most_decides() -> None:
    of = protocol(
        a={"visit": "baseline", "within": "1w..2w"},
        b=[{"visit": "baseline", "within": "3w..4w"}, {"visit": "a", "within": "1d..3d"}],
    )
    found = counts(of, record(baseline=0, a=7, b=20), record(baseline=0, a=18, b=20))
    assert found.visits[1].by_distance == WindowCount(inside=0, before=1, after=1)


def test_what_is_not_counted_says_why() -> None:
    of = protocol(v={"visit": "baseline", "within": "1d..2d"})
    extra = Actual(visit="extra", status="unscheduled", start="2026-01-14")
    missed = Actual(visit="v", status="missed")
    whole = record(baseline=0, v=1)
    twice = Record(participant="P002", visits=(*whole.visits, extra, whole.visits[1]))
    absent = Record(participant="P003", visits=(missed,))
    found = counts(of, twice, absent, record(v=None))
    assert found.by_distance == WindowCount(inside=1)
    assert found.subjects == 1
    assert found.not_counted == {
        "unscheduled": 1, "before": 1, "again": 1, "not_held": 1, "no_date": 1,
    }  # fmt: skip
    found = counts(of, whole, anchor=None)
    assert found.not_counted == {"subjects": 1, "theirs": 2}
    assert found.by_distance.total == 0


def test_of_a_visit_recorded_twice_the_last_date_is_counted() -> None:
    of = protocol(v={"visit": "baseline", "within": "1d..2d"})
    both = Record(participant="P001", visits=(*record(v=1).visits, *record(v=9).visits))
    assert counts(of, both).by_distance == WindowCount(after=1)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["week-2", "week-10-t", "week-12", "week-26", "retrieval"]),
            st.integers(-30, 260),
        ),
        max_size=6,
    )
)
def test_plain_arithmetic_counts_the_same(people: list[dict[str, int]]) -> None:
    windows: dict[str, tuple[int, int]] = {
        "week-2": (14, 3),
        "week-12": (84, 4),
        "week-26": (182, 3),
    }
    expected = [[0, 0, 0], [0, 0, 0]]
    for days in people:
        for name, far in days.items():
            for convention, shift in enumerate((0, -1)):
                if name in windows:
                    target, room = windows[name]
                    off = far - target - shift
                    expected[convention][0 if abs(off) <= room else 1 if off < 0 else 2] += 1
    found = counts(LZZT, *(record(**days) for days in people))
    assert [list(found.by_distance), list(found.by_day_number)] == expected


def test_the_nine_clinic_visits_of_the_pilot_study_have_windows() -> None:
    assert counts(LZZT).by_distance == WindowCount()
    assert {one.reference for one in counts(LZZT).visits} == {"baseline"}
    assert len(counts(LZZT).visits) == 9
