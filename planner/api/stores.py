"""A store of participants' records: a database in which every change is attributed and stays."""

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import ProtocolSource, StrPath
    from planner.store import Redaction, Store, Verification
    from planner.store.roles import Sight
    from planner.views.tables.grid import Grid


def make_store(url: "StrPath") -> "Store":
    """A new store of records: a file of SQLite, or PostgreSQL by its URL.

    Raises:
        PlannerError: there is one already, or the database cannot be reached.
    """
    from planner.store import make_store

    return make_store(_url(url))


def open_store(url: "StrPath") -> "Store":
    """The store of records in a file, or in PostgreSQL by its URL; to be used in a `with` block.

    Raises:
        PlannerError: there is none, or the database cannot be reached.
    """
    from planner.store import open_store

    return open_store(_url(url))


def store_records(
    store: "Store",
    records: "StrPath | Sequence[StrPath]",
    *,
    who: str,
    reason: str | None = None,
) -> "tuple[int, int]":
    """Takes records of files and folders into a store: all of them, or none.

    One that is in the store already is changed to what the file says; one that says the same makes
    no event.

    Args:
        store: as `open_store` gives it.
        records: files, or folders of them.
        who: the code of the person who does it.
        reason: why; needed where a booked or past visit of the store changes.

    Returns:
        How many records were taken in, and how many say what is stored already.

    Raises:
        PlannerError: a record cannot be read, a reason is missing, or the database refuses.
    """
    from planner.api.records import read_records
    from planner.store import NewEvent

    paths = (
        [records]
        if isinstance(records, (str, bytes)) or hasattr(records, "__fspath__")
        else records
    )
    versions = store.versions()
    events = []
    for file in read_records(paths):
        version = versions.get(file.record.participant, 0)
        events.append(NewEvent(file.record, version, "imported", reason))
    taken = len(store.append(events, who=who))
    return taken, len(events) - taken


def write_stored_records(
    store: "Store",
    folder: "StrPath",
    output_format: str = "yaml",
    *,
    replace: bool = False,
    role: str | None = None,
    protocol: "ProtocolSource | None" = None,
) -> int:
    """Writes the records of a store into a folder, one file each: all of them, or none.

    Args:
        store: as `open_store` gives it.
        folder: where the files are to be; made if there is none.
        output_format: ``yaml``, or ``csv``, which has visits alone.
        replace: whether records that are there already and say something else are replaced.
        role: who reads them, as in `history`.
        protocol: of the records, as in `history`.

    Returns:
        How many records there are.

    Raises:
        planner.errors.FilesInTheWay: such records are there, and ``replace`` is false.
        PlannerError: the folder cannot be written, or CSV has no place for what a record says.
    """
    from planner.api.inputs import one_of, path_text
    from planner.api.records import RECORD_FORMATS
    from planner.timeline.record import Record
    from planner.timeline.record_changes import plain
    from planner.timeline.record_folder import RecordFolder
    from planner.timeline.record_writing import record_csv, record_yaml

    sight = _sight(role, protocol)
    suffix = one_of(output_format, RECORD_FORMATS, "output_format")
    records = RecordFolder(path_text(folder, "folder"), f".{suffix}", replace=replace)
    count = 0
    try:
        for stored in store.records():
            record = stored.record
            if role is not None:
                record = Record.model_validate(sight.seen(plain(record)))
            more = record.model_dump(exclude={"participant", "visits"}, exclude_defaults=True)
            if suffix == "csv" and more:
                raise PlannerError(
                    f"{record.participant}: CSV has no place for its {', '.join(more)}; write YAML"
                )
            write = record_csv if suffix == "csv" else record_yaml
            records.add(record.participant, write(record))
            count += 1
        records.put()
    finally:
        records.discard()
    return count


def history(
    store: "Store",
    participant: str | None = None,
    *,
    visit: str | None = None,
    who: str | None = None,
    role: str | None = None,
    protocol: "ProtocolSource | None" = None,
) -> "Grid":
    """What was changed in a store, when, by whom and why: a line for each value.

    Args:
        store: as `open_store` gives it.
        participant: whose; of all when ``None``.
        visit: only changes of this visit, by the id that the record gives it.
        who: only changes by this person.
        role: who reads it: ``coordinator`` or ``monitor``, who are shown the arm only where the
            protocol is not blinded; ``rater``, who is shown neither arm nor therapy visits, facts,
            reasons, remarks, redactions or numbers of events; ``unblinded`` or ``None`` for all.
        protocol: of the records. Without one it counts as blinded, and a rater is shown no visit.

    Raises:
        PlannerError: there is no such participant, or no such role.
    """
    from planner.views.history import EventTexts, history_grid

    sight = _sight(role, protocol)

    def events() -> Iterable[EventTexts]:
        texts: dict[str, dict[str, str | None]] = {}
        for event in sight.history(store.events(participant)):
            if who is None or event.who == who:
                if event.stream not in texts:
                    known = store.free_texts(event.stream)
                    texts[event.stream] = {text.id: text.value for text in known}
                yield EventTexts(event, texts[event.stream])

    if participant is not None:
        store.record(participant)
    with store.reading():
        return history_grid(store.name, events(), visit=visit, is_numbered=not sight.hides_events)


def verify_store(store: "Store", seal: "StrPath | None" = None) -> "Verification":
    """Whether a store is what was appended to it; tells what was changed behind its back.

    Args:
        store: as `open_store` gives it; nothing in it is changed.
        seal: what `seal_store` gave at an earlier time, or the file that it is in: without one
            nobody can tell whether the last events were cut off.

    Raises:
        PlannerError: it is no seal.
    """
    from planner.api.inputs import path_text
    from planner.protocol.reading import read_text
    from planner.store import read_seal, verify

    text = None if seal is None else path_text(seal, "seal")
    if text is not None and os.path.isfile(text):
        text = read_text(text)
    return verify(store, None if text is None else read_seal(text))


def seal_store(store: "Store") -> str:
    """The end of a store's chain, to be kept elsewhere, such as in a letter or another system."""
    return str(store.seal())


def free_texts(store: "Store", participant: str) -> "Grid":
    """A participant's reasons and remarks, with the numbers by which `redact` clears them.

    Raises:
        PlannerError: there is no such participant.
    """
    from planner.views.history import texts_grid

    store.record(participant)
    return texts_grid(participant, store.free_texts(participant))


def redact(
    store: "Store", participant: str, texts: Sequence[int], *, who: str, reason: str
) -> "Redaction":
    """Clears free texts that should not have been entered; that this was done stays in the trail.

    Args:
        store: as `open_store` gives it.
        participant: whose texts they are.
        texts: their numbers, as `free_texts` gives them.
        who: the code of the person who does it.
        reason: why; it must not repeat what is cleared.

    Returns:
        The event, and what may hold the text still: a journal that another run reads, or the
        journal and the backups of a server.

    Raises:
        PlannerError: there is no such text, it is cleared already, or the reason repeats it.
    """
    known = store.free_texts(participant)
    for number in texts:
        if not 1 <= number <= len(known) or known[number - 1].value is None:
            raise PlannerError(
                f"{participant} has no text {number} that could be cleared; `planner store texts`"
                " lists them"
            )
    wanted = [known[number - 1].id for number in texts]
    return store.redact(participant, wanted, who=who, reason=reason)


def _sight(role: str | None, protocol: "ProtocolSource | None") -> "Sight":
    from typing import cast

    from planner.api.inputs import one_of, protocol_of
    from planner.store.roles import ROLES, Role, Sight

    chosen = None if role is None else cast(Role, one_of(role, ROLES, "role"))
    return Sight(chosen, None if protocol is None else protocol_of(protocol))


def _url(url: "StrPath") -> str:
    from planner.api.inputs import path_text

    return path_text(url, "url")
