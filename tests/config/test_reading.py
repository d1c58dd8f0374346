"""The file of a study's defaults: found, read, and refused with line and column."""

from pathlib import Path

import pytest

import planner
from planner.config.model import LANGUAGES
from planner.config.reading import find_config, read_config
from planner.errors import PlannerError
from planner.protocol.document import DocumentError

FULL = """\
# A study's defaults
format = 1
protocols = ["study.yaml", "mapp1"]
site = "places/site.yaml"
records = "records"
language = "en-US"
level = "busy"

[files]  # names
calendar = "visits.ics"
"key" = "../secret"
"""


def test_names_of_files_are_as_seen_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "planner.toml").write_text(FULL)
    monkeypatch.chdir(tmp_path)
    file = read_config("study/planner.toml")
    config = file.config
    assert config.protocols == (str(Path("study/study.yaml")), "mapp1")
    assert config.site == str(Path("study/places/site.yaml"))
    assert config.records == (str(Path("study/records")),)
    assert (config.language, config.level) == ("en-US", "busy")
    assert config.files.calendar == str(Path("study/visits.ics"))
    assert config.files.key == "secret"
    assert config.files.report is None
    lines = [file.line(path) for path in (("site",), ("files", "calendar"), ("files", "key"))]
    assert lines == [4, 10, 11]


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find_config(str(inner)) is None
    (tmp_path / "planner.toml").write_text("")
    assert find_config(str(inner)) == str(tmp_path.resolve() / "planner.toml")
    (inner.parent / "planner.toml").write_text("")
    assert find_config(str(inner)) == str((tmp_path / "a").resolve() / "planner.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('protocol = "a"\n', "1:1: unknown key `protocol` (did you mean `protocols`?)"),
        ('\nlevel = "bussy"\n', ("2:9: `level` cannot be `bussy`; allowed: `busy`, `coded`, "
         "`staff`, `participant` (did you mean `busy`?)")),
        ("[files]\ncalender = 'x'\n", "2:1: unknown key `calender` (did you mean `calendar`?)"),
        ("site = 3\n", "1:8: `site`: the name of a file or folder is expected, found `3`"),
        ("site = ''\n", "1:8: `site`: the name of a file or folder is expected, found ``"),
        ("language = 'English'\n", ("1:12: `language`: a language of de, en, es, fr is"
         " expected, with a country's code if it has one (`en-US`), found `English`")),
        ("format = 2\n", ("1:10: `format`: this file says format 2, this planner reads format 1; a"
         " newer planner is needed")),
        ("site = site.yaml\n", ("1:8: not TOML: invalid value (each line is `key = value`, with a"
         ' text in quotes: `site = "site.yaml"`)')),
        ("site = 'a'\nsite = 'b'\n", "2:11: not TOML: cannot overwrite a value"),
        ("a = " + "[" * 5000 + "\n", "1:1: nested more than"),
        ("site = '\x1b'\n", "1:9: control character U+001B in the file"),
        ("format = 1\ntimezone = 'UTC'\n", " is a site file, not a study's defaults"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "planner.toml"
    path.write_text(text)
    with pytest.raises(PlannerError) as caught:
        read_config(str(path))
    assert expected in str(caught.value)
    assert isinstance(caught.value, DocumentError) or "site file" in expected


def test_languages_are_those_that_sheets_can_be_in() -> None:
    assert planner.handout_languages() == LANGUAGES
