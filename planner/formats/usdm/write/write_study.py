"""A protocol as a study of USDM v4: its own places, and extension attributes for all else."""

import json
from typing import Any

from planner.formats.usdm.extensions.attributes import NOTICE_URL, attribute, text_attribute
from planner.formats.usdm.extensions.keyed_tree import EPOCH
from planner.formats.usdm.extensions.normal_form import protocol_document, standard_form
from planner.formats.usdm.extensions.patch import FieldChange, residue
from planner.formats.usdm.read import read_study
from planner.formats.usdm.write.json_objects import Object, Objects
from planner.formats.usdm.write.study_document import Native, native_study
from planner.notice import NOTICE
from planner.protocol.document import Document, Mark
from planner.protocol.model import Protocol

_OF_VERSION = frozenset(
    {
        "format",
        "id",
        "title",
        "version",
        "date",
        "status",
        "registry",
        "identity",
        "notices",
        "sources",
        "source",
        "grade",
        "note",
        "disagreements",
        "ignore",
    }
)
"""Fields about the study and its texts; the others are about the design."""


def study_json(protocol: Protocol) -> str:
    """A protocol as the JSON text of a USDM study; the same text for an equal protocol.

    Raises:
        PlannerError: no visit takes place, or the cycles make more than the planner unrolls.
    """
    return json.dumps(study_data(protocol), ensure_ascii=False, indent=2) + "\n"


def study_data(protocol: Protocol) -> dict[str, Any]:
    """The same as data. Reading it as a protocol gives an equal one.

    What USDM cannot hold is found by reading what has been written: whatever the reader does not
    make of the study's own fields becomes an extension attribute.

    Raises:
        PlannerError: no visit takes place, or the cycles make more than the planner unrolls.
    """
    make = Objects()
    native = native_study(make, protocol)
    # The notice is there first: the reader takes a study with an attribute of ours for ours.
    notice = text_attribute(NOTICE_URL, NOTICE, make.new_id("ExtensionAttribute"))
    native.study["extensionAttributes"].append(notice)
    document = Document(f"{protocol.id}.json", native.data, Mark(1, 1, None), [])
    read = read_study(document).document.data
    assert isinstance(read, dict)
    for change in residue(standard_form(read), protocol_document(protocol)):
        holder = _holder(native, change)
        extension = attribute(change, lambda: make.new_id("ExtensionAttribute"))
        holder["extensionAttributes"].append(extension)
    return native.data


def _holder(native: Native, change: FieldChange) -> Object:
    """The object that a change is about: of a visit its instance, else the design or version."""
    first, *rest = change.path
    if rest:
        key = rest[0]
        if first == "visits" and key not in native.visits and isinstance(change.value, dict):
            return native.epochs.get(str(change.value.get(EPOCH)), native.design)
        places = {
            "visits": native.visits,
            "epochs": native.epochs,
            "arms": native.arms,
            "activities": native.activities,
        }
        if first in places and key in places[first]:
            return places[first][key]
    return native.version if first in _OF_VERSION else native.design
