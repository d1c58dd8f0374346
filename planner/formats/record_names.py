"""Whether records name visits that their protocols have."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.errors import PlannerError, argument
from planner.formats.load import load_protocol
from planner.protocol.library import library_path

if TYPE_CHECKING:
    from planner.protocol.course import Course
    from planner.protocol.model import Protocol
    from planner.timeline.record import RecordFile


class RecordNames:
    """The visits of the protocols that records are of; each protocol is read once, when needed."""

    def __init__(self, protocols: "Sequence[str | Protocol]" = ()) -> None:
        """Reads no file.

        Args:
            protocols: those of the records: paths, ids of the library, or protocols. One alone is
                that of records which name none.
        """
        self._sources = protocols
        self._given: list[Protocol] | None = None
        self._library: dict[str, Protocol] = {}
        self._courses: dict[tuple[int, str | None], Course] = {}

    def misnamed(self, file: "RecordFile") -> list[tuple[int, str]]:
        """The line and the message of each mistake in how a record names its visits.

        Raises:
            PlannerError: a protocol that was given cannot be read.
        """
        from planner.protocol.expand import expand
        from planner.timeline.history import misnamed_visits

        protocol, _ = self._protocol_of(file)
        if protocol is None:
            return []
        try:
            key = (id(protocol), file.record.arm)
            if key not in self._courses:
                self._courses[key] = expand(protocol, file.record.arm)
        except PlannerError as error:
            return [(1, str(error))]
        return misnamed_visits(file, self._courses[key])

    def scope(self, file: "RecordFile") -> str:
        """By which protocol the names of a record are checked, or why they are not.

        Raises:
            PlannerError: a protocol that was given cannot be read.
        """
        protocol, why_not = self._protocol_of(file)
        if protocol is None:
            return f"names of visits were not checked: {why_not}"
        return f"names of visits checked by `{protocol.id}`"

    def _protocol_of(self, file: "RecordFile") -> "tuple[Protocol | None, str]":
        """The protocol that a record is of, or why it cannot be told."""
        from planner.timeline.record import version_on

        if self._given is None:
            self._given = [
                load_protocol(source).protocol if isinstance(source, str) else source
                for source in self._sources
            ]
        given, name = self._given, file.record.protocol
        if name is None and len(given) != 1:
            advice = f"give {argument('protocols', 'PROTOCOL')}"
            several = "the record names none of the protocols that are given"
            return None, several if given else f"no protocol is known; {advice}"
        protocol = next((each for each in given if name in (None, each.id)), None)
        if protocol is None and name is not None and library_path(name) is not None:
            if name not in self._library:
                self._library[name] = load_protocol(name).protocol
            protocol = self._library[name]
        if protocol is None:
            wanted = f"name its file with {argument('protocols')}"
            return None, f"`{name}` is not a protocol of the library; {wanted}"
        held = version_on(file.record, None)
        if held is not None and held.version != protocol.version:
            return None, (
                f"by this record version `{held.version}` of `{protocol.id}` holds, and what is"
                f" known is version `{protocol.version}`"
            )
        return protocol, ""
