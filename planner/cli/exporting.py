"""`planner export`: the plan of participants, or the design of the study, in outside formats."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    ArmOption,
    AtOption,
    ProtocolArgument,
    SiteOption,
    TodayOption,
    WithOption,
    WithoutOption,
    read_choice,
    read_date,
    read_planner,
    read_site,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.errors import os_reason

if TYPE_CHECKING:
    from datetime import datetime

    from planner.formats.ical import CalendarOptions, Split
    from planner.formats.ical.update_options import UpdateOptions
    from planner.protocol.model import Protocol
    from planner.timeline.cohort_source import Cohort
    from planner.timeline.course_planner import CoursePlanner
    from planner.timeline.participant import Participant

_LEVELS = ("busy", "coded", "staff")
_RENDERINGS = ("published", "caldav", "file")
_SPLITS = ("participant", "site", "role", "room")


def export(
    context: typer.Context,
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
    actuals: Annotated[
        str | None,
        typer.Option(
            "--actuals",
            help="Participants under way: a record of one, or a folder of everybody's.",
            metavar="PATH",
        ),
    ] = None,
    today: TodayOption = None,
    at: AtOption = None,
    arm: ArmOption = None,
    site: SiteOption = None,
    with_visits: WithOption = None,
    without_visits: WithoutOption = None,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="ical, or the design of the study instead of a calendar: usdm (CDISC USDM, a JSON"
            " file) or sdtm (TV, TA and TE in a folder, as Dataset-JSON and XPT), with its arms"
            " by name; ical if absent.",
            metavar="FORMAT",
        ),
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
            help="A file with a secret, so that nobody recognises events by guessing codes; at"
            " level busy the state keeps one if absent.",
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
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            help="The state file, which keeps identities and revisions of the events; OUTPUT.state"
            " if absent.",
            metavar="FILE",
        ),
    ] = None,
    no_state: Annotated[
        bool,
        typer.Option(
            "--no-state", help="Keep no state file: go on from the calendar that is there, if any."
        ),
    ] = False,
    previous: Annotated[
        str | None,
        typer.Option(
            "--previous",
            help="Go on from this calendar as well, such as a copy that somebody has kept.",
            metavar="FILE",
        ),
    ] = None,
    replaces: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Cancel or remove the events of participants who are not in this export.",
        ),
    ] = False,
    itip: Annotated[
        str | None,
        typer.Option(
            "--itip",
            help="Also write a message (.ics and .eml) for each change to this folder; nothing is"
            " sent.",
            metavar="FOLDER",
        ),
    ] = None,
    attendee: Annotated[
        str | None,
        typer.Option(
            "--attendee", help="Whom messages are for: an address that names nobody.", metavar="URI"
        ),
    ] = None,
    organizer: Annotated[
        str | None,
        typer.Option(
            "--organizer", help="Who organises: an address that names nobody.", metavar="URI"
        ),
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
) -> None:
    """Writes a calendar of one participant, or of many; a second export updates it.

    With records of what has happened (--actuals) it is of participants under way. A state file
    beside the calendar keeps event identities: a re-export updates changed events and cancels
    removed ones. If it is lost, the export goes on from the calendar itself.

    With --format usdm or sdtm it writes the design of the study instead, which takes no
    participant and hides no arm: who must not know the arms should not read how they differ.
    """
    import os
    from dataclasses import replace

    from planner.cli.export_design import export_format, refuse_options, write_design
    from planner.cli.output import tell
    from planner.cli.output_formats import is_file_name
    from planner.cli.progress import progress
    from planner.cli.records import read_records
    from planner.errors import PlannerError
    from planner.formats.ical import CalendarOptions, Level, Rendering, Split
    from planner.formats.ical.update_options import read_update_options
    from planner.timeline.cohort_source import Planned, Recorded

    wanted_format = export_format(output_format, output)
    if wanted_format != "ical":
        refuse_options(_given(context), wanted_format)
        study_file = load_sound(protocol, anyway=anyway, by_arm=False)
        write_design(study_file.protocol, wanted_format, output, _stamp(stamp, study_file.protocol))
        return
    read_choice(level, _LEVELS, "--level")
    read_choice(rendering, _RENDERINGS, "--rendering")
    by = None if split is None else Split(read_choice(split, _SPLITS, "--split"))
    if actuals is not None:
        for option, value in (
            ("--participants", participants),
            ("--participant", participant),
            ("--at", at),
        ):
            if value:
                raise PlannerError(f"{option}: the record of --actuals says that")
    elif today is not None:
        raise PlannerError("--today: only says something beside a record; name one with --actuals")
    elif (start is None) == (participants is None):
        raise PlannerError(
            "give --start for one participant, --participants for many, or --actuals for records"
        )
    if participants is not None and (participant is not None or arm is not None):
        raise PlannerError("--participants names codes and arms; leave --participant and --arm out")
    into_folder = by is not None or rendering == "caldav"
    if output is None and (verify or into_folder):
        raise PlannerError("--verify, --split and --rendering caldav need -o")
    if into_folder and is_file_name(output) and not os.path.isdir(output or ""):
        raise PlannerError(
            f"-o: {output}: --split and --rendering caldav write several files: name a folder"
        )
    if verify and into_folder:
        raise PlannerError("--verify compares one calendar; leave --split and caldav out")
    if by is not None and rendering == "caldav":
        raise PlannerError("CalDAV objects are one event each; leave --split out")
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
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
    if organizer is not None:
        options = replace(options, organizer=organizer)
    wanted = read_update_options(
        output,
        state,
        previous,
        itip,
        attendee,
        file.protocol.identities,
        keep_state=not no_state,
        into_folder=into_folder,
        replace=replaces,
        dated=stamp is not None or today is not None,
    )
    calendar = read_site(site)
    cohort: Planned | Recorded
    if actuals is not None:
        from planner.timeline.participant_state import PlannerCache

        courses = PlannerCache(
            file.protocol,
            calendar,
            with_visits=with_visits or None,
            without_visits=without_visits or (),
            with_untied=anyway,
        )
        records, warned_of = actuals, set[str]()
        cohort = Recorded(
            courses,
            lambda: progress(read_records([records], warned_of), None, "participants"),
            _complain,
            whole=os.path.isdir(records),
            arm=arm,
            start=None if start is None else read_date(start, "--start"),
            today=None if today is None else read_date(today, "--today"),
            stamped=stamp is not None,
        )
    else:

        def planner_of(arm: str | None) -> "CoursePlanner":
            return read_planner(file, calendar, arm, with_visits, without_visits, at, anyway=anyway)

        cohort = Planned(
            planner_of,
            lambda: progress(_people(participants, start, participant, arm), None, "participants"),
            _complain,
            whole=participants is not None,
        )
    _write(cohort, by, options, wanted, verify=verify)
    for line in cohort.undated():
        tell(line)
    if cohort.unplaced or cohort.forced:
        raise typer.Exit(1)


def _given(context: typer.Context) -> list[str]:
    """The long names of the options that stand on the command line."""
    return [
        max(
            parameter.opts
            if context.params[parameter.name] or not parameter.secondary_opts
            else parameter.secondary_opts,
            key=len,
        )
        for parameter in context.command.params
        if isinstance(parameter, typer.core.TyperOption)
        and parameter.name is not None
        and getattr(context.get_parameter_source(parameter.name), "name", "") == "COMMANDLINE"
    ]


def _write(
    cohort: "Cohort",
    by: "Split | None",
    options: "CalendarOptions",
    wanted: "UpdateOptions",
    *,
    verify: bool,
) -> None:
    from planner.cli.locking import locked
    from planner.cli.output import tell
    from planner.files import is_special
    from planner.formats.ical import files as files

    output = wanted.output
    kept = (path for path in (output, wanted.state) if path is not None and not is_special(path))
    with locked(kept):
        if output is not None and by is not None:
            files.write_set(cohort, by, options, wanted, output, tell)
        elif output is not None and options.rendering.value == "caldav":
            files.write_objects(cohort, options, wanted, output, tell)
        else:
            files.write_one(cohort, options, wanted, tell, verify=verify)


def _complain(code: str, why: str) -> None:
    from planner.cli.output import complain

    complain(f"{code}: {why}")


def _people(
    participants: str | None, start: str | None, code: str | None, arm: str | None
) -> "Iterator[Participant]":
    from planner.timeline.participant import Participant, new_code, read_cohort

    if participants is not None:
        yield from read_cohort(participants)
    else:
        yield Participant(new_code(code or "P0001"), arm, read_date(start or "", "--start"))


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
        raise PlannerError(f"{path}: {os_reason(error)}") from None
    if not 16 <= len(key) <= 4096:
        raise PlannerError(f"{path}: a secret has 16 to 4096 bytes, this file has {len(key)}")
    return key
