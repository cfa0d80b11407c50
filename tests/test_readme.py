"""The README's commands are there, and its answers are those of the service."""

import datetime as dt
import re
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from scheduling.demo import demo_documents
from scheduling.documents import import_document

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(
    r"    curl '?http://127\.0\.0\.1:8000(\S+?)'?\n\n```json\n(.*?)\n```", README, re.DOTALL
)
WRITTEN = dt.date(2026, 11, 21)


def says(answer: object, written: str) -> bool:
    """Compare with what is written, in which "…" stands for anything."""
    parts = [re.escape("".join(part.split())) for part in written.split("…")]
    return re.fullmatch(".*".join(parts), "".join(str(answer).split())) is not None


@pytest.mark.django_db
@pytest.mark.parametrize(("url", "written"), EXAMPLES, ids=[url for url, _ in EXAMPLES])
def test_an_answer_in_the_readme_is_the_services(url: str, written: str) -> None:
    for document in demo_documents(WRITTEN):
        import_document(document)

    answer = APIClient().get(url).content.decode()

    assert says(answer, written), answer


def test_the_readme_shows_five_answers() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize("command", re.findall(r"^    (make \w+)$", README, re.MULTILINE))
def test_a_command_in_the_readme_is_a_target(command: str) -> None:
    target = command.removeprefix("make ")
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
