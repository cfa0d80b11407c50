"""CPU of a server for a request, as the operating system counts it, side by side."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import cpu
from bench.databases import backends
from bench.load import Burst, burst
from bench.report import tell
from bench.stage import Server, Stage

CONNECTIONS = 8
IDLE_SECONDS = 0.05
SETTLE_SECONDS = 10

Runs = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk asks of which server."""

    server: str
    path: str
    """Names a school and a day in braces."""
    schools: int = 1
    """How many schools are asked for in turn."""
    token: bool = True
    counts_database: bool = False
    """Whether what PostgreSQL did for the server is counted, too."""
    is_slow: bool = False
    """Whether an answer takes so long that what is under way at the end of a burst counts."""


def costs(stage: Stage, loads: Mapping[str, Load], times: int = 1) -> Runs:
    """Return the CPU seconds of a request, by load and repeat; and tell them, in microseconds.

    A small difference of large numbers takes `times` as many repeats.
    """

    def cost(load: Load, drive: Callable[[], Burst]) -> float:
        return _cost(stage.server(load.server), load, drive)

    runs = _interleaved(stage, loads, cost, times * stage.repeats)
    for name, found in runs.items():
        tell(f"  ({name}: {1e6 * median(found):.1f} µs)")
    return runs


def throughputs(stage: Stage, loads: Mapping[str, Load]) -> Runs:
    """Return the requests of a second, by load and repeat; and tell them."""
    runs = _interleaved(stage, loads, lambda _load, drive: drive().per_second, stage.repeats)
    for name, found in runs.items():
        tell(f"  ({name}: {median(found):.0f} a second)")
    return runs


def ratios(runs: Runs, pairs: Mapping[str, tuple[str, str]]) -> Runs:
    """Return, by row, what the first load of a pair is of the second, repeat by repeat."""
    return {
        row: [over / under for over, under in zip(runs[first], runs[second], strict=True)]
        for row, (first, second) in pairs.items()
    }


def needed(loads: Mapping[str, Load], pairs: Mapping[str, tuple[str, str]]) -> dict[str, Load]:
    """Return the loads that the pairs name."""
    names = {name for pair in pairs.values() for name in pair}
    return {name: load for name, load in loads.items() if name in names}


def driven(stage: Stage, name: str, load: Load) -> Callable[[], Burst]:
    """Return what sends a burst; every server has started by then."""
    url = stage.server(load.server).url
    headers = stage.headers(load.server, token=load.token)
    paths = _listed(stage, name, load)
    seconds, connections = (3 * stage.seconds, 1) if load.is_slow else (stage.seconds, CONNECTIONS)
    return lambda: burst(url, paths, headers, seconds, connections)


def _interleaved(
    stage: Stage,
    loads: Mapping[str, Load],
    measure: Callable[[Load, Callable[[], Burst]], float],
    repeats: int,
) -> Runs:
    """Measure every load once in each repeat, so that a slow minute is everybody's."""
    drives = {name: driven(stage, name, load) for name, load in loads.items()}
    for drive in drives.values():
        drive()  # the first answers fill caches
    runs: Runs = {name: [] for name in loads}
    for _repeat in range(repeats):
        for name, load in loads.items():
            runs[name].append(measure(load, drives[name]))
    return runs


def _cost(server: Server, load: Load, drive: Callable[[], Burst]) -> float:
    before = _settled(server, load)
    requests = drive().requests
    return cpu.between(before, _spent(server, load)) / requests


def _settled(server: Server, load: Load) -> cpu.Spent:
    """Return what a server has spent, once it has nothing left to do of an earlier burst."""
    deadline = time.monotonic() + SETTLE_SECONDS
    before = _spent(server, load)
    while time.monotonic() < deadline:
        time.sleep(IDLE_SECONDS)
        after = _spent(server, load)
        if cpu.between(before, after) < IDLE_SECONDS / 2:
            return after
        before = after
    return before


def _spent(server: Server, load: Load) -> cpu.Spent:
    database = backends(server.database) if load.counts_database else []
    return cpu.spent([*cpu.tree(server.pid), *database])


def _listed(stage: Stage, name: str, load: Load) -> Path:
    """Write a load's paths to a file, where wrk finds them."""
    path = stage.folder / f"{name}.paths"
    lines = (stage.named(load.path, number) for number in range(load.schools))
    path.write_text("".join(f"{line}\n" for line in lines))
    return path
