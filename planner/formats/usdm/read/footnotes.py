"""Gates and footnotes: rules at the start and end of encounters, conditions, and notes."""

from planner.formats.usdm.model import Encounter, Note, StudyCondition, TransitionRule
from planner.formats.usdm.read.activities import DesignActivities
from planner.formats.usdm.read.import_log import ImportLog, Names, short_line, without_markup
from planner.protocol.document import Path
from planner.protocol.field_types import quoted


class GateFootnotes:
    """The gates and footnotes of a protocol while its visits are made; equal texts share one."""

    def __init__(self, account: ImportLog) -> None:
        self.account = account
        self.gates: dict[str, object] = {}
        self.texts: dict[str, object] = {}
        self.places: dict[str, Path] = {}
        self._gate_names = Names()
        self._names = Names()
        self._known_gates: dict[tuple[str | None, str], str] = {}
        self._known: dict[tuple[str | None, str], str] = {}

    def gate(self, rule: TransitionRule) -> str | None:
        """The key of the gate that a start rule is."""
        title = short_line(rule.text)
        if title is None:
            return None
        known = self._known_gates.get((rule.name, title))
        if known is None:
            known = self._gate_names.take(rule.name, title, otherwise="gate")
            self._known_gates[rule.name, title] = known
            self.gates[known] = self.account.place({"title": title}, rule.path)
        return known

    def note(self, name: str | None, text: str | None, path: Path, otherwise: str) -> str | None:
        """The key of a footnote with this text; ``None`` if it says nothing."""
        footnote_text = without_markup(text)
        if footnote_text is None:
            return None
        known = self._known.get((name, footnote_text))
        if known is None:
            known = self._names.take(name, otherwise=otherwise)
            self._known[name, footnote_text] = known
            self.texts[known] = footnote_text
            self.places[known] = path
        return known

    def of_encounter(self, encounter: Encounter) -> list[str]:
        """The footnotes of an encounter: its end rule and its notes."""
        keys = []
        if encounter.end_rule is not None:
            rule = encounter.end_rule
            rule_text = f"At the end: {rule.text}"
            keys.append(self.note(None, rule_text, rule.path, "end-rule"))
        keys += [self._note(note) for note in encounter.notes]
        return [key for key in keys if key is not None]

    def _note(self, note: Note) -> str | None:
        return self.note(None, note.text, note.path, "note")

    def of_activities(self, activities: DesignActivities) -> None:
        """Adds the notes of activities to them."""
        for identity, key in activities.keys.items():
            for note in activities.known[identity].notes:
                self._add(activities.entries[key], self._note(note))

    def conditions(
        self,
        conditions: tuple[StudyCondition, ...],
        visits: dict[str, dict[str, object]],
        activities: DesignActivities,
    ) -> None:
        """Makes conditions footnotes of the visits and activities they are about.

        Args:
            conditions: of the version and of the design.
            visits: by the id of their instance.
            activities: of the design.
        """
        for condition in conditions:
            if without_markup(condition.text) is None:
                continue
            entries: list[object] = []
            for identity in (*condition.context_ids, *condition.applies_to_ids):
                if identity in visits:
                    entries.append(visits[identity])
                else:
                    entries += activities.about(identity)
            if not entries:
                self.account.left_out(
                    f"condition {quoted(condition.name or condition.label or condition.id)} is"
                    " about no visit and no activity that is planned:"
                    f" {quoted(without_markup(condition.text))}",
                    condition.path,
                )
                continue
            key = self.note(
                condition.name or condition.label, condition.text, condition.path, "condition"
            )
            for entry in entries:
                self._add(entry, key)

    def _add(self, entry: object, key: str | None) -> None:
        if key is None or not isinstance(entry, dict):
            return
        keys = entry.setdefault("footnotes", [])
        if key not in keys:
            keys.append(key)

    def finished(self) -> dict[str, object]:
        """The texts by key, with their places."""
        return self.account.place_keys(self.texts, self.places)
