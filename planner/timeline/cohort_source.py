"""Whose timelines an export is of: one participant, a list of them, or records of what happened."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from planner.errors import PlannerError
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.last_change import newest_date
from planner.timeline.model import Timeline
from planner.timeline.participant import Participant, UnreadLine
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.plan import Contradiction, NothingFits, plan_timeline
from planner.timeline.record import RecordFile
from planner.timeline.record_files import RecordFiles
from planner.timeline.shared_plans import SharedPlans


class Cohort(ABC):
    """The timelines of all participants, one at a time.

    ``whole`` is whether it names everybody in the study, as a list or a folder does; one
    participant says nothing of others. ``under_way`` is whether they have records, so that there
    may have been exports before. ``unplaced`` are those without a timeline, ``forced`` those
    whose plan breaks a rule since none keeps all; both are complete once all have been asked for,
    and so are the visits and tracks without a date, which have no events. ``complain`` is called
    with the code and the reason of each of them as soon as that is known; instead of a code it is
    the place of what cannot be read.
    """

    whole = True
    under_way = False

    def __init__(self, complain: Callable[[str, str], None]) -> None:
        self._complain = complain
        self.unplaced: dict[str, str] = {}
        self.forced: dict[str, str] = {}
        self._undated: dict[tuple[str, str], dict[str, None]] = {}

    @property
    def hides_participant(self) -> bool:
        """Whether something that cannot be read may be of anybody; known once all were asked."""
        return False

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

    def _report_refused(self, refused: Mapping[str, Contradiction], planned: int) -> None:
        """Reports participants whose rules contradict each other.

        Raises:
            Contradiction: nobody was planned: the protocol itself is wrong.
        """
        for code, error in refused.items():
            if not planned:
                raise error
            self._report(self.unplaced, code, str(error))

    def _report(self, among: dict[str, str], code: str, why: str) -> None:
        if code not in among:
            among[code] = why
            self._complain(code, why)


class Planned(Cohort):
    """Participants of whom nothing is recorded."""

    def __init__(
        self,
        planner_of: Callable[[str | None], CoursePlanner],
        people: Callable[[Callable[[UnreadLine], None]], Iterator[Participant]],
        complain: Callable[[str, str], None],
        *,
        whole: bool,
    ) -> None:
        """``people`` gives the participants, and tells of those that it cannot give."""
        super().__init__(complain)
        self.whole = whole
        self._planner_of = planner_of
        self._people = people
        self._planners: dict[str | None, CoursePlanner] = {}
        self._unread = False

    @property
    def hides_participant(self) -> bool:
        """See `Cohort`."""
        return self._unread

    def timelines(self) -> Iterator[Timeline]:
        """See `Cohort`; of several participants one who cannot be planned stops no other."""
        refused: dict[str, Contradiction] = {}
        count = read = 0
        for person in self._people(self._report_unread):
            read += 1
            try:
                if person.arm not in self._planners:
                    self._planners[person.arm] = self._planner_of(person.arm)
                timeline = plan_timeline(self._planners[person.arm], person.start, person.code)
            except Contradiction as error:
                refused[person.code] = error
            except NothingFits as error:
                self._report(self.unplaced, person.code, str(error))
            except PlannerError as error:
                if not self.whole:
                    raise
                self._report(self.unplaced, person.code, str(error))
            else:
                count += 1
                yield self._note_undated(timeline)
        self._report_refused(refused, count)
        if self.unplaced and not read:
            raise _nobody_read()

    def _report_unread(self, line: UnreadLine) -> None:
        self._unread = self._unread or line.code is None
        if line.code is None:
            self._report(self.unplaced, line.place, line.why)
        else:
            self._report(self.unplaced, line.code, f"{line.place}: {line.why}")


class Recorded(Cohort):
    """Participants under way, each with a record."""

    under_way = True

    def __init__(
        self,
        courses: PlannerCache,
        records: RecordFiles,
        *,
        around: Callable[[Iterable[RecordFile]], Iterable[RecordFile]],
        complain: Callable[[str, str], None],
        whole: bool,
        arm: str | None,
        start: date | None,
        today: date | None,
        stamped: bool,
    ) -> None:
        """Reads nothing yet.

        Args:
            courses: of the protocol at the site.
            records: of the participants.
            around: is given the records one by one, such as a bar of progress.
            complain: see `Cohort`.
            whole: see `Cohort`.
            arm: an arm's id; the record's own or the first one when ``None``.
            start: date of the anchor visit where a record has none.
            today: the first date on which what has not happened can take place.
            stamped: the options' stamp is given, and records need not say when.
        """
        super().__init__(complain)
        self.whole = whole
        self._courses = courses
        self._records = records
        self._around = around
        self._arm = arm
        self._start = start
        self._today = today
        self._stamped = stamped
        self._shared = None if today is None else SharedPlans(today)

    @property
    def hides_participant(self) -> bool:
        """See `Cohort`."""
        return self._records.hides_participant

    def timelines(self) -> Iterator[Timeline]:
        """See `Cohort`; what changed, changed today, or else on the newest date of the record.

        Of several records one that cannot be planned stops no other.
        """
        refused: dict[str, Contradiction] = {}
        count = read = 0
        for file in self._around(self._records):
            read += 1
            try:
                timeline = plan_participant(
                    self._courses,
                    file,
                    arm=self._arm,
                    start=self._start,
                    today=self._today,
                    shared=self._shared,
                )
            except Contradiction as error:
                refused[file.record.participant] = error
                continue
            except PlannerError as error:
                if not self.whole:
                    raise
                self._records.leave_out_record(file, error)
                continue
            count += 1
            if timeline.forced:
                why = "; ".join(timeline.forced)
                self._report(self.forced, timeline.participant, f"no plan keeps all windows: {why}")
            changed = None
            if not self._stamped:
                changed = self._today or newest_date(file.record)
            yield self._note_undated(replace(timeline, changed=changed))
        self._report_refused(refused, count)
        for whose, why in self._records.left_out.items():
            self._report(self.unplaced, whose, why)
        if self.unplaced and not read:
            raise _nobody_read()


def _nobody_read() -> PlannerError:
    """The error where there are participants, and none of them can be read."""
    return PlannerError("no participant can be read: there is nothing to write")
