"""Short texts of schedules of activities, such as ``15±3`` and ``q3w``, read as timings."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from planner.protocol.timing_text.files import Answer, TextTally
    from planner.protocol.timing_text.timing import TextTiming, Unparsed


class TimingTexts(NamedTuple):
    """Each distinct text in each of its contexts with what it was read as, and how many were."""

    answers: "list[Answer]"
    counts: "TextTally"


def read_timing(text: str, context: str | None = None) -> "TextTiming | Unparsed":
    """The timing that a short text means, or why it is not read: what has two readings is not.

    Args:
        text: as in a cell of a schedule of activities.
        context: what it stands in, where that matters: `study day`, `week`, `visit window (days)`,
            `cycle`, `hours post-dose` and the like.

    Raises:
        PlannerError: the context is unknown.
    """
    from planner.api.inputs import text_of
    from planner.protocol.timing_text.context import Context, named_context
    from planner.protocol.timing_text.files import TextInContext, answers

    around = Context() if context is None else named_context(context)
    (answer,) = answers([TextInContext(text_of(text, "text", "a text"), around)])
    return answer.reading


def read_timings(texts: list[str], files: list[str], context: str | None = None) -> TimingTexts:
    """As `read_timing`, of many texts and of those in files.

    Args:
        texts: texts, which come first.
        files: paths as `planner import timings` takes them; ``-`` is standard input.
        context: what texts stand in that no file tells it of.

    Raises:
        PlannerError: the context is unknown, or a file cannot be read.
    """
    from planner.protocol.timing_text.context import Context, named_context
    from planner.protocol.timing_text.files import TextInContext, answers, read_texts, tally

    around = Context() if context is None else named_context(context)
    in_context: list[TextInContext] = [TextInContext(text, around) for text in texts]
    for path in files:
        in_context += read_texts(path, around)
    read = answers(in_context)
    return TimingTexts(read, tally(read))
