"""Whether a store is what was appended to it: every hash, every number, every text, every state."""

import contextlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from planner.errors import PlannerError
from planner.store.event import StoredEvent, hash_of
from planner.store.free_text import texts_in
from planner.store.store import Seal, Store


class Verification(NamedTuple):
    """What a verification found.

    Attributes:
        events: how many events were looked at.
        seal: the end of the chain; to be kept elsewhere.
        problems: one sentence each; none where the store is whole.
    """

    events: int
    seal: Seal
    problems: tuple[str, ...]


def verify(store: Store, seal: Seal | None = None, *, at_most: int = 100) -> Verification:
    """Looks at every event, in constant memory apart from the participants' numbers.

    A chain whose end was cut off is whole in itself; only an earlier seal shows that.

    Args:
        store: to be looked at; nothing in it is changed.
        seal: of an earlier time, to be found in the chain; ``None`` if there is none.
        at_most: how many problems are told.
    """
    problems: list[str] = []
    with store.reading():
        end = Seal(store.id, 0, store.first)
        for link, problem in _chain(store, seal):
            end = link
            if problem and len(problems) < at_most:
                problems.append(problem)
        if seal is not None and seal.store != store.id:
            problems.append(f"the seal is of another store ({seal.store})")
        elif seal is not None and seal.seq > end.seq:
            problems.append(
                f"events {end.seq + 1} to {seal.seq}, which the seal tells of, are missing"
            )
        for problem in (*_texts(store), *_states(store)):
            if len(problems) < at_most:
                problems.append(problem)
    return Verification(end.seq, end, tuple(problems))


def _chain(store: Store, seal: Seal | None) -> Iterator[tuple[Seal, str]]:
    """The end of the chain after each event, and what is wrong with it there; often nothing."""
    versions: dict[str, int] = {}
    seq, prev = 0, store.first
    for event in store.events():
        expected = versions.get(event.stream, 0) + 1
        problem = ""
        if event.seq != seq + 1:
            problem = f"event {event.seq} follows {seq}: those between are missing"
        elif event.hash != hash_of(event[:-1]):
            problem = f"event {event.seq} of {event.stream} was changed: its hash is another one"
        elif event.prev != prev:
            problem = f"event {event.seq} of {event.stream} does not follow the one before"
        elif event.version != expected:
            problem = (
                f"event {event.seq} of {event.stream} is number {event.version}, not {expected}"
            )
        elif seal is not None and event.seq == seal.seq and event.hash != seal.hash:
            problem = f"event {event.seq} is not the one that was sealed"
        seq, prev = event.seq, event.hash
        versions[event.stream] = event.version
        yield Seal(store.id, seq, prev), problem


def _texts(store: Store) -> Iterator[str]:
    """Texts that were changed, cleared without a redaction, or are not there."""
    for code in store.participants():
        known = {text.id: text for text in store.free_texts(code)}
        cleared: set[str] = set()
        named: set[str] = set()
        for event in store.events(code):
            # What cannot be read is not what was hashed, which is told already.
            with contextlib.suppress(PlannerError):
                named.update(_named(event))
                cleared.update(event.cleared)
        for text in known.values():
            if text.value is not None and not text.holds:
                yield f"a free text of {code} was changed ({text.id[:12]})"
            if text.value is None and text.id not in cleared:
                yield f"a free text of {code} was cleared without a redaction ({text.id[:12]})"
        for missing in sorted(named - known.keys()):
            yield f"a free text of {code} is missing ({missing[:12]})"


def _named(event: StoredEvent) -> list[str]:
    named = [] if event.reason is None else [event.reason]
    if '"text":' in event.body:
        for change in event.changes:
            key = change.item if isinstance(change.item, str) else change.key
            named += texts_in([{key: change.old}, {key: change.new}])
    return named


def _states(store: Store) -> Iterator[str]:
    """Kept records that are not what the events leave."""
    for code, body in store.states():
        try:
            right = store.folded(code)
        except PlannerError as error:
            yield str(error)
            continue
        try:
            kept = json.loads(body)
        except ValueError:
            kept = None
        if kept != right:
            yield f"the kept record of {code} is not what its events leave"
