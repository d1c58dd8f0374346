"""Pages of the checks of timings: where they put the instances of a timeline."""

from planner.checks.finding import Page

PAGES = {
    "order-inverted": Page(
        what="Along the chain of default conditions (and of each branch), an instance with a"
        " target before that of an earlier one, both computed over all timings from their"
        " common reference. Months are compared as calendar months. The finding names the"
        " fewest instances whose removal leaves the others in order.",
        why="The chain gives the order, the timings give the times. CDISC's rules engine does"
        " not compare the two: a reversed order of visits passes.",
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
        what="Two neighbours in the chain whose targets are in order, but whose windows allow"
        " the second before the first. Windows are computed from the last instance on which"
        " both depend, so that a window that both share does not count.",
        why="A site that uses the windows can carry out the visits in the wrong order, and a"
        " visit inside both windows can be counted as either.",
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
        what="The window of an instance contains the whole window of its neighbour in the"
        " chain, or the neighbour's own time, so that either can come first.",
        why="A window of 40 days around a visit every two weeks is meaningless; often the"
        " unit is wrong, hours written as days.",
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
        what="The references of the timings lead back to the instance itself. The message"
        " names the circle; if dates can satisfy it, it is a warning.",
        why="No instance of the circle has a date: each waits for another one. CDISC's rules"
        " engine lets it pass.",
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
        what="An instance has several timings, and their windows, with all others that"
        " connect their references, leave no distance that satisfies all. The message names"
        " the smallest set of timings that contradict each other.",
        why="Each reader of the file follows one of them, by chance.",
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
        what="An instance has several timings, or is a fixed reference with a timing, and all"
        " can be kept together. USDM has one timing for an instance. The import keeps all of"
        " them as rules.",
        why="Repeated statements come to differ with the next amendment.",
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
        what="An instance that is not a decision and has no timing in its timeline. It is"
        " read as a visit on any day.",
        why="Its place in the chain gives the order, not the time; a plan can only guess.",
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
        what="A timing of the type After or Before that counts an instance from itself.",
        why="It has no effect; a fixed reference or another instance was meant.",
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
        what="A timeline with timings, none of them of the type Fixed Reference. The instance"
        " from which most timings count is read as the anchor.",
        why="All times are distances; without an anchor they have no starting point.",
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
        why="The file does not give the distance between the anchors: visits counted from one"
        " can be anywhere among those counted from the other.",
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
        what="A timing from the end of its reference, or by the end of its own instance, in a"
        " file that does not say how long that instance takes. The end is read as its start.",
        why="USDM's instances have no duration. CDISC's reference expander adds the offset"
        " twice here; the right times follow only from the durations.",
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
        what="An instance with a sub-timeline whose last instance is later than the next"
        " instance of the chain. If the next one is timed in days, the whole of its day counts.",
        why="The next visit would begin before this one is over.",
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
