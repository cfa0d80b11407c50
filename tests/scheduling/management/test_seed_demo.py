"""The demo schools: there on the first run, current on every other."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import call_command

from scheduling.models import AcademicYear, School
from scheduling.models.calendar_rows import calendar_of
from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db

DAYS = ["2026-11-21", "2026-12-28", "2027-07-04", "2028-02-29"]


def seed(day: str, *options: str) -> str:
    out = io.StringIO()
    with time_machine.travel(f"{day}T18:00:00Z", tick=False):
        call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


def revisions() -> dict[str, int]:
    return dict(School.objects.values_list("slug", "revision"))


@pytest.mark.parametrize("day", DAYS)
def test_the_demo_has_a_year_around_today_and_answers(day: str) -> None:
    today = dt.date.fromisoformat(day)

    seed(day)

    schools = School.objects.all()
    assert len(schools) == 3
    for school in schools:
        assert AcademicYear.objects.for_date(today).filter(school=school).exists()
        assert calendar_of(school.pk, today, today).day(today).day.year is not None


def test_a_second_run_on_a_day_changes_nothing() -> None:
    first = seed("2026-11-21")
    before = revisions()

    second = seed("2026-11-21")

    assert "Maple High: " in first
    assert "Maple High: 0 created, 0 changed, 0 removed." in second
    assert revisions() == before == dict.fromkeys(before, 1)


def test_later_runs_lay_the_years_anew() -> None:
    for day in DAYS:
        seed(day)

    today = dt.date.fromisoformat(DAYS[-1])
    assert AcademicYear.objects.for_date(today).count() == 3


def test_the_source_is_named() -> None:
    assert "nicolaschan/schedules on GitHub, MIT License" in seed("2026-11-21")


def test_a_base_url_gives_addresses_to_try() -> None:
    assert seed("2026-11-21", "--base-url", "http://127.0.0.1:8000/").splitlines()[-5:] == [
        "Try:",
        "  http://127.0.0.1:8000/api/v1/schools/maple-high/days/today",
        "  http://127.0.0.1:8000/api/v1/schools/maple-high/now",
        "  http://127.0.0.1:8000/api/v1/quarters/for-date?school=maple-high&date=2026-11-21",
        "  http://127.0.0.1:8000/admin/",
    ]


def test_if_empty_loads_into_an_empty_service_and_keeps_what_is_there() -> None:
    seed("2026-11-21", "--if-empty")
    school = School.objects.get(slug="maple-high")
    school.name = "My own name"
    school.save()
    before = revisions()

    out = seed("2026-11-25", "--if-empty")

    assert "created" not in out
    assert revisions() == before


def test_if_empty_lays_schools_anew_that_time_has_left_behind() -> None:
    seed("2026-11-21", "--if-empty")

    out = seed("2029-10-01", "--if-empty", "--base-url", "http://localhost:8000")

    assert out.count("created") == 3
    assert AcademicYear.objects.for_date(dt.date(2029, 10, 1)).count() == 3


def test_if_empty_stays_away_from_schools_of_others() -> None:
    SchoolFactory.create(slug="oak-high")

    out = seed("2026-11-21", "--if-empty", "--base-url", "http://localhost:8000")

    assert list(revisions()) == ["oak-high"]
    assert "schools/" not in out.split("Try:")[1]
