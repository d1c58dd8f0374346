"""What the framework adds to a check: its name, the loop over arms, each place once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from example_protocol import example_file

from planner.checks import run
from planner.checks.finding import Finding, Related
from planner.checks.framework import FAMILIES, Flag, check, for_each
from planner.checks.subject import Subject, different_courses, feasible_schedules
from planner.protocol.course import Course
from planner.schedule.build import Schedule

PAGE = {"what": "", "why": "", "bad": "", "good": ""}
TWO_ARMS = """\
arms: [{id: early}, {id: late}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 1w}
        by_arm: {late: {after: {visit: baseline, within: 2w..3w}}}
"""
CONTRADICTORY = TWO_ARMS + "constraints:\n  - {from: baseline, to: dosing, within: ..8d}\n"


def findings(one: object, fragment: str = "") -> list[Finding]:
    assert isinstance(one, run.Check)
    return list(one.examine(Subject(example_file(fragment))))


def test_every_check_is_one_file_named_by_its_id_in_the_folder_of_its_family() -> None:
    folder = Path(run.__file__).parent
    files = {
        (path.parent.name, path.stem.replace("_", "-"))
        for family in FAMILIES
        for path in (folder / family).glob("*.py")
        if path.name != "__init__.py"
    }
    checks = run.all_checks()
    assert {(one.family, one.id) for one in checks.values()} == files
    assert checks.keys() == run.families().keys()


def test_a_new_file_is_a_new_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "staff").mkdir()
    for name in ("__init__.py", "nobody_asked.py", "notes.txt"):
        (tmp_path / "staff" / name).touch()
    monkeypatch.setattr(run, "__file__", str(tmp_path / "run.py"))
    assert run.families() == {"nobody-asked": "staff"}


def test_two_checks_cannot_have_one_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for family in ("staff", "time"):
        (tmp_path / family).mkdir()
        (tmp_path / family / "same_name.py").touch()
    monkeypatch.setattr(run, "__file__", str(tmp_path / "run.py"))
    with pytest.raises(ValueError, match="same-name"):
        run.families()


def test_a_flag_becomes_a_finding_with_the_id_and_the_severity_of_its_check() -> None:
    def flags(subject: Subject) -> Iterator[Flag]:
        dosing = subject.course(None).visit("dosing")
        yield Flag(("id",), "as usual", "a hint", related=[dosing], about=["this", dosing])
        yield Flag(("title",), "worse", related=[Related("there", ("id",))], severity="error")

    flags.__module__ = "planner.checks.staff.nobody_asked"
    one = check("note", "a title", **PAGE)(flags)
    assert (one.id, one.family) == ("nobody-asked", "staff")
    path = ("epochs", 2, "visits", 0)
    assert findings(one) == [
        Finding(
            "nobody-asked",
            "note",
            "as usual",
            ("id",),
            "a hint",
            (Related("`dosing`", path),),
            ("this", "dosing"),
        ),
        Finding(
            "nobody-asked", "error", "worse", ("title",), None, (Related("there", ("id",)),), ()
        ),
    ]


def test_a_place_that_several_arms_share_is_flagged_once_and_anything_else_by_its_key() -> None:
    @for_each(different_courses)
    def by_place(course: Course) -> Iterator[Flag]:
        yield Flag(course.visit("dosing").path, f"in {course.arm}")

    @for_each(different_courses)
    def by_arm(course: Course) -> Iterator[Flag]:
        yield Flag(course.visit("dosing").path, f"in {course.arm}", once=course.arm)

    subject = Subject(example_file(TWO_ARMS))
    assert [flag.message for flag in by_place(subject)] == ["in early"]
    assert [flag.message for flag in by_arm(subject)] == ["in early", "in late"]


def test_feasible_schedules_are_those_of_the_arms_whose_rules_can_all_hold() -> None:
    @for_each(feasible_schedules)
    def arms(schedule: Schedule) -> Iterator[Flag]:
        yield Flag(("arms",), f"{schedule.course.arm}", once=schedule.course.arm)

    assert [flag.message for flag in arms(Subject(example_file(CONTRADICTORY)))] == ["early"]
