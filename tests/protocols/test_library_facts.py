"""The library's files say what the publications say, no more, and how sure each statement is."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from planner.formats.load import load_protocol
from planner.network.windows import is_consistent
from planner.protocol.course import Course, Occurrence, TimingConstraint
from planner.protocol.expand import expand
from planner.protocol.file import ProtocolFile
from planner.protocol.library import library_folder, library_ids
from planner.protocol.reading import read_document
from planner.schedule.build import build_schedule
from planner.schedule.slack import effective_windows
from planner.time.distance import CalendarDistance, ClockDistance, parse_distance, parse_window

LIBRARY = library_ids()
AMOUNT = re.compile(r"\d\s*(?:mg|µg|μg|ug|mcg|g|ml|mL)(?:/kg)?\b|\bmicrograms?\b|\bmilligrams?\b")
NOT_FROM_A_TEXT = {"assumed", "unverified"}
WITHOUT_A_KNOWN_NUMBER = {"ascend", "dewit-4dose"}


@cache
def file(protocol_id: str) -> ProtocolFile:
    return load_protocol(protocol_id)


@cache
def course(protocol_id: str, arm: str | None = None) -> Course:
    return expand(file(protocol_id).protocol, arm)


def rules(protocol_id: str, visit: str, reference: str) -> list[TimingConstraint]:
    return [
        rule
        for rule in course(protocol_id).rules
        if (rule.point.visit, rule.reference.visit) == (visit, reference)
    ]


def target(protocol_id: str, visit: str, reference: str) -> str:
    (found,) = [rule for rule in rules(protocol_id, visit, reference) if rule.target is not None]
    return str(found.target)


def window(protocol_id: str, visit: str, reference: str) -> str:
    (found,) = [rule for rule in rules(protocol_id, visit, reference) if rule.window is not None]
    return str(found.window)


def grades(protocol_id: str, visit: str, reference: str) -> list[str | None]:
    return [rule.stated.grade for rule in rules(protocol_id, visit, reference)]


def of_kind(protocol_id: str, kind: str) -> list[Occurrence]:
    return [visit for visit in course(protocol_id).visits if visit.kind == kind]


def minutes(occurrence: Occurrence) -> int:
    assert occurrence.visit.duration is not None, f"{occurrence.id} has no duration"
    length = occurrence.visit.duration.value
    assert isinstance(length.latest, ClockDistance)
    assert length.earliest == length.latest
    return length.latest.minutes


def days(text: str) -> int:
    distance = parse_distance(text)
    assert isinstance(distance, CalendarDistance)
    assert not distance.months
    return distance.days


def staff(protocol_id: str, occurrence: Occurrence) -> dict[str, int]:
    roles = file(protocol_id).protocol.roles
    staffing = occurrence.visit.staff
    stated = {} if staffing is None else staffing.roles
    return {role: roles[role].count if one is None else one for role, one in stated.items()}


def test_the_library_holds_the_first_three_protocols() -> None:
    assert {"mapp1", "mdlsd", "psilodep-1"} <= set(LIBRARY)


@pytest.mark.parametrize("protocol_id", LIBRARY)
def test_a_library_file_loads_and_unrolls_without_flaws_in_every_arm(protocol_id: str) -> None:
    assert file(protocol_id).protocol.id == protocol_id
    protocol = file(protocol_id).protocol
    # An approved product has a label in place of a registry number.
    labelled = any(source.kind == "label" for source in protocol.sources.values())
    assert protocol.registry or labelled or protocol_id in WITHOUT_A_KNOWN_NUMBER
    for arm in file(protocol_id).protocol.arms:
        assert course(protocol_id, arm.id).flaws == ()
        assert is_consistent(build_schedule(course(protocol_id, arm.id)).network)


# MAPP1: NCT03537014


def test_mapp1_has_three_preparations_three_sessions_and_nine_integrations() -> None:
    assert [one.id for one in of_kind("mapp1", "dosing")] == ["dosing-1", "dosing-2", "dosing-3"]
    assert [one.id for one in of_kind("mapp1", "preparation")] == ["prep-1", "prep-2", "prep-3"]
    assert [one.id for one in of_kind("mapp1", "integration")] == [
        f"integration-{letter}-{cycle}" for cycle in (1, 2, 3) for letter in "abc"
    ]
    assert len(course("mapp1").visits) == 20


def test_mapp1_sessions_last_eight_hours_and_all_other_therapy_ninety_minutes() -> None:
    assert {minutes(one) for one in of_kind("mapp1", "dosing")} == {480}
    talks = [*of_kind("mapp1", "preparation"), *of_kind("mapp1", "integration")]
    assert {minutes(one) for one in talks} == {90}


def test_mapp1_asks_42_hours_of_each_of_two_therapists() -> None:
    therapy = [one for one in course("mapp1").visits if "therapist" in staff("mapp1", one)]
    assert len(therapy) == 15
    assert {staff("mapp1", one)["therapist"] for one in therapy} == {2}
    assert sum(minutes(one) for one in therapy) / 60 == 42 == 3 * 1.5 + 3 * 8 + 9 * 1.5


def test_mapp1_participants_stay_the_night_and_are_seen_the_next_day() -> None:
    for cycle, session in enumerate(of_kind("mapp1", "dosing"), start=1):
        stay = session.visit.overnight
        next_day = course("mapp1").visit(f"integration-a-{cycle}")
        assert stay is not None
        assert stay.nights == 1
        assert window("mapp1", next_day.id, session.id) == "1d"
        assert stay.until is not None
        assert next_day.visit.at is not None
        assert stay.until <= next_day.visit.at[0]


@pytest.mark.parametrize("later", [2, 3])
def test_mapp1_sessions_are_a_month_apart_in_a_window_known_only_from_the_lead_in(
    later: int,
) -> None:
    pair = ("mapp1", f"dosing-{later}", f"dosing-{later - 1}")
    assert target(*pair) == "4w"
    assert window(*pair) == "3w..5w"
    assert grades(*pair) == ["unverified"]


def test_mapp1_primary_endpoint_hangs_on_two_anchors_that_agree_at_the_targets() -> None:
    last_session = sum(
        days(target("mapp1", *pair))
        for pair in (("dosing-1", "baseline"), ("dosing-2", "dosing-1"), ("dosing-3", "dosing-2"))
    )
    assert target("mapp1", "primary-endpoint", "baseline") == "18w"
    assert days("18w") - last_session == days("8w")
    assert window("mapp1", "primary-endpoint", "dosing-3") == "7w..9w"


def test_mapp1_two_anchors_take_room_from_the_last_session() -> None:
    written = {"dosing-1": (7, 21), "dosing-2": (7 + 21, 21 + 35), "dosing-3": (7 + 42, 21 + 70)}
    left = effective_windows(build_schedule(course("mapp1")))
    assert {name: tuple(left[name]) for name in written} == {**written, "dosing-3": (56, 84)}


def test_mapp1_published_distances_are_not_graded_with_the_windows_assumed_around_them() -> None:
    assert grades("mapp1", "primary-endpoint", "baseline") == ["verified", "assumed"]
    assert grades("mapp1", "dosing-1", "baseline") == ["derived", "assumed"]


def test_mapp1_interim_assessments_lie_between_the_third_integration_and_the_next_session() -> None:
    for cycle in (1, 2):
        assert window("mapp1", f"interim-{cycle}", f"integration-c-{cycle}") == "1d..1w"
        (before,) = rules("mapp1", f"interim-{cycle}", f"dosing-{cycle + 1}")
        assert before.backwards
        assert (before.window, before.order) == (None, parse_window("..-1d"))


def test_mapp1_raters_are_blinded_and_never_in_therapy_sessions() -> None:
    protocol = file("mapp1").protocol
    rater = protocol.roles["rater"]
    assert rater.blinded
    assert set(rater.never_with) == {"preparation", "dosing", "integration"}
    rated = [one for one in course("mapp1").visits if "rater" in staff("mapp1", one)]
    assert [one.id for one in rated] == ["baseline", "interim-1", "interim-2", "primary-endpoint"]
    assert all("caps-5" in one.visit.activities for one in rated)
    assert protocol.activities["caps-5"].endpoint == "primary"
    assert protocol.activities["sds"].endpoint == "secondary"


def test_mapp1_supplemental_administration_is_optional_90_to_120_minutes_after_the_first() -> None:
    sheet = of_kind("mapp1", "dosing")[0].visit.run_sheet
    assert sheet is not None
    (item,) = [one for one in sheet.items if one.id == "second-administration"]
    assert item.optional
    assert (item.after, item.within) == ("first-administration", parse_window("90min..120min"))


def test_mapp1_says_that_it_was_declined_and_when() -> None:
    dates = [str(notice.date) for notice in file("mapp1").protocol.notices]
    assert "2024-06-04" in dates
    assert "2024-08-09" in dates


# PSILODEP-1: ISRCTN14426797


def test_psilodep_has_two_sessions_exactly_seven_days_apart() -> None:
    assert [one.id for one in of_kind("psilodep-1", "dosing")] == ["dosing-1", "dosing-2"]
    assert target("psilodep-1", "dosing-2", "dosing-1") == "1w"
    assert file("psilodep-1").protocol.conventions.target_without_window == "exact"
    assert grades("psilodep-1", "dosing-2", "dosing-1") == ["verified"]


@pytest.mark.parametrize(
    ("visit", "distance", "grade"),
    [
        ("follow-up-1w", "1w", "verified"),
        ("follow-up-2w", "2w", "unverified"),
        ("follow-up-3w", "3w", "unverified"),
        ("follow-up-5w", "5w", "verified"),
        ("follow-up-3mo", "3mo", "verified"),
        ("follow-up-6mo", "6mo", "verified"),
    ],
)
def test_psilodep_follow_ups_count_from_the_second_session(
    visit: str, distance: str, grade: str
) -> None:
    assert target("psilodep-1", visit, "dosing-2") == distance
    assert grades("psilodep-1", visit, "dosing-2") == [grade]


def test_psilodep_day_after_is_known_for_the_second_session_only() -> None:
    for cycle, grade in ((1, "unverified"), (2, "secondary")):
        assert target("psilodep-1", f"integration-{cycle}", f"dosing-{cycle}") == "1d"
        assert grades("psilodep-1", f"integration-{cycle}", f"dosing-{cycle}") == [grade]


def test_psilodep_is_one_open_group_with_a_label_for_each_session() -> None:
    protocol = file("psilodep-1").protocol
    (arm,) = protocol.arms
    assert not protocol.is_blinded
    assert len(arm.periods) == len(of_kind("psilodep-1", "dosing"))


def test_psilodep_nobody_leaves_before_six_hours_have_passed() -> None:
    sheet = of_kind("psilodep-1", "dosing")[0].visit.run_sheet
    assert sheet is not None
    (leaving,) = [item for item in sheet.items if item.kind == "discharge"]
    assert leaving.after == "administration"
    assert leaving.within is not None
    assert leaving.within.earliest == ClockDistance(360)


# MDLSD: ACTRN12621000436875


def test_mdlsd_administrations_fall_on_every_third_day_from_0_to_39() -> None:
    assert file("mdlsd").protocol.day_zero
    left = effective_windows(build_schedule(course("mdlsd")))
    days = [left[one.id] for one in of_kind("mdlsd", "dosing")]
    assert [day.first for day in days] == list(range(0, 40, 3))
    assert [day.last for day in days] == list(range(0, 40, 3))


def test_mdlsd_first_administration_is_supervised_and_the_other_13_are_at_home_on_any_day() -> None:
    first, *others = of_kind("mdlsd", "dosing")
    assert (first.visit.mode, staff("mdlsd", first)) == ("clinic", {"researcher": 1})
    assert [one.visit.mode for one in others] == ["home"] * 13
    assert all(not one.visit.weekdays for one in others)


def test_mdlsd_acute_measurements_are_two_and_a_half_hours_after_the_first_administration() -> None:
    sheet = of_kind("mdlsd", "dosing")[0].visit.run_sheet
    assert sheet is not None
    (item,) = [one for one in sheet.items if one.id == "measurements"]
    assert (item.after, item.target) == ("administration", ClockDistance(150))


def test_mdlsd_ends_at_six_weeks_after_the_last_administration() -> None:
    assert target("mdlsd", "final", "dosing-lab") == "6w"
    left = effective_windows(build_schedule(course("mdlsd")))["final"]
    assert tuple(left) == (40, 42)
    assert grades("mdlsd", "final", "dosing-lab") == ["derived"]


def test_mdlsd_questionnaire_and_tracker_are_one_entry_each_not_one_a_day() -> None:
    tracks = course("mdlsd").tracks
    assert {track.id: track.kind for track, _, _ in tracks} == {
        "daily-questionnaire": "questionnaire",
        "activity-tracker": "tracker",
    }
    assert {str(track.every) for track, _, _ in tracks} == {"1d"}


# Evidence, masking and scope, for every file of the library


def statements(protocol_id: str) -> Iterator[tuple[str, str | None, tuple[str, ...], str | None]]:
    """Every statement that needs evidence: where, its grade, its sources, its note.

    A duration says what its visit's source says and a visit what its epoch's says, unless they
    name their own. Timings and staffing must speak for themselves: what is known of them seldom is
    what is known of the visit.
    """
    protocol = file(protocol_id).protocol
    own: list[tuple[str, Any]] = [
        *((f"arm {one.id}", one) for one in protocol.arms),
        *((f"role {key}", one) for key, one in protocol.roles.items()),
        *((f"activity {key}", one) for key, one in protocol.activities.items()),
        *((f"gate {key}", one) for key, one in protocol.gates.items()),
        *((f"track {one.id}", one) for one in protocol.tracks),
        *((f"constraint {one.id}", one) for one in protocol.constraints),
    ]
    for epoch in protocol.epochs:
        if epoch.cycle:
            own.append((f"cycle of {epoch.id}", epoch.cycle))
        for visit in epoch.visits:
            for field in ("after", "before", "first", "next"):
                own += [(f"{visit.id}.{field}", one) for one in getattr(visit, field)]
            if visit.staff:
                own.append((f"{visit.id}.staff", visit.staff))
            if visit.run_sheet:
                own += [(f"{visit.id}.{item.id}", item) for item in visit.run_sheet.items]
            here = visit if visit.source else epoch
            yield visit.id, here.grade, here.source, here.note
            for name, part in (("duration", visit.duration), ("overnight", visit.overnight)):
                if part is not None:
                    said = part if part.source else here
                    yield f"{visit.id}.{name}", said.grade, said.source, said.note
    for name, one in own:
        yield name, one.grade, one.source, one.note


@pytest.mark.parametrize("protocol_id", LIBRARY)
def test_every_statement_has_a_grade_and_cites_sources_that_exist(protocol_id: str) -> None:
    sources = file(protocol_id).protocol.sources
    found = list(statements(protocol_id))
    assert len(found) > sum(len(epoch.visits) for epoch in file(protocol_id).protocol.epochs)
    for where, grade, cited, _ in found:
        assert grade, f"{where} has no grade"
        assert cited, f"{where} cites nothing"
        assert set(cited) <= set(sources), f"{where} cites {cited}"


@pytest.mark.parametrize("protocol_id", LIBRARY)
def test_what_no_text_gives_is_never_graded_as_if_one_did(protocol_id: str) -> None:
    sources = file(protocol_id).protocol.sources
    for where, grade, cited, _ in statements(protocol_id):
        if any(sources[key].kind == "general-knowledge" for key in cited):
            assert grade in NOT_FROM_A_TEXT, f"{where} is {grade}"
        if all(sources[key].read in ("secondary", "not-read") for key in cited):
            assert grade != "verified", f"{where} is verified by what was read at second hand"
        if "assumption" in cited:
            assert grade == "assumed", f"{where} is {grade}"


@pytest.mark.parametrize("protocol_id", LIBRARY)
def test_what_was_derived_shows_its_arithmetic(protocol_id: str) -> None:
    for where, grade, _, note in statements(protocol_id):
        if grade == "derived":
            assert re.search(r"\d.*=.*\d", note or "", re.DOTALL), f"{where} shows none"


@pytest.mark.parametrize("protocol_id", LIBRARY)
def test_every_source_is_cited_by_something(protocol_id: str) -> None:
    protocol = file(protocol_id).protocol
    cited = {key for _, _, keys, _ in statements(protocol_id) for key in keys}
    cited |= {key for notice in protocol.notices for key in notice.source}
    assert set(protocol.sources) <= cited | set(protocol.source)


@pytest.mark.parametrize("protocol_id", LIBRARY)
def test_a_source_names_what_it_is(protocol_id: str) -> None:
    for key, source in file(protocol_id).protocol.sources.items():
        assert source.title or source.id or source.doi, key
        if source.kind == "registry":
            assert source.id, key


def while_blinded(whole: Course) -> tuple[object, ...]:
    """The visits up to the first unblinding, the rules among them, the tracks that start there."""
    kinds = [visit.kind for visit in whole.visits]
    end = kinds.index("unblinding") + 1 if "unblinding" in kinds else len(kinds)
    visits = whole.visits[:end]
    ids = {visit.id for visit in visits}
    rules = [one for one in whole.rules if {one.point.visit, one.reference.visit} <= ids]
    return visits, rules, [one for one in whole.tracks if one[1].visit in ids]


@pytest.mark.parametrize("protocol_id", LIBRARY)
def test_masked_arms_look_alike_until_they_are_unblinded(protocol_id: str) -> None:
    protocol = file(protocol_id).protocol
    # Where only raters are masked, what they do not see may differ, as on a wait list.
    if protocol.is_blinded and set(protocol.blinded) != {"rater"}:
        first, *others = [course(protocol_id, arm.id) for arm in protocol.arms]
        assert others
        for other in others:
            assert while_blinded(other) == while_blinded(first)


def texts(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from texts(one, (*path, key))
    elif isinstance(value, list):
        for one in value:
            yield from texts(one, path)
    elif value is not None:
        yield path, str(value)


@pytest.mark.parametrize("protocol_id", LIBRARY)
def test_amounts_stand_in_the_labels_of_arms_and_nowhere_else(protocol_id: str) -> None:
    document = read_document(f"{library_folder()}/{protocol_id}.yaml")
    labelled = {("arms", "label"), ("arms", "periods")}
    for path, text in texts(document.data):
        if path not in labelled:
            assert not AMOUNT.search(text), f"{'.'.join(path)}: {text}"
    comments = [line.partition("#")[2] for line in document.lines]
    assert not [text for text in comments if AMOUNT.search(text)]


@pytest.mark.parametrize("amount", ["80 mg", "10 µg", "25ug", "0.3 mg/kg", "5 g", "13 mcg"])
def test_an_amount_is_recognised_however_it_is_spelt(amount: str) -> None:
    assert AMOUNT.search(f"given {amount} once")


@pytest.mark.parametrize("protocol_id", LIBRARY)
def test_lines_are_short_enough_to_read(protocol_id: str) -> None:
    assert max(len(line) for line in file(protocol_id).document.lines) <= 100
