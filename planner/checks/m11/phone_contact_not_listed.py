import re
from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject

_BY_PHONE = re.compile(
    r"\b(?:tele)?phone\b|\bcall(?:s|ed)?\b(?! off)|\bby video\b|\bvideo (?:call|visit)",
    re.IGNORECASE,
)
_AFAR = ("phone", "video")


@check(
    "warning",
    "a contact by phone that is not a visit of the table",
    what="What the file calls a contact by phone or video, and lists as something else: a visit"
    " whose title says so with another `mode:`, a track of calls, an activity or a footnote about"
    " calls where no visit takes place by phone or video.",
    why="ICH M11, section 1.3: the table has every contact with the participant, those by telephone"
    " included.",
    bad="""\
epochs:
  - id: follow-up
    visits:
      - {id: baseline}
      - {id: safety-call, title: Safety call, after: {visit: baseline, within: 1d..3d}}
""",
    good="""\
epochs:
  - id: follow-up
    visits:
      - {id: baseline}
      - {id: safety-call, title: Safety call, mode: phone, after: {visit: baseline, within: 1d..3d}}
""",
)
def phone_contact_not_listed(subject: Subject) -> Iterator[Flag]:
    protocol = subject.protocol
    afar = [
        visit
        for epoch in protocol.epochs
        for visit in epoch.visits
        if visit.mode in _AFAR or any(arm.mode in _AFAR for arm in visit.by_arm.values())
    ]
    done_afar = {key for visit in afar for key in visit.activities}
    for n, epoch in enumerate(protocol.epochs):
        for m, visit in enumerate(epoch.visits):
            if visit.kind == "event" or visit in afar or not _BY_PHONE.search(visit.title or ""):
                continue
            message = f"`{visit.id}` is called “{visit.title}” and listed as `mode: {visit.mode}`"
            yield Flag(("epochs", n, "visits", m), message, "write `mode: phone`", about=[visit.id])
    for n, track in enumerate(protocol.tracks):
        if _BY_PHONE.search(track.title or ""):
            message = f"track `{track.id}` is a series of contacts beside the visits"
            hint = "list each as a visit with `mode: phone`, in a cycle or on a grid"
            yield Flag(("tracks", n), message, hint, about=[track.id])
    for key, activity in protocol.activities.items():
        if key not in done_afar and _BY_PHONE.search(activity.title or ""):
            message = f"activity `{key}` is a contact by phone, and no visit with it is one"
            yield Flag(("activities", key), message, "give it a visit by phone", about=[key])
    for key, text in protocol.footnotes.items():
        if not afar and _BY_PHONE.search(text):
            message = f"footnote `{key}` tells of calls, and no visit takes place by phone or video"
            yield Flag(("footnotes", key), message, "list them as visits", about=[key])
