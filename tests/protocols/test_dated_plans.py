"""No date of a library plan changes without anybody meaning it."""

import pytest
from protocols.dated_plans import dated_plans, read_table


@pytest.mark.slow
def test_the_dated_plans_of_the_library_are_those_of_the_table():
    committed, today = read_table(), list(dated_plans())

    def keyed(rows):
        return {row[:4]: row[4:] for row in rows}

    before, after = keyed(committed), keyed(today)
    differing = {
        key: (before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }
    assert not differing, (
        f"{len(differing)} rows differ; if that is meant, `python tests/protocols/dated_plans.py`"
        f" writes the table anew: {dict(sorted(differing.items())[:10])}"
    )
    assert today == committed, "the same rows in another order"
