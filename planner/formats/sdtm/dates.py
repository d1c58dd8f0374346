"""SDTM's dates (`--DTC`): ISO 8601, as whole or as partial as they were known."""

import re
from functools import lru_cache
from typing import NamedTuple

from planner.time.distance import UnitError
from planner.timeline.record import Moment, read_moment

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T(.*))?", re.DOTALL)


class Dtc(NamedTuple):
    """A date as read: ``moment`` is ``None`` unless its day is known.

    ``left`` is what was written where not all of it is in ``moment``; empty otherwise.
    """

    moment: Moment | None
    left: str


@lru_cache(maxsize=8192)
def read_dtc(written: str) -> Dtc:
    """Reads a date; one whose day is not known, or that no calendar has, stays text.

    A time of day that is only partly known (`2014-01-02T09`) leaves the date alone.
    """
    if not written:
        return Dtc(None, "")
    match = _DAY.fullmatch(written)
    if match is None:
        return Dtc(None, written)
    try:
        return Dtc(read_moment(written), "")
    except UnitError:
        pass
    try:
        return Dtc(read_moment(match[1]), written)
    except UnitError:
        return Dtc(None, written)
