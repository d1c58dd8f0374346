"""The library as a table: what each published study scheduled, at a glance."""

import json
import os
import re

from planner.notice import NOTICE
from planner.protocol.library import library_ids, library_path


def render_list(*, width: int, color: bool, as_json: bool) -> str:
    """All library protocols with title, status and registry number.

    Reads only the top lines of each file: a list must not load what it does not show.
    """
    entries = [_entry(protocol_id) for protocol_id in library_ids()]
    if as_json:
        data = {"format": 1, "notice": NOTICE, "protocols": entries}
        return json.dumps(data, indent=2)
    longest = max((len(entry["id"]) for entry in entries), default=2)
    registry = max((len(entry["registry"]) for entry in entries), default=0)
    lines = []
    for entry in entries:
        room = max(20, width - longest - registry - 4)
        title = (
            entry["title"] if len(entry["title"]) <= room else entry["title"][: room - 3] + "..."
        )
        name = f"{entry['id']:<{longest}}"
        name = f"\x1b[1m{name}\x1b[0m" if color else name
        lines.append(f"{name}  {entry['registry']:<{registry}}  {title}")
    return "\n".join([*lines, "", NOTICE])


def _entry(protocol_id: str) -> dict[str, str]:
    found = {"id": protocol_id, "title": "", "status": "", "version": "", "registry": ""}
    path = library_path(protocol_id)
    if path is None:
        return found
    with open(path, encoding="utf-8") as file:
        head = file.read(min(os.path.getsize(path), 4096))
    for name in ("title", "status", "version", "registry"):
        match = re.search(rf"^{name}:[ ]*(.+?)[ ]*(?:#.*)?$", head, re.MULTILINE)
        if match:
            found[name] = match[1].strip("[]\"' ")
    return found
