"""The sketch of the format's documentation, and files made from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

SKETCH = """\
format: 1
id: example-two-session
title: Two-session study, open label (illustrative)
version: "1.0"
status: illustrative
design: open-label
anchor: baseline            # Day 1; there is no day 0 unless `day_zero: true`
sources:
  registry: {kind: registry, id: NCT00000000, read: registry-record}
roles:
  therapist: {count: 2, continuity: participant}
  rater: {blinded: true, never_with: [dosing, preparation, integration]}
activities:
  caps5: {title: CAPS-5, by: rater, endpoint: primary}
  vitals: {title: "Blood pressure, heart rate, temperature"}
epochs:
  - id: screening
    visits:
      - {id: consent, mode: clinic, duration: 2h, before: {visit: baseline, within: 1w..6w}}
      - {id: baseline, duration: 2h, activities: [caps5]}
  - id: preparation
    visits:
      - id: prep-1
        duration: 90min
        after: {visit: baseline, within: 1d..7d, target: 3d}
        source: registry
      - {id: prep-2, duration: 90min, after: {visit: prep-1, within: 3d..10d, target: 1w}}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        kind: dosing
        duration: 8h
        overnight: true
        at: "09:00"
        first: {visit: prep-2, within: 2d..14d, target: 1w}
        next: {visit: previous dosing, within: 3w..5w, target: 4w}
        run_sheet:
          zero: 60min
          items:
            - {id: arrival, at: -60min}
            - {id: vitals-0, at: -15min, activity: vitals}
            - {id: first-administration, at: 0min}
            - id: second-administration
              after: first-administration
              within: 90min..150min
              optional: true
      - id: integration-1
        kind: integration
        duration: 90min
        after: {visit: dosing, target: 1d}
        at: "10:00"
      - id: integration-2
        kind: integration
        duration: 90min
        after: {visit: dosing, within: 5d..10d, target: 1w}
  - id: follow-up
    visits:
      - id: primary-endpoint
        activities: [caps5]
        after:
          - {visit: baseline, within: 17w..19w, target: 18w}
          - {visit: last dosing, within: 6w..}
"""

Write = Callable[..., str]


@pytest.fixture
def sketch() -> str:
    """The sketch of the format."""
    return SKETCH


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file into an empty folder and returns its path."""

    def write(content: str | bytes, name: str = "study.yaml") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


@pytest.fixture
def problems(write: Write) -> Callable[..., list[str]]:
    """What is wrong with a protocol file, as `line:column: message (hint)`."""
    from planner.formats.load import load_protocol
    from planner.protocol.document import DocumentError

    def problems(content: str | bytes, name: str = "study.yaml") -> list[str]:
        path = write(content, name)
        with pytest.raises(DocumentError) as caught:
            load_protocol(path)
        assert len(caught.value.problems) == len(str(caught.value).split("\n"))
        return [line.removeprefix(f"{path}:") for line in str(caught.value).split("\n")]

    return problems


@pytest.fixture
def sketch_data(sketch: str) -> dict[str, Any]:
    """The sketch as plain data, as an editor sees it: whole numbers are numbers."""
    return _plain(sketch)


@pytest.fixture
def plain() -> Callable[[str], Any]:
    """Reads YAML as editors do."""
    return _plain


def _plain(text: str) -> Any:
    """YAML as plain data by the core schema of YAML 1.2."""
    import re

    import yaml

    class Core(yaml.SafeLoader):
        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    for tag, pattern, first in (
        ("int", r"[-+]?[0-9]+", "-+0123456789"),
        ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
        ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
        ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
    ):
        Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), first)
    return yaml.load(text, Core)
