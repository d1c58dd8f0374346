"""What participants see of a decision that is still open, or has been made."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from timeline.courses import START, planned, protocol, record

from planner.formats.ical import CalendarOptions, Level, write_calendar
from planner.timeline.model import Timeline

BEGUN = f"v0 occurred {START}"
BRANCHES = protocol(
    [
        {"id": "v0"},
        {"id": "v1", "when": "relapse", "after": {"visit": "v0", "within": "1w"}},
        {"id": "v2", "after": {"visit": "v0", "within": "2w"}},
    ],
    decisions={"relapse": {"expression": "score >= 10"}},
)


def calendar(timeline: Timeline, level: Level) -> str:
    out = BytesIO()
    options = CalendarOptions(stamp=datetime(2027, 3, 1, tzinfo=UTC), level=level)
    write_calendar([timeline], out, options)
    return out.getvalue().decode().replace("\r\n ", "")


def events(text: str) -> list[list[str]]:
    """The lines of each event, but for its relations to others, which may no longer be there."""
    return [
        [line for line in part.split("END:VEVENT")[0].split("\r\n") if "RELATED" not in line]
        for part in text.split("BEGIN:VEVENT")[1:]
    ]


@pytest.mark.parametrize("level", [Level.BUSY, Level.CODED])
def test_what_participants_see_gives_no_branch_away(level: Level) -> None:
    """A provisional visit's event differs from any other in number, dates and identity alone."""
    undecided, _ = planned(BRANCHES, record(BEGUN))
    text = calendar(undecided, level)
    for word in ("rovisional", "relapse", "condition", "if "):
        assert word not in text
    shapes = set()
    for event in events(text):
        names = [line.split(":")[0].split(";")[0] for line in event if line]
        states = [line for line in event if line.startswith(("STATUS", "TRANSP", "CLASS", "CATEG"))]
        if "Study visit" in " ".join(states) and "TENTATIVE" in " ".join(states):
            shapes.add((*names, *states))
    assert len(shapes) == 1


@pytest.mark.parametrize("level", [Level.BUSY, Level.CODED])
def test_what_stays_after_a_decision_keeps_its_event_to_the_letter(level: Level) -> None:
    plans = [
        planned(BRANCHES, record(BEGUN, facts=facts))[0]
        for facts in ({}, {"score": "12"}, {"score": "3"})
    ]
    undecided, with_it, without = (events(calendar(plan, level)) for plan in plans)
    assert undecided == with_it
    assert all(event in undecided for event in without)
    assert len(without) < len(with_it)
