"""The languages of a participant's sheet: none lacks a text, dates are as people say them."""

import string
from datetime import date, datetime
from importlib.resources import files
from typing import get_args

import pytest

from planner.errors import PlannerError
from planner.notice import NOTICE
from planner.protocol.fields import Mode, VisitKind
from planner.protocol.model import Track
from planner.protocol.visit import Arrangement
from planner.views.pages.translations import language_codes, words

CODES = ("de", "en", "es", "fr")
ENGLISH = words("en").texts


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_are_four_languages() -> None:
    assert tuple(language_codes()) == CODES


@pytest.mark.parametrize("code", CODES)
def test_no_text_is_missing_and_none_is_extra(code: str) -> None:
    texts = words(code).texts
    assert texts.keys() == ENGLISH.keys()
    assert all(text.strip() == text and text for text in texts.values())


@pytest.mark.parametrize("code", CODES)
def test_texts_have_the_same_places_in_every_language(code: str) -> None:
    texts = words(code).texts
    for key, text in ENGLISH.items():
        assert places(texts[key]) == places(text), key


def test_every_kind_of_visit_contact_and_track_has_a_word() -> None:
    def of(group: str) -> set[str]:
        return {key.partition(".")[2] for key in ENGLISH if key.startswith(f"{group}.")}

    assert of("kinds") == set(get_args(VisitKind))
    assert of("modes") == set(get_args(Mode))
    assert of("tracks") == set(get_args(Track.model_fields["kind"].annotation))
    assert {one.replace("-", "_") for one in get_args(Arrangement)} <= ENGLISH.keys()


def test_every_text_is_said_somewhere() -> None:
    folder = files("planner.views.pages")
    pages = ("handout.py", "visit_words.py", "visit_message.py", "calendar_words.py")
    source = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in pages)
    made = {one.replace("-", "_") for one in get_args(Arrangement)} | {"quiet_phone", "quiet_video"}
    for key in ENGLISH:
        assert "." in key or key in made or f'"{key}"' in source, key


def test_the_notice_is_that_of_every_output() -> None:
    assert ENGLISH["notice"] == NOTICE


def test_a_region_is_a_country_and_the_words_are_those_of_the_language() -> None:
    assert words("en-US") == ("en-US", ENGLISH, "US")
    for wrong in ("en-usa", "en-", "en-us", "it-IT"):
        with pytest.raises(PlannerError, match=r"two capital letters|is none of"):
            words(wrong)


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(PlannerError, match="`it` is none of de, en, es, fr"):
        words("it")


@pytest.mark.parametrize(
    ("code", "country", "full", "time"),
    [
        ("en", None, "Monday, 1 March 2027", "09:30"),
        ("en", "US", "Monday, March 1, 2027", "9:30 AM"),
        ("en", "DE", "Monday, 1 March 2027", "09:30"),
        ("de", "AT", "Montag, 1. März 2027", "09:30"),
        ("fr", "FR", "lundi 1er mars 2027", "09:30"),
        ("es", "ES", "lunes, 1 de marzo de 2027", "9:30"),
        ("es", "XX", "lunes, 1 de marzo de 2027", "9:30"),
    ],
)
def test_dates_have_the_form_of_the_language_and_the_country(
    code: str, country: str | None, full: str, time: str
) -> None:
    pytest.importorskip("babel", reason="dates in a language's own form need the extra `charts`")
    from planner.views.pages.locale_format import LocaleFormat

    texts = words(code).texts
    spoken = LocaleFormat(texts["locale"], texts["first_of_month"], country)

    def plain(text: str) -> str:
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    assert plain(spoken.full(date(2027, 3, 1))) == full
    moment = datetime(2027, 3, 1, 9, 30)  # noqa: DTZ001 - clocks on a wall
    assert plain(spoken.time(moment)) == time
    assert "2027" not in spoken.day(date(2027, 3, 1), 2027)
    assert "2027" in spoken.day(date(2027, 3, 1), 2026)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "1 hour 30 minutes"),
        ("de", "1 Stunde 30 Minuten"),
        ("fr", "1 heure 30 minutes"),
        ("es", "1 hora 30 minutos"),
    ],
)
def test_lengths_are_in_hours_and_minutes(code: str, text: str) -> None:
    pytest.importorskip("babel", reason="dates in a language's own form need the extra `charts`")
    from planner.views.pages.locale_format import LocaleFormat

    texts = words(code).texts
    found = LocaleFormat(texts["locale"], texts["first_of_month"]).length(90)
    assert found.replace("\u00a0", " ") == text
