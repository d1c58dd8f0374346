"""The pages of all checks: both examples run, and what a page must say."""

import re

import pytest
from example_protocol import BASE, example_file
from example_study import study_file

from planner.checks.framework import FAMILIES, Check
from planner.checks.run import examine
from planner.formats.checks import all_checks, choose
from planner.protocol.file import ProtocolFile

SEVERITIES = ("error", "warning", "note")
CHECKS = list(all_checks().values())

IDS = {
    "structure": {
        "duplicate-id",
        "unknown-id",
        "unknown-visit",
        "unused-declaration",
        "endless-cycle",
        "unclear-cycle",
        "decision-without-condition",
        "condition-never-known",
        "unused-ignore",
        "timing-never-applies",
        "reference-loop",
        "unreachable-visit",
        "hangs-on-optional",
        "several-targets",
    },
    "sequence": {
        "dosing-without-screening",
        "dosing-without-preparation",
        "dosing-without-integration",
        "dosing-before-integration",
        "integration-before-dosing",
        "follow-up-before-last-dosing",
        "baseline-after-dosing",
        "overlapping-visits",
        "listed-order",
        "conditional-visits",
        "shared-visit",
    },
    "staff": {
        "dosing-without-staff",
        "role-never-with",
        "continuity-against-numbers",
        "staff-of-nobody",
        "performer-absent",
        "staff-through-the-night",
        "rater-not-kept-apart",
    },
    "blinding": {
        "visits-tell-arms",
        "windows-tell-arms",
        "blinded-parties",
        "double-blind-parties",
        "contradictory-design",
        "arms-part-at-unblinding",
        "wait-list-unmatched",
    },
    "scope": {"amount-outside-label", "personal-data"},
    "m11": {
        "window-not-stated",
        "window-assumed",
        "procedure-without-window",
        "gate-without-activity",
        "phone-contact-not-listed",
    },
    "imported": {
        "order-inverted",
        "windows-overlap",
        "window-swallows",
        "timing-cycle",
        "contradictory-timings",
        "repeated-timing",
        "instance-without-timing",
        "timed-from-itself",
        "no-anchor",
        "several-anchors",
        "shifting-anchor",
        "unknown-end",
        "sub-timeline-overruns",
        "endless-chain",
        "decision-loop",
        "no-way-on",
        "unreached-instance",
        "decision-without-default",
        "pointless-decision",
        "label-and-value",
        "day-numbering",
        "ambiguous-month",
        "mixed-units",
        "one-sided-window",
        "negative-duration",
        "no-duration",
        "incomplete-timing",
        "unknown-code",
        "outside-timeline",
        "unknown-reference",
        "repeated-id",
        "encounter-timing",
        "encounter-order",
        "epoch-order",
        "broken-links",
        "main-timeline",
        "unused-timeline",
        "sub-timeline-loop",
        "import-reading",
        "not-represented",
        "unreadable-field",
    },
}


def laid(one: Check, fragment: str) -> ProtocolFile:
    return study_file(fragment) if one.family == "imported" else example_file(fragment)


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.id)
def test_the_bad_example_of_a_page_fails_its_check_and_the_good_one_passes(one: Check) -> None:
    bad, good = laid(one, one.page.bad), laid(one, one.page.good)
    found = [finding for finding in examine(bad, [one]) if finding.check == one.id]
    assert found, "the bad example passes"
    assert examine(good, [one]) == [], "the good example fails"
    for finding in found:
        assert finding.severity in SEVERITIES
        # What the whole file lacks is about nothing in it.
        assert finding.about or one.family == "evidence", "a finding that no `at:` can name"
        assert bad.position(finding.path).line >= 1


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.id)
def test_the_examples_show_the_check_among_all_others(one: Check) -> None:
    assert one.id in {finding.check for finding in examine(laid(one, one.page.bad), CHECKS)}
    assert one.id not in {f.check for f in examine(laid(one, one.page.good), CHECKS)}


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.id)
def test_a_page_says_what_and_why_in_sentences(one: Check) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", one.id)
    assert one.family in FAMILIES
    assert one.severity in SEVERITIES
    assert one.title
    assert one.title[0].islower()
    assert not one.title.endswith(".")
    assert one.page.what.endswith(".")
    assert one.page.why.endswith(".")


def test_ids_stay_as_published_because_files_ignore_findings_by_them() -> None:
    checks = all_checks()
    for family, ids in IDS.items():
        assert ids <= {one.id for one in checks.values() if one.family == family}
    assert all(key == one.id for key, one in checks.items())


def test_the_protocol_under_the_examples_passes_every_check() -> None:
    assert examine(example_file(), CHECKS) == []
    assert examine(study_file(), choose((), ())) == []


def test_an_example_replaces_whole_keys_and_keeps_the_lines_of_the_text() -> None:
    file = example_file("title: Another\nfootnotes:\n  one: A remark\n")
    assert file.protocol.title == "Another"
    assert file.protocol.anchor.visit == "baseline"
    assert "title: An example\n" in BASE
    assert file.line(file.position(("footnotes", "one")).line) == "  one: A remark"
