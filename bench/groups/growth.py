"""What a thousand times the rows cost."""

from collections.abc import Callable, Mapping, Set

from bench.costs import Load, Runs, costs, ratios
from bench.fixtures import GROWING
from bench.stage import Stage

SAMPLE = 100
PAGE = "/api/v1/quarters?page_size=100"
DEEP_ROW = 900_000


def measure(stage: Stage, keys: Set[str]) -> Runs:
    """Return the runs of rows."""
    return {key: runs for key in keys for runs in [MEASURES[key](stage)]}


def miss(stage: Stage) -> list[float]:
    """Compare misses in the two databases, a fresh process each, another hundred schools each."""
    runs: Runs = {"large": [], "small": []}
    for repeat in range(stage.repeats):
        for name, found in runs.items():
            step = GROWING[name].bells // SAMPLE
            numbers = (str(repeat % step), str(GROWING[name].bells), str(step))
            day = stage.named("{day}")
            found.append(stage.probe("misses", stage.database(name), day, *numbers))
    return ratios(runs, {"miss": ("large", "small")})["miss"]


def page(stage: Stage) -> list[float]:
    """Compare a page deep in the large list with its first one."""
    cursor = stage.probe("cursor", stage.database("large"), str(DEEP_ROW))
    loads = {
        "deep": Load(
            "large", f"{PAGE}&cursor={cursor}", token=False, counts_database=True, is_slow=True
        ),
        "first": Load("large", PAGE, token=False, counts_database=True, is_slow=True),
    }
    return ratios(costs(stage, loads), {"page": ("deep", "first")})["page"]


MEASURES: Mapping[str, Callable[[Stage], list[float]]] = {"miss": miss, "page": page}
