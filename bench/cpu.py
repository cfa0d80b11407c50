"""What processes have cost, as the operating system counts it."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)

Spent = Mapping[int, float]
"""The CPU seconds of processes since each began, by process id."""


def tree(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    return [root, *(below for child in children(root) for below in tree(child))]


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    lists = PROC.glob(f"{pid}/task/*/children")
    return sorted(int(child) for each in lists for child in _read(each).split())


def spent(pids: Iterable[int]) -> Spent:
    """Return what processes have used, in user and in kernel mode; those that ended are left out.

    A clock tick, 10 ms as a rule, is the smallest unit.
    """
    lines = {pid: _read(PROC / str(pid) / "stat") for pid in pids}
    return {pid: _seconds(line) for pid, line in lines.items() if line}


def between(before: Spent, after: Spent) -> float:
    """Return the CPU seconds between two moments; a process that is new counts from its start."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def pss_megabytes(pid: int) -> float:
    """Return a process's memory; what it shares with others is shared out among them."""
    found = PSS.search(_read(PROC / str(pid) / "smaps_rollup"))
    if found is None:
        message = f"The memory of process {pid} cannot be read."
        raise RuntimeError(message)
    return int(found[1]) * 1024 / 1e6


def _seconds(stat: str) -> float:
    """Read utime and stime, which stand behind a name that may hold anything."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
