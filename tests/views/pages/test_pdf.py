"""Pages as PDF: the same text, nothing fetched, and the same bytes for the same page."""

import contextlib
import io
import sys
import zlib
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.views.pages import pdf

PAGE = (
    '<!DOCTYPE html><html lang="de"><head><title>Termine</title></head>'
    "<body><h1>Ihre Termine</h1><p>Montag</p>{}</body></html>"
)


@pytest.fixture(scope="module")
def pango() -> None:
    """What a page needs to become a document; where it is not there, the reason names it."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        pytest.skip(f"pages as PDF need WeasyPrint and, of the system, Pango: {error}")


def written(page: str) -> bytes:
    file = io.BytesIO()
    pdf.write_pdf(page, file)
    return file.getvalue()


def streams(document: bytes) -> bytes:
    """All that is packed in it, unpacked."""
    found = []
    for part in document.split(b"stream\n")[1:]:
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(part))
    return b"\n".join(found) + document


@pytest.mark.usefixtures("pango")
def test_a_page_becomes_a_tagged_document_in_its_language() -> None:
    document = written(PAGE.format(""))
    assert document.startswith(b"%PDF-1.7")
    found = streams(document)
    assert b"/StructTreeRoot" in found
    assert b"pdfuaid:part" in found
    assert b"/Lang (de)" in found


@pytest.mark.usefixtures("pango")
def test_the_same_page_has_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    today = written(PAGE.format(""))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert written(PAGE.format("")) == today


@pytest.mark.usefixtures("pango")
def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a page was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr("urllib.request.FileHandler.file_open", refuse)
    outside = '<img src="http://example.org/x.png"><img src="file:///etc/hostname">'
    assert written(PAGE.format(outside)).startswith(b"%PDF")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PlannerError, match=r"trial-session-planner\[pdf\]"):
        written(PAGE.format(""))


def test_a_missing_library_of_the_system_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "weasyprint.py").write_text(
        "print('advice of its own')\nraise OSError('cannot load library libpango')"
    )
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PlannerError, match="apt install libpango"):
        written(PAGE.format(""))
    assert capsys.readouterr().out == ""
