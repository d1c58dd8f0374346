"""Groups of what is tied together, against groups that are found by walking along the ties."""

from hypothesis import given
from hypothesis import strategies as st

from planner.network.groups import Groups

MEMBERS = range(9)
MEMBER = st.sampled_from(MEMBERS)


@given(st.lists(st.tuples(MEMBER, MEMBER), max_size=12))
def test_members_are_in_one_group_where_ties_lead_from_one_to_the_other(
    ties: list[tuple[int, int]],
) -> None:
    groups = Groups(MEMBERS)
    reached = {one: {one} for one in MEMBERS}
    for one, other in ties:
        assert groups.join(one, other) == (other not in reached[one])
        together = reached[one] | reached[other]
        reached.update(dict.fromkeys(together, together))
    found = list(groups.members().values())
    assert found == sorted(map(sorted, {frozenset(one) for one in reached.values()}))
    assert all(groups.leader(one) in members for members in found for one in members)
    assert "nobody" not in groups
