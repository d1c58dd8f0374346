"""Short texts of schedules with what they were read as: a grid, and JSON."""

from typing import Any

from planner.notice import NOTICE
from planner.protocol.timing_text.files import Answer, TextTally
from planner.protocol.timing_text.timing import TextTiming, Unparsed
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line

_HEADS = ("Text", "Stands in", "Reading", "Written", "Why not")


def texts_grid(answers: list[Answer], counts: TextTally) -> Grid:
    """A line for each distinct text in each of its contexts; conventions stand below.

    Args:
        answers: one for each distinct text and context.
        counts: of the texts as they were given, with repetitions.
    """
    lines = tuple(Line(_cells(answer)) for answer in answers)
    conventions = dict.fromkeys(
        text
        for answer in answers
        if isinstance(answer.reading, TextTiming)
        for text in answer.reading.conventions()
    )
    notes = [f"Conventions: {'; '.join(conventions)}."] if conventions else []
    title = f"Timing texts: {counts.read:,} read of {counts.carrying:,} that carry a time"
    return Grid(title, (_HEADS,), lines, (*notes, NOTICE))


def _cells(answer: Answer) -> tuple[str, ...]:
    reading = answer.reading
    place = answer.context.property_name or answer.context.property_type or ""
    if isinstance(reading, Unparsed):
        return answer.text, place, "", "", why_not(reading)
    notes = reading.all_notes()
    text = reading.says() + (f" [{'; '.join(notes)}]" if notes else "")
    return answer.text, place, text, reading.written(), ""


def why_not(unread: Unparsed) -> str:
    """Why a text was not read, with the readings of an ambiguous one."""
    if unread.why == "no time in it":
        return unread.why
    readings = f" ({' | '.join(unread.readings)})" if unread.readings else ""
    return f"{unread.why}: {unread.message}{readings}"


def texts_json(answers: list[Answer], counts: TextTally) -> str:
    """All readings with their parts; distances and windows as protocol files write them."""
    data = {
        "counts": counts._asdict(),
        "texts": [
            {
                "text": answer.text,
                "property_type": answer.context.property_type,
                "property_name": answer.context.property_name,
                "times": answer.times,
                **_answer(answer.reading),
            }
            for answer in answers
        ],
    }
    return render_document(data, ascii_only=False)


def _answer(reading: TextTiming | Unparsed) -> dict[str, Any]:
    if isinstance(reading, Unparsed):
        answer = {"read": False, "why": reading.why, "message": reading.message}
        return answer | ({"readings": list(reading.readings)} if reading.readings else {})
    return {"read": True, "written": reading.written(), "says": reading.says(), **_fields(reading)}


def _fields(reading: TextTiming) -> dict[str, Any]:
    fields: dict[str, Any] = {"kind": reading.kind}
    for place in reading.coordinates:
        fields.setdefault("numbers", {})[place.of] = [str(span) for span in place.spans]
    for name in ("target", "window", "every", "lasting", "cycles"):
        value = getattr(reading, name)
        if value is not None:
            fields[name] = str(value)
    for name in (
        "reference", "direction", "every_cycles", "times", "until", "in_all", "convention",
    ):  # fmt: skip
        value = getattr(reading, name)
        if value is not None:
            fields["times_each" if name == "times" else name] = value
    if reading.notes:
        fields["notes"] = list(reading.notes)
    if reading.parts:
        fields["parts"] = [_fields(part) for part in reading.parts]
    return fields
