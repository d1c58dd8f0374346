"""`planner soa` and `planner runsheet` from the command line: formats, files, exit codes."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.notice import NOTICE

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
BERLIN = str(ROOT / "examples" / "site-berlin.yaml")
EVERYDAY = str(ROOT / "examples" / "site-everyday.yaml")


@pytest.mark.parametrize("command", [("soa", "mapp1"), ("runsheet", "mapp1", "dosing")])
@pytest.mark.parametrize("output_format", ["table", "markdown", "html"])
def test_what_people_read_ends_with_the_notice(
    planner: Planner, command: tuple[str, ...], output_format: str
) -> None:
    result = planner(*command, "--format", output_format)
    assert result.code == 0, result.err
    assert NOTICE in " ".join(result.out.split())


def test_csv_leaves_its_notes_to_stderr(planner: Planner) -> None:
    result = planner("soa", "mapp1", "--format", "csv")
    rows = list(csv.reader(io.StringIO(result.out)))
    assert {len(row) for row in rows} == {21}
    assert NOTICE not in result.out
    assert NOTICE in result.err


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.md", b"## "),
        ("a.csv", b",Screening"),
        ("a.html", b"<!DOCTYPE html>"),
        ("a.HTM", b"<!DOCTYPE html>"),
        ("a.txt", b"MDMA"),
        ("a", b"MDMA"),
        ("a.xlsx", b"PK"),
    ],
)
def test_the_suffix_of_the_file_tells_the_format(
    planner: Planner, tmp_path: Path, name: str, begins: bytes
) -> None:
    if name.endswith(".xlsx"):
        pytest.importorskip("xlsxwriter", reason="needs the extra `xlsx`")
    result = planner("soa", "mapp1", "-o", str(tmp_path / name))
    assert result.code == 0, result.err
    assert result.out == ""
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_workbook_is_whole(planner: Planner, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="needs the extra `xlsx`")
    path = tmp_path / "dosing.xlsx"
    assert planner("runsheet", "mapp1", "dosing", "-o", str(path)).code == 0
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


def test_a_workbook_needs_a_file(planner: Planner) -> None:
    result = planner("soa", "mapp1", "--format", "xlsx")
    assert result.code == 2
    assert "name a file with -o" in result.err


def test_without_the_extra_nothing_is_written(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    result = planner("soa", "mapp1", "-o", str(tmp_path / "a.xlsx"))
    assert result.code == 2
    assert 'pip install "trial-session-planner[xlsx]"' in result.err
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_is_refused_with_the_known_ones(planner: Planner, tmp_path: Path) -> None:
    for arguments, words in (
        (("--format", "htlm"), "none of table, markdown, csv, html, xlsx, docx, pdf"),
        (
            ("-o", str(tmp_path / "a.png")),
            "name a .txt, .md, .csv, .html, .xlsx, .docx, .pdf or .json file",
        ),
    ):
        result = planner("soa", "mapp1", *arguments)
        assert result.code == 2
        assert words in result.err


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_no_line_is_wider_than_the_terminal(
    planner: Planner, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in (("soa", "mapp1"), ("soa", "mdlsd"), ("runsheet", "mapp1", "dosing")):
        result = planner(*command)
        assert max(map(len, result.out.split("\n"))) <= columns


def test_both_arms_of_a_blinded_study_get_the_same_bytes(planner: Planner) -> None:
    for command in (("soa", "mapp1"), ("runsheet", "mapp1", "dosing")):
        outputs = {planner(*command, "--arm", arm).out for arm in ("mdma-at", "placebo")}
        assert len(outputs) == 1


def test_a_closed_day_is_answered_with_no(planner: Planner) -> None:
    result = planner("runsheet", "mapp1", "dosing", "--date", "2027-03-26", "--site", BERLIN)
    assert result.code == 1
    assert "closed" in result.err or "holiday" in result.err


def test_a_visit_without_a_run_sheet_is_answered_with_no(planner: Planner) -> None:
    result = planner("runsheet", "mapp1", "screening")
    assert result.code == 1
    assert "`screening` has no run sheet; run sheets are written for `dosing`" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("dosng",), "did you mean `dosing`"),
        (("dosing", "--at", "25:00"), "--at: `25:00` is not a time of day"),
        (("dosing", "--date", "2027-02-30", "--site", EVERYDAY), "there is no 30 February"),
        (("dosing", "--date", "2027-02-01"), "--date needs a site's clock"),
        (("dosing", "--site", EVERYDAY), "--site has no effect without a date"),
        (("dosing", "--arm", "x"), "has no arm `x`"),
        (
            ("dosing", "--at", "02:30", "--date", "2027-03-28", "--site", EVERYDAY),
            "2027-03-28 02:30 does not exist",
        ),
    ],
)
def test_what_cannot_be_done_is_said_once_and_clearly(
    planner: Planner, arguments: tuple[str, ...], message: str
) -> None:
    result = planner("runsheet", "mapp1", *arguments)
    assert result.code == 2
    assert message in result.err
    assert result.err.count("\n") == 1


def test_a_schedule_as_pdf_has_every_visit_on_landscape_pages(
    planner: Planner, tmp_path: Path
) -> None:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        pytest.skip("pages as PDF need the extra `pdf` and Pango")
    pypdf = pytest.importorskip("pypdf")
    path = tmp_path / "soa.pdf"
    assert planner("soa", "mapp1", "-o", str(path)).code == 0
    pages = pypdf.PdfReader(path).pages
    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages}
    assert sizes == {(842, 595)}
    words = " ".join(page.extract_text() for page in pages).split()
    assert {f"V{number:02d}" for number in range(1, 21)} <= set(words)
    for page in pages:
        assert "Visit" in page.extract_text() or page is pages[-1]


def test_what_is_no_text_is_not_written_to_a_terminal(planner: Planner) -> None:
    for name in ("xlsx", "docx", "pdf"):
        result = planner("soa", "mapp1", "--format", name)
        assert result.code == 2
        assert "is not text for a terminal; name a file with -o" in result.err


def test_the_spirit_figure_is_a_table_with_repeated_heads_in_a_document(
    planner: Planner, tmp_path: Path
) -> None:
    docx = pytest.importorskip("docx", reason="needs the extra `docx`")
    path = tmp_path / "figure.docx"
    result = planner("soa", "psilodep-2", "--spirit", "-o", str(path))
    assert result.code == 0, result.err
    document = docx.Document(str(path))
    assert len(document.tables) == 2
    assert not document.inline_shapes
    for table in document.tables:
        heads = [row for row in table.rows if row._tr.trPr.xpath("w:tblHeader")]
        assert [row.cells[0].text for row in heads] == ["Study period", "Time point", "Visit"]


def test_the_spirit_figure_has_all_arms_and_takes_none(planner: Planner) -> None:
    result = planner("soa", "psilodep-2", "--spirit", "--arm", "psilocybin")
    assert result.code == 2
    assert "leave out --arm" in result.err


@pytest.mark.parametrize("name", ["a.docx", "a.html", "a.md", "a.txt"])
def test_the_summary_of_m11_is_written_by_the_suffix(
    planner: Planner, tmp_path: Path, name: str
) -> None:
    if name.endswith("docx"):
        pytest.importorskip("docx", reason="needs the extra `docx`")
    result = planner("soa", "mapp1", "--m11", "-o", str(tmp_path / name))
    assert result.code == 0, result.err
    assert (tmp_path / name).stat().st_size > 3000


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--m11", "--format", "csv"), "a document of several tables, which csv does not hold"),
        (("--m11", "--arm", "mdma"), "leave out --arm"),
        (("--m11", "--spirit"), "give one of them"),
    ],
)
def test_what_a_document_cannot_be_is_refused(
    planner: Planner, options: tuple[str, ...], says: str
) -> None:
    result = planner("soa", "mapp1", *options)
    assert result.code == 2
    assert says in result.err
