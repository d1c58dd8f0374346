"""Pages of the checks of a timeline's chain: where it leads."""

from planner.checks.finding import Page

PAGES = {
    "endless-chain": Page(
        what="Following the default conditions leads back to an instance that was there before,"
        " and never to an exit. Each instance is read once.",
        why="Whoever expands the timeline never ends.",
        bad="""\
instances:
  week-4: {defaultConditionId: week-2}
""",
        good="""\
instances:
  week-4: {defaultConditionId: week-8}
""",
    ),
    "decision-loop": Page(
        what="A condition of a decision leads, at once or over others, back to the decision. The"
        " import reads each instance once.",
        why="How often the loop is gone through is said nowhere, so that no number of visits and"
        " no end of the study can be told.",
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
    ),
    "no-way-on": Page(
        what="An instance that is no decision, with neither a default condition nor an exit; as a"
        " note, one that has both.",
        why="Whether the timeline ends here or a link is missing is left open.",
        bad="""\
instances:
  week-8: {timelineExitId: null}
""",
        good="""\
instances:
  week-8: {timelineExitId: exit}
""",
    ),
    "unreached-instance": Page(
        what="An instance to which neither defaults nor conditions lead from the timeline's entry."
        " It is left out of the protocol.",
        why="A visit that is timed and never reached is planned by some tools and dropped by"
        " others.",
        bad="""\
instances:
  week-2: {defaultConditionId: week-8}
""",
        good="""\
instances:
  week-2: {defaultConditionId: week-4}
""",
    ),
    "decision-without-default": Page(
        what="A decision instance that does not say what follows if none of its conditions is"
        " true.",
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
    ),
    "pointless-decision": Page(
        what="A decision without conditions, or whose conditions and default all lead to one"
        " place.",
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
    ),
}
