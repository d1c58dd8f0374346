"""The trial design datasets of SDTM: TV (visits), TA (arms) and TE (elements) of a protocol.

Standard: SDTMIG 3.4. They are the design of the study, not a participant's plan: arms are named.
"""

from datetime import datetime
from typing import NamedTuple

from planner.formats.sdtm.trial_design_arms import arm_courses, planned_visits, study_id
from planner.formats.sdtm.trial_design_elements import trial_arms_and_elements
from planner.formats.sdtm.trial_design_rules import ASSUMED_MARK
from planner.formats.sdtm.trial_design_text import TextWriter
from planner.formats.sdtm.trial_design_visits import trial_visits
from planner.formats.sdtm.writing import Dataset, dataset_json, transport_file
from planner.network.windows import is_consistent
from planner.protocol.model import Protocol
from planner.schedule.build import build_schedule


class TrialDesign(NamedTuple):
    """The three datasets of a study, and what people should know of them, a sentence each."""

    study: str
    datasets: tuple[Dataset, ...]
    notes: tuple[str, ...]


def trial_design(protocol: Protocol) -> TrialDesign:
    """TV, TA and TE of a protocol.

    Raises:
        PlannerError: the cycles make too many visits.
    """
    writer = TextWriter()
    study = study_id(protocol)
    arms = arm_courses(protocol, writer)
    visits = planned_visits(arms, writer)
    tv = trial_visits(study, arms, visits, writer)
    ta, te = trial_arms_and_elements(study, arms, visits, writer)
    notes = []
    undated = len({row[2] for row in tv.rows if row[4] is None})
    if undated:
        few = "visit has" if undated == 1 else "visits have"
        notes.append(
            f"{undated:,} {few} no VISITDY: no target leads to one day, or it counts in months"
        )
    if any(ASSUMED_MARK in str(cell) for row in tv.rows for cell in row):
        notes.append(
            f"rules marked{ASSUMED_MARK} are assumptions by the file's author; no source found"
        )
    flaw = next((flaw for arm in arms for flaw in arm.course.flaws), None)
    if flaw is not None:
        notes.append(
            f"errors in the file leave something out: {flaw.message}; `planner validate` shows them"
        )
    if not all(is_consistent(build_schedule(arm.course).network) for arm in arms):
        notes.append("the timings contradict each other; `planner validate` shows which")
    return TrialDesign(study, (tv, ta, te), (*notes, *writer.notes()))


def design_files(design: TrialDesign, protocol: Protocol, stamp: datetime) -> dict[str, bytes]:
    """The six files by name: each dataset as Dataset-JSON 1.1 and as XPT, with the same cells.

    Args:
        design: what `trial_design` made of the protocol.
        protocol: the protocol, whose id and version name the files' contents.
        stamp: the date in the files; the same one gives the same bytes.
    """
    files = {}
    for dataset in design.datasets:
        name = dataset.name.lower()
        oid = f"{protocol.id}.{protocol.version}.{name}"
        files[f"{name}.json"] = dataset_json(dataset, design.study, oid, stamp).encode("ascii")
        files[f"{name}.xpt"] = transport_file(dataset, stamp)
    return files
