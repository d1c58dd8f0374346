"""Visits without a date over many participants, in words: each with what it waits for."""

from collections.abc import Iterable

from planner.timeline.undated import Undated

_MAX_CODES = 5


def undated_notes(visits: Iterable[Undated]) -> list[str]:
    """A sentence for each visit and reason, with the participants that it is about."""
    people: dict[tuple[str, str], list[str]] = {}
    for visit in visits:
        people.setdefault((visit.label, visit.why), []).append(visit.participant)
    return [f"{label} {why} ({_codes(codes)})." for (label, why), codes in people.items()]


def _codes(codes: list[str]) -> str:
    more = len(codes) - _MAX_CODES
    return ", ".join(codes[:_MAX_CODES]) + (f" and {more} more" if more > 0 else "")
