"""`planner remind`: texts that remind participants of their visits of the next days."""

from typing import Annotated

import typer

from planner.cli.coordinating import MoreRecords, RecordsOption, SeveralProtocolsOption
from planner.cli.options import OutputOption, read_choice, read_date
from planner.cli.output_formats import is_file_name, read_format
from planner.cli.records import leaves_out, watch_records
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.errors import PlannerError


def remind(
    site: Annotated[
        str,
        typer.Option(
            "--site", help="A site file; its title, address and phone are shown.", metavar="FILE"
        ),
    ],
    more: MoreRecords = None,
    actuals: RecordsOption = None,
    first: Annotated[
        str | None,
        typer.Option("--from", help="First date; --today if absent.", metavar="DATE"),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", help="Last date, included; the first one if absent.", metavar="DATE"),
    ] = None,
    protocol: SeveralProtocolsOption = None,
    today: Annotated[
        str | None,
        typer.Option(
            "--today",
            help="Plan no visit before this date; today's date at the site if absent.",
            metavar="DATE",
        ),
    ] = None,
    planned: Annotated[
        bool,
        typer.Option("--planned", help="Also remind of visits that are planned and not booked."),
    ] = False,
    language: Annotated[
        str,
        typer.Option(
            "--language",
            help="en, de, es or fr; with a region, its dates and times: en-US.",
            metavar="LANGUAGE",
        ),
    ] = "en",
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="text, json or eml (a folder of drafts without addresses); by the output's suffix"
            " if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Write texts that remind participants of their booked visits between two dates.

    One text for each participant code, in the words of the participant's sheet. Drug, arm and
    diagnosis are never named, and nothing is sent. The exit code is 1 if a visit in these dates has
    no text, or if a record has to be left out.
    """
    from planner.api import messages
    from planner.api.inputs import site_of
    from planner.api.pages import handout_languages
    from planner.cli.clock import today_at
    from planner.cli.output import tell
    from planner.cli.tables import write_answer

    if output_format == "eml":
        chosen = "eml"
        if output is None or is_file_name(output):
            raise PlannerError("--format eml: name a folder with -o")
    else:
        chosen = read_format(output_format, output, ("text", "json"))
    if not actuals and not more:
        raise PlannerError("--records: name a participant's record, or a folder of them")
    read_choice(language.partition("-")[0], handout_languages(), "--language")
    place = site_of(site)
    day = today_at(place) if today is None else read_date(today, "--today")
    begin = day if first is None else read_date(first, "--from")
    end = begin if last is None else read_date(last, "--to")
    if end < begin:
        raise PlannerError(f"--to: {end} is before {'--from' if first else '--today'} {begin}")
    answer = messages.remind(
        [*(actuals or ()), *(more or ())],
        begin,
        end,
        site=place,
        protocols=(load_sound(name, anyway=anyway, unblinded=unblinded) for name in protocol or ()),
        language=language,
        today=day,
        planned=planned,
        anyway=anyway,
        watch=watch_records(day),
    )
    for visit in answer.without:
        tell(f"warning: no text: {visit}")
    for text, word in answer.withheld:
        tell(f"left out, because `{word}` reveals what the study is about: {text}")
    if not answer.messages:
        tell(f"no text: no visit is booked from {begin} to {end}")
    if chosen == "eml":
        assert output is not None, "refused above"
        if answer.messages:
            messages.write_message_files(answer, output)
    else:
        write_answer(answer, chosen, output)
    if leaves_out(answer.left_out, answer.records) or answer.without:
        raise typer.Exit(1)
