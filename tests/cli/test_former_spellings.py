"""Options by their former names are read as before, and a warning names the new ones."""

from pathlib import Path

import pytest
from conftest import Planner

ROOT = Path(__file__).parents[2]
RECORDS = str(ROOT / "examples" / "records")
RECORD = str(ROOT / "examples" / "records" / "P0001.csv")
MAPP1 = ("--protocol", "mapp1", "--today", "2027-02-02")


@pytest.mark.parametrize(
    ("former", "present", "named"),
    [
        (
            ("timeline", "mapp1", "--actuals", RECORD, "--today", "2027-02-02"),
            ("timeline", "mapp1", "--records", RECORD, "--today", "2027-02-02"),
            "--actuals is now written --records",
        ),
        (
            ("deviations", "mapp1", f"--actuals={RECORDS}"),
            ("deviations", "mapp1", f"--records={RECORDS}"),
            "--actuals is now written --records",
        ),
        (
            ("due", "--records", RECORDS, *MAPP1, "--without", "2027-02-03..2027-02-05"),
            ("due", "--records", RECORDS, *MAPP1, "--away", "2027-02-03..2027-02-05"),
            "--without is now written --away",
        ),
        (
            ("due", RECORDS, *MAPP1),
            ("due", "--records", RECORDS, *MAPP1),
            "RECORDS is now written --records RECORDS",
        ),
        (
            ("runsheet", "mapp1", "dosing", "--start", "09:30"),
            ("runsheet", "mapp1", "dosing", "--at", "09:30"),
            "--start is now written --at",
        ),
    ],
)
def test_a_former_option_does_the_same_with_a_warning(
    planner: Planner, former: tuple[str, ...], present: tuple[str, ...], named: str
) -> None:
    before, now = planner(*former), planner(*present)
    assert (before.code, before.out) == (now.code, now.out)
    assert now.code < 2
    assert f"warning: planner {former[0]}: {named}" in before.err
    assert named not in now.err


def test_words_behind_two_dashes_are_no_options(planner: Planner) -> None:
    result = planner("validate", "--", "--actuals")
    assert result.code == 2
    assert "now written" not in result.err


def test_the_start_of_a_timeline_and_its_left_out_visits_keep_their_names(planner: Planner) -> None:
    result = planner("timeline", "mapp1", "--start", "2027-01-11", "--without", "preparation")
    assert "now written" not in result.err


def test_records_that_a_shell_names_one_by_one_are_all_read(planner: Planner) -> None:
    both = planner("due", "--records", RECORD, f"{RECORDS}/P0002.yaml", *MAPP1)
    assert both.out == planner("due", "--records", RECORDS, *MAPP1).out
    assert "warning" not in both.err
