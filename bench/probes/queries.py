"""Count the queries of a school's first date, and of another one right after it."""

import datetime as dt
import sys

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.probes import tell
from bench.probes.asking import ask, client

FIRST_SCHOOL = 500
"""Other rows ask about the schools before it, and their answers are in Redis."""


def main(token: str, day: str, repeats: int) -> None:
    """Tell the counts of as many schools; the program is known by then, as it is all day long."""
    known = client(token)
    ask(known, FIRST_SCHOOL - 1, day)
    other = str(dt.date.fromisoformat(day) + dt.timedelta(days=1))
    schools = range(FIRST_SCHOOL, FIRST_SCHOOL + repeats)
    counts = [(_queries(known, each, day), _queries(known, each, other)) for each in schools]
    firsts, others = zip(*counts, strict=True)
    tell({"first": firsts, "other": others})


def _queries(known: Client, number: int, day: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask(known, number, day)
    return len(captured)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
