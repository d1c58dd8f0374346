"""What a file is called is what is in it: the suffix chooses the format, and always holds."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from planner.cli.output_formats import SUFFIXES, read_format
from planner.errors import PlannerError

Planner = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"
TWO = str(EXAMPLES / "two-sessions.yaml")
AMENDED = str(EXAMPLES / "two-sessions-amended.yaml")
RECORDS = str(EXAMPLES / "two-sessions-records")
RECORD = str(EXAMPLES / "two-sessions-records" / "P0001.yaml")
SITE = str(EXAMPLES / "site-berlin.yaml")
SV = str(EXAMPLES / "sv.json")
START = ("--start", "2027-01-11")
EVERYBODY = ("--records", str(EXAMPLES / "records"), "--today", "2027-02-03")
RANGE = ("--from", "2027-01-11", "--to", "2027-01-20")

TABLE = ".txt .md .csv .html .xlsx .docx .pdf .json"
"""What every command that writes a table writes."""
COMMANDS: dict[tuple[str, ...], str] = {
    ("validate", TWO): ".txt .json .sarif",
    ("timeline", TWO, *START): TABLE,
    ("export", TWO, *START): ".ics .txt",
    ("anchors", TWO, *RANGE): TABLE,
    ("whatif", TWO, *START, "--miss", "integration-1"): TABLE,
    ("record", "P0002", "dosing-1", "occurred", *EVERYBODY): TABLE,
    ("withdraw", "P0002", "--on", "2027-02-03", "--reason", "moved", *EVERYBODY): TABLE,
    ("enrol", "P0003", "--protocol", TWO, *START, *EVERYBODY): TABLE,
    ("deviations", TWO, "--records", RECORDS): TABLE,
    ("due", "--records", RECORDS, "--protocol", TWO, *RANGE): TABLE,
    ("week", "--records", RECORDS, "--protocol", TWO, "--today", "2027-01-11"): TABLE,
    (
        "remind",
        "--records",
        RECORDS,
        "--protocol",
        TWO,
        "--site",
        SITE,
        "--today",
        "2027-01-11",
        "--to",
        "2027-02-28",
        "--planned",
    ): ".txt .json",
    ("import", "sv", SV, "--participant", "EX-01-001"): ".yaml .csv",
    ("import", "timings", "--text", "15±3"): TABLE,
    ("replay", str(EXAMPLES / "lzzt.yaml"), SV): TABLE,
    ("diff", TWO, AMENDED): TABLE,
    ("amend", TWO, AMENDED, "--records", RECORDS): TABLE,
    ("sources", "mapp1"): TABLE + " .bib",
    ("evidence", "mapp1"): TABLE,
    ("compare", "mapp1", "comp001"): TABLE,
    ("claims",): TABLE,
    ("soa", "mapp1"): TABLE,
    ("runsheet", "mapp1", "dosing"): TABLE,
    ("burden", TWO): TABLE,
    ("handout", TWO, "--site", SITE, *START, "--participant", "P0001"): ".html .pdf",
    ("report", TWO): ".html .pdf",
    ("chart", TWO): ".svg .png .pdf .html",
    ("store", "history", "STORE"): TABLE,
    ("store", "texts", "STORE", "P0001"): TABLE,
    ("store", "seal", "STORE"): ".txt",
    ("ical", "check", "CALENDAR"): ".txt .json",
    ("ical", "diff", "CALENDAR", "OTHER"): TABLE,
    ("list", "--substance", "lsd"): TABLE,
    ("rules", "--family", "scope"): TABLE,
    ("show", "mdlsd"): ".txt .json .yaml",
    ("explain", "infeasible"): ".txt .md .json",
    ("explain", "--glossary"): TABLE,
    ("config",): ".txt .json",
    ("schema",): ".json .txt",
    ("new", "mine"): ".yaml .txt",
    ("import", "usdm", "STUDY"): ".yaml .txt",
    ("import", "odm", str(EXAMPLES / "two-visits.xml")): ".yaml .txt",
    ("import", "table", str(EXAMPLES / "visits.csv")): ".yaml .txt",
}
"""Every command with an output, and what the names of its files may end in."""
SLOW = {".png", ".pdf"}
"""Pictures and pages, which have tests of their own."""
EVENT = """\
BEGIN:VEVENT
UID:x
DTSTAMP:20270101T000000Z
DTSTART:20270111T090000Z
SUMMARY:Visit
END:VEVENT
"""
CALENDAR = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{EVENT}END:VCALENDAR\n"


@pytest.fixture
def arguments(planner: Planner, tmp_path: Path) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """A command of the table with files of its own where it names one in capital letters."""

    def replaced(words: tuple[str, ...]) -> tuple[str, ...]:
        calendar, study = tmp_path / "in.ics", tmp_path / "in.json"
        other = tmp_path / "other.ics"
        if "CALENDAR" in words:
            calendar.write_text(CALENDAR, newline="\r\n")
            other.write_text(CALENDAR.replace("T09", "T10"), newline="\r\n")
        if "STUDY" in words:
            assert planner("export", TWO, "--format", "usdm", "-o", str(study)).code == 0
        store = tmp_path / "study.db"
        if "STORE" in words:
            assert planner("store", "init", str(store)).code == 0
            assert planner("store", "import", str(store), RECORDS, "--who", "anna").code == 0
        files = {"CALENDAR": calendar, "OTHER": other, "STUDY": study, "STORE": store}
        return tuple(str(files.get(word, word)) for word in words)

    return replaced


def is_written_as(path: Path, suffix: str) -> bool:
    """Whether a file is what its suffix says, by its first bytes or by a reader of the format."""
    data = path.read_bytes()
    if suffix in (".xlsx", ".docx"):
        return zipfile.is_zipfile(path)
    text = data.decode()
    if suffix in (".json", ".sarif"):
        return isinstance(json.loads(text), (dict, list)) and (
            (suffix == ".sarif") == ("sarif" in text[:200])
        )
    if suffix == ".yaml":
        return isinstance(yaml.safe_load(text), dict)
    begins = {
        ".html": "<!doctype html>", ".svg": "<svg", ".ics": "BEGIN:VCALENDAR\r\n", ".bib": "@",
    }  # fmt: skip
    if suffix in begins:
        return begins[suffix].lower() in text[:2000].lower()
    if suffix == ".csv":
        return text.split("\n")[0].count(",") > 0 and "─" not in text
    if suffix == ".md":
        return "\n| " in text or text.startswith(("|", "#"))
    return suffix == ".txt"


def test_every_command_with_an_output_is_in_the_table() -> None:
    import typer

    from planner.cli.app import application

    found = set()

    def walk(command: Any, names: tuple[str, ...]) -> None:
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, (*names, name))
        if any(one.name == "output" for one in command.params):
            found.add(names)

    walk(typer.main.get_command(application()), ())
    listed = {words[: 2 if words[0] in ("import", "ical", "store") else 1] for words in COMMANDS}
    assert found == listed | {("store", "export")}  # writes a folder


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2])[:20])
def test_a_name_that_the_command_cannot_write_is_refused(
    planner: Planner,
    tmp_path: Path,
    arguments: Callable[..., tuple[str, ...]],
    words: tuple[str, ...],
) -> None:
    given = arguments(words)
    before = set(tmp_path.iterdir())
    known = {one for suffixes in SUFFIXES.values() for one in suffixes} - {".txt"}
    allowed = {
        one for one in known for suffixes in SUFFIXES.values()
        if one in suffixes and set(COMMANDS[words].split()) & set(suffixes)
    }  # fmt: skip
    # `import sv` writes a folder, too, which may be called anything that no file of a format is.
    unknown = set() if words[:2] == ("import", "sv") else {".foo"}
    for suffix in sorted((known - allowed) | {".doc", ".xpt", ".xml", ".tsv"} | unknown):
        result = planner(*given, "-o", str(tmp_path / f"out{suffix.upper()}"))
        assert result.code == 2, (suffix, result.err)
        assert f"out{suffix.upper()}" in result.err
        assert set(tmp_path.iterdir()) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "suffix"),
    [
        pytest.param(words, suffix, id=f"{' '.join(words[:2])[:20]} {suffix}")
        for words, suffixes in COMMANDS.items()
        for suffix in suffixes.split()
        if suffix not in SLOW
    ],
)
def test_a_file_is_what_its_name_says(
    planner: Planner,
    tmp_path: Path,
    arguments: Callable[..., tuple[str, ...]],
    words: tuple[str, ...],
    suffix: str,
) -> None:
    if words[0] == "chart" and suffix in (".png", ".pdf"):
        pytest.importorskip("vl_convert")
    path = tmp_path / f"out{suffix}"
    result = planner(*arguments(words), "-o", str(path))
    assert result.code in (0, 1), result.err
    assert is_written_as(path, suffix), path.read_bytes()[:300]


@given(
    asked=st.none() | st.sampled_from(sorted(SUFFIXES)),
    suffix=st.sampled_from(["", ".txt", ".dat", ".doc", ".xml"])
    | st.sampled_from(sorted({one for suffixes in SUFFIXES.values() for one in suffixes})),
    allowed=st.lists(st.sampled_from(sorted(SUFFIXES)), min_size=1, unique=True),
)
def test_no_format_contradicts_a_suffix(asked: str | None, suffix: str, allowed: list[str]) -> None:
    binary = {"html", "xlsx", "docx", "svg", "png", "pdf"}
    try:
        chosen = read_format(asked, f"x{suffix}", allowed)
    except PlannerError:
        # No such format, or a suffix that fits none that could be meant.
        meant = [asked] if asked in allowed else allowed
        assert (
            asked not in (None, *allowed)
            or suffix == ".txt"
            or not any(suffix in SUFFIXES[name] for name in meant)
        )
        return
    assert chosen in allowed
    assert asked in (None, chosen)
    owners = {name for name, suffixes in SUFFIXES.items() if suffix in suffixes}
    if suffix == ".txt":
        assert chosen not in binary
    elif owners:
        assert chosen in owners
    else:
        assert suffix == "" or (suffix == ".dat" and asked)
        assert chosen == (asked or allowed[0])


@pytest.mark.parametrize("by", [("--split", "participant"), ("--rendering", "caldav")])
def test_a_folder_has_no_name_of_a_file(
    planner: Planner, tmp_path: Path, by: tuple[str, ...]
) -> None:
    for name in ("c.ics", "c.json"):
        result = planner("export", TWO, *START, *by, "-o", str(tmp_path / name))
        assert result.code == 2
    assert (
        "write several files: name a folder"
        in planner("export", TWO, *START, *by, "-o", str(tmp_path / "c.ics")).err
    )
    assert not list(tmp_path.iterdir())


def test_a_hyphen_is_stdout_and_no_file(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sheet = ("handout", TWO, "--site", SITE, *START, "--participant", "P0001")
    for command in (("soa", "mapp1"), sheet, ("export", TWO, *START)):
        assert planner(*command, "-o", "-").out == planner(*command).out != ""
    assert planner("chart", TWO, "-o", "-").code == 2
    assert list(tmp_path.iterdir()) == []
