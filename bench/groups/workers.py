"""Throughput of two workers beside one."""

from collections.abc import Set

from bench.costs import Load, Runs, ratios, throughputs
from bench.stage import Stage

DAYS = "/api/v1/schools/{school}/days?from={day}&to={day}"
LOADS = {"one": Load("shut", DAYS, schools=10), "two": Load("pair", DAYS, schools=10)}


def measure(stage: Stage, _keys: Set[str]) -> Runs:
    """Return the runs of the row."""
    return ratios(throughputs(stage, LOADS), {"pair": ("two", "one")})
