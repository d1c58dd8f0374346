"""Pages of the checks of single fields of timings, and of what labels say beside them."""

from planner.checks.finding import Page

PAGES = {
    "label-and-value": Page(
        what="A value's label (`2 Weeks`), a window's (`-2..4 days`), a timing's or an"
        " encounter's (`Week 12`, `Day 14`) that contradicts the durations next to it. `Day"
        " 14` may be 14 or 13 days after the anchor, and days may be counted anew in a later"
        " period; a label without a time, or with several, is not checked. The import uses"
        " the durations.",
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
        what="A timing with a value in days, weeks or months and a window in hours or"
        " minutes, or the reverse. Both are read as elapsed time.",
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
        what="`windowLower` without `windowUpper`, or the reverse. The missing side is read"
        " as zero.",
        why="A missing side can mean no days or any number of days.",
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
        why="USDM's durations have no sign: `Before` and `windowLower` already give the"
        " direction, so a second sign either repeats it or reverses it.",
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
        what="A value or a side of a window that is not an ISO 8601 duration, such as `2"
        " weeks`, or one that cannot be planned by: forwards and backwards at once"
        " (`P1Y-3M`), months with parts of a day (`P1MT2H`, `P1.5M`), or longer than 20 years.",
        why="The timing cannot be used and is left out; other programs drop it silently.",
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
        what="A timing without its type, its value, the instance that it times or its reference.",
        why="It has no effect, although its author meant a rule.",
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
        what="A timing's type or side with a code that is not one of CDISC's terms (C201356"
        " to C201358, C201352 to C201355), or with a decode that belongs to another term. An"
        " unknown code is read by its decode, a contradiction by the code; an error if"
        " neither is known.",
        why="Generated files invent codes. A Before that is read as After moves a visit by"
        " weeks to the wrong side.",
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
