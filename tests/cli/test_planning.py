"""`planner timeline`, `anchors` and `export`, as a coordinator uses them."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
BERLIN = str(ROOT / "examples" / "site-berlin.yaml")
EVERYDAY = str(ROOT / "examples" / "site-everyday.yaml")
START = ("--start", "2027-01-11")
NOTICE = "Research and education only"


def timeline(planner: Planner, *arguments: str) -> dict[str, Any]:
    result = planner("timeline", *arguments, "--format", "json")
    assert result.code == 0, result.err
    data = json.loads(result.out)
    assert isinstance(data, dict)
    return data


def test_the_json_of_a_timeline_keeps_its_contract(planner: Planner) -> None:
    data = timeline(planner, "mapp1", *START, "--site", BERLIN)
    assert data["format"] == 1
    assert NOTICE in data["notice"]
    assert data["protocol"] == {"id": "mapp1", "version": "1"}
    assert data["participant"] == "P0001"
    assert data["site"] == {"id": "berlin", "timezone": "Europe/Berlin"}
    assert data["anchor"] == {"visit": "baseline", "date": "2027-01-11"}
    keys = {
        "id", "number", "title", "label", "kind", "epoch", "cycle", "mode", "optional", "target",
        "window", "window_stated", "effective_window", "start", "end", "study_day", "status",
        "deviation",
    }  # fmt: skip
    for visit in data["visits"]:
        assert set(visit) == keys
        assert set(visit["window"]) == {"earliest", "latest"}
        assert visit["window_stated"] is not None or set(visit["window"].values()) == {None}
        assert datetime.fromisoformat(visit["start"]).utcoffset() is not None
        assert visit["status"] == "planned"


def test_a_blinded_timeline_does_not_name_the_arm(planner: Planner) -> None:
    first = planner("timeline", "mapp1", *START, "--site", BERLIN, "--arm", "mdma-at")
    second = planner("timeline", "mapp1", *START, "--site", BERLIN, "--arm", "placebo")
    assert first.code == 0
    assert first.out == second.out
    assert "placebo" not in first.out


def test_every_planned_date_lies_in_its_windows(planner: Planner) -> None:
    for visit in timeline(planner, "mapp1", *START, "--site", BERLIN)["visits"]:
        day = visit["start"][:10]
        for window in (visit["window"], visit["effective_window"]):
            assert (window["earliest"] or day) <= day <= (window["latest"] or day), visit["id"]


def test_study_days_have_no_day_zero(planner: Planner) -> None:
    days = {visit["id"]: visit for visit in timeline(planner, "mapp1", *START)["visits"]}
    assert days["baseline"]["study_day"] == 1
    assert all(visit["study_day"] != 0 for visit in days.values())
    assert days["prep-3"]["study_day"] < 0


def test_an_overnight_stay_ends_on_the_next_date(planner: Planner) -> None:
    visits = {one["id"]: one for one in timeline(planner, "mapp1", *START)["visits"]}
    dosing, integration = visits["dosing-1"], visits["integration-a-1"]
    begun, left = (date.fromisoformat(dosing[end][:10]) for end in ("start", "end"))
    assert (left - begun).days == 1
    assert integration["start"] >= dosing["end"]


def test_a_fixed_visit_stays_where_it_was_put(planner: Planner) -> None:
    arguments = ("mapp1", *START, "--site", BERLIN, "--at", "dosing-2=2027-03-01")
    visits = {one["id"]: one for one in timeline(planner, *arguments)["visits"]}
    assert visits["dosing-2"]["start"].startswith("2027-03-01")
    assert visits["integration-a-2"]["start"].startswith("2027-03-02")


def test_what_does_not_fit_is_explained_in_the_protocols_words(planner: Planner) -> None:
    result = planner("timeline", "mapp1", *START, "--site", BERLIN, "--at", "dosing-2=2027-06-01")
    assert result.code == 1
    assert result.out == ""
    assert "nothing fits" in result.err
    assert "`dosing-2` is fixed on Tue 1 Jun 2027" in result.err
    assert "dosing-2 must be 3w..5w after dosing-1" in result.err


def test_a_closed_anchor_is_explained_by_the_closure(planner: Planner) -> None:
    result = planner("timeline", "mapp1", "--start", "2027-03-26", "--site", BERLIN)
    assert result.code == 1
    assert "public holiday: Good Friday" in result.err


@pytest.mark.parametrize("width", ["40", "60", "80", "120"])
def test_a_table_fits_the_terminal(
    planner: Planner, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    result = planner("timeline", "mapp1", *START, "--site", BERLIN)
    assert max(map(len, result.out.split("\n"))) <= int(width)
    assert NOTICE.split()[0] in result.out
    assert "\x1b" not in result.out


def test_colours_come_only_when_asked_for(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in planner("timeline", "mapp1", *START).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in planner("timeline", "mapp1", *START).out


def test_a_csv_for_a_spreadsheet_holds_no_formulas(planner: Planner, tmp_path: Path) -> None:
    text = (ROOT / "protocols" / "psilodep-1.yaml").read_text()
    path = tmp_path / "hostile.yaml"
    path.write_text(text.replace("title: Screening", "title: '=cmd|calc'"))
    assert "=cmd|calc" in path.read_text()
    result = planner("timeline", str(path), "--start", "2027-01-12", "--format", "csv")
    assert result.code == 0, result.err
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert len(rows) == 12
    titles = [row["title"] for row in rows]
    assert "'=cmd|calc" in titles
    assert not any(title.startswith("=") for title in titles)


def test_markdown_escapes_what_a_title_holds(planner: Planner, tmp_path: Path) -> None:
    text = (ROOT / "protocols" / "psilodep-1.yaml").read_text()
    path = tmp_path / "hostile.yaml"
    path.write_text(text.replace("title: Screening", "title: '<script>|*x*'"))
    result = planner("timeline", str(path), "--start", "2027-01-12", "--format", "markdown")
    assert "<script>" not in result.out
    assert "&lt;script&gt;\\|\\*x\\*" in result.out


def test_anchors_tell_which_dates_work_and_what_is_in_the_way(planner: Planner) -> None:
    span = ("--from", "2027-03-22", "--to", "2027-03-31")
    result = planner("anchors", "mapp1", "--site", BERLIN, *span, "--format", "json")
    dates = {one["date"]: one for one in json.loads(result.out)["dates"]}
    assert len(dates) == 10
    assert dates["2027-03-22"]["fits"]
    assert "Good Friday" in dates["2027-03-26"]["reasons"][0]
    assert "Saturday" in dates["2027-03-27"]["reasons"][0]
    shown = planner("anchors", "mapp1", "--site", BERLIN, *span)
    assert shown.code == 0
    assert "Mar 2027" in shown.out
    assert NOTICE in shown.out


def test_a_reason_that_holds_on_many_dates_is_written_once_with_all_of_them(
    planner: Planner, tmp_path: Path
) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(Path(BERLIN).read_text("utf-8").replace("overnight: true", ""))
    span = ("--from", "2027-02-01", "--to", "2027-02-12")
    shown = planner("anchors", "mapp1", "--site", str(site), *span)
    assert shown.code == 1
    assert shown.out.count("the site has no overnight stays") == 1
    assert "Mon 2027-02-01 to Fri 2027-02-05, Mon 2027-02-08 to Fri 2027-02-12:\n" in shown.out


def test_an_export_reads_back_and_names_no_arm(planner: Planner, tmp_path: Path) -> None:
    files = []
    for arm in ("mdma-at", "placebo"):
        out = tmp_path / f"{arm}.ics"
        arguments = ("--arm", arm, "--site", BERLIN, "--level", "staff", "--run-sheet", "--verify")
        result = planner("export", "mapp1", *START, *arguments, "-o", str(out))
        assert result.code == 0, result.err
        assert "read back and compared" in result.err
        files.append(out.read_bytes())
    assert files[0] == files[1]
    text = files[0].replace(b"\r\n ", b"").lower()
    for word in (b"mdma", b"placebo", b" mg", b"ptsd"):
        assert word not in text


def test_the_same_export_has_the_same_bytes_and_identities(
    planner: Planner, tmp_path: Path
) -> None:
    for name in ("a.ics", "b.ics"):
        planner("export", "psilodep-1", "--start", "2027-01-12", "-o", str(tmp_path / name))
    later = str(tmp_path / "c.ics")
    planner("export", "psilodep-1", "--start", "2027-01-13", "-o", later)
    assert (tmp_path / "a.ics").read_bytes() == (tmp_path / "b.ics").read_bytes()

    def uids(name: str) -> list[str]:
        calendar = icalendar.Calendar.from_ical((tmp_path / name).read_bytes())
        return [str(event["UID"]) for event in calendar.events]

    assert uids("a.ics") == uids("c.ics")
    assert len(set(uids("a.ics"))) == len(uids("a.ics"))


def test_a_cohort_is_one_calendar_or_one_each(planner: Planner, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("code,start\nP0001,2027-01-11\nP0002,2027-01-18\n")
    out, folder = tmp_path / "all.ics", tmp_path / "each"
    base = ("export", "mapp1", "--participants", str(people), "--site", EVERYDAY)
    assert planner(*base, "-o", str(out), "--verify").code == 0
    assert planner(*base, "--split", "participant", "-o", str(folder)).code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["P0001.ics", "P0002.ics"]
    together = out.read_bytes().count(b"BEGIN:VEVENT")
    apart = sum(path.read_bytes().count(b"BEGIN:VEVENT") for path in folder.iterdir())
    assert together == apart > 0


def test_participants_who_cannot_be_placed_are_named_and_the_others_written(
    planner: Planner, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("code,start\nP0001,2027-01-11\nP0002,2027-01-17\n")
    out = tmp_path / "all.ics"
    arguments = ("--participants", str(people), "--site", BERLIN, "-o", str(out))
    result = planner("export", "mapp1", *arguments)
    assert result.code == 1
    assert "P0002: nothing fits" in result.err
    assert b"P0001 V01" in out.read_bytes()
    assert b"P0002" not in out.read_bytes()


def test_caldav_objects_are_one_event_each(planner: Planner, tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    result = planner(
        "export", "psilodep-1", "--start", "2027-01-12", "--rendering", "caldav", "-o", str(folder)
    )
    assert result.code == 0
    objects = list(folder.iterdir())
    assert len(objects) == 12  # one for each visit: no windows of several days are known
    for path in objects:
        content = path.read_bytes()
        assert content.count(b"BEGIN:VEVENT") == 1
        assert b"METHOD" not in content
        assert path.stem.encode() in content


def test_a_diary_is_one_event_that_repeats(planner: Planner, tmp_path: Path) -> None:
    out = tmp_path / "m.ics"
    planner("export", "mdlsd", *START, "--site", EVERYDAY, "-o", str(out))
    rules = [line for line in out.read_bytes().split(b"\r\n") if b"RRULE:FREQ=DAILY" in line]
    assert rules
    assert all(b"COUNT=" in rule for rule in rules)


def test_a_diary_stays_out_when_not_wanted(planner: Planner, tmp_path: Path) -> None:
    out = tmp_path / "m.ics"
    planner("export", "mdlsd", *START, "--site", EVERYDAY, "--no-tracks", "-o", str(out))
    assert b"FREQ=DAILY" not in out.read_bytes()


OPTIONAL = """\
format: 1
id: choices
title: Choices
version: "1"
status: illustrative
design: [open-label, parallel]
anchor: v0
arms: [{id: short}, {id: long}]
decisions: {relapse: {condition: relapse before week 6}}
epochs:
  - id: treatment
    visits:
      - {id: v0}
      - {id: maybe, optional: true, after: {visit: v0, within: 1w}}
      - {id: rescue, when: relapse, after: {visit: v0, within: 2w}}
      - {id: more, arms: long, after: {visit: v0, within: 3w}}
"""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["v0", "maybe", "rescue"]),
        (("--without", "maybe"), ["v0", "rescue"]),
        (("--with", "maybe"), ["v0", "maybe"]),
        (("--without", "maybe", "--without", "rescue"), ["v0"]),
        (("--arm", "long"), ["v0", "maybe", "rescue", "more"]),
        (("--arm", "long", "--with", "rescue"), ["v0", "rescue", "more"]),
    ],
)
def test_arms_and_choices_decide_which_visits_there_are(
    planner: Planner, tmp_path: Path, options: tuple[str, ...], expected: list[str]
) -> None:
    path = tmp_path / "choices.yaml"
    path.write_text(OPTIONAL)
    visits = timeline(planner, str(path), *START, *options)["visits"]
    assert [visit["id"] for visit in visits] == expected


def test_a_csv_says_its_conventions_beside_the_table(planner: Planner) -> None:
    result = planner("timeline", "mapp1", *START, "--format", "csv")
    assert NOTICE in result.err
    assert "Day 1" in result.err
    assert NOTICE not in result.out


def test_nothing_is_written_for_a_participant_who_cannot_be_placed(
    planner: Planner, tmp_path: Path
) -> None:
    sunday = ("--start", "2027-01-17", "--site", BERLIN)
    shown = planner("export", "mapp1", *sunday)
    assert (shown.code, shown.out) == (1, "")
    assert "closed on Sundays" in shown.err
    old = tmp_path / "p.ics"
    old.write_text("old")
    assert planner("export", "mapp1", *sunday, "-o", str(old)).code == 1
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["p.ics"]


def test_splitting_by_what_no_visit_names_is_said(planner: Planner, tmp_path: Path) -> None:
    folder = str(tmp_path / "rooms")
    result = planner("export", "mapp1", *START, "--split", "room", "-o", folder)
    assert result.code == 1
    assert "no visit of this protocol names a room" in result.err


def test_a_cohort_of_nobody_is_said(planner: Planner, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("code,start\n")
    out = tmp_path / "all.ics"
    result = planner("export", "mapp1", "--participants", str(people), "-o", str(out))
    assert result.code == 1
    assert "no participants" in result.err
    assert not out.exists()


def test_where_nothing_fits_the_json_says_why(planner: Planner, tmp_path: Path) -> None:
    arguments = ("timeline", "mapp1", "--start", "2027-01-17", "--site", BERLIN)
    result = planner(*arguments, "--format", "json")
    answer = json.loads(result.out)
    assert (result.code, answer["visits"], answer["conflict"]["date"]) == (1, [], "2027-01-17")
    assert "closed on Sundays" in "".join(answer["conflict"]["reasons"])
    assert answer["conflict"]["message"] in result.err
    out = tmp_path / "plan.json"
    assert planner(*arguments, "-o", str(out)).code == 1
    assert json.loads(out.read_text()) == answer


def test_rules_that_contradict_each_other_are_json_too(planner: Planner) -> None:
    collision = str(ROOT / "examples" / "collision.yaml")
    dates = ("anchors", collision, "--from", "2027-01-11", "--to", "2027-01-12")
    for arguments in (("timeline", collision, "--start", "2027-01-11"), dates):
        result = planner(*arguments, "--format", "json")
        conflict = json.loads(result.out)["conflict"]
        assert (result.code, conflict["date"]) == (1, None)
        assert "9d short" in conflict["message"]
