"""The starter file of a site: an invented clinic whose comments explain every entry."""

from planner.protocol.starter import quoted_id

_TEXT = """\
# A site says where visits take place, and when it is open. Change what is here, and check with
#     planner validate {name}.yaml
# Use it with --site, or name it in planner.toml. An editor completes and checks while you type once
# you have written the schema beside this file: planner schema --kind site -o site.schema.json
# yaml-language-server: $schema=site.schema.json

format: 1
id: {quoted}
title: Example clinic (invented)

# Printed on participants' sheets. The site's own, never a person's.
address: [1 Example Street, Example Town]
phone: "+49 30 23125 000"

# All times below are local times in this zone; clock changes are taken from it, too.
timezone: Europe/Berlin

# Opening hours per weekday; a weekday that is not listed is closed. Several stretches are a list:
#   friday: [08:00-12:00, 13:00-16:00]
hours:
  monday: 08:00-18:00
  tuesday: 08:00-18:00
  wednesday: 08:00-18:00
  thursday: 08:00-18:00
  friday: 08:00-16:00

# Public holidays on which it is closed, by country and region; they need the extra `holidays`:
#   holidays: {{country: DE, region: BE}}
holidays: none

# Closed for reasons of its own; both dates included. They never move a visit window.
closures:
  - {{from: 2027-12-24, to: 2027-12-31, reason: year-end closure}}

# Open on dates that would otherwise be closed, whatever closes them.
openings:
  - {{date: 2027-10-16, hours: 09:00-13:00, reason: open Saturday}}

# Whether participants can stay for the night after a session.
overnight: true

# Rooms by kind and capacity, and how many people there are in each role of the protocol.
rooms:
  - {{id: session-1, kind: session-room, capacity: 1}}
staff: {{therapist: 4, rater: 2, physician: 1}}
"""


def site_starter(name: str) -> str:
    """The commented starter file of a new site, as YAML that validates.

    Args:
        name: the site's id.

    Raises:
        PlannerError: ``name`` is no id; names the nearest one.
    """
    return _TEXT.format(name=name, quoted=quoted_id(name))
