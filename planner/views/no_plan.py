"""Why there is no plan, for machines: the answer of a command that would have written dates."""

from planner.errors import AnswerNo
from planner.protocol.model import Protocol
from planner.timeline.explain import sentences
from planner.timeline.plan import NothingFits
from planner.views.json_document import render_document


def render_no_plan(protocol: Protocol, answer: AnswerNo) -> str:
    """JSON, format 1: ``visits`` is empty, ``conflict`` has the message and its reasons.

    ``date`` is the date of the anchor visit from which nothing fits, null where the rules
    contradict each other on every date; ``reasons`` are minimal: without any one of them there
    would be a plan. They are empty where the message says it all.

    Args:
        protocol: that was planned.
        answer: why there is no plan.
    """
    no_fit = answer.no_fit if isinstance(answer, NothingFits) else None
    data = {
        "protocol": {"id": protocol.id, "version": protocol.version},
        "visits": [],
        "conflict": {
            "message": str(answer).splitlines()[0].removesuffix(":"),
            "date": None if no_fit is None else no_fit.anchor.isoformat(),
            "reasons": [] if no_fit is None else sentences(no_fit),
        },
    }
    return render_document(data)
