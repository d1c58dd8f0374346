"""Makes visits and epochs of the instances met on the way through a timeline."""

from typing import NamedTuple

from planner.formats.usdm.model import Design, Encounter, Instance, StudyEpoch, StudyTiming
from planner.formats.usdm.read.activities import DesignActivities
from planner.formats.usdm.read.chain import ChainVisit
from planner.formats.usdm.read.import_log import (
    ImportLog,
    Names,
    name_of,
    short_line,
    without_markup,
)
from planner.formats.usdm.read.timings import (
    Timed,
    TimingKind,
    spacing,
    timing_ends,
    timing_name,
    timing_note,
    window_text,
)
from planner.formats.usdm.terms import contact_mode, epoch_kind, is_home
from planner.protocol.document import Path
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import json_path
from planner.time.distance import (
    CalendarDistance,
    Distance,
    Tolerance,
    UnitError,
    Window,
    parse_distance,
    parse_window,
)

Visit = dict[str, object]
KEYS = (
    "id", "title", "kind", "mode", "when", "unscheduled", "requires", "after", "before",
    "activities", "run_sheet", "footnotes", "source", "note",
)  # fmt: skip
"""The order in which the keys of a visit are written."""


class Encounters(NamedTuple):
    """The encounters of a design by id, and how many visits share each."""

    known: dict[str, Encounter]
    shared: dict[str, int]


def encounters(design: Design, stops: list[ChainVisit]) -> Encounters:
    """The encounters of a design and how often the visits use them."""
    shared: dict[str, int] = {}
    for stop in stops:
        if stop.instance.encounter_id is not None:
            shared[stop.instance.encounter_id] = shared.get(stop.instance.encounter_id, 0) + 1
    known: dict[str, Encounter] = {}
    for encounter in design.encounters:
        known.setdefault(encounter.id, encounter)
    return Encounters(known, shared)


def visit_of(
    account: ImportLog, instance: Instance, name: str, met: Encounters, activities: DesignActivities
) -> Visit:
    """A visit without its timings: what it is called, how it takes place, what is done."""
    visit: Visit = {"id": name}
    account.place(visit, instance.path)
    encounter = None if instance.encounter_id is None else met.known.get(instance.encounter_id)
    if instance.encounter_id is not None and encounter is None:
        account.mistake(
            f"instance {name_of(instance)} names the encounter"
            f" {quoted(instance.encounter_id)}, which the design does not have",
            (*instance.path, "encounterId"),
        )
    title = _title(instance, encounter, met)
    if title is not None:
        visit["title"] = title
    if encounter is not None:
        mode, *others = _modes(account, encounter, shares=met.shared[encounter.id] > 1)
        if mode != "clinic":
            visit["mode"] = mode
            account.place(visit, instance.path, mode=encounter.path)
        if others:
            visit["also_by"] = account.place(others, (*encounter.path, "contactModes"))
    done = activities.keys_of(instance)
    if done:
        visit["activities"] = account.place(done, (*instance.path, "activityIds"))
    return visit


def _title(instance: Instance, encounter: Encounter | None, met: Encounters) -> str | None:
    own = short_line(instance.label)
    if own is not None or encounter is None:
        return own
    shared = short_line(encounter.label)
    if shared is None or met.shared[encounter.id] == 1:
        return shared
    name = short_line(instance.name)
    return short_line(f"{shared} ({name})") if name else shared


def _modes(account: ImportLog, encounter: Encounter, *, shares: bool) -> list[str]:
    modes: list[str] = []
    for code in encounter.contact_modes:
        mode = contact_mode(code)
        if mode is None:
            account.reading(
                f"encounter {quoted(encounter.name or encounter.id)}: the contact mode"
                f" {quoted(code.decode or code.code)} is none that a protocol file knows; read as"
                " a visit in the clinic",
                code.path,
            )
            mode = "clinic"
        if mode == "clinic" and any(is_home(setting) for setting in encounter.settings):
            mode = "home"
        if mode not in modes:
            modes.append(mode)
    if len(modes) > 1 and shares:
        account.reading(
            f"encounter {quoted(encounter.name or encounter.id)} has several contact modes"
            f" for several visits: {', '.join(modes)}; read as {modes[0]}, not as another one",
            (*encounter.path, "contactModes"),
        )
        return modes[:1]
    if not modes:
        return ["home" if any(is_home(setting) for setting in encounter.settings) else "clinic"]
    return modes


def add_timings(
    account: ImportLog,
    visit: Visit,
    instance: Instance,
    timings: Timed,
    ids: dict[str, str],
    *,
    exact: bool,
) -> None:
    """Gives a visit the rules by which it counts from others; all of them, where there are more.

    ``exact``: a target without a window is that very day, and not only preferred.
    """
    rules: dict[str, list[Visit]] = {}
    for timing, kind in timings.rules.get(instance.id, ()):
        made = _rule(account, timing, kind, ids)
        if made is None:
            continue
        field, rule = made
        name = ids[instance.id]
        if not rules or without_target(account, rule, name, timing.path, exact=exact):
            rules.setdefault(field, []).append(rule)
    for field, entries in rules.items():
        visit[field] = entries[0] if len(entries) == 1 else entries
    if not rules and instance.id != timings.anchor and instance.id not in timings.fixed:
        account.reading(
            f"instance {name_of(instance)} has no timing that can be read; it is read as a"
            " visit on any day",
            instance.path,
            expected=True,
        )


def _rule(
    account: ImportLog,
    timing: StudyTiming,
    kind: TimingKind | None,
    ids: dict[str, str],
) -> tuple[str, Visit] | None:
    where = (*timing.path, "relativeToScheduledInstanceId")
    if timing.to_id is None or timing.to_id not in ids:
        named = "none" if timing.to_id is None else quoted(timing.to_id)
        account.left_out(
            f"{timing_name(timing)} counts from an instance that is not a visit of its timeline,"
            f" {named}; it is left out",
            timing.path if timing.to_id is None else where,
        )
        return None
    if timing.to_id == timing.from_id:
        account.mistake(
            f"{timing_name(timing)} counts an instance from itself; it is left out", where
        )
        return None
    spaced = spacing(account, timing, kind)
    if spaced is None:
        return None
    reference, end = timing_ends(account, timing)
    entry: Visit = {
        "visit": ids[timing.to_id] + (".end" if reference == "end" else ""),
        "target": str(spaced.target),
    }
    account.place(entry, timing.path, visit=where, target=(*timing.path, "value"))
    window = window_text(spaced)
    if window is not None:
        entry["within"] = window
        account.place(entry, timing.path, within=(*timing.path, "windowLower"))
    if end == "end":
        entry["of"] = "end"
    account.add_source(entry, timing_note(timing))
    return "before" if spaced.backwards else "after", entry


def visit_note(instance: Instance, met: Encounters | None = None) -> str:
    """Where a visit was read, and what the file says of it beyond its label."""
    name = without_markup(instance.name or instance.id) or "Instance"
    place = f"{name} at {json_path(instance.path)}"
    description = short_line(instance.description)
    if description is None and met is not None and instance.encounter_id in met.known:
        description = short_line(met.known[instance.encounter_id].description)
    return (
        place
        if description is None or description == short_line(instance.label)
        else f"{place}: {description}"
    )


def in_order(visit: Visit) -> None:
    """Puts the keys of a visit into the order in which people write them."""
    entries = {key: visit.pop(key) for key in KEYS if key in visit}
    visit.update(entries)


class Epochs:
    """The epochs of a protocol while its visits are put into them."""

    def __init__(self, account: ImportLog, design: Design, arms: dict[str, str]) -> None:
        self.account = account
        self.arms = arms
        self.design = design
        self.known: dict[str, StudyEpoch] = {}
        for epoch in design.epochs:
            self.known.setdefault(epoch.id, epoch)
        self.names = Names()
        self.first: dict[str, str] = {}
        self.entries: list[object] = []
        self.cells: dict[str, set[str]] = {}
        for cell in design.cells:
            if cell.epoch_id is not None and cell.arm_id in arms:
                self.cells.setdefault(cell.epoch_id, set()).add(str(cell.arm_id))
        self.current: str | None = None
        self.visits: list[object] = []

    def add(self, instance: Instance, visit: Visit) -> None:
        """Puts a visit behind all others, into the epoch of its instance."""
        wanted = instance.epoch_id
        if wanted is not None and wanted not in self.known:
            self.account.mistake(
                f"instance {name_of(instance)} names the epoch {quoted(wanted)}, which the"
                " design does not have; it stays with the visits before it",
                (*instance.path, "epochId"),
            )
            wanted = None
        if wanted is None and not self.entries:
            self._open(None, instance)
        elif wanted is not None and wanted != self.current:
            self._open(self.known[wanted], instance)
        self.visits.append(visit)

    def _open(self, epoch: StudyEpoch | None, instance: Instance) -> None:
        if epoch is None:
            self.begin("schedule", None, "treatment", instance)
            return
        kind = epoch_kind(epoch.type, epoch.name, epoch.label, epoch.description)
        if kind is None:
            type_text = "no type" if epoch.type is None else f"type {quoted(epoch.type.decode)}"
            self.account.reading(
                f"epoch {quoted(epoch.name or epoch.id)} has {type_text}; read as one of treatment",
                epoch.path,
            )
            kind = "treatment"
        entry = self.begin(epoch.name or epoch.label, short_line(epoch.label), kind, instance)
        self.account.place(entry, epoch.path)
        self.current = epoch.id
        if epoch.id in self.first:
            self.account.reading(
                f"instance {name_of(instance)} goes back to epoch"
                f" {quoted(epoch.name or epoch.id)}; read as a second epoch, `{entry['id']}`, not"
                f" as another visit of `{self.first[epoch.id]}`",
                (*instance.path, "epochId"),
            )
        self.first.setdefault(epoch.id, str(entry["id"]))
        with_cell = self.cells.get(epoch.id, set())
        if with_cell and len(with_cell) < len(self.arms):
            entry["arms"] = [name for arm, name in self.arms.items() if arm in with_cell]
            entry["visits"] = entry.pop("visits")

    def begin(self, name: str | None, title: str | None, kind: str, instance: Instance) -> Visit:
        """A new epoch behind all others."""
        entry: Visit = {"id": self.names.take(name, title, otherwise="epoch")}
        if title is not None:
            entry["title"] = title
        entry["kind"] = kind
        self.visits = []
        entry["visits"] = self.visits
        self.current = None
        self.entries.append(self.account.place(entry, instance.path))
        return entry


def without_target(
    account: ImportLog, rule: dict[str, object], name: str, where: Path, *, exact: bool
) -> bool:
    """Turns the target of a timing and the room around it into a window.

    Args:
        account: takes what has to be told.
        rule: the timing as plain data; it is changed.
        name: the visit's.
        where: the timing's JSON path.
        exact: whether a target without a window is that very day.

    Returns:
        Whether the timing still says something.
    """
    target = parse_distance(str(rule["target"]))
    if "within" not in rule and not exact:
        account.left_out(
            f"`{name}` has another target, and {target} from `{rule['visit']}` is only preferred",
            where,
        )
        return False
    within = parse_window(str(rule["within"])) if "within" in rule else Window(target, target)
    window = within.around(target) if isinstance(within, Tolerance) else within
    text = _written(window)
    account.reading(
        f"`{name}` has several timings; the first has its target, the one from `{rule['visit']}`"
        f" is read as {text}, without its target {target}",
        where,
        expected=True,
    )
    keys = ("visit", "within", "of", "source", "note")
    rest = {**rule, "within": text}
    del rest["target"]
    if "note" in rest:
        rest["note"] = f"{rest['note']}; its target is {target}"
    rule.clear()
    rule.update({key: rest[key] for key in keys if key in rest})
    return True


def _written(window: Window) -> str:
    """A window as text; with days added to months, the days that it can be at most."""
    text = str(window)
    try:
        parse_window(text)
    except UnitError:
        return str(Window(_days(window.earliest, 0), _days(window.latest, 1)))
    return text


def _days(distance: Distance | None, end: int) -> Distance | None:
    if not isinstance(distance, CalendarDistance):
        return distance
    return CalendarDistance(0, distance.day_span[end])
