"""Plans the visits of a clinical-trial protocol: proves them feasible, dates them, exports them.

The public Python API::

    import datetime, planner

    findings = planner.check("mapp1")
    timeline = planner.plan("mapp1", "2027-01-11", site="examples/site-berlin.yaml")
    options = planner.CalendarOptions(stamp=datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC))
    with open("p0001.ics", "wb") as file:
        planner.export([timeline], file, options)

A protocol is given as a path, as the id of a library protocol, as a file that `load` has read, or
as a `Protocol` that was built in code. Everything that a user can cause is raised as
`PlannerError`. Nothing here checks a protocol unasked, as the command line does: `obstacles` names
the errors with which that plans, draws and exports nothing unless told to go on.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from planner.version import __version__

if TYPE_CHECKING:
    from planner.api.amendments import amended_records, write_amended
    from planner.api.calendar_updates import update_calendar
    from planner.api.calendars import check_calendar, diff_calendars, export
    from planner.api.charts import chart, chart_comparison
    from planner.api.checks import check_file, find_check, list_checks
    from planner.api.cohorts import ParticipantVisits, between_participants
    from planner.api.comparisons import claims, compare, diff, library_ids
    from planner.api.designs import deviation_dataset, trial_design
    from planner.api.enrolling import enrol
    from planner.api.imports import import_odm, import_table, import_usdm
    from planner.api.library import new_protocol, schema
    from planner.api.messages import remind, write_message_files
    from planner.api.pages import handout, handout_languages, report
    from planner.api.participants import amend, deviations, due, replay, week
    from planner.api.placing import placer
    from planner.api.plans import anchors, plan, replan, whatif
    from planner.api.protocols import check, evidence, load, load_record, load_site, obstacles
    from planner.api.recording import apply_answer, record_visit, withdraw, write_change
    from planner.api.records import read_subjects, write_subject_records
    from planner.api.rendering import render, write
    from planner.api.sheets import new_sheet, read_sheet_into, write_sheet
    from planner.api.stores import (
        free_texts,
        history,
        make_store,
        open_store,
        redact,
        seal_store,
        store_records,
        verify_store,
        write_stored_records,
    )
    from planner.api.tables import (
        activities,
        burden,
        m11_summary,
        procedure_totals,
        procedures,
        run_sheet,
        spirit_figure,
    )
    from planner.api.timing_texts import read_timing
    from planner.api.versions import versions
    from planner.checks.finding import Finding, Findings
    from planner.errors import PlannerError
    from planner.formats.ical.options import CalendarOptions
    from planner.protocol.file import ProtocolFile
    from planner.protocol.model import Protocol
    from planner.site.model import Site
    from planner.time.distance import Window
    from planner.timeline.day_set import DaySet
    from planner.timeline.enrolment import NewParticipant
    from planner.timeline.model import DatedVisit, DateWindow, Timeline
    from planner.timeline.placer import PlacedCourse, Placer, VisitDemand
    from planner.timeline.plan import Contradiction, NothingFits
    from planner.timeline.record import Record
    from planner.views.tables.grid import Grid

__all__ = [
    "CalendarOptions", "Contradiction", "DateWindow", "DatedVisit", "DaySet", "Finding", "Findings",
    "Grid", "NewParticipant", "NothingFits", "ParticipantVisits", "PlacedCourse", "Placer",
    "PlannerError", "Protocol", "ProtocolFile", "Record", "Site", "Timeline", "VisitDemand",
    "Window", "__version__", "activities", "amend", "amended_records", "anchors", "apply_answer",
    "between_participants", "burden", "chart", "chart_comparison", "check", "check_calendar",
    "check_file", "claims", "compare", "deviation_dataset", "deviations", "diff", "diff_calendars",
    "due", "enrol", "evidence", "export", "find_check", "free_texts", "handout",
    "handout_languages", "history", "import_odm", "import_table", "import_usdm", "library_ids",
    "list_checks", "load", "load_record", "load_site", "m11_summary", "make_store", "new_protocol",
    "new_sheet", "obstacles", "open_store", "placer", "plan", "procedure_totals", "procedures",
    "read_sheet_into", "read_subjects", "read_timing", "record_visit", "redact", "remind", "render",
    "replan", "replay", "report", "run_sheet", "schema", "seal_store", "spirit_figure",
    "store_records", "trial_design", "update_calendar", "verify_store", "versions", "week",
    "whatif", "withdraw", "write", "write_amended", "write_change", "write_message_files",
    "write_sheet", "write_stored_records", "write_subject_records",
]  # fmt: skip

_MODULES = {
    "api.amendments": ("amended_records", "write_amended"),
    "api.calendar_updates": ("update_calendar",),
    "api.calendars": ("check_calendar", "diff_calendars", "export"),
    "api.charts": ("chart", "chart_comparison"),
    "api.checks": ("check_file", "find_check", "list_checks"),
    "api.cohorts": ("ParticipantVisits", "between_participants"),
    "api.comparisons": ("claims", "compare", "diff", "library_ids"),
    "api.designs": ("deviation_dataset", "trial_design"),
    "api.imports": ("import_odm", "import_table", "import_usdm"),
    "api.enrolling": ("enrol",),
    "api.library": ("new_protocol", "schema"),
    "api.messages": ("remind", "write_message_files"),
    "api.pages": ("handout", "handout_languages", "report"),
    "api.participants": ("amend", "deviations", "due", "replay", "week"),
    "api.placing": ("placer",),
    "api.plans": ("anchors", "plan", "replan", "whatif"),
    "api.protocols": ("check", "evidence", "load", "load_record", "load_site", "obstacles"),
    "api.recording": ("apply_answer", "record_visit", "withdraw", "write_change"),
    "api.records": ("read_subjects", "write_subject_records"),
    "api.rendering": ("render", "write"),
    "api.sheets": ("new_sheet", "read_sheet_into", "write_sheet"),
    "api.stores": (
        "free_texts",
        "history",
        "make_store",
        "open_store",
        "redact",
        "seal_store",
        "store_records",
        "verify_store",
        "write_stored_records",
    ),
    "api.tables": (
        "activities",
        "burden",
        "m11_summary",
        "procedure_totals",
        "procedures",
        "run_sheet",
        "spirit_figure",
    ),
    "api.timing_texts": ("read_timing",),
    "api.versions": ("versions",),
    "checks.finding": ("Finding", "Findings"),
    "errors": ("PlannerError",),
    "formats.ical.options": ("CalendarOptions",),
    "protocol.file": ("ProtocolFile",),
    "protocol.model": ("Protocol",),
    "site.model": ("Site",),
    "time.distance": ("Window",),
    "timeline.day_set": ("DaySet",),
    "timeline.enrolment": ("NewParticipant",),
    "timeline.model": ("DateWindow", "DatedVisit", "Timeline"),
    "timeline.placer": ("PlacedCourse", "Placer", "VisitDemand"),
    "timeline.plan": ("Contradiction", "NothingFits"),
    "timeline.record": ("Record",),
    "views.tables.grid": ("Grid",),
}
"""Where each name stands; its module is imported when the name is first used."""
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

if not TYPE_CHECKING:  # or every misspelt name would have the type that this returns

    def __getattr__(name: str) -> object:
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
