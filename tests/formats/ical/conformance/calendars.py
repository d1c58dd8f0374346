"""Good calendars of many makers, written for the tests of the check: each as lines of text."""

BERLIN = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""

PUBLISHED = f"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Visits//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:Visits
X-WR-CALNAME:Visits
COLOR:steelblue
REFRESH-INTERVAL;VALUE=DURATION:P1D
SOURCE;VALUE=URI:https://example.org/visits.ics
X-PUBLISHED-TTL:P1D
{BERLIN}BEGIN:VEVENT
UID:visit-1@example.org
DTSTAMP:20270101T000000Z
CREATED:20260901T000000Z
LAST-MODIFIED:20270101T000000Z
DTSTART;TZID=Europe/Berlin:20270111T090000
DTEND;TZID=Europe/Berlin:20270111T170000
SUMMARY:P0001 V01\\, dosing
DESCRIPTION:Allowed 2027-01-08 to 2027-01-14\\; a book.\\nSee you\\\\then.
LOCATION:Room 2
STATUS:CONFIRMED
TRANSP:OPAQUE
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
CLASS:PRIVATE
PRIORITY:5
SEQUENCE:0
CATEGORIES:Study visit,Dosing
GEO:52.52;13.40
URL:https://example.org/visit-1
ORGANIZER;CN="Study, calendar":mailto:no-reply@study.invalid
RELATED-TO;RELTYPE=STARTTOSTART;GAP=P14D:visit-2@example.org
CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=A:https://example.org/call
IMAGE;VALUE=URI;DISPLAY=BADGE:https://example.org/badge.png
ATTACH;FMTTYPE=text/plain:https://example.org/sheet.txt
ATTACH;ENCODING=BASE64;VALUE=BINARY:aGVsbG8=
LINK;LINKREL=describedby;VALUE=URI:https://example.org/about
BEGIN:VALARM
UID:alarm-1@example.org
ACTION:DISPLAY
TRIGGER:-PT30M
DURATION:PT5M
REPEAT:2
DESCRIPTION:P0001 V01
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:visit-2@example.org
DTSTAMP:20270101T000000Z
DTSTART;TZID=Europe/Berlin:20270712T090000
DURATION:PT1H30M
SUMMARY:P0001 V02
STATUS:TENTATIVE
ORGANIZER:mailto:no-reply@study.invalid
END:VEVENT
BEGIN:VEVENT
UID:window-2@example.org
DTSTAMP:20270101T000000Z
DTSTART;VALUE=DATE:20270709
DTEND;VALUE=DATE:20270716
SUMMARY:P0001 V02 window
TRANSP:TRANSPARENT
RELATED-TO:visit-2@example.org
ORGANIZER:mailto:no-reply@study.invalid
END:VEVENT
BEGIN:VEVENT
UID:diary@example.org
DTSTAMP:20270101T000000Z
DTSTART;TZID=Europe/Berlin:20270111T200000
RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270628T180000Z
EXDATE;TZID=Europe/Berlin:20270118T200000
RDATE;TZID=Europe/Berlin:20270119T200000
SUMMARY:Diary
ORGANIZER:mailto:no-reply@study.invalid
END:VEVENT
BEGIN:VEVENT
UID:diary@example.org
RECURRENCE-ID;TZID=Europe/Berlin:20270125T200000
DTSTAMP:20270101T000000Z
DTSTART;TZID=Europe/Berlin:20270125T210000
SUMMARY:Diary\\, late
ORGANIZER:mailto:no-reply@study.invalid
END:VEVENT
BEGIN:VEVENT
UID:call@example.org
DTSTAMP:20270101T000000Z
DTSTART:20270301T100000Z
DTEND:20270301T101500Z
SUMMARY:Call
STATUS:CANCELLED
SEQUENCE:1
ORGANIZER:mailto:no-reply@study.invalid
END:VEVENT
END:VCALENDAR
"""

REQUEST = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Visits//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:visit-1@example.org
DTSTAMP:20270101T000000Z
DTSTART:20270111T080000Z
DTEND:20270111T160000Z
SUMMARY:P0001 V01
SEQUENCE:1
ORGANIZER;SENT-BY="mailto:desk@example.org":mailto:study@example.org
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=CHAIR;PARTSTAT=NEEDS-ACTION;
 RSVP=TRUE;CN=T;MEMBER="mailto:team@example.org":mailto:t@example.org
END:VEVENT
END:VCALENDAR
"""

CANCEL = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Visits//EN
METHOD:CANCEL
BEGIN:VEVENT
UID:visit-1@example.org
DTSTAMP:20270101T000000Z
SEQUENCE:2
STATUS:CANCELLED
ORGANIZER:mailto:study@example.org
ATTENDEE:mailto:t@example.org
END:VEVENT
END:VCALENDAR
"""

TASKS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Tasks//EN
BEGIN:VTODO
UID:todo@example.org
DTSTAMP:20270101T000000Z
DTSTART:20270111T080000Z
DUE:20270112T080000Z
SUMMARY:Order kits
STATUS:IN-PROCESS
PERCENT-COMPLETE:40
BEGIN:VALARM
ACTION:EMAIL
TRIGGER;RELATED=END:-P1D
DESCRIPTION:Order kits
SUMMARY:Order kits
ATTENDEE:mailto:t@example.org
END:VALARM
END:VTODO
BEGIN:VTODO
UID:done@example.org
DTSTAMP:20270101T000000Z
DUE;VALUE=DATE:20270112
COMPLETED:20270110T101112Z
STATUS:COMPLETED
BEGIN:VALARM
ACTION:AUDIO
TRIGGER;VALUE=DATE-TIME:20270110T090000Z
ATTACH;FMTTYPE=audio/basic:https://example.org/bell.aud
END:VALARM
END:VTODO
BEGIN:VJOURNAL
UID:journal@example.org
DTSTAMP:20270101T000000Z
DTSTART;VALUE=DATE:20270111
SUMMARY:Minutes
DESCRIPTION:One.
DESCRIPTION:Two.
STATUS:FINAL
END:VJOURNAL
BEGIN:VFREEBUSY
UID:busy@example.org
DTSTAMP:20270101T000000Z
DTSTART:20270111T000000Z
DTEND:20270118T000000Z
FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20270111T080000Z/PT3H,20270112T080000Z/202
 70112T093000Z
END:VFREEBUSY
BEGIN:VAVAILABILITY
UID:hours@example.org
DTSTAMP:20270101T000000Z
DTSTART:20270111T000000Z
DTEND:20270611T000000Z
BUSYTYPE:BUSY-UNAVAILABLE
BEGIN:AVAILABLE
UID:mornings@example.org
DTSTAMP:20270101T000000Z
DTSTART:20270111T080000Z
DTEND:20270111T120000Z
RRULE:FREQ=WEEKLY;BYDAY=MO,TU
END:AVAILABLE
END:VAVAILABILITY
END:VCALENDAR
"""


STAMP = "DTSTAMP:20270101T000000Z"


def calendar(*lines: str, method: str = "") -> str:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Test//EN"]
    return "\n".join(
        [*head, *([f"METHOD:{method}"] if method else []), *lines, "END:VCALENDAR", ""]
    )


def event(*lines: str, uid: str = "a@example.org", start: str = "DTSTART:20270301T100000Z") -> str:
    begin = ["BEGIN:VEVENT", f"UID:{uid}", STAMP, *([start] if start else [])]
    return "\n".join([*begin, *lines, "END:VEVENT"])


NEW_YORK = """\
BEGIN:VTIMEZONE
TZID:America/New_York
X-LIC-LOCATION:America/New_York
LAST-MODIFIED:20200101T000000Z
TZURL:https://example.org/zones/America/New_York
BEGIN:DAYLIGHT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE"""

OUTLOOK_ZONE = """\
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""

LIKE_GOOGLE = calendar(
    "CALSCALE:GREGORIAN", "X-WR-CALNAME:Jane\\, private", "X-WR-TIMEZONE:Europe/Berlin",
    "X-WR-CALDESC:", BERLIN.rstrip("\n"),
    event(
        "DTEND;VALUE=DATE:20270302", "CREATED:20260101T000000Z",
        "DESCRIPTION:<b>Hi</b>\\n\\nJoin: https://meet.example.com/abc?x=1&y=2",
        "LAST-MODIFIED:20260102T000000Z", "LOCATION:", "SEQUENCE:0", "STATUS:CONFIRMED",
        "SUMMARY:Holiday", "TRANSP:TRANSPARENT", uid="4cq0@google.com",
        start="DTSTART;VALUE=DATE:20270301",
    ),
    event(
        "DTEND;TZID=Europe/Berlin:20270301T110000",
        "RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20271231T225959Z;BYDAY=MO",
        "EXDATE;TZID=Europe/Berlin:20270308T100000",
        "ORGANIZER;CN=Jane:mailto:jane@example.com",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE\n"
        " ;CN=jane@example.com;X-NUM-GUESTS=0:mailto:jane@example.com",
        "X-GOOGLE-CONFERENCE:https://meet.example.com/abc", "SUMMARY:Meeting",
        "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:This is an event reminder",
        "TRIGGER:-P0DT0H10M0S", "END:VALARM",
        uid="5cq0@google.com", start="DTSTART;TZID=Europe/Berlin:20270301T100000",
    ),
    event(
        "DTEND;TZID=Europe/Berlin:20270315T130000", "SUMMARY:Meeting",
        "RECURRENCE-ID;TZID=Europe/Berlin:20270315T100000",
        uid="5cq0@google.com", start="DTSTART;TZID=Europe/Berlin:20270315T120000",
    ),
)  # fmt: skip

LIKE_OUTLOOK = calendar(
    "X-MS-OLK-FORCEINSPECTOROPEN:TRUE", OUTLOOK_ZONE,
    event(
        "CLASS:PUBLIC", "CREATED:20260901T080000Z", "DESCRIPTION: \\n\\n",
        'DTEND;TZID="W. Europe Standard Time":20270701T100000',
        "LAST-MODIFIED:20260901T080000Z", "LOCATION:Raum 1\\, 2. Stock",
        'ORGANIZER;CN="Doe, Jane":mailto:jane@example.com', "PRIORITY:5", "SEQUENCE:0",
        "SUMMARY;LANGUAGE=de:Besprechung", "TRANSP:OPAQUE",
        'X-ALT-DESC;FMTTYPE=text/html:<html><body style="a;b,c">x</body></html>',
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "X-MICROSOFT-CDO-IMPORTANCE:1",
        "X-MICROSOFT-DISALLOW-COUNTER:FALSE", "X-MS-OLK-CONFTYPE:0",
        "BEGIN:VALARM", "TRIGGER:-PT15M", "ACTION:DISPLAY", "DESCRIPTION:Reminder", "END:VALARM",
        uid="040000008200E00074C5B7101A82E00800000000",
        start='DTSTART;TZID="W. Europe Standard Time":20270701T090000',
    ),
)  # fmt: skip

LIKE_APPLE = calendar(
    "X-APPLE-CALENDAR-COLOR:#FF2968", "X-WR-CALNAME:Home", NEW_YORK,
    event(
        "CREATED:20260901T080000Z", "DTEND;TZID=America/New_York:20270701T100000",
        "SUMMARY:Walk", "URL;VALUE=URI:https://example.org/", "TRANSP:OPAQUE",
        "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
        'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-APPLE-RADIUS=70;X-TITLE="Park,\n  East":'
        "geo:40.7,-73.9",
        "BEGIN:VALARM", "X-WR-ALARMUID:1B2", "UID:1B2", "ACTION:NONE", "X-APPLE-DEFAULT-ALARM:TRUE",
        "TRIGGER;VALUE=DATE-TIME:19760401T005545Z", "END:VALARM",
        "BEGIN:VALARM", "UID:1B3", "ACTION:AUDIO", "TRIGGER:-PT15M", "ATTACH;VALUE=URI:Chord:x",
        "ACKNOWLEDGED:20270701T084500Z", "END:VALARM",
        uid="0A1B2C3D", start="DTSTART;TZID=America/New_York:20270701T090000",
    ),
)  # fmt: skip

OTHERS = {
    "lower case": "begin:vcalendar\nversion:2.0\nprodid:x\nbegin:vevent\nuid:a\n"
    "dtstamp:20270101T000000Z\ndtstart;value=date:20270301\nstatus:confirmed\ntransp:Transparent\n"
    "end:vevent\nend:vcalendar\n",
    "the least": calendar(event()),
    "floating times": calendar(event("DTEND:20270301T110000", start="DTSTART:20270301T100000")),
    "a day without end": calendar(event(start="DTSTART;VALUE=DATE:20270301")),
    "days by duration": calendar(event("DURATION:P1W", start="DTSTART;VALUE=DATE:20270301")),
    "29 February": calendar(event("DURATION:P1D", start="DTSTART;VALUE=DATE:20280229")),
    "a leap second": calendar(event("DTEND:20270301T235960Z")),
    "only a zone": calendar(NEW_YORK),
    "a zone behind its events": calendar(
        event(start="DTSTART;TZID=America/New_York:20270301T100000"), NEW_YORK
    ),
    "a zone of a registry": calendar(event(start="DTSTART;TZID=/example.org/Oslo:20270301T100000")),
    "a flight": calendar(
        BERLIN.rstrip("\n"), NEW_YORK,
        event("DTEND;TZID=America/New_York:20270301T130000",
              start="DTSTART;TZID=Europe/Berlin:20270301T170000"),
        event("DTEND;TZID=Europe/Berlin:20270302T010000", uid="b",
              start="DTSTART;TZID=America/New_York:20270301T183000"),
        event("DTEND;TZID=America/New_York:20270301T053000", uid="c"),
    ),
    "a zone of one's own": calendar(
        "BEGIN:VTIMEZONE", "TZID:Fictitious", "BEGIN:STANDARD", "DTSTART:19871101T000000",
        "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500", "TZNAME:EST", "END:STANDARD", "BEGIN:DAYLIGHT",
        "DTSTART:19870405T020000", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4;UNTIL=19980404T070000Z",
        "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400", "TZNAME:EDT", "END:DAYLIGHT", "END:VTIMEZONE",
        event("DTEND;TZID=Fictitious:20270301T110000",
              start="DTSTART;TZID=Fictitious:20270301T100000"),
    ),
    "offsets with seconds": calendar(
        "BEGIN:VTIMEZONE", "TZID:Old", "BEGIN:STANDARD", "DTSTART:18930401T000000",
        "TZOFFSETFROM:+005328", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE",
        event(start="DTSTART;TZID=Old:20270301T100000"),
    ),
    "a winter's zone": calendar(
        "BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "BEGIN:STANDARD", "DTSTART:20261025T030000",
        "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE",
        event(start="DTSTART;TZID=Europe/Berlin:20270301T100000"),
    ),
    "many rules": calendar(*[
        event(f"RRULE:{rule}", uid=f"r{number}",
              start="DTSTART;TZID=America/New_York:19970902T090000")
        for number, rule in enumerate([
            "FREQ=DAILY;COUNT=10", "FREQ=DAILY;UNTIL=19971224T000000Z", "FREQ=DAILY;INTERVAL=2",
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
            "FREQ=MONTHLY;BYDAY=1TU", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
            "FREQ=YEARLY;BYMONTH=9", "FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=1",
            "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,9", "FREQ=HOURLY;INTERVAL=3;COUNT=5",
            "FREQ=MINUTELY;INTERVAL=15;COUNT=6", "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20",
            "FREQ=YEARLY;BYWEEKNO=36;BYDAY=TU", "FREQ=YEARLY;BYYEARDAY=245,-121;COUNT=4",
            "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR", "FREQ=YEARLY;BYDAY=36TU",
            "FREQ=MONTHLY;BYDAY=-5TU,1TU",
        ])
    ], NEW_YORK.replace("2007", "1967").replace("19670311", "19670430").replace(
        "BYMONTH=3;BYDAY=2SU", "BYMONTH=4;BYDAY=1SU").replace("19671104", "19671029").replace(
        "BYMONTH=11;BYDAY=1SU", "BYMONTH=10;BYDAY=-1SU").replace("19670430", "19670402")),
    "every Friday the 13th": calendar(
        event("RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "EXDATE:19970902T090000",
              start="DTSTART:19970902T090000"),
    ),
    "another calendar's year": calendar(
        event("RRULE:RSCALE=CHINESE;FREQ=YEARLY;SKIP=OMIT", start="DTSTART;VALUE=DATE:20130210"),
        event("RRULE:RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=8;SKIP=FORWARD", uid="b",
              start="DTSTART;VALUE=DATE:20140208"),
    ),
    "dates added": calendar(
        event("RDATE;VALUE=PERIOD:20270302T100000Z/PT1H,20270303T100000Z/20270303T110000Z",
              "RDATE:20270304T100000Z", "EXDATE:20270304T100000Z"),
    ),
    "this and future": calendar(
        event("RRULE:FREQ=DAILY;COUNT=9"),
        event("RECURRENCE-ID;RANGE=THISANDFUTURE:20270303T100000Z",
              start="DTSTART:20270303T120000Z"),
    ),
    "an instance alone": calendar(event("RECURRENCE-ID:20270301T100000Z")),
    "texts": calendar(
        event("SUMMARY:a\\, b\\; c\\\\ d: e \"f\" 'g' ^h 100%", "DESCRIPTION:one\\ntwo\\Nthree",
              "COMMENT:\\\\", "COMMENT:", "CATEGORIES:A,B\\,C", "CATEGORIES:D", "RESOURCES:EASEL,X",
              "CONTACT;ALTREP=\"CID:part3.msg@example.com\":Jim\\, +1-919",
              "LOCATION;ALTREP=\"https://example.com/rooms\":Room \U0001f9ea é"),
    ),
    "carets": calendar(
        event("ORGANIZER;CN=George Herman ^'Babe^' Ruth^nNY ^^ ^x:mailto:babe@example.com")
    ),
    "a tab in a text": calendar(event("SUMMARY:a\tb")),
    "private names": calendar(
        "X-WR-RELCALID:1", event("X-A;X-B=c;X-D=\"e;f\":g;h,i\\j", "X-ABC-MMSUBJ;VALUE=URI:a:b"),
        "BEGIN:X-THING", "X-A:1", "BEGIN:X-INNER", "END:X-INNER", "END:X-THING",
    ),
    "a URI with letters": calendar(event("URL:https://example.org/münchen?a=b|c")),
    "conferences": calendar(
        event("CONFERENCE;VALUE=URI;FEATURE=PHONE,MODERATOR;LABEL=Moderator:tel:+1-412-555-0123",
              "CONFERENCE;VALUE=URI;FEATURE=X-HOLO:https://example.org/",
              "IMAGE;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=image/png:aGk=", "COLOR:Tomato"),
    ),
    "names in two languages": calendar("NAME;LANGUAGE=de:Kalender", "NAME;LANGUAGE=en:Calendar",
                                       "DESCRIPTION;LANGUAGE=de:Ein", "UID:c@example.org",
                                       "LAST-MODIFIED:20270101T000000Z",
                                       "URL:https://example.org/", event()),
    "a snoozed alarm": calendar(
        event("BEGIN:VALARM", "UID:1", "TRIGGER:-PT15M", "DESCRIPTION:x", "ACTION:DISPLAY",
              "ACKNOWLEDGED:20270301T094500Z", "END:VALARM", "BEGIN:VALARM", "UID:2",
              "TRIGGER;VALUE=DATE-TIME:20270301T095000Z", "DESCRIPTION:x", "ACTION:DISPLAY",
              "RELATED-TO;RELTYPE=SNOOZE:1", "END:VALARM", "BEGIN:VALARM", "UID:3",
              "TRIGGER;VALUE=DATE-TIME:19760401T005545Z", "ACTION:DISPLAY", "DESCRIPTION:x",
              "PROXIMITY:DEPART", "BEGIN:VLOCATION", "UID:4", "NAME:Office",
              "URL:geo:40.443,-79.945;u=10", "END:VLOCATION", "END:VALARM"),
    ),
    "people and places": calendar(
        event("STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<p>a\\, b</p>",
              "STRUCTURED-DATA;FMTTYPE=application/ld+json;SCHEMA=\"https://schema.org/Event\";\n"
              " VALUE=TEXT:{\"a\": 1\\, \"b\": 2}",
              "BEGIN:PARTICIPANT", "UID:p1", "PARTICIPANT-TYPE:SPEAKER",
              "CALENDAR-ADDRESS:mailto:s@example.org", "SUMMARY:x", "END:PARTICIPANT",
              "BEGIN:VLOCATION", "UID:l1", "LOCATION-TYPE:parking,office", "GEO:1;2",
              "END:VLOCATION", "BEGIN:VRESOURCE", "UID:r1", "RESOURCE-TYPE:projector",
              "END:VRESOURCE"),
    ),
    "relations": calendar(
        event("RELATED-TO;RELTYPE=FINISHTOSTART;GAP=-PT3H:b", "RELATED-TO;VALUE=URI:https://a.b/c",
              "RELATED-TO;RELTYPE=DEPENDS-ON;VALUE=UID:b", "REFID:group-1",
              "CONCEPT:https://example.com/types/concert",
              "LINK;LINKREL=\"https://example.com/rel/derivedFrom\";VALUE=URI:https://a.b/",
              "LINK;LINKREL=SOURCE;LABEL=Venue;VALUE=URI:https://example.com/venue"),
        event(uid="b"),
    ),
    "who is free": calendar(
        "BEGIN:VFREEBUSY", "UID:f", STAMP, "DTSTART:20270301T000000Z", "DTEND:20270401T000000Z",
        "ORGANIZER:mailto:a@example.org", "URL:https://example.org/busy.ifb",
        "FREEBUSY:20270302T100000Z/20270302T110000Z", "COMMENT:x", "END:VFREEBUSY",
        method="PUBLISH",
    ),
    "busy on request": calendar(
        "BEGIN:VFREEBUSY", "UID:f", STAMP, "DTSTART:20270301T000000Z", "DTEND:20270401T000000Z",
        "ORGANIZER:mailto:a@example.org", "ATTENDEE:mailto:b@example.org", "END:VFREEBUSY",
        method="REQUEST",
    ),
    "office hours": calendar(
        BERLIN.rstrip("\n"),
        "BEGIN:VAVAILABILITY", "UID:v", STAMP, "ORGANIZER:mailto:a@example.org",
        "BEGIN:AVAILABLE", "UID:w", "SUMMARY:Monday to Friday",
        "DTSTART;TZID=Europe/Berlin:20111002T090000", "DTEND;TZID=Europe/Berlin:20111002T170000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "LOCATION:Main Office", "END:AVAILABLE",
        "END:VAVAILABILITY",
    ),
    "to-dos": calendar(
        "BEGIN:VTODO", "UID:t1", STAMP, "SUMMARY:x", "END:VTODO",
        "BEGIN:VTODO", "UID:t2", STAMP, "DTSTART;VALUE=DATE:20270301", "DURATION:P3D",
        "RRULE:FREQ=DAILY;COUNT=3", "CLASS:X-OURS", "END:VTODO",
        "BEGIN:VTODO", "UID:t3", STAMP, "DUE:20270301T100000", "BEGIN:VALARM", "ACTION:DISPLAY",
        "DESCRIPTION:x", "TRIGGER;RELATED=END:PT0S", "END:VALARM", "BEGIN:VALARM", "ACTION:DISPLAY",
        "DESCRIPTION:x", "TRIGGER:-PT5M", "END:VALARM", "END:VTODO",
    ),
    "a reply": calendar(
        event("ORGANIZER:mailto:a@example.org", "REQUEST-STATUS:2.0;Success", "SEQUENCE:1",
              "REQUEST-STATUS:3.7;Invalid Calendar User;ATTENDEE:mailto:x@example.com",
              "ATTENDEE;PARTSTAT=ACCEPTED:mailto:b@example.org", start=""),
        method="REPLY",
    ),
    "a refresh": calendar(
        event("ORGANIZER:mailto:a@example.org", "ATTENDEE:mailto:b@example.org", start=""),
        method="REFRESH",
    ),
    "an addition": calendar(
        event("ORGANIZER:mailto:a@example.org", "SEQUENCE:4", "SUMMARY:x",
              "ATTENDEE:mailto:b@example.org"), method="ADD",
    ),
    "a counter": calendar(
        event("ORGANIZER:mailto:a@example.org", "ATTENDEE:mailto:b@example.org", "SUMMARY:x",
              "SEQUENCE:0", "COMMENT:x"), method="COUNTER",
    ),
    "a refusal": calendar(
        event("ORGANIZER:mailto:a@example.org", "SEQUENCE:0", "COMMENT:x", start=""),
        method="DECLINECOUNTER",
    ),
    "a request with delegates": calendar(
        event("ORGANIZER;SENT-BY=\"mailto:x@example.org\":mailto:a@example.org", "SUMMARY:",
              "ATTENDEE;DELEGATED-FROM=\"mailto:c@example.org\",\"mailto:d@example.org\";\n"
              " PARTSTAT=TENTATIVE;CUTYPE=X-ROBOT;LANGUAGE=en-GB;SCHEDULE-AGENT=SERVER;\n"
              " SCHEDULE-STATUS=\"1.1\";EMAIL=b@example.org;DIR=\"ldap://example.com/\":mailto:b@e\n"
              " xample.org"), method="REQUEST",
    ),
    "two cancelled instances": calendar(
        *[event("ORGANIZER:mailto:a@example.org", "SEQUENCE:2", "STATUS:CANCELLED",
                f"RECURRENCE-ID:2027030{day}T100000Z", start=f"DTSTART:2027030{day}T100000Z")
          for day in (1, 2)], method="CANCEL",
    ),
    "the RFC's conference": calendar(
        event("ORGANIZER:mailto:jsmith@example.com", "DTEND:19960920T220000Z", "STATUS:CONFIRMED",
              "CATEGORIES:CONFERENCE", "SUMMARY:Networld+Interop Conference",
              "DESCRIPTION:Networld+Interop Conference and Exhibit\\nAtlanta World\n"
              "   Congress Center\\n Atlanta\\, Georgia", start="DTSTART:19960918T143000Z"),
    ),
    "the RFC's journal": calendar(
        "BEGIN:VJOURNAL", "UID:j", STAMP, "ORGANIZER:mailto:jsmith@example.com", "STATUS:DRAFT",
        "CLASS:PUBLIC", "CATEGORIES:Project Report,XYZ,Weekly Meeting",
        "DESCRIPTION:Project xyz Review Meeting Minutes\\n", "END:VJOURNAL",
    ),
    "a birthday": calendar(
        event("RRULE:FREQ=YEARLY", "TRANSP:TRANSPARENT", "DURATION:P1D",
              start="DTSTART;VALUE=DATE:19680229"),
    ),
}  # fmt: skip

VALID = {"google": LIKE_GOOGLE, "outlook": LIKE_OUTLOOK, "apple": LIKE_APPLE, **OTHERS}


def octets(text: str) -> bytes:
    """The text with the line ends of a calendar."""
    return text.replace("\n", "\r\n").encode()


def folded(text: str) -> bytes:
    """With the line ends of a calendar, and long lines folded by the one who wrote the test."""
    lines = []
    for line in text.split("\n"):
        data = line.encode()
        while len(data) > 75:
            cut = 75
            while data[cut] & 0xC0 == 0x80 or data[cut - 1 : cut] == b"\\":
                cut -= 1
            lines.append(data[:cut])
            data = b" " + data[cut:]
        lines.append(data)
    return b"\r\n".join(lines)
