"""Each trap that the published texts hold is named by the check that is there for it.

The table has one row for each place where sources of the library mislead a planner: the file, the
check whose finding names it, what that finding is about, and words that show what was seen.
"""

from functools import cache
from typing import NamedTuple

import pytest

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import choose
from planner.formats.load import load_protocol
from planner.protocol.library import library_ids


class Trap(NamedTuple):
    """One finding: in a file of the library, of a check, about an id, in these words."""

    number: int
    protocol: str
    check: str
    about: str
    words: tuple[str, ...]


TRAPS = (
    # 1. A session's day is Day 1 and its week Week 0, so that a week later is Day 8.
    Trap(1, "comp001", "day-and-week-numbers", "dosing", ("days from 1", "weeks from 0", "Day 8")),
    Trap(1, "mm120-2b", "day-and-week-numbers", "dosing", ("days from 1", "which is Day 8")),
    # 2. The primary endpoint is counted from baseline and from the last session.
    Trap(
        2,
        "mapp1",
        "two-anchors",
        "primary-endpoint",
        (
            "17w..19w after `baseline` and 7w..9w after `dosing-3` agree only",
            "while `dosing-3` is 8w..12w after `baseline`; the other rules allow 7w..13w",
        ),
    ),
    # 3. The registry says monthly, the planner needs a number of days.
    Trap(3, "mpva-2v3", "month-or-weeks", "dosing", ("4 weeks", "monthly", "28 to 31 days")),
    # 4. Registry and paper contradict each other.
    Trap(4, "mdma-autism", "sources-disagree", "dosing", ("says 7 hours", "says 8 hours")),
    Trap(4, "psilodep-2", "sources-disagree", "dosing", ("says one", "says two")),
    Trap(4, "psilodep-2", "sources-disagree", "week-6", ("says 1 week", "6 weeks")),
    Trap(4, "comp005", "sources-disagree", "comp005", ("255", "258")),
    Trap(4, "jhu-cancer", "sources-disagree", "jhu-cancer", ("8-10 weeks", "275 days")),
    # 5. The record of MAPP1 gives the range of another instrument.
    Trap(5, "mapp1", "sources-disagree", "caps-5", ("says 0-136", "says 0-80")),
    # 6. The registry prints day 35 where twice a week gives day 36.
    Trap(
        6,
        "pam",
        "irregular-cadence",
        "dosing-11",
        ("Day 35", "34d", "a day too early", "3 and 4 days"),
    ),
    # 7. Unblinding decides which way a participant goes on.
    Trap(7, "mp-4", "arms-part-at-unblinding", "unblinding", ("after `unblinding`", "must end")),
    Trap(7, "mp-8", "arms-part-at-unblinding", "unblinding", ("after `unblinding`", "must end")),
    # 8. Visits that take place only if something is found or decided.
    Trap(8, "jhu-smoking", "conditional-visits", "third-session", ("`dosing-3`", "22", "21")),
    Trap(8, "comp005", "conditional-visits", "re-treatment", ("`dosing-b`",)),
    Trap(8, "comp005", "conditional-visits", "open-label", ("`dosing-c`",)),
    Trap(8, "mm120-3", "conditional-visits", "open-label-treatment", ("`open-dosing`",)),
    Trap(8, "uaspire", "conditional-visits", "re-administration", ("60-64 weeks",)),
    # 9. A session, a night and the next morning, with whom?
    Trap(9, "mp-9", "staff-through-the-night", "dosing", ("`therapist`", "the same people")),
    Trap(9, "mp-9", "integration-during-stay", "integration-a", ("before the stay",)),
    # 10. A rater must not have seen the session; whether that is so is not said.
    Trap(10, "mdma-autism", "rater-not-kept-apart", "rater", ("`lsas`", "dosing sessions")),
    # 11. More than one participant comes.
    Trap(11, "mdma-cbct", "shared-visit", "dosing-1", ("2 participants at once",)),
    Trap(11, "hope-group", "shared-visit", "dosing", ("4 to 6 participants at once",)),
    # 12. Daily capsules run beside the visits and end where one of them is due.
    Trap(12, "psilodep-2", "track-not-tied", "week-6", ("last day", "`week-6`", "no rule")),
    # 13. Weeks of waiting stand against weeks after treatment.
    Trap(13, "jhu-mdd", "wait-list-unmatched", "wait-week-5", ("5w", "`week-1`", "need not")),
    Trap(13, "jhu-mdd", "wait-list-unmatched", "wait-week-8", ("8w", "`week-4`", "need not")),
    # 14. A publication was retracted.
    Trap(14, "mp-12", "retracted-source", "pooled", ("was retracted on 2024-08-10",)),
    # Beside the fourteen: integration ends when the next session is due.
    Trap(0, "mdma-autism", "target-unreachable", "dosing-2", ("can never be 4w", "leave 30d..")),
)
ONLY_THERE = (
    "two-anchors",
    "irregular-cadence",
    "wait-list-unmatched",
    "track-not-tied",
    "day-and-week-numbers",
    "shared-visit",
)
"""Checks that no other file of the library has a reason to fail."""


@cache
def findings(protocol: str) -> tuple[Finding, ...]:
    """All findings about a file of the library."""
    return tuple(examine(load_protocol(protocol), choose((), ())))


@pytest.mark.parametrize("trap", TRAPS, ids=lambda t: f"{t.number}-{t.protocol}-{t.about}")
def test_a_trap_is_named_in_words_that_show_it(trap: Trap) -> None:
    named = [
        one
        for one in findings(trap.protocol)
        if one.check == trap.check and trap.about in one.about
    ]
    assert named, f"{trap.check} does not find it in {trap.protocol}"
    assert any(all(word in one.message for word in trap.words) for one in named), [
        one.message for one in named
    ]


def test_all_fourteen_traps_have_a_row() -> None:
    assert {trap.number for trap in TRAPS if trap.number} == set(range(1, 15))


@pytest.mark.parametrize("check", ONLY_THERE)
def test_what_only_one_source_does_is_found_nowhere_else(check: str) -> None:
    found = {name for name in library_ids() if any(one.check == check for one in findings(name))}
    assert found == {trap.protocol for trap in TRAPS if trap.check == check}


def test_mapp1_has_no_finding_but_its_two_traps() -> None:
    assert [one.check for one in findings("mapp1")] == ["two-anchors", "sources-disagree"]


def test_the_wait_and_the_treatment_are_aimed_at_the_same_weeks() -> None:
    messages = [one.message for one in findings("jhu-mdd") if one.check == "wait-list-unmatched"]
    assert len(messages) == 2
    assert all(
        message.count(weeks) == 2 for message, weeks in zip(messages, ("5w", "8w"), strict=True)
    )
