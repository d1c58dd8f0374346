"""A new protocol file that begins as a copy of a published one."""

import re

from planner.errors import PlannerError, did_you_mean
from planner.protocol.library import library_ids, library_path
from planner.protocol.starter import quoted_id

_HEAD = """\
# A draft that begins as a copy of the library's protocol `{original}`. Change what differs, and say
# of each change where it comes from: the sources and grades below are those of the original.

"""


def copied_protocol(original: str, protocol_id: str, identity: str) -> str:
    """A library protocol as the draft of another study: with an id and identity of its own.

    Its registry number is left out, since the new study does not have it.

    Args:
        original: the id of the library protocol.
        protocol_id: the new id.
        identity: what calendars are to know the new study by, such as a random UUID.

    Raises:
        PlannerError: the library has no such protocol, or the new id is none.
    """
    path = library_path(original) if re.fullmatch("[a-z0-9-]{1,60}", original) else None
    if path is None:
        hint = did_you_mean(original, library_ids()) or "`planner list` shows the library"
        raise PlannerError(f"`{original[:60]}`: no protocol of the library; {hint}")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    lines = (
        ("id: .*", f'id: {quoted_id(protocol_id)}\nidentity: "{identity}"\n'),
        ("title: .*(?:\n .*)*", f"title: A draft after {original}\n"),
        ("status: .*", "status: draft\n"),
        ("registry: .*", ""),
    )
    for pattern, line in lines:
        entry = re.search(f"^{pattern}\n", text, re.M)
        if entry is not None:
            text = text[: entry.start()] + line + text[entry.end() :]
    # Remarks about the study as a whole name it.
    text = re.sub(
        rf"(?m)(\b(?:at|about): ){original}(?=[,}}\s])", rf"\g<1>{quoted_id(protocol_id)}", text
    )
    return _HEAD.format(original=original) + text
