"""Two exports to one place: one after the other, or refused; never mixed."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.files import locking
from planner.files.locking import locked

ROOT = Path(__file__).parents[1]


def test_a_second_run_is_refused_while_the_first_one_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 0.0)
    paths = [str(tmp_path / name) for name in ("a.ics", "a.ics.state")]
    with locked(paths):
        for path in paths:
            with pytest.raises(PlannerError, match="another export is writing it"), locked([path]):
                pytest.fail("two runs have the lock")
        with locked([str(tmp_path / "b.ics")]):
            assert len(list(tmp_path.iterdir())) == 3
    assert not list(tmp_path.iterdir())
    with locked(paths):
        pass


def test_two_names_of_one_file_have_one_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 0.0)
    (tmp_path / "real.ics").touch()
    (tmp_path / "link.ics").symlink_to("real.ics")
    monkeypatch.chdir(tmp_path)
    both, real = locked(["link.ics", "real.ics"]), locked([str(tmp_path / "real.ics")])
    with both, pytest.raises(PlannerError), real:  # and no run waits for itself
        pytest.fail("two runs have the lock")


def test_a_lock_file_that_a_killed_run_left_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / ".planner-a.ics.lock").touch()
    with locked([str(tmp_path / "a.ics")]):
        pass
    assert not list(tmp_path.iterdir())


def test_a_run_that_fails_leaves_no_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked([str(tmp_path / "a.ics")]):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_where_no_lock_can_be_made_that_is_said(tmp_path: Path) -> None:
    path = str(tmp_path / "nowhere" / "a.ics")
    with pytest.raises(PlannerError, match="no such file"), locked([path]):
        pytest.fail("there is no such folder")


@pytest.mark.parametrize("options", [(), ("--rendering", "caldav"), ("--split", "participant")])
def test_exports_at_once_come_one_after_the_other(tmp_path: Path, options: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    for name, day in (("A", 25), ("B", 26)):
        (tmp_path / f"{name}.yaml").write_text(
            "participant: P0001\nstart: 2027-01-11\n"
            f"visits: [{{visit: dosing-1, status: booked, start: 2027-01-{day}}}]\n"
        )
    program = "from planner.cli import main; main()"
    study = str(ROOT / "examples" / "two-sessions.yaml")
    command = [sys.executable, "-c", program, "export", study]
    runs = [
        subprocess.Popen(
            [*command, "--records", str(tmp_path / f"{name}.yaml"), "-o", str(out), *options],
            stderr=subprocess.PIPE,
        )
        for name in "ABAB"
    ]
    messages = [run.communicate()[1].decode() for run in runs]
    assert [run.returncode for run in runs] == [0] * len(runs), messages
    assert sum("no earlier export is known" in message for message in messages) == 1
    assert not any("was not written together" in message for message in messages)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["A.yaml", "B.yaml", "out",
                                                                "out.state"]  # fmt: skip
    if not options:
        digest = hashlib.sha256(out.read_bytes()).hexdigest()
        assert f"calendar {digest}\n" in (tmp_path / "out.state").read_text()
