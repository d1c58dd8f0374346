"""`planner export`: the plan of participants, or the design of the study, in outside formats."""

from collections.abc import Iterable
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
    read_fixed,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.errors import PlannerError

if TYPE_CHECKING:
    from datetime import date

    from planner.api.calendar_updates import UpdateWatch
    from planner.api.inputs import ProtocolSource
    from planner.api.types import ProtocolFile, RecordFile

LEVELS = ("participant", "staff", "coded", "busy")
RENDERINGS = ("published", "caldav", "file")


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
            "--records",
            help="Participants under way: a record of one, or a folder of everybody's.",
            metavar="RECORDS",
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
            help="ical, or the design of the study: usdm (CDISC USDM, a JSON"
            " file) or sdtm (TV, TA and TE in a folder, as Dataset-JSON and XPT), with its arms"
            " by name; ical if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    level: Annotated[
        str,
        typer.Option(
            "--for",
            "--level",
            help="For whom: participant (plain words, place, what to arrange), staff, coded"
            " (`P0001 V03`) or busy (`Study visit`).",
            metavar="LEVEL",
        ),
    ] = "coded",
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            help="Language of a calendar for a participant: en, de, es or fr, perhaps with a region"
            " (en-US) [en].",
            metavar="LANGUAGE",
        ),
    ] = None,
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
        bool, typer.Option("--windows/--no-windows", help="Add visit windows as all-day events.")
    ] = True,
    run_sheet: Annotated[
        bool,
        typer.Option(
            "--run-sheet", help="Add the lines of run sheets as events; level staff only."
        ),
    ] = False,
    tracks: Annotated[
        bool,
        typer.Option("--tracks/--no-tracks", help="Add parallel tracks such as a daily diary."),
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
            help="A file with a secret, which prevents linking events to participant codes by"
            " guessing; at level busy the state file keeps one if absent.",
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
            "--no-state",
            help="Keep no state file: continue from the calendar that is there, if any.",
        ),
    ] = False,
    previous: Annotated[
        str | None,
        typer.Option(
            "--previous",
            help="Continue from this calendar as well, such as a copy that a site has kept.",
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
            "--attendee",
            help="Attendee address for invitations (use a role mailbox, not a person's).",
            metavar="URI",
        ),
    ] = None,
    organizer: Annotated[
        str | None,
        typer.Option(
            "--organizer",
            help="Organiser address for invitations (use a role mailbox, not a person's).",
            metavar="URI",
        ),
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
) -> None:
    """Export one or many participants' visits as a calendar; a second export updates it.

    A state file next to the calendar keeps event identities: a re-export updates changed events
    and cancels removed ones. If it is lost, the export continues from the calendar itself.

    With --format usdm or sdtm the design of the study is exported instead. It has no participants
    and shows how the arms differ: keep it from those who must not know the arms.
    """
    import os
    import sys
    from dataclasses import replace

    from planner.api.calendar_updates import (
        SPLITS,
        CalendarOptions,
        Level,
        Rendering,
        stamp_of,
        update_calendar,
    )
    from planner.cli.export_design import export_format, refuse_options, write_design
    from planner.cli.output import tell
    from planner.cli.output_formats import is_file_name

    wanted_format = export_format(output_format, output)
    if wanted_format != "ical":
        refuse_options(_given(context), wanted_format)
        study = load_sound(protocol, anyway=anyway, by_arm=False).protocol
        changed_on = None if stamp is None else read_date(stamp, "--stamp")
        write_design(study, wanted_format, output, stamp_of(study, changed_on))
        return
    read_choice(level, LEVELS, "--for")
    if level == "participant" and "--windows" in _given(context):
        raise PlannerError("--windows: a calendar for a participant has no windows; leave it out")
    read_choice(rendering, RENDERINGS, "--rendering")
    if split is not None:
        read_choice(split, SPLITS, "--split")
    into_folder = split is not None or rendering == "caldav"
    if into_folder and is_file_name(output) and not os.path.isdir(output or ""):
        raise PlannerError(
            f"-o: {output}: --split and --rendering caldav write several files: name a folder"
        )
    options = CalendarOptions(
        level=Level(level),
        rendering=Rendering(rendering),
        windows=windows,
        run_sheet=run_sheet,
        tracks=tracks,
        alarms=tuple(alarm or ()),
        utc=utc,
        name=name,
    )
    if organizer is not None:
        options = replace(options, organizer=organizer)
    day = None if today is None else read_date(today, "--today")
    result = update_calendar(
        protocol,
        sys.stdout.buffer if output is None else output,
        None if start is None else read_date(start, "--start"),
        participant=participant,
        participants=participants,
        actuals=actuals,
        today=day,
        at=read_fixed(at),
        arm=arm,
        site=site,
        with_visits=with_visits or None,
        without_visits=without_visits or (),
        options=options,
        stamp=None if stamp is None else read_date(stamp, "--stamp"),
        key_file=key_file,
        split=next((by for by in SPLITS if by == split), None),
        verify=verify,
        state=state,
        keep_state=not no_state,
        previous=previous,
        replace=replaces,
        messages=itip,
        attendee=attendee,
        language=language,
        anyway=anyway,
        watch=_watch(day, anyway=anyway, unblinded=unblinded),
    )
    for line in (*result.sentences(), *result.undated):
        tell(line)
    if result.unplaced or result.forced:
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


def _watch(today: "date | None", *, anyway: bool, unblinded: bool) -> "UpdateWatch":
    """Loads the protocol if it is sound, shows how far the export is, and says what is wrong."""
    from planner.api.calendar_updates import Thing, UpdateWatch
    from planner.cli.output import complain, tell
    from planner.cli.progress import progress
    from planner.cli.records import warn_of_record

    read: set[str] = set()

    class ExportWatch(UpdateWatch):
        def load(self, protocol: "ProtocolSource") -> "ProtocolFile":
            return load_sound(str(protocol), anyway=anyway, unblinded=unblinded)

        def participants(self, participants: "Iterable[Thing]") -> "Iterable[Thing]":
            return progress(participants, None, "participants")

        def read(self, record: "RecordFile") -> None:
            if record.path not in read:
                warn_of_record(record, today)
            read.add(record.path)

        def complain(self, participant: str, why: str) -> None:
            complain(why if why.startswith(f"{participant}:") else f"{participant}: {why}")

        def note(self, text: str) -> None:
            tell(text)

    return ExportWatch()
