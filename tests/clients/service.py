"""A running service with the demo schools, and a program that may write in one of them."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from tests.services import manage, served, surroundings

SCHOOL = "maple-high"


@contextmanager
def running_service() -> Iterator[Mapping[str, str]]:
    """Serve until the block ends, and yield what a driver needs to know, as environment variables.

    The database is DATABASE_URL's, which has to be fresh, or one that is gone afterwards.
    """
    with TemporaryDirectory(prefix="schoolday-clients-") as folder:
        database = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/rows.sqlite3"
        environment = surroundings(DATABASE_URL=database)
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "seed_demo")
        credentials = json.loads(
            manage(
                environment,
                "create_client",
                "--name=Drivers",
                f"--school={SCHOOL}",
                "--role=editor",
            )
        )
        with served(environment) as url:
            yield {
                "SCHOOLDAY_URL": url,
                "SCHOOLDAY_SCHOOL": SCHOOL,
                "SCHOOLDAY_CLIENT_ID": credentials["client_id"],
                "SCHOOLDAY_CLIENT_SECRET": credentials["client_secret"],
            }
