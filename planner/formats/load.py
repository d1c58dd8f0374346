"""Loads a protocol from a path or a library id, whatever standard its file is of."""

import os
import re

from planner.errors import PlannerError, did_you_mean
from planner.protocol.field_types import quoted
from planner.protocol.file import ProtocolFile, protocol_file, read_library_file, read_protocol
from planner.protocol.library import library_ids, library_path
from planner.protocol.reading import read_document


def locate(name: str) -> str:
    """The file that a path or a library id names.

    Raises:
        PlannerError: there is neither such a file nor such an id; names what is nearest.
    """
    if not name:
        raise PlannerError("an empty name names no file")
    # A folder of a protocol's name (exports, say) must not hide the protocol.
    if name == "-" or (os.path.exists(name) and not os.path.isdir(name)):
        return name
    if re.fullmatch(r"[a-z0-9-]{1,60}", name):
        path = library_path(name)
        if path is not None:
            return path
    if os.path.isdir(name):
        raise PlannerError(f"{name}: is a directory; name a file in it")
    stem = re.sub(r"\.(ya?ml|json|xml)$", "", re.split(r"[/\\]", name)[-1].lower())
    files = (name + suffix for suffix in (".yaml", ".yml", ".json", ".xml"))
    near = next(filter(os.path.isfile, files), None)
    known = library_ids() if near is None else [near]
    written_name = quoted(name) if not name.isprintable() else name
    hint = did_you_mean(near or stem, known) or "`planner list` shows the library"
    raise PlannerError(f"{written_name}: no such file, and no protocol of the library; {hint}")


def load_protocol(name: str) -> ProtocolFile:
    """Loads the protocol that a path (``-`` is standard input) or a library id names.

    A USDM study (JSON) and ODM metadata (a file whose name ends in .xml) are read as protocols.

    Raises:
        PlannerError: the file cannot be read.
        OtherKindError: it is a site file, a record or of another standard.
        DocumentError: the file is no protocol; carries every problem with line and column.
    """
    path = locate(name)
    if path != name:
        return read_library_file(name, path)
    if path.lower().endswith(".xml"):
        from planner.formats.odm import read_odm

        return protocol_file(path, read_odm(path))
    document = read_document(path)
    data = document.data
    if isinstance(data, dict) and ("usdmVersion" in data or "study" in data):
        from planner.formats.usdm.read import read_study

        return protocol_file(path, read_study(document))
    return read_protocol(document, name)
