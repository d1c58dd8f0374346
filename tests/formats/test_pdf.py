"""Pages as PDF: the same text, nothing fetched, and the same bytes for the same page."""

import contextlib
import io
import zlib

import pytest

from planner.errors import PlannerError
from planner.formats import pdf

PAGE = (
    '<!DOCTYPE html><html lang="de"><head><title>Termine</title></head>'
    "<body><h1>Ihre Termine</h1><p>Montag</p>{}</body></html>"
)


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        pytest.skip(f"pages as PDF need WeasyPrint and Pango: {error}")


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


def test_a_page_becomes_a_tagged_document_in_its_language() -> None:
    document = written(PAGE.format(""))
    assert document.startswith(b"%PDF-1.7")
    found = streams(document)
    assert b"/StructTreeRoot" in found
    assert b"pdfuaid:part" in found
    assert b"/Lang (de)" in found


def test_the_same_page_has_the_same_bytes() -> None:
    assert written(PAGE.format("")) == written(PAGE.format(""))


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a page was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr("urllib.request.FileHandler.file_open", refuse)
    outside = '<img src="http://example.org/x.png"><img src="file:///etc/hostname">'
    assert written(PAGE.format(outside)).startswith(b"%PDF")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(PlannerError, match=r"trial-session-planner\[pdf\]"):
        written(PAGE.format(""))
