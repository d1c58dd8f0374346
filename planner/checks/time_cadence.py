"""Checks of the time family: how days are counted, patterns that repeat, and daily tracks."""

from collections import Counter
from collections.abc import Iterator

from planner.checks.finding import Finding
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.schedule.build import least_steps


@check(
    "day-and-week-numbers",
    "note",
    "titles that count days from 1 and weeks from 0",
    what="Titles such as `Day 8` for the visit 7 days after a session and `Week 3` for the one 21"
    " days after it, in one file: the session's day is Day 1, and its week is Week 0.",
    why="Under that numbering Week 3 is Day 22. Whoever takes it for Day 21, or Day 8 for a week"
    " and a day, is off by one.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: day-8, title: Day 8, after: {visit: baseline, target: 7d, within: ±1d}}
      - {id: week-3, title: Week 3, after: {visit: baseline, target: 3w, within: ±2d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: day-8, title: Day 8, after: {visit: baseline, target: 7d, within: ±1d}}
      - {id: day-22, title: Day 22, after: {visit: baseline, target: 3w, within: ±2d}}
""",
)
def _day_and_week_numbers(subject: Subject) -> Iterator[Finding]:
    if _titles_with(subject, "day ") and _titles_with(subject, "week "):
        from planner.checks.numbering import mixed_numbering

        yield from mixed_numbering(subject)


def _titles_with(subject: Subject, word: str) -> bool:
    return any(
        word in (visit.title or "").lower()
        for epoch in subject.protocol.epochs
        for visit in epoch.visits
    )


@check(
    "irregular-cadence",
    "warning",
    "one day that breaks a pattern",
    what="Five or more visits of one kind whose targets repeat a pattern (3 and 4 days in turn,"
    " say) through three rounds or more, but for one that lies a day beside its place.",
    why="It is most likely a misprint, here or in the source. Within a window of a day or two"
    " nobody notices until the dates of two parts of the study do not fit.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: talk-1, kind: contact, after: {visit: baseline, target: 7d, within: ±1d}}
      - {id: talk-2, kind: contact, after: {visit: baseline, target: 14d, within: ±1d}}
      - {id: talk-3, kind: contact, after: {visit: baseline, target: 20d, within: ±1d}}
      - {id: talk-4, kind: contact, after: {visit: baseline, target: 28d, within: ±1d}}
      - {id: talk-5, kind: contact, after: {visit: baseline, target: 35d, within: ±1d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: talk-1, kind: contact, after: {visit: baseline, target: 7d, within: ±1d}}
      - {id: talk-2, kind: contact, after: {visit: baseline, target: 14d, within: ±1d}}
      - {id: talk-3, kind: contact, after: {visit: baseline, target: 21d, within: ±1d}}
      - {id: talk-4, kind: contact, after: {visit: baseline, target: 28d, within: ±1d}}
      - {id: talk-5, kind: contact, after: {visit: baseline, target: 35d, within: ±1d}}
""",
)
def _irregular_cadence(subject: Subject) -> Iterator[Finding]:
    told: set[Path] = set()
    for arm in subject.different_arms():
        visits = subject.course(arm).visits
        number = Counter(visit.kind for visit in visits)
        # What a cycle repeats has no exception, so one of them is written out beside it.
        many = {one.kind for one in visits if one.cycle is None and number[one.kind] >= 5}
        if many:
            from planner.checks.cadence import broken_patterns

            for finding in broken_patterns(subject.course(arm), many):
                if finding.path not in told:
                    told.add(finding.path)
                    yield finding


@check(
    "track-not-tied",
    "note",
    "a track that ends where a visit happens to be",
    what="A track that ends by `times:`, or starts with an `offset:`, and whose first or last day"
    " falls on the target day of another visit, or right beside it, although no rule ties the two:"
    " that visit can move, and the track stays.",
    why="Daily capsules for six weeks beside a visit after six weeks end on the day of that visit"
    " only where both are on target. A day too many or too few is then nobody's deviation.",
    bad="""\
tracks:
  - {id: diary, from: dosing, times: 36}
""",
    good="""\
tracks:
  - {id: diary, from: dosing, until: endpoint}
""",
)
def _track_not_tied(subject: Subject) -> Iterator[Finding]:
    if not any(track.times or least_steps(track.offset) for track in subject.protocol.tracks):
        return
    from planner.checks.untied import untied_tracks

    told: set[tuple[Path, str]] = set()
    for arm in subject.different_arms():
        if subject.is_consistent(arm):
            for finding in untied_tracks(subject.schedule(arm)):
                key = (finding.path, finding.about[-1])
                if key not in told:
                    told.add(key)
                    yield finding
