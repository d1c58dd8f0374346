"""The file `planner.toml` as a frozen model: what commands take where an option is not given."""

import re
from typing import Annotated, Literal

from pydantic import Field

from planner.protocol.evidence import Entry
from planner.protocol.field_types import ONE_OR_MANY, TextField, file_format, quoted

FORMAT = 1
"""The version of the file that this planner reads."""
LANGUAGES = ("de", "en", "es", "fr")
"""The languages that participants' sheets can be in."""
LANGUAGE = rf"({'|'.join(LANGUAGES)})(-[A-Z]{{2}})?"


def _read_path(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"the name of a file or folder is expected, found {quoted(value)}")
    if not value.isprintable():
        raise ValueError(f"{quoted(value)} is not a file name")
    return value


def _read_language(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(LANGUAGE, value):
        raise ValueError(
            f"a language of {', '.join(LANGUAGES)} is expected, with a country's code if it has one"
            f" (`en-US`), found {quoted(value)}"
        )
    return value


PathText = Annotated[
    str, TextField(_read_path, "a file or folder, as seen from this file's folder", "site.yaml")
]
ProtocolText = Annotated[
    str,
    TextField(
        _read_path, "a protocol file, or the id of a library protocol", "study.yaml", "mapp1"
    ),
]
LanguageText = Annotated[
    str,
    TextField(
        _read_language,
        "a language, with a region for its dates and times",
        "en",
        "en-US",
        pattern=f"^{LANGUAGE}$",
    ),
]


class OutputFiles(Entry):
    """What commands call the files that they write, and the secret that they read for it."""

    calendar: PathText | None = Field(
        default=None, description="The calendar of `planner export`, where -o is not given."
    )
    key: PathText | None = Field(
        default=None, description="The secret of `planner export --key-file`."
    )
    report: PathText | None = Field(
        default=None, description="The page of `planner report`, where -o is not given."
    )


class StudyConfig(Entry):
    """Defaults of a study: each holds where a command's option or argument is not given."""

    format: Annotated[Literal[1], file_format(FORMAT)] = Field(
        default=1, description="Version of this file format."
    )
    protocols: Annotated[tuple[ProtocolText, ...], ONE_OR_MANY] = Field(
        default=(),
        description="The study's protocol; several, such as versions of one, are all checked by"
        " `planner validate`, and other commands need one named.",
    )
    site: PathText | None = Field(default=None, description="The site file.")
    records: Annotated[tuple[PathText, ...], ONE_OR_MANY] = Field(
        default=(), description="Folders of participants' records, or records."
    )
    language: LanguageText | None = Field(
        default=None, description="The language of participants' sheets."
    )
    level: Literal["busy", "coded", "staff"] | None = Field(
        default=None, description="How much calendar events say."
    )
    files: OutputFiles = Field(default=OutputFiles(), description="Names of files.")
