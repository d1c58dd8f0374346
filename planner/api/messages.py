"""Texts that remind participants of their visits of the next days; nothing is sent."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from planner.api.participants import Watch
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import DateSource, ProtocolSource, RecordSource, SiteSource, StrPath
    from planner.views.messages import ParticipantMessages


def remind(
    records: "RecordSource | Iterable[RecordSource]",
    first: "DateSource",
    last: "DateSource",
    *,
    site: "SiteSource",
    protocols: "Iterable[ProtocolSource]" = (),
    language: str = "en",
    today: "DateSource | None" = None,
    planned: bool = False,
    anyway: bool = False,
    watch: Watch | None = None,
) -> "ParticipantMessages":
    """Texts that remind participants of their visits between two dates; nothing is sent.

    They have the words of the participant's sheet and tell nothing of drug, arm or diagnosis. Of a
    visit that is not booked, or whose appointment cannot be kept, no text reminds.

    Args:
        records: paths of records or of folders of them, or `Record`s; one of these, or several.
        first: the first date.
        last: the last date, included.
        site: path of a site file, or a `Site`; its title, address and phone are in the texts.
        protocols: that of records that name none, and those that records name by an id which the
            library does not have.
        language: one of `handout_languages`, as `handout` takes it.
        today: nothing is planned before it; ``first`` when ``None``.
        planned: whether visits that are planned and not booked are reminded of, too.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.
        watch: is told of records while they are read.

    Raises:
        PlannerError: ``last`` is before ``first``; a protocol or the site cannot be loaded; there
            is no such language; Babel is missing.
    """
    from planner.api.inputs import date_of, optional_date, text_of
    from planner.api.participants import ReadableRecords
    from planner.api.prepared import prepared_calendar
    from planner.api.record_protocols import RecordProtocols
    from planner.timeline.participant_state import plan_standing, standing
    from planner.views.messages import ParticipantMessage, ParticipantMessages
    from planner.views.pages.site_address import place_of
    from planner.views.pages.translations import words
    from planner.views.pages.visit_message import visit_message

    texts = words(text_of(language, "language", "a language such as `en`"))
    begin, end = date_of(first, "first"), date_of(last, "last")
    if end < begin:
        raise PlannerError(f"last: {end} is before first {begin}")
    now = optional_date(today, "today") or begin
    place = prepared_calendar(site)
    known = RecordProtocols(protocols, place, anyway=anyway)
    files = ReadableRecords(records, watch or Watch())
    messages: list[ParticipantMessage] = []
    without: list[str] = []
    withheld: dict[tuple[str, str], None] = {}
    for record in files:
        with files.taking(record):
            courses = known.courses(record, now)
            where = standing(courses, record, today=now)
            timeline = plan_standing(where, record)
            course = where.planner.course
            code, protocol = timeline.participant, timeline.protocol_id
            visits = []
            for visit in timeline.visits:
                whose = f"{code} ({protocol}) {visit.label}"
                if visit.booked is not None and begin <= visit.booked.date() <= end:
                    without.append(
                        f"{whose}: booked for {visit.booked:%Y-%m-%d %H:%M}, which does not fit"
                    )
                if visit.kind == "event" or not begin <= visit.start.date() <= end:
                    continue
                if visit.status in ("occurred", "missed", "cancelled") or visit.booked is not None:
                    continue
                if visit.status == "booked" and not (visit.against or visit.unrecorded):
                    visits.append(visit)
                elif visit.against or visit.unrecorded:
                    reason = "decided against" if visit.against else "its date has passed"
                    without.append(f"{whose}: {reason}")
                elif planned and visit.deviation is None:
                    visits.append(visit)
                else:
                    outside = f", {visit.deviation}" if visit.deviation else ""
                    without.append(f"{whose}: not booked{outside} ({visit.start:%Y-%m-%d %H:%M})")
            if visits:
                text = visit_message(timeline, course, place, texts, visits)
                ids = tuple(visit.id for visit in visits)
                messages.append(ParticipantMessage(code, protocol, ids, texts.say("title"), text))
                withheld |= dict.fromkeys(place_of(place.site, course.protocol).withheld)
    messages.sort(key=lambda message: (message.participant, message.protocol))
    return ParticipantMessages(
        tuple(messages), tuple(without), tuple(withheld), files.count, files.left_out
    )


def write_message_files(messages: "ParticipantMessages", folder: "StrPath") -> None:
    """Writes each text as a draft of an e-mail without addresses: all of them, or none.

    Args:
        messages: as `remind` gives them.
        folder: where the files are to be; made if there is none. A file is called by the code.

    Raises:
        PlannerError: the folder cannot be written.
    """
    from planner.api.files import write_folder
    from planner.views.messages import file_names
    from planner.views.pages.visit_message import message_file

    names = file_names(messages.messages, ".eml")
    write_folder(
        folder,
        {
            name: message_file(message.subject, message.text)
            for name, message in zip(names, messages.messages, strict=True)
        },
    )
