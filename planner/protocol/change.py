"""One change between two versions of a protocol, as data."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from planner.protocol.course import Point
from planner.time.distance import Window

Group = Literal["schedule", "consequence", "identity", "evidence"]
"""What a change is of: the schedule as written, what follows from other changes, what the study is
called, or sources, grades and notes."""


class FileLine(NamedTuple):
    """A line of a file, counted from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class ChangedRule(NamedTuple):
    """A rule of the new version between two points of the old one, of an arm of the old version."""

    arm: str | None
    reference: Point
    point: Point
    window: Window


class Change(NamedTuple):
    """What is different in one thing.

    Attributes:
        kind: which sort of change, such as ``window-widened`` or ``visit-added``.
        subject: what sort of thing it is about, such as ``visit`` or ``arm``.
        ids: of that thing; several occurrences of a visit that change alike stand together.
        text: what has changed, in the protocol's own words.
        epoch: where the visit is, in the new version if it is in both.
        arms: of the new version (of the old one for what it lacks); empty: all of them.
        old, new: where it stands in each version.
        breaks: why it is breaking for participants under way: somebody who kept to the old rules
            can lie outside the new ones, or has to do something new; ``None`` if nobody.
        group: see `Group`.
        bounds: what has to hold newly; whoever knows the network sees if the old rules imply it.
    """

    kind: str
    subject: str
    ids: tuple[str, ...]
    text: str
    epoch: str | None
    arms: tuple[str, ...]
    old: FileLine | None
    new: FileLine | None
    breaks: str | None
    group: Group = "schedule"
    bounds: tuple[ChangedRule, ...] = ()


class ComparedVersion(NamedTuple):
    """One of the two versions compared; ``path`` as the user gave it."""

    id: str
    version: str
    path: str


class Difference(NamedTuple):
    """All changes between two versions, in the order of the new file.

    ``renamed`` are visits that seem to have only another id in the new version, by their old id;
    ``arms`` the arms that were compared, old and new, and ``flaws`` what could not be followed.
    ``labels`` are the numbers and titles of visits, by occurrence id, in the new version where it
    has them.
    """

    old: ComparedVersion
    new: ComparedVersion
    changes: tuple[Change, ...]
    renamed: Mapping[str, str]
    arms: tuple[tuple[str | None, str | None], ...]
    flaws: tuple[str, ...]
    labels: Mapping[str, str] = MappingProxyType({})

    def changes_in(self, *groups: Group) -> tuple[Change, ...]:
        """The changes of some groups."""
        return tuple(change for change in self.changes if change.group in groups)

    @property
    def breaking(self) -> tuple[Change, ...]:
        """The changes that touch participants under way."""
        return tuple(change for change in self.changes if change.breaks is not None)

    @property
    def changes_schedule(self) -> bool:
        """Whether anything but names, sources, grades and notes is different."""
        return any(change.group in ("schedule", "consequence") for change in self.changes)
