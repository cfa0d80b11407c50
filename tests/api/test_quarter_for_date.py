"""The quarter of a date, over HTTP."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from core.cache import cached
from scheduling import cache_keys
from scheduling.models import Quarter
from tests.factories import AcademicYearFactory, DayOverrideFactory, SchoolFactory, TermFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/quarters/for-date?school=maple-high&date="


def test_a_date_in_a_quarter_is_told_whole(client, maple) -> None:
    assert client.get(URL + "2026-11-23").json() == {
        "school": maple.as_told,
        "date": "2026-11-23",
        "quarter": {
            "id": str(maple.quarters[1].id),
            "quarter_type": "Q2",
            "full_label": "Q2 (S1)",
        },
        "term": {"id": str(maple.term.id), "term_type": "SEM1", "name": "Semester 1"},
        "week": {"quarter": 7, "term": 16, "year": 16},
        "reason": "rule",
        "revision": maple.school.revision,
    }


def test_a_date_without_a_quarter_is_told_whole(client, maple) -> None:
    assert client.get(URL + "2026-12-22").json() == {
        "school": maple.as_told,
        "date": "2026-12-22",
        "quarter": None,
        "term": None,
        "week": {"quarter": None, "term": None, "year": None},
        "reason": "between_terms",
        "revision": maple.school.revision,
    }


@pytest.mark.parametrize(
    ("date", "quarter", "reason"),
    [
        pytest.param("2026-08-11", None, "outside_year", id="before-the-year"),
        pytest.param("2026-08-12", "Q1", "default", id="the-first-day"),
        pytest.param("2026-10-10", "Q1", "weekend", id="a-saturday"),
        pytest.param("2026-10-13", "Q1", "default", id="the-last-of-the-first"),
        pytest.param("2026-10-14", None, "no_quarter", id="between-quarters"),
        pytest.param("2026-10-17", None, "no_quarter", id="a-saturday-between-quarters"),
        pytest.param("2026-10-19", "Q2", "rule", id="the-first-of-the-second"),
        pytest.param("2026-11-11", "Q2", "override", id="closed"),
        pytest.param("2026-11-26", "Q2", "break", id="a-break"),
        pytest.param("2026-12-18", "Q2", "default", id="the-last-day"),
        pytest.param("2026-12-21", None, "override", id="a-make-up-day-between-terms"),
        pytest.param("2026-12-22", None, "between_terms", id="between-terms"),
    ],
)
def test_the_reason_tells_why(client, maple, date: str, quarter: str | None, reason: str) -> None:
    _move(maple.quarters[0], end_date=dt.date(2026, 10, 13))
    _move(maple.quarters[1], start_date=dt.date(2026, 10, 19))
    make_up = {"start_date": dt.date(2026, 12, 21), "template": maple.regular}
    DayOverrideFactory.create(academic_year=maple.year, name="Make-up day", **make_up)
    body = client.get(URL + date).json()
    assert (body["quarter"] and body["quarter"]["quarter_type"], body["reason"]) == (
        quarter,
        reason,
    )


def _move(quarter: Quarter, **dates: dt.date) -> None:
    for name, date in dates.items():
        setattr(quarter, name, date)
    quarter.save()


def test_a_trimester_has_no_quarter_and_beside_a_semester_stands_back(client, maple) -> None:
    TermFactory.create(academic_year=maple.year, term_type="TRI1")
    TermFactory.create(academic_year=maple.year, term_type="TRI2")
    both, trimester = (client.get(URL + date).json() for date in ("2026-11-23", "2027-01-20"))
    assert (both["term"]["term_type"], both["reason"]) == ("SEM1", "rule")
    assert (trimester["term"]["term_type"], trimester["reason"]) == ("TRI2", "no_quarter")


def test_a_year_without_terms_has_no_quarter(client) -> None:
    AcademicYearFactory.create(school=SchoolFactory.create(slug="no-terms"))
    body = client.get("/api/v1/quarters/for-date?school=no-terms&date=2026-11-23").json()
    assert (body["quarter"], body["term"], body["reason"]) == (None, None, "no_quarter")


def test_today_is_the_schools_today(client, maple) -> None:
    with time_machine.travel("2026-11-24T05:00:00+00:00", tick=False):
        assert client.get(URL + "today").json()["date"] == "2026-11-23"


def test_the_answer_and_the_models_own_lookup_are_kept_apart(client, maple) -> None:
    day = dt.date(2026, 11, 23)
    assert Quarter.objects.get_for_date(day, maple.school) == maple.quarters[1]
    answer = client.get(f"{URL}{day}").json()
    assert Quarter.objects.get_for_date(day, maple.school) == maple.quarters[1]
    assert client.get(f"{URL}{day}").json() == answer
    key = cache_keys.key("quarter_for_date", date=day)
    assert cached(maple.school.pk, key, _not_called) == str(maple.quarters[1].pk)


def _not_called() -> Any:
    pytest.fail("The model's own answer is in the cache.")
