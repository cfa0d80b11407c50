"""Bursts of requests, driven by wrk."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.processes import program

SCRIPT = Path(__file__).with_name("load.lua")
GRACE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Burst:
    """What wrk counted."""

    requests: int
    seconds: float

    @property
    def per_second(self) -> float:
        """The throughput."""
        return self.requests / self.seconds


def burst(
    url: str, paths: Path, headers: Mapping[str, str], seconds: float, connections: int
) -> Burst:
    """Ask a server for the paths of a file in turn, on kept connections.

    Raises RuntimeError unless every answer was a success.
    """
    options = [part for name, text in headers.items() for part in ("-H", f"{name}: {text}")]
    command = [
        *(program("wrk"), "-t", "1", "-c", str(connections), "-d", f"{max(1, round(seconds))}s"),
        *("--timeout", "10s", "-s", str(SCRIPT), *options, url, "--", str(paths)),
    ]
    done = subprocess.run(  # noqa: S603
        command, check=True, capture_output=True, text=True, timeout=seconds + GRACE_SECONDS
    )
    return counted(done.stdout)


def counted(output: str) -> Burst:
    """Read what the script printed."""
    told = json.loads(output.rpartition("BURST ")[2])
    if told["refused"] or told["lost"] or not told["requests"]:
        message = f"Not every request was answered: {told}"
        raise RuntimeError(message)
    return Burst(told["requests"], told["microseconds"] / 1e6)
