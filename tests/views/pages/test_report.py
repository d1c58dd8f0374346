"""A protocol's report: whole, self-contained, and deaf to what a hostile file says."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from views.pages.reading import Page, stands_alone

from planner.checks.report import FileReport
from planner.errors import PlannerError
from planner.formats.checks import choose
from planner.formats.report import report_file
from planner.notice import NOTICE
from planner.protocol.library import library_ids
from planner.site import load_site
from planner.site.calendar import SiteCalendar
from planner.timeline.plan import NothingFits, course_planner, plan_timeline
from planner.views.pages import report_charts
from planner.views.pages.report import DatedPlan, render_report
from planner.views.tables.parts import MAX_COLUMNS, parts

EXAMPLES = Path(__file__).parents[3] / "examples"
SECTIONS = [
    "Summary", "Notices", "Course", "Schedule of activities", "Run sheets", "Findings", "Burden",
    "Evidence", "Where the sources disagree", "Sources", "Conventions",
]  # fmt: skip


def found(name: str) -> FileReport:
    return report_file(name, choose((), ()))


@pytest.fixture
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts cannot be drawn; drawing them takes most of the time."""

    def refuse(*_: object) -> None:
        raise PlannerError("there is too much to draw")

    monkeypatch.setattr(report_charts, "_image", refuse)


@pytest.mark.usefixtures("no_charts")
def test_a_report_has_all_parts_and_a_table_of_contents_that_leads_to_them() -> None:
    page = Page(render_report(found("mapp1")))
    for title in SECTIONS:
        assert title in page.text
    targets = [link.removeprefix("#") for link in page.values("href")]
    ids = page.values("id")
    assert len(targets) == len(SECTIONS)
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))
    assert page.text.endswith(NOTICE)
    assert page.text.count(NOTICE) == 1


@pytest.mark.usefixtures("no_charts")
def test_a_sentence_stands_for_a_chart_that_cannot_be_drawn() -> None:
    page = Page(render_report(found("mapp1")))
    assert "The schema is not drawn here: there is too much to draw" in page.text
    assert "The course is not drawn here: there is too much to draw" in page.text
    assert "picture" not in page.tags()


def test_the_chart_is_an_image_that_says_what_it_shows() -> None:
    source = render_report(found("mplong"))
    page = Page(source)
    assert stands_alone(page)
    schema, course = page.values("alt")
    assert schema.startswith("The schema of ")
    assert course.startswith("The course of ")
    assert len(page.values("media")) == 2 * 4
    assert source == render_report(found("mplong"))


@pytest.mark.usefixtures("no_charts")
@pytest.mark.parametrize("name", library_ids())
def test_every_protocol_of_the_library_has_a_report(name: str) -> None:
    source = render_report(found(name))
    page = Page(source)
    assert stands_alone(page)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert source == render_report(found(name))


@pytest.mark.usefixtures("no_charts")
def test_rules_that_contradict_each_other_are_reported_all_the_same() -> None:
    page = Page(render_report(found(str(EXAMPLES / "collision.yaml"))))
    assert "Feasibility is not shown" in page.text
    assert "infeasible" in page.text


@pytest.mark.usefixtures("no_charts")
def test_one_arm_can_be_asked_for_and_an_unknown_one_is_refused() -> None:
    both = Page(render_report(found("jhu-mdd"))).text
    one = Page(render_report(found("jhu-mdd"), "delayed")).text
    assert "Arm immediate" in both
    assert "Arm immediate" not in one
    with pytest.raises(PlannerError, match="delayed"):
        render_report(found("jhu-mdd"), "delay")


@pytest.mark.usefixtures("no_charts")
def test_a_plan_on_dates_stands_beside_the_protocol() -> None:
    report = found("mapp1")
    site = SiteCalendar(load_site(str(EXAMPLES / "site-everyday.yaml")))
    assert report.file is not None
    planner = course_planner(report.file.protocol, site)
    dated = DatedPlan(site, plan_timeline(planner, date(2027, 1, 11)), "")
    text = Page(render_report(report, None, dated)).text
    assert "From 2027-01-11 at Example research ward, Zurich (invented)" in text
    assert "Mon 2027-01-11" in text
    fixed = course_planner(report.file.protocol, site, at={"dosing-1": date(2027, 5, 1)})
    with pytest.raises(NothingFits) as error:
        plan_timeline(fixed, date(2027, 1, 11))
    assert "together these leave no date" in Page(
        render_report(report, None, DatedPlan(site, None, str(error.value)))
    ).text.replace(" 2027-01-11; ", " ")


EVIL = "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>&\"'`x` \u202e"
KEPT = {
    "id", "format", "version", "status", "design", "anchor", "kind", "read", "date", "source",
    "grade", "doi", "by", "visit", "after", "before", "within", "target", "at", "activities",
    "duration", "footnotes", "about", "follows", "retracted", "registry", "allocation", "roles",
    "room", "rule", "zero", "every", "until", "from", "to", "staff", "activity", "when", "requires",
}  # fmt: skip


def poisoned(value: Any, key: str = "") -> Any:
    """The file with markup in every text that is free."""
    if isinstance(value, dict):
        return {one: poisoned(own, one) for one, own in value.items()}
    if isinstance(value, list):
        return [poisoned(one, key) for one in value]
    if isinstance(value, str) and key not in KEPT:
        return f"{value[:100]} {EVIL}"
    return value


HOSTILE: dict[str, Any] = {
    "format": 1, "id": "hostile", "title": "A study", "version": "1", "status": "illustrative",
    "design": "open-label", "anchor": "start", "condition": "a condition", "note": "A note.",
    "notices": [{"kind": "caution", "date": "2026-01-01", "text": "Take care."}],
    "sources": {
        "paper": {"kind": "trial-paper", "read": "abstract", "title": "Paper", "url": "https://x"},
        "record": {"kind": "registry", "read": "registry-record", "note": "A note."},
    },
    "arms": [{"id": "one", "title": "One", "label": "A label", "note": "A note."}],
    "roles": {"rater": {"title": "Rater"}},
    "activities": {"scale": {"title": "A scale", "by": "rater", "footnotes": ["mark"]}},
    "decisions": {"more": {"title": "Whether more", "condition": "It helps."}},
    "gates": {"agreed": {"title": "Consent signed"}},
    "footnotes": {"mark": "A footnote."},
    "epochs": [
        {
            "id": "all", "title": "All of it", "kind": "treatment", "note": "A note.",
            "visits": [
                {"id": "start", "title": "Start", "activities": ["scale"], "requires": "agreed"},
                {
                    "id": "dosing", "title": "Session", "kind": "dosing", "duration": "8h",
                    "when": "more", "note": "A note.", "room": "quiet",
                    "after": {"visit": "start", "within": "1d..9d", "note": "A note."},
                    "run_sheet": [{"id": "arrive", "title": "Arrival", "at": "0min"}],
                },
            ],
        }
    ],
    "tracks": [{"id": "diary", "title": "A diary", "from": "start", "times": 7}],
    "disagreements": [
        {"about": "dosing", "what": "length", "note": "A note.",
         "readings": {"paper": "8 h", "record": "6 h"}}
    ],
    "ignore": [{"rule": "ungraded", "reason": "It is made up."}],
}  # fmt: skip


@pytest.mark.usefixtures("no_charts")
def test_markup_in_every_text_of_a_file_stays_text(tmp_path: Path) -> None:
    report = found(_written(tmp_path, poisoned(HOSTILE)))
    assert report.file is not None, report.findings
    page = Page(render_report(report))
    assert stands_alone(page)
    assert not page.tags() & {"img", "script"}
    assert "<script>alert(1)</script>" in page.text
    assert "\u202e" not in page.source
    plain = Page(render_report(found(_written(tmp_path, HOSTILE))))
    assert sorted(tag for tag, _ in plain.elements if tag not in ("code", "p", "li")) == sorted(
        tag for tag, _ in page.elements if tag not in ("code", "p", "li")
    )


def _written(folder: Path, data: dict[str, Any]) -> str:
    path = folder / "study.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def test_wide_tables_are_cut_where_an_epoch_ends() -> None:
    from planner.views.tables.grid import Grid, Line

    heads = (("", *["a"] * 8, *["b"] * 9), ("Visit", *map(str, range(17))))
    grid = Grid("Wide", heads, (Line(("group",), "group"), Line(("row", *"x" * 17))), ())
    pieces = list(parts(grid))
    assert [piece.heads[0].count("a") for piece in pieces] == [8, 0]
    assert [piece.title for piece in pieces] == ["Wide, part 1 of 2", "Wide, part 2 of 2"]
    assert all(piece.lines[0].cells == ("group",) for piece in pieces)
    assert all(piece.lines[1].cells[0] == "row" for piece in pieces)
    assert sum(len(piece.lines[1].cells) - 1 for piece in pieces) == 17
    one = Grid("Even", (("", *["a"] * 25),), (), ())
    widths = [len(piece.heads[0]) - 1 for piece in parts(one)]
    assert sum(widths) == 25
    assert max(widths) <= MAX_COLUMNS
    assert min(widths) > MAX_COLUMNS // 2


@pytest.mark.usefixtures("no_charts")
def test_pages_are_made_from_python_as_by_the_command_line() -> None:
    import planner

    assert planner.report(planner.load("mplong")) == render_report(found("mplong"))
    pytest.importorskip("babel", reason="dates in a language's own form need the extra `charts`")
    site = str(EXAMPLES / "site-everyday.yaml")
    page = planner.handout(
        planner.load("mplong"), date(2027, 1, 11), "P0001", site=site, language="fr"
    )
    assert Page(page).values("lang") == ["fr"]
