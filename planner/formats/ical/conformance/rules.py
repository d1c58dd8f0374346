"""Every rule of the check: its id, how grave a breach is, where it is written, and what it wants.

An error breaks what a standard demands, or what every subscriber stumbles over. A warning is
allowed, but discouraged, deprecated, or known to be read in two ways.
"""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class CalendarRule(NamedTuple):
    """A rule; ``clause`` names RFC and section, a finding may name a closer one."""

    id: str
    severity: Severity
    clause: str
    title: str


_BYTES = """
line-end               error   RFC 5545 3.1      lines end with CR and LF
last-line-end          error   RFC 5545 3.1      the last line ends with CR and LF, too
line-length            error   RFC 5545 3.1      a physical line has at most 75 octets
byte-order-mark        error   RFC 5545 3.1.4    no byte-order mark
encoding               error   RFC 5545 3.1.4    the file is UTF-8
control-character      error   RFC 5545 3.1      no control characters, no CR without LF
fold-in-character      error   RFC 5545 3.1      no fold inside the octets of a character
fold-in-escape         warning RFC 5545 3.1      no fold inside an escape
stray-fold             error   RFC 5545 3.1      a continuation line has a line to continue
empty-fold             error   RFC 5545 3.1      a continuation line continues something
empty-line             error   RFC 5545 3.1      no empty lines
line-separator         warning RFC 5545 3.1      no U+0085, U+2028, U+2029, U+FEFF: readers stumble
content-line           error   RFC 5545 3.1      a line is NAME;PARAMETER=VALUE:value
too-many               error   RFC 5545 3.1      no more folds and components than can be checked
"""

_STRUCTURE = """
no-calendar            error   RFC 5545 3.4      the file holds a VCALENDAR
several-calendars      warning RFC 5545 3.4      one VCALENDAR in a file: many readers stop after it
component-line         error   RFC 5545 3.6      BEGIN and END name a component and nothing else
nesting                error   RFC 5545 3.6      each END ends the component begun last
unclosed               error   RFC 5545 3.6      each BEGIN has its END
too-deep               error   RFC 5545 3.6      components are nested as deep as the standard says
outside                error   RFC 5545 3.4      properties and components stand in a VCALENDAR
misplaced-component    error   RFC 5545 3.6      components stand where the standard puts them
empty-calendar         error   RFC 5545 3.6      a VCALENDAR holds at least one component
property-order         warning RFC 5545 3.6      properties stand before the components beside them
missing-property       error   RFC 5545 3.6      required properties are there
repeated-property      error   RFC 5545 3.6      what may stand once stands once
repeated-rule          warning RFC 5545 3.8.5.3  RRULE should not stand twice
property-not-allowed   error   RFC 5545 3.8      properties stand only in their components
zone-property          warning RFC 5545 3.6.5    a VTIMEZONE itself has TZID and little more
unknown-component      warning RFC 5545 3.6      components are registered or begin with X-
unknown-property       warning RFC 5545 3.8.8    names are registered or begin with X-
deprecated             warning RFC 5545 8.3      nothing of iCalendar 1998 or vCalendar 1.0
version                error   RFC 5545 3.7.4    VERSION is 2.0
calendar-scale         error   RFC 5545 3.7.1    CALSCALE is GREGORIAN
unknown-method         error   RFC 5546 1.4      METHOD is one of iTIP's
"""

_PARAMETERS = """
repeated-parameter     error   RFC 5545 3.2      a parameter stands once
parameter-value        error   RFC 5545 3.2      a parameter has a value of its own kind
parameter-quotes       error   RFC 5545 3.2      URIs in parameters stand in quotes, lists do not
missing-parameter      error   RFC 5545 3.2      parameters that a property needs are there
unregistered-value     error   RFC 5545 8.3      values are registered or begin with X-
value-type             error   RFC 5545 3.2.20   VALUE names a type that the property can have
"""

_VALUES = """
date                   error   RFC 5545 3.3.4    a DATE is a day of the calendar, as 20270131
date-without-value     error   RFC 5545 3.2.20   a DATE where a DATE-TIME is usual says VALUE=DATE
date-time              error   RFC 5545 3.3.5    a DATE-TIME is as 20270131T090000 or with Z
utc-required           error   RFC 5545 3.3.5    some instants are written in UTC only
duration               error   RFC 5545 3.3.6    a DURATION is as P1D, PT1H30M or P2W
duration-gap           warning RFC 5545 3.3.6    between hours and seconds stand minutes: PT1H0M5S
duration-not-positive  error   RFC 5545 3.8.2.5  how long something takes is more than nothing
period                 error   RFC 5545 3.3.9    a PERIOD has a start and a later end
utc-offset             error   RFC 5545 3.3.14   a UTC-OFFSET is as +0200; there is no -0000
integer                error   RFC 5545 3.3.8    an INTEGER has digits only
number-range           error   RFC 5545 3.8      numbers lie in their range
text-escape            error   RFC 5545 3.3.11   after a backslash comes n, N, a comma, ; or \\
text-separator         error   RFC 5545 3.3.11   commas and semicolons in a TEXT are escaped
loose-text             warning RFC 5545 3.3.11   names and identifiers are TEXT as well
uri                    error   RFC 5545 3.3.13   a URI has a scheme and no blanks
relative-uri           warning RFC 5545 3.3.13   a URI has a scheme
address                error   RFC 5545 3.3.3    an address is a URI such as mailto:a@example.org
binary                 error   RFC 5545 3.3.1    BINARY is base64 and says so
geo                    error   RFC 5545 3.8.1.6  GEO is latitude;longitude
enumerated             error   RFC 5545 3.8      STATUS, TRANSP and their like have listed values
color                  error   RFC 7986 5.9      COLOR is a CSS3 colour name
request-status         error   RFC 5545 3.8.8.3  REQUEST-STATUS is code;text
"""

_TIMES = """
end-and-duration       error   RFC 5545 3.6.1    an end or a duration, not both
end-type               error   RFC 5545 3.8.2.2  start and end are of one kind
end-before-start       error   RFC 5545 3.8.2.2  an end is after its start, for days too
due-at-start           warning RFC 5545 3.8.2.3  DUE is after DTSTART
duration-of-dates      error   RFC 5545 3.8.2.5  from a DATE on, a duration is of days or weeks
no-start               error   RFC 5545 3.6      what is counted from DTSTART needs one
zone-of-utc            error   RFC 5545 3.2.19   TZID and Z exclude each other
zone-of-date           error   RFC 5545 3.2.19   a DATE has no TZID
zone-missing           error   RFC 5545 3.2.19   each TZID has its VTIMEZONE
skipped-time           error   RFC 5545 3.3.5    the clocks of the zone show the local time
repeated-time          warning RFC 5545 3.3.5    the clocks show the local time once
floating-in-zone       warning RFC 5545 3.3.5    X-WR-TIMEZONE makes no time one of its zone
modified-before        warning RFC 5545 3.8.7    LAST-MODIFIED does not lie before CREATED
busy-status            warning RFC 5545 3.8.2.7  X-MICROSOFT-CDO-BUSYSTATUS says what TRANSP says
"""

_ZONES = """
repeated-zone          error   RFC 5545 3.6.5    one VTIMEZONE for a TZID
zone-without-offsets   error   RFC 5545 3.6.5    a VTIMEZONE has a STANDARD or a DAYLIGHT
zone-start             error   RFC 5545 3.6.5    an observance begins at a local time
zone-until             warning RFC 5545 3.3.10   UNTIL of an observance is in UTC
zone-chain             error   RFC 5545 3.6.5    TZOFFSETFROM is the other observance's TZOFFSETTO
zone-offset            error   RFC 5545 3.6.5    a VTIMEZONE gives the offsets of the zone it names
zone-changes           warning RFC 5545 3.6.5    clocks change when those of the zone change
zone-begins-late       warning RFC 5545 3.6.5    a VTIMEZONE covers the times that are in it
zone-dates-only        warning RFC 5545 3.6.5    yearly changes are RRULEs: some ignore RDATEs
"""

_RECURRENCE = """
rule-syntax            error   RFC 5545 3.3.10   a rule is FREQ=value;PART=value
rule-part              error   RFC 5545 3.3.10   each part has values in its range
rule-combination       error   RFC 5545 3.3.10   parts that exclude each other do not meet
rule-until             error   RFC 5545 3.3.10   UNTIL is of the kind of DTSTART: DATE, local or UTC
rule-ends-first        error   RFC 5545 3.8.5.3  UNTIL does not lie before DTSTART
start-outside-rule     warning RFC 5545 3.8.5.3  DTSTART is the first time of its rule
exception-type         warning RFC 5545 3.8.5    EXDATE and RDATE are of the kind of DTSTART
exception-of-nothing   warning RFC 5545 3.8.5.1  EXDATE excludes what the rule includes
recurrence-id-type     error   RFC 5545 3.8.4.4  RECURRENCE-ID is of the kind of DTSTART
recurrence-id-nothing  warning RFC 5545 3.8.4.4  RECURRENCE-ID is a time at which the event repeats
"""

_IDENTITY = """
uid-empty              error   RFC 5545 3.8.4.7  a UID identifies
uid-repeated           error   RFC 5545 3.8.4.7  one component for a UID and RECURRENCE-ID
uid-of-two-kinds       error   RFC 5545 3.8.4.7  a UID is of one kind of component
relation-to-self       error   RFC 5545 3.8.4.5  RELATED-TO names another component
relation-to-nothing    warning RFC 5545 3.8.4.5  RELATED-TO names something in the file
gap                    error   RFC 9253 6.2      GAP is a duration
gap-without-order      warning RFC 9253 6.2      GAP goes with a temporal RELTYPE
attendee-alone         warning RFC 5545 3.8.4.3  who invites attendees is the ORGANIZER
"""

_ALARMS = """
alarm-action           error   RFC 5545 3.6.6    an alarm has what its ACTION needs
alarm-trigger          error   RFC 5545 3.8.6.3  TRIGGER is a duration, or an instant in UTC
alarm-repeat           error   RFC 5545 3.6.6    DURATION and REPEAT stand together
"""

_MESSAGES = """
method-requires        error   RFC 5546 3        what a method requires is there
method-forbids         error   RFC 5546 3        what a method excludes is not there
method-one-uid         error   RFC 5546 3.2      a message is about one UID
method-status          error   RFC 5546 3.2      STATUS fits the method
stored-object          error   RFC 4791 4.1      a stored object has one UID, one kind, no METHOD
published-file         error   RFC 5546 3.2.1    a published file has METHOD:PUBLISH
"""


def _parsed(table: str) -> list[CalendarRule]:
    rules = []
    for line in table.strip().split("\n"):
        name, severity, rfc, number, section, title = line.split(None, 5)
        rules.append(
            CalendarRule(
                name,
                "error" if severity == "error" else "warning",
                f"{rfc} {number} {section}",
                title.replace("\\\\", "\\"),
            )
        )
    return rules


RULES: dict[str, CalendarRule] = {
    rule.id: rule
    for table in (
        _BYTES, _STRUCTURE, _PARAMETERS, _VALUES, _TIMES, _ZONES, _RECURRENCE, _IDENTITY, _ALARMS,
        _MESSAGES,
    )
    for rule in _parsed(table)
}  # fmt: skip
"""All rules by id, in the order in which they are listed."""
