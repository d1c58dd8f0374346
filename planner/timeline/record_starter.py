"""The starter file of a participant's record, whose comments explain every entry."""

from planner.timeline.participant import new_code

_TEXT = """\
# What has happened to one participant so far, and what is booked. Check it with
#     planner validate {code}.yaml
# Use it with --records, alone or in a folder of everybody's. The same can be a CSV file {code}.csv
# with the columns visit,occurrence,status,start,end,reason,note. An editor completes and checks
# while you type: planner schema --kind record -o record.schema.json
# yaml-language-server: $schema=record.schema.json

format: 1
# A code that names nobody: no initials, no date of birth.
participant: "{code}"

# The protocol's id, and the arm where it may be known:
# protocol: my-study
# arm: open

# The group of participants that the protocol's rules between participants are about:
# cohort: sad-1

# Which version of the protocol holds, and from when:
# versions:
#   - {{version: "1.0", from: 2027-01-04}}

# The planned date of the anchor visit, as long as no line below says when it was.
start: 2027-01-11

# Gates passed, and facts that decisions ask for:
# gates: {{eligible: 2027-01-04}}
# facts: {{madrs: 17, remission: false}}

# Dates without a visit or a call, what suits the participant best, and the clock of their calls:
# away: [2027-07-01..2027-07-14, 2027-08-02]
# prefers: {{weekdays: [monday, thursday], times: "13:00..17:00"}}
# time_zone: Australia/Perth

# Early termination: the date of withdrawal, from which the participant has no visits:
# withdrawn: 2027-05-03

# A line per visit, by its id in the protocol (`dosing` with `occurrence: 2`, or `dosing-2`).
#   status: planned, booked, occurred, missed, cancelled, not-applicable, unscheduled,
#     failed (a screening that was not passed and is planned again)
#   start and end: a date, or a date and the site's local time: 2027-01-11T09:00
visits: []
#   - {{visit: baseline, status: occurred, start: 2027-01-11T09:00}}
#   - {{visit: prep-1, status: booked, start: 2027-01-14T10:00}}
#   - {{visit: headache, status: unscheduled, start: 2027-01-15, note: seen at short notice}}
"""


def record_starter(code: str) -> str:
    """The commented starter file of a participant's record, as YAML that validates.

    Args:
        code: the participant's.

    Raises:
        PlannerError: ``code`` could name somebody, or is no code.
    """
    return _TEXT.format(code=new_code(code))
