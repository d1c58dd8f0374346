"""Simple temporal networks in numbers: what can hold together, how much room is left, and why not.

Knows nothing of visits or files: nodes and rules are numbers that the caller chooses the words for.
"""

from planner.network.conflict import Conflict, Relaxation, WalkStep, conflict, independent_conflicts
from planner.network.temporal import Bound, Network
from planner.network.windows import distance, earliest, is_consistent, is_redundant, latest

__all__ = [
    "Bound",
    "Conflict",
    "Network",
    "Relaxation",
    "WalkStep",
    "conflict",
    "distance",
    "earliest",
    "independent_conflicts",
    "is_consistent",
    "is_redundant",
    "latest",
]
