"""`planner handout` and `planner report` as a user meets them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Planner = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"
SITE = str(EXAMPLES / "site-everyday.yaml")
RECORD = """
participant: P0007
protocol: mapp1
start: 2027-01-11
visits:
  - {visit: screening, status: occurred, start: 2026-12-09}
  - {visit: prep-1, status: missed, start: 2026-12-23}
"""


@pytest.fixture(autouse=True)
def needs_babel() -> None:
    pytest.importorskip("babel", reason="dates in a language's own form need the extra `charts`")


def handout(planner: Planner, *more: str) -> Any:
    return planner("handout", "mapp1", "--site", SITE, *more)


BEGUN = ("--start", "2027-01-11", "--participant", "P0007")


def test_a_sheet_is_written_as_a_page(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "sheet.html"
    done = handout(planner, *BEGUN, "--language", "de", "-o", str(path))
    assert (done.code, done.out, done.err) == (0, "", "")
    page = path.read_text(encoding="utf-8")
    assert '<html lang="de">' in page
    assert "Teilnehmercode: P0007" in page


def test_a_sheet_goes_to_stdout_without_a_file(planner: Planner) -> None:
    done = handout(planner, *BEGUN)
    assert done.code == 0
    assert done.out.startswith("<!DOCTYPE html>")


def test_a_record_leaves_what_is_to_come(planner: Planner, tmp_path: Path) -> None:
    record = tmp_path / "P0007.yaml"
    record.write_text(RECORD)
    done = handout(planner, "--records", str(record), "--today", "2026-12-28")
    assert done.code == 0, done.err
    behind = done.out.index("Visits already done")
    assert "Check-up before the start" not in done.out[:behind]
    assert "Wednesday, 9" in done.out[behind:]
    assert "Preparation meeting 1" not in done.out  # it was missed
    assert "Preparation meeting 2" in done.out[:behind]


def test_a_plan_that_breaks_windows_is_no_sheet_yet(planner: Planner, tmp_path: Path) -> None:
    record = tmp_path / "P0007.yaml"
    record.write_text(RECORD)
    out = tmp_path / "sheet.html"
    done = handout(planner, "--records", str(record), "--today", "2027-08-01", "-o", str(out))
    assert done.code == 1
    assert "no sheet is written" in done.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--start", "2027-01-11"), "missing option --participant CODE (or give the"),
        (("--participant", "P0007"), "missing option --start DATE (or give the"),
        (("--start", "2027-01-11", "--participant", "Jane Doe"), "has spaces, as names do"),
        ((*BEGUN, "--language", "eng"), "`eng` is none of de, en, es, fr; did you mean `en`?"),
        ((*BEGUN, "--today", "2027-01-12"), "--today: has no effect without a record"),
        ((*BEGUN, "-o", "sheet.docx"), "this command writes no .docx file; name a .html or .pdf"),
        (
            (*BEGUN, "--records", "x.yaml"),
            "--participant: the record of --records gives that already; leave the option out",
        ),
    ],
)
def test_what_makes_no_sense_is_said(
    planner: Planner, arguments: tuple[str, ...], message: str
) -> None:
    done = handout(planner, *arguments)
    assert done.code == 2
    assert message in done.err
    assert done.out == ""


def test_what_is_left_out_of_the_place_is_said(planner: Planner, tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(Path(SITE).read_text().replace("Example research ward", "MDMA ward"))
    done = planner("handout", "mapp1", "--site", str(site), *BEGUN)
    assert done.code == 0
    assert "left out, because `mdma` reveals what the study is about" in done.err
    assert "MDMA" not in done.out


def test_nothing_that_fits_is_the_answer_no(planner: Planner) -> None:
    done = handout(planner, *BEGUN, "--at", "dosing-1=2027-05-01")
    assert done.code == 1
    assert "nothing fits" in done.err


def test_a_report_is_written_with_a_plan_on_dates(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    start = ("--start", "2027-01-11", "--site", SITE)
    done = planner("report", "mplong", *start, "-o", str(path))
    assert (done.code, done.out) == (0, "")
    assert "A plan on dates" in path.read_text(encoding="utf-8")


def test_a_report_of_a_file_that_is_none_says_what_is_wrong(
    planner: Planner, tmp_path: Path
) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("format: 1\nid: x\n")
    done = planner("report", str(path))
    assert done.code == 2
    assert "title" in done.err


def test_a_site_needs_a_date_in_a_report(planner: Planner) -> None:
    done = planner("report", "mplong", "--site", SITE)
    assert done.code == 2
    assert "--site has no effect without a date" in done.err
