"""Participants placed one after another on the days that others leave, for who plans many."""

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.api.inputs import ProtocolSource, SiteSource
    from planner.timeline.placer import Placer


def placer(
    protocol: "ProtocolSource",
    *,
    site: "SiteSource | None" = None,
    arm: str | None = None,
    with_visits: Collection[str] | None = None,
    without_visits: Collection[str] = (),
    unblinded: bool = False,
    anyway: bool = False,
) -> "Placer":
    """Places participants of one protocol, arm and site on the days that the others leave.

    For who shares rooms and people among many: what each visit takes of the site is in ``visits``,
    and days that are taken or given back count from the next placement on::

        rooms = planner.DaySet(free)
        placer = planner.placer("mapp1", site="site-berlin.yaml")
        placed = placer.place(start, {"dosing-1": rooms}, slack=7)
        if placed is not None:
            rooms.discard(placed.starts["dosing-1"].date())

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        arm: an arm's id; the record's own or the first one by default.
        with_visits: as of `plan`.
        without_visits: as of `plan`.
        unblinded: as of `plan`, for participants of whom nothing is recorded.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.

    Raises:
        Contradiction: the protocol's rules contradict each other.
        PlannerError: as `plan`.
    """
    from planner.api.inputs import names_of, optional_text, protocol_of
    from planner.api.prepared import prepared_calendar, prepared_courses, prepared_planner
    from planner.timeline.placer import Placer

    given, calendar = protocol_of(protocol), prepared_calendar(site)
    chosen = None if with_visits is None else names_of(with_visits, "with_visits")
    left_out = names_of(without_visits, "without_visits")
    arm = optional_text(arm, "arm", "the id of an arm")
    planner = prepared_planner(
        given, calendar, arm, chosen, left_out, unblinded=unblinded, anyway=anyway
    )
    return Placer(planner, prepared_courses(given, calendar, chosen, left_out, anyway=anyway), arm)
