"""What the tests and the gate install is pinned, fits what is declared, and can be had anywhere."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / ".ci").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = {name: [Requirement(text) for text in texts]
          for name, texts in PROJECT["project"]["optional-dependencies"].items()}  # fmt: skip


def declared() -> Iterator[Requirement]:
    """What `pip install '.[dev]'` and the build ask for, written out."""
    texts = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    yield from map(Requirement, texts)
    for requirement in EXTRAS["dev"]:
        if requirement.name == PROJECT["project"]["name"]:
            yield from (each for extra in requirement.extras for each in EXTRAS[extra])
        else:
            yield requirement


def pinned(lock: Path) -> list[str]:
    """The requirements of a lock with their hashes, one text each."""
    text = re.sub(r"^#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return text.replace("\\\n", " ").splitlines()


def test_the_locks_are_there() -> None:
    assert [path.name for path in LOCKS] == [
        "lowest.txt", "radicale.txt", "requirements.txt", "usdm4.txt",
    ]  # fmt: skip


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_line_of_a_lock_is_one_version_with_hashes_and_names_no_place(lock: Path) -> None:
    lines = pinned(lock)
    assert len(lines) > 5
    for line in lines:
        requirement, *hashes = line.split(" --hash=sha256:")
        assert re.fullmatch(r"[a-z0-9-]+==[\w.+]+( ; [\w.'<>=! ]+)?", requirement.strip())
        assert hashes
        assert all(re.fullmatch(r"[0-9a-f]{64}", each.strip()) for each in hashes)


@pytest.mark.parametrize("name", ["requirements.txt", "lowest.txt"])
def test_every_declared_requirement_is_pinned_to_an_allowed_version(name: str) -> None:
    versions: dict[str, list[str]] = {}
    for line in pinned(ROOT / ".ci" / name):
        package, version = line.split()[0].split("==")
        versions.setdefault(package, []).append(version)
    for requirement in declared():
        found = versions[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in found), requirement


def test_the_lowest_are_the_declared_ones() -> None:
    lowest = dict(line.split()[0].split("==") for line in pinned(ROOT / ".ci" / "lowest.txt"))
    for requirement in declared():
        bounds = [each.version for each in requirement.specifier if each.operator == ">="]
        assert len(bounds) == 1, f"{requirement} has no lower bound"
        bound = Version(bounds[0]).release
        version = Version(lowest[canonicalize_name(requirement.name)])
        # Where the release itself was withdrawn, the next one of the same series.
        assert version.release[: len(bound)] == bound, requirement
