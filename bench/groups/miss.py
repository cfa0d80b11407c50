"""Queries of a question that nobody has asked before."""

from collections.abc import Set

from bench.costs import Runs
from bench.stage import Stage


def measure(stage: Stage, _keys: Set[str]) -> Runs:
    """Return the runs of rows, each about another school."""
    day = stage.named("{day}")
    found: Runs = stage.probe(
        "queries", stage.database("district"), stage.token("district"), day, str(stage.repeats)
    )
    return found
