"""The main job needs the core dependencies and nothing else that happens to be installed."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from planner.protocol.library import library_ids

ROOT = Path(__file__).parents[2]
WITHOUT = """
import sys

class Refusal:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {foreign!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Refusal())
from planner.cli import main
main()
"""


def core_distributions() -> set[str]:
    """The project's dependencies without any extra, and all that these need in turn."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core: set[str] = set()
    waiting = [Requirement(text) for text in project["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in core or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        core.add(name)
        try:
            waiting += [Requirement(text) for text in requires(requirement.name) or ()]
        except PackageNotFoundError:
            continue
    return core


@pytest.fixture(scope="module")
def foreign() -> list[str]:
    """All modules that are installed and belong to no core distribution."""
    core = core_distributions()
    names = sorted(
        module
        for module, distributions in packages_distributions().items()
        if module != "planner"
        and not any(canonicalize_name(each) in core for each in distributions)
    )
    assert {"pytest", "hypothesis"} <= set(names)
    return names


def run(foreign: list[str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT.format(foreign=foreign), *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


TRANSPORT_FILE = "HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
SITE = str(ROOT / "examples" / "site-everyday.yaml")
COMMANDS = [
    ("validate", *library_ids()),
    ("timeline", "mapp1", "--start", "2027-01-11", "--site", SITE, "--format", "json"),
    ("export", "mapp1", "--start", "2027-01-11", "--site", SITE, "-o", "p0001.ics", "--verify"),
    ("report", "mapp1", "-o", "report.html"),
    ("chart", "mapp1", "-o", "course.svg"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:40])
def test_the_main_job_is_done(foreign: list[str], tmp_path: Path, command: tuple[str, ...]) -> None:
    done = run(foreign, tmp_path, *command)
    assert done.returncode == 0, done.stderr
    if "json" in command:
        assert len(json.loads(done.stdout)["visits"]) == 20


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        (("chart", "mapp1", "-o", "course.png"), "charts"),
        (("soa", "mapp1", "-o", "activities.xlsx"), "xlsx"),
        (("report", "mapp1", "-o", "report.pdf"), "pdf"),
        (("validate", str(ROOT / "examples" / "two-visits.xml")), "odm"),
        (("replay", str(ROOT / "examples" / "lzzt.yaml"), "sv.xpt"), "sdtm"),
        (
            (
                *("timeline", "mapp1", "--start", "2027-01-11"),
                *("--site", str(ROOT / "examples" / "site-berlin.yaml")),
            ),
            "holidays",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_what_needs_an_extra_says_which(
    foreign: list[str], tmp_path: Path, command: tuple[str, ...], extra: str
) -> None:
    (tmp_path / "sv.xpt").write_text(f"{TRANSPORT_FILE:0<78}  ")
    done = run(foreign, tmp_path, *command)
    assert done.returncode == 2
    told = re.sub(r"\s+", " ", done.stdout + done.stderr)
    assert f"trial-session-planner[{extra}]" in told
    assert "Traceback" not in told
