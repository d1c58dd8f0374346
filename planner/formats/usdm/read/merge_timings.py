"""A protocol put together from a study's own fields and what was kept beside them.

Where somebody changed one visit of a cycle in another program, no cycle says what the study says
any more. The cycle is written out then, and what was kept of each of its visits is put back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from planner.errors import PlannerError
from planner.formats.usdm.extensions.keyed_tree import can_be_split
from planner.formats.usdm.extensions.patch import (
    CYCLE_GROUP,
    FieldChange,
    PatchResult,
    apply_residue,
    native_before,
    residue,
)
from planner.formats.usdm.read.cycles import unrolled
from planner.protocol.model import Protocol


def merged(native: Mapping[str, Any], changes: Sequence[FieldChange]) -> PatchResult:
    """The native reading with the changes put back, as `apply_residue` does; cycles that do not
    fit any more are written out.

    Of these the changes told as stale are those whose own field was changed, and the cycle's.
    """
    applied = apply_residue(native, changes)
    broken = {
        rejected_change.change.group
        for rejected_change in applied.stale
        if _is_of_cycle(rejected_change.change)
    }
    if not broken or not can_be_split(native):
        return applied
    before = native_before(native, applied)
    whole = apply_residue(before, changes)
    if whole.stale:
        return applied
    try:
        flat = unrolled(Protocol.model_validate(whole.document, by_alias=True, by_name=False))
        patch_result = apply_residue(native, residue(before, flat))
        Protocol.model_validate(patch_result.document, by_alias=True, by_name=False)
    except (ValidationError, PlannerError):
        return applied
    rejected_changes = [
        rejected_change
        for rejected_change in applied.stale
        if rejected_change.reason == "changed"
        or (rejected_change.change.group in broken and rejected_change.change.path[-1] == "cycle")
    ]
    return PatchResult(patch_result.document, tuple(rejected_changes))


def _is_of_cycle(change: FieldChange) -> bool:
    return change.group is not None and change.group.startswith(CYCLE_GROUP)
