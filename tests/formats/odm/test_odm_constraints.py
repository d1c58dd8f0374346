"""Single constraints: what each target, window and Type becomes under each reading."""

from pathlib import Path

import pytest
from formats.odm.odm_text import odm, read, relative, timings, told, visits, workflow
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.odm.distances import TARGETS, Targets, allowed, read_duration
from planner.time.distance import CalendarDistance, UnitError


def window(pre: str | None, post: str | None, target: str = "P14D") -> str:
    made = f'TimepointRelativeTarget="{target}"'
    if pre is not None:
        made += f' TimepointPreWindow="{pre}"'
    return made if post is None else f'{made} TimepointPostWindow="{post}"'


@pytest.mark.parametrize(
    ("pre", "post", "targets", "expected"),
    [
        ("P2D", "P4D", "exact", {"target": "2w", "within": "12d..18d"}),
        ("P3D", "P3D", "ceiling", {"target": "2w", "within": "±3d"}),
        (None, None, "exact", {"target": "2w"}),
        (None, None, "preferred", {"target": "2w"}),
        (None, None, "ceiling", {"target": "2w", "within": "0d..2w"}),
        ("P2D", None, "exact", {"target": "2w", "within": "12d..2w"}),
        ("P2D", None, "preferred", {"target": "2w", "within": "12d.."}),
        ("P2D", None, "ceiling", {"target": "2w", "within": "12d..2w"}),
        (None, "P2D", "exact", {"target": "2w", "within": "2w..16d"}),
        (None, "P2D", "preferred", {"target": "2w", "within": "0d..16d"}),
        (None, "P2D", "ceiling", {"target": "2w", "within": "0d..16d"}),
        ("P0D", "P0D", "preferred", {"target": "2w", "within": "±0d"}),
        ("", " ", "exact", {"target": "2w"}),
    ],
)
def test_a_window_under_each_reading(
    tmp_path: Path, pre: str | None, post: str | None, targets: str, expected: dict[str, str]
) -> None:
    imported = read(tmp_path, odm(relative(window(pre, post))), targets=targets)
    assert timings(imported, "visit-b") == [{"visit": "visit-a", **expected}]
    open_side = not (pre or "").strip() or not (post or "").strip()
    assert any("can also be" in one for one in told(imported, "reading")) == open_side


def test_preferred_targets_are_preferred_in_the_file_too(tmp_path: Path) -> None:
    data = read(tmp_path, odm(relative(window(None, None))), targets="preferred").document.data
    assert isinstance(data, dict)
    assert data["conventions"] == {"target_without_window": "preferred"}


def test_a_ceiling_before_the_reference_reaches_up_to_it(tmp_path: Path) -> None:
    imported = read(tmp_path, odm(relative(window(None, None, "-P7D"))), targets="ceiling")
    assert timings(imported, "visit-b") == [
        {"visit": "visit-a", "target": "-1w", "within": "-1w..0d"}
    ]


@pytest.mark.parametrize(
    ("target", "pre", "post", "expected"),
    [
        ("P2D", "PT4H", "PT0S", {"target": "48h", "within": "44h..48h"}),
        ("PT8H", "P1D", "P1D", {"target": "8h", "within": "±24h"}),
        ("P1DT12H", "PT1H", "PT1H", {"target": "36h", "within": "±1h"}),
        ("P1Y", None, "P1M", {"target": "1y", "within": "1y..1y1mo"}),
        ("P2M", "P7D", None, {"target": "2mo", "within": "-7d/+0d"}),
        ("P14M", "P1W", "P1W", {"target": "1y2mo", "within": "±1w"}),
    ],
)
def test_days_hours_and_months(
    tmp_path: Path, target: str, pre: str | None, post: str | None, expected: dict[str, str]
) -> None:
    imported = read(tmp_path, odm(relative(window(pre, post, target))))
    assert timings(imported, "visit-b") == [{"visit": "visit-a", **expected}]


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        (window("P2D", "-P4D"), "ends before the target"),
        (window(None, None, "two weeks"), "`two weeks` is not an ISO 8601 duration"),
        (window(None, None, "P"), "`P` is not an ISO 8601 duration"),
        (window(None, None, "PT90S"), "counts seconds"),
        (window(None, None, "P1MT4H"), "mixes calendar months with hours"),
        (window("PT4H", None, "P1M"), "months and hours do not mix"),
        (window(None, None, "P99999Y"), "longer than 20 years"),
        (window(None, None, "P" + "9" * 3000 + "D"), "is not an ISO 8601 duration"),
        (window(None, None, ""), "has no TimepointRelativeTarget"),
        ("", "has no TimepointRelativeTarget"),
    ],
)
def test_what_cannot_be_read_is_a_mistake_and_no_rule(
    tmp_path: Path, attributes: str, words: str
) -> None:
    imported = read(tmp_path, odm(relative(attributes)))
    assert timings(imported, "visit-b") == []
    assert any(words in one for one in told(imported, "mistake"))


def test_a_type_that_does_not_exist_is_read_as_start_to_start(tmp_path: Path) -> None:
    imported = read(tmp_path, odm(relative(window("P1D", "P1D") + ' Type="EndToEnd"')))
    assert timings(imported, "visit-b")[0]["visit"] == "visit-a"
    assert any("the Type `EndToEnd` is none of" in one for one in told(imported, "mistake"))


def test_constraints_without_a_type_are_told_together(tmp_path: Path) -> None:
    both = relative(window("P1D", "P1D")) + relative(window("P1D", "P1D"), "TIM.2", ("A", "C"))
    found = [one for one in told(read(tmp_path, odm(both)), "reading") if "no Type" in one]
    assert len(found) == 1
    assert found[0].startswith("2 constraints have no Type and are read as StartToStart")


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (("A", "X"), "the constraint is about `SE.X`, which is not defined"),
        (("A", "A"), "the constraint counts a visit from itself"),
    ],
)
def test_ends_that_are_no_two_visits(tmp_path: Path, ends: tuple[str, str], words: str) -> None:
    imported = read(tmp_path, odm(relative(window(None, None), ends=ends)))
    assert all("after" not in visit for visit in visits(imported).values())
    assert words in told(imported, "mistake")


def test_a_constraint_without_a_predecessor_is_a_mistake(tmp_path: Path) -> None:
    text = relative(window(None, None)).replace('PredecessorOID="SE.A"', "")
    assert "the constraint has no PredecessorOID" in told(read(tmp_path, odm(text)), "mistake")


def test_a_visit_keeps_one_target_and_every_window(tmp_path: Path) -> None:
    text = odm(
        relative(window("P1D", "P1D"), "TIM.1", ("A", "C"))
        + relative(window("P7D", "P7D", "P2M"), "TIM.2", ("B", "C"))
        + relative(window("P3D", "P3D", "P3M"), "TIM.3", ("D", "C")),
        events="A B C D",
    )
    imported = read(tmp_path, text)
    assert timings(imported, "visit-c") == [
        {"visit": "visit-a", "within": "13d..15d"},
        {"visit": "visit-b", "target": "2mo", "within": "±1w"},
        # Three months are 89 to 92 days, and months less some days cannot be written.
        {"visit": "visit-d", "within": "86d..95d"},
    ]
    assert any("is written as 86d..95d" in one for one in told(imported, "reading"))


def test_a_second_preference_has_no_place(tmp_path: Path) -> None:
    text = odm(
        relative(window(None, None), "TIM.1", ("A", "C"))
        + relative(window(None, None), "TIM.2", ("B", "C"))
    )
    imported = read(tmp_path, text, targets="preferred")
    assert timings(imported, "visit-c") == [{"visit": "visit-a", "target": "2w"}]
    assert any("is only preferred" in one for one in told(imported, "left-out"))


def test_the_same_rule_said_twice_is_one_rule_with_both_oids(tmp_path: Path) -> None:
    imported = read(
        tmp_path,
        odm(relative(window("P1D", "P1D")) + relative(window("P1D", "P1D"), "TIM.2")),
    )
    assert len(timings(imported, "visit-b")) == 1
    (timing,) = [visits(imported)["visit-b"]["after"]]
    assert isinstance(timing, dict)
    assert "TIM.1," in timing["note"]
    assert "TIM.2," in timing["note"]


@pytest.mark.parametrize(
    ("attributes", "duration"),
    [
        ('DurationTarget="PT90M"', "90min"),
        ('DurationTarget="PT2H" DurationPreWindow="PT30M" DurationPostWindow="PT1H"', "90min..3h"),
        ('DurationTarget="P1D"', None),
        ('DurationTarget="-PT1H"', None),
        ('DurationTarget="PT900H"', None),
        ("", None),
    ],
)
def test_lengths_of_visits(tmp_path: Path, attributes: str, duration: str | None) -> None:
    text = f'<DurationTimingConstraint OID="D" Name="n" StructuralElementOID="SE.A" {attributes}/>'
    imported = read(tmp_path, odm(text))
    found = visits(imported)["visit-a"].get("duration")
    assert (found["value"] if isinstance(found, dict) else None) == duration
    assert duration is not None or told(imported, "left-out") or told(imported, "mistake")


def test_a_transition_timing_about_another_workflow_has_no_place(tmp_path: Path) -> None:
    text = (
        '<TransitionTimingConstraint OID="T" TransitionOID="TR.B-C" TimepointTarget="P1D"/>'
        '<TransitionTimingConstraint OID="U" TransitionOID="TR.X" TimepointTarget="P1D"/>'
    )
    other = workflow("B>C", start="SE.B").replace('OID="WF"', 'OID="WF2"')
    imported = read(tmp_path, odm(text, workflow("A>B") + other), workflow="WF")
    assert any(
        "`TR.B-C`, which the workflow that is read" in one for one in told(imported, "left-out")
    )
    assert any("`TR.X`, which is not defined" in one for one in told(imported, "mistake"))


days = st.integers(0, 60).map(lambda number: f"P{number}D")


@given(days, st.none() | days, st.none() | days, st.sampled_from(TARGETS))
def test_every_reading_allows_the_target_and_what_the_windows_say(
    target: str, pre: str | None, post: str | None, targets: Targets
) -> None:
    found = allowed(target, pre, post, targets)
    aim = int(target[1:-1])
    if found.within is None:
        assert targets == "preferred"
        return
    ends = found.within.earliest, found.within.latest
    first, last = (None if end is None else end.days for end in ends)  # type: ignore[union-attr]
    assert first is None or first <= aim
    assert last is None or aim <= last
    if pre is not None:
        assert first == aim - int(pre[1:-1])
    if post is not None:
        assert last == aim + int(post[1:-1])
    if found.tolerance is not None:
        assert found.tolerance.around(found.target) == found.within


@given(st.text(max_size=20) | st.from_regex(r"-?P[0-9YMWDTHS.]{0,12}", fullmatch=True))
def test_any_text_is_a_duration_or_a_mistake(text: str) -> None:
    try:
        distance, _ = read_duration(text)
    except UnitError:
        return
    assert text.lstrip("+-").startswith("P")
    assert not isinstance(distance, CalendarDistance) or distance.months * distance.days >= 0
