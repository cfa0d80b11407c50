"""The service as it runs: processes of it, and databases, that tests start and end."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection

from bench.processes import ROOT, beside_python, bound, free_port, running

MANAGE_SECONDS = 120


def surroundings(**given: str) -> dict[str, str]:
    """Return the environment of a quiet service on one's own machine, with what is given.

    It is not measured: that takes as long again, and the suite has run the same code.
    """
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE")}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DEBUG": "false",
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore:No directory at",  # nobody asks for static files
        **given,
    }


def database_of_tests() -> str:
    """Return the URL of the database that this test process writes in."""
    name = connection.settings_dict["NAME"]
    server = os.environ.get("DATABASE_URL", "").rpartition("/")[0]
    return f"{server}/{name}" if connection.vendor == "postgresql" else f"sqlite:///{name}"


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command of the service's and return what it printed."""
    done = subprocess.run(  # noqa: S603
        bound([sys.executable, "manage.py", *arguments]),
        check=True,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=MANAGE_SECONDS,
    )
    return done.stdout


@contextmanager
def served(
    environment: Mapping[str, str],
    application: str = "config.wsgi:application",
    *,
    workers: int = 1,
) -> Iterator[str]:
    """Serve on a free port, yield the URL, and stop what was started when the block ends.

    Each of the workers is a process of its own; a connection stays with one of them.
    """
    port = free_port()
    command = [
        *(beside_python("granian"), "--interface", "wsgi", "--no-ws", "--log-level", "error"),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "4", application),
    ]
    with running(command, port, environment):
        yield f"http://127.0.0.1:{port}"
