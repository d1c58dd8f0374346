"""Pages of the checks of a timeline's chain: where it leads."""

from planner.checks.finding import Page

PAGES = {
    "endless-chain": Page(
        what="The default conditions lead back to an earlier instance, and never to an exit."
        " Each instance is read once.",
        why="A program that expands the timeline never ends.",
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
        why="The file does not say how often the loop is repeated: the number of visits and"
        " the end of the study are unknown.",
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
        what="An instance that is not a decision, with neither a default condition nor an"
        " exit; as a"
        " note, one that has both.",
        why="The timeline may end here, or a link may be missing: the file does not say which.",
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
        what="An instance that neither defaults nor conditions lead to from the timeline's"
        " entry. It is left out of the protocol.",
        why="Some tools plan a visit that is timed and never reached, others drop it.",
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
        what="A decision instance without a default: what follows if none of its conditions"
        " is true is missing.",
        why="For participants to whom no condition applies, the schedule ends in the middle"
        " of the study.",
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
        why="The author probably meant a difference that the file has lost.",
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
