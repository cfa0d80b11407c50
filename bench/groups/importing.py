"""Whole calendars at once, beside the same rows saved one by one, and the same document again."""

from collections.abc import Callable, Mapping, Set
from typing import Any

from bench.costs import Runs
from bench.report import tell
from bench.stage import Stage

Told = dict[str, Any]


def measure(stage: Stage, keys: Set[str]) -> Runs:
    """Return the runs of rows: a school of 20,000 rows each, so 100,000 in five repeats."""
    wanted = {key: ROWS[key] for key in ROWS if key in keys}
    databases = {"postgresql": "imports", "sqlite": None}
    engines = {engine for engine, _figure in wanted.values()}
    told: dict[str, list[Told]] = {engine: [] for engine in databases if engine in engines}
    for repeat in range(stage.repeats):
        for engine, found in told.items():
            name = databases[engine]
            url = stage.embedded_database() if name is None else stage.database(name)
            found.append(stage.probe("imports", url, str(repeat)))
    for engine, found in told.items():
        tell(f"  ({engine}: {found[-1]})")
    return {
        key: [figure(each) for each in told[engine]] for key, (engine, figure) in wanted.items()
    }


def _speed(told: Told) -> float:
    """Return how many times what an imported row costs a saved one costs."""
    return float(told["saved_row"] * told["rows"] / told["first"])


ROWS: Mapping[str, tuple[str, Callable[[Told], float]]] = {
    "postgresql": ("postgresql", _speed),
    "sqlite": ("sqlite", _speed),
    "written": ("postgresql", lambda told: told["written"]),
    "history": ("postgresql", lambda told: told["history"]),
    "bumps": ("postgresql", lambda told: told["bumps"]),
    "again": ("postgresql", lambda told: told["first"] / told["again"]),
}
