"""Visits named by users: by id, number or title, the same wherever a visit is named."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Planner
from timeline.courses import protocol

import planner as public
from planner.errors import PlannerError
from planner.formats.sdtm.visit_names import visit_names
from planner.protocol.model import Protocol
from planner.schedule.named_visits import visit_named, visits_named

MAPP1 = public.load("mapp1").protocol
START = ("--start", "2027-01-11")


def small(*titles: str) -> Protocol:
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    visits += [
        {"id": f"v{at}", "title": title, "after": {"visit": "v0", "target": f"{at}w"}}
        for at, title in enumerate(titles, start=1)
    ]
    return protocol(visits)


@pytest.mark.parametrize(
    "name",
    ["prep-2", "V03", "v03", "v3", "Preparation 2", "V03 Preparation 2", "v03 Preparation 2"],
)
def test_an_id_a_number_a_title_and_a_label_mean_the_same_visit(name: str) -> None:
    assert visit_named(name, MAPP1) == "prep-2"


def test_of_a_visit_that_repeats_its_title_means_all_and_with_a_number_one() -> None:
    assert visit_named("Dosing session", MAPP1) == "dosing"
    assert visit_named("Dosing session (2)", MAPP1) == "dosing-2"
    assert visit_named("dosing", MAPP1) == "dosing"
    assert visits_named(["Dosing session (2)", "dosing-2", "prep-1"], MAPP1) == (
        "dosing-2",
        "prep-1",
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "preparation 2",
            "`preparation 2` is not a visit of `mapp1`; did you mean `Preparation 2`?",
        ),
        ("Prep-2", "`Prep-2` is not a visit of `mapp1`; did you mean `prep-2`?"),
        ("V99", "there is no visit V99: the numbers are V01 to V"),
        ("V02 Preparation 2", "`V02 Preparation 2` is not a visit of `mapp1`; did you mean"),
    ],
)
def test_what_no_visit_is_called_is_refused_with_the_nearest_name(name: str, message: str) -> None:
    with pytest.raises(PlannerError) as refused:
        visit_named(name, MAPP1, "here")
    assert str(refused.value).startswith(f"here: {message}")


def test_what_could_be_an_id_is_left_to_those_who_know_the_course() -> None:
    assert visit_named("prep-7", MAPP1) == "prep-7"


def test_a_title_of_several_visits_is_refused_with_all_of_them() -> None:
    study = small("Call", "Visit", "Call")
    with pytest.raises(PlannerError) as refused:
        visit_named("Call", study)
    assert str(refused.value) == (
        "`Call` is the title of several visits; write V02 (`v1`) or V04 (`v3`)"
    )
    assert visit_named("V04 Call", study) == "v3"


def test_where_ids_read_like_numbers_only_capitals_are_numbers() -> None:
    study = small("Call", "Visit")
    assert visit_named("v1", study) == "v1"
    assert visit_named("v3", study) == "v3"  # which is none, and refused by who asks
    assert visit_named("V3", study) == "v2"
    with pytest.raises(
        PlannerError, match="`V2` is the number of `v1`, and reads like the id `v2`"
    ):
        visit_named("V2", study)


def study_of_titles(*titles: str) -> Protocol:
    return protocol(
        [{"id": "begin", "title": titles[0]}]
        + [
            {"id": f"week-{at}", "title": title, "after": {"visit": "begin", "target": f"{at}w"}}
            for at, title in enumerate(titles[1:], start=1)
        ],
        anchor="begin",
    )


@pytest.mark.parametrize("name", ["V3", "V03", "v3"])
def test_a_number_that_reads_like_the_title_of_another_visit_is_refused(name: str) -> None:
    with pytest.raises(PlannerError) as refused:
        visit_named(name, study_of_titles("V1", "V3", "Week 2"))
    assert str(refused.value) == (
        f"`{name}` is the number of `week-2`, and reads like the title of `week-1`;"
        " write one of these ids"
    )


def test_a_title_that_reads_like_a_number_is_known_where_it_means_one_visit() -> None:
    study = study_of_titles("V1", "V5", "Week 2")
    assert visit_named("V1", study) == "begin"
    assert visit_named("V5", study) == "week-1"


NAMES = {"prep-3": ("V04", "v04", "Preparation 3", "prep-3")}


@pytest.mark.parametrize("name", NAMES["prep-3"])
def test_every_option_that_names_a_visit_takes_each_name(planner: Planner, name: str) -> None:
    fixed = planner("timeline", "mapp1", *START, "--at", f"{name}=2027-01-07", "--format", "json")
    visits = {visit["id"]: visit for visit in json.loads(fixed.out)["visits"]}
    assert visits["prep-3"]["start"].startswith("2027-01-07")
    for option in ("--miss", "--cancel"):
        tried = planner("whatif", "mapp1", *START, option, name, "--format", "json")
        assert json.loads(tried.out)["steps"][0]["visit"] == "prep-3"
    moved = planner("whatif", "mapp1", *START, "--move", f"{name}=2027-01-07", "--format", "json")
    assert json.loads(moved.out)["steps"][0]["visit"] == "prep-3"


def test_optional_visits_are_chosen_by_number_and_title(planner: Planner) -> None:
    study = protocol(
        [
            {"id": "v0"},
            {"id": "call", "title": "Safety call", "optional": True,
             "after": {"visit": "v0", "target": "1w"}},
            {"id": "extra", "title": "Extra visit", "optional": True,
             "after": {"visit": "v0", "target": "2w"}},
        ]
    )  # fmt: skip
    for name in ("call", "V02", "Safety call", "V02 Safety call"):
        chosen = public.plan(study, "2027-01-11", with_visits=[name])
        assert [visit.id for visit in chosen.visits] == ["v0", "call"]
        rest = public.plan(study, "2027-01-11", without_visits=[name])
        assert [visit.id for visit in rest.visits] == ["v0", "extra"]
    refused = planner("timeline", "mapp1", *START, "--with", "Preparation 9")
    assert refused.code == 2
    assert "--with: `Preparation 9` is not a visit of `mapp1`" in refused.err


def test_one_visit_fixed_by_two_names_has_one_date() -> None:
    day, other = date(2027, 1, 7), date(2027, 1, 8)
    public.plan("mapp1", "2027-01-11", at={"prep-3": day, "V04": day})
    with pytest.raises(PlannerError, match="`prep-3` is fixed on 2027-01-07 and, as `V04`, on"):
        public.plan("mapp1", "2027-01-11", at={"prep-3": day, "V04": other})


@pytest.mark.parametrize("name", ["dosing-1", "V06", "v06", "Dosing session (1)"])
def test_a_run_sheet_is_that_of_the_visit_named(name: str) -> None:
    assert public.run_sheet("mapp1", name) == public.run_sheet("mapp1", "dosing-1")


def test_the_picture_of_a_day_is_that_of_the_visit_named() -> None:
    pictures = {
        public.chart("mapp1", "day", visit=name) for name in ("dosing-1", "V06", "v06")
    }  # fmt: skip
    assert len(pictures) == 1


@pytest.mark.parametrize(
    "line",
    ["prep-1", "V02", "v02", "Preparation 1", "V02 Preparation 1"],
)
def test_a_record_names_visits_as_they_are_called(tmp_path: Path, line: str) -> None:
    path = tmp_path / "P0001.csv"
    path.write_text(f"visit,status,start\n{line},occurred,2026-12-29\n")
    timeline = public.plan("mapp1", "2027-01-11", actuals=path)
    assert timeline.visit("prep-1").status == "occurred"


def test_a_line_of_a_record_that_means_no_visit_is_refused_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "P0001.csv"
    path.write_text("visit,status,start\nPreparation 8,occurred,2026-12-29\n")
    with pytest.raises(
        PlannerError,
        match=r"P0001.csv:2: `Preparation 8` is not a visit of"
        r" `mapp1`",
    ):
        public.plan("mapp1", "2027-01-11", actuals=path)
    path.write_text("visit,status,start\nAn odd day,unscheduled,2026-12-29\n")
    with pytest.raises(PlannerError, match="`An odd day` is not an id"):
        public.plan("mapp1", "2027-01-11", actuals=path)


def test_an_occurrence_of_a_title_is_told_by_its_column(tmp_path: Path) -> None:
    path = tmp_path / "P0001.csv"
    path.write_text("visit,occurrence,status,start\nDosing session,1,occurred,2027-01-25\n")
    timeline = public.plan("mapp1", "2027-01-11", actuals=path)
    assert timeline.visit("dosing-1").status == "occurred"


def test_a_map_of_sdtm_visits_takes_each_name() -> None:
    names = visit_names(MAPP1, {"WEEK 1": "V02", "3": "Preparation 2"})
    assert names.find(None, "week 1") == "prep-1"
    assert names.find(3.0, "") == "prep-2"
