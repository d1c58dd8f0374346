"""The activities of a design: what is done at visits and on run sheets."""

from planner.formats.usdm.model import Design, Instance, StudyActivity
from planner.formats.usdm.read.import_log import ImportLog, Names, short_line
from planner.protocol.document import Path
from planner.protocol.field_types import quoted

MAX_CHILDREN = 10_000


class DesignActivities:
    """The activities of a design by id, and our key for each; headings stand for their children."""

    def __init__(self, account: ImportLog, design: Design) -> None:
        self.account = account
        self.known: dict[str, StudyActivity] = {}
        for activity in design.activities:
            if activity.id in self.known:
                account.mistake(
                    f"two activities have the id {quoted(activity.id)}; the first is read",
                    activity.path,
                )
            self.known.setdefault(activity.id, activity)
        names = Names()
        self.keys: dict[str, str] = {}
        self.entries: dict[str, object] = {}
        self._with_procedure: dict[str, list[StudyActivity]] = {}
        for activity in self.known.values():
            if self._is_heading(activity):
                continue
            key = names.take(activity.name, activity.label, otherwise="activity")
            entry: dict[str, object] = {}
            title = short_line(activity.label) or short_line(activity.name)
            if title is not None:
                entry["title"] = title
            self.keys[activity.id] = key
            self.entries[key] = account.place(entry, activity.path)
            for procedure in activity.procedure_ids:
                self._with_procedure.setdefault(procedure, []).append(activity)

    def _is_heading(self, activity: StudyActivity) -> bool:
        return any(
            child_id in self.known and child_id != activity.id for child_id in activity.child_ids
        )

    def found(self, ids: tuple[str, ...], path: Path, owner: str) -> list[StudyActivity]:
        """The activities that ids name, headings replaced by their children, each once."""
        activities: dict[str, StudyActivity] = {}
        seen: set[str] = set()
        stack = list(reversed(ids))
        while stack and len(seen) < MAX_CHILDREN:
            activity_id = stack.pop()
            activity = self.known.get(activity_id)
            if activity is None:
                self.account.mistake(
                    f"{owner} names the activity {quoted(activity_id)}, which the design does not"
                    " have",
                    path,
                )
            elif activity_id not in seen:
                seen.add(activity_id)
                if self._is_heading(activity):
                    stack += reversed(activity.child_ids)
                else:
                    activities[activity_id] = activity
        return list(activities.values())

    def about(self, identity: str) -> list[object]:
        """The entries of the activity, or of those with the procedure, that an id names."""
        if identity in self.known:
            path = self.known[identity].path
            activities = self.found((identity,), path, "a heading")
        else:
            activities = self._with_procedure.get(identity, [])
        return [
            self.entries[self.keys[activity.id]]
            for activity in activities
            if activity.id in self.keys
        ]

    def activities_of(self, instance: Instance) -> list[StudyActivity]:
        """The activities of an instance."""
        path = (*instance.path, "activityIds")
        name = quoted(instance.name or instance.id or "?")
        return self.found(instance.activity_ids, path, f"instance {name}")

    def keys_of(self, instance: Instance) -> list[object]:
        """The keys of the activities of an instance."""
        return [self.keys[activity.id] for activity in self.activities_of(instance)]
