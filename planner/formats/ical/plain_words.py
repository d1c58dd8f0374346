"""The words of calendars for participants; `planner.views.pages.calendar_words` has them."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from planner.timeline.model import DatedTrack, DatedVisit, Timeline


class PlanWords(Protocol):
    """What participants read of the events of one plan."""

    def title(self, visit: DatedVisit) -> str:
        """What a visit is called."""

    def description(self, visit: DatedVisit) -> str:
        """Where and how long it is, and what to arrange; a line each."""

    def place(self, visit: DatedVisit) -> str:
        """By what means it takes place, if not at the site; else empty."""

    def shown(self, tracks: tuple[DatedTrack, ...]) -> Collection[DatedTrack]:
        """The tracks that tell no arm."""

    def task(self, track: DatedTrack) -> str:
        """What a track asks of the participant."""


class PlainWords(Protocol):
    """What participants read in a calendar, in one language.

    ``name`` is the calendar's, ``notice`` what it says of itself, ``visit`` the title of a visit
    that nobody had planned.
    """

    name: str
    notice: str
    visit: str

    def cancelled(self, title: str) -> str:
        """The title of what does not take place."""

    def timed_title(self, title: str, start: datetime) -> str:
        """The title of an event of the whole day, with the time at which the visit begins."""

    def words_of(self, timeline: Timeline) -> PlanWords:
        """The words of one plan."""
