"""What a user may choose about a calendar, and what the choices mean."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from planner.errors import PlannerError
from planner.formats.ical.plain_words import PlainWords


class Level(StrEnum):
    """How much the text of an event says; CLASS is only a hint that nothing enforces.

    ``busy``: "Study visit", and at most that its length is assumed. ``coded``: the participant's
    code and the visit's number ("P0001 V03"), study day and allowed dates. ``staff``: also title,
    room, roles and mode, in words that tell neither substance nor condition, and reminders.
    ``participant``: the words of a participant's own sheet, without the code: what a visit is
    called, where it is and what to arrange; no windows, and no task that only some arms have.
    No level shows an arm, an amount or the protocol's own title.
    """

    BUSY = "busy"
    CODED = "coded"
    STAFF = "staff"
    PARTICIPANT = "participant"


WITHOUT_WORDS = (Level.BUSY, Level.CODED, Level.STAFF)
"""The levels that need no words of the site's language."""


class Rendering(StrEnum):
    """What the bytes are for.

    ``published``: a feed or an attachment (METHOD:PUBLISH and an organizer, RFC 5546 3.2.1).
    ``caldav``: to be stored on a server (no METHOD, RFC 4791 4.1; no organizer, which would make
    it a scheduling object, RFC 6638; a collection's name and colour are the server's business).
    ``file``: to be imported by hand (no METHOD).
    """

    PUBLISHED = "published"
    CALDAV = "caldav"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """How timelines become a calendar.

    Attributes:
        stamp: when the events last changed, with a zone; it is their DTSTAMP and LAST-MODIFIED.
            It is for the caller to derive it from the request, such as the date of the protocol's
            version; the clock is never read here, or a feed would rewrite itself. The default says
            that nobody knows.
        level: how much events say.
        rendering: what the bytes are for.
        windows: whether each visit's allowed dates are an all-day event of their own; never at the
            level `participant`.
        run_sheet: whether items of run sheets are events of their own; only for staff.
        tracks: whether parallel tracks such as a daily diary are written, one event each.
        relations: whether the timings between visits are written (RFC 9253).
        utc: whether times are written in UTC. A track that repeats over a clock change keeps its
            local time, since it would otherwise be an hour off afterwards.
        alarms: reminders this many minutes before each visit's start; none by default.
        key: a secret that makes UIDs of guessed participant codes unrecognisable.
        name: the calendar's name; by default one that tells no more than the level does.
        color: a CSS3 colour name.
        refresh: how often a subscriber should look again.
        organizer: the URI that stands as organizer in a published file; it should name nobody.
        organizer_name: its display name.
        address: where visits at the site take place, at the levels `staff` and `participant`;
            it should tell neither substance nor condition.
        words: of the level `participant`, which cannot do without; `planner.update_calendar`, which
            knows protocol and site, gives them and the address.
    """

    stamp: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    level: Level = Level.CODED
    rendering: Rendering = Rendering.PUBLISHED
    windows: bool = True
    run_sheet: bool = False
    tracks: bool = True
    relations: bool = True
    utc: bool = False
    alarms: tuple[int, ...] = ()
    key: bytes | None = None
    name: str = ""
    color: str = "steelblue"
    refresh: timedelta = timedelta(days=1)
    organizer: str = "mailto:no-reply@study.invalid"
    organizer_name: str = "Study calendar"
    address: str = ""
    words: PlainWords | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.stamp.tzinfo is None:
            raise ValueError("the stamp of events needs a zone")
        object.__setattr__(self, "stamp", self.stamp.astimezone(UTC).replace(microsecond=0))
        object.__setattr__(self, "level", Level(self.level))
        object.__setattr__(self, "rendering", Rendering(self.rendering))
        if self.run_sheet and self.level is not Level.STAFF:
            raise PlannerError(
                "run sheets are only for level `staff`: their items name what is done"
            )
        if self.key is not None and not self.key:
            raise PlannerError("the key for UIDs is empty")
        if self.color not in CSS3_COLORS:
            raise PlannerError(f"`{self.color[:40]}` is not a CSS3 colour name such as `steelblue`")
        if self.refresh < timedelta(minutes=1):
            raise PlannerError("subscribers may look again once a minute at most")
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[\x21\x23-\x7e]+", self.organizer):
            raise PlannerError(
                f"`{self.organizer[:60]!s}` is not a URI; an organizer is one, such as"
                " `mailto:no-reply@study.invalid`"
            )
        if not all(0 <= minutes <= 40_320 for minutes in self.alarms):
            raise PlannerError("an alarm is 0 minutes to 28 days before a visit")


# The names that RFC 7986 5.9 refers to (CSS Color Module Level 3, section 4.3).
_COLOR_NAMES = """
aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet
brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue
darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange
darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise
darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen
fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred
indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen
lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta
maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue
mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin
navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen
paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple red rosybrown
royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue
slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat
white whitesmoke yellow yellowgreen
"""
CSS3_COLORS = frozenset(_COLOR_NAMES.split())
