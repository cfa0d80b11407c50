"""What is kept of rosters is never another state's, another caller's or another address's."""

from collections import OrderedDict
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import Application

from api.oneroster import kept as module
from api.oneroster.kept import Page, kept
from scheduling.models import ClientRoster
from tests.api.oneroster.conftest import ROOT_1_1, ROOT_1_2, Reader, plant, reader_of
from tests.factories import QuarterFactory

remembering = pytest.mark.django_db(transaction=True)


@pytest.fixture
def memory(settings) -> None:
    """Believe what was read for as long as a test takes."""
    settings.REVISION_MAX_AGE = settings.CREDENTIAL_MAX_AGE = 3600


@pytest.fixture(autouse=True)
def pages(monkeypatch) -> Any:
    """The pages that this test keeps, and no others."""
    monkeypatch.setattr(module, "_pages", OrderedDict())
    monkeypatch.setattr(module, "_bytes", 0)
    return module._pages


def questions(reader: Reader, path: str) -> int:
    """Return how many queries an answer costs."""
    with CaptureQueriesContext(connection) as asked:
        reader.get(path)
    return len(asked)


def titles(reader: Reader) -> list[str]:
    return [each["title"] for each in reader.read("/terms")]


@remembering
def test_a_page_that_is_asked_for_again_costs_no_question(memory, program) -> None:
    first = program.get("/academicSessions")
    assert questions(program, "/academicSessions") == 0
    again = program.get("/academicSessions")
    assert first.content == again.content
    assert (first["Link"], first["X-Total-Count"]) == (again["Link"], again["X-Total-Count"])


@remembering
def test_a_write_is_seen_at_once(memory, program, harbor) -> None:
    before = program.ids("/gradingPeriods")
    QuarterFactory.create(term=harbor.terms[1], sourced_id="q3")
    assert program.ids("/gradingPeriods") == [*before, "q3"]
    assert program.read("/orgs")[0]["name"] == "Harbor District"
    harbor.district.name = "Bay District"
    harbor.district.save()
    assert program.read("/orgs")[0]["name"] == "Bay District"


@remembering
def test_a_write_of_another_process_is_seen_at_once_by_who_asks_for_that(
    memory, program, harbor, monkeypatch
) -> None:
    assert titles(program) == ["Semester 1", "Semester 2"]
    monkeypatch.setattr("core.revision.forget_all", lambda: None)
    harbor.terms[0].name = "Fall"
    harbor.terms[0].save()
    assert titles(program) == ["Semester 1", "Semester 2"]
    program.client.credentials(HTTP_CACHE_CONTROL="no-cache")
    assert titles(program) == ["Fall", "Semester 2"]


@remembering
def test_callers_roots_and_ways_to_tell_dates_are_kept_apart(memory, harbor) -> None:
    valley = plant("d2", "sch2", prefix="v-")
    one = reader_of(harbor.district)
    assert one.ids("/terms") == ["sem1", "sem2"]
    assert reader_of(valley.district).ids("/terms") == ["v-sem1", "v-sem2"]
    other = reader_of(harbor.district, root=ROOT_1_1)
    assert ROOT_1_1 in other.read("/terms")[0]["parent"]["href"]
    assert ROOT_1_2 in one.read("/terms")[0]["parent"]["href"]
    inclusive = reader_of(harbor.district)
    application = Application.objects.order_by("-pk")[0]
    ClientRoster(application=application, oneroster_end_date="inclusive").save()
    assert inclusive.read("/terms")[0]["endDate"] == "2026-12-18"
    assert one.read("/terms")[0]["endDate"] == "2026-12-19"
    one.client.credentials(HTTP_HOST="127.0.0.1")
    assert one.read("/terms")[0]["parent"]["href"].startswith("http://127.0.0.1/")


@pytest.mark.django_db
def test_nothing_is_kept_of_everything(harbor, pages) -> None:
    reader = reader_of(harbor.district)
    user: Any = Application.objects.get().user
    user.is_superuser = True
    user.save()
    reader.get("/terms")
    assert pages == {}


@pytest.mark.django_db
def test_a_refusal_is_not_kept(program, pages) -> None:
    program.get("/terms", limit=0, status=400)
    assert pages == {}


def test_pages_take_no_more_than_they_may(pages, settings) -> None:
    settings.ROSTER_PAGES_BYTES = 3 * (1000 + module.OVERHEAD_BYTES)
    made: list[int] = []

    def make(number: int) -> Page:
        made.append(number)
        return Page(b"x" * 1000, number, "")

    for number in (1, 2, 3, 1, 4, 1, 2):
        assert kept(number, lambda number=number: make(number)).total == number
    assert made == [1, 2, 3, 4, 2], "what was asked for longest ago went first"
    assert module._bytes == sum(page.size for page in pages.values())
    assert kept("large", lambda: Page(b"x" * 10_000, 0, "")).total == 0
    assert (pages, module._bytes) == ({}, 0)


def test_of_two_that_make_a_page_at_once_one_is_kept(pages) -> None:
    def make() -> Page:
        kept("same", lambda: Page(b"inner", 1, ""))
        return Page(b"outer", 1, "")

    assert kept("same", make).body == b"outer"
    assert kept("same", make).body == b"inner"
    assert module._bytes == pages["same"].size
