"""Checks of the imported family: where a timeline's chain leads."""

from planner.checks.imported import imported_check

imported_check(
    "endless-chain",
    "error",
    "a default chain that goes round in a circle",
    what="Following the default conditions leads back to an instance that was there before, and"
    " never to an exit. Each instance is read once.",
    why="Whoever expands the timeline never ends.",
    bad="""\
instances:
  week-4: {defaultConditionId: week-2}
""",
    good="""\
instances:
  week-4: {defaultConditionId: week-8}
""",
)
imported_check(
    "decision-loop",
    "warning",
    "a decision that leads back",
    what="A condition of a decision leads, at once or over others, back to the decision. The import"
    " reads each instance once.",
    why="How often the loop is gone through is said nowhere, so that no number of visits and no end"
    " of the study can be told.",
    bad="""\
instances:
  week-4: {defaultConditionId: again}
  again:
    defaultConditionId: week-8
    conditionAssignments:
      - {id: c1, condition: a further dose is needed, conditionTargetId: dose}
""",
    good="""\
instances:
  week-4: {defaultConditionId: again}
  again:
    defaultConditionId: week-8
    conditionAssignments:
      - {id: c1, condition: a further dose is needed, conditionTargetId: second-dose}
  second-dose: {defaultConditionId: week-8}
timings:
  at-second-dose:
    type: After
    value: P5W
    relativeToFrom: Start to Start
    relativeFromScheduledInstanceId: second-dose
    relativeToScheduledInstanceId: dose
""",
)
imported_check(
    "no-way-on",
    "warning",
    "an instance that nothing follows, not even an exit",
    what="An instance that is no decision, with neither a default condition nor an exit; as a note,"
    " one that has both.",
    why="Whether the timeline ends here or a link is missing is left open.",
    bad="""\
instances:
  week-8: {timelineExitId: null}
""",
    good="""\
instances:
  week-8: {timelineExitId: exit}
""",
)
imported_check(
    "unreached-instance",
    "warning",
    "an instance that nothing leads to",
    what="An instance to which neither defaults nor conditions lead from the timeline's entry. It"
    " is left out of the protocol.",
    why="A visit that is timed and never reached is planned by some tools and dropped by others.",
    bad="""\
instances:
  week-2: {defaultConditionId: week-8}
""",
    good="""\
instances:
  week-2: {defaultConditionId: week-4}
""",
)
imported_check(
    "decision-without-default",
    "warning",
    "a decision without a default",
    what="A decision instance that does not say what follows if none of its conditions is true.",
    why="The course of those to whom no condition applies ends in the middle of the study.",
    bad="""\
instances:
  week-2: {defaultConditionId: response}
  response:
    defaultConditionId: null
    conditionAssignments:
      - {id: c1, condition: response at week 2, conditionTargetId: week-4}
""",
    good="""\
instances:
  week-2: {defaultConditionId: response}
  response:
    defaultConditionId: week-8
    conditionAssignments:
      - {id: c1, condition: response at week 2, conditionTargetId: week-4}
""",
)
imported_check(
    "pointless-decision",
    "warning",
    "a decision that decides nothing",
    what="A decision without conditions, or whose conditions and default all lead to one place.",
    why="Somebody meant a difference that the file has lost.",
    bad="""\
instances:
  week-2: {defaultConditionId: response}
  response:
    defaultConditionId: week-4
    conditionAssignments:
      - {id: c1, condition: response at week 2, conditionTargetId: week-4}
""",
    good="""\
instances:
  week-2: {defaultConditionId: response}
  response:
    defaultConditionId: week-8
    conditionAssignments:
      - {id: c1, condition: response at week 2, conditionTargetId: week-4}
""",
)
