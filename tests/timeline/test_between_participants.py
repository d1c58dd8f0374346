"""Who waits for whom in a cohort: rules between participants, held against several records."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from timeline.courses import day, protocol, record, site

import planner
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.timeline.between_participants import (
    CohortMember,
    cohort_before,
    early_reviews,
    other_dates,
    waits,
)
from planner.timeline.course_planner import PlacedVisit
from planner.timeline.deviations import Deviation
from planner.timeline.due import DueVisit
from planner.timeline.record import Record

VISITS: list[dict[str, Any]] = [
    {"id": "v0", "duration": "2h"},
    {"id": "day-7", "after": {"visit": "v0", "within": "±1d", "target": "6d"}},
]
SENTINEL = {"id": "sentinel", "visit": "v0", "after": "first-participants", "at_least": "24h"}
STAGGER = {"id": "stagger", "visit": "v0", "after": "participant-before", "at_least": "1h"}
COHORTS = {
    "id": "cohorts", "visit": "v0", "after": "cohort-before", "of": "day-7", "at_least": "1d",
}  # fmt: skip
SHARED = {"id": "shared", "visit": "v0", "together": True}


def study(*rules: dict[str, Any], **more: Any) -> Protocol:
    return protocol(VISITS, between_participants=list(rules), **more)


def person(code: str, cohort: str, *visits: str, **more: object) -> Record:
    return record(*visits, participant=code, cohort=cohort, **more).record


def judged(small: Protocol, *records: Record) -> list[Deviation]:
    return list(planner.deviations(small, records).deviations)


def due(small: Protocol, *records: Record) -> dict[str, DueVisit]:
    found = planner.due(records, day(0), day(30), protocols=[small]).visits
    return {visit.participant: visit for visit in found if visit.visit == "v0"}


def member(
    small: Protocol, code: str, cohort: str, starts: dict[str, int], **more: Any
) -> CohortMember:
    """A participant whose visits last an hour and start so many hours after the start."""
    placed = {}
    for name, hour in starts.items():
        first, last = (day(0).toordinal() + one // 24 for one in (hour, hour + 1))
        placed[name] = PlacedVisit(hour * 60, first, hour * 60 + 60, last, None, None)
    course = expand(small)
    awaited = frozenset(visit.id for visit in course.visits) - placed.keys()
    fields = {"firm": frozenset(placed), "awaited": awaited, "gates": {}, **more}
    return CohortMember(code, cohort, course, placed, **fields)


@st.composite
def cohorts(draw: st.DrawFn) -> list[tuple[str, str, int, int]]:
    """Codes, cohorts, and the hours at which the two visits start, from the first day on."""
    number = draw(st.integers(1, 6))
    hours = st.integers(24, 24 * 12)
    return [
        (f"P{at}", draw(st.sampled_from(["c-1", "c-2", "c-4"])), draw(hours), draw(hours))
        for at in range(number)
    ]


@given(cohorts(), st.integers(1, 3), st.integers(0, 60), st.integers(0, 4))
def test_waits_are_those_of_all_pairs(
    people: list[tuple[str, str, int, int]], number: int, hours: int, days: int
) -> None:
    """Against each rule's own words, pair by pair."""
    small = study(
        {**SENTINEL, "number": number, "at_least": f"{hours}h"},
        {**STAGGER, "at_least": f"{hours}h"},
        {**COHORTS, "at_least": f"{days}d"},
    )
    members = [member(small, code, own, {"v0": a, "day-7": b}) for code, own, a, b in people]
    broken = {
        (wait.rule.id, wait.participant, wait.other, wait.short)
        for wait in waits(small, members)
        if wait.short
    }
    expected = set()
    for code, own, first, _ in people:
        same = sorted((start, who) for who, cohort, start, _ in people if cohort == own)
        place = same.index((first, code))
        for rank, (start, who) in enumerate(same):
            missing = (start + hours - first) * 60
            if rank < number <= place and missing > 0:
                expected.add(("sentinel", code, who, missing))
            if rank == place - 1 and missing > 0:
                expected.add(("stagger", code, who, missing))
        for who, cohort, _, week in people:
            missing = week // 24 + days - first // 24
            if (cohort, own) == ("c-1", "c-2") and missing > 0:
                expected.add(("cohorts", code, who, missing))
    assert broken == expected


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.sets(st.integers(0, 5)))
def test_a_shared_date_is_that_of_most_of_those_who_are_booked(
    days: list[int], firm: set[int]
) -> None:
    small = study(SHARED)
    members = [
        member(
            small, f"P{at}", "c", {"v0": one * 24},
            firm=frozenset({"v0"} if at in firm else ()),
        )
        for at, one in enumerate(days)
    ]  # fmt: skip
    counted = [one for at, one in enumerate(days) if at in firm] or days
    shared = max(sorted(set(counted)), key=counted.count)
    start = day(0).toordinal()
    found = {other.participant: other.day - start for other in other_dates(small, members)}
    assert found == {f"P{at}": shared for at, one in enumerate(days) if one != shared}


def test_a_deviation_says_for_whom_the_visit_did_not_wait() -> None:
    (found,) = judged(
        study(SENTINEL),
        person("P1", "c1", f"v0 occurred {day(0)}T09:00"),
        person("P2", "c1", f"v0 occurred {day(1)}T08:30"),
        person("P3", "c1", f"v0 occurred {day(1)}T09:00"),
        person("P4", "c2", f"v0 occurred {day(1)}T08:00"),
    )
    assert (found.participant, found.kind, found.minutes) == ("P2", "too-soon", 30)
    assert found.rule == (
        "v0 at least 24h after v0 of P1, the first of cohort c1: not before Tue 2027-03-02 09:00"
    )


def test_a_clock_change_stretches_no_hours_between_participants() -> None:
    night = date(2027, 3, 28)  # the clocks of Berlin go from 02:00 to 03:00
    people = (
        person("P1", "c1", f"v0 occurred {night - timedelta(1)}T09:00"),
        person("P2", "c1", f"v0 occurred {night}T09:30"),
    )
    (found,) = planner.deviations(study(SENTINEL), people, site=site().site).deviations
    assert found.minutes == 30


def test_whoever_has_not_begun_yet_waits_and_is_told_until_when() -> None:
    found = due(
        study(SENTINEL),
        person("P1", "c1", start=f"{day(2)}"),
        person("P2", "c1", start=f"{day(2)}"),
        person("P3", "c1", f"v0 booked {day(9)}T10:00"),
    )
    assert found["P1"].between == found["P3"].between == ()
    assert found["P2"].between == (
        "v0 at least 24h after v0 of P1, the first of cohort c1: not before Thu 2027-03-04 09:00",
    )
    # Its date is fixed by the record, so that it cannot wait.
    assert (found["P1"].status, found["P2"].status) == ("planned", "broken")
    assert found["P2"].reason == found["P2"].between[0]


def test_an_appointment_before_the_gap_is_over_is_broken() -> None:
    first = person("P1", "c1", f"v0 occurred {day(0)}T09:00")
    second = person("P2", "c1", f"v0 booked {day(1)}T08:00")
    assert due(study(SENTINEL), first, second)["P2"].status == "broken"
    second = person("P2", "c1", f"v0 booked {day(1)}T09:00")
    assert due(study(SENTINEL), first, second)["P2"].status == "booked"


def test_a_cohort_waits_for_every_participant_of_the_one_before_who_still_takes_part() -> None:
    small = study(COHORTS)
    seen = [f"v0 occurred {day(0)}", f"day-7 occurred {day(6)}"]
    late = person("P9", "sad-2", f"v0 occurred {day(8)}")
    awaited = person("P2", "sad-1", f"v0 occurred {day(2)}")
    (found,) = judged(small, person("P1", "sad-1", *seen), awaited, late)
    assert found.kind == "too-soon"
    assert found.rule == ("v0 at least 1d after day-7 of P2 in cohort sad-1, which has no date yet")
    gone = person("P2", "sad-1", f"v0 occurred {day(2)}", withdrawn=f"{day(3)}")
    missed = person("P2", "sad-1", f"v0 occurred {day(2)}", "day-7 missed")
    assert judged(small, person("P1", "sad-1", *seen), gone, late) == []
    kinds = [found.kind for found in judged(small, person("P1", "sad-1", *seen), missed, late)]
    assert kinds == ["missed"]


def test_a_review_is_passed_after_what_it_is_about() -> None:
    visits = [{**VISITS[0], "requires": "review"}, VISITS[1]]
    rule = {**COHORTS, "gate": "review"}
    small = protocol(visits, between_participants=[rule], gates={"review": {"title": "Review"}})
    first = {"v0": 24, "day-7": 24 * 7}
    before = member(small, "P1", "c1", first)
    for passed, number in ((day(6), 1), (day(7), 0)):
        after = member(small, "P2", "c2", {"v0": 24 * 9}, gates={"review": passed})
        assert len(early_reviews(small, [before, after])) == number


def test_what_no_record_can_be_held_against_is_said() -> None:
    small = study(COHORTS)
    report = planner.deviations(
        small, [person("P1", "sad-3"), person("P2", "a"), record(participant="P3").record]
    )
    assert list(report.unchecked) == [
        "no cohort stands in the record of P3",
        "cohort sad-3 waits for cohort sad-2, of which no record is given",
        "cohort a has no number at its end, so that which one is before it is unknown",
    ]
    assert "Not checked between participants: no cohort" in planner.render(report, "markdown")
    answer = planner.due([person("P1", "sad-3", start=f"{day(9)}")], day(0), day(9),
                         protocols=[small])  # fmt: skip
    (visit,) = (visit for visit in answer.visits if visit.visit == "v0")
    assert visit.between == ("v0 waits for day-7 of cohort sad-2, of which no record is given",)
    assert "of which no record is given" in planner.render(answer, "markdown")


def test_without_such_rules_a_cohort_changes_nothing() -> None:
    small = protocol(VISITS)
    alone = planner.due([record(start=f"{day(2)}").record], day(0), day(9), protocols=[small])
    grouped = planner.due([person("P0001", "c1", start=f"{day(2)}")], day(0), day(9),
                          protocols=[small])  # fmt: skip
    assert planner.render(alone, "json") == planner.render(grouped, "json")


@pytest.mark.parametrize(
    ("cohort", "before"),
    [("sad-2", "sad-1"), ("2", "1"), ("sad-10", "sad-9"), ("c02", "c1"), ("c1", None)],
)
def test_the_number_of_a_cohort_says_which_is_before_it(cohort: str, before: str | None) -> None:
    assert cohort_before(cohort) == before


def test_a_number_alone_names_a_cohort() -> None:
    assert Record.model_validate({"participant": "P1", "cohort": 2}).cohort == "2"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({}, "waits for other participants (`after:`) or has one date with them"),
        ({**SENTINEL, "together": True}, "one of the two"),
        ({"together": True, "at_least": "1d"}, "`at_least:` belongs to `after:`"),
        ({"after": "cohort-before"}, "`at_least:` is missing"),
        ({**SENTINEL, "at_least": "-1d"}, "leads back"),
        ({**COHORTS, "at_least": "5bd"}, "participants wait days or hours"),
        ({**STAGGER, "number": 2}, "how many `first-participants`"),
        ({**SENTINEL, "gate": "review"}, "belongs to `cohort-before`"),
        ({**SENTINEL, "visit": "v0.end"}, "`visit:` is a whole visit; write `v0`"),
        ({**SENTINEL, "of": "previous v0"}, "has a meaning only at a visit"),
        ({**COHORTS, "gate": "review"}, "add `requires: review` to it"),
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(
    rule: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        study({"id": "rule", "visit": "v0", **rule})
    assert message in str(refused.value)


def test_a_planner_of_many_asks_with_dates_of_its_own() -> None:
    begin = datetime.combine(day(0), time(9), tzinfo=ZoneInfo("Australia/Perth"))

    def having(code: str, hours: int, **more: Any) -> planner.ParticipantVisits:
        start = begin + timedelta(hours=hours)
        return planner.ParticipantVisits(code, "c1", {"v0": (start, start)}, **more)

    nobody = planner.ParticipantVisits("P3", "c1", {})
    small = study(SENTINEL, SHARED)
    found = planner.between_participants(small, [nobody, having("P1", 0), having("P2", 23)])
    earliest = int(begin.timestamp() // 60) + 24 * 60
    assert [(wait.participant, wait.other, wait.earliest, wait.short) for wait in found.waits] == [
        ("P2", "P1", earliest, 60), ("P3", "P1", earliest, 0),
    ]  # fmt: skip
    assert [other.participant for other in found.other_dates] == ["P2"]
    booked = [having("P1", 0), having("P2", 23, firm=frozenset({"v0"}))]
    assert [one.participant for one in planner.between_participants(small, booked).other_dates] == [
        "P1"
    ]
    for wrong, message in (
        ([nobody, nobody], "`P3` occurs twice"),
        ([nobody._replace(visits={"v9": (begin, begin)})], "has no visit `v9`"),
        (
            [nobody._replace(visits={"v0": (begin.replace(tzinfo=None),) * 2})],
            "without a time zone",
        ),
    ):
        with pytest.raises(planner.PlannerError, match=message):
            planner.between_participants(small, wrong)


def messages(small: Protocol) -> Iterable[str]:
    return [finding.message for finding in planner.check(small) if finding.severity == "error"]


def test_a_rule_about_no_visit_and_two_of_one_id_are_errors() -> None:
    assert messages(study({**SENTINEL, "of": "v7"})) == ["there is no visit `v7`"]
    assert messages(study(SENTINEL, {**STAGGER, "id": "sentinel"})) == [
        "rule between participants `sentinel` is used twice"
    ]


def test_versions_and_schedules_say_the_rule() -> None:
    changes = planner.diff(study(SENTINEL), study({**SENTINEL, "at_least": "48h"}))
    (change,) = [change for change in changes.changes if change.subject == "between-participants"]
    assert change.text == (
        "v0 at least 48h after v0 of the first participant of the cohort; until now: v0 at least"
        " 24h after v0 of the first participant of the cohort"
    )
    assert change.breaks
    added = planner.diff(study(), study(SHARED))
    assert [
        change.text for change in added.changes if change.subject == "between-participants"
    ] == ["v0 is on one date for all participants of a cohort"]


def test_successive_participants_are_each_held_against_the_one_before() -> None:
    small = study(STAGGER)
    starts = (9 * 60, 10 * 60, 10 * 60 + 30, 12 * 60)
    people = [
        person(f"P{at}", "c", f"v0 occurred {day(0)}T{start // 60:02d}:{start % 60:02d}")
        for at, start in enumerate(starts)
    ]
    short = [max(0, one + 60 - other) for one, other in pairwise(starts)]
    assert [found.minutes for found in judged(small, *people)] == [
        minutes for minutes in short if minutes
    ]
