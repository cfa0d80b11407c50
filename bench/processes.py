"""Processes that the benchmark and the tests start, none of which outlives them."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
STOP_SECONDS = 10
PACKAGES = {"wrk": "wrk", "redis-server": "redis-server", "setpriv": "util-linux"}
"""Which Debian package has a program."""


class MissingError(RuntimeError):
    """Something that is needed is not on this machine."""


def program(name: str) -> str:
    """Return where a program is. Raises MissingError, which says how to get it."""
    path = shutil.which(name)
    if path is None:
        message = f"{name} is not installed: apt-get install {PACKAGES[name]}"
        raise MissingError(message)
    return path


def beside_python(name: str) -> str:
    """Return where a program of the virtual environment is."""
    return str(Path(sys.executable).with_name(name))


def bound(command: Sequence[str]) -> list[str]:
    """Return a command that the system ends with the thread that starts it."""
    return [program("setpriv"), "--pdeathsig", "TERM", "--", *command]


@contextmanager
def running(
    command: Sequence[str], port: int, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run a server until the block ends, and yield its process id once it answers on `port`.

    The system ends it, too, if whoever started it is killed. Raises RuntimeError if it stops or
    takes too long to start.
    """
    process = subprocess.Popen(  # noqa: S603
        bound(command), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield process.pid
    finally:
        _stop(process)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = f"This did not start: {process.args!r}"
    raise RuntimeError(message)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
