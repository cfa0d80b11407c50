"""History that is pruned: what is promised stays, what is older goes."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError
from rest_framework.test import APIClient

from scheduling.models import Break, Revision, School, Term
from scheduling.services import pruning
from tests.factories import AcademicYearFactory, BreakFactory, SchoolFactory, TermFactory

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2024, 8, 1, 12, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def prune(**options: Any) -> str:
    told = StringIO()
    call_command("prune_history", stdout=told, **options)
    return told.getvalue()


@pytest.fixture
def year() -> Any:
    with time_machine.travel(LONG_AGO, tick=False):
        year = AcademicYearFactory.create(school=SchoolFactory.create(slug="maple-high"))
    with time_machine.travel(LONG_AGO + dt.timedelta(days=1), tick=False):
        TermFactory.create(academic_year=year)
        BreakFactory.create(academic_year=year, name="Old").delete()
    return year


def position(since: str = "") -> str:
    return str(answer(since)["next"])


def answer(since: str) -> Any:
    query = {"since": since} if since else {}
    response = APIClient().get("/api/v1/schools/maple-high/changes", query)
    return response.json()


def test_what_has_not_changed_for_long_is_still_known(year) -> None:
    since = position()
    with time_machine.travel(NOW, tick=False):
        assert prune() == "Forgot 4 states and 1 versions of rows.\n"
    assert Revision.objects.get().number == School.objects.get().revision
    assert answer(since)["changes"] == []
    assert Term.history.count() == Term.objects.count() == 1
    assert Break.history.get().history_type == "-"  # the last state of all


def test_pruning_again_forgets_nothing_more(year) -> None:
    with time_machine.travel(NOW, tick=False):
        prune()
        assert prune() == "Forgot 0 states and 0 versions of rows.\n"


def test_what_was_gone_within_the_days_is_still_told(year) -> None:
    since = position()
    with time_machine.travel(NOW - dt.timedelta(days=300), tick=False):
        row = BreakFactory.create(academic_year=year, name="Late")
    with time_machine.travel(NOW - dt.timedelta(days=100), tick=False):
        row.delete()
    with time_machine.travel(NOW, tick=False):
        prune()
    assert [each["op"] for each in answer(since)["changes"]] == ["delete"]


def test_a_position_from_before_is_lost(year) -> None:
    since = position()
    with time_machine.travel(LONG_AGO + dt.timedelta(days=30), tick=False):
        BreakFactory.create(academic_year=year).delete()
    with time_machine.travel(NOW, tick=False):
        assert answer(since)["changes"]
        prune()
    assert answer(since)["code"] == "sync_token_expired"


def test_a_client_that_began_may_go_on_whatever_was_old(year) -> None:
    with time_machine.travel(NOW, tick=False):
        first = APIClient().get("/api/v1/schools/maple-high/changes", {"limit": 1}).json()
        prune()
        rest = answer(first["next"])
    kinds = [each["resource"] for each in first["changes"] + rest["changes"]]
    assert sorted(kinds) == ["academic-years", "schools", "terms"]


def test_of_a_school_that_is_long_gone_nothing_is_kept(year) -> None:
    with time_machine.travel(LONG_AGO + dt.timedelta(days=2), tick=False):
        Term.objects.get().delete()
        year.delete()
        School.objects.get().delete()
    with time_machine.travel(NOW, tick=False):
        prune()
    assert not Revision.objects.exists()
    assert not any(model.history.exists() for model in (School, Term, Break))


@pytest.mark.parametrize(
    ("days", "told"), [(399, "Keep 400 days or more"), (10**9, "There is no history of")]
)
def test_fewer_days_than_promised_and_too_many_are_refused(year, days, told) -> None:
    with pytest.raises(CommandError, match=told):
        prune(days=days)


def test_a_school_that_is_being_written_is_left_for_the_next_time(year, monkeypatch) -> None:
    def locked(*_asked: Any) -> None:
        raise OperationalError("lock timeout")

    monkeypatch.setattr(pruning, "_pruned", locked)
    assert prune().endswith("Left 1 schools that were being written; run it again.\n")


def test_a_position_in_a_district_is_lost_with_what_came_after_it(year) -> None:
    def ask(since: str = "") -> Any:
        address = f"/api/v1/districts/{year.school.district_id}/changes"
        return APIClient().get(address, {"since": since} if since else {}).json()

    first = ask()["next"]
    with time_machine.travel(LONG_AGO + dt.timedelta(days=30), tick=False):
        row = BreakFactory.create(academic_year=year)
    with time_machine.travel(NOW, tick=False):
        second = ask(first)["next"]
        row.delete()
        prune()
        assert ask(first)["code"] == "sync_token_expired"
        assert [each["op"] for each in ask(second)["changes"]] == ["delete"]
        assert {each["resource"] for each in ask()["changes"]} == {
            "districts", "schools", "academic-years", "terms",
        }  # fmt: skip
