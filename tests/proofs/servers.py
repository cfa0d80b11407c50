"""A Redis and a PostgreSQL of a test's own, to be stopped, killed and started again."""

import os
import shutil
import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from bench.processes import bound, free_port, program, running
from tests.services import database_of_tests

BINARIES = "usr/lib/postgresql/*/bin"
DATABASE = "proofs"
SECONDS = 60


class Restartable:
    """A server on a port of its own, which is gone when the stack is closed."""

    def __init__(self, stack: ExitStack, command: list[str], port: int) -> None:
        self._command = command
        self._port = port
        self._running = stack.enter_context(ExitStack())
        self._stack = stack
        self.pid = 0

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.pid = self._running.enter_context(running(self._command, self._port))

    def end(self, how: signal.Signals) -> None:
        """End it by a signal, and wait until it is gone."""
        os.kill(self.pid, how)
        self._running.close()


class OwnRedis(Restartable):
    """A Redis that stores nothing. Skips the test if there is none on this machine."""

    def __init__(self, stack: ExitStack) -> None:
        if shutil.which("redis-server") is None:
            pytest.skip("redis-server is not installed")
        port = free_port()
        address = ("--bind", "127.0.0.1", "--port", str(port))
        command = [program("redis-server"), *address, "--save", "", "--appendonly", "no"]
        super().__init__(stack, command, port)
        self.url = f"redis://127.0.0.1:{port}/0"
        self.client = stack.enter_context(Redis.from_url(self.url))

    def refusals(self) -> int:
        """Return how often it has refused to store something for want of room."""
        told = self.client.info("errorstats").get("errorstat_OOM", {"count": 0})
        return int(told["count"])


class OwnPostgres(Restartable):
    """A PostgreSQL with a copy of the test's database. Skips the test without its programs."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        found = sorted(Path("/").glob(f"{BINARIES}/initdb"))
        if not found or shutil.which("pg_restore") is None:
            pytest.skip("PostgreSQL's initdb and pg_restore are not installed")
        binaries, data, port = found[-1].parent, folder / "data", free_port()
        user = _unprivileged(folder)
        options = ("--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8")
        _run(*user, str(binaries / "initdb"), *options, f"--pgdata={data}")
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off")
        server = [str(binaries / "postgres"), "-D", str(data), "-p", str(port)]
        command = [*server, *(word for each in settings for word in ("-c", each))]
        super().__init__(stack, [*user, *bound(command)], port)
        server_url = f"postgres://postgres@127.0.0.1:{port}"
        self.url = f"{server_url}/{DATABASE}"
        self.start()
        stack.callback(self._end_if_it_runs)
        self._fill(f"{server_url}/postgres", folder / "copy")

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: by SIGINT in order, by SIGQUIT at once."""
        super().end(how)
        self.pid = 0

    def _end_if_it_runs(self) -> None:
        if self.pid:
            self.end()

    def _fill(self, server: str, copy: Path) -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        _run("pg_dump", "--format=custom", f"--file={copy}", database_of_tests())
        _run("pg_restore", f"--dbname={self.url}", str(copy))


def _unprivileged(folder: Path) -> list[str]:
    """Return what a command begins with so that it does not run as root, who may not run this."""
    if os.geteuid():
        return []
    shutil.chown(folder, "postgres", "postgres")
    return [program("setpriv"), "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=SECONDS)  # noqa: S603
