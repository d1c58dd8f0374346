"""What a store cannot do is said in one message, without a password, and with the exit code 2."""

import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from store.databases import SERVER
from store.test_store import BOOKED, record

from planner.store import NewEvent, make_store, open_store, verify

Planner = Callable[..., Any]
SECRET = "s3cret"
pytest.importorskip("psycopg")


def refused(planner: Planner, *command: str) -> str:
    result = planner("store", *command)
    assert result.code == 2
    assert SECRET not in result.out + result.err
    assert len(result.err.splitlines()) == 1, result.err
    return str(result.err)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:{}@[bad/db",
        "postgresql://u:{}%zz@127.0.0.1/db",
        "postgresql://u:{}/x@127.0.0.1/db",
        "postgresql://u:x/{}@127.0.0.1/db",
        "postgresql://u:x@{}@127.0.0.1/db",
        "postgresql://u:{} x@127.0.0.1/db",
        "postgresql://127.0.0.1/db?password={}&what=1",
        "postgresql://u:{}@127.0.0.1:port/db",
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated(planner: Planner, url: str) -> None:
    assert "the URL of the store cannot be read" in refused(planner, "verify", url.format(SECRET))


def test_a_server_that_is_down(planner: Planner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = refused(planner, "verify", f"postgresql://u:{SECRET}@127.0.0.1:{port}/study")
    assert "postgresql://127.0.0.1/study: " in said
    assert "refused" in said


def test_a_wrong_password(planner: Planner) -> None:
    """A server that asks for one and says that it is wrong, as PostgreSQL's protocol has it."""
    said = b'SFATAL\0C28P01\0Mpassword authentication failed for user "u"\0\0'

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"R" + (8).to_bytes(4) + (3).to_bytes(4))
            asked.append(connection.recv(1000))
            connection.sendall(b"E" + (len(said) + 4).to_bytes(4) + said)

    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=serve, args=(server,))
        answering.start()
        port = server.getsockname()[1]
        url = f"postgresql://u:{SECRET}@127.0.0.1:{port}/study?sslmode=disable&gssencmode=disable"
        message = refused(planner, "verify", url)
        answering.join()
    assert SECRET.encode() in asked[0]
    assert "password authentication failed" in message


@pytest.mark.skipif(not SERVER, reason="$PLANNER_POSTGRESQL names no server")
def test_a_database_that_holds_no_store(planner: Planner) -> None:
    assert SERVER is not None
    url = f"{SERVER}?options=-csearch_path%3Dnothing_here"
    assert "holds no store of participants' records" in refused(planner, "verify", url)


def test_a_store_of_a_newer_planner(planner: Planner, tmp_path: Path) -> None:
    path = str(tmp_path / "study.db")
    make_store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE store SET version = 99")
    connection.commit()
    connection.close()
    assert f"{path}: was written by a newer planner" in refused(planner, "verify", path)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="this system has no other users")
def test_a_file_that_may_only_be_read(planner: Planner, tmp_path: Path) -> None:
    path, files = tmp_path / "study.db", tmp_path / "files"
    with make_store(str(path)) as store:
        store.append([NewEvent(record(), 0, "enrolled")], who="anna")
    files.mkdir()
    (files / "P0002.yaml").write_text("participant: P0002\n")
    before = path.read_bytes()
    path.chmod(0o444)
    for folder in (tmp_path, *tmp_path.parents):
        folder.chmod(0o755)
        if folder.name.startswith("pytest-of-"):
            break
    is_root = os.geteuid() == 0
    try:
        if is_root:
            os.seteuid(65534)
        said = refused(planner, "import", str(path), str(files), "--who", "anna")
    finally:
        if is_root:
            os.seteuid(0)
    assert f"{path}: may not be written" in said
    assert path.read_bytes() == before


FULL = """
import resource, sys
from planner.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = ["planner", *sys.argv[2:]]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is one of POSIX")
@pytest.mark.parametrize("left", [0, 4096, 20_000])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, left: int) -> None:
    path, files = tmp_path / "study.db", tmp_path / "files"
    with make_store(str(path)) as store:
        store.append([NewEvent(record(), 0, "enrolled")], who="anna")
    files.mkdir()
    visit = {**BOOKED, "note": "x" * 4000}
    for number in range(2, 40):
        name = f"P00{number:02}"
        (files / f"{name}.yaml").write_text(
            f"participant: {name}\nvisits: [{{visit: dosing, status: booked, start: 2027-02-03,"
            f" note: {visit['note']}}}]\n"
        )
    command = ["store", "import", str(path), str(files), "--who", "anna"]
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(left), *command],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (2, "")
    assert "the disk is full" in run.stderr
    assert len(run.stderr.splitlines()) == 1
    with open_store(str(path)) as store:
        assert store.participants() == ["P0001"]
        assert verify(store).problems == ()


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is one of POSIX")
def test_a_full_disk_leaves_no_half_store(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL, "4096", "store", "init", str(tmp_path / "study.db")],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert run.returncode == 2, run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
