"""A library protocol from which preparation, dosing or integration is taken out is told of it."""

from typing import Any

import pytest

import planner
from planner.protocol.expand import expand
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol

FOUND_BY = {
    "preparation": "dosing-without-preparation",
    "integration": "dosing-without-integration",
    "dosing": "unknown-visit",
}
"""By what each phase is missed; what counts from dosing has nothing left to count from."""


def kinds_of(protocol: Protocol) -> dict[str, set[str]]:
    """The ids of the visits of each kind, as written."""
    kinds: dict[str, set[str]] = {}
    for arm in [arm.id for arm in protocol.arms] or [None]:
        for visit in expand(protocol, arm).visits:
            kinds.setdefault(visit.kind, set()).add(visit.visit.id)
    return kinds


def without(protocol: Protocol, gone: set[str], kind: str, *, tidy: bool) -> Protocol:
    """The protocol without some visits; tidied up, nothing refers to them any more."""

    def names(reference: str) -> bool:
        name = reference.split(" ")[-1].partition(".")[0]
        number = name.rpartition("-")
        return bool({name, number[0] if number[2].isdigit() else name} & {*gone, kind})

    def cleaned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: cleaned(part) for key, part in value.items() if key != "during"}
        if isinstance(value, (list, tuple)):
            return [
                cleaned(part)
                for part in value
                if not (
                    isinstance(part, dict)
                    and any(
                        isinstance(part.get(key), str) and names(part[key])
                        for key in ("visit", "from", "to", "until")
                    )
                )
            ]
        return value

    data = protocol.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for epoch in data["epochs"]:
        epoch["visits"] = [visit for visit in epoch["visits"] if visit["id"] not in gone]
    return Protocol.model_validate(cleaned(data) if tidy else data)


@pytest.mark.parametrize("kind", FOUND_BY)
def test_taking_a_phase_out_of_a_library_protocol_is_found(kind: str) -> None:
    by_rule = asked = 0
    for protocol_id in library_ids():
        protocol = planner.load(protocol_id).protocol
        rule, kinds = FOUND_BY[kind], kinds_of(protocol)
        phases = kinds.keys() & {"preparation", "dosing", "integration"}
        if kind not in phases or "dosing" not in phases or len(phases) < 2:
            continue
        if any(ignored.rule == rule for ignored in protocol.ignore):
            continue
        rest = without(protocol, kinds[kind], kind, tidy=kind != "dosing")
        found_by = {finding.check for finding in planner.check(rest)}
        # What nothing dates any more, or what counts from what is gone, is told before all else.
        assert found_by & {rule, "unknown-visit", "unreachable-visit"}, f"{protocol_id} {kind}"
        asked += 1
        by_rule += rule in found_by
    assert asked > 20
    assert by_rule > 4, by_rule
