"""A coordinator's week from an empty folder with commands alone, in a folder and each database."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.records_places import new_place, record_in
from store.databases import KINDS

Planner = Callable[..., Any]
PROTOCOLS = ("mapp1", "comp001", "psilodep-1")


@pytest.fixture(params=["folder", *KINDS])
def study(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The place of the records of a study whose defaults name it and three protocols."""
    monkeypatch.delenv("PLANNER_CONFIG")
    monkeypatch.chdir(tmp_path)
    for place in new_place(request.param, tmp_path, None):
        names = ", ".join(f'"{name}"' for name in PROTOCOLS)
        (tmp_path / "planner.toml").write_text(f'records = "{place}"\nprotocols = [{names}]\n')
        yield place


def test_a_week_of_twelve_participants_in_three_protocols(
    planner: Planner, study: str, tmp_path: Path
) -> None:
    who = ("--who", "anna", "--yes")

    def done(*arguments: str, day: str) -> Any:
        result = planner(*arguments, "--today", day)
        assert result.code == 0, f"{arguments}\n{result.out}\n{result.err}"
        return result

    # Monday: twelve people are enrolled out of a list.
    rows = [f"P00{n:02},{PROTOCOLS[n % 3]},2027-03-{n:02}" for n in range(1, 13)]
    (tmp_path / "people.csv").write_text("participant,protocol,start\n" + "\n".join(rows))
    enrolled = done("enrol", "--list", "people.csv", *who, day="2027-02-01")
    assert "12 participants enrolled" in enrolled.out
    codes = [f"P00{n:02}" for n in range(1, 13)]
    assert [record_in(study, code).protocol for code in codes] == [
        PROTOCOLS[n % 3] for n in range(1, 13)
    ]

    # Each screening of MAPP1 is booked, takes place, is missed or moved.
    mapp1 = [code for code in codes if record_in(study, code).protocol == "mapp1"]
    for code in mapp1:
        done("record", code, "screening", "booked", "--on", "2027-02-02T09:00", *who,
             day="2027-02-01")  # fmt: skip
    first, second, third, fourth = mapp1
    done("record", first, "V01", "occurred", *who, day="2027-02-02")
    done("record", second, "V01", "booked", "--on", "2027-02-04T10:00", "--reason", "ill", *who,
         day="2027-02-02")  # fmt: skip
    done("record", third, "V01", "cancelled", "--reason", "no transport", *who, day="2027-02-02")
    done("withdraw", fourth, "--on", "2027-02-03", "--reason", "moved away", *who,
         day="2027-02-03")  # fmt: skip
    done("record", second, "V01", "occurred", "--on", "2027-02-04T10:15", *who, day="2027-02-04")

    # Friday: who is due, over all protocols, and everything on one sheet.
    listed = planner("due", "--today", "2027-02-05", "--to", "2027-03-05", "--format", "json")
    answer = json.loads(listed.out)
    assert listed.code in (0, 1), listed.err
    assert {visit["protocol"] for visit in answer["due"]} == set(PROTOCOLS)
    # Of the one who withdrew what is left is an appointment that nobody has recorded.
    own = [visit["visit"] for visit in answer["due"] if visit["participant"] == fourth]
    assert own == ["screening"]
    result = planner("store", "export", study, "-o", "everybody.csv")
    assert result.code == 0, result.err
    lines = (tmp_path / "everybody.csv").read_text("utf-8-sig").splitlines()
    assert f"{first},mapp1,screening,occurred,2027-02-02T09:00,,," in lines
    assert f"{second},mapp1,screening,occurred,2027-02-04T10:15,,ill," in lines
    assert f"{third},mapp1,screening,cancelled,2027-02-02T09:00,,no transport," in lines
    assert {line[:5] for line in lines[1:]} == set(codes)

    # In a store it stands who did what, and nothing was changed behind its back.
    if not Path(study).is_dir():
        assert planner("store", "verify", study).code == 0
        history = planner("store", "history", study, "--participant", second, "--format", "csv")
        assert ",anna," in history.out
        assert ",ill" in history.out
