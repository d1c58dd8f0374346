"""The versions that a report of a mistake names."""

import importlib.metadata

import pytest

import planner


def test_the_versions_are_those_that_are_installed() -> None:
    versions = planner.versions()
    assert versions["planner"] == planner.__version__
    assert versions["pydantic"] == importlib.metadata.version("pydantic")
    assert str(versions["time zones by tzdata"]).startswith("20")


def test_a_package_that_is_not_installed_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = importlib.metadata.version

    def version(name: str) -> str:
        if name == "lxml":
            raise importlib.metadata.PackageNotFoundError(name)
        return installed(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert planner.versions()["lxml"] is None
