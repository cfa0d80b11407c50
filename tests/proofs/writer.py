"""A process that writes in numbered schools as it is told: `python -m tests.proofs.writer`.

Each line names what to do, a school, and more; each is answered with a line.

- `once SCHOOL N` gives the parts of the school the number N.
- `roll-back SCHOOL N` does so, asks what clients would ask, and takes it all back.
- `crash SCHOOL N` makes a process that does so and is killed between COMMIT and what follows it.
- `on SCHOOL SEED PATH` goes on writing, with delays by chance, until the next line; now and then
  it rolls back. The file gets a line for each write that was acknowledged: the number, and the
  monotonic clock.
"""

import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import django

DELAYS = (0, 0, 0.01, 0.02, 0.1, 0.4)
ROLLED_BACK = 1_000_000
"""Numbers from here on are never committed."""


class ChangedMindError(Exception):
    """Rolls a write back."""


def on(school: UUID, seed: str, path: str) -> None:
    """Write until the next line comes."""
    chance = random.Random(seed)
    number = 0
    with Path(path).open("w") as log:
        while not select.select([sys.stdin], [], [], chance.choice(DELAYS))[0]:
            if chance.random() < 0.2:
                tried(roll_back, school, ROLLED_BACK + number)
            number += 1
            while not tried(once, school, number):
                time.sleep(0.05)
            log.write(f"{number} {time.monotonic()}\n")
            log.flush()
    read_line()


def tried(write: Callable[[UUID, int], None], school: UUID, number: int) -> bool:
    """Return whether the database has answered. A write that it did make changes nothing again."""
    from django.db import DatabaseError, InterfaceError, connection  # noqa: PLC0415

    try:
        write(school, number)
    except (DatabaseError, InterfaceError):
        connection.close()
        return False
    return True


def once(school: UUID, number: str | int) -> None:
    """Make one write."""
    from tests.proofs.numbered import renumber  # noqa: PLC0415  # it needs Django

    renumber(school, int(number))


def crash(school: UUID, number: str) -> int:
    """Let a process make one write and be gone with its COMMIT; return the signal that ended it."""
    from django.db import connection, transaction  # noqa: PLC0415

    from core.revision import revise  # noqa: PLC0415

    connection.close()  # the other process needs one of its own
    if os.fork() == 0:
        with revise(school):
            transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
            once(school, number)
    return os.WTERMSIG(os.wait()[1])


def roll_back(school: UUID, number: str | int) -> None:
    """Write, ask what a client would ask, and take it all back."""
    from django.test import Client  # noqa: PLC0415

    from core.revision import revise  # noqa: PLC0415
    from tests.proofs.numbered import DAY, QUARTER  # noqa: PLC0415

    client = Client(SERVER_NAME="localhost")
    with suppress(ChangedMindError), revise(school):
        once(school, number)
        for question in (DAY, QUARTER):
            client.get(question)
        raise ChangedMindError


def read_line() -> list[str]:
    """Return the words of the next line; without a buffer, which `select` would not see."""
    return sys.stdin.buffer.raw.readline().decode().split()


TASKS = {"on": on, "once": once, "crash": crash, "roll-back": roll_back}


def main() -> None:
    """Do what each line says, and tell that it was done."""
    django.setup()
    from tests.proofs.wrong import be_wrong  # noqa: PLC0415

    be_wrong()
    while words := read_line():
        task, school, *rest = words
        sys.stdout.write(f"done {TASKS[task](UUID(school), *rest)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
