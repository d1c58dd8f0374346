"""The small protocol over which the examples of the checks' pages are laid, key by key."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.protocol.file import ProtocolFile

BASE = """\
format: 1
id: example
title: An example
version: "1"
status: illustrative
design: open-label
anchor: baseline
sources:
  assumption: {kind: general-knowledge, read: not-read}
source: assumption
grade: assumed
epochs:
  - id: screening
    visits:
      - {id: consent, duration: 1h, before: {visit: baseline, within: 1w..4w, target: 2w}}
      - {id: baseline, duration: 2h}
  - id: preparation
    visits:
      - {id: prep-1, duration: 90min, after: {visit: baseline, within: 1d..7d, target: 3d}}
  - id: treatment
    visits:
      - id: dosing
        duration: 8h
        at: "09:00"
        staff: {therapist: 2}
        after: {visit: prep-1, within: 2d..14d, target: 1w}
      - {id: integration, duration: 90min, after: {visit: dosing, within: 1d..3d, target: 1d}}
  - id: follow-up
    visits:
      - {id: endpoint, duration: 1h, after: {visit: dosing, within: 4w..6w, target: 5w}}
roles:
  therapist: {count: 2, continuity: participant}
"""


def example_file(fragment: str = "") -> "ProtocolFile":
    """The protocol that a page's example makes: its top-level keys replace those of `BASE`.

    Read like a file, so that findings have lines; ``fragment`` is YAML, starting at column 1.

    Raises:
        DocumentError: the two together are no protocol.
    """
    from planner.protocol.document import Document
    from planner.protocol.file import ProtocolFile
    from planner.protocol.model import Protocol
    from planner.protocol.validation import validate_model
    from planner.protocol.yaml_reading import compose_yaml

    replaced = _top_keys(fragment)
    text, keeps = "", True
    for line in BASE.splitlines(keepends=True):
        keeps = not _top_keys(line) & replaced if _top_keys(line) else keeps
        text += line if keeps else ""
    text += fragment
    path = "example.yaml"
    data, mark, problems = compose_yaml(path, text)
    assert not problems, problems
    document = Document(path, data, mark, text.split("\n"))
    return ProtocolFile(path, validate_model(Protocol, document), document)


def _top_keys(text: str) -> set[str]:
    """The keys of the lines that are not indented."""
    return {
        line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha() and ":" in line
    }
