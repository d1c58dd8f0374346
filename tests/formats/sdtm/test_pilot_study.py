"""The CDISC pilot study: its records against its windows, counted twice and independently."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[3]
LZZT = str(ROOT / "examples" / "lzzt.yaml")
WEEKS = {4: 2, 5: 4, 7: 6, 8: 8, 9: 12, 10: 16, 11: 20, 12: 24, 13: 26}
FEW_DAYS = (4, 5, 7, 8, 13)


def counted_by_hand(samples: Path) -> dict[str, Counter[str]]:
    """Plain dates over plain rows: nothing of the planner is in it."""
    pyreadstat = pytest.importorskip("pyreadstat")
    dm, _ = pyreadstat.read_xport(str(samples / "dm.xpt"), output_format="dict")
    sv, _ = pyreadstat.read_xport(str(samples / "sv.xpt"), output_format="dict")
    baseline = {
        subject: date.fromisoformat(start)
        for subject, start in zip(dm["USUBJID"], dm["RFSTDTC"], strict=True)
        if len(start) == 10
    }
    found = {"weeks": Counter[str](), "VISITDY": Counter[str]()}
    columns = (sv[name] for name in ("USUBJID", "VISITNUM", "VISIT", "VISITDY", "SVSTDTC"))
    for subject, number, name, day, start in zip(*columns, strict=True):
        if number not in WEEKS or subject not in baseline or len(start) != 10:
            continue
        assert name == f"WEEK {WEEKS[number]}"
        room = 3 if number in FEW_DAYS else 4
        for convention, target in (("weeks", 7 * WEEKS[number]), ("VISITDY", int(day) - 1)):
            aim = baseline[subject] + timedelta(days=target)
            far = (date.fromisoformat(start) - aim).days
            side = "before" if far < -room else "after" if far > room else "inside"
            found[convention][side] += 1
    return found


def replayed(planner: Planner, samples: Path) -> dict[str, Any]:
    result = planner(
        "replay", LZZT, str(samples / "sv.xpt"), "--dm", str(samples / "dm.xpt"), "--format", "json"
    )
    assert result.code == 0, result.err
    data: dict[str, Any] = json.loads(result.out)
    return data


def test_of_1567_visits_of_254_subjects_1204_lie_inside_74_before_and_289_after_by_weeks(
    planner: Planner, samples: Path
) -> None:
    data = replayed(planner, samples)
    assert data["subjects"] == 254
    assert data["by_distance"] == {"visits": 1567, "inside": 1204, "before": 74, "after": 289}


def test_of_the_same_visits_1144_lie_inside_62_before_and_361_after_by_day_numbers(
    planner: Planner, samples: Path
) -> None:
    data = replayed(planner, samples)
    assert data["by_day_number"] == {"visits": 1567, "inside": 1144, "before": 62, "after": 361}


def test_plain_dates_over_plain_rows_count_the_same(planner: Planner, samples: Path) -> None:
    data, by_hand = replayed(planner, samples), counted_by_hand(samples)
    for ours, theirs in (("by_distance", "weeks"), ("by_day_number", "VISITDY")):
        for side in ("inside", "before", "after"):
            assert data[ours][side] == by_hand[theirs][side]


def test_every_row_is_either_counted_or_told_why_it_is_not(planner: Planner, samples: Path) -> None:
    data = replayed(planner, samples)
    skipped = data["not_counted"]
    assert skipped == {
        "subjects": 52, "theirs": 52, "unscheduled": 122, "before": 3 * 254, "no_window": 1056,
    }  # fmt: skip
    rows = data["by_distance"]["visits"] + sum(skipped.values()) - skipped["subjects"]
    assert rows == 3559


@pytest.mark.slow
def test_its_deviations_are_the_visits_before_and_after_their_windows(
    planner: Planner, samples: Path, tmp_path: Path
) -> None:
    folder = str(tmp_path / "records")
    dm = str(samples / "dm.xpt")
    done = planner(
        "import", "sv", str(samples / "sv.xpt"), "--dm", dm, "--protocol", LZZT, "-o", folder
    )
    assert done.code == 0, done.err
    assert "306 subjects, 3,559 visits" in done.err
    assert "52 subjects without a baseline" in done.err
    assert len(list((tmp_path / "records").iterdir())) == 306
    result = planner("deviations", LZZT, "--records", folder, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.out)))
    sides = Counter(row["kind"] for row in rows if row["visit"].startswith("week-"))
    assert sides == {"early": 74, "late": 289}


def test_the_same_study_as_dataset_json_needs_no_extra(
    planner: Planner, samples: Path, tmp_path: Path
) -> None:
    pairs = tmp_path / "visits.csv"
    pairs.write_text("sdtm,visit\n101,ae-follow-up\nEARLY DISCONTINUATION RETRIEVAL,retrieval\n")
    result = planner(
        "import", "sv", str(samples / "sv.json"), "--protocol", LZZT, "--visits", str(pairs),
        "-o", str(tmp_path / "records"),
    )  # fmt: skip
    assert result.code == 0, result.err
    assert "18 subjects, 164 visits" in result.err
    assert "does not have" not in result.err
