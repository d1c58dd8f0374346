"""Whose timelines an export is of: one participant, a list of them, or records of what happened."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from planner.errors import PlannerError
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.last_change import newest_date
from planner.timeline.model import Timeline
from planner.timeline.participant import Participant
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.plan import Contradiction, NothingFits, plan_timeline
from planner.timeline.record import RecordFile


class Cohort(ABC):
    """The timelines of all participants, one at a time.

    ``whole`` is whether it names everybody in the study, as a list or a folder does; one
    participant says nothing of others. ``under_way`` is whether they have records, so that there
    may have been exports before. ``unplaced`` are those without a timeline, ``forced`` those
    whose plan breaks a rule since none keeps all; both are complete once all have been asked for,
    and so are the visits and tracks without a date, which have no events. ``complain`` is called
    with the code and the reason of each of them as soon as that is known.
    """

    whole = True
    under_way = False

    def __init__(self, complain: Callable[[str, str], None]) -> None:
        self._complain = complain
        self.unplaced: dict[str, str] = {}
        self.forced: dict[str, str] = {}
        self._undated: dict[tuple[str, str], dict[str, None]] = {}

    @abstractmethod
    def timelines(self) -> Iterator[Timeline]:
        """All timelines, in the order in which participants are given; can be asked for again."""

    def undated(self) -> Iterator[str]:
        """A line for each visit and track that has no event since it has no date, and why."""
        for (title, why), codes in self._undated.items():
            whose = next(iter(codes)) if len(codes) == 1 else f"{len(codes)} participants"
            yield f"no event: {title} {why} ({whose})"

    def _note_undated(self, timeline: Timeline) -> Timeline:
        visits = [(visit.title, visit.why) for visit in timeline.waiting]
        for key in (
            *visits,
            *(
                (waiting_track.title, waiting_track.why)
                for waiting_track in timeline.waiting_tracks
            ),
        ):
            self._undated.setdefault(key, {})[timeline.participant] = None
        return timeline

    def _report(self, among: dict[str, str], code: str, why: str) -> None:
        if code not in among:
            among[code] = why
            self._complain(code, why)


class Planned(Cohort):
    """Participants of whom nothing is recorded."""

    def __init__(
        self,
        planner_of: Callable[[str | None], CoursePlanner],
        people: Callable[[], Iterator[Participant]],
        complain: Callable[[str, str], None],
        *,
        whole: bool,
    ) -> None:
        super().__init__(complain)
        self.whole = whole
        self._planner_of = planner_of
        self._people = people
        self._planners: dict[str | None, CoursePlanner] = {}

    def timelines(self) -> Iterator[Timeline]:
        """See `Cohort`."""
        for person in self._people():
            if person.arm not in self._planners:
                self._planners[person.arm] = self._planner_of(person.arm)
            try:
                planner = self._planners[person.arm]
                yield self._note_undated(plan_timeline(planner, person.start, person.code))
            except NothingFits as error:
                self._report(self.unplaced, person.code, str(error))


class Recorded(Cohort):
    """Participants under way, each with a record."""

    under_way = True

    def __init__(
        self,
        courses: PlannerCache,
        records: Callable[[], Iterator[RecordFile]],
        complain: Callable[[str, str], None],
        *,
        whole: bool,
        arm: str | None,
        start: date | None,
        today: date | None,
        stamped: bool,
    ) -> None:
        """`stamped` says that the options' stamp is given, and records need not say when."""
        super().__init__(complain)
        self.whole = whole
        self._courses = courses
        self._records = records
        self._arm = arm
        self._start = start
        self._today = today
        self._stamped = stamped

    def timelines(self) -> Iterator[Timeline]:
        """See `Cohort`; what changed, changed today, or else on the newest date of the record.

        Of several records one that cannot be planned stops no other.
        """
        for file in self._records():
            try:
                timeline = plan_participant(
                    self._courses, file, arm=self._arm, start=self._start, today=self._today
                )
            except Contradiction:
                raise
            except PlannerError as error:
                if not self.whole:
                    raise
                self._report(self.unplaced, file.record.participant, str(error))
                continue
            if timeline.forced:
                why = "; ".join(timeline.forced)
                self._report(self.forced, timeline.participant, f"no plan keeps all windows: {why}")
            changed = None
            if not self._stamped:
                changed = self._today or newest_date(file.record)
            yield self._note_undated(replace(timeline, changed=changed))
