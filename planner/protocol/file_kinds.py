"""What kind of file was given where another one is expected, so that it can be named."""

from planner.errors import argument

_ZIPPED = (
    (b"xl/", "an Excel workbook"),
    (b"word/", "a Word document"),
    (b"ppt/", "a PowerPoint file"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet"),
    (b"application/vnd.oasis.opendocument", "an OpenDocument file"),
)
"""What is packed in a ZIP file by a name or type that stands in it."""
SPREADSHEETS = ("an Excel workbook", "an OpenDocument spreadsheet")
"""Those of them that hold tables."""
_STARTS = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook or Word document"),
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3\x00", "a database"),
)


def packed_kind(content: bytes) -> str | None:
    """What a file is that holds no text, such as `an Excel workbook`; ``None`` for others."""
    kind = next((what for start, what in _STARTS if content.startswith(start)), None)
    if kind == "a ZIP archive":
        return next((what for name, what in _ZIPPED if name in content), kind)
    return kind


def text_encoding(content: bytes) -> str | None:
    """The name of the wide encoding that a text is in, with a byte order mark or without."""
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "UTF-32"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    start = content[:200]
    half = len(start) // 2
    for odd in (0, 1):
        # Of UTF-16 without a mark nearly every other byte is 0, as long as its letters are Latin.
        if half and start[odd::2].count(0) * 10 >= half * 9 and not start[1 - odd :: 2].count(0):
            return "UTF-16"
    return None


PROTOCOL, SITE, RECORD = "a protocol", "a site file", "a participant's record"
COHORT, CONFIG = "a list of participants", "a study's defaults"
_DOCUMENTS = (
    ({"epochs"}, PROTOCOL),
    ({"resourceType"}, "a FHIR resource"),
    ({"datasetJSONVersion"}, "an SDTM dataset"),
    ({"usdmVersion", "study"}, "a USDM study"),
    ({"claims"}, "a record of claims"),
    ({"timezone", "hours", "closures"}, SITE),
    ({"participant"}, RECORD),
    ({"anchor", "version", "design", "status", "arms"}, PROTOCOL),
    ({"protocols", "site", "records", "language", "level", "role", "who", "files"}, CONFIG),
)
_ARGUMENTS = {SITE: "site", RECORD: "actuals", CONFIG: "config"}
"""What takes files of some kinds."""
_USES = {
    PROTOCOL: "give it as the protocol",
    "an SDTM dataset": "`planner import sv` reads subject visits",
    "a USDM study": "give it as the protocol",
    "a record of claims": "`planner claims` shows it",
}


def document_kind(data: object) -> str | None:
    """What a document is by the keys at its top, such as `a site file`; ``None`` if unclear."""
    if not isinstance(data, dict):
        return None
    return next((what for keys, what in _DOCUMENTS if keys & data.keys()), None)


def other_kind(data: object, *wanted: str) -> str | None:
    """What is said of a document that is of another kind than those wanted.

    Args:
        data: plain data.
        wanted: the kinds, such as ``a site file``; the first one is named in the sentence.

    Returns:
        ``None`` where it is one of them, or where its keys do not tell.
    """
    kind = document_kind(data)
    if kind is None or kind in wanted:
        return None
    takes = _ARGUMENTS.get(kind)
    use = _USES.get(kind) if takes is None else f"`{argument(takes)}` takes it"
    return f"is {kind}, not {wanted[0]}{f'; {use}' if use else ''}"
