"""The XML parts of an Office Open XML file (.xlsx, .docx), read within the limits of any file."""

import io
import zipfile
import zlib
from xml.etree import ElementTree

from planner.limits import MAX_ELEMENTS, MAX_FILE, MAX_STUDY, too_large, too_many
from planner.protocol.document import DocumentError, Position, Problem
from planner.protocol.reading import read_bytes

_MAX_PARTS = 2000
_MAX_TABLE_ELEMENTS = 20 * MAX_ELEMENTS


def package_refusal(path: str, message: str, hint: str | None = None) -> DocumentError:
    """An error about the whole file."""
    return DocumentError(path, [Problem(message, Position(1, 1), hint)])


class OfficePackage:
    """An Office Open XML file: parts in a ZIP archive, of which only XML is ever unpacked.

    Macros, formulas, links to other files and pictures are never looked at.
    """

    def __init__(self, path: str) -> None:
        """Opens the archive.

        Raises:
            PlannerError: the file cannot be opened.
            DocumentError: it is no ZIP archive, encrypted or larger than it may be.
        """
        content = read_bytes(path)
        self.path = path
        if len(content) > MAX_FILE:
            raise package_refusal(path, too_large(MAX_FILE))
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
            entries = self.archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise package_refusal(path, "no .xlsx or .docx file: no ZIP archive") from None
        if len(entries) > _MAX_PARTS:
            raise package_refusal(path, too_many(_MAX_PARTS, "parts"))
        self.left = MAX_STUDY

    def part(self, name: str) -> ElementTree.Element | None:
        """The root element of a part; ``None`` where the file has no such part.

        Args:
            name: of the part, such as ``xl/workbook.xml``.

        Raises:
            DocumentError: it is too large when unpacked, damaged, or can define entities.
        """
        try:
            with self.archive.open(name) as part:
                content = part.read(self.left + 1)
        except KeyError:
            return None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
            # What is encrypted raises a RuntimeError, a method that is not known its subclass.
            raise package_refusal(self.path, f"part {name} is damaged or encrypted") from None
        if len(content) > self.left:
            raise package_refusal(self.path, f"over {MAX_STUDY >> 20} MiB when unpacked")
        self.left -= len(content)
        if b"\0" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise package_refusal(self.path, f"part {name} is not UTF-8")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise package_refusal(self.path, f"part {name} has a DOCTYPE; no such file is read")
        if content.count(b"<") > _MAX_TABLE_ELEMENTS:
            raise package_refusal(self.path, too_many(_MAX_TABLE_ELEMENTS, "elements"))
        try:
            return ElementTree.fromstring(content)
        except (ElementTree.ParseError, LookupError, ValueError):
            raise package_refusal(self.path, f"part {name} is no XML") from None
