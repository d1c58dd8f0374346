"""A participant's sheet and a protocol's report, from Python."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_protocol import HEAD

import planner
from planner.api.pages import NotBooked
from planner.views.pages.report import Section

EXAMPLES = Path(__file__).parents[2] / "examples"
SITE = EXAMPLES / "site-everyday.yaml"
OPTIONAL = """\
epochs:
  - id: treatment
    visits:
      - {id: start}
      - {id: extra, optional: true, after: {visit: start, target: 3d, within: ±1d}}
      - {id: last, after: {visit: start, target: 7d, within: ±2d}}
"""


@pytest.fixture(autouse=True)
def needs_babel() -> None:
    pytest.importorskip("babel", reason="dates in a language's own form need the extra `charts`")


def record(*visits: dict[str, object]) -> planner.Record:
    return planner.Record.model_validate(
        {"participant": "P0007", "protocol": "mapp1", "start": "2027-01-11", "visits": visits}
    )


UNDER_WAY = record(
    {"visit": "screening", "status": "occurred", "start": "2026-12-09"},
    {"visit": "prep-1", "status": "missed", "start": "2026-12-23"},
)


def test_a_sheet_says_whose_plan_it_shows() -> None:
    page = planner.handout("mapp1", "2027-01-11", "P0007", site=SITE)
    assert page.startswith("<!DOCTYPE html>")
    assert page.timeline.participant == "P0007"
    assert page.timeline.anchor_date == date(2027, 1, 11)
    assert (page.unrecorded, page.withheld) == ((), ())


@pytest.mark.parametrize("language", planner.handout_languages())
def test_a_sheet_is_in_each_of_the_languages(language: str) -> None:
    page = planner.handout("mapp1", "2027-01-11", "P0007", site=SITE, language=language)
    assert f'<html lang="{language}">' in page


def test_there_is_no_other_language() -> None:
    assert "en" in planner.handout_languages()
    with pytest.raises(planner.PlannerError, match=r"^language: `eng` .* did you mean `en`\?"):
        planner.handout("mapp1", "2027-01-11", "P0007", site=SITE, language="eng")


def test_a_sheet_of_a_record_is_about_what_is_to_come() -> None:
    page = planner.handout("mapp1", site=SITE, actuals=UNDER_WAY, today="2026-12-28")
    behind = page.index("Visits already done")
    assert "Check-up before the start" not in page[:behind]
    assert "Preparation meeting 2" in page[:behind]


def test_a_visit_of_which_nothing_is_recorded_is_named() -> None:
    booked = record(
        {"visit": "screening", "status": "occurred", "start": "2026-12-09"},
        {"visit": "prep-1", "status": "booked", "start": "2026-12-23T10:00"},
    )
    ahead = planner.handout("mapp1", site=SITE, actuals=booked, today="2026-12-23")
    assert ahead.unrecorded == ()
    assert planner.handout("mapp1", site=SITE, actuals=booked, today="2026-12-24").unrecorded == (
        "prep-1",
    )


def test_chosen_visits_and_fixed_dates_are_those_of_the_plan(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(HEAD + OPTIONAL, encoding="utf-8")

    def dates(**options: Any) -> dict[str, date]:
        page = planner.handout(path, "2027-01-11", "P0007", site=SITE, **options)
        return {visit.id: visit.start.date() for visit in page.timeline.visits}

    assert dates().keys() == {"start", "extra", "last"}
    assert dates(with_visits=[]).keys() == {"start", "last"}
    assert dates(without_visits=["extra"]).keys() == {"start", "last"}
    assert dates(at={"last": "2027-01-19"})["last"] == date(2027, 1, 19)


def test_what_names_the_illness_is_withheld_with_the_word() -> None:
    site = planner.load_site(SITE).model_copy(update={"title": "Clinic for PTSD"})
    page = planner.handout("mapp1", "2027-01-11", "P0007", site=site)
    assert page.withheld == (("Clinic for PTSD", "ptsd"),)
    assert "PTSD" not in page


def test_no_sheet_is_made_of_a_plan_that_nobody_has_booked() -> None:
    late = record({"visit": "screening", "status": "occurred", "start": "2026-06-01"})
    with pytest.raises(NotBooked, match=r"no sheet is written: .* nobody has booked `") as refused:
        planner.handout("mapp1", site=SITE, actuals=late, today="2027-06-01")
    assert "\n  - " in str(refused.value)


def test_a_record_says_itself_whose_it_is_and_a_day_needs_one() -> None:
    with pytest.raises(
        planner.PlannerError,
        match=r"^participant: the record gives that"
        r" already; leave it out",
    ):
        planner.handout("mapp1", None, "P0007", site=SITE, actuals=UNDER_WAY)
    with pytest.raises(
        planner.PlannerError,
        match=r"^at: the record gives that already; leave"
        r" it out",
    ):
        planner.handout("mapp1", site=SITE, actuals=UNDER_WAY, at={"dosing-1": "2027-02-01"})
    with pytest.raises(planner.PlannerError, match=r"^today: has no effect without a record"):
        planner.handout("mapp1", "2027-01-11", "P0007", site=SITE, today="2027-01-12")
    with pytest.raises(planner.PlannerError, match=r"^start: "):
        planner.handout("mapp1", site=SITE)
    with pytest.raises(planner.PlannerError, match=r"^participant: "):
        planner.handout("mapp1", "2027-01-11", site=SITE)


def test_a_report_with_a_date_shows_the_plan_too() -> None:
    parts: list[object] = []

    def around(made: Iterable[Section]) -> Iterator[Section]:
        for part in made:
            parts.append(part)
            yield part

    dated = planner.report("mapp1", start="2027-01-11", site=SITE, around=around)
    undated = planner.report("mapp1")
    assert (dated.no_plan, undated.no_plan) == ("", "")
    assert len(parts) > 3
    assert "2027-01-11" in dated
    assert "2027-01-11" not in undated


def test_a_report_says_why_nothing_fits() -> None:
    site = planner.load_site(EXAMPLES / "site-berlin.yaml")
    page = planner.report("mapp1", start="2027-01-10", site=site)
    assert page.no_plan
    assert page.startswith("<!DOCTYPE html>")


def test_a_site_without_a_date_says_nothing() -> None:
    with pytest.raises(planner.PlannerError, match=r"^site: has no effect without a date"):
        planner.report("mapp1", site=SITE)
