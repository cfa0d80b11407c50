"""Rosters, beside bare Django that says the same; PostgreSQL's CPU counts, too."""

from collections.abc import Set

from bench.costs import Load, Runs, costs, needed, ratios
from bench.stage import QUESTIONS, Stage

LOADS = {
    name: Load("roster", path, counts_database=True) for name, path in QUESTIONS["roster"].items()
} | {f"bare_{name}": Load("bare_roster", f"/{name}") for name in QUESTIONS["roster"]}
PAIRS = {name: (name, f"bare_{name}") for name in QUESTIONS["roster"]}


def measure(stage: Stage, keys: Set[str]) -> Runs:
    """Return the runs of rows."""
    pairs = {key: PAIRS[key] for key in PAIRS if key in keys}
    return ratios(costs(stage, needed(LOADS, pairs)), pairs)
