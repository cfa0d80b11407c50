"""The commands of the page on staying in step work, and answer what it shows."""

import re

import pytest

from bench.processes import ROOT, free_port
from scheduling.demo import DISTRICT
from scheduling.models import District
from tests.services import served
from tests.test_readme import says
from tests.test_tutorial import STEP, in_a_shell, with_a_quiet_curl

PAGE = (ROOT / "docs" / "sync.md").read_text("utf-8")
STEPS = STEP.findall(PAGE)
LISTENED_AT = "8099"


@pytest.mark.django_db(transaction=True)
def test_the_page_does_what_it_says(tmp_path) -> None:
    District(**DISTRICT).save()
    environment = with_a_quiet_curl(tmp_path) | {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "TMPDIR": str(tmp_path),
    }
    port = str(free_port())
    steps = [(commands.replace(LISTENED_AT, port), written) for commands, written in STEPS]

    with served(environment) as here:
        printed = in_a_shell(steps, here, environment)

    differences = [
        (commands, answer)
        for (commands, written), answer in zip(STEPS, printed, strict=True)
        if not says(answer, written)
    ]
    assert differences == []


def test_every_command_that_answers_is_shown_with_its_answer() -> None:
    silent = [commands for commands, written in STEPS if not written]
    assert [each for each in silent if each.startswith("    curl")] == []


@pytest.mark.parametrize("link", re.findall(r"\]\(([\w./-]+)\)", PAGE))
def test_a_page_that_is_named_is_there(link: str) -> None:
    assert (ROOT / "docs" / link).exists()
