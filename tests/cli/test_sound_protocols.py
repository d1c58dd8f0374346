"""What plans, draws or exports a file says its errors, and stops where they mislead or unblind."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import small_protocol
from usdm_studies import after, decision, fixed, main, study, timeline, visit

from planner.checks.obstacles import obstacles
from planner.formats.checks import all_checks
from planner.formats.load import load_protocol
from planner.protocol.imported_document import NOTHING_LOST
from planner.protocol.library import library_ids

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
SV = str(ROOT / "examples" / "sv.json")
BERLIN = str(ROOT / "examples" / "site-berlin.yaml")
START = ("--start", "2027-01-11")
HEAD = small_protocol.HEAD.replace("single-group", "parallel")
VISITS = """\
epochs:
  - id: treatment
    visits:
      - {id: start, duration: 1h}
      - {id: week-2, duration: 1h, after: {visit: start, within: 12d..16d, target: 14d}}
"""
WRONG_STAFF = "roles: {rater: {never_with: [assessment]}}\n" + VISITS.replace(
    "{id: week-2,", "{id: week-2, staff: {rater: 1},"
)
DROPPED = VISITS + "      - {id: week-4, after: {visit: weak-2, within: 2w}}\n"
TOLD_APART = (
    "blinded: [participant, investigator]\narms: [{id: active}, {id: placebo}]\n"
    + VISITS
    + "constraints:\n  - {id: gap, from: start, to: week-2, within: 13d..15d, arms: active}\n"
)
BLINDED = (HEAD + TOLD_APART).replace("open-label", "double-blind")


def written(folder: Path, text: str) -> str:
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def _on_the_day_of_the_record(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the date of the visit that is recorded."""
    monkeypatch.setattr("planner.cli.clock.now", lambda: datetime(2027, 1, 11, 12, tzinfo=UTC))


def commands(path: str, folder: Path) -> list[tuple[str, ...]]:
    """Every command that plans, draws or exports one protocol, for one participant."""
    record = folder / "P0001.yaml"
    line = "{visit: start, status: occurred, start: 2027-01-11}"
    record.write_text(f"participant: P0001\nvisits: [{line}]\n", encoding="utf-8")
    picture = str(folder / "c.svg")
    dates = ("--from", "2027-01-11", "--to", "2027-01-12")
    return [
        ("timeline", path, *START),
        ("timeline", path, "--records", str(record)),
        ("anchors", path, *dates),
        ("export", path, *START, "--no-state"),
        ("export", path, "--records", str(record), "--no-state"),
        ("chart", path, "-o", picture),
        ("chart", path, "--kind", "network", "-o", picture),
        ("chart", path, *START, "-o", picture),
        ("handout", path, *START, "--participant", "P0001", "--site", BERLIN),
        ("report", path, *START),
        ("soa", path),
        ("burden", path),
        ("due", "--records", str(record), "--protocol", path, *dates),
        ("deviations", path, "--records", str(record)),
        ("whatif", path, *START, "--miss", "week-2"),
        ("amend", path, path, "--records", str(record), "--from", "2027-01-11"),
        ("replay", path, SV),
    ]


def test_a_file_with_errors_is_used_with_a_word(planner: Planner, tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + WRONG_STAFF)
    word = f"warning: {path} has 1 error; planner validate {path} shows it"
    for command in (*commands(path, tmp_path), ("export", path, "--format", "usdm")):
        result = planner(*command)
        assert result.code == 0, result.err
        assert word in result.err, command
        assert word not in result.out
    assert "1 error" in planner("validate", path).out


def test_a_file_without_errors_is_used_without_a_word(planner: Planner, tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + VISITS)
    for command in commands(path, tmp_path):
        result = planner(*command)
        assert result.code == 0, result.err
        assert "warning" not in result.err, command


def test_where_an_error_makes_dates_wrong_nothing_is_made_unless_told_to(
    planner: Planner, tmp_path: Path
) -> None:
    path = written(tmp_path, HEAD + DROPPED.replace("weak-2", "week-9") + TWICE)
    for command in (*commands(path, tmp_path), ("export", path, "--format", "usdm")):
        result = planner(*command)
        assert result.code == 1, command
        assert result.out == "", command
        assert "dates wrong or leave" in result.err, command
        assert f"`planner validate {path}` shows" in result.err
        assert "--anyway goes on" in result.err


TWICE = "      - {id: week-2, after: {visit: start, within: 3w}}\n"


def test_told_to_go_on_it_goes_on_with_a_word(planner: Planner, tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + VISITS + "      - {id: late}\n")
    for command in commands(path, tmp_path):
        assert planner(*command).code == 1, command
        result = planner(*command, "--anyway")
        assert result.code == 0, result.err
        assert f"warning: {path} has 1 error" in result.err
    result = planner("timeline", path, *START, "--anyway", "--format", "json")
    (late,) = [one for one in json.loads(result.out)["visits"] if one["id"] == "late"]
    assert (late["start"], late["status"], late["waiting_for"]) == (None, "undated", [])
    result = planner("export", path, *START, "--no-state", "--anyway")
    assert result.out.count("BEGIN:VEVENT") == 3
    assert "no event: late has no date: no timing connects it to the anchor" in result.err


def test_the_report_of_a_draft_shows_its_errors(planner: Planner, tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + VISITS + "      - {id: late}\n")
    result = planner("report", path)
    assert result.code == 0
    assert "warning" in result.err
    assert "unreachable-visit" in result.out


def test_an_accepted_finding_is_no_error(planner: Planner, tmp_path: Path) -> None:
    accepted = "ignore: [{rule: role-never-with, at: week-2, reason: Made up.}]\n"
    path = written(tmp_path, HEAD + WRONG_STAFF + accepted)
    result = planner("timeline", path, *START)
    assert result.code == 0
    assert "warning" not in result.err


def test_the_command_that_is_named_can_be_pasted(planner: Planner, tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    path = written(folder, HEAD + WRONG_STAFF)
    assert f"planner validate '{path}' shows it" in planner("timeline", path, *START).err


def test_where_the_arms_can_be_told_apart_nothing_is_shown_by_arm(
    planner: Planner, tmp_path: Path
) -> None:
    path = written(tmp_path, BLINDED)
    for command in commands(path, tmp_path):
        result = planner(*command)
        assert result.code == 1, command
        assert result.out == "", command
        assert "of the family `blinding`: `week-2` reveals the arm" in result.err, command
        result = planner(*command, "--unblinded")
        assert result.code == 0, result.err
        assert f"warning: {path} has 1 error" in result.err
    # The design of a study is for those who may know its arms.
    assert planner("export", path, "--format", "usdm").code == 0
    assert planner("compare", path).code == 0


def test_what_is_accepted_in_the_file_with_a_reason_is_shown(
    planner: Planner, tmp_path: Path
) -> None:
    accepted = "ignore: [{rule: windows-tell-arms, reason: Nobody sees the plans.}]\n"
    path = written(tmp_path, BLINDED + accepted)
    for command in commands(path, tmp_path):
        result = planner(*command)
        assert result.code == 0, result.err
        assert "warning" not in result.err


@pytest.mark.parametrize(
    ("parties", "lacking"),
    [
        ("[rater]", "the participant or the investigator"),
        ("[participant, rater]", "the investigator"),
        ("[investigator]", "the participant"),
        ("[participant, therapist]", None),
        ("[participant, investigator, rater]", None),
    ],
)
def test_double_blind_means_both_sides(
    planner: Planner, tmp_path: Path, parties: str, lacking: str | None
) -> None:
    text = BLINDED.replace("[participant, investigator]", parties)
    path = written(tmp_path, text.partition("constraints:")[0])
    result = planner("export", path, *START, "--no-state")
    if lacking is None:
        assert result.code == 0
    else:
        assert result.code == 1
        assert f"`blinded:` does not name {lacking};" in result.err
        assert planner("export", path, *START, "--no-state", "--unblinded").code == 0


def test_a_finding_that_misleads_is_an_error() -> None:
    for one in all_checks().values():
        assert not one.misleads or one.severity == "error", one.id


@pytest.mark.parametrize("name", library_ids())
def test_the_library_has_no_errors_and_need_not_be_examined(name: str) -> None:
    assert obstacles(load_protocol(name), all_checks()).errors == ()


def imported(folder: Path, *timelines: Any, **more: Any) -> str:
    path = folder / "study.json"
    path.write_text(json.dumps(study(*timelines, **more)), encoding="utf-8")
    return str(path)


def chain(*names: str) -> dict[str, Any]:
    """A main timeline of visits a week after each other."""
    timings = [fixed(names[0])]
    timings += [after(name, f"P{at}W", names[0]) for at, name in enumerate(names[1:], 1)]
    return main(*(visit(name) for name in names), timings=timings)


def lost(planner: Planner, path: str) -> str:
    """The word on visits that are left out, the same whatever is made; validate shows them."""
    words = set()
    picture = str(Path(path).with_suffix(".svg"))
    for command in (
        ("timeline", path, *START),
        ("export", path, *START, "--no-state"),
        ("chart", path, "-o", picture),
        ("soa", path),
    ):
        result = planner(*command)
        assert result.code == 0, result.err
        words.add("\n".join(line for line in result.err.splitlines() if "warning: " in line))
    (word,) = words
    return word


def test_a_whole_study_is_planned_without_a_word(planner: Planner, tmp_path: Path) -> None:
    assert lost(planner, imported(tmp_path, chain("A", "B", "C"))) == ""


def test_visits_behind_the_end_of_the_main_timeline_are_counted(
    planner: Planner, tmp_path: Path
) -> None:
    whole = chain("A", "B", "C", "D", "E")
    whole["instances"][1]["defaultConditionId"] = None
    path = imported(tmp_path, whole)
    said = f"warning: {path}: 3 of the 5 visits of the study are not in this schedule; planner"
    assert lost(planner, path) == f"{said} validate {path} shows where"
    shown = planner("validate", path).out
    assert all(f"to `{name}`; it is left out" in shown for name in "CDE")


def test_visits_of_timelines_that_nothing_begins_are_counted(
    planner: Planner, tmp_path: Path
) -> None:
    other = timeline("Extension", visit("X"), visit("Y"), timings=[fixed("X")])
    other["entryCondition"] = None
    path = imported(tmp_path, chain("A", "B"), other)
    assert "2 of the 4 visits of the study are not in this schedule" in lost(planner, path)
    assert "Extension" in planner("validate", path).out
    second = {**chain("C", "D", "E"), "id": "ScheduleTimeline_2", "name": "Second"}
    path = imported(tmp_path, chain("A", "B"), second)
    assert "3 of the 5 visits of the study are not in this schedule" in lost(planner, path)


def test_an_encounter_that_no_instance_has_is_a_visit_that_is_missing(
    planner: Planner, tmp_path: Path
) -> None:
    data = study(chain("A", "B"))
    design = data["study"]["versions"][0]["studyDesigns"][0]
    extra = {**design["encounters"][0], "id": "Encounter_X", "name": "X", "nextId": None}
    design["encounters"].append({**extra, "previousId": None})
    path = tmp_path / "study.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert "1 of the 3 visits of the study is not in this schedule" in lost(planner, str(path))
    assert "encounter `X` is that of no visit" in planner("validate", str(path)).out


def test_an_event_of_any_day_and_a_branch_are_in_the_schedule(
    planner: Planner, tmp_path: Path
) -> None:
    event = timeline(
        "Harm", visit("AE"), timings=[fixed("AE")], condition="A subject has an adverse event"
    )
    branching = main(
        visit("A"),
        decision("ASK", {"The subject responds": "B"}, to="C"),
        visit("B"),
        visit("C"),
        timings=[fixed("A"), after("B", "P1W", "A"), after("C", "P2W", "A")],
    )
    assert lost(planner, imported(tmp_path, branching)) == ""
    path = imported(tmp_path, branching, event)
    said = f"warning: {path}: 1 visit is in no plan before a condition comes true; planner"
    assert lost(planner, path) == f"{said} validate {path} shows where"
    shown = planner("validate", path).out
    assert "timeline `Harm` is entered when `A subject has an adverse event`" in shown
    assert "encounter `AE`" not in shown


def test_visits_inside_a_visit_are_no_visits_of_the_schedule(
    planner: Planner, tmp_path: Path
) -> None:
    cycle = timeline(
        "Cycle",
        visit("W1"),
        visit("W2"),
        visit("W3"),
        timings=[fixed("W1"), after("W2", "P1W", "W1"), after("W3", "P2W", "W1")],
    )
    whole = main(
        visit("A"),
        visit("B", timeline="Cycle"),
        visit("C"),
        timings=[fixed("A"), after("B", "P2W", "A"), after("C", "P8W", "A")],
    )
    path = imported(tmp_path, whole, cycle)
    assert "3 of the 6 visits of the study are not in this schedule" in lost(planner, path)
    assert "encounter `W2` is that of no visit" in planner("validate", path).out


def test_a_loop_that_is_read_once_is_told(planner: Planner, tmp_path: Path) -> None:
    looping = main(
        visit("A"),
        visit("B"),
        decision("ASK", {"The subject goes on": "B"}, to="C"),
        visit("C"),
        timings=[fixed("A"), after("B", "P1W", "A"), after("C", "P2W", "A")],
    )
    path = imported(tmp_path, looping)
    assert f"warning: {path}: 1 loop is read once; planner validate" in lost(planner, path)


@pytest.mark.parametrize("name", ["mapp1", "spravato", "aud-psi", "mdlsd"])
def test_what_the_project_exported_itself_loses_nothing(
    planner: Planner, tmp_path: Path, name: str
) -> None:
    path = str(tmp_path / "study.json")
    assert planner("export", name, "--format", "usdm", "-o", path).code == 0
    file = load_protocol(path)
    assert file.imported is not None
    assert file.imported.lost == NOTHING_LOST
    result = planner("timeline", path, *START)
    assert result.code == 0
    assert "warning" not in result.err
