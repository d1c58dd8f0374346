"""The protocols that participants' records name: of those that are given, or of the library."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from planner.errors import PlannerError, argument

if TYPE_CHECKING:
    from planner.api.inputs import ProtocolSource
    from planner.site.calendar import SiteCalendar
    from planner.timeline.participant_state import PlannerCache
    from planner.timeline.record import RecordFile


class RecordProtocols:
    """The protocols that records name, each loaded once."""

    def __init__(
        self, given: "Iterable[ProtocolSource]", site: "SiteCalendar", *, anyway: bool = False
    ) -> None:
        """Loads those that are given.

        Args:
            given: versions of one protocol, or several protocols.
            site: where the visits take place.
            anyway: whether visits that nothing ties to the anchor are left without a date.
        """
        from planner.api.inputs import protocol_of
        from planner.api.prepared import prepared_courses

        self._site = site
        self._given = [
            prepared_courses(protocol_of(protocol), site, anyway=anyway) for protocol in given
        ]
        self._library: dict[str, PlannerCache] = {}

    def courses(self, file: "RecordFile", today: date | None = None) -> "PlannerCache":
        """The protocol of a record, in the version that holds.

        Args:
            file: the record.
            today: the date on which the version holds; the newest one of the record when ``None``.

        Raises:
            PlannerError: the record names no protocol, or no version, and several are given; or it
                names one that is unknown.
        """
        from planner.timeline.record import version_on

        name = file.record.protocol
        if name is None:
            if len(self._given) == 1:
                return self._given[0]
            hint = (
                f"add `{argument('protocols', 'PROTOCOL')}`"
                if not self._given
                else "several are given"
            )
            raise PlannerError(f"{file.path}: names no `protocol`; {hint}")
        versions = [courses for courses in self._given if courses.protocol.id == name]
        if len(versions) > 1:
            held = version_on(file.record, today)
            if held is None:
                raise PlannerError(
                    f"{file.path}: names no version of `{name}`, and {len(versions)} are given; add"
                    " `versions` to the record, or name one of them"
                )
            # Where none is the one that holds, whoever plans by the last says which is missing.
            held_by = [each for each in versions if each.protocol.version == held.version]
            versions = held_by or versions
        return versions[-1] if versions else self._of_library(name, file)

    def _of_library(self, name: str, file: "RecordFile") -> "PlannerCache":
        from planner.api.prepared import prepared_courses
        from planner.formats.load import load_protocol
        from planner.protocol.library import library_path

        if name not in self._library:
            if library_path(name) is None:
                raise PlannerError(
                    f"{file.path}: `{name}` is not a protocol of the library; name its file with"
                    f" {argument('protocols')}"
                )
            self._library[name] = prepared_courses(load_protocol(name).protocol, self._site)
        return self._library[name]
