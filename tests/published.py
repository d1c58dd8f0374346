"""What the tests of the library's files ask of them."""

from functools import cache

from planner.checks.report import Located
from planner.formats.checks import choose
from planner.formats.load import load_protocol
from planner.formats.report import report_file
from planner.protocol.course import Course, TimingConstraint
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.protocol.visit import RunSheetItem


@cache
def protocol(name: str) -> Protocol:
    return load_protocol(name).protocol


@cache
def course(name: str, arm: str | None = None) -> Course:
    return expand(protocol(name), arm)


@cache
def findings(name: str) -> tuple[Located, ...]:
    return report_file(name, choose((), ())).findings


def found(name: str, rule: str) -> list[str]:
    """The messages of one check about a library file."""
    return [one.message for one in findings(name) if one.rule == rule]


def rules(name: str, visit: str, reference: str, arm: str | None = None) -> list[TimingConstraint]:
    """The rules by which a visit counts from another."""
    return [
        rule
        for rule in course(name, arm).rules
        if (rule.point.visit, rule.reference.visit) == (visit, reference)
    ]


def kinds(name: str, arm: str | None = None) -> dict[str, int]:
    """How many visits there are of each kind."""
    counted: dict[str, int] = {}
    for one in course(name, arm).visits:
        counted[one.kind] = counted.get(one.kind, 0) + 1
    return counted


def items(name: str, visit: str, arm: str | None = None) -> dict[str, RunSheetItem]:
    """The lines of a visit's run sheet, by id."""
    sheet = course(name, arm).visit(visit).visit.run_sheet
    assert sheet is not None, f"{visit} has no run sheet"
    return {item.id: item for item in sheet.items}
