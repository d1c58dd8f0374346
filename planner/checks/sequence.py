"""Checks of the sequence family about what comes before and after dosing."""

from collections.abc import Iterator
from itertools import pairwise

from planner.checks.finding import Finding
from planner.checks.framework import check
from planner.checks.order import Order, few, orders, warning
from planner.checks.subject import Subject
from planner.protocol.course import Occurrence
from planner.protocol.document import Path

_OR_SAY_WHY = "add one, or say in `ignore:` why there is none"


def _of_kind(order: Order, kind: str) -> list[Occurrence]:
    return order.in_time([visit for visit in order.course.visits if visit.kind == kind])


def _lacks_before(subject: Subject, check_id: str, kind: str, words: str) -> Iterator[Finding]:
    """The first dosing session of each arm, where no visit of a kind is sure to come before it."""
    for order in subject.once(orders):
        dosings = _of_kind(order, "dosing")
        if not dosings:
            continue
        first, visits = dosings[0], _of_kind(order, kind)
        if any(order.comes_before(visit.id, first.id) for visit in visits):
            continue
        message = f"no {words} comes before `{first.id}`"
        if visits:
            message = f"no {words} is sure to come before `{first.id}`: `{visits[0].id}` may follow"
        yield warning(check_id, message, first, visits[:1], None if visits else _OR_SAY_WHY)


@check(
    "dosing-without-screening",
    "warning",
    "dosing without screening before it",
    what="Before the first dosing session no visit of the kind `screening` is sure to come.",
    why="Whether someone may take part is found out before anything is given. A study whose"
    " screening lies outside its schedule can say so in `ignore:`.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: screening, before: {visit: baseline, within: 1w..4w}}
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
""",
)
def _dosing_without_screening(subject: Subject) -> Iterator[Finding]:
    yield from _lacks_before(subject, "dosing-without-screening", "screening", "screening")


@check(
    "dosing-without-preparation",
    "warning",
    "dosing without preparation before it",
    what="Before the first dosing session no visit of the kind `preparation` is sure to come.",
    why="Whoever meets a strong altered state should have met the people and the plan for it"
    " first. A study of the drug alone can say so in `ignore:`.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-1, after: {visit: baseline, within: 3d}}
      - {id: dosing, after: {visit: baseline, within: 1w}}
""",
)
def _dosing_without_preparation(subject: Subject) -> Iterator[Finding]:
    words = "preparation session"
    yield from _lacks_before(subject, "dosing-without-preparation", "preparation", words)


@check(
    "dosing-without-integration",
    "warning",
    "dosing without integration after it",
    what="After a dosing session no visit of the kind `integration` is sure to come.",
    why="What a session brought up needs a time and a place to be worked through. A study of the"
    " drug alone can say so in `ignore:`.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: integration, after: {visit: dosing, within: 1d}}
""",
)
def _dosing_without_integration(subject: Subject) -> Iterator[Finding]:
    reported: set[Path] = set()
    for order in subject.once(orders):
        integrations = _of_kind(order, "integration")
        dosings = _of_kind(order, "dosing")
        for dosing in few(dosings) if integrations else dosings[:1]:
            if dosing.path in reported or _following(order, dosing, integrations):
                continue
            reported.add(dosing.path)
            message = f"no integration session is sure to come after `{dosing.id}`"
            if not integrations:
                more = f" or the {len(dosings) - 1} after it" if len(dosings) > 1 else ""
                message = f"no integration session comes after `{dosing.id}`{more}"
            yield warning("dosing-without-integration", message, dosing, (), _OR_SAY_WHY)


def _following(
    order: Order, dosing: Occurrence, integrations: list[Occurrence]
) -> list[Occurrence]:
    """The integration sessions that come after a dosing session in every schedule."""
    return [visit for visit in integrations if order.comes_before(dosing.id, visit.id)]


@check(
    "dosing-before-integration",
    "warning",
    "the next dosing may come before the first integration",
    what="Some schedule that the rules allow has no integration session between two dosing"
    " sessions, although one follows the first of them.",
    why="The first session's integration would then come after the second session.",
    bad="""\
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w}
        next: {visit: previous dosing, within: 1w..3w}
      - {id: integration, after: {visit: dosing, within: 1d..2w}}
""",
    good="""\
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w}
        next: {visit: previous dosing, within: 1w..3w}
      - {id: integration, after: {visit: dosing, within: 1d..6d}}
""",
)
def _dosing_before_integration(subject: Subject) -> Iterator[Finding]:
    reported: set[Path] = set()
    for order in subject.once(orders):
        integrations = _of_kind(order, "integration")
        if not integrations:
            continue
        dosings = _of_kind(order, "dosing")
        following = {one.id: later for one, later in pairwise(dosings)}
        for dosing in few(dosings):
            later = following.get(dosing.id)
            mine = _following(order, dosing, integrations) if later else []
            if not mine or later is None or later.path in reported:
                continue
            if any(order.comes_before(visit.id, later.id) for visit in mine[:3]):
                continue
            reported.add(later.path)
            first = mine[0]
            verb = "comes" if order.comes_before(later.id, first.id) else "may come"
            message = (
                f"`{later.id}` {verb} before `{first.id}`, the first integration after"
                f" `{dosing.id}`"
            )
            hint = f"give `{later.visit.id}` a timing that counts from the integration session"
            yield warning("dosing-before-integration", message, later, [first], hint)


@check(
    "integration-before-dosing",
    "warning",
    "integration before any dosing",
    what="An integration session that some schedule has before every dosing session.",
    why="There would be nothing to integrate yet.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..2w}}
      - {id: integration, after: {visit: baseline, within: 10d..3w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..2w}}
      - {id: integration, after: {visit: dosing, within: 1d..1w}}
""",
)
def _integration_before_dosing(subject: Subject) -> Iterator[Finding]:
    reported: set[Path] = set()
    for order in subject.once(orders):
        dosings = list(few(_of_kind(order, "dosing")))
        for visit in few(_of_kind(order, "integration")) if dosings else ():
            first = dosings[0]
            if visit.path in reported or order.comes_before(first.id, visit.id):
                continue
            if any(order.comes_before(dosing.id, visit.id) for dosing in dosings[1:]):
                continue
            reported.add(visit.path)
            verb = "comes" if order.comes_before(visit.id, first.id) else "may come"
            message = f"`{visit.id}` {verb} before the first dosing session `{first.id}`"
            hint = f"count it from the session, as in `after: {{visit: {first.visit.id}, ...}}`"
            yield warning("integration-before-dosing", message, visit, [first], hint)


@check(
    "follow-up-before-last-dosing",
    "warning",
    "follow-up before the last dosing",
    what="A visit of the kind `follow-up` that may come before the last dosing session. Where that"
    " session is optional or depends on a decision, the last one that takes place in any case"
    " counts.",
    why="It would measure a treatment that is still going on. An assessment between sessions is of"
    " the kind `assessment`.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..6w}}
      - {id: month-1, kind: follow-up, after: {visit: baseline, within: 4w..6w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..6w}}
      - {id: month-1, kind: follow-up, after: {visit: dosing, within: 4w..6w}}
""",
)
def _follow_up_before_last_dosing(subject: Subject) -> Iterator[Finding]:
    reported: set[Path] = set()
    for order in subject.once(orders):
        dosings = _of_kind(order, "dosing")
        sure = [one for one in dosings if not (one.visit.optional or one.visit.when)]
        for visit in _of_kind(order, "follow-up") if dosings else ():
            last = (sure or dosings)[-1]
            if visit.path in reported or order.comes_before(last.id, visit.id):
                continue
            reported.add(visit.path)
            verb = "comes" if order.comes_before(visit.id, last.id) else "may come"
            message = f"follow-up `{visit.id}` {verb} before the last dosing session `{last.id}`"
            hint = f"give it a timing after `last {last.visit.id}`, or another `kind:`"
            yield warning("follow-up-before-last-dosing", message, visit, [last], hint)


@check(
    "baseline-after-dosing",
    "warning",
    "a baseline that may fall after the first dosing",
    what="A visit of the kind `baseline` that some schedule has after the first dosing session.",
    why="It would no longer be the state before treatment, and every change is counted from it.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: consent}
      - {id: baseline, after: {visit: consent, within: 1w..2w}}
      - {id: dosing, after: {visit: consent, within: 10d..3w}}
anchor: consent
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: consent}
      - {id: baseline, after: {visit: consent, within: 1w..2w}}
      - {id: dosing, after: {visit: baseline, within: 3d..1w}}
anchor: consent
""",
)
def _baseline_after_dosing(subject: Subject) -> Iterator[Finding]:
    for order in subject.once(orders):
        dosings = _of_kind(order, "dosing")
        for visit in _of_kind(order, "baseline") if dosings else ():
            first = dosings[0]
            if (visit.cycle or 1) > 1 or order.comes_before(visit.id, first.id):
                continue
            verb = "comes" if order.comes_before(first.id, visit.id) else "may come"
            message = f"baseline `{visit.id}` {verb} after the first dosing session `{first.id}`"
            if verb == "may come":
                message = f"baseline `{visit.id}` may come as late as `{first.id}` or later"
            hint = f"add `before: {{visit: {first.visit.id}, within: 1d..}}`"
            yield warning("baseline-after-dosing", message, visit, [first], hint)
