"""What the service costs with its door shut: middleware, guards, a hit in Redis."""

from collections.abc import Set

from bench.costs import Load, Runs, costs, needed, ratios
from bench.stage import Stage

LOADS = {
    "redis": Load("shut", "/api/v1/schools/{school}/days/{day}", schools=10),
    "middleware": Load("shut", "/api/v1/bench/constant/day"),
    "bare": Load("bare", "/day"),
    "guarded": Load("shut", "/api/v1/bench/guarded"),
    "open": Load("shut", "/api/v1/bench/open"),
}
PAIRS = {
    "redis": ("middleware", "redis"),
    "middleware": ("bare", "middleware"),
    "guard": ("guarded", "open"),
}
GUARD_TIMES = 4


def measure(stage: Stage, keys: Set[str]) -> Runs:
    """Return the runs of rows; the guards' is what they add, in percent."""
    pairs = {key: PAIRS[key] for key in PAIRS if key in keys}
    guard = {key: pairs.pop(key) for key in ("guard",) if key in pairs}
    runs = ratios(costs(stage, needed(LOADS, pairs)), pairs)
    dearer = ratios(costs(stage, needed(LOADS, guard), GUARD_TIMES), guard)
    return runs | {key: [100 * (each - 1) for each in found] for key, found in dearer.items()}
