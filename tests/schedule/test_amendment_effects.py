"""What the network makes of an amendment: wider rules harm nobody, whatever they are."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.protocol.change import Difference
from planner.protocol.difference import difference
from planner.protocol.document import Document, Mark
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.schedule.amendment_effects import with_consequences

NAMES = ("v0", "v1", "v2", "v3")
HORIZON = 13


def file(rules: list[tuple[int, int, int, int | None]], **more: Any) -> ProtocolFile:
    """Rules are the number of a visit, that of an earlier one, and fewest and most days between."""
    after: dict[int, list[dict[str, str]]] = {at: [] for at in range(len(NAMES))}
    for at, reference, least, most in rules:
        last = "" if most is None else f"{most}d"
        after[at].append({"visit": NAMES[reference], "within": f"{least}d..{last}"})
    visits = [
        {"id": name, **({"after": after[at]} if after[at] else {})} for at, name in enumerate(NAMES)
    ]
    protocol = Protocol.model_validate(
        {
            "format": 1,
            "id": "small",
            "title": "Small",
            "version": "1",
            "status": "illustrative",
            "design": "open-label",
            "anchor": "v0",
            "epochs": [{"id": "all", "kind": "treatment", "visits": visits}],
            **more,
        }
    )
    return ProtocolFile("small.yaml", protocol, Document("", {}, Mark(1, 1, None), [""]))


def compared(old: ProtocolFile, new: ProtocolFile) -> Difference:
    return with_consequences(difference(old, new), old, new)


rules = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 2), st.integers(0, 3), st.integers(0, 4))
    .filter(lambda rule: rule[0] > rule[1])
    .map(lambda rule: (rule[0], rule[1], rule[2], rule[2] + rule[3])),
    min_size=1,
    max_size=4,
    unique_by=lambda rule: rule[:2],
)


@given(rules)
def test_a_protocol_does_not_differ_from_itself(
    written: list[tuple[int, int, int, int | None]],
) -> None:
    assert not compared(file(written), file(written)).changes


@given(rules, st.data())
def test_wider_windows_are_never_breaking(
    written: list[tuple[int, int, int, int | None]], data: st.DataObject
) -> None:
    wider: list[tuple[int, int, int, int | None]] = []
    for at, reference, least, most in written:
        choice = data.draw(st.sampled_from(["same", "wider", "open", "gone"]))
        more = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3))
        if choice == "same":
            wider.append((at, reference, least, most))
        elif choice == "wider" and most is not None:
            wider.append((at, reference, least - more[0], most + more[1]))
        elif choice == "open":
            wider.append((at, reference, least, None))
    assert not compared(file(written), file(wider)).breaking


def schedules(one: ProtocolFile) -> set[tuple[int, ...]]:
    """All ways to place the visits within the horizon around the first, tried one by one."""
    found = set()
    span = range(HORIZON + 1)
    for days in product([0], span, span, span):
        place = dict(zip(NAMES, days, strict=True))
        if all(
            timing.allowed is not None
            and (
                timing.allowed.earliest is None
                or timing.allowed.earliest.after(date(2027, 1, 1)).toordinal()
                <= place[visit.id] - place[timing.visit.visit] + date(2027, 1, 1).toordinal()
            )
            and (
                timing.allowed.latest is None
                or place[visit.id] - place[timing.visit.visit] + date(2027, 1, 1).toordinal()
                <= timing.allowed.latest.after(date(2027, 1, 1)).toordinal()
            )
            for visit in one.protocol.epochs[0].visits
            for timing in visit.after
        ):
            found.add(days)
    return found


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(rules, rules)
def test_nothing_is_breaking_just_when_everybody_inside_the_old_rules_is_inside_the_new(
    old: list[tuple[int, int, int, int | None]], new: list[tuple[int, int, int, int | None]]
) -> None:
    # All visits lie within the horizon, so that all ways to place them can be tried.
    chain: list[tuple[int, int, int, int | None]] = [(1, 0, 0, 4), (2, 1, 0, 4), (3, 2, 0, 4)]

    def whole(written: list[tuple[int, int, int, int | None]]) -> ProtocolFile:
        pairs = {rule[:2] for rule in written}
        return file([*written, *(rule for rule in chain if rule[:2] not in pairs)])

    before, after = whole(old), whole(new)
    was = schedules(before)
    if not was or any(max(days) == HORIZON for days in was):
        return  # contradictory, or cut off by the horizon
    found = compared(before, after)
    assert (not found.breaking) == (was <= schedules(after))
