"""Temporal nonsense that official engines let pass, put into every place of three studies.

Each mutation has to be found with the right check at the right JSON path and line.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from linted_studies import NAMES, Case, Json, case, ids, own_study

from planner.checks.finding import Finding
from planner.formats.usdm.lint.span import read_duration

Path = tuple[str | int, ...]
FROM, TO = "relativeFromScheduledInstanceId", "relativeToScheduledInstanceId"
AFTER = {"code": "C201356", "decode": "After"}
BEFORE = {"code": "C201357", "decode": "Before"}


@pytest.fixture(params=NAMES)
def whole(request: pytest.FixtureRequest) -> Case:
    return case(request.param)


def timings(whole: Case) -> Iterator[tuple[Path, Json, Json]]:
    """Each timing that is no fixed reference: its path, itself, and its timeline."""
    for path, timeline in whole.timelines():
        for at, timing in enumerate(timeline["timings"]):
            if timing["type"]["decode"] != "Fixed Reference":
                yield (*path, "timings", at), timing, timeline


def new(whole: Case, before: list[Finding], check: str) -> list[Finding]:
    return [one for one in whole.findings() if one.check == check and one not in before]


def at(findings: list[Finding], path: Path) -> list[Finding]:
    """Findings at a path, or that name it as related."""
    return [
        one
        for one in findings
        if one.path == path or any(other.path == path[: len(other.path)] for other in one.related)
    ]


class Changed:
    """An object with other fields for a while."""

    def __init__(self, part: Json, **fields: Any) -> None:
        self.part, self.fields, self.kept = part, fields, dict(part)

    def __enter__(self) -> None:
        self.part.update(self.fields)

    def __exit__(self, *_: object) -> None:
        self.part.clear()
        self.part.update(self.kept)


def test_the_clean_study_gives_no_finding() -> None:
    assert case("own").findings() == []
    assert len(own_study()["study"]["versions"][0]["studyDesigns"][0]["encounters"]) == 8


def seconds(timing: Json) -> int:
    read = read_duration(timing["value"])
    assert read is not None
    sign = -1 if timing["type"]["decode"] == "Before" else 1
    return sign * read.amount.seconds


def test_two_visits_that_change_places_in_time_are_in_the_wrong_order(whole: Case) -> None:
    before = whole.findings()
    tried = 0
    by_chain: list[tuple[tuple[Path, Json], tuple[Path, Json]]] = []
    for path, timeline in whole.timelines():
        timed = {one[FROM]: at for at, one in enumerate(timeline["timings"])}
        next_of = {one["id"]: one["defaultConditionId"] for one in timeline["instances"]}
        for one, following in next_of.items():
            pair = [timed.get(one), timed.get(following)]
            if None in pair:
                continue
            first, second = (timeline["timings"][at] for at in pair)
            kinds = {one["type"]["decode"] for one in (first, second)}
            same = first[TO] == second[TO] and "Fixed Reference" not in kinds
            if same and seconds(first) < seconds(second):
                places = [(*path, "timings", at) for at in pair]
                by_chain.append(((places[0], first), (places[1], second)))
    for (path, first), (other, second) in by_chain:
        tried += 1
        one, two = ({name: part[name] for name in ("type", "value")} for part in (first, second))
        with Changed(first, **two), Changed(second, **one):
            found = new(whole, before, "order-inverted")
        here = [one for one in found if one.path in ((*path, "value"), (*other, "value"))]
        assert here, path
        assert '"value"' in whole.line(here[0].path)
    assert tried >= 4


def test_a_visit_years_before_its_place_is_in_the_wrong_order(whole: Case) -> None:
    before = whole.findings()
    for path, timing, timeline in timings(whole):
        counted = {one[FROM] for one in timeline["timings"] if one[TO] == timing[FROM]}
        if timing[FROM] == timeline["entryId"] or timeline["entryId"] in counted:
            continue  # all that precedes it moves along
        with Changed(timing, type=BEFORE, value="P9Y"):
            found = new(whole, before, "order-inverted")
        clean = not any(
            one.check == "order-inverted" and one.path[:8] == path[:8] for one in before
        )
        if clean and not counted:  # else another one can be blamed as well
            assert [one.path for one in found] == [(*path, "value")], timing["name"]
        assert found, timing["name"]
        assert '"value"' in whole.line(found[0].path)


def test_a_visit_years_after_its_place_is_in_the_wrong_order(whole: Case) -> None:
    before = whole.findings()
    for path, timing, timeline in timings(whole):
        last = next(one for one in timeline["instances"] if one["timelineExitId"])
        counted = {one[TO] for one in timeline["timings"]}
        if timing[FROM] == last["id"] or timing[FROM] in counted:
            continue  # what is counted from it moves along
        with Changed(timing, type=AFTER, value="P9Y"):
            found = at(new(whole, before, "order-inverted"), (*path, "value"))
        assert found, path


@pytest.mark.parametrize("sides", [("P40D", "P40D"), ("P0D", "P40D"), ("P40D", "P0D")])
def test_windows_of_forty_days_reach_over_their_neighbours(
    whole: Case, sides: tuple[str, str]
) -> None:
    before = whole.findings()
    reached = 0
    for path, timing, _ in timings(whole):
        lower, upper = sides
        with Changed(timing, windowLower=lower, windowUpper=upper):
            found = new(whole, before, "window-swallows") + new(whole, before, "windows-overlap")
        at_window = [one for one in found if one.path[:-1] == path]
        reached += bool(at_window)
        if sides == ("P40D", "P40D"):
            assert at_window, timing["name"]
        for one in at_window:
            field = one.path[-1]
            assert field in ("windowLower", "windowUpper")
            assert f'"{field}"' in whole.line(one.path)
    assert reached >= 5


def test_two_timings_from_each_other_are_a_cycle(whole: Case) -> None:
    before = whole.findings()
    tried = 0
    everything = list(timings(whole))
    for (path, first, timeline), (other, second, elsewhere) in pairwise(everything):
        if timeline is not elsewhere:
            continue
        tried += 1
        with Changed(first, **{TO: second[FROM]}), Changed(second, **{TO: first[FROM]}):
            (found,) = new(whole, before, "timing-cycle")
        assert found.path == (*path, TO)
        assert [one.path for one in found.related] == [other]
        assert f'"{TO}"' in whole.line(found.path)
        assert found.message.startswith("2 instances are timed from each other in a circle")
    assert tried >= 5


def test_a_second_timing_that_no_date_satisfies_with_the_first_is_a_contradiction(
    whole: Case,
) -> None:
    before = whole.findings()
    for path, timing, timeline in timings(whole):
        listed = timeline["timings"]
        listed.append({**timing, "id": "another", "name": "another", "value": "P9Y"})
        found = new(whole, before, "contradictory-timings")
        listed.pop()
        (one,) = found
        assert one.path == (*path[:-1], len(listed), "value")
        assert [related.path for related in one.related] == [path]


def test_a_second_timing_within_the_window_of_the_first_is_only_noted(whole: Case) -> None:
    before = whole.findings()
    for path, timing, timeline in timings(whole):
        listed = timeline["timings"]
        listed.append({**timing, "id": "another", "name": "another"})
        found = [one for one in whole.findings() if one not in before]
        listed.pop()
        repeated = [one for one in found if one.check == "repeated-timing"]
        assert [one.path for one in repeated] == [(*path[:-1], len(listed))]
        assert "contradictory-timings" not in ids(found)


def test_an_anchor_that_moves_is_found(whole: Case) -> None:
    before = whole.findings()
    for path, timeline in whole.timelines():
        for at_, timing in enumerate(timeline["timings"]):
            if timing["type"]["decode"] != "Fixed Reference":
                continue
            for field, value in (("value", "P3D"), ("windowLower", "P1D"), ("windowUpper", "P1D")):
                with Changed(timing, **{field: value}):
                    found = new(whole, before, "shifting-anchor")
                assert [one.path for one in found] == [(*path, "timings", at_, field)]
                assert f'"{field}"' in whole.line(found[0].path)


def test_a_timing_without_place_and_a_reference_out_of_the_timeline_are_found(whole: Case) -> None:
    before = whole.findings()
    lines = dict(whole.timelines())
    for path, timing, timeline in timings(whole):
        foreign = next(one for one in lines.values() if one is not timeline)["entryId"]
        for value, check in ((foreign, "outside-timeline"), ("Nowhere_1", "unknown-reference")):
            with Changed(timing, **{TO: value}):
                found = new(whole, before, check)
            assert [one.path for one in found] == [(*path, TO)]
            assert f'"{TO}"' in whole.line(found[0].path)
        with Changed(timing, **{FROM: foreign}):
            changed = whole.findings()
        assert (*path, FROM) in [one.path for one in changed if one.check == "outside-timeline"]
        untimed = [one.path for one in changed if one.check == "instance-without-timing"]
        assert len(untimed) == 1


@pytest.mark.parametrize(
    ("field", "value", "check"),
    [
        ("value", "-P3D", "negative-duration"),
        ("windowLower", "-P3D", "negative-duration"),
        ("windowUpper", "P-3D", "negative-duration"),
        ("value", "two weeks", "no-duration"),
        ("windowUpper", "3D", "no-duration"),
        ("value", "P1M", "ambiguous-month"),
    ],
)
def test_fields_of_generated_files_are_found(
    whole: Case, field: str, value: str, check: str
) -> None:
    before = whole.findings()
    for path, timing, _ in timings(whole):
        with Changed(timing, **{field: value}):
            found = new(whole, before, check)
        assert [one.path for one in found] == [(*path, field)]
        assert f'"{field}"' in whole.line(found[0].path)


def test_invented_codes_are_found(whole: Case) -> None:
    before = whole.findings()
    for path, timing, _ in timings(whole):
        for field in ("type", "relativeToFrom"):
            with Changed(timing[field], code="C999999"):
                found = new(whole, before, "unknown-code")
            assert [one.path for one in found] == [(*path, field, "code")]
            with Changed(timing[field], decode="Fixed Reference" if field == "type" else "End"):
                found = new(whole, before, "unknown-code")
            assert [one.path for one in found] == [(*path, field, "decode")]


def test_a_chain_that_leads_back_is_endless(whole: Case) -> None:
    before = whole.findings()
    for path, timeline in whole.timelines():
        for at_, one in enumerate(timeline["instances"]):
            with Changed(one, defaultConditionId=timeline["entryId"]):
                found = new(whole, before, "endless-chain")
            place = (*path, "instances", at_, "defaultConditionId")
            assert [each.path for each in found] == [place]
            assert '"defaultConditionId"' in whole.line(found[0].path)


def test_a_decision_that_leads_back_is_a_loop(whole: Case) -> None:
    before = whole.findings()
    for path, timeline in whole.timelines():
        instances = timeline["instances"]
        for at_, one in enumerate(instances):
            following = one["defaultConditionId"]
            if following is None:
                continue
            branch = {"condition": "once more", "conditionTargetId": timeline["entryId"]}
            decision = {
                "id": "again",
                "name": "again",
                "instanceType": "ScheduledDecisionInstance",
                "defaultConditionId": following,
                "conditionAssignments": [branch],
            }
            instances.append(decision)
            with Changed(one, defaultConditionId="again"):
                found = new(whole, before, "decision-loop")
            instances.pop()
            place = (*path, "instances", len(instances), "conditionAssignments", 0)
            assert [each.path for each in found] == [(*place, "conditionTargetId")], at_


def test_labels_that_say_another_time_are_found(whole: Case) -> None:
    before = whole.findings()
    for path, timing, _ in timings(whole):
        fields = {
            "valueLabel": "77 weeks",
            "label": "Week 77",
            "windowLabel": "-55..66 days",
        }
        for field, text in fields.items():
            with Changed(timing, **{field: text}):
                found = new(whole, before, "label-and-value")
            assert (*path, field) in [one.path for one in found], field
