"""Files replaced whole or not at all: stopped or refused at any step, full disks, links."""

import contextlib
import errno
import fcntl
import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from dying import DYING

from planner.errors import PlannerError
from planner.files import Prepared, PreparedFolder, finish_interrupted, put_folders, replacing
from planner.files.waiting import UNDO

STEPS = ("replace", "rename", "unlink", "mkdir", "rmdir", "link", "open", "fsync", "chmod")
"""The calls by which files and folders change."""
WRITES = re.compile(
    r"os\.replace|fsync|tempfile|\.write_(text|bytes)\(|open\([^)]*[\"'][wax]b?\+?[\"']"
)


class Stopped(BaseException):
    """What ends a run in the middle."""


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder that are not the planner's own."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if not path.name.startswith(".planner-")
    }


def left(folder: Path) -> list[str]:
    """What the planner has left of its own."""
    return sorted(path.name for path in folder.rglob(".planner-*"))


def stop_at(monkeypatch: pytest.MonkeyPatch, place: int, error: BaseException) -> Callable[[], int]:
    """Makes the call of that number fail, before it does anything; gives the number of calls."""
    count = 0

    def failing(real: Callable[..., object]) -> Callable[..., object]:
        def call(*names: object, **more: object) -> object:
            nonlocal count
            count += 1
            if count == place:
                raise error
            return real(*names, **more)

        return call

    for name in STEPS:
        monkeypatch.setattr(os, name, failing(getattr(os, name)))
    return lambda: count


def killed_at_every_step(tmp_path: Path, script: str) -> list[Path]:
    """Runs a script once for each of its calls, in a process that ends at once at that call.

    Args:
        tmp_path: where a folder is made for each run.
        script: of one run; the name of its folder is `folder`.

    Returns:
        The folders, in the order of the calls.
    """
    source = f"""
import os, sys
from planner.errors import PlannerError
from planner.files import *

def run(folder):
{"".join(f"    {line}" + chr(10) for line in script.strip().splitlines())}
{DYING}
for place in range(1, 300):
    folder = os.path.join(sys.argv[1], str(place))
    os.mkdir(folder)
    for name, data in {OLD!r}.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    child = os.fork()
    if not child:
        count = 0
        for name in {STEPS!r}:
            setattr(os, name, dying(getattr(os, name)))
        run(folder)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not code:
        break
    assert code == 9, code
"""
    run = subprocess.run(
        [sys.executable, "-c", source, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    folders = sorted(tmp_path.iterdir(), key=lambda path: int(path.name))
    assert contents(folders.pop()) != OLD or "refuse" in script  # the run that was not stopped
    return folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "records"
    path.mkdir()
    (path / "a.txt").write_bytes(b"old a")
    (path / "b.txt").write_bytes(b"old b")
    (path / "c.csv").write_bytes(b"old c")
    return path


OLD = {"a.txt": b"old a", "b.txt": b"old b", "c.csv": b"old c"}
NEW = {"a.txt": b"new a", "b.txt": b"old b", "c.csv.old": b"old c", "c.txt": b"new c"}


def change(folder: Path) -> PreparedFolder:
    """A set that replaces a file, adds one, and has one go aside; `b.txt` stays."""
    prepared = PreparedFolder(str(folder))
    try:
        prepared.write("a.txt", b"new a")
        prepared.write("b.txt", b"old b")
        prepared.write("c.txt", b"new c")
        prepared.write("c.csv.old", b"old c")
        prepared.remove("c.csv")
    except BaseException:
        prepared.discard()
        raise
    return prepared


CHANGE = """
prepared = PreparedFolder(folder)
prepared.write("a.txt", b"new a")
prepared.write("b.txt", b"old b")
prepared.write("c.txt", b"new c")
prepared.write("c.csv.old", b"old c")
prepared.remove("c.csv")
prepared.put()
prepared.discard()
"""


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("old")
    path.chmod(0o640)
    with replacing(str(path)) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not left(tmp_path)


def test_a_new_file_can_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with replacing(str(tmp_path / "plan.txt")) as file:
            file.write(b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "plan.txt").stat().st_mode) == 0o640


def test_what_is_not_written_to_its_end_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("old")

    def write() -> None:
        with replacing(str(path)) as file:
            file.write(b"new")
            raise Stopped

    with pytest.raises(Stopped):
        write()
    assert path.read_text() == "old"
    assert not left(tmp_path)


def test_a_symbolic_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    real = tmp_path / "published" / "real.ics"
    real.write_text("old")
    (tmp_path / "feed.ics").symlink_to("published/real.ics")
    (tmp_path / "again.ics").symlink_to("feed.ics")
    with replacing(str(tmp_path / "again.ics")) as file:
        file.write(b"new")
    assert real.read_text() == "new"
    assert (tmp_path / "feed.ics").is_symlink()
    assert (tmp_path / "again.ics").is_symlink()


def test_a_link_to_a_file_that_is_not_there_yet_makes_it(tmp_path: Path) -> None:
    (tmp_path / "feed.ics").symlink_to("real.ics")
    with replacing(str(tmp_path / "feed.ics")) as file:
        file.write(b"new")
    assert (tmp_path / "real.ics").read_text() == "new"
    assert (tmp_path / "feed.ics").is_symlink()


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(PlannerError, match="too many levels of symbolic links"):
        Prepared(str(tmp_path / "a"))


def test_another_hard_link_keeps_the_old_content(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("old")
    os.link(tmp_path / "plan.txt", tmp_path / "snapshot.txt")
    with replacing(str(tmp_path / "plan.txt")) as file:
        file.write(b"new")
    assert (tmp_path / "plan.txt").read_text() == "new"
    assert (tmp_path / "snapshot.txt").read_text() == "old"


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with replacing(str(pipe)) as file:
        file.write(b"new")
    reader.join()
    assert read == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert not left(tmp_path)


def test_a_pipe_by_the_name_of_its_open_end_is_written_to() -> None:
    # As a shell's `>(command)` names it; the link behind it leads to no path.
    reader, writer = os.pipe()
    try:
        with replacing(f"/dev/fd/{writer}") as file:
            file.write(b"new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
        os.close(writer)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    for path in (str(tmp_path), f"{tmp_path / 'new'}{os.sep}"):
        with pytest.raises(PlannerError, match="is a directory; name a file in it"):
            Prepared(path)
    with pytest.raises(PlannerError, match="an empty name names no file"):
        Prepared("")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", [10, 1 << 17])
def test_a_full_disk_is_told_with_the_files_name_and_nothing_stays(
    tmp_path: Path, size: int
) -> None:
    """The limit is found when a buffer is written out, or at the end: in a process of its own."""
    path = tmp_path / "plan.txt"
    path.write_text("old")
    code = f"""
import resource, signal
from planner.errors import PlannerError
from planner.files import replacing
resource.setrlimit(resource.RLIMIT_FSIZE, (4, 4))
try:
    with replacing({str(path)!r}) as file:
        file.write(b"x" * {size})
except PlannerError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout == f"{path}: file too large; nothing was changed\n"
    assert run.stderr == ""
    assert path.read_text() == "old"
    assert not left(tmp_path)


def test_all_files_of_a_set_take_their_places(folder: Path) -> None:
    prepared = change(folder)
    assert contents(folder) == OLD
    prepared.put()
    prepared.discard()
    assert contents(folder) == NEW
    assert not left(folder)


def test_a_file_of_a_set_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_bytes(b"old")
    (folder / "link.txt").symlink_to(tmp_path / "real.txt")
    prepared = PreparedFolder(str(folder))
    prepared.write("link.txt", b"new")
    prepared.put()
    prepared.discard()
    assert (tmp_path / "real.txt").read_bytes() == b"new"
    assert (folder / "link.txt").is_symlink()


def test_of_a_link_that_goes_the_file_stays(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_bytes(b"old")
    (folder / "link.csv").symlink_to(tmp_path / "real.csv")
    prepared = PreparedFolder(str(folder))
    prepared.remove("link.csv")
    prepared.put()
    prepared.discard()
    assert not os.path.lexists(folder / "link.csv")
    assert (tmp_path / "real.csv").read_bytes() == b"old"


def test_a_folder_in_the_place_of_a_file_is_found_before_anything_changes(folder: Path) -> None:
    (folder / "z.txt").mkdir()
    prepared = change(folder)
    with pytest.raises(PlannerError, match=r"z\.txt: is a directory"):
        prepared.write("z.txt", b"new")
    prepared.discard()
    (folder / "z.txt").rmdir()
    assert contents(folder) == OLD
    assert not left(folder)


def test_a_file_twice_in_a_set_is_refused(folder: Path) -> None:
    prepared = change(folder)
    with pytest.raises(PlannerError, match=r"a\.txt: file exists"):
        prepared.write("a.txt", b"newer")
    prepared.discard()


def test_a_new_folder_that_stays_empty_is_removed(tmp_path: Path) -> None:
    prepared = PreparedFolder(str(tmp_path / "new"))
    prepared.write("a.txt", b"new")
    prepared.discard()
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "error", [Stopped(), OSError(errno.ENOSPC, "No space left on device")], ids=["stop", "full"]
)
def test_a_set_stopped_or_refused_at_any_step_is_old_or_new_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    outcomes = []
    for place in range(1, 300):
        prepared = None
        with monkeypatch.context() as patch:
            count = stop_at(patch, place, error)
            try:
                prepared = change(folder)
                prepared.put()
            except (Stopped, PlannerError):
                pass
            if prepared is not None:
                with contextlib.suppress(Stopped):
                    prepared.discard()
        there = contents(folder)
        assert there in (OLD, NEW)
        if count() < place:
            break
        outcomes.append(there == NEW)
        # Whatever stayed is removed by the next run.
        finish_interrupted(str(folder))
        assert contents(folder) == there, place
        assert not left(folder), place
        assert not left(folder)
        for name in there:
            (folder / name).unlink()
        for name, data in OLD.items():
            (folder / name).write_bytes(data)
    assert False in outcomes
    assert contents(folder) == NEW


def test_a_set_killed_at_any_step_is_finished_or_undone_by_the_next_run(tmp_path: Path) -> None:
    outcomes = []
    for folder in killed_at_every_step(tmp_path, CHANGE):
        finish_interrupted(str(folder))
        assert contents(folder) in (OLD, NEW), folder.name
        assert not left(folder), folder.name
        outcomes.append(contents(folder) == NEW)
    # Once it has begun to change files it is finished, never undone.
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}


def test_a_run_killed_while_it_takes_back_is_taken_back_by_the_next(tmp_path: Path) -> None:
    script = f"""
real_replace = os.replace
def refuse(source, target):
    if target.endswith("c.txt"):
        raise OSError(28, "No space left on device")
    real_replace(source, target)
os.replace = refuse
try:
    {CHANGE.strip().replace(chr(10), chr(10) + "    ")}
except PlannerError:
    prepared.discard()
"""
    outcomes = []
    for folder in killed_at_every_step(tmp_path, script):
        finish_interrupted(str(folder))
        assert contents(folder) in (OLD, NEW), folder.name
        assert not left(folder), folder.name
        outcomes.append(contents(folder) == NEW)
    # Killed before a file is refused the set is finished, later it is taken back.
    assert outcomes[-1] is False
    assert True in outcomes


def test_a_single_file_killed_at_any_step_is_old_or_new_and_the_rest_is_swept(
    tmp_path: Path,
) -> None:
    script = """
with replacing(os.path.join(folder, "a.txt")) as file:
    file.write(b"new a")
"""
    for folder in killed_at_every_step(tmp_path, script):
        assert contents(folder)["a.txt"] in (b"old a", b"new a")
        with replacing(str(folder / "other.txt")) as file:
            file.write(b"x")
        assert set(contents(folder)) == {*OLD, "other.txt"}
        assert not left(folder)


def test_what_another_run_is_writing_is_not_swept(tmp_path: Path) -> None:
    mine, set_of_mine = Prepared(str(tmp_path / "a.txt")), PreparedFolder(str(tmp_path))
    mine.file.write(b"new")
    set_of_mine.write("b.txt", b"new")
    with replacing(str(tmp_path / "other.txt")) as file:
        file.write(b"x")
    mine.finish()
    mine.put()
    set_of_mine.put()
    mine.discard()
    set_of_mine.discard()
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "b.txt", "other.txt"}


def test_who_comes_while_files_are_put_in_their_places_waits(folder: Path) -> None:
    prepared = change(folder)
    prepared.set.put()
    came: list[dict[str, bytes]] = []

    def come() -> None:
        finish_interrupted(str(folder))
        came.append(contents(folder))

    other = threading.Thread(target=come)
    other.start()
    prepared.set.undo()
    prepared.set.end()
    other.join(10)
    assert came == [OLD]
    assert not left(folder)


def test_who_comes_while_a_set_gets_another_name_waits_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = change(folder)
    prepared.set.put()
    came: list[dict[str, bytes]] = []
    list_names = os.listdir

    def list_and_rename(path: str) -> list[str]:
        names = list_names(path)
        if str(path) == str(folder):
            monkeypatch.undo()
            prepared.set._become(UNDO)
        return names

    def come() -> None:
        finish_interrupted(str(folder))
        came.append(contents(folder))

    monkeypatch.setattr(os, "listdir", list_and_rename)
    other = threading.Thread(target=come)
    other.start()
    other.join(0.2)
    assert not came
    prepared.set.undo()
    prepared.set.end()
    other.join(10)
    assert came == [OLD]
    assert not left(folder)


def test_of_several_folders_all_change_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for folder in folders:
        folder.mkdir()
        (folder / "a.txt").write_bytes(b"old")
    prepared = [PreparedFolder(str(folder)) for folder in folders]
    for one in prepared:
        one.write("a.txt", b"new")
    real = os.replace

    def refuse(source: str, target: str) -> None:
        if target == str(folders[2] / "a.txt"):
            raise OSError(errno.EACCES, "Permission denied", source, None, target)
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PlannerError) as refused:
        put_folders(prepared)
    assert str(refused.value) == (f"{folders[2] / 'a.txt'}: permission denied; nothing was changed")
    for one in prepared:
        one.discard()
    assert [contents(folder) for folder in folders] == [{"a.txt": b"old"}] * 3
    assert not left(tmp_path)


def test_what_cannot_be_put_back_either_is_named_and_the_next_run_puts_it_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = change(folder)
    real = os.replace

    def refuse(source: str, target: str) -> None:
        if target.endswith("c.txt") or f"{os.sep}old{os.sep}" in source:
            raise OSError(errno.EIO, "Input/output error", source, None, target)
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(PlannerError) as refused:
            prepared.put()
        prepared.discard()
    assert f"{folder / 'c.txt'}: input/output error; {folder / 'a.txt'} and perhaps others" in str(
        refused.value
    )
    assert contents(folder)["a.txt"] == b"new a"
    finish_interrupted(str(folder))
    assert contents(folder) == OLD
    assert not left(folder)


def test_without_locks_only_what_is_old_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    (tmp_path / ".planner-new.tmp").write_text("")
    (tmp_path / ".planner-old.tmp").write_text("")
    os.utime(tmp_path / ".planner-old.tmp", (0, 0))
    with replacing(str(tmp_path / "a.txt")) as file:
        file.write(b"x")
    assert left(tmp_path) == [".planner-new.tmp"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
@pytest.mark.parametrize("is_public", [False, True])
def test_what_another_user_has_left_follows_no_link(tmp_path: Path, is_public: bool) -> None:
    """In a folder of all (`/tmp`) it is not touched at all: anybody could have laid it there."""
    folder, private = tmp_path / "shared", tmp_path / "private.txt"
    folder.mkdir()
    folder.chmod(0o1777 if is_public else 0o770)
    private.write_bytes(b"mine")
    (folder / "a.txt").symlink_to(private)
    planted = folder / ".planner-planted.put"
    for part in ("new", "gone", "old", "fresh"):
        (planted / part).mkdir(parents=True)
    (planted / "lock").write_bytes(b"")
    (planted / "new" / "a.txt").write_bytes(b"theirs")
    os.chown(planted, 12345, 12345)
    with replacing(str(folder / "other.txt")) as file:
        file.write(b"x")
    assert private.read_bytes() == b"mine"
    assert planted.exists() == is_public
    assert (folder / "a.txt").is_symlink() == is_public


def test_nothing_else_writes_or_replaces_a_file() -> None:
    """Standard streams and locks are no files of a user; a file is set aside by its name alone."""
    planner = Path(__file__).parent.parent / "planner"
    for path in planner.rglob("*.py"):
        if path.parent.name != "files":
            code = path.read_text(encoding="utf-8").partition('"""')[2].partition('"""')[2]
            writes = WRITES.search(code)
            assert writes is None, (path, writes)
