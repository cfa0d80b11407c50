"""The tutorial's commands work, one after another, and answer what it shows."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bench.processes import ROOT
from scheduling.demo import DISTRICT
from scheduling.models import District
from tests.services import database_of_tests, served, surroundings
from tests.test_readme import says

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
HERE = "http://127.0.0.1:8000"
STEP = re.compile(r"((?:^    .*\n)+)(?:\n```(?:json|http|text)\n((?s:.*?))\n```\n)?", re.MULTILINE)
STEPS = [step for step in STEP.findall(TUTORIAL) if step[0].strip() != "make run"]
"""Commands, and what they print; "" where the tutorial does not say."""
BOUNDARY = "--- the next step ---"


@pytest.mark.django_db(transaction=True)
def test_the_tutorial_does_what_it_says(tmp_path) -> None:
    District(**DISTRICT).save()
    environment = with_a_quiet_curl(tmp_path)

    with served(environment) as here:
        printed = in_a_shell(STEPS, here, environment)

    differences = [
        (commands, answer)
        for (commands, written), answer in zip(STEPS, printed, strict=True)
        if not says(answer, written)
    ]
    assert differences == []


def with_a_quiet_curl(folder: Path) -> dict[str, str]:
    """Return the environment of a service on the database of this test, and of commands."""
    (folder / ".curlrc").write_text("silent\nshow-error\n")
    return surroundings(
        CURL_HOME=str(folder),
        DATABASE_URL=database_of_tests(),
        DJANGO_SETTINGS_MODULE="config.settings.test",
    )


def in_a_shell(
    steps: Sequence[tuple[str, str]], here: str, environment: Mapping[str, str]
) -> list[str]:
    """Do all steps in one shell, and return what each prints."""
    lines = [
        f"{re.sub('^    ', '', commands, flags=re.MULTILINE)}echo '{BOUNDARY}'"
        for commands, _ in steps
    ]
    script = "\n".join(["set -o errexit -o pipefail", *lines]).replace(HERE, here)
    done = subprocess.run(  # noqa: S603
        ["bash", "-c", script],  # noqa: S607
        check=False,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split(BOUNDARY)[:-1]


def test_the_tutorial_shows_what_its_commands_answer() -> None:
    silent = [commands for commands, written in STEPS if not written]
    assert len(STEPS) - len(silent) == 25
    assert [each for each in silent if each.startswith("    curl")] == []


@pytest.mark.parametrize("link", re.findall(r"\]\(([\w./-]+)\)", TUTORIAL))
def test_a_page_that_the_tutorial_names_is_there(link: str) -> None:
    assert (ROOT / "docs" / link).exists()
