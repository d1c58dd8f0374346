from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import owner
from planner.checks.subject import Subject
from planner.checks.written_texts import matches
from planner.protocol.amounts import AMOUNT


@check(
    "error",
    "an amount outside an arm's label",
    what="A number with a unit of mass, volume or activity (`25 mg`, `10 µg`, `0.2 mg/kg`, `5"
    " ml`) anywhere but in the `label:` or `periods:` of an arm: in a title, a note, a"
    " footnote, a condition, a run sheet or an id. A concentration in blood (`60 mg/dL`) is a"
    " laboratory value and not an amount.",
    why="An amount is what a publication says of an arm, in its own words. All other texts"
    " appear in timelines and calendars, where an amount would unblind, or could be taken for"
    " advice.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, title: Session with 25 mg, after: {visit: baseline, within: 1w}}
""",
    good="""\
arms:
  - {id: active, label: 25 mg}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, title: Session, after: {visit: baseline, within: 1w}}
""",
)
def amount_outside_label(subject: Subject) -> Iterator[Flag]:
    for path, amount in matches(subject, AMOUNT):
        message = f"`{amount}` is an amount; amounts stand only in an arm's label"
        hint = "leave it out here; the publication's words go into `label:` of the arm"
        yield Flag(path, message, hint, about=[owner(subject, path)])
