"""Let schemathesis ask the running service whatever its document allows, and what it does not.

The service runs on PostgreSQL and Redis, over a database of its own. Schemathesis asks every
operation by itself and follows the document's links at random; then `tests.live.lives` sees rows
of every kind through their lives. The exit status is 1 if an answer is not what the document says.
`make fuzz SEED=…` repeats a run, FUZZ_SECONDS=… makes it longer.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

import psycopg
import requests
from psycopg import sql

from bench.processes import ROOT, beside_python
from tests.live.field import field_document
from tests.services import manage, served, surroundings

POSTGRES = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"
SECONDS = int(os.environ.get("FUZZ_SECONDS") or 90)
FIELDS = ("fuzz", "lives")
"""The schools, one for each part, in which rows are made."""


def main() -> int:
    """Fuzz, tell the seed, and return the exit status."""
    seed = os.environ.get("SEED") or str(SystemRandom().randrange(2**32))
    with service() as address:
        known = {**address, "SCHOOLDAY_SEED": seed}
        url = f"{known['SCHOOLDAY_URL']}/api/schema"
        config = f"--config-file={Path(__file__).with_name('schemathesis.toml')}"
        options = (f"--max-time={SECONDS}", f"--seed={seed}")
        schemathesis = (beside_python("schemathesis"), config, "run", url, *options)
        statuses = [
            part("fuzz", schemathesis, known),
            part("lives", (sys.executable, "-m", "tests.live.lives"), known),
        ]
    tell(f"Seed: {seed}")
    return int(any(statuses))


def part(field: str, command: tuple[str, ...], known: Mapping[str, str]) -> int:
    """Run one part in its own school, and return its exit status."""
    environment = {**os.environ, **known, "SCHOOLDAY_FIELD": field, "PYTHONPATH": str(ROOT)}
    return subprocess.run(  # noqa: S603
        command, check=False, cwd=ROOT, env=environment, timeout=SECONDS + 120
    ).returncode


@contextmanager
def service() -> Iterator[dict[str, str]]:
    """Serve the demo and the fields, and yield what schemathesis needs to know of it."""
    with fresh_database() as database, TemporaryDirectory(prefix="schoolday-fuzz-") as folder:
        environment = surroundings(
            DATABASE_URL=database,
            REDIS_URL=REDIS,
            CACHE_TTL_SECONDS="600",  # the database is gone soon
            RATE_LIMIT_PER_MINUTE="1000000",
            ANONYMOUS_RATE_LIMIT_PER_MINUTE="1000000",
        )
        documents = [Path(folder) / f"{slug}.json" for slug in FIELDS]
        for document in documents:
            document.write_text(json.dumps(field_document(document.stem)))
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "seed_demo")
        manage(environment, "import_calendar", *map(str, documents))
        client = json.loads(manage(environment, "create_client", "--name=Fuzz", "--superuser"))
        with served(environment) as url:
            yield {"SCHOOLDAY_URL": url, "SCHOOLDAY_TOKEN": token_of(url, client)}


@contextmanager
def fresh_database() -> Iterator[str]:
    """Create a database beside that of DATABASE_URL, yield its URL, and drop it."""
    name = f"schoolday_fuzz_{os.getpid()}"
    quoted = sql.Identifier(name)
    with psycopg.connect(POSTGRES.replace("postgis:", "postgres:"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
        try:
            yield f"{POSTGRES.rpartition('/')[0]}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def token_of(url: str, client: Mapping[str, str]) -> str:
    """Return an access token of a program."""
    form = {"grant_type": "client_credentials"}
    pair = (client["client_id"], client["client_secret"])
    answer = requests.post(f"{url}/oauth/token", form, auth=pair, timeout=10)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def tell(line: str) -> None:
    """Print a line at once: what the parts print comes in between."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
