"""Measure the pure calendar so many times, in turn, in a process set up as the service is."""

import sys

from bench import calendar_rows
from bench.probes import tell
from core.garbage import collect_seldom


def main(repeats: int, *names: str) -> None:
    """Tell the seconds of each operation, by name and repeat."""
    collect_seldom()
    found: dict[str, list[float]] = {name: [] for name in names}
    for _repeat in range(repeats):
        for name, runs in found.items():
            runs.append(getattr(calendar_rows, name)())
    tell(found)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
