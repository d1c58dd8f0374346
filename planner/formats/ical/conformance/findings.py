"""What a check has found, in order of the file; a rule that is broken everywhere is told so often.

A file with a million bad lines has a report that a person can read.
"""

from typing import NamedTuple

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.rules import RULES
from planner.formats.ical.content_lines import Property

MAX_FINDINGS_A_RULE = 25
"""Findings of one rule that are told one by one; the others are counted."""


class CalendarFinding(NamedTuple):
    """One thing that is wrong: lines and columns count from 1, columns in characters.

    ``clause`` is where the standard says so, as in ``RFC 5545 3.6.1``.
    """

    line: int
    column: int
    rule: str
    severity: str
    message: str
    clause: str


class CalendarFindings:
    """Collects findings of one file."""

    def __init__(self) -> None:
        self._found: dict[CalendarFinding, None] = {}
        self._counts: dict[str, int] = {}
        self._last: dict[str, tuple[int, int]] = {}

    def tell(self, rule: str, line: int, column: int, message: str, clause: str = "") -> None:
        """Adds a finding at a place; ``clause`` is the rule's own where it is not given.

        Args:
            rule: an id in `RULES`.
            line: in the file, from 1.
            column: in characters, from 1.
            message: what is wrong, without the place.
            clause: such as ``RFC 5545 3.6.1``.
        """
        count = self._counts[rule] = self._counts.get(rule, 0) + 1
        if count > MAX_FINDINGS_A_RULE:
            self._last[rule] = max(self._last.get(rule, (0, 0)), (line, column))
            return
        known = RULES[rule]
        finding = CalendarFinding(
            line, column, rule, known.severity, message, clause or known.clause
        )
        self._found[finding] = None

    def tell_at(
        self, rule: str, where: Property | Component, message: str, clause: str = "",
        offset: int | None = None,
    ) -> None:  # fmt: skip
        """Adds a finding at a component's BEGIN, or at a property's value or a place in its text.

        ``offset`` counts characters of the property's unfolded text.

        Args:
            rule: an id in `RULES`.
            where: a property, or a component for its BEGIN.
            message: what is wrong, without the place.
            clause: such as ``RFC 5545 3.6.1``; the rule's own where it is empty.
            offset: from 0; the beginning of the value when ``None``.
        """
        if isinstance(where, Component):
            self.tell(rule, where.line, 1, message, clause)
            return
        place = where.line.place(where.offset if offset is None else offset)
        self.tell(rule, *place, message, clause)

    def sorted(self) -> tuple[CalendarFinding, ...]:
        """All findings by place, and for each rule with too many how many more there are."""
        findings = list(self._found)
        for rule, place in self._last.items():
            more = self._counts[rule] - MAX_FINDINGS_A_RULE
            known = RULES[rule]
            message = f"and {more:,} more such finding{'s' if more > 1 else ''} up to here"
            findings.append(CalendarFinding(*place, rule, known.severity, message, known.clause))
        return tuple(sorted(findings))
