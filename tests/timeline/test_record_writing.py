"""A record that is written is read again as it was."""

from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.text import one_line
from planner.timeline.record import Actual, Moment, Record, VersionFrom
from planner.timeline.record_reading import read_record
from planner.timeline.record_writing import record_csv, record_yaml

TEXTS = st.text(min_size=1, max_size=30).filter(lambda text: bool(one_line(text)))
DAYS = st.dates(date(1950, 1, 1), date(2150, 1, 1))
ZONES = st.none() | st.integers(-12 * 60, 14 * 60)
MOMENTS = st.tuples(DAYS, st.none(), st.none()) | st.tuples(DAYS, st.integers(0, 1439), ZONES)


@st.composite
def actuals(draw: st.DrawFn) -> Actual:
    says: dict[str, object] = {
        "visit": draw(st.sampled_from(["true", "dosing", "x-1", "7", "null"]))
    }
    says["status"] = draw(st.sampled_from(["occurred", "missed", "not-applicable", "unscheduled"]))
    says["start"] = Moment(*draw(MOMENTS))
    for name, values in (("occurrence", st.integers(1, 2000)), ("reason", TEXTS), ("note", TEXTS)):
        if draw(st.booleans()):
            value = draw(values)
            says[name] = one_line(value) if isinstance(value, str) else value
    return Actual(**says)


@given(st.lists(actuals(), max_size=4), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_again(
    tmp_path: Path, visits: list[Actual], with_more: bool
) -> None:
    more = {
        "protocol": "lzzt", "arm": "placebo", "start": date(2026, 1, 12),
        "facts": {"remission": True, "score": 7, "answer": "yes: {no}"},
        "gates": {"consent": date(2026, 1, 1)},
        "versions": (VersionFrom(version="1.0", start=date(2026, 1, 1)),),
    }  # fmt: skip
    record = Record(participant="P001", visits=tuple(visits), **(more if with_more else {}))
    path = tmp_path / "P001.yaml"
    path.write_text(record_yaml(record), encoding="utf-8")
    assert read_record(str(path)).record == record


@given(st.lists(actuals(), max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_visits_are_read_again_from_csv(tmp_path: Path, visits: list[Actual]) -> None:
    path = tmp_path / "P001.csv"
    path.write_text(record_csv(Record(participant="P001", visits=tuple(visits))), encoding="utf-8")
    found = read_record(str(path)).record.visits
    assert [(one.visit, one.status, one.start) for one in found] == [
        (one.visit, one.status, one.start) for one in visits
    ]


def test_a_spreadsheet_runs_nothing_that_a_reason_says() -> None:
    actual = Actual(visit="v", status="missed", reason='=HYPERLINK("http://x")')
    text = record_csv(Record(participant="P001", visits=(actual,)))
    assert "\"'=HYPERLINK" in text
