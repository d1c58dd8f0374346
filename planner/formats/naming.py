"""Ids and lines of ours made from names and texts of a source."""

import re
from unicodedata import normalize

MAX_ID_LENGTH = 60
MAX_LINE_LENGTH = 300


class Ids:
    """Ids of one kind of thing, each once: what is taken gets `-2`, `-3`."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.last: dict[str, int] = {}

    def make(self, *texts: str | None, otherwise: str) -> str:
        """An id made from the first text that has letters or digits to make one from."""
        wanted = next(
            (candidate for text in texts if text and (candidate := slug(text))), otherwise
        )
        made, number = wanted, self.last.get(wanted, 1)
        while made in self.taken:  # from the last number that was given
            number += 1
            ending = f"-{number}"
            made = wanted[: MAX_ID_LENGTH - len(ending)].rstrip("-") + ending
        self.taken.add(made)
        self.last[wanted] = number
        return made


def slug(text: str) -> str:
    """Small letters, digits and single hyphens of a text; empty when it has none."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:MAX_ID_LENGTH].rstrip("-")


def truncated_line(text: str) -> str:
    """A text cut to the length of a line of ours."""
    return text if len(text) <= MAX_LINE_LENGTH else text[: MAX_LINE_LENGTH - 4].rstrip() + " ..."
