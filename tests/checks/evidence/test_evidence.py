"""What statements cite, how sure they are, and what sources can carry."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks, choose

CHECKS = all_checks()


def found(check_id: str, fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECKS[check_id]])


def messages(check_id: str, fragment: str) -> list[str]:
    return [finding.message for finding in found(check_id, fragment)]


def sources(*lines: str, cited: str = "[]", grade: str = "null") -> str:
    body = "".join(f"  {line}\n" for line in lines)
    return f"sources:\n{body}source: {cited}\ngrade: {grade}\n"


PAPER = "paper: {kind: trial-paper, read: abstract}"
VISITS = """\
epochs:
  - id: treatment
    visits:
      - {id: baseline, duration: 2h, source: paper, grade: verified}
      - id: dosing
        duration: {value: 8h, DURATION}
        staff: {roles: {therapist: 2}, STAFF}
        after: {visit: baseline, within: 1w, TIMING}
"""


def visits(duration: str = "", staff: str = "", timing: str = "") -> str:
    text = VISITS
    for word, entry in (("DURATION", duration), ("STAFF", staff), ("TIMING", timing)):
        text = text.replace(f", {word}", f", {entry}" if entry else "")
    return text


# --- citing -----------------------------------------------------------------------------------


def test_what_a_visit_leaves_uncited_is_one_finding() -> None:
    assert messages("cites-nothing", sources(PAPER) + visits()) == [
        "`dosing`: timing, duration, staffing and visit cite no source"
    ]


@pytest.mark.parametrize(
    ("cited", "left"),
    [
        ({"duration": "source: paper"}, "`dosing`: timing, staffing and visit cite no source"),
        (
            {"duration": "source: paper", "staff": "source: paper", "timing": "source: paper"},
            "`dosing`: visit cites no source",
        ),
    ],
)
def test_a_statement_may_cite_for_itself(cited: dict[str, str], left: str) -> None:
    assert messages("cites-nothing", sources(PAPER) + visits(**cited)) == [left]


@pytest.mark.parametrize("holder", ["protocol", "epoch", "visit"])
def test_a_statement_takes_the_source_of_what_holds_it(holder: str) -> None:
    fragment = sources(PAPER, cited="paper" if holder == "protocol" else "[]") + visits()
    if holder == "epoch":
        fragment = fragment.replace("  - id: treatment\n", "  - id: treatment\n    source: paper\n")
    if holder == "visit":
        fragment = fragment.replace("- id: dosing\n", "- id: dosing\n        source: paper\n")
    assert not found("cites-nothing", fragment)


def test_a_file_that_cites_nothing_at_all_is_told_once() -> None:
    fragment = "sources: {}\nsource: []\ngrade: null\n"
    assert messages("cites-nothing", fragment) == ["nothing in this file cites a source"]
    assert not found("no-sources", fragment)


def test_a_published_protocol_that_cites_nothing_is_an_error_instead() -> None:
    fragment = "status: published\nsources: {}\nsource: []\ngrade: null\n"
    assert [one.severity for one in found("no-sources", fragment)] == ["error"]
    assert not found("cites-nothing", fragment)


def test_constraints_tracks_and_arms_cite_too() -> None:
    fragment = sources(PAPER) + visits(timing="source: paper")
    fragment += "constraints:\n  - {from: baseline, to: dosing, within: ..2w}\n"
    fragment += "tracks:\n  - {id: diary, from: baseline, times: 3}\narms: [{id: active}]\n"
    told = messages("cites-nothing", fragment)
    for name in ("constraints.1", "tracks.diary", "arms.active"):
        assert f"`{name}` cites no source" in [one.split(": ")[-1] for one in told], told


def test_a_citation_without_a_grade_is_told_once_per_visit() -> None:
    fragment = sources(PAPER) + visits("source: paper", "source: paper", "source: paper")
    assert messages("no-grade", fragment) == ["`dosing.duration` cites `paper` without a grade"]


def test_a_grade_holds_for_what_is_inside() -> None:
    fragment = sources(PAPER, grade="unverified") + visits("source: paper")
    assert not found("no-grade", fragment)


def test_a_file_without_any_grade_is_told_once() -> None:
    assert messages("no-grade", sources(PAPER, cited="paper")) == [
        "no statement in this file has a grade"
    ]


# --- grades -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "shown"), [("", False), ("note: As usual.", False), ("note: 18w - 8w = 10w", True)]
)
def test_what_is_derived_shows_its_arithmetic(note: str, shown: bool) -> None:
    entry = f"grade: derived, {note}" if note else "grade: derived"
    told = messages("derived-without-arithmetic", sources(PAPER) + visits(timing=entry))
    assert told == (
        [] if shown else ["`dosing.after` is graded `derived`, but no note shows the arithmetic"]
    )


@pytest.mark.parametrize(
    ("cited", "message"),
    [
        (
            "[other]",
            "`dosing.after` is graded `verified`, but `other` was read only in another text",
        ),
        ("[unread]", "`dosing.after` is graded `verified`, but `unread` was not read"),
        (
            "[old, un]",
            "`dosing.after` is graded `verified`, but `old`, `un` were read only in another text",
        ),
        ("[other, paper]", None),
    ],
)
def test_what_is_verified_was_read_at_first_hand(cited: str, message: str | None) -> None:
    fragment = sources(
        PAPER,
        "other: {kind: trial-paper, read: secondary}",
        "old: {kind: trial-paper, read: secondary}",
        "un: {kind: trial-paper, read: not-read}",
        "unread: {kind: trial-paper, read: not-read}",
    ) + visits(timing=f"source: {cited}, grade: verified")
    assert messages("verified-second-hand", fragment) == ([message] if message else [])


# --- sources ----------------------------------------------------------------------------------

UNREAD = "unread: {kind: trial-paper, read: not-read}"


def test_an_unread_source_behind_a_strong_grade_is_a_warning_with_the_places() -> None:
    entry = "source: [unread, paper], grade: secondary"
    [finding] = found("source-not-read", sources(PAPER, UNREAD) + visits(entry, timing=entry))
    assert finding.severity == "warning"
    assert finding.message == (
        "source `unread` was not read, but `dosing.duration` relies on it as `secondary`,"
        " and 1 more"
    )
    assert len(finding.related) == 2


def test_an_unread_source_behind_weak_grades_is_a_note() -> None:
    entry = "source: unread, grade: unverified"
    severities = [one.severity for one in found("source-not-read", sources(UNREAD) + visits(entry))]
    assert severities == ["note"]


def test_general_knowledge_is_no_text_that_could_be_read() -> None:
    known = "unread: {kind: general-knowledge, read: not-read}"
    assert not found("source-not-read", sources(known) + visits("source: unread, grade: assumed"))
    assert found("source-not-read", sources(known) + visits("source: unread, grade: secondary"))


def test_an_unread_source_that_nothing_cites_is_no_matter_here() -> None:
    assert not found("source-not-read", sources(PAPER, UNREAD, cited="paper", grade="verified"))


def test_one_statement_is_not_told_twice_for_one_unread_source() -> None:
    fragment = sources(PAPER, UNREAD) + visits("source: unread, grade: verified")
    told = {one.check for one in examine(example_file(fragment), choose(["evidence"], []))}
    assert "verified-second-hand" in told
    assert [one.severity for one in found("source-not-read", fragment)] == ["note"]


def test_a_retracted_source_is_told_with_its_date_and_how_much_rests_on_it() -> None:
    pooled = 'pooled: {kind: trial-paper, read: abstract, retracted: "2024-08-10"}'
    entry = "source: pooled, grade: verified"
    [finding] = found("retracted-source", sources(pooled) + visits(entry, timing=entry))
    assert finding.message == "source `pooled` was retracted on 2024-08-10; 2 statements cite it"
    assert not found("retracted-source", sources(pooled, PAPER, cited="paper"))


def test_a_statement_graded_retracted_is_told() -> None:
    assert messages("retracted-source", sources(PAPER) + visits("grade: retracted")) == [
        "`dosing.duration` is graded `retracted` and still part of the schedule"
    ]


ARTICLE = "article: {kind: popular-article, read: full-text}"
PRESS = "news: {kind: press, read: full-text}"


@pytest.mark.parametrize(
    ("cited", "message"),
    [
        ("article", "`dosing.after` rests only on `article`, a popular article"),
        ("news", "`dosing.after` rests only on `news`, a press report"),
        ("[article, paper]", None),
        ("paper", None),
    ],
)
def test_a_timing_rests_on_more_than_the_press(cited: str, message: str | None) -> None:
    fragment = sources(ARTICLE, PRESS, PAPER, cited="paper", grade="secondary")
    fragment += visits(timing=f"source: {cited}")
    fragment += "constraints:\n  - {from: baseline, to: dosing, within: ..2w}\n"
    assert messages("popular-source", fragment) == ([message] if message else [])


def test_a_duration_from_an_article_is_no_timing() -> None:
    fragment = sources(ARTICLE, PAPER, cited="paper", grade="secondary")
    assert not found("popular-source", fragment + visits("source: article"))


@pytest.mark.parametrize("name", ["mapp1", "mdlsd", "psilodep-1"])
def test_the_library_has_no_error_of_evidence(name: str) -> None:
    from planner.formats.load import load_protocol

    severities = {one.severity for one in examine(load_protocol(name), choose(["evidence"], []))}
    assert "error" not in severities
