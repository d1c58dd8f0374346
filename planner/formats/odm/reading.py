"""An ODM v2 study as a document of our format, with what had to be chosen and what has no place."""

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple, get_args

from planner.errors import PlannerError, argument, did_you_mean
from planner.formats.naming import Ids, truncated_line
from planner.formats.odm.choices import NeededConditions
from planner.formats.odm.distances import TARGETS, Targets
from planner.formats.odm.elements import Element
from planner.formats.odm.study import OdmStudy, events_of, members, read_odm_study
from planner.formats.odm.timing import TIMINGS, LocatedTiming, Timings, timings_of, write_rules
from planner.formats.odm.workflow import Flow, ListedOrder, flow_of
from planner.protocol.document import Path
from planner.protocol.imported_document import Imported, Origin, imported_document

SOURCE_KEY = "odm"


def read_odm(
    path: str, *, targets: str = "exact", timings: str = "both", workflow: str | None = None
) -> Imported:
    """Reads an ODM v2 file (``-`` is standard input) as a protocol.

    Args:
        path: the file; its root is ODM, Study or MetaDataVersion.
        targets: what a target without a window on a side means there: ``exact`` (that very day),
            ``preferred`` (no limit but the reference itself) or ``ceiling`` (the most).
        timings: ``relative`` reads the constraints between visits, ``transition`` those on steps
            of the workflow, ``both`` both.
        workflow: OID of the workflow to follow; by default the one that the study refers to.

    Raises:
        PlannerError: a word is none of these, lxml is missing, or the file cannot be opened.
        DocumentError: the file cannot be read safely, or is no ODM v2.
    """
    for name, word, known in (
        ("targets", targets, TARGETS),
        ("timings", timings, TIMINGS),
    ):
        if word not in known:
            hint = did_you_mean(word, known, before="; ")
            raise PlannerError(f"{argument(name)}: `{word}` is none of {', '.join(known)}{hint}")
    study = read_odm_study(path)
    if workflow is not None and workflow not in study.workflows:
        hint = did_you_mean(workflow, study.workflows, before="; ")
        raise PlannerError(f"{path}: there is no workflow `{workflow}`{hint}")
    flow = flow_of(study, workflow)
    chosen: Targets = next(word for word in get_args(Targets) if word == targets)
    read = timings_of(study, flow, chosen, timings)
    return _Writer(study, flow, read, chosen).imported()


class _Writer:
    """The document as far as it has been made."""

    def __init__(self, study: OdmStudy, flow: Flow, timings: Timings, targets: Targets) -> None:
        self.study = study
        self.flow = flow
        self.timings = timings
        self.targets = targets
        self.origins: dict[Path, Origin] = {(): study.version.origin}
        self.choices = NeededConditions(study, flow)
        self.order = ListedOrder(study, flow, timings.untimed)
        self.used_forms = used_forms(study, flow)
        self.visit_ids = _ids(study.events, flow.visits, "visit")
        self.arm_ids = _ids(study.arms, study.arms, "arm")
        self.form_ids = _ids(study.forms, self.used_forms, "form")
        self.optional = self.optional_visits()
        self.anchor_oid = self.anchor()
        self.footnotes: dict[str, str] = {}
        self.footnote_ids = Ids()

    def imported(self) -> Imported:
        study = self.study
        epochs = self.epochs()
        data: dict[str, object] = {**self.head()}
        if self.targets == "preferred":
            data["conventions"] = {"target_without_window": "preferred"}
        data["sources"] = {SOURCE_KEY: self.source()}
        if study.arms:
            data["arms"] = [
                self.arm(oid, arm, at) for at, (oid, arm) in enumerate(study.arms.items())
            ]
        if self.form_ids:
            data["activities"] = {key: self.activity(oid) for oid, key in self.form_ids.items()}
        for name, entries in (("decisions", self.choices.decisions), ("gates", self.choices.gates)):
            if entries:
                data[name] = {key: condition.data for key, condition in entries.items()}
                for key, condition in entries.items():
                    self.origins[name, key] = condition.origin
        if self.footnotes:
            data["footnotes"] = self.footnotes
        data["epochs"] = epochs
        document = imported_document(study.path, study.lines, data, self.origins)
        return Imported(document, self.origins, tuple(study.remarks), study, None)

    def head(self) -> dict[str, object]:
        study = self.study
        holder = study.study if study.study is not None else study.version
        name = holder.get("ProtocolName") or holder.get("StudyName") or study.version.get("Name")
        stem = os.path.splitext(os.path.basename(study.path))[0] if study.path != "-" else ""
        described = None if study.protocol is None else study.protocol.description()
        title = holder.get("StudyName") or described or study.version.get("Name") or name or "Study"
        version = (
            holder.get("VersionName") or holder.get("VersionID") or study.version.get("OID") or "1"
        )
        named = (holder.get("ProtocolName"), holder.get("StudyName")) if study.study else (stem,)
        design = design_of(study)
        chosen = design or ["parallel" if len(study.arms) > 1 else "single-group"]
        chosen_design = "" if design else f" and the design {chosen[0]} (blinding is not stated)"
        message = f"the protocol gets the status draft, the version `{truncated_line(version)}`"
        message += chosen_design
        study.say("reading", message, holder)
        head: dict[str, object] = {
            "format": "1",
            "id": Ids().make(*named, study.version.get("OID"), otherwise="odm-study"),
            "title": truncated_line(title),
            "version": truncated_line(version),
            "status": "draft",
            "design": chosen,
        }
        condition = condition_of(study)
        if condition is not None:
            head["condition"] = condition
        head["anchor"] = self.visit_ids[self.anchor_oid]
        head["source"] = SOURCE_KEY
        head["grade"] = "verified"
        head["note"] = (
            f"Read from ODM 2.0; `verified` says that it stands in the file, at {self.place()}."
        )
        for key in ("id", "title", "version"):
            self.origins[(key,)] = holder.origin
        return head

    def place(self) -> str:
        return self.study.version.origin.text

    def source(self) -> dict[str, object]:
        path = self.study.path
        name = "standard input" if path == "-" else os.path.basename(path)
        return {
            "kind": "protocol-paper",
            "read": "full-text",
            "title": truncated_line(f"ODM 2.0 file {name}".encode("utf-8", "replace").decode()),
            "id": truncated_line(self.study.version.get("OID") or "MetaDataVersion"),
        }

    def anchor(self) -> str:
        """The visit most relative constraints count from, else the first of the workflow."""
        study, flow = self.study, self.flow
        counted = self.timings.counted_from
        best = max(flow.visits, key=lambda visit: counted.get(visit, 0))
        if counted.get(best):
            number = counted[best]
            why = f"{number} relative constraint{'s count' if number > 1 else ' counts'} from it"
        elif flow.start is not None:
            best, why = flow.start, "the workflow starts with it"
        else:
            why = "it is the first in the file"
        message = f"Day 1 is {study.title(best)}, since {why}; ODM names no anchor"
        study.say("reading", message, study.events[best])
        return best

    def arm(self, oid: str, arm: Element, at: int) -> dict[str, object]:
        self.origins["arms", at] = arm.origin
        made: dict[str, object] = {
            "id": self.arm_ids[oid],
            "title": truncated_line(arm.get("Name") or oid),
        }
        described = arm.description()
        if described is not None:
            made["label"] = truncated_line(described)
        return {**made, "source": SOURCE_KEY, "note": f"{oid}, {arm.origin.text}"}

    def activity(self, oid: str) -> dict[str, object]:
        form = self.study.forms[oid]
        self.origins["activities", self.form_ids[oid]] = form.origin
        title = truncated_line(form.get("Name") or oid)
        return {"title": title, "source": SOURCE_KEY, "note": f"{oid}, {form.origin.text}"}

    def optional_visits(self) -> dict[str, Element]:
        """Visits that a group need not hold."""
        study = self.study
        optional: dict[str, Element] = {}
        references = [
            (oid, reference)
            for group in study.groups.values()
            for oid, reference in members(study, group)
        ]
        if study.protocol is not None:
            references += [
                (oid, reference)
                for reference in study.protocol.all("StudyEventGroupRef")
                if (oid := reference.get("StudyEventGroupOID") or "") in study.groups
            ]
        for oid, reference in references:
            inside = [oid] if oid in study.events else events_of(study, study.groups[oid])
            if reference.get("Mandatory") == "No":
                for visit in inside:
                    optional.setdefault(visit, reference)
            exception = reference.get("CollectionExceptionConditionOID")
            if exception is not None:
                for visit in inside:
                    self.choices.add_exception(visit, exception, reference)
        return optional

    def epochs(self) -> list[dict[str, object]]:
        study = self.study
        ids = Ids()
        left = dict.fromkeys(self.flow.visits)
        made: list[dict[str, object]] = []
        for part in parts_of(study):
            inside = [visit for visit in self.flow.visits if visit in part.visits]
            visits = [visit for visit in inside if visit in left]
            title = study.title(part.oid)
            if len(visits) < len(inside):
                twice = ", ".join(study.title(visit) for visit in inside if visit not in left)
                study.say(
                    "left-out", f"{title} holds {twice}, listed in an epoch before", part.element
                )
            if not visits:
                study.say("left-out", f"{title} has no visits of its own", part.element)
                continue
            for visit in visits:
                del left[visit]
            key = ids.make(part.element.get("Name"), part.oid, otherwise="epoch")
            self.origins["epochs", len(made)] = part.element.origin
            epoch = {"id": key, "title": truncated_line(part.element.get("Name") or part.oid)}
            made.append(self.epoch(epoch, part.element, visits, len(made)))
        if left:
            epoch = {"id": ids.make("other-visits" if made else "study", otherwise="study")}
            first = study.events[next(iter(left))]
            what = (
                "other visits are in no epoch or group" if made else "there are no epochs or groups"
            )
            study.say("reading", f"{what}: they stand in an epoch `{epoch['id']}`", first)
            made.append(self.epoch(epoch, None, list(left), len(made)))
        return made

    def epoch(
        self, epoch: dict[str, str], element: Element | None, visits: list[str], at: int
    ) -> dict[str, object]:
        made: dict[str, object] = {**epoch, "source": SOURCE_KEY}
        if element is not None:
            described = element.description()
            place = f"{element.get('OID')}, {element.origin.text}"
            made["note"] = f"{place}. {described}" if described else place
        made["visits"] = [
            self.visit(oid, ("epochs", at, "visits", number)) for number, oid in enumerate(visits)
        ]
        return made

    def visit(self, oid: str, path: Path) -> dict[str, object]:
        study = self.study
        event = study.events[oid]
        self.origins[path] = event.origin
        made: dict[str, object] = {
            "id": self.visit_ids[oid], "title": truncated_line(event.get("Name") or oid),
        }  # fmt: skip
        if oid in self.optional:
            made["optional"] = True
        if event.get("Type") == "Unscheduled":
            made["unscheduled"] = True
        when = self.choices.when(oid)
        if when is not None:
            made["when"] = when
        gates = self.choices.requires(oid)
        if gates:
            made["requires"] = gates
        rules = write_rules(study, self.timings.rules.get(oid, []), self.targets, self.visit_ids)
        if not rules and event.get("Type") == "Unscheduled" and oid != self.anchor_oid:
            rules = [self.any_time(oid, event)]
        if rules:
            made["after"] = [rule.data for rule in rules] if len(rules) > 1 else rules[0].data
            for number, rule in enumerate(rules):
                inside = (*path, "after", number) if len(rules) > 1 else (*path, "after")
                self.origins[inside] = rule.origin
        follows = self.order.add(oid)
        if follows:
            made["order"] = "listed"
            self.origins[(*path, "order")] = follows[0].origin
        length = self.timings.lengths.get(oid)
        if length is not None:
            self.origins[(*path, "duration")] = length.element.origin
            note = f"{length.element.get('OID')}, {length.element.origin.text}"
            made["duration"] = {"value": length.text, "source": SOURCE_KEY, "note": note}
        forms, notes = self.forms(oid, path)
        if forms:
            made["activities"] = forms
        if oid in self.flow.arms:
            made["arms"] = [self.arm_ids[arm] for arm in self.flow.arms[oid]]
        notes += [
            self.footnote(f"date-{made['id']}", f"{element.get('OID')}: {date_text}.", element)
            for date_text, element in self.timings.dates.get(oid, [])
        ]
        if notes:
            made["footnotes"] = notes
        if event.get("Repeating") == "Yes":
            message = f"{study.title(oid)} repeats an unstated number of times; it is listed once"
            study.say("left-out", message, event, loops=1)
        described = event.description()
        place = f"{oid}, {event.origin.text}"
        made["source"] = SOURCE_KEY
        note = f"{place}. {described}" if described else place
        for transition in follows:
            note = f"{note.rstrip('.')}. Order by {transition.origin.text}"
        made["note"] = note
        return made

    def any_time(self, oid: str, event: Element) -> LocatedTiming:
        """The rule of an unscheduled visit, which nothing ties to the others."""
        rule_text = "Unscheduled: at any time from Day 1 on"
        self.study.say(
            "reading", f"{self.study.title(oid)} is unscheduled: {rule_text[13:]}", event
        )
        anchor = self.visit_ids[self.anchor_oid]
        note = f"{oid}, {event.origin.text}. {rule_text}."
        data: dict[str, object] = {"visit": anchor, "within": "0d..", "source": SOURCE_KEY}
        return LocatedTiming({**data, "note": note}, event.origin)

    def forms(self, oid: str, path: Path) -> tuple[list[str], list[str]]:
        """The activities of a visit, and footnotes on when they are not done."""
        study = self.study
        forms: list[str] = []
        notes: list[str] = []
        for reference in study.events[oid].all("ItemGroupRef"):
            form = reference.get("ItemGroupOID")
            if form not in self.form_ids:
                study.say("mistake", f"refers to `{form or ''}`, which is not defined", reference)
                continue
            key = self.form_ids[form]
            if key in forms:
                continue
            self.origins[(*path, "activities", len(forms))] = reference.origin
            forms.append(key)
            exception = reference.get("CollectionExceptionConditionOID")
            name = study.forms[form].get("Name") or form
            if exception is not None:
                text = f"{name}: not where {self.choices.words(exception)}."
                notes.append(self.footnote(f"unless-{key}", text, reference))
            elif reference.get("Mandatory") == "No":
                notes.append(self.footnote(f"optional-{key}", f"{name} is optional.", reference))
        return forms, notes

    def footnote(self, key: str, text: str, element: Element) -> str:
        known = next(
            (
                footnote
                for footnote, footnote_text in self.footnotes.items()
                if footnote_text == text
            ),
            None,
        )
        if known is not None:
            return known
        made = self.footnote_ids.make(key, otherwise="footnote")
        self.footnotes[made] = text
        self.origins["footnotes", made] = element.origin
        return made


def _ids(elements: Mapping[str, Element], oids: Iterable[str], otherwise: str) -> dict[str, str]:
    """An id of ours for each of these elements, by its name, else its OID."""
    ids = Ids()
    return {oid: ids.make(elements[oid].get("Name"), oid, otherwise=otherwise) for oid in oids}


class EpochPart(NamedTuple):
    """An epoch to be: an Epoch or a group, and the visits in it."""

    oid: str
    element: Element
    visits: set[str]


def parts_of(study: OdmStudy) -> list[EpochPart]:
    """The epochs, else the outermost groups, in the order that their numbers give."""
    if study.epochs:
        numbered = sorted(
            study.epochs.items(),
            key=lambda oid_and_epoch: _number(oid_and_epoch[1], "SequenceNumber"),
        )
        return [
            EpochPart(oid, epoch, {
                visit
                for group in study.groups.values() if group.get("EpochOID") == oid
                for visit in events_of(study, group)
            })
            for oid, epoch in numbered
        ]  # fmt: skip
    inner = {oid for group in study.groups.values() for oid, _ in members(study, group)}
    references = [] if study.protocol is None else study.protocol.all("StudyEventGroupRef")
    references.sort(key=lambda element: _number(element, "OrderNumber"))
    order = [reference.get("StudyEventGroupOID") or "" for reference in references]
    for oid, reference in zip(order, references, strict=True):
        if oid not in study.groups:
            study.say("mistake", f"refers to `{oid}`, which is not defined", reference)
    outer = [oid for oid in dict.fromkeys((*order, *study.groups)) if oid in study.groups]
    return [
        EpochPart(oid, study.groups[oid], set(events_of(study, study.groups[oid])))
        for oid in outer
        if oid not in inner
    ]


def _number(element: Element, name: str) -> int:
    text = element.get(name) or ""
    return int(text) if text.isdecimal() and len(text) < 10 else 10**9


def used_forms(study: OdmStudy, flow: Flow) -> list[str]:
    """OIDs of the item groups that visits refer to, in the order of the file."""
    used = {
        reference.get("ItemGroupOID")
        for oid in flow.visits
        for reference in study.events[oid].all("ItemGroupRef")
    }
    return [oid for oid in study.forms if oid in used]


_DESIGNS = {
    "open": "open-label", "single blind": "single-blind", "double blind": "double-blind",
    "triple blind": "triple-blind", "quadruple blind": "quadruple-blind",
    "single group": "single-group", "parallel": "parallel", "crossover": "crossover",
    "cross over": "crossover",
}  # fmt: skip


def design_of(study: OdmStudy) -> list[str]:
    """Blinding and structure as the study's summary parameters say them."""
    summary = None if study.protocol is None else study.protocol.first("StudySummary")
    design_words: list[str] = []
    for parameter in () if summary is None else summary.all("StudyParameter"):
        term = f"{parameter.get('Term')} {parameter.get('ShortName')}".lower()
        value = parameter.first("ParameterValue")
        stated = "" if value is None else (value.get("Value") or "").lower().replace("-", " ")
        words = next((word for key, word in _DESIGNS.items() if key in stated), None)
        asked = any(part in term for part in ("blind", "mask", "model"))
        if asked and words is not None and words not in design_words:
            design_words.append(words)
        else:
            what = f"the study parameter {parameter.get('Term') or ''}"
            study.say("left-out", f"{what} has no place in a protocol file", parameter)
    return design_words


def condition_of(study: OdmStudy) -> str | None:
    """What the study indications describe."""
    holder = None if study.protocol is None else study.protocol.first("StudyIndications")
    texts = (
        []
        if holder is None
        else [element.description() for element in holder.all("StudyIndication")]
    )
    condition = ", ".join(text for text in texts if text)
    return truncated_line(condition) or None
