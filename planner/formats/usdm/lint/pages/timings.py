"""Pages of the checks of timings: where they put the instances of a timeline."""

from planner.checks.finding import Page

PAGES = {
    "order-inverted": Page(
        what="Along the chain of default conditions (and of each branch), an instance whose target"
        " is before that of an earlier one, both computed over all timings from what they have"
        " in common. Months are compared as calendar months. Where several would do, the fewest"
        " instances are named whose removal leaves the others in order.",
        why="The chain says what follows what, the timings say when. No official engine compares"
        " the two: a visit order that is upside down passes.",
        bad="""\
timings:
  at-week-4: {value: P1W}
""",
        good="""\
timings:
  at-week-4: {value: P5W}
""",
    ),
    "windows-overlap": Page(
        what="Two neighbours in the chain whose targets are in order, but of which, within their"
        " windows, the second can take place before the first. Windows are followed from the last"
        " instance on which both depend, so that a window both share does not count.",
        why="A site that uses its windows can carry out the visits in the wrong order, and a visit"
        " that belongs to both windows is counted for either.",
        bad="""\
timings:
  at-week-4: {windowLower: P10D, windowUpper: P5D}
  at-week-2: {windowLower: P5D, windowUpper: P5D}
""",
        good="""\
timings:
  at-week-4: {windowLower: P5D, windowUpper: P5D}
  at-week-2: {windowLower: P5D, windowUpper: P5D}
""",
    ),
    "window-swallows": Page(
        what="The window of an instance holds the whole window of its neighbour in the chain, or"
        " the time of the neighbour itself, so that either can come first.",
        why="A window of 40 days around a visit every two weeks says nothing; often the unit is"
        " wrong, hours written as days.",
        bad="""\
timings:
  at-week-4: {windowLower: P40D, windowUpper: P40D}
""",
        good="""\
timings:
  at-week-4: {windowLower: P4D, windowUpper: P4D}
""",
    ),
    "timing-cycle": Page(
        what="Following what each timing counts from leads back to the instance itself. The"
        " message names the circle; where dates satisfy it, it is a warning.",
        why="Nothing in the circle has a date: each waits for another one. Official engines let it"
        " pass.",
        bad="""\
timings:
  at-week-2: {type: Before, relativeToScheduledInstanceId: week-4}
  at-week-4: {relativeToScheduledInstanceId: week-2}
""",
        good="""\
timings:
  at-week-4: {value: P2W, relativeToScheduledInstanceId: week-2}
""",
    ),
    "contradictory-timings": Page(
        what="An instance has several timings, and the windows of these and of all others that"
        " connect their references leave it no distance that satisfies all. The message names the"
        " timings that are against each other, no more than needed.",
        why="Whoever reads the file follows one of them, and which one is left to chance.",
        bad="""\
timings:
  again:
    type: After
    value: P6W
    relativeToFrom: Start to Start
    relativeFromScheduledInstanceId: week-4
    relativeToScheduledInstanceId: dose
""",
        good="""\
timings:
  at-week-4: {value: P5W}
""",
    ),
    "repeated-timing": Page(
        what="An instance has several timings, or is a fixed reference with a timing, and all can"
        " hold together. USDM has one timing for an instance. The import keeps all of them as"
        " rules.",
        why="Repeated statements drift apart with the next amendment.",
        bad="""\
timings:
  again:
    type: After
    value: P29D
    relativeToFrom: Start to Start
    relativeFromScheduledInstanceId: week-4
    relativeToScheduledInstanceId: dose
    windowLower: P1D
    windowUpper: P3D
""",
        good="""\
timings:
  at-week-4: {value: P29D, windowLower: P1D, windowUpper: P3D}
""",
    ),
    "instance-without-timing": Page(
        what="An instance that is no decision, and that no timing of its timeline times. It is"
        " read as a visit on any day.",
        why="Its place in the chain says what it follows, not when; a plan can only guess.",
        bad="""\
timings:
  at-week-4: null
""",
        good="""\
timings:
  at-week-4: {value: P4W}
""",
    ),
    "timed-from-itself": Page(
        what="A timing of the type After or Before whose two instances are one.",
        why="It says nothing; meant is a fixed reference, or another instance.",
        bad="""\
timings:
  at-week-4: {relativeToScheduledInstanceId: week-4}
""",
        good="""\
timings:
  at-week-4: {relativeToScheduledInstanceId: dose}
""",
    ),
    "no-anchor": Page(
        what="A timeline with timings, of which none is of the type Fixed Reference. The instance"
        " from which most timings count is read as the anchor.",
        why="All times are distances; without an anchor they are distances from nowhere.",
        bad="""\
timings:
  at-dose: null
""",
        good="""\
timings:
  at-dose: {type: Fixed Reference}
""",
    ),
    "several-anchors": Page(
        what="Fixed references of two or more instances of one timeline.",
        why="How far the anchors lie apart is said nowhere, so that visits counted from one can"
        " fall anywhere among those counted from the other.",
        bad="""\
timings:
  at-week-4: {type: Fixed Reference, value: P0D, windowLower: null, windowUpper: null}
""",
        good="""\
timings:
  at-week-4: {type: After}
""",
    ),
    "shifting-anchor": Page(
        what="A fixed reference with a value other than zero, with a window, of another side than"
        " Start to Start, or with another instance as its reference. It is read as the anchor"
        " itself.",
        why="Tools differ: some move the anchor by the value, and all visits with it, others read"
        " `P1D` as the name of the day.",
        bad="""\
timings:
  at-dose: {value: P1D}
""",
        good="""\
timings:
  at-dose: {value: P0D, valueLabel: Day 1}
""",
    ),
    "unknown-end": Page(
        what="A timing from the end of its reference, or by the end of its own instance, where"
        " nothing in the file says how long that instance takes. The end is read as its start.",
        why="USDM's instances have no duration. CDISC's reference expander adds the offset twice"
        " here; the right times of a profile follow only once the durations are known.",
        bad="""\
timings:
  at-week-2: {relativeToFrom: End to Start}
""",
        good="""\
timings:
  at-week-2: {relativeToFrom: Start to Start}
""",
    ),
    "sub-timeline-overruns": Page(
        what="An instance with a sub-timeline whose last instance comes later than the next"
        " instance of the chain is timed. Where the next is timed in days, the whole of its day"
        " counts.",
        why="The next visit begins before what belongs to this one is over.",
        bad="""\
timings:
  at-week-2: {value: PT1M, windowLower: null, windowUpper: null}
""",
        good="""\
timings:
  at-week-2: {value: PT2H, windowLower: null, windowUpper: null}
""",
    ),
}
