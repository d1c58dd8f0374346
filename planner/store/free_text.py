"""Free texts of records stand in a table of their own, so that one entered by mistake can go.

An event holds a commitment, the SHA-256 of a random salt and the text. With both cleared nobody can
tell what the text was, and the chain of hashes still holds.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

FREE = frozenset({"reason", "note"})
"""The keys of a record, and of its lines, whose values are free text."""
CLEARED = "[redacted]"
"""What is shown of a text that was cleared."""
_MARK = "text"


class FreeText(NamedTuple):
    """A text, its salt and its commitment; text and salt are ``None`` when it was cleared."""

    id: str
    salt: str | None
    value: str | None

    @property
    def holds(self) -> bool:
        """Whether the commitment is that of the text."""
        if self.salt is None or self.value is None:
            return self.salt is self.value
        return _commitment(self.salt, self.value) == self.id


def committed(text: str) -> FreeText:
    """The text with a salt of its own."""
    salt = secrets.token_hex(16)
    return FreeText(_commitment(salt, text), salt, text)


def _commitment(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()


def without_texts(value: Any, commit: Callable[[str], str]) -> Any:
    """Plain data whose free texts are replaced by commitments.

    Args:
        value: of a record; lists and mappings are gone through.
        commit: gives the commitment of a text.
    """
    if isinstance(value, dict):
        return {
            key: {_MARK: commit(entry)}
            if key in FREE and isinstance(entry, str)
            else without_texts(entry, commit)
            for key, entry in value.items()
        }
    return [without_texts(entry, commit) for entry in value] if isinstance(value, list) else value


def with_texts(value: Any, texts: Mapping[str, str | None]) -> Any:
    """The same data with its texts; those that were cleared say so."""
    if isinstance(value, dict):
        return {
            key: _shown(texts.get(entry[_MARK]))
            if key in FREE and isinstance(entry, dict)
            else with_texts(entry, texts)
            for key, entry in value.items()
        }
    return [with_texts(entry, texts) for entry in value] if isinstance(value, list) else value


def _shown(text: str | None) -> str:
    return CLEARED if text is None else text


def texts_in(value: Any) -> list[str]:
    """The commitments in plain data, in its order."""
    if isinstance(value, list):
        return [text for entry in value for text in texts_in(entry)]
    texts: list[str] = []
    for key, entry in value.items() if isinstance(value, dict) else ():
        is_text = key in FREE and isinstance(entry, dict)
        texts += [entry[_MARK]] if is_text else texts_in(entry)
    return texts
