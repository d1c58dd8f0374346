"""Files with a single thing wrong, and the rule that finds it: what an exporter may get wrong."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from planner.formats.ical.conformance import RULES, CalendarFinding, check_calendar

_SPEC = importlib.util.spec_from_file_location(
    "calendars", Path(__file__).with_name("calendars.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
calendars = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(calendars)

PUBLISHED, REQUEST, CANCEL, TASKS = (
    calendars.PUBLISHED, calendars.REQUEST, calendars.CANCEL, calendars.TASKS,
)  # fmt: skip
octets: Callable[[str], bytes] = calendars.octets


class Defect(NamedTuple):
    """``old`` stands in the good file and becomes ``new``, once; ``rule`` has to find that."""

    name: str
    old: str
    new: str
    rule: str
    file: str = PUBLISHED


STAMP = "DTSTAMP:20270101T000000Z\n"
FIRST = f"UID:visit-1@example.org\n{STAMP}"
START = "DTSTART;TZID=Europe/Berlin:20270111T090000\n"
END = "DTEND;TZID=Europe/Berlin:20270111T170000\n"
SECOND = "DTSTART;TZID=Europe/Berlin:20270712T090000\n"
ALARM = "ACTION:DISPLAY\nTRIGGER:-PT30M\nDURATION:PT5M\nREPEAT:2\nDESCRIPTION:P0001 V01\n"
SUMMARY = "SUMMARY:P0001 V01\\, dosing\n"
RULE = "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270628T180000Z\n"
DAYLIGHT = "DTSTART:19700329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
STANDARD = "DTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
CALL = "DTSTART:20270301T100000Z\nDTEND:20270301T101500Z\n"

STRUCTURE = [
    Defect("no PRODID", "PRODID:-//Example//Visits//EN\n", "", "missing-property"),
    Defect("no VERSION", "VERSION:2.0\n", "", "missing-property"),
    Defect("two VERSION", "VERSION:2.0\n", "VERSION:2.0\nVERSION:2.0\n", "repeated-property"),
    Defect("two PRODID", "PRODID:-", "PRODID:x\nPRODID:-", "repeated-property"),
    Defect("VERSION 1.0", "VERSION:2.0", "VERSION:1.0", "version"),
    Defect("two METHOD", "METHOD:", "METHOD:PUBLISH\nMETHOD:", "repeated-property"),
    Defect("two CALSCALE", "CALSCALE:", "CALSCALE:GREGORIAN\nCALSCALE:", "repeated-property"),
    Defect("another CALSCALE", "CALSCALE:GREGORIAN", "CALSCALE:JULIAN", "calendar-scale"),
    Defect("an unknown METHOD", "METHOD:PUBLISH", "METHOD:SEND", "unknown-method"),
    Defect("an END missing", "SUMMARY:Diary\n", "SUMMARY:Diary\nBEGIN:VALARM\n", "nesting"),
    Defect("an END too many", "END:VALARM\n", "END:VALARM\nEND:VALARM\n", "nesting"),
    Defect("an END of another", "END:VALARM\nEND:VEVENT\n", "END:VEVENT\nEND:VALARM\n", "nesting"),
    Defect("no END of the calendar", "END:VCALENDAR\n", "", "unclosed"),
    Defect("no BEGIN of the calendar", "BEGIN:VCALENDAR\n", "", "no-calendar"),
    Defect("nothing in the calendar", REQUEST[REQUEST.index("METHOD"):REQUEST.index("END:VCAL")],
           "", "empty-calendar", REQUEST),
    Defect("an alarm in the calendar", "BEGIN:VEVENT\nUID:call", "BEGIN:VALARM\nACTION:AUDIO\n"
           "TRIGGER:P0D\nEND:VALARM\nBEGIN:VEVENT\nUID:call", "misplaced-component"),
    Defect("an event in an event", "SUMMARY:Diary\n", f"SUMMARY:Diary\nBEGIN:VEVENT\nUID:x\n{STAMP}"
           f"{CALL}SUMMARY:x\nEND:VEVENT\n", "misplaced-component"),
    Defect("an alarm in a journal", "STATUS:FINAL\n", "STATUS:FINAL\nBEGIN:VALARM\nACTION:AUDIO\n"
           "TRIGGER:P0D\nEND:VALARM\n", "misplaced-component", TASKS),
    Defect("text behind the end", "END:VCALENDAR\n", "END:VCALENDAR\nX-NOTE:x\n", "outside"),
    Defect("parameters of BEGIN", "BEGIN:VALARM", "BEGIN;X-A=1:VALARM", "component-line"),
    Defect("no UID", FIRST, STAMP, "missing-property"),
    Defect("two UID", FIRST, f"UID:x\n{FIRST}", "repeated-property"),
    Defect("an empty UID", "UID:call@example.org", "UID:", "uid-empty"),
    Defect("no DTSTAMP", FIRST, "UID:visit-1@example.org\n", "missing-property"),
    Defect("two DTSTAMP", FIRST, FIRST + STAMP, "repeated-property"),
    Defect("no DTSTART", START, "", "missing-property"),
    Defect("two DTSTART", START, START * 2, "repeated-property"),
    Defect("two SUMMARY", SUMMARY, SUMMARY * 2, "repeated-property"),
    Defect("two STATUS", "STATUS:CONFIRMED\n", "STATUS:CONFIRMED\n" * 2, "repeated-property"),
    Defect("two SEQUENCE", "SEQUENCE:0\n", "SEQUENCE:0\nSEQUENCE:1\n", "repeated-property"),
    Defect("two DESCRIPTION", "LOCATION:", "DESCRIPTION:x\nLOCATION:", "repeated-property"),
    Defect("two RRULE", RULE, RULE * 2, "repeated-rule"),
    Defect("DUE in an event", SUMMARY, f"DUE:20270101T000000Z\n{SUMMARY}", "property-not-allowed"),
    Defect("DTEND in a to-do", "DUE;VALUE=DATE:20270112", "DTEND;VALUE=DATE:20270112",
           "property-not-allowed", TASKS),
    Defect("TRANSP in a to-do", "PERCENT-C", "TRANSP:OPAQUE\nPERCENT-C", "property-not-allowed",
           TASKS),
    Defect("an unregistered name", SUMMARY, f"{SUMMARY}MOOD:good\n", "unknown-property"),
    Defect("a slip of the pen", SUMMARY, f"{SUMMARY}LOCATON:Room 2\n", "unknown-property"),
    Defect("a property behind the events", "END:VCALENDAR", "X-LATE:1\nEND:VCALENDAR",
           "property-order"),
    Defect("a component misspelled", REQUEST[REQUEST.index("BEGIN:VEVENT"):],
           "BEGIN:VEVNT\nUID:x\nEND:VEVNT\nEND:VCALENDAR\n", "unknown-component", REQUEST),
    Defect("two calendars", "END:VCALENDAR\n", "END:VCALENDAR\n" + CANCEL, "several-calendars"),
]  # fmt: skip

PARAMETERS = [
    Defect("REFRESH-INTERVAL without VALUE", "REFRESH-INTERVAL;VALUE=DURATION", "REFRESH-INTERVAL",
           "value-type"),
    Defect("REFRESH-INTERVAL of nothing", ":P1D\nSOURCE", ":PT0S\nSOURCE", "duration-not-positive"),
    Defect("SOURCE without VALUE", "SOURCE;VALUE=URI", "SOURCE", "value-type"),
    Defect("IMAGE without VALUE", "IMAGE;VALUE=URI;", "IMAGE;", "value-type"),
    Defect("CONFERENCE without VALUE", "CONFERENCE;VALUE=URI;", "CONFERENCE;", "value-type"),
    Defect("a list quoted as one", "FEATURE=AUDIO,VIDEO", 'FEATURE="AUDIO,VIDEO"',
           "parameter-quotes"),
    Defect("LINK without LINKREL", "LINK;LINKREL=describedby;", "LINK;", "missing-parameter"),
    Defect("LINK without VALUE", "LINKREL=describedby;VALUE=URI", "LINKREL=describedby",
           "value-type"),
    Defect("BINARY without ENCODING", "ENCODING=BASE64;VALUE", "VALUE", "binary"),
    Defect("no base64", "aGVsbG8=", "aGVsbG8", "binary"),
    Defect("quoted-printable", "ENCODING=BASE64;VALUE=BINARY:aGVsbG8=",
           "ENCODING=QUOTED-PRINTABLE:https://example.org/", "parameter-value"),
    Defect("a parameter twice", START, START.replace("TZID", "TZID=Europe/Berlin;TZID"),
           "repeated-parameter"),
    Defect("a parameter without =", "SUMMARY:Diary\n", "SUMMARY;LANGUAGE:Diary\n", "content-line"),
    Defect("a parameter without a name", "SUMMARY:Diary\n", "SUMMARY;=de:Diary\n", "content-line"),
    Defect("a quote in a parameter", 'CN="Study, calendar"', 'CN=Stu"dy', "content-line"),
    Defect("an open quote", 'CN="Study, calendar":', 'CN="Study:', "content-line"),
    Defect("a comma not quoted", 'CN="Study, calendar"', "CN=Study, calendar", "parameter-value"),
    Defect("a semicolon not quoted", 'CN="Study, calendar"', "CN=Study; calendar", "content-line"),
    Defect("a colon not quoted", 'CN="Study, calendar"', "CN=Study: calendar", "address"),
    Defect("SENT-BY not quoted", 'SENT-BY="mailto:desk@example.org":', "SENT-BY=desk:",
           "parameter-quotes", REQUEST),
    Defect("an unknown PARTSTAT", "NEEDS-ACTION;", "MAYBE;", "unregistered-value", REQUEST),
    Defect("an unknown ROLE", "ROLE=CHAIR", "ROLE=BOSS", "unregistered-value", REQUEST),
    Defect("an unknown CUTYPE", "INDIVIDUAL", "PERSON", "unregistered-value", REQUEST),
    Defect("RSVP=YES", "RSVP=TRUE", "RSVP=YES", "parameter-value", REQUEST),
    Defect("a wrong VALUE", "DTSTART;VALUE=DATE:20270709", "DTSTART;VALUE=PERIOD:20270709",
           "value-type"),
    Defect("an unknown VALUE", "DTSTART;VALUE=DATE:20270709", "DTSTART;VALUE=DAY:20270709",
           "value-type"),
    Defect("no language", "SUMMARY:Diary\n", "SUMMARY;LANGUAGE=de_DE:Diary\n", "parameter-value"),
    Defect("no media type", "FMTTYPE=text/plain", "FMTTYPE=text", "parameter-value"),
    Defect("RELTYPE of nobody", "RELTYPE=STARTTOSTART;GAP=P14D", "RELTYPE=AFTER",
           "unregistered-value"),
    Defect("GAP in words", "GAP=P14D", "GAP=14D", "gap"),
    Defect("GAP of a sibling", "RELTYPE=STARTTOSTART;GAP", "RELTYPE=SIBLING;GAP",
           "gap-without-order"),
    Defect("RANGE to the past", "RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDPRIOR;",
           "parameter-value"),
    Defect("CHARSET", "SUMMARY:Diary\n", "SUMMARY;CHARSET=UTF-8:Diary\n", "deprecated"),
]  # fmt: skip

VALUES = [
    Defect("a date without VALUE", "DTSTART;VALUE=DATE:", "DTSTART:", "date-without-value"),
    Defect("VALUE=DATE with a time", CALL, CALL.replace("DTSTART", "DTSTART;VALUE=DATE"), "date"),
    Defect("30 February", "DTSTART;VALUE=DATE:20270709", "DTSTART;VALUE=DATE:20270230", "date"),
    Defect("a date with hyphens", "VALUE=DATE:20270709", "VALUE=DATE:2027-07-09", "date"),
    Defect("month 13", "DTSTART:20270301T100000Z", "DTSTART:20271301T100000Z", "date-time"),
    Defect("24 o'clock", "DTEND:20270301T101500Z", "DTEND:20270301T240000Z", "date-time"),
    Defect("minute 60", "DTEND:20270301T101500Z", "DTEND:20270301T106000Z", "date-time"),
    Defect("no seconds", "DTEND:20270301T101500Z", "DTEND:20270301T1015Z", "date-time"),
    Defect("ISO 8601 with hyphens", "DTSTART:20270301T100000Z", "DTSTART:2027-03-01T10:00:00Z",
           "date-time"),
    Defect("an offset in a time", "DTSTART:20270301T100000Z", "DTSTART:20270301T100000+0100",
           "date-time"),
    Defect("a blank behind a time", "DTSTART:20270301T100000Z", "DTSTART:20270301T100000Z ",
           "date-time"),
    Defect("DTSTAMP not in UTC", "DTSTAMP:20270101T000000Z\nCREATED",
           "DTSTAMP:20270101T000000\nCREATED", "utc-required"),
    Defect("DTSTAMP in a zone", "DTSTAMP:20270101T000000Z\nCREATED",
           "DTSTAMP;TZID=Europe/Berlin:20270101T000000\nCREATED", "utc-required"),
    Defect("CREATED not in UTC", "CREATED:20260901T000000Z", "CREATED:20260901T000000",
           "utc-required"),
    Defect("LAST-MODIFIED not in UTC", "LAST-MODIFIED:20270101T000000Z",
           "LAST-MODIFIED:20270101T000000", "utc-required"),
    Defect("DTSTAMP a date", "DTSTAMP:20270101T000000Z\nCREATED", "DTSTAMP:20270101\nCREATED",
           "date-without-value"),
    Defect("COMPLETED not in UTC", "COMPLETED:20270110T101112Z", "COMPLETED:20270110T101112",
           "utc-required", TASKS),
    Defect("FREEBUSY not in UTC", "20270111T080000Z/PT3H", "20270111T080000/PT3H", "utc-required",
           TASKS),
    Defect("a period backwards", "20270111T080000Z/PT3H", "20270111T080000Z/-PT3H", "period",
           TASKS),
    Defect("no period", "20270111T080000Z/PT3H", "20270111T080000Z", "period", TASKS),
    Defect("VFREEBUSY by local clocks", "DTSTART:20270111T000000Z\nDTEND:20270118T000000Z",
           "DTSTART:20270111T000000\nDTEND:20270118T000000", "utc-required", TASKS),
    Defect("a duration without P", "DURATION:PT1H30M", "DURATION:1H30M", "duration"),
    Defect("a duration without T", "DURATION:PT1H30M", "DURATION:P1H30M", "duration"),
    Defect("a duration of months", "DURATION:PT1H30M", "DURATION:P1M", "duration"),
    Defect("weeks and days", "DURATION:PT1H30M", "DURATION:P1W1D", "duration"),
    Defect("an empty duration", "DURATION:PT1H30M", "DURATION:PT", "duration"),
    Defect("a duration in words", "DURATION:PT1H30M", "DURATION:90 minutes", "duration"),
    Defect("a negative duration", "DURATION:PT1H30M", "DURATION:-PT1H30M", "duration-not-positive"),
    Defect("a duration of nothing", "DURATION:PT1H30M", "DURATION:PT0S", "duration-not-positive"),
    Defect("PRIORITY 11", "PRIORITY:5", "PRIORITY:11", "number-range"),
    Defect("PRIORITY high", "PRIORITY:5", "PRIORITY:high", "integer"),
    Defect("SEQUENCE -1", "SEQUENCE:0", "SEQUENCE:-1", "number-range"),
    Defect("SEQUENCE 1.5", "SEQUENCE:0", "SEQUENCE:1.5", "integer"),
    Defect("SEQUENCE empty", "SEQUENCE:0", "SEQUENCE:", "integer"),
    Defect("101 percent", "COMPLETE:40", "COMPLETE:101", "number-range", TASKS),
    Defect("GEO with a comma", "GEO:52.52;13.40", "GEO:52.52,13.40", "geo"),
    Defect("GEO beyond the pole", "GEO:52.52;13.40", "GEO:92.52;13.40", "geo"),
    Defect("a comma not escaped", SUMMARY, SUMMARY.replace("\\,", ","), "text-separator"),
    Defect("a semicolon not escaped", "01-14\\;", "01-14;", "text-separator"),
    Defect("a comma in a place", "LOCATION:Room 2", "LOCATION:Room 2, 1st floor", "text-separator"),
    Defect("a semicolon in a category", "Study visit,", "Study;visit,", "text-separator"),
    Defect("an unknown escape", "See you", "\\See you", "text-escape"),
    Defect("a folder of Windows", "LOCATION:Room 2", "LOCATION:C:\\Temp", "text-escape"),
    Defect("a backslash at the end", "LOCATION:Room 2", "LOCATION:Room 2\\", "text-escape"),
    Defect("an escaped colon", "LOCATION:Room 2", "LOCATION:Room\\: 2", "text-escape"),
    Defect("a real line break", "\\nSee you", "\nSee you", "content-line"),
    Defect("a comma in a UID", "UID:call@", "UID:call,@", "loose-text"),
    Defect("URL without a scheme", "URL:https://example", "URL:www.example", "uri"),
    Defect("URL with a blank", "example.org/visit-1\n", "example.org/visit 1\n", "uri"),
    Defect("ORGANIZER without mailto", ":mailto:no-reply@study.invalid\nRELATED",
           ":no-reply@study.invalid\nRELATED", "address"),
    Defect("ATTENDEE in words", "\nATTENDEE:mailto:t@example.org", "\nATTENDEE:The therapist",
           "address", CANCEL),
    Defect("mailto without an address", ":mailto:no-reply@study.invalid\nRELATED",
           ":mailto:no-reply\nRELATED", "address"),
    Defect("STATUS of a to-do", "STATUS:CONFIRMED", "STATUS:COMPLETED", "enumerated"),
    Defect("STATUS of nobody", "STATUS:CONFIRMED", "STATUS:BOOKED", "enumerated"),
    Defect("STATUS misspelled", "STATUS:CANCELLED", "STATUS:CANCELED", "enumerated"),
    Defect("STATUS of an event", "STATUS:IN-PROCESS", "STATUS:TENTATIVE", "enumerated", TASKS),
    Defect("STATUS of a journal", "STATUS:FINAL", "STATUS:CONFIRMED", "enumerated", TASKS),
    Defect("TRANSP of nobody", "TRANSP:OPAQUE", "TRANSP:BUSY", "enumerated"),
    Defect("CLASS of nobody", "CLASS:PRIVATE", "CLASS:SECRET", "unregistered-value"),
    Defect("a colour by number", "COLOR:steelblue", "COLOR:#4682B4", "color"),
    Defect("a colour of nobody", "COLOR:steelblue", "COLOR:petrol", "color"),
]  # fmt: skip

TIMES = [
    Defect("end and duration", END, f"{END}DURATION:PT8H\n", "end-and-duration"),
    Defect("end before start", END, END.replace("T17", "T08"), "end-before-start"),
    Defect("end at start", END, END.replace("T17", "T09"), "end-before-start"),
    Defect("an inclusive end of days", "DTEND;VALUE=DATE:20270716", "DTEND;VALUE=DATE:20270709",
           "end-before-start"),
    Defect("a date ends at an hour", "DTEND;VALUE=DATE:20270716", "DTEND:20270716T000000Z",
           "end-type"),
    Defect("an hour ends at a date", "DTEND:20270301T101500Z", "DTEND;VALUE=DATE:20270302",
           "end-type"),
    Defect("a zone ends in none", END, "DTEND:20270111T170000\n", "end-type"),
    Defect("UTC ends in a zone, before", "DTEND:20270301T101500Z",
           "DTEND;TZID=Europe/Berlin:20270301T101500", "end-before-start"),
    Defect("due before its start", "DUE:20270112T080000Z", "DUE:20270110T080000Z",
           "end-before-start", TASKS),
    Defect("days with hours", "DTEND;VALUE=DATE:20270716", "DURATION:PT12H", "duration-of-dates"),
    Defect("TZID and Z", START, START.replace("090000", "090000Z"), "zone-of-utc"),
    Defect("TZID on a date", "DTSTART;VALUE=DATE:", "DTSTART;VALUE=DATE;TZID=Europe/Berlin:",
           "zone-of-date"),
    Defect("an empty TZID", START, START.replace("Europe/Berlin", ""), "parameter-value"),
    Defect("TZID without VTIMEZONE", START, START.replace("Berlin", "Vienna"), "zone-missing"),
    Defect("no VTIMEZONE", calendars.BERLIN, "", "zone-missing"),
    Defect("a fixed offset as TZID", START, START.replace("Europe/Berlin", '"UTC+01:00"'),
           "zone-missing"),
    Defect("another VTIMEZONE", "TZID:Europe/Berlin", "TZID:Berlin", "zone-missing"),
    Defect("an hour that does not exist", SECOND, SECOND.replace("0712T09", "0328T02"),
           "skipped-time"),
    Defect("an hour that comes twice", SECOND, SECOND.replace("0712T09", "1031T02"),
           "repeated-time"),
    Defect("busy and transparent", "BUSYSTATUS:BUSY", "BUSYSTATUS:FREE", "busy-status"),
    Defect("busy in a word of nobody", "BUSYSTATUS:BUSY", "BUSYSTATUS:YES", "busy-status"),
    Defect("changed before it was made", "CREATED:20260901", "CREATED:20280901",
           "modified-before"),
]  # fmt: skip

ZONES = [
    Defect("two VTIMEZONE", calendars.BERLIN, calendars.BERLIN * 2, "repeated-zone"),
    Defect("VTIMEZONE without TZID", "TZID:Europe/Berlin\n", "", "missing-property"),
    Defect("VTIMEZONE without offsets", calendars.BERLIN,
           "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nEND:VTIMEZONE\n", "zone-without-offsets"),
    Defect("no TZOFFSETFROM", DAYLIGHT, DAYLIGHT.replace("TZOFFSETFROM:+0100\n", ""),
           "missing-property"),
    Defect("no TZOFFSETTO", STANDARD, STANDARD.replace("TZOFFSETTO:+0100\n", ""),
           "missing-property"),
    Defect("no DTSTART of an observance", STANDARD, STANDARD.partition("\n")[2],
           "missing-property"),
    Defect("an observance in UTC", "DTSTART:19700329T020000", "DTSTART:19700329T020000Z",
           "zone-start"),
    Defect("an offset with a colon", "TZOFFSETTO:+0200", "TZOFFSETTO:+02:00", "utc-offset"),
    Defect("an offset without a sign", "TZOFFSETTO:+0200", "TZOFFSETTO:0200", "utc-offset"),
    Defect("an offset of a day", "TZOFFSETTO:+0200", "TZOFFSETTO:+2400", "utc-offset"),
    Defect("minus nothing", "TZOFFSETTO:+0200", "TZOFFSETTO:-0000", "utc-offset"),
    Defect("summer time of two hours", DAYLIGHT, DAYLIGHT.replace("+0200", "+0300"), "zone-offset"),
    Defect("winter time of another zone", STANDARD,
           STANDARD.replace("TZOFFSETTO:+0100", "TZOFFSETTO:+0000"), "zone-offset"),
    Defect("offsets swapped", STANDARD, "DTSTART:19701025T030000\nTZOFFSETFROM:+0100\n"
           "TZOFFSETTO:+0200\n", "zone-offset"),
    Defect("only winter time", calendars.BERLIN[calendars.BERLIN.index("BEGIN:DAY"):
           calendars.BERLIN.index("BEGIN:STANDARD")], "", "zone-offset"),
    Defect("a chain that does not close", "TZOFFSETFROM:+0100", "TZOFFSETFROM:+0000", "zone-chain"),
    Defect("American changes", "BYMONTH=3;BYDAY=-1SU", "BYMONTH=3;BYDAY=2SU", "zone-changes"),
    Defect("changes in the wrong season", "BYMONTH=3;", "BYMONTH=8;", "zone-offset"),
    Defect("COMMENT in a VTIMEZONE", "TZID:Europe/Berlin\n", "TZID:Europe/Berlin\nCOMMENT:x\n",
           "zone-property"),
    Defect("an observance that begins late", "DTSTART:19700329T020000",
           "DTSTART:20280326T020000", "zone-offset"),
    Defect("a zone that begins late", DAYLIGHT + "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n"
           f"END:DAYLIGHT\nBEGIN:STANDARD\n{STANDARD}", DAYLIGHT.replace("1970", "2027").replace(
           "0329", "0328") + "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\n"
           f"BEGIN:STANDARD\n{STANDARD.replace('19701025', '20271031')}", "zone-begins-late"),
    Defect("a local UNTIL in a zone", "BYDAY=-1SU\nEND:STANDARD",
           "BYDAY=-1SU;UNTIL=20401028T030000\nEND:STANDARD", "zone-until"),
]  # fmt: skip

RULES_OF_RECURRENCE = [
    Defect("no FREQ", "FREQ=WEEKLY;BYDAY=MO", "BYDAY=MO", "rule-syntax"),
    Defect("FREQ later", "FREQ=WEEKLY;BYDAY=MO", "BYDAY=MO;FREQ=WEEKLY", "rule-syntax"),
    Defect("FREQ of nobody", "FREQ=WEEKLY", "FREQ=FORTNIGHTLY", "rule-part"),
    Defect("COUNT and UNTIL", RULE, RULE.replace(";UNTIL", ";COUNT=9;UNTIL"), "rule-combination"),
    Defect("COUNT 0", "UNTIL=20270628T180000Z", "COUNT=0", "rule-part"),
    Defect("INTERVAL 0", "BYDAY=MO;", "BYDAY=MO;INTERVAL=0;", "rule-part"),
    Defect("UNTIL a date", "20270628T180000Z", "20270628", "rule-until"),
    Defect("UNTIL by local clocks", "20270628T180000Z", "20270628T180000", "rule-until"),
    Defect("UNTIL before the start", "20270628T180000Z", "20260628T180000Z", "rule-ends-first"),
    Defect("BYDAY of nobody", "BYDAY=MO", "BYDAY=MON", "rule-part"),
    Defect("ordinals in a week", "BYDAY=MO", "BYDAY=1MO", "rule-combination"),
    Defect("BYMONTH 13", "BYDAY=MO;", "BYMONTH=13;", "rule-part"),
    Defect("BYMONTHDAY 32", "WEEKLY;BYDAY=MO;", "MONTHLY;BYMONTHDAY=32;", "rule-part"),
    Defect("BYMONTHDAY in a week", "BYDAY=MO;", "BYMONTHDAY=11;", "rule-combination"),
    Defect("BYSETPOS alone", "WEEKLY;BYDAY=MO;", "MONTHLY;BYSETPOS=1;", "rule-combination"),
    Defect("BYHOUR 25", "BYDAY=MO;", "BYDAY=MO;BYHOUR=25;", "rule-part"),
    Defect("a part twice", "BYDAY=MO;", "BYDAY=MO;BYDAY=MO;", "rule-syntax"),
    Defect("a part of nobody", "BYDAY=MO;", "BYDAY=MO;BYEASTER=1;", "rule-part"),
    Defect("a semicolon at the end", "20270628T180000Z", "20270628T180000Z;", "rule-syntax"),
    Defect("commas for semicolons", "FREQ=WEEKLY;BYDAY=MO;", "FREQ=WEEKLY,BYDAY=MO;", "rule-part"),
    Defect("a start outside of the rule", "BYDAY=MO;", "BYDAY=TU;", "start-outside-rule"),
    Defect("EXDATE a date", "EXDATE;TZID=Europe/Berlin:20270118T200000",
           "EXDATE;VALUE=DATE:20270118", "exception-type"),
    Defect("EXDATE without a zone", "EXDATE;TZID=Europe/Berlin:", "EXDATE:", "exception-type"),
    Defect("RDATE a date", "RDATE;TZID=Europe/Berlin:20270119T200000", "RDATE;VALUE=DATE:20270119",
           "exception-type"),
    Defect("EXDATE without a rule", SUMMARY, f"{SUMMARY}EXDATE:20270118T200000Z\n",
           "exception-of-nothing"),
    Defect("EXDATE at another hour", "TZID=Europe/Berlin:20270118T200000\nRDATE;TZID=Europe/Berlin"
           ":20270119T200000", "TZID=Europe/Berlin:20270118T090000", "exception-of-nothing"),
    Defect("RECURRENCE-ID a date", "RECURRENCE-ID;TZID=Europe/Berlin:20270125T200000",
           "RECURRENCE-ID;VALUE=DATE:20270125", "recurrence-id-type"),
    Defect("RECURRENCE-ID without a zone", "RECURRENCE-ID;TZID=Europe/Berlin:", "RECURRENCE-ID:",
           "recurrence-id-type"),
    Defect("an empty EXDATE", "EXDATE;TZID=Europe/Berlin:20270118T200000",
           "EXDATE;TZID=Europe/Berlin:", "date-time"),
    Defect("a rule without a start", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU\n",
           "RRULE:FREQ=DAILY\n", "no-start", TASKS.replace(
               "DTSTART:20270111T080000Z\nDTEND:20270111T120000Z\nRRULE",
               "DTSTART:20270111T080000Z\nDTEND:20270111T120000Z\nRRULE").replace(
               "DUE;VALUE=DATE:20270112\n", "RRULE:FREQ=DAILY\nDUE;VALUE=DATE:20270112\n")),
]  # fmt: skip

IDENTITY = [
    Defect("a UID twice", "UID:call@", "UID:visit-2@", "uid-repeated"),
    Defect("an instance twice", "UID:call@example.org\n",
           "UID:diary@example.org\nRECURRENCE-ID;TZID=Europe/Berlin:20270125T200000\n",
           "uid-repeated"),
    Defect("a UID of two kinds", "UID:todo@", "UID:journal@", "uid-of-two-kinds", TASKS),
    Defect("a relation to itself", "P14D:visit-2@", "P14D:visit-1@", "relation-to-self"),
    Defect("a relation to nothing", "P14D:visit-2@", "P14D:visit-9@", "relation-to-nothing"),
    Defect("an alarm without ACTION", "ACTION:DISPLAY\n", "", "missing-property"),
    Defect("an alarm without TRIGGER", "TRIGGER:-PT30M\n", "", "missing-property"),
    Defect("DISPLAY without DESCRIPTION", ALARM, ALARM.replace("DESCRIPTION:P0001 V01\n", ""),
           "alarm-action"),
    Defect("EMAIL without SUMMARY", "SUMMARY:Order kits\nATTENDEE", "ATTENDEE", "alarm-action",
           TASKS),
    Defect("EMAIL without ATTENDEE", "ATTENDEE:mailto:t@example.org\n", "", "alarm-action", TASKS),
    Defect("ACTION of nobody", "ACTION:DISPLAY", "ACTION:POPUP", "unregistered-value"),
    Defect("REPEAT without DURATION", "DURATION:PT5M\n", "", "alarm-repeat"),
    Defect("DURATION without REPEAT", "REPEAT:2\n", "", "alarm-repeat"),
    Defect("TRIGGER in minutes", "TRIGGER:-PT30M", "TRIGGER:-30", "duration"),
    Defect("TRIGGER an instant", "TRIGGER:-PT30M", "TRIGGER:20270111T070000Z", "alarm-trigger"),
    Defect("TRIGGER by local clocks", "DATE-TIME:20270110T090000Z", "DATE-TIME:20270110T090000",
           "alarm-trigger", TASKS),
    Defect("RELATED of an instant", "TRIGGER;VALUE", "TRIGGER;RELATED=END;VALUE", "alarm-trigger",
           TASKS),
    Defect("from an end that is none", "SUMMARY:Diary\n", "SUMMARY:Diary\nBEGIN:VALARM\n"
           "ACTION:AUDIO\nTRIGGER;RELATED=END:P0D\nEND:VALARM\n", "alarm-trigger"),
    Defect("two TRIGGER", "TRIGGER:-PT30M\n", "TRIGGER:-PT30M\n" * 2, "repeated-property"),
]  # fmt: skip

ORGANIZER = "ORGANIZER:mailto:no-reply@study.invalid\n"
MESSAGES = [
    Defect("PUBLISH without ORGANIZER", f"TENTATIVE\n{ORGANIZER}", "TENTATIVE\n",
           "method-requires"),
    Defect("PUBLISH with ATTENDEE", SUMMARY, f"{SUMMARY}ATTENDEE:mailto:t@example.org\n",
           "method-forbids"),
    Defect("PUBLISH without SUMMARY", "SUMMARY:Call\n", "", "method-requires"),
    Defect("PUBLISH with REQUEST-STATUS", SUMMARY, f"{SUMMARY}REQUEST-STATUS:2.0;Success\n",
           "method-forbids"),
    Defect("REQUEST without ATTENDEE", REQUEST[REQUEST.index("ATTENDEE"):REQUEST.index("END:VEV")],
           "", "method-requires", REQUEST),
    Defect("REQUEST without ORGANIZER", 'ORGANIZER;SENT-BY="mailto:desk@example.org":mailto:'
           "study@example.org\n", "", "method-requires", REQUEST),
    Defect("REQUEST of two things", "END:VEVENT\n", f"END:VEVENT\nBEGIN:VEVENT\nUID:x\n{STAMP}"
           "DTSTART:20270111T080000Z\nSUMMARY:x\nORGANIZER:mailto:study@example.org\n"
           "ATTENDEE:mailto:t@example.org\nEND:VEVENT\n", "method-one-uid", REQUEST),
    Defect("REQUEST of a cancelled thing", "SEQUENCE:1\n", "SEQUENCE:1\nSTATUS:CANCELLED\n",
           "method-status", REQUEST),
    Defect("CANCEL without SEQUENCE", "SEQUENCE:2\n", "", "method-requires", CANCEL),
    Defect("CANCEL of two things", "END:VEVENT\n", f"END:VEVENT\nBEGIN:VEVENT\nUID:x\n{STAMP}"
           "SEQUENCE:1\nORGANIZER:mailto:study@example.org\nEND:VEVENT\n", "method-one-uid",
           CANCEL),
    Defect("CANCEL of what is confirmed", "CANCELLED", "CONFIRMED", "method-status", CANCEL),
    Defect("CANCEL with an alarm", "STATUS:CANCELLED\n", "STATUS:CANCELLED\nBEGIN:VALARM\n"
           "ACTION:AUDIO\nTRIGGER;VALUE=DATE-TIME:20270101T000000Z\nEND:VALARM\n",
           "method-forbids", CANCEL),
    Defect("a guest without a host", "SUMMARY:Order kits\nSTATUS",
           "SUMMARY:Order kits\nATTENDEE:mailto:x@example.org\nSTATUS", "attendee-alone", TASKS),
]  # fmt: skip

EDITS = [
    *STRUCTURE, *PARAMETERS, *VALUES, *TIMES, *ZONES, *RULES_OF_RECURRENCE, *IDENTITY, *MESSAGES,
]  # fmt: skip


def edited(defect: Defect) -> bytes:
    assert defect.old in defect.file, f"{defect.name}: the good file has no such text"
    return octets(defect.file.replace(defect.old, defect.new, 1))


def found(data: bytes) -> list[CalendarFinding]:
    return list(check_calendar(data).findings)


@pytest.mark.parametrize("text", [PUBLISHED, REQUEST, CANCEL, TASKS])
def test_the_good_files_have_nothing_wrong(text: str) -> None:
    assert found(octets(text)) == []


@pytest.mark.parametrize("defect", EDITS, ids=[one.name for one in EDITS])
def test_each_single_defect_is_found_by_its_rule(defect: Defect) -> None:
    findings = found(edited(defect))
    assert defect.rule in {one.rule for one in findings}
    assert all(one.line >= 1 and one.column >= 1 and one.clause for one in findings)


def test_every_rule_but_a_few_has_a_defect_that_shows_it() -> None:
    shown = {one.rule for one in EDITS}
    elsewhere = {
        "line-end", "last-line-end", "line-length", "byte-order-mark", "encoding", "empty-fold",
        "control-character", "fold-in-character", "fold-in-escape", "stray-fold", "empty-line",
        "line-separator",
        "too-deep", "too-many", "relative-uri", "request-status", "duration-gap", "due-at-start",
        "zone-dates-only", "stored-object", "published-file", "floating-in-zone",
        "recurrence-id-nothing",
    }  # fmt: skip
    assert set(RULES) - shown == elsewhere


def test_names_of_defects_are_told_apart() -> None:
    names = [one.name for one in EDITS]
    assert len(names) == len(set(names)) > 200
