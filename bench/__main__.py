"""`make bench`: measure every row, or those that ROWS names; see docs/performance.md.

The exit status is 0 even if a bound is not met, which the table shows, and 1 if something broke.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from types import FrameType

from bench import report
from bench.costs import Runs
from bench.groups import (
    calendar,
    door,
    growth,
    importing,
    lists,
    memory,
    miss,
    oneroster,
    view,
    workers,
)
from bench.processes import MissingError
from bench.rows import ROWS, Row, groups, selected
from bench.stage import Stage

SECONDS = float(os.environ.get("SECONDS") or 1)
"""How long a burst takes."""
REPEATS = int(os.environ.get("REPEATS") or 5)
LONGEST_SECONDS = 30 * 60

MEASURES: Mapping[str, Callable[[Stage, Set[str]], Runs]] = {
    "door": door.measure,
    "view": view.measure,
    "miss": miss.measure,
    "calendar": calendar.measure,
    "lists": lists.measure,
    "oneroster": oneroster.measure,
    "growth": growth.measure,
    "import": importing.measure,
    "memory": memory.measure,
    "workers": workers.measure,
}


def main() -> int:
    """Measure, tell, keep what a whole run has found, and return the exit status."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(LONGEST_SECONDS)
    try:
        rows = selected(os.environ.get("ROWS", ""))
        with ExitStack() as stack:
            results = list(measured(Stage(stack, SECONDS, REPEATS), rows))
    except (MissingError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"\n{report.table(results)}")
    if rows == ROWS:
        report.write(results)
    return 0


def measured(stage: Stage, rows: Sequence[Row]) -> Iterator[report.Result]:
    """Give the results of rows, group by group."""
    for group in groups(rows):
        report.tell(f"{group} ...")
        asked = [row for row in rows if row.group == group]
        runs = MEASURES[group](stage, {row.key for row in asked})
        for row in asked:
            found = report.result(row, runs[row.key])
            report.tell(f"  {row.text}: {found['value']:g} {row.unit}")
            yield found


def _stop(number: int, _frame: FrameType | None) -> None:
    """End as an error does, so that everything is cleaned up."""
    message = f"Stopped by {signal.Signals(number).name}."
    raise SystemExit(message)


if __name__ == "__main__":
    sys.exit(main())
