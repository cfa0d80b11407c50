"""Make every client from the OpenAPI document, and let each talk to a running service.

A client that is there and up to date is not made again. The exit status is 1 if one of them cannot
be made, or if its driver fails.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.clients.recipes import OUTPUT, RECIPES, ROOT, Command, Recipe
from tests.clients.service import running_service

MAKE_SECONDS = 300
RUN_SECONDS = 60


@dataclass(frozen=True)
class Outcome:
    """How one client fared: `failure` says what went wrong, and is empty if nothing did."""

    recipe: Recipe
    made: str
    ran: str = "-"
    failure: str = ""

    def line(self) -> str:
        """Return a line of the table."""
        result = "FAILED" if self.failure else "passed"
        return f"{self.recipe.name:32} {self.made:>10} {self.ran:>8}   {result}"


def main() -> int:
    """Make, run and tell."""
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(made, RECIPES))
    with running_service() as service:
        outcomes = [ran(outcome, service) for outcome in outcomes]
    for outcome in outcomes:
        if outcome.failure:
            tell(f"\n== {outcome.recipe.name} ==\n{outcome.failure}")
    tell("\n{:32} {:>10} {:>8}".format("client", "made", "ran"))
    for outcome in outcomes:
        tell(outcome.line())
    failed = sum(bool(outcome.failure) for outcome in outcomes)
    tell(f"\n{len(outcomes) - failed} passed, {failed} failed")
    return int(failed > 0)


def made(recipe: Recipe) -> Outcome:
    """Make a client, unless it is there and nothing that it is made of has changed."""
    folder = ROOT / OUTPUT / Path(recipe.sources).name
    stamp = folder / ".made-from"
    fingerprint = recipe.fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return Outcome(recipe, "unchanged")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.monotonic()
    failures = (call(command, {}, MAKE_SECONDS) for command in recipe.make)
    failure = next(filter(None, failures), "")
    if not failure:
        stamp.write_text(fingerprint)
    return Outcome(recipe, seconds_since(started), failure=failure)


def ran(outcome: Outcome, service: Mapping[str, str]) -> Outcome:
    """Run the driver of a client that could be made."""
    recipe = outcome.recipe
    if outcome.failure or not recipe.run:
        return outcome
    started = time.monotonic()
    failure = call(recipe.run, {**recipe.environment, **service}, RUN_SECONDS)
    return Outcome(recipe, outcome.made, seconds_since(started), failure)


def call(command: Command, environment: Mapping[str, str], seconds: int) -> str:
    """Run a command, and return what it printed if it failed."""
    try:
        done = subprocess.run(  # noqa: S603
            expanded(command),
            cwd=ROOT,
            env={**os.environ, **environment},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return f"{command[0]} took longer than {seconds} s."
    except OSError as error:
        return str(error)
    return f"$ {' '.join(command)}\n{done.stdout}" if done.returncode else ""


def expanded(command: Command) -> list[str]:
    """Return a command with the files that its patterns stand for."""
    words: list[str] = []
    for word in command:
        words += sorted(map(str, ROOT.glob(word))) if "*" in word else [word]
    return words


def seconds_since(started: float) -> str:
    """Return how long ago a moment was."""
    return f"{time.monotonic() - started:.1f} s"


def tell(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
