"""The checks of files of another standard; what they find is made elsewhere, when asked for.

Most examine a USDM study itself rather than what was read from it, and find nothing in files of
our own format, whose examination they must not slow down: only this table is read for those.
"""

from collections.abc import Callable, Iterable

from planner.checks.finding import Finding
from planner.checks.framework import Check
from planner.checks.subject import Subject

_TITLES = (
    (
        "order-inverted",
        "warning",
        "timings",
        "an instance that is timed before one that precedes it in the chain",
    ),
    (
        "windows-overlap",
        "warning",
        "timings",
        "windows of neighbours that let the later one come first",
    ),
    ("window-swallows", "warning", "timings", "a window that holds the whole of its neighbour's"),
    ("timing-cycle", "error", "timings", "instances that are timed from each other in a circle"),
    ("contradictory-timings", "error", "timings", "timings of one instance that no date satisfies"),
    ("repeated-timing", "note", "timings", "several timings of one instance that agree"),
    (
        "instance-without-timing",
        "warning",
        "timings",
        "an instance that no timing says anything of",
    ),
    ("timed-from-itself", "error", "timings", "a timing that counts an instance from itself"),
    ("no-anchor", "warning", "timings", "a timeline without a fixed reference"),
    ("several-anchors", "warning", "timings", "a timeline with several fixed references"),
    (
        "shifting-anchor",
        "warning",
        "timings",
        "a fixed reference that shifts what is counted from it",
    ),
    ("unknown-end", "note", "timings", "a timing by an end that nothing tells"),
    (
        "sub-timeline-overruns",
        "warning",
        "timings",
        "a sub-timeline that takes longer than there is time",
    ),
    ("endless-chain", "error", "chain", "a default chain that goes round in a circle"),
    ("decision-loop", "warning", "chain", "a decision that leads back"),
    ("no-way-on", "warning", "chain", "an instance that nothing follows, not even an exit"),
    ("unreached-instance", "warning", "chain", "an instance that nothing leads to"),
    ("decision-without-default", "warning", "chain", "a decision without a default"),
    ("pointless-decision", "warning", "chain", "a decision that decides nothing"),
    ("label-and-value", "warning", "fields", "a label that says another time than the value"),
    (
        "day-numbering",
        "note",
        "fields",
        "labels that number days from 0 beside an anchor that is Day 1",
    ),
    ("ambiguous-month", "warning", "fields", "a timing in months or years"),
    ("mixed-units", "note", "fields", "a window in hours around days, or in days around hours"),
    ("one-sided-window", "warning", "fields", "a window with one side only"),
    ("negative-duration", "error", "fields", "a duration below zero"),
    ("no-duration", "error", "fields", "a duration that is none"),
    ("incomplete-timing", "error", "fields", "a timing without type, value or instances"),
    (
        "unknown-code",
        "warning",
        "fields",
        "a code that CDISC does not have for this, or that its decode contradicts",
    ),
    ("outside-timeline", "error", "study", "a reference to another timeline's instance"),
    ("unknown-reference", "error", "study", "a reference to nothing"),
    ("repeated-id", "error", "study", "an id that two instances of a timeline have"),
    ("encounter-timing", "warning", "study", "an encounter that is scheduled by another's timing"),
    ("encounter-order", "warning", "study", "encounters in another order than the chain"),
    ("epoch-order", "warning", "study", "epochs in another order than the chain"),
    ("broken-links", "warning", "study", "encounters or epochs whose next and previous disagree"),
    ("main-timeline", "warning", "study", "no main timeline, or several"),
    ("unused-timeline", "note", "study", "a timeline that nothing begins"),
    ("sub-timeline-loop", "error", "study", "timelines that hold each other in a circle"),
    ("import-reading", "note", "study", "a place that can be read in two ways"),
    ("not-represented", "note", "study", "a statement that a protocol file has no place for"),
    ("unreadable-field", "warning", "study", "a field that cannot be read"),
)
"""Id, usual severity, the module of `planner.formats.usdm.lint.pages` with the page, and title."""


_MISLEADING = (
    "timed-from-itself", "endless-chain", "negative-duration", "no-duration", "incomplete-timing",
    "repeated-id",
)  # fmt: skip
"""With one of these a timing or an instance is not read as it was meant. What a reference to
nothing leaves out is found where it is missed: visits without a date, or that are not read."""


def _examining(check_id: str) -> Callable[[Subject], Iterable[Finding]]:
    def examine(subject: Subject) -> Iterable[Finding]:
        if subject.file.imported is None:
            return ()
        from planner.formats.usdm.lint.lint import by_check

        return subject.cached(by_check).get(check_id, ())

    return examine


CHECKS = tuple(
    Check(
        check_id,
        "imported",
        severity,
        title,
        f"planner.formats.usdm.lint.pages.{pages}",
        _examining(check_id),
        misleads=check_id in _MISLEADING,
    )
    for check_id, severity, pages, title in _TITLES
)
"""The catalogue; `planner.checks.run` knows nothing of it."""
