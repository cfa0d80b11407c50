"""What `.ci/test` runs the suite on, seen by a Python that only notes how it is called."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"
NOTE = '#!/bin/sh\necho "$1 [$DATABASE_URL] [$REDIS_URL]" >> calls\n'


def runs(folder: Path, **environment: str) -> list[str]:
    """Return every call of Python: what it ran, and the two URLs that it was given."""
    python = folder / ".venv" / "bin" / "python"
    for path in (python, folder / ".ci" / "test"):
        path.parent.mkdir(parents=True)
    python.write_text(NOTE)
    python.chmod(0o755)
    shutil.copy(ROOT / ".ci" / "test", folder / ".ci" / "test")
    both = {"DATABASE_URL", "REDIS_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in both}
    script = folder / ".ci" / "test"
    subprocess.run([script], env=inherited | environment, check=True, capture_output=True)  # noqa: S603
    return (folder / "calls").read_text().splitlines()


@pytest.mark.parametrize(
    ("environment", "postgres", "redis"),
    [
        pytest.param({}, POSTGRES, REDIS, id="nothing"),
        pytest.param(
            {"DATABASE_URL": "sqlite:///demo.sqlite3", "REDIS_URL": ""}, POSTGRES, REDIS, id="demo"
        ),
        pytest.param({"REDIS_URL": "locmem://"}, POSTGRES, REDIS, id="other-cache"),
        *(
            pytest.param({"DATABASE_URL": given}, given, REDIS, id=given.partition(":")[0])
            for given in ("postgres://db/a", "postgresql://db/a", "postgis://db/a")
        ),
        pytest.param({"REDIS_URL": "rediss://r/1"}, POSTGRES, "rediss://r/1", id="rediss"),
    ],
)
def test_the_second_run_is_on_servers(
    tmp_path, environment: dict[str, str], postgres: str, redis: str
) -> None:
    first, _, second = runs(tmp_path, **environment)
    assert first == "-m [] []"
    assert second == f"-m [{postgres}] [{redis}]"
