"""Whatever is too deep, too large or repeats itself without end is refused at every entrance.

The commands run in a process that may take neither much memory nor much time: who reads on would
not come to the message.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from planner.formats.ical.calendar import PRODID
from planner.formats.sdtm.writing import Column, Dataset, transport_file

ROOT = Path(__file__).parents[2]
MEMORY = 1 << 30
"""Bytes of address space, of which starting up takes about a fifth."""
SECONDS = 100
"""Of the processor, for all of them together."""
DEEP = "nested more than 32 levels deep"
HEAD = 'format: 1\nid: x\ntitle: X\nversion: "1"\nstatus: draft\ndesign: open-label\nanchor: a\n'
SITE = "format: 1\nid: s\ntitle: S\ntimezone: UTC\nhours: {monday: 08:00-16:00}\n"
ODM = '<MetaDataVersion xmlns="http://www.cdisc.org/ns/odm/v2.0">'
EVENT = "BEGIN:VEVENT\nUID:x\nDTSTAMP:20270101T000000Z\nDTSTART:20270111T090000Z\n"


def lists(depth: int, opening: str = "[", closing: str = "]") -> str:
    return opening * depth + closing * depth


def texts_of_aliases(top: str) -> str:
    """A text of a million letters, as often as a key of two letters can ask for it."""
    return f"{top}{'x' * 1_000_000}\nfootnotes:\n" + "".join(f"  n{n}: *a\n" for n in range(9_000))


def doubled(levels: int) -> str:
    """Lists of lists, each twice as long as the one before, in a line each."""
    first = "note0: &n0 [x, x]\n"
    return first + "".join(f"note{n}: &n{n} [*n{n - 1}, *n{n - 1}]\n" for n in range(1, levels))


def ical(inner: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{inner}END:VCALENDAR\n".replace("\n", "\r\n")


PROTOCOL = ("validate", "FILE")
AS_SITE = ("timeline", "mapp1", "--start", "2027-01-11", "--site", "FILE")
AS_RECORD = ("timeline", "mapp1", "--records", "FILE")
COHORT = ("export", "mapp1", "--participants", "FILE", "-o", "OUT.ics")
SV = ("import", "sv", "FILE")
VISITS = ("import", "sv", "SV.json", "--protocol", "mapp1", "--visits", "FILE")
TEXTS = ("import", "timings", "FILE")
CHECK = ("ical", "check", "FILE")
DIFF = ("ical", "diff", "FILE", "FILE")
PREVIOUS = ("export", "mapp1", "--start", "2027-01-11", "--previous", "FILE", "-o", "OUT.ics")
STATE = ("export", "mapp1", "--start", "2027-01-11", "--state", "FILE", "-o", "OUT.ics")
COLUMNS = '{"columns": [{"name": "USUBJID"}, {"name": "SVSTDTC"}, {"name": "VISIT"}], '
OURS = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nBEGIN:VEVENT\r\n"
STATE_HEAD = "planner calendar state 1\nlevel coded\nof calendar\n"

REFUSED = [  # how it is given, its name, what it holds (so many bytes), a part of the message
    pytest.param(PROTOCOL, "x.yaml", lists(100_000), DEEP, id="protocol, deep"),
    pytest.param(
        PROTOCOL, "x.yaml", "".join(" " * n + "a:\n" for n in range(900)), DEEP,
        id="protocol, deep by indentation"),
    pytest.param(PROTOCOL, "x.yaml", (3 << 20), "over 2 MiB", id="protocol, large"),
    pytest.param(PROTOCOL, "x.yaml", doubled(40), "200,000 values", id="protocol, doubled lists"),
    pytest.param(PROTOCOL, "x.yaml", texts_of_aliases(HEAD + "condition: &a "), "200,000 values",
                 id="protocol, a text again and again"),
    pytest.param(AS_SITE, "x.yaml", SITE + "rooms: " + lists(40), DEEP, id="site, deep"),
    pytest.param(AS_SITE, "x.yaml", SITE + doubled(40), "200,000 values", id="site, doubled lists"),
    pytest.param(AS_SITE, "x.json", '{"a": ' + lists(40) + "}", DEEP, id="site, deep JSON"),
    pytest.param(AS_SITE, "x.yaml", texts_of_aliases(SITE + "address: &a "), "200,000 values",
                 id="site, a text again and again"),
    pytest.param(AS_RECORD, "x.yaml", "participant: P1\nfacts: " + lists(40), DEEP,
                 id="record, deep"),
    pytest.param(AS_RECORD, "x.json", '{"participant": "P1", "visits": ' + lists(40) + "}", DEEP,
                 id="record, deep JSON"),
    pytest.param(AS_RECORD, "P1.csv", (3 << 20), "over 2 MiB", id="record, large"),
    pytest.param(AS_RECORD, "P1.csv", "visit,status\n" + "a,b\n" * 150_000, "200,000 cells",
                 id="record, many rows"),
    pytest.param(AS_RECORD, "P1.csv", ",".join(f"c{n}" for n in range(200_000)), "10,000 cells",
                 id="record, many columns"),
    pytest.param(AS_RECORD, "P1.csv", "visit,status\n" + "a" * 110_000, "100,000 letters",
                 id="record, long cell"),
    pytest.param(AS_RECORD, "P1.csv", 'visit,status\n"' + "a\n" * 80_000, "100,000 letters",
                 id="record, a quotation mark that is never closed"),
    pytest.param(PROTOCOL, "x.json", lists(100_000), DEEP, id="JSON, deep"),
    pytest.param(PROTOCOL, "x.json", lists(100_000, '{"a":', "}"), DEEP, id="JSON, deep objects"),
    pytest.param(PROTOCOL, "x.json", (33 << 20), "over 32 MiB", id="JSON, large"),
    pytest.param(PROTOCOL, "x.json", "[" + "0," * 2_000_000 + "0]", "600,000 values",
                 id="JSON, many values"),
    pytest.param(PROTOCOL, "x.json", "{" + '"a":1,' * 1_000_000 + '"b":1}', "more such problems",
                 id="JSON, a key again and again"),
    pytest.param(PROTOCOL, "x.json", '{"usdmVersion": "4.0", "study": ' + lists(100) + "}", DEEP,
                 id="USDM, deep"),
    pytest.param(PROTOCOL, "x.json", '{"study": {"versions": [' + '{"id":"a"},' * 400_000 + "1]}}",
                 "600,000 values", id="USDM, many versions"),
    pytest.param(PROTOCOL, "x.xml", ODM + lists(100_000, "<a>", "</a>"), DEEP, id="ODM, deep"),
    pytest.param(PROTOCOL, "x.xml", ODM + lists(300, "<a>", "</a>") + "</MetaDataVersion>", DEEP,
                 id="ODM, deeper than libxml2 goes"),
    pytest.param(PROTOCOL, "x.xml", "<ODM " + " ".join(f"a{n}=''" for n in range(300_000)) + "/>",
                 "more than 250 attributes", id="ODM, many attributes"),
    pytest.param(PROTOCOL, "x.xml", ODM + "<a/>" * 1_000_000 + "</MetaDataVersion>",
                 "more than 50,000 elements", id="ODM, many elements"),
    pytest.param(PROTOCOL, "x.xml", (33 << 20), "over 32 MiB", id="ODM, large"),
    pytest.param(PROTOCOL, "x.xml", '<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>', "DOCTYPE",
                 id="ODM, entities"),
    pytest.param(SV, "x.json", COLUMNS + '"rows": ' + lists(100_000), DEEP, id="SV, deep"),
    pytest.param(SV, "x.json", COLUMNS + '"rows": [' + lists(100) + "]}", DEEP, id="SV, deep row"),
    pytest.param(SV, "x.json", COLUMNS + '"rows": [["' + "x" * 20_000_000, "1,048,576 letters",
                 id="SV, long row"),
    pytest.param(SV, "x.json", '{"columns": [' + '{"name":"X"},' * 50_000 + '{"name": "Y"}]}',
                 "more than 10,000 columns", id="SV, many columns"),
    pytest.param(SV, "x.ndjson", '{"columns": "' + "x" * 5_000_000, "4,194,304 letters",
                 id="SV, long line"),
    pytest.param(SV, "x.ndjson", '{"columns": ' + lists(50) + "}\n", DEEP, id="SV, deep line"),
    pytest.param(SV, "x.xpt", (80 << 20), "no SAS transport file", id="SV, no XPT"),
    pytest.param(VISITS, "x.csv", "sdtm,visit\n" + "a" * 110_000, "100,000 letters",
                 id="names of visits, long cell"),
    pytest.param(VISITS, "x.csv", (3 << 20), "over 2 MiB", id="names of visits, large"),
    pytest.param(COHORT, "x.csv", (300 << 20), "longer than 65,536 bytes",
                 id="participants, no line ends"),
    pytest.param(COHORT, "x.csv", "code,start\n" + "a," * 100_000, "longer than 65,536 bytes",
                 id="participants, long line"),
    pytest.param(COHORT, "x.csv", "code,start\n" + "," * 20_000, "more than 10,000 cells",
                 id="participants, many cells"),
    pytest.param(COHORT, "x.csv", 'code,start\n"' + "a\n" * 80_000, "100,000 letters",
                 id="participants, a quotation mark that is never closed"),
    pytest.param(TEXTS, "x.json", '{"a": ' + lists(100_000), DEEP, id="texts, deep JSON"),
    pytest.param(TEXTS, "x.txt", "".join(f"{n} d\n" for n in range(30_000)), "20,000 texts",
                 id="texts, many"),
    pytest.param(TEXTS, "x.csv", "value\n" + "a" * 110_000, "100,000 letters",
                 id="texts, long cell"),
    pytest.param(CHECK, "x.ics", (257 << 20), "over 256 MiB", id="calendar, large"),
    pytest.param(CHECK, "x.ics", ical("BEGIN:X-A\nEND:X-A\n" * 510_000),
                 "more than 500,000 components", id="calendar, many components",
                 marks=pytest.mark.slow),
    pytest.param(CHECK, "x.ics", ical(EVENT + "SUMMARY:x\n" + " \n" * 1_100_000 + "END:VEVENT\n"),
                 "more than 1,000,000 folds", id="calendar, a line that never ends"),
    pytest.param(DIFF, "x.ics", (257 << 20), "over 256 MiB", id="two calendars, large"),
    pytest.param(DIFF, "x.ics", ical("BEGIN:X-A\nEND:X-A\n" * 510_000),
                 "more than 500,000 components", id="two calendars, many components",
                 marks=pytest.mark.slow),
    pytest.param(PREVIOUS, "x.ics", OURS + "X" * 70_000, "longer than 65,536 bytes",
                 id="former calendar, long line"),
    pytest.param(PREVIOUS, "x.ics", OURS + "X:1\r\n" * 300_000, "longer than 1,048,576 bytes",
                 id="former calendar, an event that never ends"),
    pytest.param(STATE, "x.state", STATE_HEAD + "x" * 70_000, "longer than 65,536 bytes",
                 id="state, long line"),
    pytest.param(STATE, "x.state", STATE_HEAD + "participant - study - file\n" + "  x\n" * 250_000,
                 "more than 200,000 events of one participant", id="state, many events"),
]  # fmt: skip


DRIVER = """
import contextlib, io, json, sys
from planner.cli import main

for line in sys.stdin:
    sys.argv = ["planner", *json.loads(line)]
    out = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        except BaseException as error:
            code = repr(error)
    print(json.dumps([code, out.getvalue()[-20000:]]), flush=True)
"""


class Limited:
    """A process that runs commands one after another, with little memory and little time."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
            preexec_fn=limit,
        )

    def run(self, *arguments: str) -> tuple[object, str]:
        """Exit code and output of a command."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(arguments) + "\n")
        self.process.stdin.flush()
        code, said = json.loads(self.process.stdout.readline())
        return code, said


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Limited]:
    process = Limited(tmp_path_factory.mktemp("limited"))
    with process.process:
        yield process
        process.process.kill()


@pytest.mark.parametrize(("given", "name", "content", "message"), REFUSED)
def test_too_much_is_refused_by_our_own_limit(
    limited: Limited,
    tmp_path: Path,
    given: tuple[str, ...],
    name: str,
    content: str | int,
    message: str,
) -> None:
    path = tmp_path / name
    if isinstance(content, int):
        with path.open("wb") as file:
            file.truncate(content)
    else:
        path.write_text(content, encoding="utf-8", newline="")
    (tmp_path / "SV.json").write_text(COLUMNS + '"rows": []}', encoding="utf-8")
    places = {"FILE": path, "SV.json": tmp_path / "SV.json", "OUT.ics": tmp_path / "OUT.ics"}
    code, said = limited.run(*(str(places.get(word, word)) for word in given))
    assert code == 2, said[-2000:]
    assert message in said, said[-2000:]
    assert not places["OUT.ics"].exists()


def test_a_calendar_that_is_nested_too_deep_is_checked_on(limited: Limited, tmp_path: Path) -> None:
    path = tmp_path / "x.ics"
    path.write_text(ical("BEGIN:VEVENT\n" * 100_000 + "CATEGORIES\n"), newline="")
    code, said = limited.run("ical", "check", str(path))
    assert code == 1
    assert DEEP in said
    assert "content-line" in said


def test_a_transport_file_of_many_columns_is_refused(limited: Limited, tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat")
    columns = tuple(Column(f"C{n}", "x", "integer") for n in range(10_001))
    data = transport_file(Dataset("SV", "x", columns, ()), datetime(2027, 1, 1))  # noqa: DTZ001
    path = tmp_path / "sv.xpt"
    path.write_bytes(data)
    code, said = limited.run("import", "sv", str(path))
    assert code == 2
    assert "more than 10,000 columns" in said
