"""Protocols written as studies of USDM v4, CDISC's model of studies, as JSON.

What the writer makes
---------------------
One `InterventionalStudyDesign` with one main timeline.

- Every occurrence of every visit of every arm (`dosing-1`, `dosing-2`, ... of a cycle) is one
  `ScheduledActivityInstance` and one `Encounter`, both with its id as name, its title as label and
  its note as the instance's description. They stand in one default chain (`defaultConditionId`) in
  the order in which they are planned; the last one has the timeline's exit.
- A visit that only some take part in (`when:`, `optional:` or only some arms) stands on the default
  chain, too, since published rules (DDF00087, DDF00088) want that chain to run from visit to visit
  through all of them; a decision in it would end it. On what the visit depends is a `Condition`
  with the visit's instances as its context: named by the decision's key, `arms-A-B` (text
  `arm in (A, B)`) or `chosen`.
- An unscheduled visit is an instance in a timeline of its own, which is entered on its condition.
- Epochs in between whose visits other epochs also have visits are none to USDM, whose epochs follow
  each other: such visits take the epoch of the visit before them.
- Timings: one per visit, from the rules that time it (those of the first arm that has it). Rules
  of the same two ends are joined. Value = target, window around it; without a target in the
  window the end nearest to the reference is the value. A window with one end has no lower and
  upper part; the label says which end it is. The anchor has a `Fixed Reference` timing of `P0D`
  to itself; if the protocol counts it from another visit, that visit counts from it instead.
- Run sheets: one timeline per sheet, to which all occurrences of the visit lead (`timelineId`). Its
  anchor is the item at 0min, else the first with an exact time.
- Gates: the encounter's transitionStartRule, named `KEY+KEY @ VISIT`, text: their titles.
- Footnotes of a visit: notes of its encounter. Footnotes of an activity: notes of the activity.
- Activities: key and title, each with one procedure, which USDM expects. A visit without activities
  has one of the name of its kind (`preparation`), and dosing visits have `dosing`, whose
  procedure names what is given.
- Arms: id, title, label as text. Cells: every arm with every epoch, as DDF00243 expects; an
  epoch that an arm does not have holds the element `not-in-this-arm`.
- Identifiers: the registry numbers; and the protocol's id as the identifier of the organisation
  that runs the study, which the rules ask for.

All else is extension attributes (`planner.formats.usdm.extensions.attributes`), each on its object.
Ids count objects of a class in the order of writing; no clock and no chance is in the bytes.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.formats.usdm.write.write_study import study_data as study_data
    from planner.formats.usdm.write.write_study import study_json as study_json
else:

    def __getattr__(name: str) -> object:
        """What writes studies, imported when used: checks of any file are listed in here, too."""
        if name not in ("study_data", "study_json"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from planner.formats.usdm.write import write_study

        return getattr(write_study, name)
