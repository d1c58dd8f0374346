"""Whose timelines an export is of: one participant, a list of them, or records of what happened."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from planner.timeline.model import Timeline
    from planner.timeline.participant import Participant
    from planner.timeline.participation import Courses
    from planner.timeline.placing import CoursePlanner


class Cohort(ABC):
    """The timelines of all participants, one at a time; who cannot be placed is said on stderr.

    ``whole`` is whether it names everybody in the study, as a list or a folder does; one
    participant says nothing of others. ``under_way`` is whether they have records, so that there
    may have been exports before. ``unplaced`` are those without a timeline, ``forced`` those
    whose plan breaks a rule since none keeps all; both are complete once all have been asked for,
    and so are the visits and tracks without a date, which have no events.
    """

    whole = True
    under_way = False

    def __init__(self) -> None:
        self.unplaced: dict[str, str] = {}
        self.forced: dict[str, str] = {}
        self._undated: dict[tuple[str, str], dict[str, None]] = {}

    @abstractmethod
    def timelines(self) -> "Iterator[Timeline]":
        """All timelines, in the order in which participants are given; can be asked for again."""

    def tell_undated(self) -> None:
        """Says on stderr which visits and tracks have no event since they have no date, and why."""
        from planner.cli.output import tell

        for (title, why), codes in self._undated.items():
            whose = next(iter(codes)) if len(codes) == 1 else f"{len(codes)} participants"
            tell(f"no event: {title} {why} ({whose})")

    def _note_undated(self, timeline: "Timeline") -> "Timeline":
        visits = [(one.title, one.why) for one in timeline.waiting]
        for key in (*visits, *((one.title, one.why) for one in timeline.waiting_tracks)):
            self._undated.setdefault(key, {})[timeline.participant] = None
        return timeline

    def _report(self, among: dict[str, str], code: str, why: str) -> None:
        from planner.cli.output import complain

        if code not in among:
            among[code] = why
            complain(f"{code}: {why}")


class Planned(Cohort):
    """Participants of whom nothing is recorded."""

    def __init__(
        self,
        planner_of: "Callable[[str | None], CoursePlanner]",
        people: "Callable[[], Iterator[Participant]]",
        *,
        whole: bool,
    ) -> None:
        super().__init__()
        self.whole = whole
        self._planner_of = planner_of
        self._people = people
        self._planners: dict[str | None, CoursePlanner] = {}

    def timelines(self) -> "Iterator[Timeline]":
        """See `Cohort`."""
        from planner.cli.progress import progress
        from planner.timeline.plan import NothingFits, plan_timeline

        for person in progress(self._people(), None, "participants"):
            if person.arm not in self._planners:
                self._planners[person.arm] = self._planner_of(person.arm)
            try:
                planner = self._planners[person.arm]
                yield self._note_undated(plan_timeline(planner, person.start, person.code))
            except NothingFits as error:
                self._report(self.unplaced, person.code, str(error))


class Recorded(Cohort):
    """Participants under way, each with a record: a file, or a folder of them."""

    under_way = True

    def __init__(
        self,
        courses: "Courses",
        path: str,
        *,
        arm: str | None,
        start: "date | None",
        today: "date | None",
        stamped: bool,
    ) -> None:
        """`stamped` says that the options' stamp is given, and records need not say when."""
        super().__init__()
        self.whole = os.path.isdir(path)
        self._courses = courses
        self._path = path
        self._arm = arm
        self._start = start
        self._today = today
        self._stamped = stamped

    def timelines(self) -> "Iterator[Timeline]":
        """See `Cohort`; what changed, changed today, or else on the newest date of the record."""
        from dataclasses import replace

        from planner.cli.progress import progress
        from planner.cli.records import read_records
        from planner.timeline.last_change import newest_date
        from planner.timeline.participation import plan_participant

        for file in progress(read_records([self._path]), None, "participants"):
            timeline = plan_participant(
                self._courses, file, arm=self._arm, start=self._start, today=self._today
            )
            if timeline.forced:
                why = "; ".join(timeline.forced)
                self._report(self.forced, timeline.participant, f"no plan keeps all windows: {why}")
            changed = None
            if not self._stamped:
                changed = self._today or newest_date(file.record)
            yield self._note_undated(replace(timeline, changed=changed))
