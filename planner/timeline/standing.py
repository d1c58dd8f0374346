"""Where a participant stands, which both the dates and the status of a plan's visits need."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from planner.timeline.history import History
from planner.timeline.replanning import Replanner


class ParticipantState(NamedTuple):
    """Where a participant stands: the course, what of it is settled, and from when it counts.

    As `planner.timeline.participant_state` has them in `Reading` and `Footing`.
    """

    planner: Replanner
    history: History
    anchor: date | None
    start: date
    today: date | None
    provisional: frozenset[str]
    gates: Mapping[str, date]
    unblinded: bool
    unrecorded: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()
