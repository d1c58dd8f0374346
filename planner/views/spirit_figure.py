"""The participant timeline as SPIRIT 2025 asks for it in item 18: periods, time points, blocks.

Columns are visits in the order of their days, rows stand in the blocks enrolment, interventions and
assessments. It follows the layout of the statement's figure; nobody has examined whether a protocol
conforms to the statement.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from planner.network.windows import is_consistent
from planner.notice import NOTICE
from planner.protocol.course import Course, Occurrence, target_conventions
from planner.protocol.expand import epoch_kind, expand
from planner.protocol.model import BLINDED_DESIGNS, Protocol
from planner.schedule.build import build_schedule
from planner.schedule.slack import stated_windows
from planner.schedule.study_days import lying_days, study_day_texts
from planner.schedule.undated import Choice, with_dates
from planner.schedule.visit_numbers import visit_code, visit_label, visit_numbers
from planner.views.footnotes import Footnotes
from planner.views.schedule_of_activities import DONE, done_at, track_lines
from planner.views.tables.grid import Grid, Line
from planner.views.timing_words import timing_text

ENROLMENT, ALLOCATION, POST_ALLOCATION, CLOSE_OUT = (
    "Enrolment", "Allocation", "Post-allocation", "Close-out",
)  # fmt: skip
TREATMENT = "Treatment"
"""What follows enrolment in a study that allocates nobody."""
UNDATED = "Without a date"
_GROUPED = ("parallel", "crossover", "wait-list", *BLINDED_DESIGNS)
_BEFORE_TREATMENT = ("screening", "run-in", "baseline", "washout")
_SESSIONS = {"preparation": "◇", "dosing": "◆", "integration": "◇"}
_ALLOCATES = re.compile(r"\b(?:randomi[sz]|allocat)", re.IGNORECASE)
_AFTERWARDS = re.compile(r"\b(?:after|since|from|post|following)\b", re.IGNORECASE)
_ENROLS = re.compile(r"\b(?:consent|eligib|inclusion|enrol|screening)", re.IGNORECASE)
_ONE_DAY = re.compile(r"-?[0-9]+(?: |$)")
_DAYS_A_WEEK = 7


def spirit_figure(protocol: Protocol) -> Grid:
    """All visits and activities of a protocol, each once, in the layout of the SPIRIT figure.

    Time point 0 is the allocation, or the first dosing session of a study that allocates nobody,
    whose periods are then enrolment, treatment and close-out. Each arm has a row of interventions;
    what only some arms have carries a footnote.

    Args:
        protocol: as loaded.

    Raises:
        PlannerError: the cycles make more visits than the planner unrolls.
    """
    return _Figure(protocol).grid()


class _Column(NamedTuple):
    """A visit, or the allocation where no visit is named by it (``visit`` is then ``None``)."""

    period: str
    point: str
    visit: Occurrence | None


class _Figure:
    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        arms: list[str | None] = [arm.id for arm in protocol.arms] or [None]
        self.courses = {arm: expand(protocol, arm) for arm in arms}
        numbers = visit_numbers(protocol)
        self.codes = {name: visit_code(number) for name, number in numbers.items()}
        self.numbers = numbers
        self.footnotes = Footnotes(protocol)
        self.visits: dict[str, Occurrence] = {}
        for course in self.courses.values():
            for visit in course.visits:
                self.visits.setdefault(visit.id, visit)
        self.is_allocated = "single-group" not in protocol.design and (
            protocol.allocation is not None or any(word in _GROUPED for word in protocol.design)
        )
        self.columns = self._columns()

    def grid(self) -> Grid:
        protocol = self.protocol
        heads = (
            ("Study period", *(column.period for column in self.columns)),
            ("Time point", *(column.point for column in self.columns)),
            ("Visit", *(self._head(column) for column in self.columns)),
        )
        lines = [*self._enrolment(), *self._interventions(), *self._assessments()]
        title = (
            f"{protocol.title}: participant timeline ({protocol.id}, version {protocol.version})"
        )
        notes = list(self._notes())
        return Grid(title, heads, tuple(lines), (*self.footnotes.texts(), *notes, NOTICE))

    def _columns(self) -> list[_Column]:
        by_number = sorted(self.visits.values(), key=lambda visit: self.numbers[visit.id])
        undated = self._undated()
        dated = [visit for visit in by_number if visit.id not in undated]
        zero, named = self._zero(dated)
        before, rest = dated[:zero], dated[zero + 1 :] if named else dated[zero:]
        places: list[tuple[str, Occurrence | None]]
        if self.is_allocated:
            places = [(ENROLMENT, visit) for visit in before]
            places.append((ALLOCATION, dated[zero] if named else None))
            places += [(POST_ALLOCATION, visit) for visit in rest]
        else:
            enrolled = len(list(takewhile(_is_enrolment, before)))
            places = [(ENROLMENT, visit) for visit in dated[:enrolled]]
            places += [(TREATMENT, visit) for visit in dated[enrolled:]]
        if rest:
            places[-1] = (CLOSE_OUT, rest[-1])
        columns = [
            _Column(period, _point(place - zero), visit)
            for place, (period, visit) in enumerate(places)
        ]
        return columns + [_Column(UNDATED, "", visit) for visit in by_number if visit.id in undated]

    def _undated(self) -> set[str]:
        """The visits that have no date in any arm before something happens."""
        dated: set[str] = set()
        for arm in self.courses:
            course = with_dates(self.protocol, arm, Choice())
            dated |= {visit.id for visit in course.visits}
        return self.visits.keys() - dated

    def _zero(self, dated: Sequence[Occurrence]) -> tuple[int, bool]:
        """The place of time point 0, and whether it is that of a visit."""
        first = next((at for at, visit in enumerate(dated) if visit.kind == "dosing"), None)
        if first is None:
            anchors = {course.anchor for course in self.courses.values()}
            first = next((at for at, visit in enumerate(dated) if visit.id in anchors), 0)
        if not self.is_allocated:
            return first, True
        apart = (at for at, visit in enumerate(dated) if self._is_of_some_arms(visit))
        first = min(first, next(apart, first))
        for at, visit in enumerate(dated):
            named = visit.kind == "randomization" or any(map(_names_allocation, self._texts(visit)))
            if at <= first and named:
                return at, True
        return first, False

    def _is_of_some_arms(self, visit: Occurrence) -> bool:
        return len(self._arms_with(visit.id)) < len(self.courses)

    def _texts(self, visit: Occurrence) -> Iterator[str]:
        """What a visit and what is done at it are called."""
        yield visit.title
        yield visit.visit.id
        for key in done_at(visit):
            yield self._title(key)

    def _title(self, key: str) -> str:
        activity = self.protocol.activities.get(key)
        return key if activity is None or not activity.title else activity.title

    def _head(self, column: _Column) -> str:
        visit = column.visit
        if visit is None:
            return "at no visit of the file"
        mark = self.footnotes.of_visit(visit)
        only = self._only_in(self._arms_with(visit.id))
        label = visit_label(self.numbers[visit.id], visit.title)
        return f"{label}{','.join(filter(None, [mark, only]))}"

    def _arms_with(self, visit_id: str) -> list[str | None]:
        return [
            arm
            for arm, course in self.courses.items()
            if any(visit.id == visit_id for visit in course.visits)
        ]

    def _only_in(self, arms: Iterable[str | None]) -> str:
        """The mark of what only some of the arms have."""
        named = [arm for arm in arms if arm is not None]
        if len(named) == len(self.courses) or not named:
            return ""
        return self.footnotes.mark([f"Only in {', '.join(named)}."])

    def _marks(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        """The cells of all columns, from those of visits."""
        return tuple(
            "" if column.visit is None else cells.get(column.visit.id, "")
            for column in self.columns
        )

    def _activity_line(self, key: str) -> Line:
        cells: dict[str, str] = {}
        for name in self.visits:
            having = {
                course.arm: done_at(visit)[key]
                for course in self.courses.values()
                for visit in course.visits
                if visit.id == name and key in done_at(visit)
            }
            if not having:
                continue
            texts = [
                f"Only when the optional item takes place: {'; '.join(items)}."
                for items in dict.fromkeys(having.values())
                if items
            ]
            only = "" if len(having) == len(self._arms_with(name)) else self._only_in(having)
            cells[name] = DONE + ",".join(filter(None, [self.footnotes.mark(texts), only]))
        activity = self.protocol.activities.get(key)
        endpoint = (
            f" ({activity.endpoint} endpoint)" if activity is not None and activity.endpoint else ""
        )
        label = self._title(key) + endpoint + self.footnotes.of_activity(key)
        return Line((label, *self._marks(cells)))

    def _activities(self) -> dict[str, list[str]]:
        """The visits at which each activity is done, those of no visit left out."""
        visits: dict[str, list[str]] = {key: [] for key in self.protocol.activities}
        for course in self.courses.values():
            for visit in course.visits:
                for key in done_at(visit):
                    if visit.id not in visits.setdefault(key, []):
                        visits[key].append(visit.id)
        return {key: names for key, names in visits.items() if names}

    def _enrolment(self) -> Iterator[Line]:
        yield Line(("ENROLMENT",), "group")
        keys = self._enrolling()
        screens = {name: DONE for name, visit in self.visits.items() if visit.kind == "screening"}
        if screens:
            yield Line(("Screening visit", *self._marks(screens)))
        for key in keys:
            yield self._activity_line(key)
        if self.is_allocated:
            cells = (DONE if column.period == ALLOCATION else "" for column in self.columns)
            yield Line((ALLOCATION, *cells))

    def _enrolling(self) -> list[str]:
        return [
            key
            for key in self._activities()
            if _ENROLS.search(self._title(key)) or _names_allocation(self._title(key))
        ]

    def _interventions(self) -> Iterator[Line]:
        yield Line(("INTERVENTIONS",), "group")
        titles = {arm.id: arm.title or arm.id for arm in self.protocol.arms}
        for arm, course in self.courses.items():
            title = "Intervention" if arm is None else titles[arm]
            yield Line((title, *self._arrow(course)))
        yield from self._tracks("intake")

    def _arrow(self, course: Course) -> tuple[str, ...]:
        """A mark for each session of a course, and a stroke from the first one to the last."""
        kinds = {visit.id: visit.kind for visit in course.visits}
        signs = [
            "" if column.visit is None or column.period == UNDATED
            else _SESSIONS.get(kinds.get(column.visit.id, ""), "")
            for column in self.columns
        ]  # fmt: skip
        places = [at for at, sign in enumerate(signs) if sign]
        cells = []
        for at, sign in enumerate(signs):
            if not places or not places[0] <= at <= places[-1]:
                cells.append("")
                continue
            left = "" if at == places[0] else "─"
            right = "" if at == places[-1] else "─"
            cells.append(f"{left}{sign or '─'}{right}")
        return tuple(cells)

    def _tracks(self, *kinds: str) -> Iterator[Line]:
        """The tracks of some kinds, those that are the same in several arms once."""
        arms_of: dict[tuple[str, ...], list[str | None]] = {}
        for arm, course in self.courses.items():
            some = course._replace(tracks=tuple(t for t in course.tracks if t[0].kind in kinds))
            for line in track_lines(some, self.codes, self.footnotes):
                label, *cells = line.cells
                by_visit = dict(zip((v.id for v in course.visits), cells, strict=True))
                arms_of.setdefault((label, *self._marks(by_visit)), []).append(arm)
        for (label, *marks), arms in arms_of.items():
            yield Line((label + self._only_in(arms), *marks))

    def _assessments(self) -> Iterator[Line]:
        visits = self._activities()
        enrolling = self._enrolling()
        early = {
            column.visit.id
            for column in self.columns
            if column.visit is not None and column.period in (ENROLMENT, ALLOCATION)
        }
        blocks: dict[str, list[str]] = {"baseline": [], "outcomes": [], "other": []}
        for key, names in visits.items():
            activity = self.protocol.activities.get(key)
            if key in enrolling:
                continue
            if activity is not None and activity.endpoint:
                blocks["outcomes"].append(key)
            else:
                blocks["baseline" if early.issuperset(names) else "other"].append(key)
        tracks = list(self._tracks("diary", "questionnaire", "tracker"))
        for title, keys in blocks.items():
            if keys or (title == "other" and tracks):
                yield Line((f"ASSESSMENTS: {title}",), "group")
                yield from map(self._activity_line, keys)
        yield from tracks

    def _notes(self) -> Iterator[str]:
        yield (
            f"{DONE}: done at this visit; ◆: dosing session; ◇: preparation or integration session;"
            " ─: in between; ├─┤: parallel to these visits; week n: n times 7 days from the anchor."
        )
        if not any(visit.kind in _SESSIONS for visit in self.visits.values()):
            yield (
                "No visit of the file is a preparation, dosing or integration session; the rows of"
                " interventions are left empty."
            )
        yield from self._allocation_notes()
        for column in self.columns:
            if column.visit is not None and column.point:
                yield f"{column.point}: {self._when(column.visit)}."
        conventions = dict.fromkeys(
            text for course in self.courses.values() for text in target_conventions(course)
        )
        yield from (f"{text[:1].upper()}{text[1:]}." for text in conventions)
        lacks = list(self._lacks())
        if lacks:
            yield f"The file names no activity for {' and '.join(lacks)}."
        left_over = [
            self._title(key) for key in self.protocol.activities if key not in self._activities()
        ]
        if left_over:
            yield f"In the file, but at no visit: {', '.join(left_over)}."
        yield (
            "Laid out as the figure of SPIRIT 2025, item 18. Whether the protocol conforms to the"
            " statement has not been examined."
        )

    def _allocation_notes(self) -> Iterator[str]:
        if not self.is_allocated:
            yield "Nobody is allocated in this study; time point 0 is the first dosing session."
        elif any(column.visit is None for column in self.columns):
            yield (
                "No visit of the file is named as that of the allocation. Time point 0 stands where"
                " it can be at the latest, before the first dosing session and before what only"
                " some arms have."
            )

    def _lacks(self) -> Iterator[str]:
        titles = " ".join(map(self._title, self._activities()))
        for what, pattern in (("informed consent", r"\bconsent"), ("eligibility", r"\beligib")):
            if not re.search(pattern, titles, re.IGNORECASE):
                yield what

    def _when(self, visit: Occurrence) -> str:
        """The study day, weeks and window of a visit, by arm where they differ."""
        arms_of: dict[str, list[str]] = {}
        for arm, texts in self._texts_by_arm.items():
            if visit.id in texts:
                arms_of.setdefault(texts[visit.id], []).append(str(arm))
        label = self.codes[visit.id]
        if len(arms_of) == 1:
            return f"{label}, {next(iter(arms_of))}"
        return f"{label}, " + "; ".join(
            f"in {', '.join(arms)} {text}" for text, arms in arms_of.items()
        )

    @cached_property
    def _texts_by_arm(self) -> dict[str | None, dict[str, str]]:
        return {arm: self._times(course) for arm, course in self.courses.items()}

    def _times(self, course: Course) -> dict[str, str]:
        schedule = build_schedule(course)
        holds = is_consistent(schedule.network)
        days = study_day_texts(course, stated_windows(schedule) if holds else {})
        lying = lying_days(course)
        rules = course.timings()
        texts = {}
        for visit in course.visits:
            day = days[visit.id]
            weeks, rest = divmod(lying.get(visit.id, 0), _DAYS_A_WEEK)
            if weeks and not rest and _ONE_DAY.match(day):
                day += f", week {weeks}"
            window = timing_text(rules[visit.id], self.codes, self.footnotes)
            if not window and visit.id == course.anchor:
                window = "the anchor"
            texts[visit.id] = "; ".join(filter(None, [day and f"Day {day}", window]))
        return texts


def _point(place: int) -> str:
    """A time point as the figure names it: ``-t1``, ``0``, ``t1``."""
    return "0" if place == 0 else f"-t{-place}" if place < 0 else f"t{place}"


def _is_enrolment(visit: Occurrence) -> bool:
    return (
        visit.kind in _BEFORE_TREATMENT
        or (visit.kind == "assessment" and epoch_kind(visit.epoch) in _BEFORE_TREATMENT)
    )  # fmt: skip


def _names_allocation(text: str) -> bool:
    return bool(_ALLOCATES.search(text)) and not _AFTERWARDS.search(text)
