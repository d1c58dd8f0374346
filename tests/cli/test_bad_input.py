"""Whatever is wrong with what was given: one clear message a problem, the right exit code."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from example_protocol import BASE as GOOD

from planner.protocol.fields import WEEKDAYS

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
SITE = (ROOT / "examples" / "site-everyday.yaml").read_text()


def written(folder: Path, text: str | bytes, name: str = "study.yaml") -> str:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def changed(old: str, new: str) -> str:
    assert old in GOOD, old
    return GOOD.replace(old, new)


def bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(lines)


UNREADABLE = [  # what the file holds, and a part of the message
    pytest.param("epochs: [", "not YAML", id="malformed YAML"),
    pytest.param("a: 1\n\tb: 2\n", "tab", id="a tab as indentation"),
    pytest.param(
        changed("title: An", "id: again\ntitle: An"), "duplicate key `id`", id="duplicate key"
    ),
    pytest.param(bomb(), "expand without bound", id="alias bomb"),
    pytest.param("a: &a [*a]", "refers to nothing", id="an alias inside itself"),
    pytest.param("[" * 100_000, "nested more than", id="deep nesting"),
    pytest.param(b"x: " + b"a" * 10 * 2**20, "over 2 MiB", id="10 MiB"),
    pytest.param(bytes(range(256)), "not UTF-8", id="binary file"),
    pytest.param(b"\x7fELF\x02\x01\x00\x00", "control character U+007F", id="a program"),
    pytest.param("title: x".encode("utf-16"), "UTF-16", id="UTF-16"),
    pytest.param(b"", "empty", id="empty file"),
    pytest.param("- 1\n- 2\n", "a mapping", id="a list"),
    pytest.param("a: 1\n---\nb: 2\n", "one document", id="two documents"),
    pytest.param("a: !!python/object:os.system x", "tags are not used", id="a tag"),
    pytest.param(GOOD.replace("format: 1", "format: 2"), "newer planner", id="newer format"),
]


@pytest.mark.parametrize(("content", "message"), UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused(
    planner: Planner, tmp_path: Path, content: str | bytes, message: str
) -> None:
    path = written(tmp_path, content)
    for arguments in (("validate", path), ("timeline", path, "--start", "2027-01-11")):
        result = planner(*arguments)
        assert result.code == 2
        assert message in result.out + result.err
        assert path in result.out + result.err


MALFORMED = [  # what is changed in a good file, line of the problem, parts of the message
    ("within: 1w..4w", "within: 4w..1w", "reverse order"),
    ("within: 1w..4w", "within: 4 weeks", "write `w`"),
    ("within: 1w..4w", "within: 99999999w..", "longer than 20 years"),
    ("duration: 8h", "duration: 800h", "longer than 31 days"),
    ("duration: 8h", "duration: 8d", "hours or minutes"),
    ("duration: 8h", "duration: 8", "needs its unit"),
    ('at: "09:00"', 'at: "25:00"', "not a time of day"),
    ("id: dosing", "id: Dosing One", "write `dosing-one`"),
    ("title: An example", 'title: "two\\nlines"', "one line"),
    ("title: An example", 'title: "bell\\a"', "control character"),
    ("title: An example", "title: [a, b]", "a text is expected"),
    ("status: illustrative", "status: illustrativ", "did you mean `illustrative`?"),
    ("epochs:", "epoches:", "did you mean `epochs`?"),
    ("  - id: treatment\n", "  - id: treatment\n    cycle: {times: 1000000000}\n", "2000"),
    ("anchor: baseline", "date: 2027-02-30\nanchor: baseline", "no 30 February 2027"),
    ("anchor: baseline", "date: 1492-10-12\nanchor: baseline", "1900-2200"),
]


@pytest.mark.parametrize(("old", "new", "message"), MALFORMED, ids=[m[1][:30] for m in MALFORMED])
def test_a_malformed_file_says_where_and_what_is_allowed(
    planner: Planner, tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = written(tmp_path, changed(old, new))
    result = planner("validate", path)
    assert result.code == 2
    assert message in result.out
    line = GOOD.split(old)[0].count("\n") + 1 + new.split(":")[0].count("\n")
    assert f"{path}:" in result.out
    assert any(f"{path}:{near}:" in result.out for near in range(line, line + 3)), result.out


def test_all_problems_of_a_file_are_reported_in_one_run(planner: Planner, tmp_path: Path) -> None:
    text = GOOD
    for old, new, _ in (MALFORMED[0], MALFORMED[3], MALFORMED[6], MALFORMED[11]):
        text = text.replace(old, new)
    result = planner("validate", written(tmp_path, text))
    assert result.code == 2
    for _, _, message in (MALFORMED[0], MALFORMED[3], MALFORMED[6], MALFORMED[11]):
        assert message in result.out


def test_several_files_are_all_judged_when_one_cannot_be_read(
    planner: Planner, tmp_path: Path
) -> None:
    bad, good = written(tmp_path, "[", "bad.yaml"), written(tmp_path, GOOD, "good.yaml")
    result = planner("validate", bad, good)
    assert result.code == 2
    assert "bad.yaml" in result.out
    assert "good.yaml" in result.out


EVERYDAY = str(ROOT / "examples" / "site-everyday.yaml")
COMMANDS = [  # arguments, part of the message
    (("validate", "mapp"), "did you mean `mapp"),
    (("validate", "no/such/file.yaml"), "no such file"),
    (("validate", str(ROOT)), "holds no file to check"),
    (("validate", "mapp1", "--format", "jsn"), "did you mean `json`?"),
    (("validate", "mapp1", "--select", "strukture"), "did you mean `structure`?"),
    (("explain", "infeasable"), "did you mean `infeasible`?"),
    (("timeline", "mapp1", "--start", "2027-02-30"), "no 30 February 2027"),
    (("timeline", "mapp1", "--start", "11.01.2027"), "write `2027-01-11`"),
    (("timeline", "mapp1", "--start", "2027-01-11", "--arm", "mdma"), "no arm `mdma`"),
    (
        ("timeline", "mapp1", "--start", "2027-01-11", "--at", "dosing-9=2027-02-01"),
        "did you mean `dosing-",
    ),
    (
        ("timeline", "mapp1", "--start", "2027-01-11", "--at", "dosing=2027-02-01"),
        "it occurs 3 times, as `dosing-1` to `dosing-3`",
    ),
    (("timeline", "mapp1", "--start", "2027-01-11", "--at", "dosing-1"), "VISIT=DATE"),
    (("timeline", "mapp1", "--start", "2027-01-11", "--with", "dosing-1"), "is required"),
    (("timeline", "mapp1", "--start", "2027-01-11", "--participant", "Jane Doe"), "codes such as"),
    (("timeline", "mapp1", "--start", "2027-01-11", "--participant", "j@x.org"), "e-mail"),
    (("timeline", "mapp1", "--start", "2027-01-11", "--participant", "AM1"), "could be initials"),
    (
        ("export", "mapp1", "--start", "2027-01-11", "--participant", "MUELLER1980", "-o", "x.ics"),
        "a name and a year of birth",
    ),
    (
        (
            "handout",
            "mapp1",
            "--site",
            EVERYDAY,
            "--start",
            "2027-01-11",
            "--participant",
            "01021980",
        ),
        "a date of birth",
    ),
    (("timeline", "mapp1", "--start", "2027-01-11", "--site", "no.yaml"), "no such file"),
    (("anchors", "mapp1", "--from", "2027-02-01", "--to", "2027-01-01"), "before"),
    (("anchors", "mapp1", "--from", "1950-01-01", "--to", "2050-01-01"), "ten years"),
    (("export", "mapp1", "-o", "x.ics"), "--start"),
    (("export", "mapp1", "--start", "2027-01-11", "-o", "x.docx"), "name a .ics file"),
    (("export", "mapp1", "--start", "2027-01-11", "--level", "all", "-o", "x.ics"), "coded"),
    (("export", "mapp1", "--participants", "none.csv", "-o", "x.ics"), "none.csv"),
    (("export", "mapp1", "--start", "2027-01-11", "--run-sheet", "-o", "x.ics"), "staff"),
    (("new", "My Study"), "write `my-study`"),
    (("timeline", "mapp1"), "--start"),
    (("tmeline", "mapp1"), "tmeline"),
]


@pytest.mark.parametrize(
    ("arguments", "message"), COMMANDS, ids=[" ".join(c[0])[:60] for c in COMMANDS]
)
def test_what_cannot_be_done_is_said_with_exit_code_2(
    planner: Planner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = planner(*arguments)
    assert result.code == 2
    assert message in result.out + result.err
    assert list(tmp_path.iterdir()) == []


SITES = [
    ("timezone: ", "timezone: Europe/Berlni  # ", "did you mean `Europe/Berlin`"),
    ("format: 1", "format: 1\nclosures:\n  - {from: 2027-02-30, to: 2027-03-01}", "30 February"),
    ("format: 1", "format: 1\nclosures:\n  - {from: 2027-03-02, to: 2027-03-01}", ""),
]


@pytest.mark.parametrize(("old", "new", "message"), SITES)
def test_a_bad_site_is_refused(
    planner: Planner, tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = SITE.replace(old, new, 1)
    path = written(tmp_path, text, "site.yaml")
    result = planner("timeline", "mapp1", "--start", "2027-01-11", "--site", path)
    assert result.code == 2
    assert message in result.err
    assert "site.yaml:" in result.err


def test_a_local_time_that_the_clock_skips_is_never_planned(
    planner: Planner, tmp_path: Path
) -> None:
    # 02:30 does not exist in Berlin on 28 March 2027.
    text = changed('at: "09:00"', 'at: "02:30"').replace(
        "within: 2d..14d, target: 1w", "within: 1d"
    )
    path = written(tmp_path, text)
    site = written(
        tmp_path,
        "format: 1\nid: s\ntitle: S\ntimezone: Europe/Berlin\nhours:\n"
        + "".join(f"  {day}: 00:00-24:00\n" for day in WEEKDAYS),
        "site.yaml",
    )
    result = planner(
        "timeline", path, "--start", "2027-03-24", "--site", site, "--at", "dosing=2027-03-28"
    )
    assert result.code == 1
    assert "dosing" in result.err


COHORTS = [
    ("code,start\nP1,2027-02-30\n", ":2: "),
    ("code,start\nJane Doe,2027-01-11\n", "codes such as"),
    ("code,start\nP1,2027-01-11\nP1,2027-01-12\n", "code `P1` is on lines 2 and 3"),
    ("code,begin\nP1,2027-01-11\n", "unknown column"),
    ("code\nP1\n", "column `start` is missing"),
    ("code,start\n01021980,2027-01-11\n", ":2: `01021980`: could be a date of birth"),
    ("code,start\nAM1,2027-01-11\n", ":2: `AM1`: could be initials"),
    ("code,start\nP1\n", "1 cells"),
    ("", "empty"),
    ('code,start\n"P1,2027-01-11\n', "CSV"),
]


@pytest.mark.parametrize(("text", "message"), COHORTS)
def test_a_bad_cohort_is_refused_and_leaves_no_file(
    planner: Planner, tmp_path: Path, text: str, message: str
) -> None:
    people = written(tmp_path, text, "people.csv")
    out = tmp_path / "all.ics"
    result = planner("export", "mapp1", "--participants", people, "-o", str(out))
    assert result.code == 2
    assert message in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_the_old_file_stays_when_the_disk_is_full(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = written(tmp_path, "old", "p.ics")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    result = planner("export", "mapp1", "--start", "2027-01-11", "-o", out)
    assert result.code == 2
    assert "no space left" in result.err
    assert Path(out).read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["p.ics"]


def test_the_old_file_stays_where_nothing_may_be_written(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = written(tmp_path, "old", "p.json")
    real = os.open

    def denied(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", denied)
    result = planner("schema", "-o", out)
    assert result.code == 2
    assert "permission denied" in result.err
    assert Path(out).read_text() == "old"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_a_file_without_permission_is_refused(planner: Planner, tmp_path: Path) -> None:
    path = Path(written(tmp_path, GOOD))
    path.chmod(0)
    result = planner("validate", str(path))
    assert result.code == 2
    assert "permission denied" in result.out + result.err


def test_a_replaced_file_keeps_its_permissions(planner: Planner, tmp_path: Path) -> None:
    out = Path(written(tmp_path, "old", "p.json"))
    out.chmod(0o640)
    assert planner("schema", "-o", str(out)).code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o640


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_said() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from planner.cli import run; run()", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert done.returncode == 2
    assert "no space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -c 'from planner.cli import run; run()' schema | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.stdout == "{\n"
    assert done.stderr == ""
