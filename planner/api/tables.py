"""The tables of a protocol document: activities, run sheets, and what a course costs in time."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.api.inputs import DateSource, ProtocolSource, SiteSource, TimeSource
    from planner.protocol.model import Protocol
    from planner.schedule.burden import CourseBurden
    from planner.schedule.procedures import Procedure
    from planner.views.tables.document import TableDocument
    from planner.views.tables.grid import Grid


class Burdens(list["CourseBurden"]):
    """What the courses of a protocol cost, those of arms that cost the same together."""

    def __init__(self, protocol: "Protocol", burdens: "Iterable[CourseBurden]") -> None:
        super().__init__(burdens)
        self.protocol = protocol


class Procedures(list["Procedure"]):
    """What is done with a participant at each visit, how often, how long and by whom."""

    def __init__(self, protocol: "Protocol", procedures: "Iterable[Procedure]") -> None:
        super().__init__(procedures)
        self.protocol = protocol


def activities(protocol: "ProtocolSource", arm: str | None = None) -> "Grid":
    """The schedule of activities: activities by visits, with study days and windows on top.

    The grid is plain data; `planner.views.tables.html.render_html` and its neighbours draw it.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        arm: an arm's id; the first one by default.

    Raises:
        PlannerError: there is no such arm, or the protocol cannot be loaded.
    """
    from planner.api.inputs import optional_text, protocol_of
    from planner.views.schedule_of_activities import schedule_of_activities

    chosen = optional_text(arm, "arm", "the id of an arm")
    return schedule_of_activities(protocol_of(protocol), chosen)


def spirit_figure(protocol: "ProtocolSource") -> "Grid":
    """The participant timeline in the layout of SPIRIT 2025, item 18: periods and time points.

    Enrolment, allocation, post-allocation and close-out, all arms together, every visit and every
    activity once. It claims no conformity to the statement.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.

    Raises:
        PlannerError: the protocol cannot be loaded.
    """
    from planner.api.inputs import protocol_of
    from planner.views import spirit_figure as view

    return view.spirit_figure(protocol_of(protocol))


def m11_summary(protocol: "ProtocolSource") -> "TableDocument":
    """The trial schema and the schedule of activities under the headings of ICH M11, as a document.

    Sections 1.2 and 1.3 of the template; a schedule for each different arm, and run sheets as
    serial tables apart. It claims no conformity to the template.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.

    Raises:
        PlannerError: the protocol cannot be loaded.
    """
    from planner.api.inputs import protocol_of
    from planner.views import m11_summary as view

    return view.m11_summary(protocol_of(protocol))


def run_sheet(
    protocol: "ProtocolSource",
    visit: str,
    *,
    arm: str | None = None,
    start: "TimeSource | int | None" = None,
    day: "DateSource | None" = None,
    site: "SiteSource | None" = None,
) -> "Grid":
    """The minute-by-minute plan of one visit, as a grid.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        visit: id of a visit or of one of its occurrences, such as `dosing` or `dosing-2`.
        arm: an arm's id; the first one by default.
        start: local time of day at which it starts, in whole minutes, as `datetime.time`, a text
            such as ``09:00`` or minutes since midnight; its own when ``None``.
        day: the date whose clock times are wanted; needs ``site``.
        site: path of a site file, or a `Site`.

    Raises:
        planner.views.run_sheet.NoRunSheet: the visit has no run sheet that can be kept, or the
            site cannot hold it on that date at that time.
        PlannerError: anything else that cannot be done with what was given.
    """
    from planner.api.inputs import (
        calendar_of,
        minute_of,
        optional_date,
        optional_text,
        protocol_of,
        text_of,
    )
    from planner.views.run_sheet import run_sheet_grid

    return run_sheet_grid(
        protocol_of(protocol),
        text_of(visit, "visit", "the id of a visit"),
        optional_text(arm, "arm", "the id of an arm"),
        start=None if start is None else minute_of(start, "start"),
        day=optional_date(day, "day"),
        site=None if site is None else calendar_of(site),
    )


def burden(protocol: "ProtocolSource", arm: str | None = None) -> Burdens:
    """What a course costs in time, least and most, by epoch and by role.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        arm: only this arm; by default all of them, those that cost the same together.

    Raises:
        PlannerError: there is no such arm, or the protocol cannot be loaded.
    """
    from planner.api.inputs import optional_text, protocol_of
    from planner.schedule.burden import burdens

    given = protocol_of(protocol)
    return Burdens(given, burdens(given, optional_text(arm, "arm", "the id of an arm")))


def procedures(protocol: "ProtocolSource") -> Procedures:
    """Procedures by visits with minutes, role and number, as the form of a study's costs asks.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.

    Raises:
        PlannerError: the protocol cannot be loaded.
    """
    from planner.api.inputs import protocol_of
    from planner.schedule import procedures as schedule

    given = protocol_of(protocol)
    return Procedures(given, schedule.procedures(given))


def procedure_totals(protocol: "ProtocolSource") -> "Grid":
    """Procedures with their total for one participant, as the form of an ethics committee asks.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.

    Raises:
        PlannerError: the protocol cannot be loaded.
    """
    from planner.api.inputs import protocol_of
    from planner.schedule.procedures import procedures
    from planner.views import procedures as view

    given = protocol_of(protocol)
    return view.procedure_totals(given, procedures(given))
