"""Measure the pure calendar so many times, what is asked about in turn."""

import sys

from bench import calendar_rows
from bench.probes import tell


def main(repeats: int, *names: str) -> None:
    """Tell the seconds of each operation, by name and repeat."""
    found: dict[str, list[float]] = {name: [] for name in names}
    for _repeat in range(repeats):
        for name, runs in found.items():
            runs.append(getattr(calendar_rows, name)())
    tell(found)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
