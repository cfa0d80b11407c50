"""A long list, beside the same list by plain serializers."""

from collections.abc import Set

from bench.costs import Load, Runs, costs, ratios
from bench.stage import Stage

LOADS = {
    "ours": Load("shut", "/api/v1/quarters?page_size=1000", counts_database=True, is_slow=True),
    "plain": Load("shut", "/api/v1/bench/quarters", counts_database=True, is_slow=True),
}


def measure(stage: Stage, _keys: Set[str]) -> Runs:
    """Return the runs of the row."""
    return ratios(costs(stage, LOADS), {"quarters": ("plain", "ours")})
