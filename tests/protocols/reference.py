"""The reference of the protocol file and the index of the library, as `protocols/README.md`.

Run `python tests/protocols/reference.py` after a change of the format or of the library. Keys,
types, meanings and defaults are those of the JSON Schema; the examples are quoted from the first
file of the library or of `examples` that uses a key, else from `further_keys.yaml`.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from planner.formats.load import load_protocol
from planner.protocol import schema as protocol_schemas
from planner.protocol.library import library_ids, library_path
from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.timeline.plan import course_planner, plan_timeline
from planner.views.glossary import NAMES, glossary

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "protocols" / "README.md"
EVERYWHERE = ("source", "grade", "note")
"""Keys that nearly every object has; they are described once."""
ID_PATTERN = "^[a-z0-9]+(?:-[a-z0-9]+)*$"
MAX_EXAMPLE = 90
"""Letters of an example; a longer value is cut at an entry."""
Schema = dict[str, Any]


@cache
def protocol_schema() -> Schema:
    """The schema of protocol files; not to be changed."""
    return protocol_schemas.protocol_schema()


def definitions() -> dict[str, Schema]:
    """Each object of the file by name: the protocol first, then in the order in which it occurs."""
    schema = protocol_schema()
    listed = {"Protocol": schema}
    waiting = list(references(schema["properties"]))
    while waiting:
        name = waiting.pop(0)
        if name not in listed:
            listed[name] = schema["$defs"][name]
            waiting += references(listed[name].get("properties", {}))
    return listed


def references(schema: Any) -> Iterator[str]:
    """The names of the objects that a schema refers to, in order."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for part in schema.values():
            yield from references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from references(part)


def kind(schema: Schema) -> str:
    """A schema's type in words, with links to objects: `text`, `list of [Visit](#visit)`."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        kinds = [kind(part) for part in options(schema) if part.get("type") != "null"]
        if len(kinds) == 2 and kinds[0] == f"list of {kinds[1]}":
            return f"{kinds[1]}; or a list"
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "patternProperties" in schema:
        (value,) = schema["patternProperties"].values()
        return f"mapping of ids to {kind(value)}"
    if schema.get("type") == "array":
        return f"list of {kind(schema['items'])}"
    if schema.get("pattern") == ID_PATTERN:
        return "id"
    if "description" in schema and schema.get("type") in ("string", ["string", "number"]):
        return str(schema["description"])
    types = schema.get("type", "value")
    first = types if isinstance(types, str) else types[0]
    return {"string": "text", "integer": "whole number", "boolean": "`true` or `false`"}.get(
        first, first
    )


def type_of(schema: Schema) -> str:
    """The type of a key, without the meaning that stands beside it."""
    bare = {key: value for key, value in schema.items() if key != "description"}
    return kind(bare) if bare else "value"


@cache
def documents() -> list[Any]:
    """The library's files and the protocols of `examples`, as plain values."""
    files = [library_path(name) for name in library_ids()]
    texts = [Path(path).read_text(encoding="utf-8") for path in files if path]
    texts += [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("examples/*.yaml"))]
    texts.append(Path(__file__).with_name("further_keys.yaml").read_text(encoding="utf-8"))
    # Every scalar stays as it is written: `09:00` is a time here and no number of minutes.
    values = [yaml.load(text, Loader=yaml.BaseLoader) for text in texts]
    return [value for value in values if "epochs" in value]


@cache
def examples() -> dict[tuple[str, str], str]:
    """(object, key) to a value that a file has there, in YAML on one line."""
    schema = protocol_schema()
    quoted: dict[tuple[str, str], str] = {}

    def walk(value: Any, part: Schema, name: str | None) -> None:
        if "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            part = schema["$defs"][name]
        if "anyOf" in part:
            for option in options(part):
                if fits(value, option):
                    walk(value, option, None)
                    return
        elif isinstance(value, list) and "items" in part:
            for entry in value:
                walk(entry, part["items"], None)
        elif isinstance(value, dict) and "patternProperties" in part:
            (entries,) = part["patternProperties"].values()
            for entry in value.values():
                walk(entry, entries, None)
        elif isinstance(value, dict) and name is not None:
            for key, entry in value.items():
                line = f"{key}: {flow(entry)}"
                if (name, key) not in quoted or "..." in quoted[name, key]:
                    quoted[name, key] = line if len(line) <= MAX_EXAMPLE else f"{key}: ..."
                walk(entry, part["properties"][key], None)

    for document in documents():
        walk(document, schema, "Protocol")
    return quoted


def options(schema: Schema) -> Iterator[Schema]:
    """The alternatives of a schema, those of alternatives included."""
    if "anyOf" not in schema:
        yield schema
    for part in schema.get("anyOf", ()):
        yield from options(part)


def fits(value: Any, schema: Schema) -> bool:
    """Whether a value of a file can be of this schema, by its shape and its keys."""
    if "$ref" in schema:
        properties = protocol_schema()["$defs"][schema["$ref"].rpartition("/")[2]]["properties"]
        return isinstance(value, dict) and value.keys() <= properties.keys()
    if schema.get("type") == "array":
        return isinstance(value, list)
    return isinstance(value, dict) == ("patternProperties" in schema)


def flow(value: Any) -> str:
    """A value on one line as YAML, quoted only where it must be."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(entry) for entry in value) + "]"
    text = " ".join(value.split())
    plain = re.fullmatch(r"[\w±≥.+-][\w ±.+/()–-]*", text)
    return text if plain and not re.fullmatch(r"\d\d:\d\d", text) else json.dumps(text)


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def default(schema: Schema, required: bool) -> str:
    if required:
        return "required"
    return f"`{json.dumps(schema['default'])}`" if "default" in schema else ""


def keys(name: str, schema: Schema) -> Iterator[str]:
    """The rows of an object's table."""
    for key, part in schema["properties"].items():
        if key in EVERYWHERE and name not in ("Protocol", "Notice", "Source", "Disagreement"):
            continue
        example = examples()[name, key]
        yield (
            f"| `{key}` | {cell(type_of(part))} | {cell(part['description'])} |"
            f" {default(part, key in schema.get('required', ()))} |"
            f" `{cell(example)}` |"
        )


def reference() -> Iterator[str]:
    for name, schema in definitions().items():
        yield f"### {name}\n"
        yield schema["description"] + "\n"
        yield "| key | type | meaning | default | example |\n|---|---|---|---|---|"
        yield "\n".join(keys(name, schema)) + "\n"


def plans() -> Iterator[str]:
    """What some keys plan: each example of `PLANNED` and its dates at a site in Berlin."""
    yield "## What they plan\n"
    yield PLANS
    yield "| written | planned with `baseline` on Thursday 2027-03-25 |\n|---|---|"
    site = SiteCalendar(Site.model_validate(yaml.safe_load(BERLIN)))
    for lines in PLANNED:
        text = f"{MINIMAL}{lines}"
        protocol = Protocol.model_validate(yaml.load(text, Loader=yaml.BaseLoader), by_alias=True)
        timeline = plan_timeline(course_planner(protocol, site), date(2027, 3, 25))
        dates = [
            f"{visit.id} {visit.start:%a %Y-%m-%d}"
            for visit in timeline.visits
            if visit.id != "baseline"
        ]
        dates += [f"{one.title}: by {one.day:%a %Y-%m-%d}" for one in timeline.reminders]
        written = "<br>".join(f"`{line.strip()}`" for line in lines.strip().splitlines())
        yield f"| {cell(written)} | {cell(', '.join(dates))} |"
    yield ""


def index() -> Iterator[str]:
    """The library by substance: id, registry, design, title, chart."""
    by_substance: dict[str, list[Protocol]] = {}
    for protocol_id in library_ids():
        protocol = load_protocol(protocol_id).protocol
        by_substance.setdefault(", ".join(protocol.substance), []).append(protocol)
    for substance, protocols in sorted(by_substance.items()):
        yield f"### {substance} ({len(protocols)})\n"
        yield "| protocol | registry | design | study |\n|---|---|---|---|"
        for protocol in protocols:
            chart = f" ([chart](../examples/pictures/library/{protocol.id}.svg))"
            yield (
                f"| [{protocol.id}]({protocol.id}.yaml){chart} | {', '.join(protocol.registry)} |"
                f" {', '.join(protocol.design)} | {cell(protocol.title)} |"
            )
        yield ""


def terms() -> Iterator[str]:
    """The glossary, part by part."""
    for part, of_part in glossary().parts.items():
        yield f"### {part}\n"
        yield "| term | meaning | USDM | FHIR | SDTM | REDCap |\n|---|---|---|---|---|---|"
        yield "\n".join(f"| {' | '.join(map(cell, term))} |" for term in of_part) + "\n"


@cache
def readme() -> str:
    shared = [
        f"| `{key}` | {cell(type_of(part))} | {cell(part['description'])} |"
        for key, part in protocol_schema()["properties"].items()
        if key in EVERYWHERE
    ]
    return "\n".join(
        [
            HEAD,
            "| key | type | meaning |\n|---|---|---|",
            *shared,
            "",
            *reference(),
            *plans(),
            "## The library\n",
            LIBRARY,
            *index(),
            "## Glossary\n",
            GLOSSARY,
            *terms(),
        ]
    )


HEAD = """# The protocol file

Made by `python tests/protocols/reference.py` from the models that read the file; do not edit it.

A protocol file is YAML or JSON. It describes one version of one study: its arms, its epochs, the
visits in each epoch, and for every visit how long it takes and when it may take place.
`planner new my-study` writes a commented file to start from, `planner validate my-study.yaml`
checks it, and `planner schema -o protocol.schema.json` writes a JSON Schema with which an editor
completes and checks while you type. This page has the same content as the schema.

## Values

| written | meaning |
|---|---|
| `3d`, `2w`, `1mo`, `1y` | days, weeks, calendar months, years: differences of calendar dates |
| `90min`, `24h` | minutes, hours: elapsed time. `1d` and `24h` are two rules |
| `5bd` | business days: open weekdays of the site that are no public holidays |
| `3d..14d` | a window; both ends are included |
| `6w..`, `..6w` | a window that is open at one end |
| `±3d` | a window of three days before and after the target |
| `-2d..4d` | a window may begin before the reference |
| `window: not-published` | no source states a window: only the target counts |
| `prep-2`, `previous dosing`, `end of dosing` | a visit, an occurrence, its end |
| `"09:00"` | a time of day, in quotes |

## Keys of nearly every object

Every statement can name its source and how certain it is:
"""
PLANS = """\
The site is open from Monday to Friday and closed on the public holidays of Berlin, of which Good
Friday and Easter Monday are the next two.
"""
MINIMAL = """\
format: 1
id: example
title: Example
version: 1
status: illustrative
design: open-label
anchor: baseline
epochs:
  - id: study
    visits:
      - {id: baseline}
"""
BERLIN = """\
format: 1
id: berlin
title: Berlin
timezone: Europe/Berlin
hours:
  {monday: 08:00-18:00, tuesday: 08:00-18:00, wednesday: 08:00-18:00, thursday: 08:00-18:00,
   friday: 08:00-18:00}
holidays: {country: DE, region: BE}
"""
PLANNED = (
    "      - {id: call, mode: phone, after: {visit: baseline, target: 5bd, within: ±1bd}}",
    "      - {id: study-completion, mode: phone, date: 2027-12-15}",
    "      - {id: quit-date, kind: event, after: {visit: baseline, target: 2w}}",
    """\
  - id: three-a-week
    cycle: {times: 2}
    weekdays: [monday, wednesday, friday]
    visits:
      - id: first
        first: {visit: baseline, within: 1d..7d}
        next: {visit: previous third, within: 2d..3d}
      - {id: second, after: {visit: first, within: 2d..3d}}
      - {id: third, after: {visit: second, within: 2d..3d}}""",
    """\
  - id: at-most-three
    cycle: {until: enough, at_most: 3}
    visits:
      - id: session
        first: {visit: baseline, target: 1w}
        next: {visit: previous session, target: 1w, within: ±1d}
decisions: {enough: {condition: as the therapist judges}}""",
    "reminders:\n  - {id: order, title: Order the drug, before: baseline, by: 5bd}",
    "      - {id: delivery, before: {visit: baseline, within: 5bd..10bd}}",
)
"""Visits beside the baseline, and further keys of the file."""
LIBRARY = """\
Published schedules of registered trials, reconstructed from public sources. Each statement
has its source and a grade (`planner evidence ID`); `planner show ID` and `planner list` give an
overview.
"""
GLOSSARY = f"""\
Each term, what it means here, and its name in four standards. `planner explain --glossary` shows
the same. {NAMES}
"""


if __name__ == "__main__":
    TARGET.write_text(readme(), encoding="utf-8")
