"""The minimum cut against exact elimination, on random networks and on those of the library."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network.elimination import place_by_elimination

import planner
from planner.network import placement
from planner.network.placement import Limit, Preference, TargetCost, place
from planner.network.placement_costs import Terms

SITE = Path(__file__).parents[2] / "examples" / "site-berlin.yaml"
Network = tuple[list[int], list[Limit], list[TargetCost], list[Preference]]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to seven variables in a row, most tied to the one before, some further back."""
    count = draw(st.integers(1, 7))
    sizes = draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    positions = [sorted(draw(st.lists(st.integers(0, 12), min_size=n, max_size=n))) for n in sizes]
    limits, pulls = [], []
    for head in range(1, count):
        references = (
            {head - 1} if draw(st.booleans()) else {head - 1, draw(st.integers(0, head - 1))}
        )
        for reference in references:
            if draw(st.booleans()):
                tail, other = draw(st.sampled_from([(reference, head), (head, reference)]))
                least = draw(
                    st.lists(
                        st.integers(0, sizes[other]), min_size=sizes[tail], max_size=sizes[tail]
                    )
                )
                limits.append(Limit(tail, other, sorted(least), 0))
            weight, shift = draw(st.integers(0, 3)), draw(st.integers(-3, 6))
            pulls.append(
                TargetCost(head, reference, weight, positions[head], positions[reference], shift)
            )
    preferences = [
        Preference(at, draw(st.lists(st.integers(0, 6), min_size=sizes[at], max_size=sizes[at])))
        for at in draw(st.sets(st.integers(0, count - 1), max_size=4))
    ]
    return sizes, limits, pulls, preferences


@given(networks())
@settings(max_examples=150, deadline=None)
def test_random_networks_are_placed_as_elimination_does(network: Network) -> None:
    best = place(*network)
    expected = place_by_elimination(*network)
    assert (None if best is None else (best.indices, best.cost)) == expected


def test_every_cut_of_the_library_is_what_elimination_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cuts = 0
    cheapest = placement._cheapest

    def compared(
        limits: Sequence[Limit], terms: Terms, low: Sequence[int], high: Sequence[int]
    ) -> list[int]:
        nonlocal cuts
        cuts += 1
        chosen = cheapest(limits, terms, low, high)
        spans = [slice(first, last + 1) for first, last in zip(low, high, strict=True)]
        own = {
            at: costs[low[at] - terms.low[at] : high[at] + 1 - terms.low[at]]
            for at, costs in terms.own.items()
        }
        expected = place_by_elimination(
            [last - first + 1 for first, last in zip(low, high, strict=True)],
            [
                Limit(
                    tail,
                    head,
                    [max(0, least[at] - low[head]) for at in range(low[tail], high[tail] + 1)],
                    rule,
                )
                for tail, head, least, rule in limits
            ],
            [
                TargetCost(
                    tie.head,
                    tie.reference,
                    tie.weight,
                    tie.position[spans[tie.head]],
                    tie.goal[spans[tie.reference]],
                    tie.shift,
                )
                for tie in terms.ties
            ],
            [Preference(at, costs) for at, costs in own.items()],
        )
        assert expected is not None
        found = tuple(at - first for at, first in zip(chosen, low, strict=True))
        assert found == expected[0]
        return chosen

    monkeypatch.setattr(placement, "_cheapest", compared)
    for name in planner.library_ids():
        placer = planner.placer(name, site=SITE, anyway=True)
        for number in range(2):
            placer.place(date(2027, 1, 4) + timedelta(days=17 * number))
    assert cuts > 5
