"""The commands of the page on OneRoster work, and answer what it shows."""

import re

import pytest

from bench.processes import ROOT
from scheduling.demo import demo_documents
from scheduling.documents import import_document
from tests.api.oneroster.test_discovery import OPERATIONS
from tests.services import served
from tests.test_readme import WRITTEN, says
from tests.test_tutorial import STEP, in_a_shell, with_a_quiet_curl

PAGE = (ROOT / "docs" / "oneroster.md").read_text("utf-8")
STEPS = STEP.findall(PAGE)


@pytest.mark.django_db(transaction=True)
def test_the_page_does_what_it_says(tmp_path) -> None:
    for document in demo_documents(WRITTEN):
        import_document(document)
    environment = with_a_quiet_curl(tmp_path)

    with served(environment) as here:
        printed = in_a_shell(STEPS, here, environment)

    differences = [
        (commands, answer)
        for (commands, written), answer in zip(STEPS, printed, strict=True)
        if not says(answer, written)
    ]
    assert differences == []


def test_the_page_shows_five_answers() -> None:
    assert len([written for _commands, written in STEPS if written]) == 5


def test_the_page_names_every_collection() -> None:
    assert all(f"`/{path.split('/')[1]}" in PAGE for path in OPERATIONS)


@pytest.mark.parametrize("link", re.findall(r"\]\(([\w./-]+)\)", PAGE))
def test_a_page_that_is_named_is_there(link: str) -> None:
    assert (ROOT / "docs" / link).exists()
