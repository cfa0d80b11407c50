"""The pure calendar, compiled."""

from collections.abc import Set

from bench.costs import Runs
from bench.stage import Stage

UNITS = {"instant": 1e6, "date": 1e6, "year": 1e6, "compile_year": 1e3}


def measure(stage: Stage, keys: Set[str]) -> Runs:
    """Return the runs of rows."""
    asked = [key for key in UNITS if key in keys]
    found = stage.probe("calendar", stage.database("empty"), str(stage.repeats), *asked)
    return {key: [UNITS[key] * each for each in found[key]] for key in asked}
