"""A running service with the demo schools, and a program that may write in one of them."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients.recipes import PYTHON, ROOT

SCHOOL = "maple-high"
START_SECONDS = 60
STOP_SECONDS = 10


@contextmanager
def running_service() -> Iterator[Mapping[str, str]]:
    """Serve until the block ends, and yield what a driver needs to know, as environment variables.

    The database is DATABASE_URL's, which has to be fresh, or one that is gone afterwards.
    """
    with TemporaryDirectory(prefix="schoolday-clients-") as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/rows.sqlite3",
            "DEBUG": "false",
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore:No directory at",  # nobody asks for static files
        }
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "seed_demo")
        credentials = json.loads(
            manage(
                environment,
                "create_client",
                "--name=Drivers",
                f"--school={SCHOOL}",
                "--role=editor",
            )
        )
        with served(environment) as url:
            yield {
                "SCHOOLDAY_URL": url,
                "SCHOOLDAY_SCHOOL": SCHOOL,
                "SCHOOLDAY_CLIENT_ID": credentials["client_id"],
                "SCHOOLDAY_CLIENT_SECRET": credentials["client_secret"],
            }


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command of the service's and return what it printed."""
    command = [PYTHON, "manage.py", *arguments]
    done = subprocess.run(  # noqa: S603
        command,
        check=True,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    return done.stdout


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """Serve on a free port, and stop what was started when the block ends."""
    port = free_port()
    address = ("--host", "127.0.0.1", "--port", str(port))
    options = ("--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "error")
    granian = str(Path(PYTHON).with_name("granian"))
    process = subprocess.Popen(  # noqa: S603
        [granian, "--interface", "wsgi", *options, *address, "config.wsgi:application"],
        cwd=ROOT,
        env=environment,
    )
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the service answers. Raises RuntimeError if it stops or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = "The service did not start."
    raise RuntimeError(message)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a process, whatever it does."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
