"""Hits at the door, beside bare Django, a bare WSGI function and plain serializers."""

from collections.abc import Set

from bench.costs import Load, Runs, costs, needed, ratios
from bench.stage import Stage

SCHOOLS = 10
"""So many classrooms' schools are asked in turn."""

LOADS = {
    "day": Load("door", "/api/v1/schools/{school}/days/{day}", SCHOOLS),
    "public": Load("door", "/api/v1/schools/{school}/days/{day}", SCHOOLS, token=False),
    "quarter": Load("door", "/api/v1/quarters/for-date?school={school}&date={day}", SCHOOLS),
    "now": Load("door", "/api/v1/schools/{school}/now", SCHOOLS),
    "bare_day": Load("bare", "/day"),
    "bare_quarter": Load("bare", "/quarter"),
    "bare_now": Load("bare", "/now"),
    "hello_day": Load("hello", "/day"),
    "serializers": Load("shut", "/api/v1/bench/schools/{school}/days/{day}", SCHOOLS, is_slow=True),
}
PAIRS = {
    "day_bare": ("bare_day", "day"),
    "day_hello": ("hello_day", "day"),
    "public": ("bare_day", "public"),
    "quarter": ("bare_quarter", "quarter"),
    "now": ("bare_now", "now"),
    "serializers": ("serializers", "day"),
}
"""Capacity is the inverse of cost: what the other costs is divided by what the door costs."""


def measure(stage: Stage, keys: Set[str]) -> Runs:
    """Return the runs of rows."""
    pairs = {key: PAIRS[key] for key in PAIRS if key in keys}
    return ratios(costs(stage, needed(LOADS, pairs)), pairs)
