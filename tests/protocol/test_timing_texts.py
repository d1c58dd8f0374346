"""Short texts of schedules: what is read, what is refused, and that nothing is guessed."""

import csv
import re
from pathlib import Path

import pytest
import yaml
from shared import SAMPLES

from planner.protocol.timing_text.context import Context, named_context
from planner.protocol.timing_text.files import answers, read_texts, tally
from planner.protocol.timing_text.labels import label_distances, title_times
from planner.protocol.timing_text.read_timing import read_timing
from planner.protocol.timing_text.timing import TextTiming, Unparsed
from planner.protocol.visit import Timing
from planner.time.distance import CalendarDistance, ClockDistance, Tolerance, Window

HERE = Path(__file__).parent


def pinned(name: str) -> list[dict[str, str]]:
    with open(HERE / f"timing_texts_{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def context_of(row: dict[str, str]) -> Context:
    return Context(
        row["property_type"] or None, row["property_name"] or None, row["column"] or None
    )


def shown(reading: TextTiming | Unparsed) -> tuple[str, str]:
    if isinstance(reading, Unparsed):
        return reading.why, ""
    return reading.kind, reading.written()


@pytest.mark.parametrize("name", ["collection", "invented"])
def test_every_pinned_text_is_read_as_it_is_meant(name: str) -> None:
    wrong = {
        (row["text"], row["property_name"]): shown(read_timing(row["text"], context_of(row)))
        for row in pinned(name)
        if shown(read_timing(row["text"], context_of(row))) != (row["kind"], row["written"])
    }
    assert wrong == {}


def test_many_texts_are_pinned_that_no_collection_gave() -> None:
    texts = {row["text"] for row in pinned("invented")}
    assert len(texts - {row["text"] for row in pinned("collection")}) > 300


def collection() -> Path:
    path = SAMPLES / "soa" / "timing_strings.csv"
    if not path.exists():
        pytest.skip(f"the shared samples are not in {SAMPLES}; set PLANNER_SHARED")
    return path


def test_nine_tenths_of_the_collection_that_carry_a_time_are_read() -> None:
    counts = tally(answers(read_texts(str(collection()), Context())))
    assert (counts.texts, counts.carrying) == (154, 140)
    assert counts.read >= 0.9 * counts.carrying


def test_what_is_read_of_the_collection_is_just_what_is_pinned() -> None:
    found = {
        (one.text, one.context.property_type, one.context.property_name, *shown(one.reading))
        for one in answers(read_texts(str(collection()), Context()))
    }
    expected = {
        (row["text"], row["property_type"], row["property_name"], row["kind"], row["written"])
        for row in pinned("collection")
    }
    assert found == expected


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Day-14", ("day 14", "day -14")),
        ("biweekly", ("every 2w", "2 times every 1w")),
        ("30 m", ("months", "minutes")),
        ("Week 12 ± 1", ("±1d", "±1w")),
        ("1,5 h", ("a decimal comma", "two amounts")),
        ("Within 7 days of first dose", ("7d before", "7d after", "±7d")),
        ("Day 1 post-dose", ("on that day, after it", "a day after it")),
        ("+7 days", ("so much later", "a window")),
    ],
)
def test_a_text_with_two_meanings_is_refused_with_both(
    text: str, readings: tuple[str, ...]
) -> None:
    found = read_timing(text)
    assert isinstance(found, Unparsed)
    assert (found.why, found.readings) == ("ambiguous", readings)


def test_a_bare_number_is_what_its_heading_says() -> None:
    day = read_timing("15±3", Context("study_day", "Day"))
    assert isinstance(day, TextTiming)
    assert (day.target, day.window) == (days(14), Tolerance(days(3), days(3)))
    window = read_timing("-7 to 0", Context("window", "Visit Window (Days)"))
    assert isinstance(window, TextTiming)
    assert window.window == Tolerance(days(7), days(0))
    cycle = read_timing("4 and Beyond (if Applicable)", Context("cycle", "Cycle"))
    assert isinstance(cycle, TextTiming)
    assert cycle.written() == "cycle: 4.."
    assert cycle.notes == ("(if Applicable)",)
    bare = read_timing("15±3")
    assert isinstance(bare, Unparsed)
    assert bare.why == "ambiguous"


def test_days_have_no_day_0_unless_the_text_or_its_table_has_one() -> None:
    one = read_timing("Day 15")
    assert isinstance(one, TextTiming)
    assert one.target == days(14)
    zero = read_timing("Days 0, 15")
    assert isinstance(zero, TextTiming)
    assert [part.target for part in zero.parts] == [days(0), days(15)]
    table = read_timing("15", Context("study_day", "Day", None, day_zero=True))
    assert isinstance(table, TextTiming)
    assert table.target == days(15)
    assert one.convention != zero.parts[0].convention == table.convention


def test_negative_days_lie_before_the_anchor_under_either_convention() -> None:
    screening = read_timing("Day -28 to -1")
    assert isinstance(screening, TextTiming)
    assert screening.window == Window(days(-28), days(-1))


def test_a_bound_in_a_screening_column_counts_back_from_day_1() -> None:
    column = "Screening / ≤28"
    found = read_timing("≤28", Context("study_day", "Study Day", column))
    assert isinstance(found, TextTiming)
    assert (found.direction, found.window) == ("before", Window(days(0), days(28)))
    assert isinstance(read_timing("≤28", Context("study_day", "Study Day", "Treatment")), Unparsed)


def test_the_alternatives_of_a_text_are_readings_of_their_own() -> None:
    found = read_timing("58 or ETV + 8 weeks after last dose", Context("week", "Week"))
    assert isinstance(found, TextTiming)
    assert found.kind == "either"
    week, distance = found.parts
    assert week.target == days(58 * 7)
    assert (distance.target, distance.reference) == (days(56), "last dose")
    assert any(note.startswith("ETV") for note in distance.notes)


def test_a_footnote_mark_is_no_part_of_a_number() -> None:
    assert shown(read_timing("Week 4²")) == ("week", "target: 4w")
    assert shown(read_timing("Day 29a")) == ("study day", "target: 28d")
    assert isinstance(read_timing("Day 1d"), Unparsed)


@pytest.mark.parametrize(
    "text", ["Screening", "—", "", "V801", "Follow-Up", "See Section 6.1", "EOT", "Visit 3", "N/A"]
)
def test_a_name_carries_no_time(text: str) -> None:
    found = read_timing(text)
    assert isinstance(found, Unparsed)
    assert not found.carries_time


def test_what_is_rounded_says_so() -> None:
    found = read_timing("-.3", Context("week", "WEEK"))
    assert isinstance(found, TextTiming)
    assert found.target == days(-2)
    assert found.notes == ("-0.3w is -2.1d, here -2d",)
    assert isinstance(read_timing("2.5 weeks"), Unparsed)


@pytest.mark.parametrize(
    ("words", "unit"),
    [("study day", "d"), ("visit window (days)", "d"), ("Time (h)", "h"), ("week", "w")],
)
def test_a_few_words_name_a_context(words: str, unit: str) -> None:
    assert named_context(words).unit == unit


@pytest.mark.parametrize(
    ("label", "distances", "window"),
    [
        ("Week 12", ("12w",), None),
        ("Day 14", ("2w", "13d"), None),
        ("2 Weeks", ("2w",), None),
        ("-2..4 days", (), "-2d..4d"),
        ("-4..0 hours", (), "-4h..0min"),
        ("0.. 11 Days", (), "0d..11d"),
        ("2..2 Days", (), "2d"),
        ("Week 8 Home", ("8w",), None),
        ("30 min before", ("-30min",), None),
        ("0 mins", ("0min",), None),
        ("-28 Days", ("-4w",), None),
        ("Week 12 (±3 days)", ("12w",), "±3d"),
    ],
)
def test_a_label_says_a_distance_or_a_window(
    label: str, distances: tuple[str, ...], window: str | None
) -> None:
    found = label_distances(label)
    assert found is not None
    assert tuple(map(str, found.distances)) == distances
    assert (None if found.window is None else str(found.window)) == window


@pytest.mark.parametrize("label", ["Screening", "15", "V801", "", "Week 4 Day 1", "Dosing"])
def test_a_label_that_cannot_be_compared_says_nothing(label: str) -> None:
    assert label_distances(label) is None


def days(number: int) -> CalendarDistance:
    return CalendarDistance(0, number)


def test_hours_around_a_day_are_elapsed_time() -> None:
    found = read_timing("Day 2 (±4 h)")
    assert isinstance(found, TextTiming)
    assert found.target == ClockDistance(24 * 60)
    assert isinstance(read_timing("24 h ± 1 day"), Unparsed)


@pytest.mark.parametrize(
    ("text", "heading", "written"),
    [
        ("28 days", "Cycle Length (days)", "length: 28d"),
        ("28", "Cycle Length (days)", "length: 28d"),
        ("3 weeks", "Cycle Length", "length: 3w"),
    ],
)
def test_under_the_length_of_a_cycle_stands_a_length(text: str, heading: str, written: str) -> None:
    found = read_timing(text, Context("period", heading))
    assert isinstance(found, TextTiming)
    assert found.written() == written


def test_a_length_without_its_unit_is_refused() -> None:
    found = read_timing("28", Context("period", "Cycle Length"))
    assert isinstance(found, Unparsed)
    assert found.why == "ambiguous"


@pytest.mark.parametrize(
    ("title", "times"),
    [
        ("Week 12", ["week 12: 12w"]),
        ("Day 15, dose 5", ["day 15: 15d or 2w"]),
        ("Visit 4 Day 8", ["day 8: 8d or 1w"]),
        ("Visit 5/Week 8", ["week 8: 8w"]),
        ("Day -7", ["day -7: -1w"]),
        ("Day 7 -1/+2", ["day 7: 1w or 6d, then 1"]),
        ("Day 15 (±3 days)", ["day 15: 15d or 2w"]),
        ("Day 1 after the dosing session", ["day 1: 1d or 0d, then after"]),
        ("6-month follow-up", ["6-month: 6mo, then follow"]),
        ("Assessment 2 weeks after the session", ["2 weeks: 2w, then after"]),
        ("Screening + 30 days", ["30 days: 30d"]),
        ("Day 8 or week 2", ["day 8: 8d or 1w, then or", "week 2: 2w"]),
        ("Week 4 Day 1", ["week 4: 4w, then day", "day 1: 1d or 0d"]),
        ("Weeks 1, 2 and 4", []),
        ("Week 1-4 diary", []),
        ("Day -28 to -1", []),
        ("30 to 37 days after the last session", []),
        ("Within ±3 days", []),
        ("Session 2 of 3", []),
        ("Day 8a", []),
        ("q28 days", []),
        ("Week-12", []),
        ("Last dose day + 30", []),
        ("Daily life", []),
        ("\x1b", []),
    ],
)
def test_the_times_that_a_title_names(title: str, times: list[str]) -> None:
    shown = []
    for one in title_times(title):
        then = f", then {one.following}" if one.following else ""
        shown.append(f"{one.text}: {' or '.join(map(str, one.distances))}{then}")
    assert shown == times


@pytest.mark.parametrize(
    "text", ["Week 12", "Day 15", "Day -7", "6 months", "12-week", "2 weeks", "0 days", "Year 1"]
)
def test_a_title_that_is_a_label_says_what_the_label_says(text: str) -> None:
    label = label_distances(text)
    assert label is not None
    assert [one.distances for one in title_times(text)] == [label.distances]


KEYS = ("visit", "within", "target", "every", "until")


def timings_of(written: str) -> list[dict[str, str]]:
    """The timings that stand in what is written; numbers of cycles, periods and visits are none."""
    timings = []
    for part in re.split("; then |; | [|] ", written):
        data = yaml.load("{" + part + "}", Loader=yaml.BaseLoader)
        for side in ("after", "before"):
            data |= data.pop(side, {})
        timing = {key: value for key, value in data.items() if key in KEYS}
        if timing.keys() & {"within", "target", "every"}:
            timings.append({"visit": "baseline", **timing})
    return timings


@pytest.mark.parametrize("name", ["collection", "invented"])
def test_what_is_written_of_a_text_is_a_timing_of_a_protocol_file(name: str) -> None:
    checked = 0
    for row in pinned(name):
        for timing in timings_of(row["written"]):
            # What a text leaves open: how often a decision can be waited for, and the date around
            # which a window alone lies.
            if timing.get("until", "1")[0].isalpha():
                timing["at_most"] = "9"
            if timing.keys() == {"visit", "within"} and timing["within"][0] in "±-":
                timing["target"] = "1w" if timing["within"][-1] in "dwoy" else "24h"
            Timing.model_validate(timing)
            checked += 1
    assert checked > 100


@pytest.mark.parametrize(
    "text",
    [
        "Every 3 months until May 31, 2019 (see Appendix 19)",
        "Every 3 months until May 31, 2019",
        "Every 3 months until 31 May 2019",
    ],
)
def test_an_end_on_the_calendar_is_refused(text: str) -> None:
    reading = read_timing(text)
    assert isinstance(reading, Unparsed)
    assert (reading.why, reading.message) == ("not understood", "it holds a date")
