"""Scheduling messages (iTIP, RFC 5546): for each change one REQUEST or CANCEL, with one UID.

Nothing is sent. A message says what the calendar at its level of privacy says, and whom it is for
by a URI that names nobody.
"""

import re
from typing import NamedTuple

from planner.errors import PlannerError, argument
from planner.formats.ical.calendar import PRODID, whole_object
from planner.formats.ical.event import CalendarProperties, Event
from planner.formats.ical.events import Events
from planner.formats.ical.options import CalendarOptions
from planner.formats.ical.revision import Revised
from planner.formats.ical.writer import Writer
from planner.timeline.model import Timeline

_ADDRESS = re.compile(
    r"mailto:[A-Za-z0-9!#$&'*+/=^_`{|}~-]+(?:\.[A-Za-z0-9!#$&'*+/=^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
)


class Message(NamedTuple):
    """One scheduling message: its method (REQUEST or CANCEL), its event and its bytes.

    ``is_new`` tells whether the event was never announced before.
    """

    method: str
    event: Event
    data: bytes
    is_new: bool

    @property
    def name(self) -> str:
        """The stem of its files: the newest message of an event's revision has one name."""
        return f"{self.event.uid}-{self.event.details.sequence}"


def check_address(uri: str, option: str) -> str:
    """The URI itself, if messages can be addressed to it: RFC 6047 needs an e-mail address.

    Args:
        uri: as it was given.
        option: its option's name, for the message.

    Raises:
        PlannerError: it is no plain ``mailto:`` URI.
    """
    if len(uri) > 320 or _ADDRESS.fullmatch(uri) is None:
        raise PlannerError(
            f"{option}: `{uri[:60]}` is not a plain address such as"
            f" `mailto:visits@study.invalid`; one"
            " that names nobody will do"
        )
    return uri


class Messages:
    """Makes the messages of one export's changes."""

    def __init__(self, options: CalendarOptions, events: Events, attendee: str) -> None:
        """Address messages to `attendee`, a URI; the options' organizer sends them.

        Raises:
            PlannerError: one of the two is no plain ``mailto:`` URI.
        """
        self._events = events
        self.attendee = check_address(attendee, argument("attendee"))
        self.organizer = check_address(options.organizer, argument("organizer"))
        self._writers = {
            method: Writer(
                CalendarProperties(
                    PRODID,
                    method=method,
                    organizer=self.organizer,
                    organizer_name=options.organizer_name,
                    attendee=self.attendee,
                )
            )
            for method in ("REQUEST", "CANCEL")
        }

    def message_about(self, revised: Revised, timeline: Timeline | None) -> Message | None:
        """The message that a change makes necessary.

        ``None`` for an event that has not changed, or was not announced and is cancelled, or was
        cancelled and is still: a second CANCEL would tell nothing (RFC 5546 3.2.5).

        Args:
            revised: the event, with what was said of it before.
            timeline: whose it is; ``None`` for one of a participant who has none any more.
        """
        before = revised.before
        if not revised.changed:
            return None
        method = "REQUEST"
        if revised.event.details.status == "CANCELLED":
            if before is None or before.status == "CANCELLED":
                return None
            method = "CANCEL"
        data = whole_object(self._events, revised.event, timeline, self._writers[method])
        return Message(method, revised.event, data, before is None)
