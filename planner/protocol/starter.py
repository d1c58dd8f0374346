"""The starter file of `planner new`: a small made-up study whose comments explain the format."""

from planner.errors import PlannerError
from planner.protocol.fields import read_id

_TEXT = """\
# A study's schedule of visits. Change what is here, delete what you do not need, and check with
#     planner validate {id}.yaml
# Your editor completes and checks while you type once you have written the schema beside this file
# with `planner schema -o protocol.schema.json`:
# yaml-language-server: $schema=protocol.schema.json

format: 1
id: {quoted}
title: A made-up study with two dosing sessions
version: "0.1"
# What calendars know the study by. Never change it: every event would be there twice.
identity: "{identity}"
# published: the schedule of a real study. draft: of one being designed. illustrative: made up.
status: illustrative
# Structure and blinding in one list: [double-blind, parallel], [open-label, crossover], ...
design: [open-label, single-group]
# Study days are counted from this visit: its date is Day 1, the day before it is Day -1.
# With `day_zero: true` its date is Day 0.
anchor: baseline

# Where statements come from. Every arm, visit, timing, duration and staffing can name one or more
# sources and a grade: verified (read in a primary text), secondary, derived (the note shows the
# arithmetic), assumed (by whoever wrote this file), unverified. `planner validate` reports what
# names none. Replace this source by the texts that you have read, such as
#   registry: {{kind: registry, id: NCT00000000, read: registry-record}}
sources:
  design:
    kind: general-knowledge
    title: Made up to show the format
    read: secondary

# Staff present. `count` is the number at a visit; `continuity: participant` means the same people
# throughout a participant's course; `never_with` keeps raters out of therapy.
roles:
  therapist: {{title: Therapist, count: 2, continuity: participant}}
  physician: {{title: Study physician}}
  rater:
    title: Independent rater
    never_with: [preparation, dosing, integration]

# What is done: instruments and procedures, who performs them, and which are endpoints.
activities:
  screening-interview: {{title: Screening interview, by: physician}}
  symptom-scale: {{title: Symptom scale, by: rater, endpoint: primary}}
  vital-signs: {{title: Blood pressure and heart rate, by: physician}}

# What a participant is allocated to. With several arms, name two or more here and say in epochs,
# visits and timings with `arms: [...]` who has them, or under `by_arm:` what differs in one arm.
# In a blinded design, add `blinded: [participant, rater]` below `design`; the checks then look for
# anything by which a participant could tell the arms apart.
arms:
  - {{id: open, title: Open label, source: design, grade: assumed}}

# What must be true before a visit may take place; a visit names its gates under `requires:`.
gates:
  eligible: {{title: Eligibility has been confirmed}}

# The phases, with their visits in the order of the schedule.
#   Distances in days (3d, 1w, 2mo) lie between dates; in hours or minutes (8h, 90min) they are
#   elapsed time. `within` holds the allowed distances, both ends included: 3d..14d, 6w.., ..6w,
#   or ±2d around the target. `target` is the preferred distance.
#   `after` counts from an earlier visit, `before` to a later one; several may stand in a list.
#   Of a study whose publication gives no window: {{visit: baseline, target: 12w,
#   window: not-published}}. Then the target is only preferred, and no date is allowed or forbidden.
#   `order: listed`, at the top, an epoch or a visit, says that visits follow one another in the
#   order in which they stand here: a rule of its own, and no window.
epochs:
  - id: screening
    visits:
      - id: consent
        title: Consent and screening
        mode: clinic            # or phone, video, home
        duration: 2h            # or a range: 90min..2h
        staff: physician
        activities: [screening-interview]
        before: {{visit: baseline, within: 1w..4w, target: 2w, source: design, grade: assumed}}
        source: design
        grade: assumed
      - id: baseline
        title: Baseline
        duration: 90min
        staff: rater
        activities: [symptom-scale]
        source: design
        grade: assumed

  - id: preparation
    visits:
      - id: prep-1
        title: First preparation
        duration: 90min
        staff: therapist
        requires: eligible
        after: {{visit: baseline, within: 2d..7d, target: 3d, source: design, grade: assumed}}
        source: design
        grade: assumed
      - id: prep-2
        title: Second preparation
        duration: 90min
        staff: therapist
        after: {{visit: prep-1, within: 5d..9d, target: 1w, source: design, grade: assumed}}
        source: design
        grade: assumed

  # A cycle repeats its visits: dosing-1, integration-1, dosing-2, integration-2. `first` times a
  # visit of the first cycle, `next` of every later one; `after` holds in all of them and means the
  # visit of the same cycle. Other references: `previous dosing`, `last dosing`, `dosing-1.end`.
  - id: treatment
    cycle: {{times: 2, source: design, grade: assumed}}
    visits:
      - id: dosing
        title: Dosing session
        kind: dosing
        duration: 8h
        at: "09:00"             # or between two times: 08:30..09:30
        weekdays: [monday, tuesday, wednesday, thursday]
        staff: {{therapist: 2, physician: 1}}
        first: {{visit: prep-2, within: 2d..10d, target: 5d, source: design, grade: assumed}}
        next: {{visit: previous dosing, within: 3w..5w, target: 4w, source: design, grade: assumed}}
        source: design
        grade: assumed
        # The plan inside the visit, in elapsed time. `zero` is how long after the visit's start
        # the sheet's 0min is; items stand at a distance from it, or after another item.
        run_sheet:
          zero: 60min
          items:
            - {{id: arrival, title: Arrival, at: -60min, duration: 30min}}
            - {{id: vitals-before, title: Vital signs, at: -15min, activity: vital-signs}}
            - {{id: administration, title: Administration, kind: administration, at: 0min}}
            - id: vitals-after
              title: Vital signs
              after: administration
              within: 50min..70min
              target: 60min
              activity: vital-signs
            - {{id: discharge, title: Discharge check, kind: discharge, at: 6h..7h}}
      - id: integration
        title: Integration
        kind: integration
        mode: video
        duration: 60min
        staff: therapist
        after: {{visit: dosing, within: 1d..4d, target: 1d, source: design, grade: assumed}}
        source: design
        grade: assumed

  - id: follow-up
    visits:
      - id: outcome
        title: Primary outcome
        kind: follow-up
        duration: 90min
        staff: rater
        activities: [symptom-scale]
        after: {{visit: last dosing, within: 5w..7w, target: 6w, source: design, grade: assumed}}
        source: design
        grade: assumed

# What repeats beside the visits: one entry here, one repeating event in a calendar.
tracks:
  - id: diary
    title: Evening diary
    kind: diary
    from: baseline
    until: outcome
    every: 1d
    at: "20:00"
    duration: 10min
    source: design
    grade: assumed

# Findings that you have seen and accept:
# ignore:
#   - {{rule: no-window, at: outcome, reason: The publication gives none}}
"""


def starter(protocol_id: str, identity: str) -> str:
    """The commented starter file of a new protocol, as YAML that validates without a finding.

    Args:
        protocol_id: its id.
        identity: what calendars are to know the study by, such as a random UUID.

    Raises:
        PlannerError: ``protocol_id`` is no id; names the nearest one.
    """
    return _TEXT.format(id=protocol_id, quoted=quoted_id(protocol_id), identity=identity)


def quoted_id(name: str) -> str:
    """An id as YAML has it: one such as `2` or `null` is a word only in quotes.

    Raises:
        PlannerError: it is no id; names the nearest one.
    """
    try:
        read_id(name)
    except ValueError as error:
        raise PlannerError(str(error)) from None
    return name if name[0].isalpha() and name not in ("null", "true", "false") else f'"{name}"'
