"""What sources say differently: told, its names known, its texts looked through."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()
SOURCES = """\
sources:
  assumption: {kind: general-knowledge, read: not-read}
  registry: {kind: registry, read: registry-record}
  paper: {kind: trial-paper, read: abstract}
"""


def study(
    about: str = "dosing",
    readings: str = "{registry: 7 hours, paper: 8 hours}",
    rest: str = "follows: paper",
) -> str:
    return (
        f"{SOURCES}disagreements:\n"
        f"  - {{about: {about}, what: length, readings: {readings}, {rest}}}\n"
    )


def found(check_id: str, fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECKS[check_id]])


def test_who_says_what_and_whom_the_file_follows_is_told() -> None:
    (finding,) = found("sources-disagree", study())
    assert finding.severity == "note"
    assert finding.message == (
        "`dosing`, length: `registry` says 7 hours; `paper` says 8 hours; this file follows `paper`"
    )
    assert finding.about == ("dosing",)
    assert [one.path for one in finding.related] == [("sources", "registry"), ("sources", "paper")]


def test_a_file_may_follow_none_of_them() -> None:
    (finding,) = found("sources-disagree", study(rest="note: Both may be meant."))
    assert finding.message.endswith("this file follows none of them")


def test_it_can_be_ignored_by_what_it_is_about() -> None:
    ignore = "ignore: [{rule: sources-disagree, at: dosing, reason: Known}]\n"
    assert found("sources-disagree", study() + ignore) == []


@pytest.mark.parametrize("about", ["dosing", "therapist", "example"])
def test_it_may_be_about_a_visit_a_role_or_the_protocol(about: str) -> None:
    assert found("unknown-id", study(about)) == []


def test_it_may_be_about_one_occurrence_an_arm_an_activity_or_a_track() -> None:
    fragment = """\
arms: [{id: active}]
activities: {scale: {}}
tracks: [{id: diary, from: baseline-1, times: 7}]
anchor: baseline-1
epochs:
  - id: treatment
    cycle: {times: 2}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 1w}}
"""
    for about in ("baseline", "baseline-2", "active", "scale", "diary"):
        assert found("unknown-id", study(about) + fragment) == []
    assert len(found("unknown-id", study("baseline-3") + fragment)) == 1


@pytest.mark.parametrize(
    ("fragment", "message", "hint"),
    [
        (
            study("dosign"),
            "there is no visit, arm, role, activity or track `dosign`",
            "did you mean `dosing`?",
        ),
        (
            study(readings="{registri: 7 hours, paper: 8 hours}"),
            "there is no source `registri`",
            "did you mean `registry`?",
        ),
        (study(rest="follows: papre"), "there is no reading `papre`", "did you mean `paper`?"),
        (
            study(rest="follows: assumption"),
            "there is no reading `assumption`",
            "declared: `registry` and `paper`",
        ),
    ],
)
def test_names_that_nothing_declares_are_errors(fragment: str, message: str, hint: str) -> None:
    (finding,) = found("unknown-id", fragment)
    assert (finding.message, finding.hint) == (message, hint)
    assert finding.path[0] == "disagreements"


def test_a_source_that_only_a_reading_names_is_used() -> None:
    unused = [one.about for one in found("unused-declaration", study())]
    assert ("registry",) not in unused
    assert ("paper",) not in unused


@pytest.mark.parametrize(
    ("fragment", "check"),
    [
        (study(readings="{registry: 25 mg, paper: 8 hours}"), "amount-outside-label"),
        (study(readings="{paper: 25 mg, registry: 8 hours}"), "amount-outside-label"),
        (study(rest="note: Read as 5 mg"), "amount-outside-label"),
        (study(readings="{registry: a@b.org, paper: 8 hours}"), "personal-data"),
    ],
)
def test_its_texts_are_looked_through_whatever_the_source_is_called(
    fragment: str, check: str
) -> None:
    (finding,) = found(check, fragment)
    assert finding.about == ("dosing",)


def test_what_a_source_called_registry_says_of_itself_is_looked_through_too() -> None:
    fragment = SOURCES.replace("registry-record}", "registry-record, note: It says 25 mg}")
    (finding,) = found("amount-outside-label", fragment)
    assert finding.about == ("registry",)
    identifiers = SOURCES.replace("read: abstract}", "read: abstract, doi: 10.1/5 mg}")
    assert found("amount-outside-label", "registry: NCT 5 mg\n" + identifiers) == []
