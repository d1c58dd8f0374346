"""What a USDM study says about time: the classes of CDISC's model as far as schedules need them.

Names follow USDM v4 in Python's spelling. Every object keeps the JSON path it was read from, and
references stay ids: whether they lead anywhere is for those who ask. Texts are on one line and
without control characters; ``None`` and ``()`` stand for what the file does not say.
"""

from dataclasses import dataclass
from typing import NamedTuple

from planner.protocol.document import Path


class Unreadable(NamedTuple):
    """A field that is not what it should be; ``path`` is its JSON path."""

    message: str
    path: Path


class Extension(NamedTuple):
    """An extension attribute: what a program keeps in a study that USDM has no place for."""

    url: str
    value: str | None
    extensions: "tuple[Extension, ...]"
    path: Path


class Code(NamedTuple):
    """A term of a code list: the code, and what it stands for."""

    code: str | None
    decode: str | None
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPart:
    """What the larger parts of a study have in common."""

    id: str
    name: str | None
    label: str | None
    description: str | None
    extensions: tuple[Extension, ...]
    path: Path

    @property
    def called(self) -> str:
        """Its name, else its label, else its id; empty where it has none of them."""
        return self.name or self.label or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTiming(StudyPart):
    """When an instance takes place: ``from_id`` is timed, ``to_id`` is its reference.

    Durations are texts as written (ISO 8601 where the file is right).
    """

    type: Code | None
    value: str | None
    value_label: str | None
    relative_to_from: Code | None
    from_id: str | None
    to_id: str | None
    window_lower: str | None
    window_upper: str | None
    window_label: str | None


class Branch(NamedTuple):
    """A condition of a decision, in words, and the instance it leads to."""

    condition: str | None
    target_id: str | None
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance(StudyPart):
    """A node of a timeline; with ``branches`` where it is a decision."""

    is_decision: bool
    branches: tuple[Branch, ...]
    default_id: str | None
    epoch_id: str | None
    encounter_id: str | None
    activity_ids: tuple[str, ...]
    timeline_id: str | None
    exit_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleTimeline(StudyPart):
    """A schedule timeline: nodes, chained by their default conditions, and their timings."""

    is_main: bool
    entry_condition: str | None
    entry_id: str | None
    planned_duration: str | None
    instances: tuple[Instance, ...]
    timings: tuple[StudyTiming, ...]
    exit_ids: tuple[str, ...]


class TransitionRule(NamedTuple):
    """A transition rule: what has to be true at the start or at the end of something."""

    name: str | None
    text: str
    path: Path


class Note(NamedTuple):
    """A comment annotation."""

    text: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter(StudyPart):
    """A contact between participant and site."""

    type: Code | None
    contact_modes: tuple[Code, ...]
    settings: tuple[Code, ...]
    start_rule: TransitionRule | None
    end_rule: TransitionRule | None
    previous_id: str | None
    next_id: str | None
    scheduled_at_id: str | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyEpoch(StudyPart):
    """A phase of the study."""

    type: Code | None
    previous_id: str | None
    next_id: str | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyArm(StudyPart):
    """What participants are allocated to."""

    type: Code | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyElement(StudyPart):
    """What participants of an arm get in an epoch."""

    start_rule: TransitionRule | None
    end_rule: TransitionRule | None


class Cell(NamedTuple):
    """Which elements an arm has in an epoch."""

    arm_id: str | None
    epoch_id: str | None
    element_ids: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyActivity(StudyPart):
    """Something that is done; with ``child_ids`` it is a heading over others."""

    child_ids: tuple[str, ...]
    timeline_id: str | None
    procedures: tuple[str, ...]
    procedure_ids: tuple[str, ...]
    notes: tuple[Note, ...]


class StudyCondition(NamedTuple):
    """A sentence under which something is done, as footnotes of a schedule of activities say."""

    id: str
    name: str | None
    label: str | None
    text: str | None
    context_ids: tuple[str, ...]
    applies_to_ids: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Design(StudyPart):
    """One study design with its timelines."""

    blinding: Code | None
    model: Code | None
    arms: tuple[StudyArm, ...]
    epochs: tuple[StudyEpoch, ...]
    elements: tuple[StudyElement, ...]
    cells: tuple[Cell, ...]
    encounters: tuple[Encounter, ...]
    activities: tuple[StudyActivity, ...]
    timelines: tuple[ScheduleTimeline, ...]
    indications: tuple[Code, ...]
    conditions: tuple[StudyCondition, ...]
    notes: tuple[Note, ...]


class Title(NamedTuple):
    """A title and what kind of title it is."""

    text: str
    type: Code | None
    path: Path


class GovernanceDate(NamedTuple):
    """A governance date, as written, and what it is the date of."""

    value: str
    type: Code | None
    path: Path


class Identifier(NamedTuple):
    """An identifier of the study, such as a registry number."""

    text: str
    path: Path


class StudyVersion(NamedTuple):
    """One version of the study."""

    id: str
    identifier: str | None
    titles: tuple[Title, ...]
    identifiers: tuple[Identifier, ...]
    dates: tuple[GovernanceDate, ...]
    masked_roles: tuple[str, ...]
    interventions: tuple[str, ...]
    conditions: tuple[StudyCondition, ...]
    designs: tuple[Design, ...]
    notes: tuple[Note, ...]
    extensions: tuple[Extension, ...]
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(StudyPart):
    """A study as read; ``unreadable`` are the fields that are not what they should be."""

    usdm_version: str | None
    versions: tuple[StudyVersion, ...]
    unreadable: tuple[Unreadable, ...]
