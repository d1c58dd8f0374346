"""Whole pages in HTML: a participant's sheet, and the report of a designer."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import AnswerNo, PlannerError

if TYPE_CHECKING:
    from datetime import date

    from planner.api.inputs import DateSource, ProtocolSource, RecordSource, SiteSource
    from planner.protocol.model import Protocol
    from planner.site.calendar import SiteCalendar
    from planner.timeline.course_planner import CoursePlanner
    from planner.timeline.model import Timeline
    from planner.timeline.possible_days import PossibleDays
    from planner.views.pages.report import DatedPlan, Section

_SETTLED = ("booked", "occurred", "missed", "cancelled")


class NotBooked(AnswerNo):
    """There is no sheet of a plan that breaks windows on days which nobody has booked."""


class HandoutPage(str):
    """A participant's sheet in HTML, and what does not stand on it.

    Attributes:
        timeline: the plan that it shows.
        unrecorded: ids of visits whose day has passed and of which nothing is recorded.
        withheld: lines of the site's title and address, each with the word in it that tells what
            the study is about.
    """

    timeline: "Timeline"
    unrecorded: tuple[str, ...]
    withheld: tuple[tuple[str, str], ...]


class ReportPage(str):
    """A protocol's report in HTML.

    Attributes:
        no_plan: why there is no plan on the dates that were asked for; empty where there is one, or
            no dates were asked for.
    """

    no_plan: str


def handout_languages() -> tuple[str, ...]:
    """The languages that a participant's sheet can be in, such as `en`, sorted."""
    from planner.views.pages.translations import language_codes

    return tuple(language_codes())


def handout(
    protocol: "ProtocolSource",
    start: "DateSource | None" = None,
    participant: str | None = None,
    *,
    site: "SiteSource",
    language: str = "en",
    calendar: str | None = None,
    arm: str | None = None,
    with_visits: Collection[str] | None = None,
    without_visits: Collection[str] = (),
    at: "Mapping[str, DateSource] | None" = None,
    actuals: "RecordSource | None" = None,
    today: "DateSource | None" = None,
    anyway: bool = False,
) -> HandoutPage:
    """A participant's sheet in HTML: dates, times, place, what to arrange, in plain words.

    It tells nothing of drug, arm or diagnosis. With a record of what has happened so far it is
    about the visits to come. `write` makes a PDF of it, too.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        start: date of the anchor visit at the site; with a record that dates it, not needed.
        participant: a code that names nobody; a record has its own.
        site: path of a site file, or a `Site`; its title, address and phone are shown.
        language: one of `handout_languages`: ``en``, ``de``, ``es`` or ``fr``; or one with the
            region whose dates, times and paper are meant, such as ``en-US``.
        calendar: address of the participant's calendar (``https://`` or ``webcal://``), shown as a
            link and as a code to scan; none when ``None``.
        arm: an arm's id; the record's own or the first one by default.
        with_visits: as of `plan`.
        without_visits: as of `plan`.
        at: dates that visits (by occurrence id) are fixed on; not with a record.
        actuals: path of a participant's record, or the `Record` itself.
        today: the first date on which what has not happened can take place; only with a record.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.

    Raises:
        NothingFits: no placement exists.
        planner.api.pages.NotBooked: no plan of a record keeps all windows, and what breaks them is
            not booked: a coordinator looks at that first.
        PlannerError: anything else that cannot be done with what was given; Babel is missing.
    """
    from planner.api.inputs import (
        dates_of,
        names_of,
        optional_date,
        optional_text,
        protocol_of,
        text_of,
    )
    from planner.api.prepared import prepared_calendar
    from planner.views.pages.handout import render_handout, unrecorded
    from planner.views.pages.site_address import place_of
    from planner.views.pages.translations import words

    texts = words(text_of(language, "language", "a language such as `en`"))
    first, now = optional_date(start, "start"), optional_date(today, "today")
    code = optional_text(participant, "participant", "a code such as `P0001`")
    chosen = _Chosen(
        optional_text(arm, "arm", "the id of an arm"),
        None if with_visits is None else names_of(with_visits, "with_visits"),
        names_of(without_visits, "without_visits"),
        anyway,
    )
    fixed = dates_of(at, "at")
    address = optional_text(calendar, "calendar", "an address such as `https://...`")
    if actuals is not None and (fixed or code is not None):
        raise PlannerError(
            f"{'at' if fixed else 'participant'}: the record gives that already; leave it out"
        )
    if actuals is None and now is not None:
        raise PlannerError("today: has no effect without a record")
    given = protocol_of(protocol)
    clinic = prepared_calendar(site)
    if actuals is not None:
        planned = _from_record(given, clinic, chosen, actuals, first, now)
    elif first is None or code is None:
        raise PlannerError(f"{'start' if first is None else 'participant'}: whose, from when?")
    else:
        planned = _from_start(given, clinic, chosen, first, code, fixed)
    _refuse_unbooked(planned.timeline)
    page = HandoutPage(
        render_handout(
            planned.timeline, planned.planner.course, clinic, planned.days(), texts, address
        )
    )
    page.timeline = planned.timeline
    page.unrecorded = tuple(visit.id for visit in unrecorded(planned.timeline))
    page.withheld = place_of(clinic.site, given).withheld
    return page


class _Chosen(NamedTuple):
    """What a participant has of a protocol."""

    arm: str | None
    with_visits: tuple[str, ...] | None
    without_visits: tuple[str, ...]
    anyway: bool


class _Planned(NamedTuple):
    """A timeline with the planner that made it, and the date that this counts from."""

    timeline: "Timeline"
    planner: "CoursePlanner"
    start: "date"

    def days(self) -> "Mapping[str, PossibleDays]":
        """The days on which each visit can be; none where the plan breaks a window."""
        from planner.timeline.possible_days import possible_days

        plan = self.planner.plan(self.start)
        return {} if plan is None else possible_days(self.planner, plan)


def _from_start(
    protocol: "Protocol",
    calendar: "SiteCalendar",
    chosen: _Chosen,
    start: "date",
    participant: str,
    at: "dict[str, date]",
) -> _Planned:
    from planner.api.prepared import prepared_planner
    from planner.timeline.plan import plan_timeline

    arm, with_visits, without_visits, anyway = chosen
    planner = prepared_planner(
        protocol, calendar, arm, with_visits, without_visits, at, anyway=anyway
    )
    return _Planned(plan_timeline(planner, start, participant), planner, start)


def _from_record(
    protocol: "Protocol",
    calendar: "SiteCalendar",
    chosen: _Chosen,
    actuals: "RecordSource",
    start: "date | None",
    today: "date | None",
) -> _Planned:
    """The plan for what a record leaves."""
    from planner.api.inputs import record_of
    from planner.api.prepared import prepared_courses
    from planner.timeline.participant_state import plan_standing, standing

    arm, with_visits, without_visits, anyway = chosen
    courses = prepared_courses(protocol, calendar, with_visits, without_visits, anyway=anyway)
    record = record_of(actuals, "actuals")
    where = standing(courses, record, arm=arm, start=start, today=today)
    return _Planned(plan_standing(where, record), where.planner, where.start)


def _refuse_unbooked(timeline: "Timeline") -> None:
    """A plan that breaks windows is for its coordinator to look at first, and to book."""
    outside = [
        visit.id for visit in timeline.visits if visit.deviation and visit.status not in _SETTLED
    ]
    if timeline.forced and outside:
        names = ", ".join(f"`{name}`" for name in outside)
        reasons = "".join(f"\n  - {line}" for line in timeline.forced)
        raise NotBooked(
            f"no sheet is written: no plan keeps all windows, and nobody has booked {names}."
            f" What forces it:{reasons}"
        )


def report(
    protocol: "ProtocolSource",
    *,
    arm: str | None = None,
    start: "DateSource | None" = None,
    site: "SiteSource | None" = None,
    anyway: bool = False,
    around: "Callable[[Iterator[Section]], Iterable[Section]]" = iter,
) -> ReportPage:
    """A protocol's report in HTML: chart, activities, run sheets, findings, burden, evidence.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        arm: only this arm's schedule; by default all that differ.
        start: date of the anchor visit of a plan that is shown, too; none when ``None``.
        site: path of a site file, or a `Site`, for that plan; without one every day is open, in
            UTC.
        anyway: whether that plan leaves visits that nothing ties to the anchor without a date.
        around: is given the parts of the page while they are made, such as a bar of progress.

    Raises:
        PlannerError: there is no such arm, the file's structure does not stand, or a site is given
            without a date.
    """
    from planner.api.inputs import file_of, optional_date, optional_text
    from planner.checks.report import report_loaded
    from planner.formats.checks import choose
    from planner.views.pages.report import render_report

    first = optional_date(start, "start")
    if first is None and site is not None:
        raise PlannerError("site: has no effect without a date; add start")
    file = file_of(protocol)
    chosen = optional_text(arm, "arm", "the id of an arm")
    examined = report_loaded(file, file.path, choose((), ()))
    dated = None if first is None else _dated(file.protocol, chosen, first, site, anyway=anyway)
    page = ReportPage(render_report(examined, chosen, dated, around))
    page.no_plan = "" if dated is None else dated.reason
    return page


def _dated(
    protocol: "Protocol",
    arm: str | None,
    start: "date",
    site: "SiteSource | None",
    *,
    anyway: bool,
) -> "DatedPlan":
    """A plan for the report, or why there is none."""
    from planner.api.plans import plan
    from planner.api.prepared import prepared_calendar
    from planner.views.pages.report import DatedPlan

    calendar = prepared_calendar(site)
    try:
        timeline = plan(protocol, start, site=calendar.site, arm=arm, anyway=anyway)
    except AnswerNo as error:
        return DatedPlan(calendar, None, str(error))
    return DatedPlan(calendar, timeline, "")
