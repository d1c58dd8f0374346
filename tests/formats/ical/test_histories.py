"""Any history of exports, with states and calendars lost, restored from backups and copied.

What lies there before an export, in a calendar or in a state, is read here line by line; after it,
no number of any event may be lower, no event may be gone or there twice, and of those that are not
cancelled there are those that are planned.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.formats.ical import CalendarOptions, Level, Rendering, Split
from planner.formats.ical.files import write_objects, write_one, write_set
from planner.formats.ical.options import WITHOUT_WORDS
from planner.formats.ical.update_options import UpdateOptions
from planner.timeline.cohort_source import Cohort
from planner.timeline.model import DatedVisit, Timeline

Build = Callable[..., Timeline]
Visit = Callable[..., DatedVisit]
MONDAY = date(2027, 1, 11)
CODES = ("P0001", "P0002")


class Given(Cohort):
    """Timelines that are given."""

    def __init__(self, timelines: list[Timeline], *, under_way: bool, whole: bool) -> None:
        super().__init__(lambda _code, _why: None)
        self.under_way, self.whole = under_way, whole
        self._timelines = timelines

    def timelines(self) -> Iterator[Timeline]:
        return iter(self._timelines)


class Held(NamedTuple):
    """What is held of one event."""

    sequence: int
    stamp: datetime
    status: str
    times: tuple[str, str]


Events = dict[tuple[str, str], Held]
"""By file and UID."""


def in_calendars(folder: Path, kind: str) -> Events:
    """What the calendars say; their times are in UTC or days."""
    found: Events = {}
    files = [folder / "out"] if (folder / "out").is_file() else sorted(folder.glob("out/*.ics"))
    for file in files:
        text = file.read_bytes().decode().replace("\r\n ", "")
        name = file.name if kind in ("participant", "role") else ""
        for piece in text.split("BEGIN:VEVENT\r\n")[1:]:
            values = dict(re.findall(r"^([A-Z-]+)[^:\r\n]*:([^\r\n]*)\r$", piece, re.MULTILINE))
            assert (name, values["UID"]) not in found, "an event is there twice"
            found[name, values["UID"]] = Held(
                int(values["SEQUENCE"]),
                datetime.strptime(values["DTSTAMP"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC),
                values["STATUS"],
                (values["DTSTART"], values["DTEND"]),
            )
    return found


def in_state(folder: Path) -> Events:
    """What the state says."""
    found: Events = {}
    state, name = folder / "out.state", ""
    for line in state.read_text().splitlines() if state.exists() else ():
        if line.startswith("participant "):
            name = line.partition(" file")[2].partition(" plan ")[0].strip()
        if line.startswith("  "):
            uid, sequence, stamp, status, start, end = line.split()[:6]
            times = tuple(re.sub("[-:]", "", moment) for moment in (start, end))
            found[name, uid] = Held(int(sequence), datetime.fromisoformat(stamp), status, times)  # type: ignore[arg-type]
    return found


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def restore(folder: Path, files: dict[str, bytes], part: str) -> None:
    """Puts back what was there: the calendars, the state, or both; an empty snapshot loses them."""
    if part != "state":
        shutil.rmtree(folder / "out", ignore_errors=True)
        (folder / "out").unlink(missing_ok=True)
    if part != "calendars":
        (folder / "out.state").unlink(missing_ok=True)
    for name, data in files.items():
        if part in ("both", "state" if name == "out.state" else "calendars"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)


def export(
    folder: Path, kind: str, cohort: Cohort, stamp: datetime, level: Level
) -> tuple[str, str]:
    """What an export says, and why it is refused, if it is."""
    wanted = UpdateOptions(
        str(folder / "out"), str(folder / "out.state"), None, None, None, ("NCT00000000",), False
    )
    rendering = Rendering.CALDAV if kind == "objects" else Rendering.FILE
    options = CalendarOptions(stamp=stamp, level=level, rendering=rendering, utc=True)
    lines: list[str] = []
    tell = lines.append
    try:
        if kind == "calendar":
            result = write_one(cohort, options, wanted, tell, verify=True)
        elif kind == "objects":
            result = write_objects(cohort, options, wanted, str(folder / "out"), tell)
        else:
            result = write_set(cohort, Split(kind), options, wanted, str(folder / "out"), tell)
    except PlannerError as error:
        return "\n".join(lines), str(error)
    return "\n".join([*lines, *result.sentences()]), ""


_plan = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.tuples(st.integers(0, 3), st.sampled_from(["planned", "booked", "missed"])),
    min_size=1,
)
_step = st.tuples(
    st.tuples(_plan, _plan),
    st.sampled_from([CODES, CODES, CODES[:1]]),  # whom the export is of
    st.integers(0, 1),  # days since the step before
    st.lists(
        st.tuples(st.integers(-1, 3), st.sampled_from(["both", "state", "calendars"])), max_size=2
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["calendar", "objects", "participant", "role"])
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(_step, min_size=2, max_size=5),
    under_way=st.booleans(),
    level=st.sampled_from(WITHOUT_WORDS),
)
def test_whatever_is_lost_or_put_back_no_number_falls_and_nothing_doubles(
    timeline: Build,
    visit: Visit,
    tmp_path: Path,
    kind: str,
    steps: list[tuple[tuple[Any, Any], tuple[str, ...], int, list[tuple[int, str]]]],
    under_way: bool,
    level: Level,
) -> None:
    folder = tmp_path / "here"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    snapshots: list[dict[str, bytes]] = []
    stamp = datetime(2027, 1, 1, tzinfo=UTC)
    for plans, codes, days, changes in steps:
        for number, part in changes:
            restore(folder, snapshots[number] if 0 <= number < len(snapshots) else {}, part)
        stamp += timedelta(days=days)
        people = [
            timeline(participant=code, tracks=(), visits=tuple(_visits(visit, plan)), changed=None)
            for code, plan in zip(codes, plans, strict=False)
        ]
        calendars, state = in_calendars(folder, kind), in_state(folder)
        cohort = Given(people, under_way=under_way, whole=codes == CODES)
        before = snapshot(folder)
        _, refusal = export(folder, kind, cohort, stamp, level)
        if refusal:
            assert "Nothing was changed" in refusal
            assert snapshot(folder) == before
            if "key that is not here" in refusal:
                assert level is Level.BUSY
                assert calendars
            else:
                assert "not part of this export" in refusal or "none of these" in refusal
                assert codes != CODES or level is Level.BUSY  # which tells nobody's code
            snapshots.append(before)
            continue
        after = in_calendars(folder, kind)
        for event in calendars.keys() | state.keys():
            held = [events[event] for events in (calendars, state) if event in events]
            most = max(one.sequence for one in held)
            now = after.get(event)
            if codes != CODES and now == calendars.get(event):  # it was perhaps not written
                now = in_state(folder)[event]
                assert now.sequence >= most
                assert now.stamp >= max(one.stamp for one in held)
                continue
            assert now is not None, "an event has vanished"
            assert now.sequence >= most
            assert now.stamp >= max(one.stamp for one in held)
            newest = [one for one in held if one.sequence == most]
            if any((one.status, one.times) != (now.status, now.times) for one in newest):
                assert now.sequence > most
                assert all(now.stamp > one.stamp for one in held)
        planned = [one for person in people for one in person.visits]
        roles = 2 if kind == "role" else 1
        live = [one for one in after.values() if one.status != "CANCELLED"]
        if codes == CODES:
            assert len(live) == roles * sum(one.status != "missed" for one in planned)
            assert in_state(folder) == after
        again, _ = export(folder, kind, cohort, stamp, level)
        assert "0 new, 0 changed, 0 cancelled" in again
        assert "was not written together" not in again
        assert in_calendars(folder, kind) == after
        snapshots.append(snapshot(folder))


def _visits(visit: Visit, plan: dict[str, tuple[int, str]]) -> Iterator[DatedVisit]:
    for name, (days, status) in sorted(plan.items()):
        day = MONDAY + timedelta(days=days)
        staff = (("rater", 1), ("therapist", 1))
        yield visit(day, id=name, number=ord(name) - 96, status=status, staff=staff, title=name * 3)
