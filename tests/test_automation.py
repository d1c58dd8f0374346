"""Checks that run by themselves: the hook before a commit, the workflow that uploads findings."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[1]


def test_the_hook_checks_protocol_files_and_no_others(planner: Planner) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["language"] == "python"
    names = ["protocols/mapp1.yaml", "study/protocols/a.yml", "site.yaml", "protocols/README.md"]
    assert [name for name in names if re.search(hook["files"], name)] == names[:2]
    command, *arguments = shlex.split(hook["entry"])
    assert command == "planner"
    good = str(ROOT / "examples/two-sessions.yaml")
    assert planner(*arguments, good, str(ROOT / "protocols/mapp1.yaml")).code == 0
    assert planner(*arguments, good, str(ROOT / "examples/collision.yaml")).code == 1


def test_the_workflow_writes_the_findings_that_it_uploads(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = yaml.safe_load((ROOT / "examples/workflow.yml").read_text("utf-8"))
    steps = workflow["jobs"]["validate"]["steps"]
    (run,) = [step["run"] for step in steps if step.get("run", "").startswith("planner ")]
    (upload,) = [step for step in steps if "upload-sarif" in step.get("uses", "")]
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    assert planner(*shlex.split(run)[1:]).code == 0
    assert json.loads(Path(upload["with"]["sarif_file"]).read_text())["version"] == "2.1.0"
    assert upload["if"] == "always()"
