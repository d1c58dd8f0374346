"""Which format a command writes: by name, or by the output's suffix, which always holds."""

import os
from collections.abc import Sequence

from planner.cli.options import read_choice
from planner.errors import PlannerError

SUFFIXES: dict[str, tuple[str, ...]] = {
    "text": (".txt",), "table": (".txt",), "calendar": (".txt",), "github": (".txt",),
    "markdown": (".md", ".markdown"), "csv": (".csv",), "html": (".html", ".htm"),
    "xlsx": (".xlsx",), "json": (".json",), "sarif": (".sarif", ".json"), "bibtex": (".bib",),
    "yaml": (".yaml", ".yml"), "ical": (".ics", ".ical"), "usdm": (".json",),
    "dv": (".json", ".csv"), "svg": (".svg",), "png": (".png",), "pdf": (".pdf",),
    "docx": (".docx",),
}  # fmt: skip
"""What the names of files in each format end in; the usual one first."""
_OTHERS = (
    ".bmp", ".db", ".doc", ".docm", ".dot", ".dta", ".eml", ".eps", ".epub", ".gif", ".gz",
    ".jpeg", ".jpg", ".js", ".jsonl", ".mpp", ".ndjson", ".odp", ".ods", ".odt", ".parquet", ".ppt",
    ".pptx", ".ps", ".py", ".rds", ".rtf", ".sas7bdat", ".sav", ".sql", ".sqlite", ".tex", ".tif",
    ".tiff", ".toml", ".tsv", ".vcf", ".vcs", ".webp", ".xls", ".xlsb", ".xlsm", ".xml", ".xpt",
    ".zip",
)  # fmt: skip
"""What the names of files in formats end in that no command writes into one file."""
_KNOWN = {suffix for suffixes in SUFFIXES.values() for suffix in suffixes} | set(_OTHERS)
_NO_PLAIN_TEXT = ("html", "xlsx", "docx", "svg", "png", "pdf")


def read_format(asked: str | None, output: str | None, allowed: Sequence[str]) -> str:
    """The format to write: the one asked for, else that of the output's suffix, else the first.

    Args:
        asked: the value of `--format`, if it is given.
        output: the value of `-o`, if it is given.
        allowed: the formats that the command writes; the first is for a terminal.

    Raises:
        PlannerError: there is no such format, or the output's suffix is that of another one.
    """
    suffix = suffix_of(output)
    if asked is not None:
        chosen = read_choice(asked, tuple(allowed), "--format")
        if suffix in _KNOWN and not _agree(chosen, suffix):
            raise PlannerError(
                f"-o: {output}: the name ends in {suffix}, but --format says {chosen};"
                f" {_names([chosen])}"
            )
        return chosen
    for name in allowed:
        if suffix in SUFFIXES[name]:
            return name
    if suffix and not _agree(allowed[0], suffix):
        raise PlannerError(f"-o: {output}: this command writes no {suffix} file; {_names(allowed)}")
    return allowed[0]


def suffix_of(output: str | None) -> str:
    """What a file name ends in, in small letters; empty without one."""
    return os.path.splitext(output or "")[1].lower()


def is_file_name(output: str | None) -> bool:
    """Whether a name ends as those of files of a known format do."""
    return suffix_of(output) in _KNOWN


def _agree(chosen: str, suffix: str) -> bool:
    """Whether a file with this suffix may hold this format; plain text is text of any kind."""
    return suffix in SUFFIXES[chosen] or (suffix == ".txt" and chosen not in _NO_PLAIN_TEXT)


def _names(allowed: Sequence[str]) -> str:
    """How files in the formats that a command writes may be called."""
    suffixes = list(dict.fromkeys(SUFFIXES[name][0] for name in allowed))
    if len(suffixes) == 1:
        return f"name a {suffixes[0]} file"
    return f"name a {', '.join(suffixes[:-1])} or {suffixes[-1]} file"
