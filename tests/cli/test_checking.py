"""`planner rules` and `planner explain`: what they list, and what they import for it."""

import subprocess
import sys

import pytest

from planner.cli.checking import explain, rules
from planner.errors import PlannerError
from planner.formats.checks import all_checks


def test_rules_lists_every_check_under_its_family(capsys: pytest.CaptureFixture[str]) -> None:
    rules()
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines() if line.startswith("  ")] == list(
        all_checks()
    )


def test_rules_lists_one_family(capsys: pytest.CaptureFixture[str]) -> None:
    rules(family="scope")
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()[:3]] == [
        "scope:", "amount-outside-label", "personal-data",
    ]  # fmt: skip


def test_a_family_that_is_none_is_told_the_nearest() -> None:
    with pytest.raises(PlannerError, match=r"no family `stuff`; did you mean `staff`\?"):
        rules(family="stuff")


def test_explain_imports_no_other_check() -> None:
    code = f"""
import sys
from {explain.__module__} import explain
explain("infeasible")
sys.stderr.write('\\n'.join(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split("\n"))
    assert "planner.checks.time.infeasible" in loaded
    assert "planner.checks.time.no_window" not in loaded
    assert "planner.checks.staff" not in loaded


@pytest.mark.parametrize("arguments", [{}, {"rule": "infeasible", "glossary": True}])
def test_explain_wants_a_check_or_the_glossary(arguments: dict[str, object]) -> None:
    with pytest.raises(PlannerError, match=r"name a check, .*or give --glossary alone"):
        explain(**arguments)  # type: ignore[arg-type]
