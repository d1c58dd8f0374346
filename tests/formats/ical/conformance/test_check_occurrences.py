"""Times that a component excludes, or replaces, and that it never has: found, and nothing else."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats.ical.conformance import CalendarFinding, check_calendar

BERLIN = "TZID=Europe/Berlin"


def calendar(*events: str, head: str = "", zones: str = "") -> bytes:
    inner = "".join(
        f"BEGIN:VEVENT\nUID:x\nDTSTAMP:20270101T000000Z\n{event}SUMMARY:x\nEND:VEVENT\n"
        for event in events
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{zones}{inner}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def found(rule: str, *events: str, head: str = "", zones: str = "") -> list[CalendarFinding]:
    checked = check_calendar(calendar(*events, head=head, zones=zones))
    return [one for one in checked.findings if one.rule == rule]


def excluded(rule: str, day: str, start: str = "DTSTART:20270301T090000Z") -> bool:
    """Whether an EXDATE of a rule from Monday 1 March 2027, 9:00, is said to exclude nothing."""
    return bool(found("exception-of-nothing", f"{start}\nRRULE:{rule}\n{day}\n"))


NOTHING = [  # a rule and a time that it does not have
    ("FREQ=WEEKLY;COUNT=5", "EXDATE:20270309T090000Z"),
    ("FREQ=WEEKLY;BYDAY=MO;COUNT=5", "EXDATE:20270309T090000Z"),
    ("FREQ=WEEKLY;COUNT=5", "EXDATE:20270405T090000Z"),
    ("FREQ=WEEKLY;INTERVAL=2", "EXDATE:20270308T090000Z"),
    ("FREQ=WEEKLY;UNTIL=20270322T090000Z", "EXDATE:20270329T090000Z"),
    ("FREQ=WEEKLY", "EXDATE:20270308T080000Z"),
    ("FREQ=WEEKLY", "EXDATE:20270222T090000Z"),
    ("FREQ=DAILY;INTERVAL=3", "EXDATE:20270303T090000Z"),
    ("FREQ=DAILY;COUNT=3", "EXDATE:20270304T090000Z"),
    ("FREQ=MONTHLY", "EXDATE:20270402T090000Z"),
    ("FREQ=MONTHLY;BYDAY=1MO", "EXDATE:20270412T090000Z"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "EXDATE:20270401T090000Z"),
    ("FREQ=YEARLY", "EXDATE:20280302T090000Z"),
    ("FREQ=YEARLY;COUNT=2", "EXDATE:20290301T090000Z"),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", "EXDATE:20280313T090000Z"),
]
SOMETHING = [
    ("FREQ=WEEKLY;COUNT=5", "EXDATE:20270308T090000Z"),
    ("FREQ=WEEKLY;COUNT=5", "EXDATE:20270329T090000Z"),
    ("FREQ=WEEKLY;COUNT=2000000000", "EXDATE:21270303T090000Z,20270308T090000Z"),
    ("FREQ=DAILY;COUNT=99999999999999999999999", "EXDATE:20990101T090000Z"),
    ("FREQ=WEEKLY;INTERVAL=2", "EXDATE:20270315T090000Z"),
    ("FREQ=WEEKLY;UNTIL=20270322T090000Z", "EXDATE:20270322T090000Z"),
    ("FREQ=MONTHLY;BYDAY=1MO", "EXDATE:20270405T090000Z"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "EXDATE:20270401T090000Z"),
    ("FREQ=WEEKLY;BYDAY=TU", "EXDATE:20270301T090000Z"),  # the start itself
]
UNKNOWN = [  # what may be so, or is read in several ways
    ("FREQ=WEEKLY;BYHOUR=9,10", "EXDATE:20270309T110000Z"),
    ("FREQ=HOURLY;INTERVAL=5", "EXDATE:20270302T090000Z"),
    ("FREQ=YEARLY;BYWEEKNO=10", "EXDATE:20280302T090000Z"),
    ("FREQ=YEARLY;BYYEARDAY=61", "EXDATE:20280302T090000Z"),
    ("FREQ=WEEKLY;RSCALE=HEBREW", "EXDATE:20270309T090000Z"),
    ("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1,2,3", "EXDATE:20270412T090000Z"),
    ("FREQ=WEEKLY;COUNT=5;X=1", "EXDATE:20270309T090000Z"),
    ("FREQ=WEEKLY;COUNT=5", "EXDATE;TZID=Nowhere/At-All:20270309T090000"),
    ("FREQ=WEEKLY;COUNT=5", "EXDATE:20270309T090000"),
    ("FREQ=WEEKLY;COUNT=5", "EXDATE;VALUE=DATE:20270309"),
]


@pytest.mark.parametrize(("rule", "day"), NOTHING)
def test_what_a_rule_does_not_have_cannot_be_excluded(rule: str, day: str) -> None:
    assert excluded(rule, day)


@pytest.mark.parametrize(("rule", "day"), SOMETHING + UNKNOWN)
def test_nothing_is_said_of_what_a_rule_has_or_may_have(rule: str, day: str) -> None:
    assert not excluded(rule, day)


def test_times_of_other_clocks_are_compared_as_instants() -> None:
    start = f"DTSTART;{BERLIN}:20270301T090000"
    assert not excluded("FREQ=WEEKLY", "EXDATE:20270308T080000Z", start)
    assert not excluded("FREQ=WEEKLY", "EXDATE:20270329T070000Z", start)  # summer time
    assert excluded("FREQ=WEEKLY", "EXDATE:20270329T080000Z", start)
    assert not excluded("FREQ=WEEKLY", "EXDATE;TZID=America/New_York:20270308T030000", start)
    assert excluded("FREQ=WEEKLY", "EXDATE;TZID=America/New_York:20270308T040000", start)


def test_nothing_is_said_of_an_hour_that_clocks_skip() -> None:
    start = f"DTSTART;{BERLIN}:20270314T023000"
    assert not excluded("FREQ=WEEKLY", "EXDATE:20270328T013000Z", start)
    assert not excluded("FREQ=WEEKLY", "EXDATE:20270328T003000Z", start)


def test_a_date_beside_the_rule_can_be_excluded() -> None:
    event = "DTSTART:20270301T090000Z\nRRULE:FREQ=WEEKLY\nRDATE:20270302T110000Z\n"
    assert not found("exception-of-nothing", f"{event}EXDATE:20270302T110000Z\n")
    assert found("exception-of-nothing", f"{event}EXDATE:20270303T110000Z\n")
    period = "DTSTART:20270301T090000Z\nRDATE;VALUE=PERIOD:20270302T110000Z/PT1H\n"
    assert not found("exception-of-nothing", f"{period}EXDATE:20270302T110000Z\n")
    assert found("exception-of-nothing", f"{period}EXDATE:20270302T120000Z\n")
    strange = "DTSTART:20270301T090000Z\nRDATE;TZID=Nowhere:20270302T110000\n"
    assert not found("exception-of-nothing", f"{strange}EXDATE:20270303T110000Z\n")


def test_an_excluded_date_beside_times_is_a_warning_and_no_error() -> None:
    event = "DTSTART:20270301T090000Z\nRRULE:FREQ=DAILY\nEXDATE;VALUE=DATE:20270305\n"
    (only,) = found("exception-type", event)
    assert only.severity == "warning"
    assert check_calendar(calendar(event)).count("error") == 0


MASTER = "DTSTART:20270301T090000Z\nRRULE:FREQ=WEEKLY;COUNT=5\n"
MOVED = "DTSTART:20270302T110000Z\n"


@pytest.mark.parametrize("order", [1, -1])
def test_an_instance_is_a_time_of_its_rule(order: int) -> None:
    def told(master: str, instance: str) -> int:
        events = (master, f"{instance}\n{MOVED}")[::order]
        return len(found("recurrence-id-nothing", *events))

    assert told(MASTER, "RECURRENCE-ID:20270302T090000Z") == 1
    assert told(MASTER, "RECURRENCE-ID:20270405T090000Z") == 1
    assert told("DTSTART:20270301T090000Z\n", "RECURRENCE-ID:20270302T090000Z") == 1
    assert told(MASTER, "RECURRENCE-ID:20270308T090000Z") == 0
    assert told(MASTER, f"RECURRENCE-ID;{BERLIN}:20270308T100000") == 0
    assert told(MASTER, "RECURRENCE-ID:20270301T090000Z") == 0
    assert told(MASTER, "RECURRENCE-ID;RANGE=THISANDFUTURE:20270302T090000Z") == 0
    assert told(MASTER.replace("COUNT=5", "BYHOUR=9"), "RECURRENCE-ID:20270302T100000Z") == 0
    assert told(MASTER + "RDATE:20270302T090000Z\n", "RECURRENCE-ID:20270302T090000Z") == 0
    assert told(MASTER + "EXDATE:20270308T090000Z\n", "RECURRENCE-ID:20270308T090000Z") == 0


def test_an_instance_alone_is_of_an_event_in_another_file() -> None:
    assert not found("recurrence-id-nothing", f"RECURRENCE-ID:20270302T090000Z\n{MOVED}")


ZONE = (
    "BEGIN:VTIMEZONE\nTZID:{name}\n"
    "BEGIN:STANDARD\nDTSTART:16011028T030000\nTZOFFSETFROM:{summer}\nTZOFFSETTO:{winter}\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n"
    "BEGIN:DAYLIGHT\nDTSTART:16010325T020000\nTZOFFSETFROM:{winter}\nTZOFFSETTO:{summer}\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)


@pytest.mark.parametrize(
    ("name", "winter", "summer", "is_wrong"),
    [
        ("Eastern Standard Time", "+0100", "+0200", True),
        ("Eastern Standard Time", "-0500", "-0400", False),
        ("W. Europe Standard Time", "+0100", "+0200", False),
        ("W. Europe Standard Time 1", "+0100", "+0200", False),
        ("W. Europe Standard Time", "-0500", "-0400", True),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "+0100", "+0200", False),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "+0000", "+0100", True),
        ("/mozilla.org/20050126_1/America/Argentina/Buenos_Aires", "+0100", "+0200", True),
        ("(UTC+01:00) Amsterdam, Berlin, Bern", "+0100", "+0200", False),
        ("(UTC-05:00) Eastern Time (US & Canada)", "+0100", "+0200", True),
        ("(GMT) Dublin", "+0000", "+0100", False),
        ("Customized Time Zone", "+0300", "+0400", False),
    ],
)
@pytest.mark.parametrize("month", ["01", "07"])
def test_a_zone_has_the_offsets_that_its_name_promises(
    name: str, winter: str, summer: str, is_wrong: bool, month: str
) -> None:
    zone = ZONE.format(name=name, winter=winter, summer=summer)
    event = f"DTSTART;TZID={name}:2027{month}15T090000\n".replace(f"={name}", f'="{name}"')
    assert bool(found("zone-offset", event, zones=zone)) == is_wrong


def test_changes_on_other_days_are_no_offset_that_a_zone_does_not_have() -> None:
    """The rules of Windows for all years are those of one: New York's, changing as Europe does."""
    zone = ZONE.format(name="Eastern Standard Time", winter="-0500", summer="-0400")
    event = "DTSTART;TZID=Eastern Standard Time:20270320T090000\n"
    assert not found("zone-offset", event, zones=zone)


@pytest.mark.parametrize(
    ("head", "event", "count"),
    [
        ("X-WR-TIMEZONE:Europe/Berlin\n", "DTSTART:20270301T090000\n", 1),
        ("X-WR-TIMEZONE:Europe/Berlin\n", "DUE:20270301T090000\n", 1),
        ("X-WR-TIMEZONE:Europe/Berlin\n", "DTSTART:20270301T090000Z\n", 0),
        ("X-WR-TIMEZONE:Europe/Berlin\n", "DTSTART;VALUE=DATE:20270301\n", 0),
        ("X-WR-TIMEZONE:Europe/Berlin\n", f"DTSTART;{BERLIN}:20270301T090000\n", 0),
        ("", "DTSTART:20270301T090000\n", 0),
    ],
)
def test_a_calendar_does_not_give_its_zone_to_floating_times(
    head: str, event: str, count: int
) -> None:
    assert len(found("floating-in-zone", event, head=head)) == count


@pytest.mark.parametrize("count", ["1", "0001", "2000000000", "9" * 400, "9" * 5000])
def test_a_rule_may_repeat_as_often_as_it_likes(count: str) -> None:
    event = f"DTSTART:20270301T090000Z\nRRULE:FREQ=DAILY;COUNT={count};INTERVAL={count}\n"
    assert not found("rule-part", event)


@pytest.mark.parametrize("count", ["0", "000", "-1", "1.5", ""])
def test_but_not_zero_times(count: str) -> None:
    event = f"DTSTART:20270301T090000Z\nRRULE:FREQ=DAILY;COUNT={count}\n"
    assert found("rule-part", event) or found("rule-syntax", event)


START = datetime(2027, 1, 31, 9, tzinfo=UTC)
days_of_week = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), max_size=3)
ordinals = st.lists(st.sampled_from(["1MO", "-1FR", "2WE", "5SU", "-5TU", "TH"]), max_size=2)


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    months = draw(st.lists(st.integers(1, 12), max_size=3, unique=True))
    if months:
        parts.append("BYMONTH=" + ",".join(map(str, months)))
    monthdays = draw(st.lists(st.sampled_from([1, 15, 28, 29, 31, -1, -3]), max_size=2))
    if monthdays and frequency != "WEEKLY":
        parts.append("BYMONTHDAY=" + ",".join(map(str, monthdays)))
    plain = frequency in ("DAILY", "WEEKLY") or "BYMONTHDAY" in parts[-1]
    days = draw(days_of_week if plain else ordinals)
    if days:
        parts.append("BYDAY=" + ",".join(days))
    if len(parts) > 2 and "BY" in parts[-1] and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from([1, 2, -1]))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU', 'WE']))}")
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 60))}")
    elif end == "UNTIL":
        until = START + timedelta(days=draw(st.integers(0, 900)))
        parts.append(f"UNTIL={until:%Y%m%dT%H%M%SZ}")
    return ";".join(parts)


@pytest.mark.slow
@given(rules(), st.integers(0, 200), st.integers(-30, 1200))
@settings(deadline=None, max_examples=150)
def test_what_is_said_agrees_with_an_expansion(rule: str, start_day: int, day: int) -> None:
    """An expansion that counts the start only where the rule has it, as ours leaves open."""
    start = START + timedelta(days=start_day)
    moment = start + timedelta(days=day)
    first = start
    if "WEEKLY" in rule and "BYSETPOS" in rule:
        # dateutil takes positions in what is left of the first week, others in the whole of it.
        week = 6 if "WKST=SU" in rule else 2 if "WKST=WE" in rule else 0
        first -= timedelta(days=(start.weekday() - week) % 7)
    expanded = rrulestr(rule, dtstart=first, cache=False)
    times = set(expanded.between(start, START + timedelta(days=1600), inc=True))
    told = excluded(rule, f"EXDATE:{moment:%Y%m%dT%H%M%SZ}", f"DTSTART:{start:%Y%m%dT%H%M%SZ}")
    if told:
        assert moment not in times
        assert moment != start
    elif moment != start and moment not in times and "COUNT" not in rule:
        raise AssertionError(f"{moment} is not a time of {rule} from {start}, and nobody says so")


@pytest.mark.slow
@given(rules(), st.integers(0, 20))
@settings(deadline=None, max_examples=100)
def test_every_time_of_an_expansion_can_be_excluded(rule: str, at: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = START.astimezone(zone)
    clock = start.replace(tzinfo=None)
    times = list(islice(rrulestr(rule.split(";UNTIL")[0], dtstart=clock), 21))
    if at >= len(times):
        return
    day = f"EXDATE;{BERLIN}:{times[at]:%Y%m%dT%H%M%S}"
    assert not excluded(rule.split(";UNTIL")[0], day, f"DTSTART;{BERLIN}:{clock:%Y%m%dT%H%M%S}")
