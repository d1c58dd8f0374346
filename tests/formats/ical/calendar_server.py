"""A calendar server in its own Python, and what a client does to one collection of it (RFC 4791).

The server is Radicale (GPL-3), which the project never imports: `tests/formats/ical/radicale.sh
FOLDER` makes its environment, and $PLANNER_RADICALE_PYTHON names its interpreter.
"""

import base64
import contextlib
import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

_CALDAV = "{urn:ietf:params:xml:ns:caldav}"
_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><D:getetag/><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter>
</C:calendar-query>"""


class Answer(NamedTuple):
    """What the server says to one request."""

    status: int
    etag: str | None
    body: bytes


class Collection:
    """One user's calendar on a server of this machine."""

    def __init__(self, port: int, user: str, name: str) -> None:
        self._port = port
        self._user = base64.b64encode(f"{user}:{user}".encode()).decode()
        self._path = f"/{user}/{name}/"

    def ask(self, method: str, name: str = "", body: bytes | str = b"", **headers: str) -> Answer:
        """One request about an object, or about the collection; header names have `_` for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        try:
            connection.request(
                method,
                self._path + name,
                body.encode() if isinstance(body, str) else body,
                {"Authorization": f"Basic {self._user}", **given},
            )
            response = connection.getresponse()
            return Answer(response.status, response.getheader("ETag"), response.read())
        finally:
            connection.close()

    def create(self) -> None:
        """Makes the collection, empty."""
        assert self.ask("MKCALENDAR").status == 201

    def put(self, name: str, data: bytes, etag: str | None) -> str:
        """Stores an object that is new, or that is still the one with this tag; returns its tag."""
        condition = {"If_Match": etag} if etag else {"If_None_Match": "*"}
        answer = self.ask("PUT", name, data, Content_Type="text/calendar", **condition)
        assert answer.status == (204 if etag else 201), answer
        assert answer.etag
        return answer.etag

    def objects(self) -> dict[str, tuple[str, bytes]]:
        """Tag and data of every object by its name, as the server lists them."""
        answer = self.ask("REPORT", body=_QUERY, Depth="1", Content_Type="application/xml")
        assert answer.status == 207, answer
        listed: dict[str, tuple[str, bytes]] = {}
        for response in ElementTree.fromstring(answer.body):
            path = response.findtext("{DAV:}href", "")
            assert path.startswith(self._path)
            etag = response.findtext(".//{DAV:}getetag", "")
            data = response.findtext(f".//{_CALDAV}calendar-data", "")
            listed[path.removeprefix(self._path)] = (etag, data.encode())
        return listed


@contextlib.contextmanager
def calendar_server(interpreter: str, folder: Path) -> Iterator[int]:
    """A server that keeps what it holds in a folder; its port on the loopback."""
    for _ in range(5):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (folder / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [
                    *(interpreter, "-m", "radicale", "--config", "", "--auth-type", "none"),
                    *("--storage-filesystem-folder", str(folder / "store")),
                    *("--server-hosts", f"127.0.0.1:{port}"),
                ],
                stdout=log,
                stderr=log,
            )
        try:
            if _answers(process, port):
                yield port
                return
        finally:
            process.terminate()
            process.wait()
    raise AssertionError((folder / "server.log").read_text())


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Waits until the server takes connections; not if it ends, as where its port is taken."""
    for _ in range(600):
        if process.poll() is not None:
            return False
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.1)
    return False
