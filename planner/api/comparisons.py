"""Versions and trials side by side, and what articles claim of trials."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import PlannerError, argument, did_you_mean

if TYPE_CHECKING:
    from planner.api.inputs import ProtocolSource
    from planner.protocol.change import Difference
    from planner.protocol.claims import ClaimRecord
    from planner.protocol.model import Protocol
    from planner.schedule.claims import ClaimResult
    from planner.views.comparison import Arms


class Comparison(NamedTuple):
    """Trials in numbers: of each trial its arms, those with the same course together."""

    trials: "tuple[Arms, ...]"


class Claims(NamedTuple):
    """Claims on record, each with what the trials' own files say.

    ``is_single``: there is one alone, and it was asked for by its id.
    """

    record: "ClaimRecord"
    results: "tuple[ClaimResult, ...]"
    is_single: bool


def diff(old: "ProtocolSource", new: "ProtocolSource") -> "Difference":
    """What a new version of a protocol changes, by visit, arm and epoch, and whom that can break.

    Breaking is what puts somebody who kept to the old rules outside the new ones, or asks something
    new of them; a wider window is not.

    Args:
        old: the version so far: a path, an id of the library, a loaded file or a `Protocol`.
        new: the new version.

    Raises:
        PlannerError: one of them cannot be loaded.
    """
    from planner.api.inputs import file_of
    from planner.protocol.difference import difference
    from planner.schedule.amendment_effects import with_consequences

    before, after = file_of(old), file_of(new)
    return with_consequences(difference(before, after), before, after)


def compare(protocols: "Iterable[ProtocolSource]") -> Comparison:
    """Trials in numbers: sessions, spacing, lengths, staff, endpoints, all from their files.

    Raises:
        PlannerError: one of them cannot be loaded, or none is given.
    """
    from planner.api.inputs import protocol_of
    from planner.schedule.protocol_metrics import outlines

    trials = tuple(outlines(protocol_of(protocol)) for protocol in protocols)
    if not trials:
        raise PlannerError("protocols: name the protocols to compare")
    return Comparison(trials)


def library_ids(substance: str | None = None) -> list[str]:
    """The ids of the library's protocols, sorted.

    Args:
        substance: only studies of this one, such as `mdma`.

    Raises:
        PlannerError: the library has no study of that substance; names the nearest.
    """
    from planner.protocol import library, library_trials

    if substance is None:
        return library.library_ids()
    return sorted(library_trials.library_ids_with(library_trials.read_substance(substance)))


def claims(claim: str | None = None, *, substance: str | None = None) -> Claims:
    """What popular articles claim of such trials, and what the trials' own files say.

    Args:
        claim: id or number of one claim; all when ``None``.
        substance: only claims about this one, such as `mdma`.

    Raises:
        PlannerError: there is no such claim, or none about that substance.
    """
    from planner.protocol.claims import load_claims
    from planner.protocol.library_trials import library_ids_with, library_trials, read_substance
    from planner.schedule.claims import compare_claim, trials_of

    record = load_claims()
    chosen = record.claims
    if claim is not None:
        asked = record.claim(claim)
        if asked is None:
            known = [published.id for published in chosen]
            hint = did_you_mean(claim.lower(), known)
            hint = hint or "`planner claims` lists them with their numbers"
            raise PlannerError(f"there is no claim `{claim[:60]}`; {hint}")
        chosen = (asked,)
    if substance is not None:
        named = library_ids_with(read_substance(substance))
        chosen = tuple(
            published
            for published in chosen
            if substance in published.substance or named & set(published.protocols)
        )
        if not chosen:
            raise PlannerError(f"{argument('substance')}: no such claim is about `{substance}`")
    trials: list[Protocol] = library_trials() if any(published.rule for published in chosen) else []
    outlined = trials_of(trials)
    return Claims(
        record,
        tuple(compare_claim(published, outlined) for published in chosen),
        is_single=claim is not None,
    )
