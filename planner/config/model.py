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
PERSON = "[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
"""The code of somebody who changes records, as a trail shows it."""
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


def _read_person(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(PERSON, value):
        raise ValueError(
            "a person's code is expected: letters, digits, `.`, `_` and `-`, at most 40, found"
            f" {quoted(value)}"
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
PersonText = Annotated[
    str, TextField(_read_person, "a person's code", "anna", pattern=f"^{PERSON}$")
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
    level: Literal["busy", "coded", "staff", "participant"] | None = Field(
        default=None, description="How much calendar events say."
    )
    role: Literal["coordinator", "rater", "unblinded", "monitor"] | None = Field(
        default=None,
        description="What `planner store history` and `planner store export` show, and what"
        " `planner store` does. A rater is shown neither arm nor therapy visits. It is no"
        " protection from somebody who can read the store's file.",
    )
    who: PersonText | None = Field(
        default=None, description="The code that stands in a store's trail for who changes it."
    )
    files: OutputFiles = Field(default=OutputFiles(), description="Names of files.")
