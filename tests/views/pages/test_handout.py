"""A participant's sheet: what stands on it, in plain words, and what never does."""

import re
from base64 import b64decode
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from views.pages.reading import Page, stands_alone

from planner.errors import PlannerError
from planner.formats.load import load_protocol
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.protocol.telling import telling_words
from planner.site import load_site
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.timeline.plan import NothingFits, course_planner, plan_timeline
from planner.timeline.possible_days import possible_days
from planner.views.pages.handout import render_handout
from planner.views.pages.site_address import place_of
from planner.views.pages.translations import words

pytest.importorskip("babel", reason="dates in a language's own form need the extra `charts`")
segno = pytest.importorskip("segno", reason="codes to scan need the extra `charts`")

EXAMPLES = Path(__file__).parents[3] / "examples"
START = date(2027, 3, 1)  # a Monday
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")


def study(visits: list[dict[str, Any]], **more: Any) -> Protocol:
    return Protocol.model_validate(
        {
            "format": 1, "id": "small", "title": "Psilocybin for depression", "version": "1",
            "status": "illustrative", "design": "open-label", "anchor": "start",
            "substance": "psilocybin", "condition": "major depressive disorder",
            "epochs": [{"id": "all", "kind": "treatment", "visits": visits}],
            **more,
        }
    )  # fmt: skip


def clinic(**more: Any) -> SiteCalendar:
    return SiteCalendar(
        Site.model_validate(
            {
                "format": 1, "id": "site", "title": "House on the hill",
                "timezone": "Europe/Berlin", "overnight": True,
                "hours": dict.fromkeys(WEEK, "08:00-18:00"), **more,
            }
        )
    )  # fmt: skip


def sheet(
    protocol: Protocol,
    site: SiteCalendar | None = None,
    language: str = "en",
    arm: str | None = None,
    start: date = START,
    calendar: str | None = None,
) -> str:
    place = site or clinic()
    planner = course_planner(protocol, place, arm=arm)
    timeline = plan_timeline(planner, start, "P0001")
    plan = planner.plan(start)
    assert plan is not None
    days = possible_days(planner, plan)
    return render_handout(timeline, planner.course, place, days, words(language), calendar)


def said(source: str) -> str:
    return Page(source).text.replace("\u00a0", " ")


SESSION = [
    {"id": "start", "kind": "baseline", "duration": "1h"},
    {
        "id": "dosing", "title": "Psilocybin session", "kind": "dosing", "duration": "6h..8h",
        "overnight": True, "at": "09:00", "arrange": ["escort", "no-driving"],
        "after": {"visit": "start", "within": "7d..11d", "target": "8d"},
    },
    {
        "id": "call", "kind": "contact", "mode": "phone", "optional": True,
        "after": {"visit": "dosing", "within": "2d"},
    },
]  # fmt: skip


def test_a_sheet_says_when_where_how_long_and_what_to_arrange() -> None:
    text = said(sheet(study(SESSION), clinic(address=["Hill 1", "Town"], phone="+49 30 23125 000")))
    assert "Tuesday, 9 March 2027 09:00 Long study day" in text
    assert "Takes 6 hours to 8 hours." in text
    assert "Keep the whole day free." in text
    assert "You stay at the study site overnight, until Wednesday, 10 March, 09:00." in text
    assert "Arrange for someone to take you home." in text
    assert "Do not drive before the next day." in text
    assert "House on the hill Address Hill 1 Town Telephone +49 30 23125 000" in text
    assert "Participant code: P0001" in text


def test_days_are_told_in_plain_words() -> None:
    text = said(sheet(study(SESSION)))
    # Two days after the session a call has to fall on an open day: not after a Thursday or Friday.
    assert "Possible on Monday, 8 March; Tuesday, 9 March or Wednesday, 10 March." in text
    assert "Only this day is possible." in text


def test_a_window_with_a_weekend_says_that_the_site_has_to_be_open() -> None:
    after = {"visit": "start", "within": "2d..9d", "target": "7d"}
    visits = [SESSION[0], {"id": "later", "kind": "follow-up", "after": after}]
    assert (
        "Possible on any day that the site is open, from Wednesday, 3 March to Wednesday, 10 March."
    ) in said(sheet(study(visits)))


def test_no_day_is_told_of_a_visit_whose_window_nobody_published() -> None:
    after = {"visit": "start", "target": "7d", "window": "not-published"}
    visits = [SESSION[0], {"id": "later", "kind": "follow-up", "after": after}]
    assert "Possible " not in said(sheet(study(visits)))


def test_the_days_of_a_sheet_lie_in_the_window_as_written() -> None:
    # The visit after it may move: other days than these would need another date of it.
    visits = [
        SESSION[0],
        {"id": "prep", "kind": "preparation", "before": {"visit": "later", "within": "2d..3d"}},
        {"id": "later", "kind": "follow-up", "after": {"visit": "start", "within": "7d..18d",
                                                       "target": "9d"}},
    ]  # fmt: skip
    text = said(sheet(study(visits)))
    assert "Possible on Monday, 8 March or" not in text
    assert "Only this day is possible." in text


def test_what_the_file_does_not_say_is_not_arranged() -> None:
    visits = [
        SESSION[0],
        {"id": "dosing", "kind": "dosing", "after": {"visit": "start", "within": "1d"}},
    ]
    page = Page(sheet(study(visits)))
    assert not [one for one in page.elements if one[1].get("class") == "arrange"]
    assert "Please ask the study team how long it takes." in page.text


def test_a_visit_that_may_not_take_place_says_so() -> None:
    text = said(sheet(study(SESSION)))
    assert "Short contact By telephone." in text
    assert "This visit may not be needed." in text
    assert "Be somewhere quiet where you can talk on the telephone." in text


def test_what_repeats_beside_the_visits_is_named_by_its_kind() -> None:
    track = {"id": "capsule", "title": "Psilocybin capsule", "kind": "intake", "from": "start",
             "times": 14}  # fmt: skip
    text = said(sheet(study(SESSION, tracks=[track])))
    assert "Task at home: every day from Monday, 1 March to Sunday, 14 March 2027" in text


def test_what_is_done_twice_a_day_has_its_times() -> None:
    track = {"id": "capsule", "kind": "intake", "from": "start", "times": 14,
             "at": ["08:00", "20:30"]}  # fmt: skip
    text = said(sheet(study(SESSION, tracks=[track])))
    assert "Task at home, 08:00: every day from Monday, 1 March to Sunday, 14 March 2027" in text
    assert "Task at home, 20:30: every day from Monday, 1 March to Sunday, 14 March 2027" in text


def test_an_hour_is_that_of_the_site_and_of_its_country() -> None:
    boston = clinic(timezone="America/New_York", holidays={"country": "US"})
    pytest.importorskip("holidays", reason="public holidays need the extra `holidays`")
    assert "Tuesday, March 9, 2027 9:00" in said(sheet(study(SESSION), boston))


@pytest.mark.parametrize(
    ("language", "zone", "clock", "paper"),
    [
        ("en", "America/New_York", "9:00 AM", "letter"),
        ("es", "America/Mexico_City", "9:00", "letter"),
        ("en-US", "Europe/Berlin", "9:00 AM", "A4"),
        ("en-US", "UTC", "9:00 AM", "letter"),
        ("en", "UTC", "09:00", "A4"),
        ("en", "Europe/London", "09:00", "A4"),
    ],
)
def test_clock_and_paper_are_those_of_the_language_and_the_site(
    language: str, zone: str, clock: str, paper: str
) -> None:
    page = sheet(study(SESSION), clinic(timezone=zone), language)
    assert f"{clock} Long study day" in said(page) or language == "es"
    assert f"@page {{ size: {paper};" in page
    assert f'<html lang="{language}">' in page


ADDRESS = "https://calendar.example.org/P0001.ics?key=a&b=<c>"


def test_the_address_of_a_calendar_is_a_link_and_a_code() -> None:
    page = Page(sheet(study(SESSION), calendar=ADDRESS))
    assert stands_alone(page, ADDRESS)
    assert ADDRESS in page.text
    assert [one for tag, one in page.elements if tag == "a" and one.get("href") == ADDRESS]
    pictures = [one for tag, one in page.elements if tag == "img"]
    assert [one["alt"] for one in pictures] == ["Code with the address of your calendar"]
    code = segno.make(ADDRESS, error="m", micro=False)
    drawn = b64decode((pictures[0]["src"] or "").partition("base64,")[2]).decode()
    assert f'width="{code.symbol_size(scale=4)[0]}"' in drawn
    assert "Scan this code" not in said(sheet(study(SESSION)))


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example.org/a.ics",
        "javascript:alert(1)",
        "https://user:word@example.org/a.ics",
        "https://example.org/a b.ics",
        "https://example.org/psilocybin.ics",
        "https://example.org/" + "a" * 500,
    ],
)
def test_no_sheet_has_an_address_that_tells_or_is_none(address: str) -> None:
    with pytest.raises(PlannerError, match=r"^calendar: "):
        sheet(study(SESSION), calendar=address)


ARMS = [{"id": "psilocybin", "title": "Psilocybin"}, {"id": "niacin", "title": "Niacin"}]


def test_sheets_of_blinded_arms_are_alike() -> None:
    only = {"id": "extra", "kind": "follow-up", "arms": "psilocybin",
            "after": {"visit": "dosing", "within": "7d"}}  # fmt: skip
    track = {"id": "capsule", "kind": "diary", "from": "start", "times": 14, "arms": "psilocybin",
             "at": ["08:00", "20:30"]}  # fmt: skip
    protocol = study([*SESSION, only], design="double-blind", arms=ARMS, tracks=[track])
    one, other = (sheet(protocol, arm=arm) for arm in ("psilocybin", "niacin"))
    assert one == other
    assert "More visits may follow." in one
    assert "Diary" not in one


def test_a_site_whose_name_tells_is_not_named() -> None:
    site = clinic(title="Depression clinic", address=["Psilocybin House", "Hill 1"])
    protocol = study(SESSION, condition="depression")
    text = said(sheet(protocol, site))
    assert "Hill 1" in text
    assert "Depression" not in text
    assert "Psilocybin" not in text
    withheld = place_of(site.site, protocol).withheld
    assert withheld == (("Depression clinic", "depression"), ("Psilocybin House", "psilocybin"))


def test_markup_in_a_site_file_stays_text() -> None:
    site = clinic(
        title="<script>alert(1)</script>", address=['"><img src=x onerror=alert(1)>', "a\x1b[2J"]
    )
    page = Page(sheet(study(SESSION), site))
    assert stands_alone(page)
    assert "<script>alert(1)</script>" in page.text
    assert "\x1b" not in page.text


def test_a_sheet_needs_nothing_else_and_is_the_same_each_time() -> None:
    first = sheet(study(SESSION))
    assert stands_alone(Page(first))
    assert first == sheet(study(SESSION))
    assert "default-src &#x27;none&#x27;" in first


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
def test_a_sheet_is_in_its_language(language: str) -> None:
    page = Page(sheet(study(SESSION), language=language))
    assert page.values("lang") == [language]
    assert words(language).texts["notice"] in page.text
    assert "{" not in page.text


def test_nothing_on_paper_is_smaller_than_large_print() -> None:
    style = files("planner.views.pages").joinpath("handout.css").read_text(encoding="utf-8")
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    paper = style.partition("@media print")[2]
    sizes = [float(size) for size in re.findall(r"(?:font|font-size): ([0-9.]+)pt", paper)]
    assert sizes
    assert min(sizes) >= 16
    assert not re.search(r"font-size: 0?\.|font-size: [0-9.]+px", style)


LETTERS = re.compile(r"[^\W\d_]+")


def vocabulary(language: str, site: Site) -> set[str]:
    """All words that a sheet may have: of the language's file, of its calendar, of the site."""
    from babel import Locale
    from babel.units import format_unit

    texts = words(language).texts
    locale = Locale.parse(texts["locale"])
    units = [
        format_unit(number, f"duration-{unit}", "long", locale=locale)
        for number in (1, 2)
        for unit in ("hour", "minute")
    ]
    names = [*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values()]
    patterns = [*texts.values(), *units, *names, site.title, *site.address, "P0001 de er"]
    return {word for text in patterns for word in LETTERS.findall(text.casefold())}


@pytest.mark.slow
@pytest.mark.parametrize("name", library_ids())
def test_every_word_of_a_sheet_is_of_its_language_or_of_the_site(name: str) -> None:
    # So none comes from the protocol file: no drug, no arm, no diagnosis, no title.
    protocol = load_protocol(name).protocol
    site = SiteCalendar(load_site(str(EXAMPLES / "site-everyday.yaml")))
    known = vocabulary("en", site.site)
    try:
        sources = {
            sheet(protocol, site, arm=arm) for arm in [one.id for one in protocol.arms] or [None]
        }
    except NothingFits:
        pytest.skip("nothing fits when this protocol starts on this date")
    for source in sources:
        assert set(LETTERS.findall(said(source).casefold())) <= known


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_so_it_is_in_the_other_languages(language: str) -> None:
    protocol = load_protocol("mapp1").protocol
    site = SiteCalendar(load_site(str(EXAMPLES / "site-everyday.yaml")))
    found = set(LETTERS.findall(said(sheet(protocol, site, language)).casefold()))
    assert found <= vocabulary(language, site.site)


def test_the_words_that_tell_are_those_of_substance_condition_and_arms() -> None:
    told = telling_words(load_protocol("mapp1").protocol)
    assert {"mdma", "ptsd", "placebo"} <= told
    assert not {"with", "therapy", "severe"} & told


@pytest.mark.parametrize(
    ("name", "visit", "arranged"),
    [
        ("aud-psi", "dosing-1", ("escort", "company-overnight")),
        ("psil201", "dosing", ("escort",)),
        ("spravato", "induction-a", ("no-driving",)),
        ("mapp1", "dosing", ()),  # nothing that was read says so
    ],
)
def test_what_there_is_to_arrange_is_what_the_library_read(
    name: str, visit: str, arranged: tuple[str, ...]
) -> None:
    epochs = load_protocol(name).protocol.epochs
    written = {one.id: one.arrange for epoch in epochs for one in epoch.visits}
    assert written[visit] == arranged
