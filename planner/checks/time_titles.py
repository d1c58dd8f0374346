"""Checks of the time family: what titles and notes say against what the timings say."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.rooms import about, shown_target
from planner.checks.subject import Subject
from planner.protocol.course import Course, Occurrence, Rule
from planner.protocol.document import Path
from planner.schedule.build import least_steps, most_steps
from planner.schedule.windows import effective_windows
from planner.units import CalendarDistance, Distance

if TYPE_CHECKING:
    from planner.protocol.timing_texts.labels import TitleTime

_UNITS = ("day", "week", "month", "year")
_LATER = ("after", "post", "before", "later", "follow", "visit", "assessment", "endpoint", "prior")


class Claim(NamedTuple):
    """What a title says about when the visit is.

    Days of the least and of the greatest distance it can mean: ``counted`` from the anchor, whose
    own number is 1 in a file without a day 0, and ``apart`` from whatever the title counts from.
    """

    text: str
    counted: tuple[int, int]
    apart: tuple[int, int]


@check(
    "title-and-timing",
    "warning",
    "a title that names another time than the timing",
    what="A title such as `Week 12`, `Day 15`, `Month 3` or `6 months after`, where neither the"
    " visit's own timings nor its distance from the anchor agree. Days are counted as the file"
    " declares: the anchor's date is Day 1, so that Day 15 is 14 days later, or Day 0 with"
    " `day_zero: true`. Numbers of visits and sessions mean nothing here.",
    why="Sites go by the title, the planner goes by the timing: one of the two is wrong by days.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: endpoint, title: Day 15, after: {visit: baseline, within: ±1d, target: 15d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: endpoint, title: Day 15, after: {visit: baseline, within: ±1d, target: 14d}}
""",
)
def _title_and_timing(subject: Subject) -> Iterator[Finding]:
    agreed: set[Path] = set()
    wrong: dict[Path, Finding] = {}
    for arm in subject.different_arms():
        course = subject.course(arm)
        claims = {
            one.path: claim
            for one in course.visits
            if (claim := claimed(one.visit.title or "", subject.protocol.day_zero)) is not None
        }
        if not claims:
            continue
        rules: dict[str, list[Rule]] = {}
        for rule in course.rules:
            rules.setdefault(rule.point.visit, []).append(rule)
        from_anchor = _from_anchor(subject, arm)
        for occurrence in course.visits:
            claim = claims.get(occurrence.path)
            if claim is None or occurrence.path in agreed:
                continue
            finding = _disagreement(
                course, occurrence, claim, rules.get(occurrence.id, []), from_anchor
            )
            if finding is None:
                agreed.add(occurrence.path)
            else:
                wrong.setdefault(occurrence.path, finding)
    yield from (finding for path, finding in wrong.items() if path not in agreed)


def claimed(title: str, day_zero: bool) -> Claim | None:
    """What a title says about the visit's time, ``None`` if nothing or several things."""
    lowered = title.lower()
    if not any(unit in lowered for unit in _UNITS):
        return None
    from planner.protocol.timing_texts.labels import title_times

    claims = []
    for time in title_times(title):
        if time.unit.removesuffix("s") not in _UNITS:
            continue
        if time.is_numbered:
            claims.append(_numbered(time, day_zero))
        elif time.following.startswith(_LATER) or not time.following:
            span = _day_span(time.distances)
            claims.append(Claim(time.text, span, span))
    return claims[0] if len(claims) == 1 else None


def _numbered(time: "TitleTime", day_zero: bool) -> Claim:
    """What "Day 15" or "Week 12" says.

    Week 12 is the twelfth week, or 12 weeks after: both are in use. "Day 1 after dosing" counts
    from the dosing session, whose own day may be 0 or 1.
    """
    least, most = _day_span(time.distances)
    if time.unit == "week" and most > 0:
        least -= 7
    apart = counted = least, most
    if time.unit == "day" and time.following not in ("after", "post"):
        counted = _day_span(time.distances[:1] if day_zero else time.distances[-1:])
    return Claim(time.text, counted, apart)


def _day_span(distances: tuple[Distance, ...]) -> tuple[int, int]:
    """Days of the least and of the greatest of some calendar distances."""
    spans = [one.day_span for one in distances if isinstance(one, CalendarDistance)]
    return min(first for first, _ in spans), max(last for _, last in spans)


def _from_anchor(subject: Subject, arm: str | None) -> dict[str, tuple[int | None, int | None]]:
    """The days on which visits can take place; nothing where rules contradict each other."""
    if not subject.is_consistent(arm):
        return {}
    windows = effective_windows(subject.schedule(arm))
    return {name: (window.first, window.last) for name, window in windows.items()}


def _disagreement(
    course: Course,
    occurrence: Occurrence,
    claim: Claim,
    rules: list[Rule],
    from_anchor: dict[str, tuple[int | None, int | None]],
) -> Finding | None:
    """What title and timings say, where no timing and no distance from the anchor agrees."""
    said = []
    own_anchor = False
    for rule in rules:
        if rule.point.end or _days(rule) is None:
            continue
        at_anchor = rule.reference.visit == course.anchor
        own_anchor = own_anchor or at_anchor
        days = _days(rule)
        if days is None or _meet(claim.counted if at_anchor else claim.apart, days, rule.backwards):
            return None
        said.append(rule)
    possible = from_anchor.get(occurrence.id)
    if not said or (not own_anchor and (possible is None or _meet(claim.counted, possible))):
        return None
    rule = said[0]
    timing = shown_target(rule) if rule.target is not None else str(rule.window)
    where = "before" if rule.backwards else "after"
    message = (
        f"the title of `{occurrence.visit.id}` says {claim.text}, which is"
        f" {_told(claim.counted)} from the anchor; its timing says {timing} {where}"
        f" `{rule.reference}`"
    )
    if not own_anchor and possible is not None:
        message += f", which is {_told(possible)} from the anchor"
    hint = None
    if claim.text.startswith("day ") and not course.protocol.day_zero:
        hint = "the anchor's date is Day 1; if it is Day 0, declare `day_zero: true`"
    return Finding(
        "title-and-timing",
        "warning",
        message,
        (*occurrence.path, "title"),
        hint,
        (Related(f"`{rule.name}`", rule.path),),
        about(course, occurrence.id),
    )


def _days(rule: Rule) -> tuple[int | None, int | None] | None:
    """The days of a rule's target, else of its window; ``None`` for a rule of hours."""
    if rule.target is not None:
        span: tuple[Distance | None, Distance | None] = (rule.target, rule.target)
    elif rule.window is not None:
        span = (rule.window.earliest, rule.window.latest)
    else:
        return None
    if not isinstance(span[0] or span[1], CalendarDistance):
        return None
    return least_steps(span[0]), most_steps(span[1])


def _meet(
    claim: tuple[int, int], days: tuple[int | None, int | None], backwards: bool = False
) -> bool:
    """Whether two spans of days have one in common; "2 weeks before" may be without a sign."""
    least, most = days
    if (least is None or least <= claim[1]) and (most is None or claim[0] <= most):
        return True
    return backwards and _meet((-claim[1], -claim[0]), days)


def _told(days: tuple[int | None, int | None]) -> str:
    least, most = days
    if least == most:
        return f"{least} days"
    if least is None or most is None:
        return f"at least {least} days" if most is None else f"at most {most} days"
    return f"{least} to {most} days"


@check(
    "month-or-weeks",
    "warning",
    "a month where the sources say four weeks, or the other way round",
    what="A timing in calendar months of a visit whose notes, footnotes or other timings speak of"
    " as many times four weeks or 28 days, or, for one month, of 3-5 weeks. Also a target of four"
    " weeks whose notes or footnotes say monthly or a month, without a window that holds both: 28"
    " to 31 days.",
    why="A month is 28 to 31 days and falls on another weekday; four weeks are always 28 days. Over"
    " three sessions the two drift apart by a week.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: endpoint
        note: The publication says 12 weeks.
        after: {visit: baseline, target: 3mo, within: ±1w}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: endpoint
        note: The publication says 12 weeks.
        after: {visit: baseline, target: 12w, within: ±1w}
""",
)
def _month_or_weeks(subject: Subject) -> Iterator[Finding]:
    told: set[Path] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        for rule in course.rules:
            if rule.path in told:
                continue
            if rule.target == _FOUR_WEEKS or rule.target == -_FOUR_WEEKS:
                finding = _says_month(subject, course, rule)
                if finding is not None:
                    told.add(rule.path)
                    yield finding
                continue
            months = _months(rule)
            if not months:
                continue
            evidence = _says_weeks(subject, course, rule, months)
            if evidence is not None:
                told.add(rule.path)
                text, path = evidence
                message = (
                    f"`{rule.name}` counts {months} calendar"
                    f" {'month' if months == 1 else 'months'}, but {text}"
                )
                hint = f"write `{4 * months}w` if weeks are meant, or give the room as a window"
                related = () if path is None else (Related("there", path),)
                names = about(course, rule.point.visit)
                yield Finding("month-or-weeks", "warning", message, rule.path, hint, related, names)


_FOUR_WEEKS = CalendarDistance(0, 28)


def _says_month(subject: Subject, course: Course, rule: Rule) -> Finding | None:
    """Four weeks that a note calls a month, where no window has room for both."""
    for other in course.rules:
        window = other.window
        if window is None or {other.point, other.reference} != {rule.point, rule.reference}:
            continue
        ends = sorted(
            abs(end)
            for end in (least_steps(window.earliest), most_steps(window.latest))
            if end is not None
        )
        if len(ends) == 2 and ends[0] <= 28 and ends[1] >= 31:
            return None
    occurrence = course.visit(rule.point.visit)
    for text, path in _texts(subject, occurrence, rule):
        match = re.search(r"\b(?:monthly|(?:a|one|1|per|each|every) month)\b", text.lower())
        if match is not None:
            message = (
                f"`{rule.name}` counts 4 weeks, but its note says {match[0]}, which is 28 to 31"
                " days; no window holds both"
            )
            hint = "give the room as a window, as in `within: 3w..5w`, if the sources have one"
            related = () if path is None else (Related("there", path),)
            names = about(course, rule.point.visit)
            return Finding("month-or-weeks", "warning", message, rule.path, hint, related, names)
    return None


def _months(rule: Rule) -> int:
    """Months of a timing's target, or of the two equal ends of its window; 0 where it has none."""
    distance = rule.target
    if distance is None and rule.window is not None and rule.window.earliest == rule.window.latest:
        distance = rule.window.earliest
    if isinstance(distance, CalendarDistance) and not distance.days:
        return abs(distance.months)
    return 0


_WORDS = {4: "four", 8: "eight", 12: "twelve"}


def _says_weeks(
    subject: Subject, course: Course, rule: Rule, months: int
) -> tuple[str, Path | None] | None:
    """Where the file speaks of weeks instead: what it says there, and the place."""
    occurrence = course.visit(rule.point.visit)
    weeks = 4 * months
    numbers = f"{weeks}|{_WORDS[weeks]}" if weeks in _WORDS else f"{weeks}"
    if months == 1:
        numbers += "|3 ?(?:-|–|to) ?5"
    pattern = rf"\b(?:(?:{numbers})[\s-]weeks?|{28 * months}[\s-]days?)\b"
    for text, path in _texts(subject, occurrence, rule):
        match = re.search(pattern, text.lower())
        if match:
            return f"its note says {match[0]}", path
    for other in course.rules:
        if other.point.visit == rule.point.visit and other.path != rule.path:
            distance = other.target
            if isinstance(distance, CalendarDistance) and abs(distance.days) == 7 * weeks:
                return f"`{other.name}` counts {weeks} weeks", other.path
    return None


def _texts(
    subject: Subject, occurrence: Occurrence, rule: Rule
) -> Iterator[tuple[str, Path | None]]:
    """Notes of the timing, its visit, epoch and cycle, footnotes, and what its sources note."""
    visit, epoch = occurrence.visit, occurrence.epoch
    yield rule.stated.note or "", (*rule.path, "note")
    yield visit.note or "", (*occurrence.path, "note")
    yield epoch.note or "", (*occurrence.path[:2], "note")
    if epoch.cycle is not None:
        yield epoch.cycle.note or "", (*occurrence.path[:2], "cycle", "note")
    for key in visit.footnotes:
        yield subject.protocol.footnotes.get(key, ""), ("footnotes", key)
    for key in rule.stated.source or visit.source:
        source = subject.protocol.sources.get(key)
        if source is not None:
            yield source.note or "", ("sources", key, "note")
