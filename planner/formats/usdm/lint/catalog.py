"""The checks of files of another standard; what they find is made elsewhere, when asked for.

Most examine a USDM study itself rather than what was read from it, and find nothing in files of
our own format, whose examination they must not slow down: only this table is read for those.
"""

from collections.abc import Callable, Iterable

from planner.checks.finding import Finding
from planner.checks.framework import Check
from planner.checks.subject import Subject

_TITLES = {
    "timings": (
        (
            "order-inverted",
            "warning",
            "an instance that is timed before one that precedes it in the chain",
        ),
        ("windows-overlap", "warning", "windows of neighbours that let the later one come first"),
        ("window-swallows", "warning", "a window that holds the whole of its neighbour's"),
        ("timing-cycle", "error", "instances that are timed from each other in a circle"),
        ("contradictory-timings", "error", "timings of one instance that no date satisfies"),
        ("repeated-timing", "note", "several timings of one instance that agree"),
        ("instance-without-timing", "warning", "an instance that no timing says anything of"),
        ("timed-from-itself", "error", "a timing that counts an instance from itself"),
        ("no-anchor", "warning", "a timeline without a fixed reference"),
        ("several-anchors", "warning", "a timeline with several fixed references"),
        ("shifting-anchor", "warning", "a fixed reference that shifts what is counted from it"),
        ("unknown-end", "note", "a timing by an end that nothing tells"),
        ("sub-timeline-overruns", "warning", "a sub-timeline that takes longer than there is time"),
    ),
    "chain": (
        ("endless-chain", "error", "a default chain that goes round in a circle"),
        ("decision-loop", "warning", "a decision that leads back"),
        ("no-way-on", "warning", "an instance that nothing follows, not even an exit"),
        ("unreached-instance", "warning", "an instance that nothing leads to"),
        ("decision-without-default", "warning", "a decision without a default"),
        ("pointless-decision", "warning", "a decision that decides nothing"),
    ),
    "fields": (
        ("label-and-value", "warning", "a label that says another time than the value"),
        ("day-numbering", "note", "labels that number days from 0 beside an anchor that is Day 1"),
        ("ambiguous-month", "warning", "a timing in months or years"),
        ("mixed-units", "note", "a window in hours around days, or in days around hours"),
        ("one-sided-window", "warning", "a window with one side only"),
        ("negative-duration", "error", "a duration below zero"),
        ("no-duration", "error", "a duration that is none"),
        ("incomplete-timing", "error", "a timing without type, value or instances"),
        (
            "unknown-code",
            "warning",
            "a code that CDISC does not have for this, or that its decode contradicts",
        ),
    ),
    "study": (
        ("outside-timeline", "error", "a reference to another timeline's instance"),
        ("unknown-reference", "error", "a reference to nothing"),
        ("repeated-id", "error", "an id that two instances of a timeline have"),
        ("encounter-timing", "warning", "an encounter that is scheduled by another's timing"),
        ("encounter-order", "warning", "encounters in another order than the chain"),
        ("epoch-order", "warning", "epochs in another order than the chain"),
        ("broken-links", "warning", "encounters or epochs whose next and previous disagree"),
        ("main-timeline", "warning", "no main timeline, or several"),
        ("unused-timeline", "note", "a timeline that nothing begins"),
        ("sub-timeline-loop", "error", "timelines that hold each other in a circle"),
        ("import-reading", "note", "a place that can be read in two ways"),
        ("not-represented", "note", "a statement that a protocol file has no place for"),
        ("unreadable-field", "warning", "a field that cannot be read"),
    ),
}
"""Id, usual severity and title by the module of `planner.formats.usdm.lint.pages` with the page."""


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
    for pages, titles in _TITLES.items()
    for check_id, severity, title in titles
)
"""The catalogue; `planner.checks.run` knows nothing of it."""
