"""`planner export`: the plan of one participant, or of many, in an outside format."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from planner.cli.options import (
    ArmOption,
    AtOption,
    ProtocolArgument,
    SiteOption,
    WithOption,
    WithoutOption,
    read_choice,
    read_date,
    read_planner,
    read_site,
)

if TYPE_CHECKING:
    from datetime import datetime

    from planner.formats.ical import CalendarOptions, Split
    from planner.protocol.model import Protocol
    from planner.timeline.model import Timeline
    from planner.timeline.participant import Participant
    from planner.timeline.placing import CoursePlanner

_SUFFIXES = {".ics": "ical", ".ical": "ical"}
_LEVELS = ("busy", "coded", "staff")
_RENDERINGS = ("published", "caldav", "file")
_SPLITS = ("participant", "site", "role", "room")


def export(
    protocol: ProtocolArgument,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            help="Write to this file, or to this folder with --split or for CalDAV; else stdout.",
            metavar="FILE",
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--start", help="Date of the anchor visit (ISO 8601).", metavar="DATE"),
    ] = None,
    participant: Annotated[
        str | None,
        typer.Option("--participant", help="Code of the participant [P0001].", metavar="CODE"),
    ] = None,
    participants: Annotated[
        str | None,
        typer.Option(
            "--participants",
            help="Many participants: a CSV file with the columns code, start and perhaps arm.",
            metavar="FILE",
        ),
    ] = None,
    at: AtOption = None,
    arm: ArmOption = None,
    site: SiteOption = None,
    with_visits: WithOption = None,
    without_visits: WithoutOption = None,
    output_format: Annotated[
        str | None,
        typer.Option("--format", help="ical; by the output's suffix if absent.", metavar="FORMAT"),
    ] = None,
    level: Annotated[
        str,
        typer.Option(
            "--level",
            help="How much events say: busy (`Study visit`), coded (`P0001 V03`) or staff.",
            metavar="LEVEL",
        ),
    ] = "coded",
    rendering: Annotated[
        str,
        typer.Option(
            "--rendering",
            help="published (a feed or attachment), file (to import), or caldav (a folder with one"
            " object per event, for a server).",
            metavar="WHAT",
        ),
    ] = "published",
    windows: Annotated[
        bool, typer.Option("--windows/--no-windows", help="Allowed dates as all-day events.")
    ] = True,
    run_sheet: Annotated[
        bool, typer.Option("--run-sheet", help="Lines of run sheets as events; level staff only.")
    ] = False,
    tracks: Annotated[
        bool, typer.Option("--tracks/--no-tracks", help="Parallel tracks such as a daily diary.")
    ] = True,
    alarm: Annotated[
        list[int] | None,
        typer.Option(
            "--alarm", help="Remind so many minutes before; can be repeated.", metavar="MINUTES"
        ),
    ] = None,
    utc: Annotated[bool, typer.Option("--utc", help="Write times in UTC.")] = False,
    split: Annotated[
        str | None,
        typer.Option(
            "--split", help="One calendar per participant, site, role or room.", metavar="BY"
        ),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="The calendar's name.", metavar="TEXT")] = "",
    key_file: Annotated[
        str | None,
        typer.Option(
            "--key-file",
            help="A file with a secret; with it nobody can recognise the events of guessed codes.",
            metavar="FILE",
        ),
    ] = None,
    stamp: Annotated[
        str | None,
        typer.Option(
            "--stamp",
            help="Date on which the plan last changed; that of the protocol's version if absent.",
            metavar="DATE",
        ),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read the result back and compare before keeping it.")
    ] = False,
) -> None:
    """Writes a calendar of one participant, or of many from a CSV file, streaming."""
    import gc

    from planner.errors import PlannerError
    from planner.formats.ical import CalendarOptions, Level, Rendering, Split
    from planner.protocol.load import load_protocol

    gc.enable()  # many participants make garbage, unlike starting up
    if output_format is None:
        suffix = os.path.splitext(output or "")[1].lower()
        output_format = _SUFFIXES.get(suffix, suffix or "ical")
    read_choice(output_format, ("ical",), "--format")
    read_choice(level, _LEVELS, "--level")
    read_choice(rendering, _RENDERINGS, "--rendering")
    by = None if split is None else Split(read_choice(split, _SPLITS, "--split"))
    if (start is None) == (participants is None):
        raise PlannerError("give --start for one participant, or --participants for many")
    if participants is not None and (participant is not None or arm is not None):
        raise PlannerError("--participants names codes and arms; leave --participant and --arm out")
    into_folder = by is not None or rendering == "caldav"
    if output is None and (verify or into_folder):
        raise PlannerError("--verify, --split and --rendering caldav need -o")
    if verify and into_folder:
        raise PlannerError("--verify compares one calendar; leave --split and caldav out")
    if by is not None and rendering == "caldav":
        raise PlannerError("CalDAV objects are one event each; leave --split out")
    file = load_protocol(protocol)
    options = CalendarOptions(
        stamp=_stamp(stamp, file.protocol),
        level=Level(level),
        rendering=Rendering(rendering),
        windows=windows,
        run_sheet=run_sheet,
        tracks=tracks,
        alarms=tuple(alarm or ()),
        utc=utc,
        key=_key(key_file),
        name=name,
    )
    calendar = read_site(site)

    def planner_of(one: str | None) -> "CoursePlanner":
        return read_planner(file, calendar, one, with_visits, without_visits, at)

    cohort = _Cohort(planner_of, lambda: _people(participants, start, participant, arm))
    if output is not None and by is not None:
        _write_split(cohort, by, options, output)
    elif output is not None and into_folder:
        _write_objects(cohort, options, output)
    else:
        _write_one(cohort, options, output, verify=verify)
    if cohort.unplaced:
        raise typer.Exit(1)


def _people(
    participants: str | None, start: str | None, code: str | None, arm: str | None
) -> "Iterator[Participant]":
    from planner.timeline.participant import Participant, check_code, read_cohort

    if participants is not None:
        yield from read_cohort(participants)
    else:
        yield Participant(check_code(code or "P0001"), arm, read_date(start or "", "--start"))


class _Cohort:
    """The timelines of all participants, one at a time; who cannot be placed is said on stderr."""

    def __init__(
        self,
        planner_of: "Callable[[str | None], CoursePlanner]",
        people: "Callable[[], Iterator[Participant]]",
    ) -> None:
        self.planner_of = planner_of
        self.people = people
        self.planners: dict[str | None, CoursePlanner] = {}
        self.unplaced: dict[str, str] = {}

    def timelines(self) -> "Iterator[Timeline]":
        from planner.cli.output import complain
        from planner.cli.progress import progress
        from planner.timeline.plan import Contradiction, NothingFits, plan_timeline

        for person in progress(self.people(), None, "participants"):
            try:
                if person.arm not in self.planners:
                    self.planners[person.arm] = self.planner_of(person.arm)
                yield plan_timeline(self.planners[person.arm], person.start, person.code)
            except (Contradiction, NothingFits) as error:
                if person.code not in self.unplaced:
                    self.unplaced[person.code] = str(error)
                    complain(f"{person.code}: {error}")


def _write_one(
    cohort: _Cohort, options: "CalendarOptions", output: str | None, *, verify: bool
) -> None:
    import sys

    from planner.cli.output import complain, replacing, tell
    from planner.formats.ical import write_calendar

    timelines = cohort.timelines()
    first = next(timelines, None)
    if first is None:  # a calendar without any event would be none
        if not cohort.unplaced:
            complain("there are no participants: there is nothing to write")
        raise typer.Exit(1)
    timelines = chain((first,), timelines)
    if output is None:
        write_calendar(timelines, sys.stdout.buffer, options)
        sys.stdout.buffer.flush()
        return
    with replacing(output) as file:
        events = write_calendar(timelines, file, options)
        if verify:
            file.flush()
            _verify(file.name, cohort, options, output)
    tell(f"wrote {output}: {events:,} events" + (", read back and compared" if verify else ""))


def _verify(written: str, cohort: _Cohort, options: "CalendarOptions", output: str) -> None:
    from planner.errors import PlannerError
    from planner.formats.ical import Events
    from planner.formats.ical import verify as compare

    events = Events(options)
    meant = (event for timeline in cohort.timelines() for event in events.of(timeline))
    with open(written, "rb") as file:
        for difference in compare(file, meant):
            raise PlannerError(f"{output}: not kept, since it reads back otherwise: {difference}")


def _write_split(cohort: _Cohort, by: "Split", options: "CalendarOptions", folder: str) -> None:
    """One calendar per participant, site, role or room, each replaced as a whole."""
    from planner.cli.output import complain, replacing, tell
    from planner.formats.ical import write_split

    _make_folder(folder)
    open_files: dict[str, ExitStack] = {}
    with ExitStack() as unfinished:

        def opened(file_name: str) -> BinaryIO:
            stack = unfinished.enter_context(ExitStack())
            open_files[file_name] = stack
            return stack.enter_context(replacing(os.path.join(folder, file_name)))

        def done(file_name: str, _: BinaryIO) -> None:
            open_files.pop(file_name).close()

        count = events = 0
        for _, number in write_split(cohort.timelines(), by, options, opened, done):
            count, events = count + 1, events + number
    if not count:
        if not cohort.unplaced:
            complain(f"no visit of this protocol names a {by}: there is nothing to write")
        raise typer.Exit(1)
    tell(f"wrote {count:,} calendars with {events:,} events to {folder}")


def _write_objects(cohort: _Cohort, options: "CalendarOptions", folder: str) -> None:
    """One file per event, named by its UID, as a CalDAV server or a vdir stores them."""
    from planner.cli.output import replacing, tell
    from planner.formats.ical import calendar_objects

    _make_folder(folder)
    count = 0
    for timeline in cohort.timelines():
        for file_name, content in calendar_objects(timeline, options):
            with replacing(os.path.join(folder, file_name)) as file:
                file.write(content)
            count += 1
    tell(f"wrote {count:,} calendar objects to {folder}")


def _make_folder(folder: str) -> None:
    from planner.errors import PlannerError

    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise PlannerError(f"{folder}: {(error.strerror or 'cannot be made').lower()}") from None


def _stamp(text: str | None, protocol: "Protocol") -> "datetime":
    """When the plan last changed: never the clock, or every export would look like an update."""
    from datetime import UTC, date, datetime, time

    day = protocol.date or date(2000, 1, 1)
    if text is not None:
        day = read_date(text, "--stamp")
    return datetime.combine(day, time(), UTC)


def _key(path: str | None) -> bytes | None:
    from planner.errors import PlannerError

    if path is None:
        return None
    try:
        with open(path, "rb") as file:
            key = file.read(4097).strip()
    except OSError as error:
        raise PlannerError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    if not 16 <= len(key) <= 4096:
        raise PlannerError(f"{path}: a secret has 16 to 4096 bytes, this file has {len(key)}")
    return key
