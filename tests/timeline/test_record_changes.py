"""What changes one record into another: applied it gives the other, and no less does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.timeline.record_changes import (
    RecordChange,
    applied,
    changes_between,
    why_reason_needed,
)

LINES = st.fixed_dictionaries(
    {"visit": st.sampled_from(["a", "b", "c"]), "status": st.sampled_from(["planned", "booked"])},
    optional={"note": st.sampled_from(["x", "y"])},
)
RECORDS = st.fixed_dictionaries(
    {"participant": st.just("P0001")},
    optional={
        "arm": st.sampled_from(["one", "two"]),
        "facts": st.dictionaries(st.sampled_from(["f", "g", "h"]), st.integers(0, 2)),
        "visits": st.lists(LINES, max_size=6),
    },
)


@given(RECORDS, RECORDS)
def test_changes_lead_from_one_record_to_the_other_and_back(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    changes = changes_between(old, new)
    assert applied(old, changes) == new
    assert applied(new, changes_between(new, old)) == old
    assert (changes == ()) == (old == new)


@given(RECORDS, LINES)
def test_one_more_line_is_one_change(old: dict[str, Any], line: dict[str, Any]) -> None:
    visits = old.get("visits") or []
    new = {**old, "visits": [*visits, line]}
    assert len(changes_between(old, new)) == 1


@given(RECORDS, RECORDS)
def test_changes_of_another_record_are_refused(old: dict[str, Any], new: dict[str, Any]) -> None:
    for change in changes_between(old, new):
        if change.item is None and change.old is not None:
            with pytest.raises(ValueError, match="not what the change says"):
                applied({**old, change.key: "something else"}, [change])


BOOKED = {"visit": "dosing", "status": "booked", "start": "2027-02-03T09:00"}


@pytest.mark.parametrize(
    ("old", "new", "is_needed"),
    [
        (None, BOOKED, False),
        ({"visit": "dosing", "status": "planned"}, BOOKED, False),
        (BOOKED, {**BOOKED, "status": "occurred", "start": "2027-02-03T09:20"}, False),
        (BOOKED, {**BOOKED, "status": "occurred", "start": "2027-02-04T09:00"}, True),
        (BOOKED, {**BOOKED, "status": "missed"}, True),
        (BOOKED, {**BOOKED, "note": "by taxi"}, False),
        (BOOKED, {**BOOKED, "start": "2027-02-03T10:00"}, True),
        (BOOKED, None, True),
        ({**BOOKED, "status": "occurred"}, {**BOOKED, "status": "missed"}, True),
        ({**BOOKED, "status": "occurred"}, {**BOOKED, "status": "occurred", "end": "x"}, False),
        (BOOKED, {**BOOKED, "visit": "baseline"}, True),
    ],
)
def test_a_change_of_a_booked_or_past_visit_needs_a_reason(
    old: object, new: object, is_needed: bool
) -> None:
    why = why_reason_needed([RecordChange("visits", 0, old, new)])
    assert (why is not None) == is_needed


def test_the_visit_whose_change_needs_a_reason_is_named() -> None:
    change = RecordChange("visits", 4, {**BOOKED, "occurrence": 2}, None)
    assert why_reason_needed([change]) == "dosing-2 is recorded as booked"
