"""A process that writes, and what it is told."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from bench.processes import ROOT, bound


class Writer:
    """A process of its own that writes in schools. Raises BrokenPipeError once it has failed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def does(self, what: str, school: UUID, *more: object) -> str:
        """Let it do something, and return what it says when it is done; see `writer`."""
        self._tell(what, school, *more)
        return self._listen()

    @contextmanager
    def writing(self, school: UUID, seed: int, log: Path) -> Iterator[None]:
        """Let it write until the block ends."""
        self._tell("on", school, seed, log)
        try:
            yield
        finally:
            self._tell("enough")
            self._listen()

    def _tell(self, *words: object) -> None:
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()

    def _listen(self) -> str:
        answer = self._process.stdout.readline()
        assert answer, "The writer has failed."
        return answer.strip()


@contextmanager
def writer(environment: Mapping[str, str]) -> Iterator[Writer]:
    """Run a process that writes until the block ends."""
    process = subprocess.Popen(  # noqa: S603
        bound([sys.executable, "-m", "tests.proofs.writer"]),
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Writer(process)
    finally:
        process.kill()
        process.communicate()
