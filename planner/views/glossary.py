"""The words of the planner, what each means here, and what four standards call it."""

from typing import NamedTuple

from planner.notice import NOTICE
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line
from planner.views.tables.text import render_table

STANDARDS = ("USDM", "FHIR", "SDTM", "REDCap")
NAMES = (
    "Names are those of USDM 4, FHIR R5, SDTMIG 3.4 and REDCap's longitudinal projects. An empty"
    " cell: the standard has no name for it."
)


class Gloss(NamedTuple):
    """A word with its meaning here and its name in each standard; empty where that has none."""

    name: str
    meaning: str
    usdm: str = ""
    fhir: str = ""
    sdtm: str = ""
    redcap: str = ""

    def by_standard(self) -> dict[str, str]:
        """Its names in the standards that have one."""
        names = zip(STANDARDS, self[2:], strict=True)
        return {standard: name for standard, name in names if name}


class Glossary(NamedTuple):
    """All terms, under the headings of its parts."""

    parts: dict[str, tuple[Gloss, ...]]


SCHEDULE = (
    Gloss(
        "protocol", "One version of one study's schedule, as written.",
        "StudyDesign with its ScheduleTimeline", "PlanDefinition", "TA, TE, TV",
        "longitudinal project",
    ),
    Gloss(
        "amendment", "The next version of a protocol, and what it changes for participants under"
        " way.", "StudyAmendment", "PlanDefinition.version",
    ),
    Gloss("arm", "The group that a participant is allocated to.",
         "StudyArm", "ResearchStudy.comparisonGroup", "TA.ARMCD, DM.ARMCD", "arm (arm_num)"),
    Gloss("epoch", "A phase of the study: screening, preparation, treatment, follow-up.",
         "StudyEpoch", "PlanDefinition.action that groups others", "TA.EPOCH"),
    Gloss("visit", "One planned contact with a participant: in the clinic, by phone, by video or at"
         " home.", "Encounter and ScheduledActivityInstance", "PlanDefinition.action", "TV.VISIT",
         "event (unique_event_name)"),
    Gloss("visit number",
         "`V01`, `V02`, ... in the order of the target days, the same in all arms.",
         "", "", "TV.VISITNUM"),
    Gloss("activity", "What is done at a visit: an instrument, a measurement, a session.",
         "Activity", "ActivityDefinition", "", "instrument"),
    Gloss("schedule of activities", "The table of activities by visits.",
         "ScheduleTimeline", "PlanDefinition", "", "instrument-event mapping"),
    Gloss("timing", "One rule: a visit lies so far from its reference.",
         "Timing", "action.relatedAction", "TV.TVSTRL (text)"),
    Gloss("target", "The preferred distance from the reference.",
         "Timing.value", "relatedAction.offset", "TV.VISITDY", "day_offset"),
    Gloss("visit window", "The allowed distances from the reference, both ends included.",
         "Timing.windowLower, Timing.windowUpper", "acceptableOffsetRange (extension)",
         "TV.TVSTRL (text)", "offset_min, offset_max"),
    Gloss("window not published", "No source states a window: the target alone counts, and no date"
         " is allowed or forbidden.", "Timing without a window"),
    Gloss("effective window", "The dates of a visit window that all other rules leave."),
    Gloss("slack", "How many days a visit can move if the others move, too."),
    Gloss("reference", "The start or end of another visit that a timing counts from.",
         "Timing.relativeToScheduledInstanceId, Timing.relativeToFrom", "relatedAction.targetId"),
    Gloss("anchor", "The visit that study days are counted from.",
         "Timing of type Fixed Reference", "", "DM.RFSTDTC", "event with day_offset 0"),
    Gloss("study day", "Days from the anchor: its date is Day 1, the day before is Day -1, unless"
         " the protocol declares otherwise.", "", "", "VISITDY, SVSTDY", "day_offset"),
    Gloss("cycle", "A block of visits that repeats, each time counted from the time before.",
         "loop through a ScheduledDecisionInstance", "", "TA.TATRANS (text)", "repeating event"),
    Gloss("grid", "Visits at fixed distances from one reference, which does not drift."),
    Gloss("decision", "A point where the schedule depends on a fact that is not known in advance.",
         "ScheduledDecisionInstance", "action.condition", "TA.TABRANCH, TA.TATRANS"),
    Gloss("gate", "What has to be so before a visit may take place.",
         "Encounter.transitionStartRule", "action.condition of kind start"),
    Gloss("optional visit", "A visit that a participant may not have.",
         "ScheduledDecisionInstance", "action.requiredBehavior: could"),
    Gloss("unscheduled visit", "A visit that nobody plans; it has no date until what it waits for"
         " has happened.", "ScheduleTimeline with an entryCondition", "", "SV.SVUPDES"),
    Gloss("run sheet", "The minute-by-minute plan inside one visit.",
         "ScheduleTimeline that is not the main one", "action inside an action"),
    Gloss("track", "What runs beside the visits, such as a daily diary."),
    Gloss("site", "Where visits take place: time zone, opening hours, closures, rooms, staff.",
         "StudySite", "Location, Schedule", "DM.SITEID", "data access group"),
    Gloss("source", "The publication, registry record or guidance that a statement comes from.",
         "NarrativeContent", "relatedArtifact"),
    Gloss("grade", "How certain a statement is: `verified`, `secondary`, `derived`, `assumed`,"
         " `unverified` or `retracted`."),
)  # fmt: skip
KINDS = (
    Gloss("screening", "Whether a person can take part.", "Screening Epoch", "", "SCREENING"),
    Gloss("run-in", "A period before randomization or treatment in which all are treated alike, or"
         " not at all.", "Run-in Period", "", "RUN-IN"),
    Gloss("baseline", "The values that later ones are compared with.", "", "", "BASELINE"),
    Gloss("randomization", "Allocation to an arm by chance.", "", "", "DS.DSDECOD: RANDOMIZED"),
    Gloss("preparation", "A session that prepares for dosing.", "Run-in Period (the nearest term)",
         "", "PREPARATION (extended)"),
    Gloss("treatment", "An epoch in which participants are treated.", "Treatment Epoch", "",
         "TREATMENT"),
    Gloss("dosing", "A session in which the substance or its comparator is given.",
         "Treatment Epoch", "", "TREATMENT, EX"),
    Gloss("integration", "A session in which a dosing session is talked over.",
         "Follow-Up Epoch (the nearest term)", "", "INTEGRATION (extended)"),
    Gloss("discharge", "A visit at the end of a stay, before the participant leaves.", "",
         "Encounter.admission.dischargeDisposition"),
    Gloss("assessment", "Measurements and questionnaires; what a visit is of which nothing else"
         " is known."),
    Gloss("contact", "A short exchange, often by phone."),
    Gloss("follow-up", "An observation after treatment.", "Follow-Up Epoch", "", "FOLLOW-UP"),
    Gloss("unblinding", "The visit at which a participant learns the arm.", "", "",
         "DS.DSDECOD: TREATMENT UNBLINDED"),
    Gloss("washout", "A time without treatment, until an earlier one no longer acts.",
         "Washout Period", "", "WASHOUT"),
    Gloss("maintenance", "Treatment that continues after its main part.",
         "Continuation Therapy Epoch", "", "CONTINUATION TREATMENT"),
    Gloss("termination", "The early termination visit of a participant who leaves the study.",
         "", "", "DS"),
    Gloss("event",
         "Not a visit: the date of a birth, a discharge or a progression, recorded once it"
         " has happened."),
)  # fmt: skip
PARTICIPANTS = (
    Gloss("participant", "A person in the study, known by a code alone; in standards also subject.",
         "", "ResearchSubject", "DM.USUBJID", "record (record_id)"),
    Gloss("record", "The file of one participant: what took place, was missed or is booked.",
         "", "CarePlan, Encounter", "SV", "calendar of the record"),
    Gloss("actual", "The date on which a visit really took place.",
         "", "Encounter.actualPeriod", "SV.SVSTDTC, SV.SVENDTC"),
    Gloss("protocol deviation", "What took place otherwise than the protocol allows.", "", "",
         "DV"),
    Gloss("out of window", "Of a visit: its date lies outside its visit window.", "", "", "DV"),
    Gloss("reschedule", "To plan the later visits again after one was late, missed or moved.",
         "", "Appointment (a new one)", "", "change of a date in the calendar"),
    Gloss("early termination", "A participant leaves before the end of the study; `withdrawn:` in"
         " the record.", "", "ResearchSubject.progress", "DS"),
)  # fmt: skip
STATUSES = (
    Gloss("planned", "The planner chose the date.", "", "Appointment.status: proposed", "",
         "Due Date"),
    Gloss("booked", "The date is agreed with the participant.", "", "Appointment.status: booked",
         "",
         "Scheduled, Confirmed"),
    Gloss("due", "The visit window is open and the visit is not recorded.", "", "", "", "Due Date"),
    Gloss("overdue", "The visit window has passed, and the visit is not recorded."),
    Gloss("unrecorded", "The appointment has passed, and the record does not say what came of it."),
    Gloss("broken", "The visit can no longer keep all of its rules."),
    Gloss("occurred", "The visit took place.", "", "Encounter.status: completed", "SV.SVOCCUR: Y"),
    Gloss("missed", "The visit did not take place and will not.", "", "Appointment.status: noshow",
         "SV.SVOCCUR: N", "No Show"),
    Gloss("cancelled", "The visit was called off beforehand.", "", "Appointment.status: cancelled",
         "SV.SVOCCUR: N", "Cancelled"),
    Gloss("waiting",
         "The visit has no date, because it waits for something that has not happened."),
    Gloss("undated", "The visit has no date, because nothing dates what it counts from."),
    Gloss("not-applicable", "The visit does not apply to this participant."),
    Gloss("failed", "A screening that took place and was not passed; it is planned again.", "", "",
         "DS.DSDECOD: SCREEN FAILURE"),
    Gloss("unscheduled", "A recorded visit that the protocol does not plan.", "", "", "SV.SVUPDES"),
)  # fmt: skip


def glossary() -> Glossary:
    """Each term of the planner with its meaning here and its names in the standards."""
    return Glossary(
        {
            "Schedule": SCHEDULE,
            "Kinds of visits and epochs": KINDS,
            "Participants": PARTICIPANTS,
            "Status of a visit": STATUSES,
        }
    )


def glossary_grid(answer: Glossary, *, for_machines: bool = False) -> Grid:
    """A column for each standard, under the headings of the parts.

    Args:
        answer: the terms.
        for_machines: whether the part stands in a column of its own.
    """
    heads = ("Term", "Meaning", *STANDARDS)
    lines = []
    for part, terms in answer.parts.items():
        if not for_machines:
            lines.append(Line((part,), "group"))
        lines += [Line((part, *term) if for_machines else tuple(term)) for term in terms]
    names = ("Part", *heads) if for_machines else heads
    return Grid("Glossary", (names,), tuple(lines), (NAMES, NOTICE))


def glossary_text(answer: Glossary, *, width: int, color: bool) -> str:
    """The glossary on a terminal: names in the standards stand below the meaning."""
    lines = []
    for part, terms in answer.parts.items():
        lines.append(Line((part,), "group"))
        for term in terms:
            named = "; ".join(f"{name}: {words}" for name, words in term.by_standard().items())
            lines.append(Line((term.name, term.meaning)))
            lines += [Line(("", named))] if named else []
    heads = ("Term", "Meaning, and name in the standards")
    notes = (NAMES.partition(" An empty")[0], NOTICE)
    grid = Grid("Glossary", (heads,), tuple(lines), notes)
    return render_table(grid, width=width, color=color)


def glossary_json(answer: Glossary) -> str:
    """The terms as JSON, format 1; a standard without a name for a term is left out."""
    return render_document(
        {
            "terms": [
                {
                    "term": term.name,
                    "part": part,
                    "meaning": term.meaning,
                    "standards": term.by_standard(),
                }
                for part, terms in answer.parts.items()
                for term in terms
            ]
        }
    )
