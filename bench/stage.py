"""What the rows are measured on: databases, Redis and servers, made when first asked for."""

import datetime as dt
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from bench import fixtures
from bench.databases import database
from bench.processes import ROOT, beside_python, bound, free_port, program, running
from bench.yardsticks import VARIABLE

PROBE_SECONDS = 600
ANY = "1000000000"
SERVICE = "config.wsgi:application"
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
"""What the proxy of a production adds."""
SESSIONS = "/ims/oneroster/rostering/v1p2/academicSessions"
QUESTIONS = {
    "district": {
        "day": "/api/v1/schools/{school}/days/{day}",
        "quarter": "/api/v1/quarters/for-date?school={school}&date={day}",
        "now": "/api/v1/schools/{school}/now",
    },
    "roster": {
        "hundred": f"{SESSIONS}?limit=100",
        "thousand": f"{SESSIONS}?limit=1000",
        "single": f"{SESSIONS}/{{session}}",
    },
}
"""Whose answers the yardsticks give as constants, by database."""
ASKED = {"district": "door", "roster": "roster"}
"""The server that answers for a database."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a server is started; its database is the district's or, of the service, another one."""

    application: str = SERVICE
    settings: str = "config.settings.production"
    is_door_open: bool = False
    workers: int = 1
    data: str = "district"

    @property
    def has_answers(self) -> bool:
        """Whether it gives constant answers."""
        return "bench." in f"{self.application} {self.settings}"


KINDS = {
    "door": Kind(is_door_open=True),
    "shut": Kind(settings="bench.yardsticks.settings"),
    "pair": Kind(settings="bench.yardsticks.settings", workers=2),
    "bare": Kind("bench.yardsticks.bare:application", "bench.yardsticks.bare_settings"),
    "hello": Kind("bench.yardsticks.hello:application", ""),
    "large": Kind(data="large"),
    "roster": Kind(is_door_open=True, data="roster"),
    "bare_roster": Kind(
        "bench.yardsticks.bare:application", "bench.yardsticks.bare_settings", data="roster"
    ),
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    pid: int
    url: str
    database: str


class Stage:
    """All that a run starts; closing the stack ends and removes it."""

    def __init__(self, stack: ExitStack, seconds: float, repeats: int) -> None:
        self.seconds = seconds
        self.repeats = repeats
        self.today = dt.datetime.now(dt.UTC).date()
        self._stack = stack
        self._servers: dict[str, Server] = {}
        self._databases: dict[str, str] = {}
        self._tokens: dict[str, str] = {}

    @cached_property
    def folder(self) -> Path:
        """A folder for whatever passes."""
        return Path(self._stack.enter_context(TemporaryDirectory(prefix="schoolday-bench-")))

    @cached_property
    def redis(self) -> str:
        """The URL of a Redis of our own, which stores nothing."""
        port = free_port()
        address = ("--bind", "127.0.0.1", "--port", str(port), "--dir", str(self.folder))
        command = [program("redis-server"), *address, "--save", "", "--appendonly", "no"]
        self._stack.enter_context(running(command, port))
        return f"redis://127.0.0.1:{port}/0"

    def database(self, name: str) -> str:
        """Return the URL of a migrated database, filled if its name is that of a size."""
        if name not in self._databases:
            url = self._stack.enter_context(database(name))
            self._databases[name] = url
            self.manage(url, "migrate", "--verbosity=0")
            self._fill(name, url)
        return self._databases[name]

    def embedded_database(self) -> str:
        """Return the URL of a migrated SQLite database."""
        if "embedded" not in self._databases:
            url = f"sqlite:///{self.folder / 'rows.sqlite3'}"
            self.manage(url, "migrate", "--verbosity=0")
            self._databases["embedded"] = url
        return self._databases["embedded"]

    def server(self, name: str) -> Server:
        """Return a server that runs; granian, with four threads a worker."""
        if name not in self._servers:
            kind, port = KINDS[name], free_port()
            url = "" if kind.application != SERVICE else self.database(kind.data)
            command = [
                *(beside_python("granian"), "--interface", "wsgi", "--no-ws"),
                *("--log-level", "error", "--host", "127.0.0.1", "--port", str(port)),
                *("--workers", str(kind.workers), "--blocking-threads", "4", kind.application),
            ]
            environment = self._environment(url, kind)
            pid = self._stack.enter_context(running(command, port, environment))
            self._servers[name] = Server(pid, f"http://127.0.0.1:{port}", url)
        return self._servers[name]

    def answers(self, data: str) -> Path:
        """Return the folder of the constant answers: what the service says, byte for byte."""
        folder = self.folder / f"answers-{data}"
        if not folder.exists():
            folder.mkdir()
            for name, path in QUESTIONS[data].items():
                (folder / name).write_bytes(self.answer(ASKED[data], self.named(path)))
        return folder

    def token(self, data: str) -> str:
        """Return a token of a program that may read the whole district of a database."""
        if data not in self._tokens:
            options = ("create_client", "--name=Bench", "--district=bench")
            client = json.loads(self.manage(self.database(data), *options))
            form = urlencode({"grant_type": "client_credentials", **client}).encode()
            told = _asked(f"{self.server(ASKED[data]).url}/oauth/token", FORWARDED, form)
            self._tokens[data] = str(json.loads(told)["access_token"])
        return self._tokens[data]

    def answer(self, server: str, path: str) -> bytes:
        """Return the service's answer to a known caller."""
        return _asked(self.server(server).url + path, self.headers(server, token=True))

    def headers(self, server: str, *, token: bool) -> dict[str, str]:
        """Return what a request to a server carries."""
        known = {"Authorization": f"Bearer {self.token(KINDS[server].data)}"} if token else {}
        return {**FORWARDED, "Accept": "application/json", **known}

    def named(self, path: str, number: int = 0) -> str:
        """Return a path with a school, its ordinary school day and a term in place of braces."""
        return path.format(
            school=fixtures.slug(number),
            day=fixtures.school_day(self.today),
            session=fixtures.session(number),
        )

    def manage(self, url: str, *arguments: str) -> str:
        """Run a command of the service's on a database, and return what it printed."""
        return self._python(self._environment(url, Kind()), "manage.py", *arguments)

    def probe(self, name: str, url: str, *arguments: str) -> Any:
        """Run a part that measures the service from within, and return what it says."""
        environment = self._environment(url, Kind(is_door_open=True))
        return json.loads(self._python(environment, "-m", f"bench.probes.{name}", *arguments))

    def _python(self, environment: Mapping[str, str], *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603
            bound([sys.executable, *arguments]),
            check=True,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            timeout=PROBE_SECONDS,
        )
        return done.stdout

    def _fill(self, name: str, url: str) -> None:
        if name in fixtures.CHECKED:
            fixtures.load(url, fixtures.CHECKED[name], self.today)
            if name == "roster":
                self.manage(url, "migrate", "--verbosity=0")  # records what it finds
                fixtures.analyze(url)
        elif name in fixtures.GROWING:
            fixtures.load_without_indexes(url, fixtures.GROWING[name], self.today)

    def _environment(self, url: str, kind: Kind) -> dict[str, str]:
        """Return a production's environment; whoever runs the benchmark may set the rest."""
        answers = {VARIABLE: str(self.answers(kind.data))} if kind.has_answers else {}
        door = {} if kind.is_door_open else {"DOOR_MAX_BYTES": "0"}
        return {
            **os.environ,
            **answers,
            **door,
            "DJANGO_SETTINGS_MODULE": kind.settings,
            "SECRET_KEY": "a key for the time of one run, and for nothing else at all",
            "DATABASE_URL": url,
            "REDIS_URL": self.redis,
            "LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore:No directory at",  # nobody asks for static files
            "RATE_LIMIT_PER_MINUTE": ANY,
            "ANONYMOUS_RATE_LIMIT_PER_MINUTE": ANY,
        }


def _asked(url: str, headers: Mapping[str, str], form: bytes | None = None) -> bytes:
    """Return the body of an answer. Raises HTTPError unless it is a success."""
    request = urllib.request.Request(url, form, dict(headers))  # noqa: S310  # our own server
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        return bytes(response.read())
