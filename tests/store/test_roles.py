"""What each role is shown: who may not know the arm cannot tell two participants apart by it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import planner
from planner.store import NewEvent, Store, make_store, open_store
from planner.timeline.record import Record

Planner = Callable[..., Any]
BASELINE = {"visit": "baseline", "status": "occurred", "start": "2027-01-18", "note": "was calm"}
ENDPOINT = {"visit": "primary-endpoint", "status": "booked", "start": "2027-05-18T10:00"}


def steps(arm: str) -> list[dict[str, Any]]:
    """The record of a participant of MAPP1 after each change; arms differ in all but what is blind.

    The one of the drug has more sessions and more changes of them, facts, and remarks that say it.
    """
    dosing = {"visit": "dosing", "status": "occurred"}
    sessions = [
        {**dosing, "occurrence": number, "start": f"2027-02-0{number}"}
        for number in ((1, 2) if arm == "placebo" else (1, 2, 3))
    ]
    record: dict[str, Any] = {"participant": "P0001", "protocol": "mapp1", "visits": [BASELINE]}
    changes = [record, record := {**record, "arm": arm}]
    for session in sessions:
        note = {"note": f"was given {arm}"} if arm != "placebo" else {}
        visits = [*record["visits"], {**session, **note}]
        changes.append(record := {**record, "visits": visits})
    if arm != "placebo":
        changes.append(record := {**record, "facts": {"unblinded": True}, "cohort": "sad-2"})
    changes.append(record := {**record, "visits": [*record["visits"], ENDPOINT]})
    moved = {**ENDPOINT, "start": "2027-05-19T10:00", "reason": f"weak after {arm}"}
    changes.append({**record, "visits": [*record["visits"][:-1], moved], "withdrawn": "2027-06-01"})
    return changes


def filled(store: Store, arm: str) -> None:
    """A store with a participant of an arm; of the drug's also a redaction."""
    for version, data in enumerate(steps(arm)):
        record = Record.model_validate(data)
        kind = "enrolled" if version == 0 else "changed"
        store.append([NewEvent(record, version, kind, f"as {arm} asks")], who="anna")
    if arm != "placebo":
        text = next(text for text in store.free_texts("P0001") if text.value == f"was given {arm}")
        store.redact("P0001", [text.id], who="anna", reason="told the arm")


@pytest.fixture
def shown(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, str]]:
    """All that `planner store` shows a role of a participant of an arm."""
    monkeypatch.setattr("planner.store.store.utc_now", lambda: "2027-06-02T08:00:00.000000Z")
    folders: dict[str, Path] = {}
    for arm in ("mdma-at", "placebo"):
        folders[arm] = tmp_path / arm
        folders[arm].mkdir()
        with make_store(str(folders[arm] / "study.db")) as store:
            filled(store, arm)

    def outputs(arm: str, *options: str) -> dict[str, str]:
        monkeypatch.chdir(folders[arm])
        answers = {}
        for more in (
            [], ["--participant", "P0001"], ["--by", "anna"], ["--visit", "dosing"],
            ["--visit", "primary-endpoint"], ["--format", "json"], ["--format", "csv"],
        ):  # fmt: skip
            answer = planner("store", "history", "study.db", *more, *options)
            answers[" ".join(more)] = f"{answer.code} {answer.out} {answer.err}"
        answer = planner("store", "export", "study.db", "-o", "out", "--replace", *options)
        answers["export"] = f"{answer.code} {answer.out} {answer.err}"
        answers["files"] = "\n".join(path.read_text() for path in sorted(Path("out").iterdir()))
        return answers

    return outputs


@pytest.mark.parametrize("protocol", [(), ("--protocol", "mapp1")])
def test_a_rater_cannot_tell_the_arms_apart(
    shown: Callable[..., dict[str, str]], protocol: tuple[str, ...]
) -> None:
    drug = shown("mdma-at", "--role", "rater", *protocol)
    assert drug == shown("placebo", "--role", "rater", *protocol)
    everything = "\n".join(drug.values())
    for hidden in ("mdma", "placebo", "dosing-", "weak", "given", "redact", "unblinded", "seal"):
        assert hidden not in everything.replace(f"{Path.cwd()}", ""), hidden
    # What raters work with is shown, once the protocol says that it is theirs.
    assert ("2027-05-19" in drug[""]) == ("2027-05-19" in drug["files"]) == bool(protocol)
    assert "withdrawn" in drug[""]


@pytest.mark.parametrize("role", ["coordinator", "monitor"])
def test_of_a_blinded_protocol_the_arm_is_shown_to_the_unblinded_alone(
    shown: Callable[..., dict[str, str]], role: str
) -> None:
    for protocol in ([], ["--protocol", "mapp1"]):
        of_role = shown("placebo", "--role", role, *protocol)
        assert "arm:" not in of_role["files"]
        assert '"arm"' not in of_role["--format json"]
        assert "dosing" in of_role[""]
    unblinded = shown("placebo", "--role", "unblinded")
    assert unblinded == shown("placebo")
    assert "arm: placebo" in unblinded["files"]


def test_of_an_open_protocol_the_coordinator_is_shown_the_arm(tmp_path: Path) -> None:
    with make_store(str(tmp_path / "study.db")) as store:
        filled(store, "placebo")
        for protocol, is_shown in (("mapp1", False), ("psilodep-1", True)):
            grid = planner.history(store, "P0001", role="coordinator", protocol=protocol)
            assert ("arm" in [line.cells[4] for line in grid.lines]) == is_shown


def test_no_other_role_is_there(tmp_path: Path) -> None:
    refused = pytest.raises(planner.PlannerError, match="role: `raters` is none of coordinator")
    with make_store(str(tmp_path / "study.db")) as store, refused:
        planner.history(store, role="raters")


@pytest.mark.parametrize("role", ["rater", "monitor"])
def test_the_role_of_the_defaults_holds(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLANNER_CONFIG")
    with make_store("study.db") as store:
        filled(store, "mdma-at")
    Path("files").mkdir()
    Path("planner.toml").write_text(f'format = 1\nrole = "{role}"\nwho = "ben"\n')
    history = planner("store", "history", "study.db", "--format", "csv")
    assert (history.code, ",arm," in history.out) == (0, False)
    for command in (
        ["import", "study.db", "files"],
        ["redact", "study.db", "P0001", "1", "--reason", "x"],
        ["init", "new.db"],
    ):
        refused = planner("store", *command)
        assert refused.code == 2
        assert f"is not for the role {role} (planner.toml)" in refused.err
    readable = planner("store", "verify", "study.db")
    assert readable.code == (2 if role == "rater" else 0)
    assert not Path("new.db").exists()


def test_the_code_of_the_defaults_stands_in_the_trail(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLANNER_CONFIG")
    Path("planner.toml").write_text('format = 1\nrole = "coordinator"\nwho = "ben"\n')
    Path("P0001.yaml").write_text("participant: P0001\narm: placebo\n")
    assert planner("store", "init", "study.db").code == 0
    assert planner("store", "import", "study.db", "P0001.yaml").code == 0
    with open_store("study.db") as store:
        assert [event.who for event in store.events()] == ["ben"]
