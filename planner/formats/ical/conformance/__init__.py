"""Our own conformance check of any calendar file, with lines and clauses.

It shares no code with the writer or with any library: RFC 5545, 5546, 7529, 7808, 7953, 7986, 9073,
9074, 9253 and the parts of 4791 that concern a file. `check_calendar` takes bytes.
"""

from planner.formats.ical.conformance.calendar import Checked, Profile, check_calendar
from planner.formats.ical.conformance.findings import CalendarFinding
from planner.formats.ical.conformance.rules import RULES, CalendarRule

__all__ = ["RULES", "CalendarFinding", "CalendarRule", "Checked", "Profile", "check_calendar"]
