"""The page on Ed-Fi: its script sends what is exported in order, and stops where a host refuses."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bench.processes import ROOT
from scheduling.edfi.resources import RESOURCES
from tests.scheduling.edfi.contract import VALUES

PAGE = (ROOT / "docs" / "edfi.md").read_text("utf-8")
(SCRIPT,) = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)


@contextmanager
def host(refused: str = "") -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Serve a host that notes what it is sent, and refuses one resource."""
    sent: list[tuple[str, Any]] = []

    class Host(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sent.append((self.path.removeprefix("/data/v3/ed-fi/"), body))
            is_known = self.headers["Authorization"] == "Bearer secret"
            is_taken = is_known and not self.path.endswith(f"/{refused}")
            self.send_response(201 if is_taken else 400)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def push(folder: Path, address: str) -> str:
    """Run the page's script on some bodies, and return what it complains of."""
    files = folder / "build" / "maple-high"
    files.mkdir(parents=True)
    for number, resource in enumerate(RESOURCES, 1):
        bodies = [{"name": f'{resource} “é” $HOME \\ "{n}"'} for n in (1, 2)]
        (files / f"{number}-{resource}.json").write_text(json.dumps(bodies, indent=1), "utf-8")
    done = subprocess.run(  # noqa: S603
        ["bash", "-c", SCRIPT],  # noqa: S607
        check=False,
        cwd=folder,
        env={**os.environ, "HOST": address, "TOKEN": "secret"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stderr


def test_the_script_sends_every_body_in_order(tmp_path) -> None:
    with host() as (address, sent):
        assert push(tmp_path, address) == ""
    assert sent == [
        (resource, {"name": f'{resource} “é” $HOME \\ "{n}"'})
        for resource in RESOURCES
        for n in (1, 2)
    ]


def test_the_script_stops_where_something_is_refused(tmp_path) -> None:
    with host(refused="calendars") as (address, sent):
        assert "400" in push(tmp_path, address)
    assert [resource for resource, _body in sent] == [
        *("gradingPeriods", "gradingPeriods", "sessions", "sessions", "calendars"),
    ]


def test_the_page_names_every_resource_in_its_order() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE)) == RESOURCES


def test_the_page_names_every_event() -> None:
    assert [each for each in VALUES["CalendarEvent"] if f"`{each}`" not in PAGE] == []


@pytest.mark.parametrize("link", re.findall(r"\]\(([\w./-]+)\)", PAGE))
def test_a_page_that_is_named_is_there(link: str) -> None:
    assert (ROOT / "docs" / link).exists()
