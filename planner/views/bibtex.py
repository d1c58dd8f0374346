"""The sources of a protocol as BibTeX, so that a paper can cite what a schedule rests on.

A source's title is given as the file has it, which may be a whole citation; what it says of author,
journal and year is taken over only where it is written as `Name AB et al., Journal 2021;27:10-20`.
"""

import re
from urllib.parse import quote

from planner.notice import NOTICE
from planner.protocol.evidence import Source
from planner.protocol.model import Protocol
from planner.protocol.registries import registry_record

_PAPERS = ("trial-paper", "protocol-paper", "review")
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # a brace that is only escaped still counts for BibTeX
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "$&#_%"},
}
_CITATION = re.compile(
    r"(?:[^:]*: )?"
    r"(?P<author>[^\W\d_][\w'’ -]*?) (?P<initials>[A-Z](?:-?[A-Z]){0,3})(?P<others> et al\.?)?, "
    r"(?P<journal>[^;:,0-9]+?),? (?P<year>(?:19|20)[0-9]{2})"
    r"(?:;(?P<volume>[0-9]+)(?:\((?P<number>[0-9-]+)\))?"
    r"(?::(?P<pages>[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?))?)?"
    r"(?:[:;,.].*)?"
)
_READ = {"secondary": "in another text only", "not-read": "not"}


def render_bibtex(protocol: Protocol) -> str:
    """One entry per citable source, with keys `PROTOCOL-SOURCE`, which stay as the file's do.

    Papers with a DOI or a whole citation are ``@article``, all else is ``@misc``; text is UTF-8
    with TeX's own signs escaped.
    """
    entries = [
        _entry(f"{protocol.id}-{key}", source)
        for key, source in protocol.sources.items()
        if is_citable(source)
    ]
    head = f"% Sources of the schedule of {protocol.id}, as its file states them.\n% {NOTICE}\n"
    return "\n".join([head, *entries])


def not_citable(protocol: Protocol) -> list[str]:
    """Keys of the sources that `render_bibtex` leaves out."""
    return [key for key, source in protocol.sources.items() if not is_citable(source)]


def is_citable(source: Source) -> bool:
    """Whether a reader could look the source up: general knowledge and assumptions are no texts."""
    named = source.title or source.id or source.doi or source.url
    return source.kind != "general-knowledge" and named is not None


def _entry(key: str, source: Source) -> str:
    title = source.title
    fields: dict[str, str] = {
        "title": escaped(title or source.id or source.doi or source.url or "")
    }
    record = registry_record(source.id) if source.id is not None else None
    citation = _citation(title or "") if source.kind in _PAPERS else {}
    fields |= citation
    if source.id is not None:
        fields["number"] = escaped(record.number if record is not None else source.id)
    if record is not None:
        fields["howpublished"] = escaped(record.registry)
    if source.doi is not None:
        fields["doi"] = _verbatim(source.doi)
    url = source.url or (record.url if record is not None else None)
    if url is not None:
        fields["url"] = _verbatim(url)
    read = _READ.get(source.read, source.read.replace("-", " "))
    notes = [f"Read for this schedule: {read}"]
    if source.retracted is not None:
        notes.insert(0, f"RETRACTED on {source.retracted}")
    fields["note"] = "; ".join(notes)
    is_paper = source.kind in _PAPERS and (source.doi is not None or bool(citation))
    kind = "article" if is_paper else "misc"
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@{kind}{{{key},\n{lines}\n}}\n"


def _citation(title: str) -> dict[str, str]:
    match = _CITATION.fullmatch(title)
    if match is None:
        return {}
    others = " and others" if match["others"] else ""
    initials = re.sub("([A-Z])(?=[A-Z])", r"\1. ", match["initials"]).replace("-", ".-")
    fields = {"author": f"{escaped(match['author'])}, {initials}.{others}"}
    for name in ("journal", "year", "volume", "number", "pages"):
        if match[name]:
            fields[name] = escaped(match[name])
    return fields


def escaped(text: str) -> str:
    """The text on one line, with all that TeX or BibTeX would act on made plain."""
    return "".join(_TEX.get(letter, letter) for letter in " ".join(text.split()))


def _verbatim(text: str) -> str:
    """An address or DOI, which TeX takes as it is; what cannot stand there is percent-encoded."""
    return quote(text, safe="!$&'()*+,-./:;<=>?@[]_~#%")
