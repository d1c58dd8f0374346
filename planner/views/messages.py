"""Texts that remind participants of visits, as one text and as JSON."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from planner.views.json_document import render_document

_BETWEEN = "\n" + "-" * 40 + "\n\n"


class ParticipantMessage(NamedTuple):
    """A text for one participant.

    Attributes:
        participant: the code.
        protocol: the protocol's id, which stands in no text.
        visits: ids of the visits that the text reminds of.
        subject: a line that says no more than that there are visits.
        text: the whole text.
    """

    participant: str
    protocol: str
    visits: tuple[str, ...]
    subject: str
    text: str


class ParticipantMessages(NamedTuple):
    """The texts of all participants, by code.

    Attributes:
        messages: one for each participant with a visit in the dates asked about.
        without: visits in these dates of which no text reminds, each with whose it is and why.
        withheld: lines of the site's title and address that are left out, each with the word in it
            that tells what a study is about.
        records: how many were read; ``left_out`` those that could not be, with why.
    """

    messages: tuple[ParticipantMessage, ...]
    without: tuple[str, ...]
    withheld: tuple[tuple[str, str], ...]
    records: int
    left_out: list[tuple[str, str]]


def render_text(answer: ParticipantMessages) -> str:
    """All texts, one below the other."""
    return _BETWEEN.join(message.text for message in answer.messages)


def render_json(answer: ParticipantMessages) -> str:
    """Format 1: the texts, and of which visits none reminds."""
    return render_document(
        {
            "records": answer.records,
            "left_out": [{"record": whose, "why": why} for whose, why in answer.left_out],
            "messages": [
                {**message._asdict(), "visits": list(message.visits)} for message in answer.messages
            ],
            "without": list(answer.without),
        }
    )


def file_names(people: "Sequence[ParticipantMessage]", suffix: str) -> list[str]:
    """A file name for each: the code, with the protocol where several have the same code.

    Args:
        people: of which no two are of the same participant and protocol.
        suffix: of the files, such as ``.eml``.
    """
    codes = Counter(message.participant.casefold() for message in people)
    return [
        f"{message.participant}{suffix}"
        if codes[message.participant.casefold()] == 1
        else f"{message.participant}-{message.protocol}{suffix}"
        for message in people
    ]
