"""The file that `planner new` writes."""

from collections.abc import Callable

import pytest

from planner.checks.run import examine
from planner.errors import PlannerError
from planner.formats.checks import choose
from planner.formats.load import load_protocol
from planner.protocol.expand import expand
from planner.protocol.starter import starter

IDENTITY = "3c6e0b8a-9c15-4c29-8f0a-1b2c3d4e5f60"
IDS = ["my-study", "a", "1", "007", "null", "true", "1e3", "dosing", "baseline", "diary", "x" * 60]


@pytest.mark.parametrize("name", IDS)
def test_a_starter_loads_without_a_flaw_whatever_its_id(
    write: Callable[..., str], name: str
) -> None:
    protocol = load_protocol(write(starter(name, IDENTITY))).protocol
    assert protocol.id == name
    assert protocol.identities == (IDENTITY, name)
    course = expand(protocol)
    assert course.flaws == ()
    assert len([visit for visit in course.visits if visit.kind == "dosing"]) == 2
    assert len(course.tracks) == 1


def test_a_starter_validates_without_a_finding(write: Callable[..., str]) -> None:
    file = load_protocol(write(starter("my-study", IDENTITY)))
    assert list(examine(file, choose((), ()))) == []


def test_no_part_of_a_random_identity_is_taken_for_an_amount(write: Callable[..., str]) -> None:
    file = load_protocol(write(starter("my-study", "3c6e0b8a-9c15-4c29-8f0a-1b2c3d4e5-5cc")))
    assert list(examine(file, choose(("scope",), ()))) == []


def test_a_starter_is_marked_as_made_up_and_every_timing_says_so() -> None:
    text = starter("my-study", IDENTITY)
    assert "status: illustrative" in text
    for line in text.split("\n"):
        if "within:" in line and not line.strip().startswith("#") and "visit:" in line:
            assert "source: design, grade: assumed" in line


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("My Study", "write `my-study`"),
        ("", "is not an id"),
        ("x" * 61, "at most 60"),
        ("a\nb", "is not an id"),
    ],
)
def test_what_is_no_id_gets_no_starter(name: str, part: str) -> None:
    with pytest.raises(PlannerError) as caught:
        starter(name, IDENTITY)
    assert part in str(caught.value)


def test_a_starter_explains_every_section_in_comments() -> None:
    lines = starter("my-study", IDENTITY).split("\n")
    for section in (
        "design",
        "sources",
        "roles",
        "activities",
        "arms",
        "gates",
        "epochs",
        "tracks",
    ):
        at = next(at for at, line in enumerate(lines) if line.startswith(f"{section}:"))
        assert lines[at - 1].startswith("#")
