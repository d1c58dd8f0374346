"""Zone rules are those of the installed ``tzdata``, whatever the system or the environment has."""

import copy
import os
import pickle
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
import tzdata

from planner.time import zone
from planner.time.zone import find_zone, known_zone, zone_release, zone_rules

ROOT = Path(__file__).parents[2]
NAMES = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
PLACES = [name for name in NAMES if name != "Factory"]


def rules_of_the_package(name: str) -> bytes:
    return files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


def forget_zones() -> None:
    known_zone.cache_clear()
    zone._zone.cache_clear()


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As where only the system has zones."""
    monkeypatch.setattr(zone, "_packaged_names", frozenset)
    forget_zones()
    yield
    forget_zones()


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Path]:
    """A system whose Berlin has the clocks of Tokyo, and which alone has a Mars/Olympus."""
    for folder in ("Europe", "Mars"):
        (tmp_path / folder).mkdir()
    for name in ("Europe/Berlin", "Mars/Olympus"):
        (tmp_path / name).write_bytes(rules_of_the_package("Asia/Tokyo"))
    (tmp_path / "tzdata.zi").write_text("# version 1999z\n")
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    forget_zones()
    yield tmp_path
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()
    forget_zones()


def test_every_zone_of_the_package_is_found_with_its_own_rules() -> None:
    for name in PLACES:
        assert find_zone(name).key == name
        assert zone_rules(name) == rules_of_the_package(name)
        assert zone_release(name) == tzdata.IANA_VERSION


def test_every_zone_has_the_offsets_of_its_rules() -> None:
    moments = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=5 * step) for step in range(400)]
    for name in PLACES:
        with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
            expected = zoneinfo.ZoneInfo.from_file(file)
        zone = find_zone(name)
        assert [moment.astimezone(zone).utcoffset() for moment in moments] == [
            moment.astimezone(expected).utcoffset() for moment in moments
        ]


def test_the_system_does_not_change_what_the_package_says(system: Path) -> None:
    assert zoneinfo.ZoneInfo("Europe/Berlin").utcoffset(datetime(2027, 1, 11)) == timedelta(hours=9)  # noqa: DTZ001
    assert find_zone("Europe/Berlin").utcoffset(datetime(2027, 1, 11)) == timedelta(hours=1)  # noqa: DTZ001
    assert zone_release("Europe/Berlin") == tzdata.IANA_VERSION


def test_a_zone_that_only_the_system_has_is_taken_from_there_and_said_so(system: Path) -> None:
    assert find_zone("Mars/Olympus").utcoffset(datetime(2027, 1, 11)) == timedelta(hours=9)  # noqa: DTZ001
    assert zone_rules("Mars/Olympus") == rules_of_the_package("Asia/Tokyo")
    assert zone_release("Mars/Olympus") == "1999z of the system"
    (system / "tzdata.zi").unlink()
    assert zone_release("Mars/Olympus") == "of the system, release unknown"


@pytest.mark.usefixtures("no_package")
def test_without_the_package_the_systems_zones_are_taken_and_said_so(system: Path) -> None:
    assert find_zone("Europe/Berlin").utcoffset(datetime(2027, 1, 11)) == timedelta(hours=9)  # noqa: DTZ001
    assert zone_release("Europe/Berlin") == "1999z of the system"


@pytest.mark.slow
@pytest.mark.parametrize(
    "folders",
    ["", "/nowhere", "{system}", "{system}:/usr/share/zoneinfo"],
    ids=["no system", "no such folder", "a wrong system", "a wrong system first"],
)
def test_the_environment_does_not_change_a_calendar(system: Path, folders: str) -> None:
    command = (
        "export", "mapp1", "--start", "2027-03-15", "--site", "examples/site-berlin.yaml",
        "--no-state",
    )  # fmt: skip
    written = [
        subprocess.run(
            [sys.executable, "-c", "from planner.cli import main; main()", *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            check=True,
        ).stdout
        for environment in ({}, {"PYTHONTZPATH": folders.format(system=system)})
    ]
    assert b"TZID:Europe/Berlin" in written[0]
    assert written[0] == written[1]


def test_a_zone_is_the_same_object_by_its_name_also_in_a_copy_and_from_another_process() -> None:
    berlin = find_zone("Europe/Berlin")
    assert find_zone("Europe/Berlin") is berlin
    moment = datetime(2027, 1, 11, 9, tzinfo=berlin)
    assert copy.deepcopy(moment).tzinfo is berlin
    assert pickle.loads(pickle.dumps(moment)).tzinfo is berlin


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("europe/berlin", "did you mean `Europe/Berlin`?"),
        ("Berlin", "did you mean `Europe/Berlin`?"),
        ("New York", "did you mean `America/New_York`?"),
        ("Factory", "write a name such as"),
        ("localtime", "write a name such as"),
        ("posix/Europe/Berlin", "did you mean `Europe/Berlin`?"),
        ("Europe", "write a name such as"),
        ("../UTC", "not a time zone"),
        ("/etc/passwd", "write a name such as"),
        ("a\x00", "write a name such as"),
        ("", "write a name such as"),
        ("x" * 100_000, "write a name such as"),
    ],
)
def test_what_is_no_zone_is_refused_with_the_nearest_name(name: str, hint: str) -> None:
    assert known_zone(name) is None
    assert zone_rules(name) is None
    with pytest.raises(ValueError, match="is not a time zone") as caught:
        find_zone(name)
    assert hint in str(caught.value)
