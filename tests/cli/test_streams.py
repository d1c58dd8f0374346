"""Closed, full and half-read standard streams, and signals: exit codes, and what stays behind."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PLANNER = [sys.executable, "-c", "from planner.cli import run; run()"]
SHELL = f"{sys.executable} -c 'from planner.cli import run; run()'"
START = ("--start", "2027-01-11")


def shell(command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a line of bash in which `planner` is the command."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("planner ", f"{SHELL} ")],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


EVERY = [
    "list", "validate mapp1", "timeline mapp1 --start 2027-01-11", "show mapp1", "--help",
    "--version", "export mapp1 --start 2027-01-11", "soa mapp1 --format csv", "rules",
]  # fmt: skip


@pytest.mark.parametrize("command", EVERY)
def test_a_closed_output_is_told(command: str) -> None:
    done = shell(f"planner {command} >&-")
    assert (done.returncode, done.stderr) == (2, "error: standard output: is closed\n")


@pytest.mark.parametrize("command", EVERY)
def test_without_standard_error_the_answer_comes_all_the_same(command: str) -> None:
    done = shell(f"planner {command} 2>&-")
    assert done.returncode == 0
    assert done.stdout == shell(f"planner {command}").stdout


@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full", ">&- 2>&-", ">&- 2>&- <&-"])
def test_errors_that_cannot_be_told_have_their_exit_code(where: str, tmp_path: Path) -> None:
    assert shell(f"planner validate nowhere.yaml {where}", tmp_path).returncode == 2
    assert shell(f"planner nonsense {where}", tmp_path).returncode == 2
    assert shell(f"planner timeline mapp1 {where}", tmp_path).returncode == 2


def test_a_file_is_written_whatever_is_closed(tmp_path: Path) -> None:
    plain = shell("planner timeline mapp1 --start 2027-01-11 -o a.txt", tmp_path)
    closed = shell("planner timeline mapp1 --start 2027-01-11 -o b.txt <&- >&- 2>&-", tmp_path)
    assert plain.returncode == closed.returncode == 0
    assert (tmp_path / "a.txt").read_bytes() == (tmp_path / "b.txt").read_bytes()


def test_what_is_told_never_gets_into_a_file_that_took_the_number_of_a_closed_stream(
    tmp_path: Path,
) -> None:
    done = shell("planner export mapp1 --start 2027-01-11 -o c.ics >&- 2>&-", tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "c.ics").read_text().startswith("BEGIN:VCALENDAR")
    assert (tmp_path / "c.ics").read_text().endswith("END:VCALENDAR\n")
    assert "wrote" not in (tmp_path / "c.ics").read_text()


def test_closed_standard_input_is_told() -> None:
    assert "there is no standard input to read" in shell("planner validate - <&-").stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("command", EVERY)
def test_a_full_disk_behind_the_output_is_told_once(command: str) -> None:
    done = shell(f"planner {command} >/dev/full")
    assert (done.returncode, done.stderr) == (
        2, "error: standard output: no space left on device\n",
    )  # fmt: skip


@pytest.mark.parametrize("command", EVERY)
def test_a_reader_that_has_seen_enough_is_no_error(command: str) -> None:
    # The reader is gone before the first byte: the case that `head` makes by chance.
    done = shell(f"(sleep 0.1; planner {command}) | true")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_of_both_streams_may_go_as_well(tmp_path: Path) -> None:
    done = shell(
        "(sleep 0.1; planner export mapp1 --start 2027-01-11 -o c.ics 2>&1) | true", tmp_path
    )
    assert done.returncode == 0
    assert (tmp_path / "c.ics").exists()


WAITING = """
import os, signal, sys, time
import planner.files
for number in ({heard}):  # whoever runs the tests in the background ignores SIGINT
    signal.signal(number, signal.SIG_DFL)
real = planner.files.Prepared.finish if {single} else planner.files.FileSet.put
def waiting(self):
    os.write(1, b"here\\n")
    time.sleep(60)
if {single}:
    planner.files.Prepared.finish = waiting
else:
    planner.files.FileSet.put = waiting
sys.argv = ["planner", *sys.argv[1:]]
from planner.cli import run
run()
"""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
@pytest.mark.parametrize(
    "arguments",
    [
        ("timeline", "mapp1", *START, "-o", "out.txt"),
        ("export", "mapp1", *START, "-o", "out.ics"),
        ("export", "mapp1", *START, "-o", "folder", "--split", "participant", "--no-state"),
        ("export", "mapp1", *START, "-o", "folder", "--rendering", "caldav", "--no-state"),
        ("import", "sv", str(EXAMPLES / "sv.json"), "-o", "folder"),
    ],
    ids=lambda words: " ".join(words[:1] + words[-2:]),
)
def test_a_signal_ends_a_run_with_its_code_and_nothing_stays(
    tmp_path: Path, arguments: tuple[str, ...], number: signal.Signals, code: int
) -> None:
    single = "folder" not in arguments
    run = subprocess.Popen(
        [sys.executable, "-c", WAITING.format(single=single, heard="2, 1, 15"), *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that starts the tests in the background has them ignore an interrupt.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "here\n"
    assert list(tmp_path.rglob(".planner-*"))
    run.send_signal(number)
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (code, "", "")
    assert not list(tmp_path.iterdir())


SIGNALLED = """
import fcntl, os, signal, sys
from planner.cli import main, run
home, sys.argv = sys.argv[1], ["planner", *sys.argv[2:]]
def signalled(real):
    def call(*names, **more):
        global count
        result = real(*names, **more)
        count += 1
        if count == place:
            os.kill(os.getpid(), signal.SIGTERM)
        return result
    return call
for place in range(200):
    folder, count = os.path.join(home, str(place)), 0
    os.mkdir(folder)
    os.chdir(folder)
    if not place:  # so that no run has to import anything
        try:
            main()
        except SystemExit:
            pass
        continue
    child = os.fork()
    if not child:
        for module, name in ((os, "open"), (os, "mkdir"), (fcntl, "flock")):
            setattr(module, name, signalled(getattr(module, name)))
        run()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not code:
        break
    assert code == 143, code
print(place)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("timeline", "mapp1", *START, "-o", "out.txt"),
        ("export", "mapp1", *START, "-o", "out.ics"),
        ("export", "mapp1", *START, "-o", "folder", "--split", "role"),
        ("export", "mapp1", *START, "-o", "folder", "--rendering", "caldav", "--no-state"),
        ("import", "sv", str(EXAMPLES / "sv.json"), "-o", "folder"),
    ],
    ids=lambda words: " ".join(words[:1] + words[-2:]),
)
def test_a_signal_right_after_a_file_was_made_leaves_none(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Before whoever had it made knows of it; participants' data would come into it next."""
    run = subprocess.run(
        [sys.executable, "-c", SIGNALLED, str(tmp_path), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert int(run.stdout.split()[-1]) > 2
    assert not list(tmp_path.rglob(".planner-*.tmp"))


def test_a_signal_that_is_ignored_stays_so(tmp_path: Path) -> None:
    """As under `nohup`."""
    script = WAITING.format(single=True, heard="").replace(
        "time.sleep(60)", "time.sleep(1); real(self)"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script, "timeline", "mapp1", *START, "-o", "out.txt"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert run.stdout is not None
    run.stdout.readline()
    run.send_signal(signal.SIGHUP)
    run.communicate(timeout=60)
    assert run.returncode == 0
    assert (tmp_path / "out.txt").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("timeline mapp1 --start 2027-01-11 -o {}", "out.txt"),
        ("export mapp1 --start 2027-01-11 -o {}", "out.ics"),
        ("export mapp1 --start 2027-01-11 --no-state -o {}", "out.ics"),
        ("export mapp1 --start 2027-01-11 --split participant -o {}", "folder"),
        ("export mapp1 --start 2027-01-11 --rendering caldav -o {}", "folder"),
        ("export mapp1 --format sdtm -o {}", "folder"),
        (f"import sv {EXAMPLES / 'sv.json'} -o {{}}", "folder"),
        ("soa mapp1 -o {}", "out.xlsx"),
    ],
    ids=lambda words: words[0][:12] + words[1],
)
def test_a_full_disk_is_told_by_the_files_name_and_nothing_stays(
    tmp_path: Path, arguments: tuple[str, str]
) -> None:
    if arguments[1].endswith("xlsx"):
        pytest.importorskip("xlsxwriter")
    command = arguments[0].format(arguments[1])
    done = shell(f"ulimit -f 0; planner {command}", tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {arguments[1]}")
    assert done.stderr.endswith(": file too large; nothing was changed\n")
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_link_is_followed_and_a_pipe_stays_one(tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "feed.ics").symlink_to("published/real.ics")
    for option in ("--no-state", "--level coded"):
        command = f"planner export mapp1 --start 2027-01-11 {option} -o feed.ics"
        assert shell(command, tmp_path).returncode == 0
        assert (tmp_path / "feed.ics").is_symlink()
        assert (tmp_path / "published" / "real.ics").is_file()
    os.mkfifo(tmp_path / "pipe")
    done = shell("cat pipe & planner timeline mapp1 --start 2027-01-11 -o pipe; wait", tmp_path)
    assert done.returncode == 0
    assert "Screening" in done.stdout
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    # A shell names a pipe of its own in `/dev/fd`.
    done = shell("planner export mapp1 --start 2027-01-11 --no-state -o >(cat); wait", tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("BEGIN:VCALENDAR")


def test_a_device_is_written_to(tmp_path: Path) -> None:
    terminal, device = os.openpty()
    try:
        name = os.ttyname(device)
        done = shell(f"planner timeline mapp1 --start 2027-01-11 -o {name}", tmp_path)
        assert done.returncode == 0, done.stderr
        assert b"mapp1" in os.read(terminal, 1 << 16)
        assert stat.S_ISCHR(os.stat(name).st_mode)
    finally:
        os.close(terminal)
        os.close(device)
