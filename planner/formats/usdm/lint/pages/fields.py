"""Pages of the checks of single fields of timings, and of what labels say beside them."""

from planner.checks.finding import Page

PAGES = {
    "label-and-value": Page(
        what="A value's label (`2 Weeks`), a window's (`-2..4 days`), a timing's or an encounter's"
        " (`Week 12`, `Day 14`) that disagrees with the durations beside it. `Day 14` may be 14 or"
        " 13 days after the anchor, and days may be counted anew in a later period; a label that"
        " says nothing of time, or several things, is passed over. The durations are followed.",
        why="People read the label and programs the value: one of the two is wrong.",
        bad="""\
timings:
  at-week-4: {value: P10W, label: Week 4, relativeToScheduledInstanceId: screening}
""",
        good="""\
timings:
  at-week-4: {value: P7W, label: Week 4, relativeToScheduledInstanceId: screening}
""",
    ),
    "day-numbering": Page(
        what="An encounter or a timing is called `Day 14` and is 14 days after the anchor, as if"
        " that were Day 0, while the anchor's own value (`P1D`) or another label counts from 1.",
        why="Visit dates by label and by value differ by a day, which decides whether a visit is"
        " within its window.",
        bad="""\
timings:
  at-dose: {value: P1D}
encounters:
  visit-week-2: {description: Day 14}
""",
        good="""\
timings:
  at-dose: {value: P0D}
encounters:
  visit-week-2: {description: Day 14}
""",
    ),
    "ambiguous-month": Page(
        what="A value or a window in months or years, which have no fixed number of days. A"
        " warning where the window is narrower than the months can differ or a label counts in"
        " weeks, also where a label says months and the value does not; else a note. The import"
        " keeps calendar months.",
        why="A month is 28 to 31 days: sites that count four weeks are up to three days early"
        " after one month, and more than a week after three.",
        bad="""\
timings:
  at-week-4: {value: P1M, windowLower: P1D, windowUpper: P1D}
""",
        good="""\
timings:
  at-week-4: {value: P4W}
""",
    ),
    "mixed-units": Page(
        what="A timing whose value is in days, weeks or months and whose window is in hours or"
        " minutes, or the other way round. Both are read as elapsed time.",
        why="Days count dates, hours count the clock: `2 days, 4 hours before` is another span"
        " when it is read as a date.",
        bad="""\
timings:
  at-week-2: {windowLower: PT4H, windowUpper: PT0H}
""",
        good="""\
timings:
  at-week-2: {value: PT336H, windowLower: PT4H, windowUpper: PT0H}
""",
    ),
    "one-sided-window": Page(
        what="`windowLower` without `windowUpper`, or the other way round. The missing side is"
        " read as no room on that side.",
        why="Missing can mean none or any; the two are days apart.",
        bad="""\
timings:
  at-week-2: {windowLower: null}
""",
        good="""\
timings:
  at-week-2: {windowLower: P0D}
""",
    ),
    "negative-duration": Page(
        what="A value or a side of a window with a minus sign. The message says how it is read.",
        why="USDM's durations have no sign: `Before` and `windowLower` have it already, so that a"
        " second one is either the same said twice or its opposite.",
        bad="""\
timings:
  at-week-2: {windowLower: -P2D}
""",
        good="""\
timings:
  at-week-2: {windowLower: P2D}
""",
    ),
    "no-duration": Page(
        what="A value or a side of a window that is no ISO 8601 duration, such as `2 weeks`, or one"
        " that nothing can be planned by: forwards and backwards at once (`P1Y-3M`), months with"
        " parts of a day (`P1MT2H`, `P1.5M`), or longer than 20 years.",
        why="The timing cannot be followed and is left out; other programs drop it silently.",
        bad="""\
timings:
  at-week-2: {value: 2 weeks}
""",
        good="""\
timings:
  at-week-2: {value: P2W}
""",
    ),
    "incomplete-timing": Page(
        what="A timing that lacks its type, its value, the instance that it times or its"
        " reference.",
        why="It says nothing, though somebody meant something by it.",
        bad="""\
timings:
  at-week-2: {value: null}
""",
        good="""\
timings:
  at-week-2: {value: P2W}
""",
    ),
    "unknown-code": Page(
        what="A timing's type or side whose code is none of CDISC's terms (C201356 to C201358,"
        " C201352 to C201355), or whose decode names another term than its code. Unknown codes are"
        " read by their decode, contradictions by the code; an error where neither says anything.",
        why="Generated files invent codes. Before read as After puts a visit weeks on the wrong"
        " side.",
        bad="""\
timings:
  at-week-2: {type: {code: C201399, decode: After}}
""",
        good="""\
timings:
  at-week-2: {type: {code: C201356, decode: After}}
""",
    ),
}
