"""Plans one participant: from a loaded protocol, a site and an anchor date to a timeline."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from planner.brevity import all_reasons, brief
from planner.errors import AnswerNo, PlannerError, argument, did_you_mean
from planner.protocol.model import Protocol
from planner.schedule.conflicts import find_clashes
from planner.schedule.named_visits import visit_named, visits_named
from planner.schedule.unblinding import after_unblinding
from planner.schedule.undated import Choice, DecidedDates, refuse_untied, with_dates
from planner.site.calendar import SiteCalendar
from planner.timeline.assemble import assemble
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.explain import NoFit, explain, headline, sentences
from planner.timeline.model import Timeline
from planner.timeline.participant import new_code


class NothingFits(AnswerNo):
    """No plan exists from this anchor date; carries the minimal reasons."""

    def __init__(self, no_fit: NoFit, anchor_visit: str) -> None:
        """Takes the reasons, of which the message has the first ones, as `brief` has them."""
        self.no_fit = no_fit
        self.anchor_visit = anchor_visit
        first, day, lines = headline(no_fit), no_fit.anchor, brief(sentences(no_fit))
        message = f"nothing fits when `{anchor_visit}` is on {day:%a} {day}{first and f': {first}'}"
        if lines != [first]:
            reasons = "".join(f"\n  - {line}" for line in lines)
            message += f"; together these leave no date:{reasons}"
        super().__init__(message)

    def in_full(self) -> "NothingFits":
        """The same with all reasons in its message."""
        with all_reasons():
            return NothingFits(self.no_fit, self.anchor_visit)


class Contradiction(AnswerNo):
    """The protocol's own rules cannot all hold, whatever the dates."""


def course_planner(
    protocol: Protocol,
    site: SiteCalendar,
    *,
    arm: str | None = None,
    with_visits: Collection[str] | None = None,
    without_visits: Collection[str] = (),
    at: Mapping[str, date] | None = None,
    left_out: Collection[str] = (),
    unscheduled: bool = False,
    unblinded: bool = False,
    known: DecidedDates | None = None,
    with_untied: bool = False,
) -> CoursePlanner:
    """A planner for one course at one site, to be asked for any number of anchor dates.

    Args:
        protocol: as loaded.
        site: where and when visits can take place.
        arm: id of the arm; the first one when ``None``.
        with_visits: which optional visits take place; all, but no unscheduled ones, when ``None``.
        without_visits: optional and conditional visits left out.
        at: dates that visits are fixed on. All of these visits are named as
            `planner.schedule.named_visits.visit_named` reads it.
        left_out: any visits that do not apply to this participant.
        unscheduled: unscheduled visits that are not left out take place; else only those named in
            ``with_visits`` do.
        unblinded: plan what follows the unblinding visit of a blinded study, too. Its dates tell
            the arm, so they are left out until then.
        known: what a record says; ``None`` without one.
        with_untied: visits that nothing ties to the anchor are listed without a date, not refused.

    Raises:
        PlannerError: unknown arm or visit, or references that lead nowhere.
        Contradiction: the rules contradict each other.
        planner.schedule.undated.Untied: nothing ties a visit to the anchor.
    """
    at = _fixed(at or {}, protocol)
    choice = named_choice(protocol, with_visits, without_visits)
    choice = choice._replace(left_out=left_out, unscheduled=unscheduled)
    course = choice.course(protocol, arm)
    behind = frozenset() if unblinded else after_unblinding(course)
    if course.flaws:
        behind = frozenset()
    course = with_dates(protocol, arm, choice, hidden=behind, known=known, fixed=at)
    if course.flaws:
        flaw = course.flaws[0]
        more = f" (and {len(course.flaws) - 1} more)" if len(course.flaws) > 1 else ""
        hint = f"; {flaw.hint}" if flaw.hint else ""
        raise PlannerError(
            f"`{protocol.id}`: {flaw.message}{hint}{more}; `planner validate` shows where"
        )
    if not with_untied:
        refuse_untied(course)
    named = {occurrence.id for occurrence in course.visits}
    for name in at:
        if name not in named:
            own = [visit.id for visit in course.visits if visit.visit.id == name]
            hint = did_you_mean(name, sorted(named), before="; ")
            if own:
                hint = f"; it occurs {len(own)} times, as `{own[0]}` to `{own[-1]}`"
            raise PlannerError(f"`{protocol.id}` has no visit `{name}` in this course{hint}")
    planner = CoursePlanner(course, site, at)
    clashes = find_clashes(planner.schedule, limit=1)
    if clashes:
        raise Contradiction(
            f"`{protocol.id}` cannot be carried out on any date: {clashes[0].arithmetic};"
            " `planner validate` shows the rules"
        )
    return planner


def named_choice(
    protocol: Protocol, with_visits: Collection[str] | None, without_visits: Collection[str]
) -> Choice:
    """Which optional visits take place, by the names that users give them.

    Raises:
        PlannerError: a name means several visits, or none.
    """
    return Choice(
        None
        if with_visits is None
        else visits_named(with_visits, protocol, argument("with_visits")),
        visits_named(without_visits, protocol, argument("without_visits")),
    )


def _fixed(at: Mapping[str, date], protocol: Protocol) -> dict[str, date]:
    """The dates that visits are fixed on, by id; one that is named twice has one date."""
    fixed: dict[str, date] = {}
    for name, day in at.items():
        visit = visit_named(name, protocol, argument("at"))
        if fixed.setdefault(visit, day) != day:
            raise PlannerError(
                f"{argument('at')}: `{visit}` is fixed on {fixed[visit]} and, as `{name}`, on {day}"
            )
    return fixed


def plan_timeline(
    planner: CoursePlanner, start: date, participant: str = "P0001", *, unblinded: bool = False
) -> Timeline:
    """The timeline of one participant whose anchor visit takes place on ``start``.

    Exact: if any placement inside the windows and open days exists, the one with the least
    weighted distance from the targets is returned, ties to the earlier dates.

    Args:
        planner: of the course at a site.
        start: the date of the anchor visit.
        participant: a code, which names nobody.
        unblinded: shows what only some arms of a blinded study have.

    Raises:
        NothingFits: no placement exists; the message names the minimal reasons.
        PlannerError: the participant is no code, or one that tells who it is.
    """
    code = new_code(participant)
    timeline = planner.timelines.get((start, unblinded))
    if timeline is None:
        plan = planner.plan(start)
        if plan is None:
            assert planner.course.anchor is not None
            raise NothingFits(explain(planner, start), planner.course.anchor)
        timeline = assemble(planner.course, planner.site, plan, code, unblinded=unblinded)
        planner.timelines[start, unblinded] = timeline
    return timeline if timeline.participant == code else replace(timeline, participant=code)
