"""A short text that reminds a participant of visits, in the words of the participant's sheet.

Like the sheet it tells nothing of drug, arm or diagnosis: no text of the protocol file is in it.
"""

from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.policy import SMTP

from planner.protocol.course import Course
from planner.site.calendar import SiteCalendar
from planner.timeline.model import DatedVisit, Timeline
from planner.views.pages.locale_format import LocaleFormat
from planner.views.pages.site_address import place_of
from planner.views.pages.translations import Translations
from planner.views.pages.visit_words import VisitWords


def visit_message(
    timeline: Timeline,
    course: Course,
    site: SiteCalendar,
    words: Translations,
    visits: Sequence[DatedVisit],
) -> str:
    """The text, with a paragraph for each visit.

    Args:
        timeline: the participant's plan, of which visits are numbered.
        course: what it is a plan of.
        site: where visits take place; what of its address tells the study's subject is left out.
        words: of the language.
        visits: of the timeline, by date.

    Raises:
        PlannerError: Babel is not installed.
    """
    return "\n".join(_lines(timeline, course, site, words, visits)) + "\n"


def _lines(
    timeline: Timeline,
    course: Course,
    site: SiteCalendar,
    words: Translations,
    visits: Sequence[DatedVisit],
) -> Iterator[str]:
    place, say = place_of(site.site, course.protocol), words.say
    locale_format = LocaleFormat(
        words.texts["locale"], words.texts["first_of_month"], words.region or place.country
    )
    kept_events = [visit.id for visit in course.visits if visit.visit.show]
    visit_words = VisitWords(timeline.without_events(kept_events), course, words, locale_format)
    yield say("title")
    yield say("participant", code=timeline.participant)
    for visit in visits:
        day = locale_format.full(visit.start.date())
        yield ""
        yield f"{day[:1].upper()}{day[1:]}, {visit_words.time(visit)}"
        yield visit_words.names[visit.id]
        yield visit_words.where(visit)
        yield from visit_words.remarks(visit)
        for text in visit_words.arrangements(visit):
            yield f"- {text}"
    yield ""
    if place.title is not None:
        yield f"{say('site')}: {place.title}"
    if place.address:
        yield f"{say('address')}: {', '.join(place.address)}"
    yield " ".join((say("cannot_come"), say("cannot_come_short")))
    if place.phone is not None:
        yield f"{say('telephone')}: {place.phone}"
    yield say("local_time")
    yield ""
    yield say("notice")


def message_file(subject: str, text: str) -> bytes:
    """A draft of an e-mail (RFC 5322) without sender and recipient, which mail programs open.

    Args:
        subject: of the e-mail.
        text: its body.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["X-Unsent"] = "1"  # programs that know it open the file as a draft
    message.set_content(text, cte="quoted-printable")
    return message.as_bytes()
