import io
import re
import zoneinfo
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from dateutil import tz
from dateutil.rrule import rrulestr

from planner.errors import PlannerError
from planner.formats.ical import vtimezone
from planner.formats.ical.tzif import Transition, read_zone
from planner.formats.ical.vtimezone import ZoneText, offset_text, zone_text
from planner.time.zone import find_zone, known_zone

ZONES = sorted(name for name in zoneinfo.available_timezones() if known_zone(name))
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAYS = [NOON + timedelta(days=day) for day in range(6 * 365 + 1)]


@cache
def dateutil_onsets(rule: str, start: datetime) -> list[datetime]:
    """The onsets of an RRULE until 2033, as dateutil reads it."""
    return list(rrulestr(rule, dtstart=start).between(start, datetime(2033, 1, 1), inc=True))  # noqa: DTZ001


def reading(zone: ZoneText) -> list[tuple[datetime, int]]:
    """Instants in UTC and the offsets from then on, from the text, with dateutil's RRULEs."""
    found = []
    text = "\n".join(zone.lines())
    for part in re.findall(r"BEGIN:(?:STANDARD|DAYLIGHT)\n(.*?)END:", text, re.DOTALL):
        fields = dict(line.split(":", 1) for line in part.splitlines())
        start = datetime.strptime(fields["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007
        before, after = (
            int(fields[name][0] + "1")
            * (int(fields[name][1:3]) * 3600 + int(fields[name][3:5]) * 60)
            for name in ("TZOFFSETFROM", "TZOFFSETTO")
        )
        onsets = dateutil_onsets(fields["RRULE"], start) if "RRULE" in fields else [start]
        found += [
            ((onset - timedelta(seconds=before)).replace(tzinfo=UTC), after) for onset in onsets
        ]
    return sorted(found)


def test_every_zone_of_the_database_is_right_from_2026_to_2031() -> None:
    wrong = []
    for key in ZONES:
        zone = find_zone(key)
        changes = reading(zone_text(key, 2026, 2031))
        instants = [instant for instant, _ in changes]
        # Each day's noon, and both sides of every change that the VTIMEZONE claims: together they
        # meet every stretch of time, since no zone changes twice within a day.
        moments = DAYS[::3] + [
            one + timedelta(seconds=step)
            for one in instants
            if one.year >= 2026
            for step in (-1, 0)
        ]
        for moment in moments:
            offset = changes[max(bisect_right(instants, moment) - 1, 0)][1]
            if moment.astimezone(zone).utcoffset() != timedelta(seconds=offset):
                wrong.append(f"{key} at {moment}")
                break
    assert wrong == []


def test_nearly_all_zones_have_the_form_that_every_reader_understands() -> None:
    forms = {"one": 0, "pair": 0, "other": 0}
    for key in ZONES:
        observances = zone_text(key, 2026, 2031).observances
        yearly = all("BYMONTH" in one.rule for one in observances)
        name = "one" if len(observances) == 1 else "pair" if yearly else "other"
        forms[name] += 1
    assert forms["other"] <= 20
    assert forms["pair"] >= 150


def test_berlin_reads_as_the_rfc_writes_such_zones() -> None:
    assert zone_text("Europe/Berlin", 2026, 2031).lines() == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


def test_a_zone_without_clock_changes_is_one_standard() -> None:
    lines = zone_text("Asia/Kolkata", 2026, 2031).lines()
    assert lines.count("BEGIN:STANDARD") == 1
    assert "TZOFFSETFROM:+0530" in lines
    assert not any(line.startswith("RRULE") for line in lines)


def test_clocks_that_change_on_the_eve_of_a_weekday_keep_to_the_right_days() -> None:
    # Jerusalem: the Friday before the last Sunday of March, which the database gives as the
    # fourth Thursday and 26 hours; it is not always the last Friday.
    text = "\n".join(zone_text("Asia/Jerusalem", 2026, 2031).lines())
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29" in text


def test_a_change_that_may_fall_into_the_next_month_has_a_rule_for_each_month() -> None:
    # Cairo: midnight after the last Thursday of October, which may be 1 November (as in 2030).
    rules = [one.rule for one in zone_text("Africa/Cairo", 2026, 2031).observances]
    assert "FREQ=YEARLY;BYMONTH=11;BYDAY=FR;BYMONTHDAY=1" in rules
    assert "FREQ=YEARLY;BYMONTH=10;BYDAY=FR;BYMONTHDAY=26,27,28,29,30,31" in rules


@pytest.mark.parametrize(
    ("key", "years"),
    [("Africa/Casablanca", (2019, 2024)), ("America/New_York", (2004, 2009))],
)
def test_where_no_yearly_rule_holds_each_transition_stands_for_itself(
    key: str, years: tuple[int, int]
) -> None:
    zone = zone_text(key, *years)
    assert len(zone.observances) > 10
    assert not any("RDATE" in line for line in zone.lines())
    # Some readers fail on an observance that has no onset before an event.
    assert all(one.onset.year < 1970 for one in zone.observances)


def test_dateutil_reads_a_listed_zone_as_zoneinfo_knows_it() -> None:
    text = "\r\n".join(zone_text("Africa/Casablanca", 2019, 2024).lines())
    read = tz.tzical(io.StringIO(text)).get()
    zone = find_zone("Africa/Casablanca")
    for day in range(0, 2190, 5):
        local = (
            (datetime(2019, 1, 1, 12, tzinfo=UTC) + timedelta(day))
            .astimezone(zone)
            .replace(tzinfo=None)
        )
        assert local.replace(tzinfo=read).utcoffset() == local.replace(tzinfo=zone).utcoffset()


def test_summer_time_is_daylight_even_where_the_law_calls_it_standard() -> None:
    lines = zone_text("Europe/Dublin", 2026, 2031).lines()
    assert lines[lines.index("BEGIN:DAYLIGHT") + 3] == "TZOFFSETTO:+0100"


def test_offsets_have_seconds_only_where_a_zone_had_them() -> None:
    assert offset_text(3600) == "+0100"
    assert offset_text(-12_600) == "-0330"
    assert offset_text(-1_521) == "-002521"
    assert offset_text(0) == "+0000"


@pytest.mark.parametrize("key", ["Europe/Atlantis", "../../etc/passwd", "", "/etc/passwd", "a\x00"])
def test_an_unknown_zone_is_refused_by_name(key: str) -> None:
    with pytest.raises(PlannerError, match="time zone"):
        zone_text(key, 2026, 2031)


def test_rules_that_disagree_with_zoneinfo_are_never_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vtimezone, "read_zone", lambda _: read_zone("Europe/London"))
    with pytest.raises(PlannerError, match="disagree with zoneinfo"):
        zone_text("Europe/Berlin", 2041, 2042)


def test_the_transitions_of_a_year_are_those_of_its_zone() -> None:
    begin, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2040, 2041))
    assert read_zone("Europe/Berlin").between(begin, end) == [
        Transition(int(datetime(2040, 3, 25, 1, tzinfo=UTC).timestamp()), 3600, 7200),
        Transition(int(datetime(2040, 10, 28, 1, tzinfo=UTC).timestamp()), 7200, 3600),
    ]
    assert read_zone("Europe/Berlin").offset_at(begin) == 3600
