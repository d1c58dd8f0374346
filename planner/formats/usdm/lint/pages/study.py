"""Pages of the checks of references, orders and timelines, and of how the file was read."""

from planner.checks.finding import Page

PAGES = {
    "outside-timeline": Page(
        what="A timing, a default, a condition, an entry or an exit that names an instance or an"
        " exit of another timeline. It is left out.",
        why="Instances of two timelines have no common time; only `timelineId` connects them.",
        bad="""\
timings:
  at-week-2: {relativeToScheduledInstanceId: lie-down}
""",
        good="""\
timings:
  at-week-2: {relativeToScheduledInstanceId: dose}
""",
    ),
    "unknown-reference": Page(
        what="An id of an instance, exit, epoch, encounter, activity, timeline, timing or arm"
        " that does not exist in the design; also a condition without a target, and a"
        " timeline without an entry.",
        why="Everything that depends on it is lost silently.",
        bad="""\
timings:
  at-week-2: {relativeToScheduledInstanceId: dosis}
""",
        good="""\
timings:
  at-week-2: {relativeToScheduledInstanceId: dose}
""",
    ),
    "repeated-id": Page(
        what="Two instances of one timeline with one id. The first is read.",
        why="A reference to the id means one of the two; the file does not say which.",
        bad="""\
instances:
  unplanned: {id: week-4, defaultConditionId: week-8}
""",
        good="""\
instances:
  week-2: {defaultConditionId: week-4}
""",
    ),
    "encounter-timing": Page(
        what="The timing that an encounter names in `scheduledAtId` times an instance of"
        " another encounter. The import uses the timings of the encounter's own instances.",
        why="The file has two statements of when one visit takes place.",
        bad="""\
encounters:
  visit-week-2: {scheduledAtId: at-week-4}
""",
        good="""\
encounters:
  visit-week-2: {scheduledAtId: at-week-2}
""",
    ),
    "encounter-order": Page(
        what="Along the main timeline's chain, an encounter that comes back after another"
        " one, or that comes before an earlier one in the encounters' own order. The import"
        " uses the chain.",
        why="Often an instance was copied and kept the encounter of its original.",
        bad="""\
instances:
  week-4: {encounterId: visit-dose}
""",
        good="""\
instances:
  week-4: {encounterId: visit-week-4}
""",
    ),
    "epoch-order": Page(
        what="Along the main timeline's chain, an epoch that comes back after another one, or"
        " that comes before an earlier one in the epochs' own order. The import uses the chain.",
        why="A visit of the wrong epoch is planned for the wrong arms and under the wrong rules.",
        bad="""\
instances:
  week-8: {epochId: before}
""",
        good="""\
instances:
  week-8: {epochId: follow-up}
""",
    ),
    "broken-links": Page(
        what="An encounter or an epoch with a `nextId` whose target has another `previousId`,"
        " or the reverse, and a circle of them. The import uses the default chain.",
        why="The file has two orders; tools that use the other one list other visits first.",
        bad="""\
encounters:
  visit-week-4: {previousId: visit-dose}
""",
        good="""\
encounters:
  visit-week-4: {previousId: visit-week-2}
""",
    ),
    "main-timeline": Page(
        what="A design without a main timeline, or with more than one. The message says which"
        " one is read as the main timeline.",
        why="The main timeline is the study; the others are inside it or beside it.",
        bad="""\
timelines:
  sheet: {mainTimeline: true}
""",
        good="""\
timelines:
  sheet: {mainTimeline: false}
""",
    ),
    "unused-timeline": Page(
        what="A timeline other than the main one that no instance and no activity refers to, and"
        " that has no entry condition.",
        why="The file does not say when it begins, so it never takes place.",
        bad="""\
activities:
  blood-pressure: {timelineId: null}
""",
        good="""\
activities:
  blood-pressure: {timelineId: null}
timelines:
  sheet: {entryCondition: blood pressure above 140}
""",
    ),
    "sub-timeline-loop": Page(
        what="A timeline that contains itself as a sub-timeline, through its instances and"
        " their activities.",
        why="A program that expands it never ends.",
        bad="""\
timelines:
  sheet: {instances: {measure: {activityIds: [blood-pressure]}}}
""",
        good="""\
timelines:
  sheet: {instances: {measure: {activityIds: []}}}
""",
    ),
    "import-reading": Page(
        what="The import had to choose between two readings; the message gives the reading"
        " that was used and the other one. Places that another finding of this family reports"
        " are not repeated.",
        why="Two tools may read the same file differently; this is where they can differ.",
        bad="""\
encounters:
  visit-week-2:
    contactModes:
      - {code: C25170, decode: E-mail}
""",
        good="""\
encounters:
  visit-week-2:
    contactModes:
      - {code: C171537, decode: Telephone Call}
""",
    ),
    "not-represented": Page(
        what="A statement in the imported file that has no place in the planner's format. It"
        " is left out of the protocol and listed here.",
        why="Content that is dropped silently is taken for covered.",
        bad="""\
instances:
  week-2: {defaultConditionId: response}
  response:
    defaultConditionId: week-4
    conditionAssignments:
      - {id: c1, condition: response at week 2, conditionTargetId: week-8}
timings:
  at-response:
    type: After
    value: P15D
    relativeToFrom: Start to Start
    relativeFromScheduledInstanceId: response
    relativeToScheduledInstanceId: dose
""",
        good="""\
instances:
  week-2: {defaultConditionId: response}
  response:
    defaultConditionId: week-4
    conditionAssignments:
      - {id: c1, condition: response at week 2, conditionTargetId: week-8}
""",
    ),
    "unreadable-field": Page(
        what="A field with another type than in the standard, or with an invalid value. It is"
        " read as absent.",
        why="Such fields are written by programs, and what they were to contain is lost.",
        bad="""\
instances:
  week-2: {label: [Week 2]}
""",
        good="""\
instances:
  week-2: {label: Week 2}
""",
    ),
}
