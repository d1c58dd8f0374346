"""A scheduling message as an e-mail (RFC 5322, RFC 6047) for somebody else to send.

Message-ID, Date and boundary come from the event, so the same message has the same bytes.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from planner.formats.ical.event import Event
from planner.formats.ical.itip import Message, Messages
from planner.formats.ical.text import clean
from planner.notice import NOTICE


def mail(message: Message, messages: Messages) -> bytes:
    """The e-mail with a message: plain words, and the calendar object as their alternative.

    Args:
        message: what is to be told.
        messages: from whom and to whom.
    """
    sender, receiver = messages.organizer, messages.attendee
    email = EmailMessage(policy=SMTP)
    email["From"] = _address(sender)
    email["To"] = _address(receiver)
    email["Subject"] = _subject(message)
    email["Date"] = format_datetime(message.event.details.stamp)
    domain = sender.rpartition("@")[2]
    digits = hashlib.sha256(message.data).hexdigest()[:32]
    email["Message-ID"] = f"<{digits}@{domain}>"
    email.set_content(_words(message), charset="utf-8", cte="quoted-printable")
    email.add_alternative(
        message.data.decode(),
        subtype="calendar",
        charset="utf-8",
        cte="base64",
        params={"method": message.method, "component": "VEVENT"},
    )
    for part in email.iter_parts():
        del part["MIME-Version"]  # the message itself says it
    email.set_boundary(f"part-{digits}")
    return email.as_bytes()


def _address(uri: str) -> Address:
    return Address(addr_spec=uri.partition(":")[2])


def _subject(message: Message) -> str:
    """What the event is called at its level of privacy, and when it is."""
    # The title of a cancelled event says so itself.
    word = "" if message.is_new or message.method == "CANCEL" else "Changed: "
    start = message.event.details.start
    return f"{word}{_line(message.event.summary)}, {_day(start)} {start.year}"


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _words(message: Message) -> str:
    details = message.event.details
    status = {"TENTATIVE": "proposed", "CONFIRMED": "booked"}.get(details.status, "cancelled")
    if message.method == "CANCEL":
        what = "It is cancelled. Please take it out of your calendar."
    elif message.is_new:
        what = f"It is {status}."
    else:
        what = f"It is {status}. This replaces what you were told before."
    lines = [_line(message.event.summary), _when(message.event)]
    lines += details.description.split("\n") if details.description else []
    if details.location:
        lines.append(f"Where: {details.location}")
    return "\n".join([*map(_line, lines), "", what, "", NOTICE, ""])


def _day(moment: date) -> str:
    """In English whatever the locale is: ``Monday 11 January``."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    months = (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    )  # fmt: skip
    return f"{days[moment.weekday()]} {moment.day} {months[moment.month - 1]}"


def _when(event: Event) -> str:
    start, end = event.details.start, event.details.end
    text = f"When: {_day(start)} {start.year}"
    if isinstance(start, datetime):
        text += f", {start:%H:%M}"
        if isinstance(end, datetime):
            same = end.date() == start.date()
            text += f" to {end:%H:%M}" if same else f" to {_day(end)} {end.year}, {end:%H:%M}"
        text += f" ({start.tzinfo.key if isinstance(start.tzinfo, ZoneInfo) else UTC})"
    elif end is not None and (last := end - timedelta(days=1)) > start:
        text += f" to {_day(last)} {last.year}"
    every = event.details.recurrence
    if every is not None:
        often = "day" if every.every_days == 1 else f"{every.every_days} days"
        text += f", every {often}, {every.count} times"
    return text
