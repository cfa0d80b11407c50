"""Rows of every kind: made, read and deleted along the document's links.

Schemathesis walks at random among the operations of one kind of row at a time and checks every
answer: what was made is there until it is deleted, and never after. The exit status is 1 if it
finds fault, or if it has not seen a row of some kind through its life.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from schemathesis.core.failures import FailureGroup

LIFE = ("POST 201", "GET 200", "DELETE 204")
WALKS = 20
SETTINGS = hypothesis.settings(
    max_examples=3,
    stateful_step_count=12,
    phases=[hypothesis.Phase.generate],
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)


def main() -> int:
    """Walk, tell, and return the exit status."""
    config = schemathesis.Config.from_path(Path(__file__).with_name("schemathesis.toml"))
    url = f"{os.environ['SCHOOLDAY_URL']}/api/schema"
    schema = schemathesis.openapi.from_url(url, config=config)
    sys.stdout.write("\nRows that were made, then read, then deleted:\n")
    return max([walk(path, schema) for path in lists(schema)])


def lists(schema: Any) -> Iterator[str]:
    """Yield every path where rows are made, but for those where one is made of another."""
    for path, item in schema.raw_schema["paths"].items():
        if "{" not in path and "201" in item.get("post", {}).get("responses", {}):
            yield path


def walk(path: str, schema: Any) -> int:
    """Walk until a row of the path was seen through its life, and return the exit status."""
    part = schema.exclude(path_regex=f"^(?!{path}(/|$))")
    try:
        lived = next(filter(None, walks(part)), None)
    except FailureGroup as failures:
        sys.stdout.write(f"\n{failures}\n")
        return 1
    sys.stdout.write(f"  {path:32} {lived or 'none was seen'}\n")
    return 0 if lived else 1


def walks(part: Any) -> Iterator[str | None]:
    """Yield, walk by walk, the address of a row that was seen through its life, if one was."""
    seen: list[str] = []

    class Walk(part.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {os.environ['SCHOOLDAY_TOKEN']}"}}

        def teardown(self) -> None:
            seen.extend(lives_in(self.recorder))
            super().teardown()

    for number in range(WALKS):
        hypothesis.seed(int(os.environ["SCHOOLDAY_SEED"]) + number)(Walk)
        Walk.run(settings=SETTINGS)
        yield seen[0] if seen else None


def lives_in(recorder: Any) -> Iterator[str]:
    """Yield the address of every row that was made, then read, then deleted."""
    for made in recorder.cases:
        steps = iter(list(steps_of(recorder, made)))
        if all(wanted in steps for wanted in LIFE):  # one after the other
            yield recorder.interactions[made].response.headers["location"][0]


def steps_of(recorder: Any, made: str) -> Iterator[str]:
    """Yield what was asked, and answered, where a row was made and along its links."""
    for key, node in recorder.cases.items():
        answer = recorder.interactions[key].response
        if answer is not None and made in {key, node.parent_id}:
            yield f"{node.value.method} {answer.status_code}"


if __name__ == "__main__":
    sys.exit(main())
