"""Readers of running services beside a process that writes, and what was wrong with the answers."""

import random
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.proofs.asking import Caller, Told
from tests.proofs.numbered import QUESTIONS, Numbered
from tests.proofs.serving import Service
from tests.proofs.writing import Writer

READERS = 6
PAUSES = (0, 0.01, 0.03, 0.1)
SECONDS = 60


class Seen(NamedTuple):
    """An answer: how old it may be, and the numbers that it shows, or confirms."""

    question: str
    told: Told
    max_age: float
    numbers: set[int]


class Written(NamedTuple):
    """The writes that were acknowledged, and when: both go up."""

    numbers: list[int]
    times: list[float]

    def due(self, moment: float) -> int:
        """Return the number that whoever asks at this moment must see at least."""
        place = bisect_right(self.times, moment)
        return self.numbers[place - 1] if place else 0


@dataclass
class Race:
    """Readers that ask services by chance, all at once, until they are told to stop."""

    school: Numbered
    services: Sequence[Service]
    log: Path
    """Where the writer tells of its writes."""
    seed: int = 1
    seen: list[Seen] = field(default_factory=list)
    _readers: list[Future[None]] = field(default_factory=list)
    _is_over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self, writer: Writer) -> Iterator[None]:
        """Let everybody run until the block ends."""
        with (
            writer.writing(self.school.id, self.seed, self.log),
            ThreadPoolExecutor(READERS) as pool,
        ):
            self._readers = [pool.submit(self._read, number) for number in range(READERS)]
            try:
                yield
            finally:
                self._is_over.set()

    def wait_until(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so. Raises AssertionError if it takes too long."""
        deadline = time.monotonic() + SECONDS
        while not is_so():
            for reader in self._readers:
                if reader.done():
                    reader.result()
            assert time.monotonic() < deadline, f"This has taken too long: {self.told()}"
            time.sleep(0.1)

    def told(self) -> str:
        """Return how much has happened."""
        counts = {
            "answers": self.seen,
            "writes": self.written().numbers,
            "stale": self.stale(),
            "torn": self.torn(),
            "refused": self.refused(),
        }
        return ", ".join(f"{len(each)} {name}" for name, each in counts.items())

    def _read(self, number: int) -> None:
        chance = random.Random(f"{self.seed} {number}")
        held: dict[str, tuple[str, set[int]]] = {}
        with ExitStack() as stack:
            callers = [stack.enter_context(Caller(each.url)) for each in self.services]
            while not self._is_over.wait(chance.choice(PAUSES)):
                place, question = chance.randrange(len(callers)), chance.choice(QUESTIONS)
                headers = {}
                if question in held and chance.random() < 0.4:
                    headers["If_None_Match"] = held[question][0]
                if chance.random() < 0.2:
                    headers["Cache_Control"] = "no-cache"
                told = callers[place].ask(question, **headers)
                numbers = held[question][1] if told.status == 304 else set()
                if told.status == 200:
                    numbers = self.school.numbers(told.body)
                    held[question] = told.etag, numbers
                max_age = 0 if "Cache_Control" in headers else self.services[place].max_age
                self.seen.append(Seen(question, told, max_age, numbers))

    # What was wrong

    def written(self) -> Written:
        """Return what the writer has told until now."""
        lines = self.log.read_text().splitlines(keepends=True) if self.log.exists() else []
        whole = [line.split() for line in lines if line.endswith("\n")]
        return Written([int(line[0]) for line in whole], [float(line[1]) for line in whole])

    def stale(self) -> list[Seen]:
        """Return the answers that are older than a write which had to be seen."""
        written = self.written()
        return [
            seen
            for seen in list(self.seen)
            if seen.numbers and min(seen.numbers) < written.due(seen.told.began - seen.max_age)
        ]

    def torn(self) -> list[Seen]:
        """Return the answers that show parts of two states, or of none that was committed."""
        return [seen for seen in list(self.seen) if len(seen.numbers) > 1]

    def refused(self) -> list[Seen]:
        """Return the answers that tell nothing of the school."""
        return [seen for seen in list(self.seen) if not seen.numbers]
