"""Instructional minutes over HTTP."""

import datetime as dt

import pytest
import time_machine

from scheduling.documents import import_document
from tests.factories import DayOverrideFactory, PeriodDefinitionFactory, SchoolFactory
from tests.scheduling.test_demo import documents

pytestmark = pytest.mark.django_db

MINUTES = "/api/v1/schools/maple-high/instructional-minutes"


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel("2026-11-23T18:00:00+00:00", tick=False):
        yield


def test_the_minutes_of_a_year_are_told_whole(client, maple) -> None:
    DayOverrideFactory.create(
        academic_year=maple.year,
        name="Flood",
        start_date=dt.date(2026, 8, 18),
        end_date=dt.date(2026, 11, 10),
    )
    maple.school.refresh_from_db()
    body = client.get(MINUTES).json()
    weeks = [week for week in body["weeks"] if week["position"] in {1, 2, 3, 16, 19}]
    assert {**body, "weeks": weeks, "days": body["days"][:5]} == {
        "school": maple.as_told,
        "academic_year": {
            "id": str(maple.year.id),
            "name": "2026-2027",
            "minutes": 3 * 58 + 92 + 2 * 58 + 3 * 324 + 324 + 92 + 58,
            "school_days": 4 + 2 + 5 + 2 + 15,
        },
        "terms": [
            {
                "id": str(maple.term.id),
                "term_type": "SEM1",
                "name": "Semester 1",
                "minutes": 3 * 58 + 92 + 2 * 58 + 3 * 324 + 324 + 92 + 58,
                "school_days": 28,
            }
        ],
        "quarters": [
            {
                "id": str(maple.quarters[0].id),
                "quarter_type": "Q1",
                "full_label": "Q1 (S1)",
                "minutes": 3 * 58 + 92,
                "school_days": 4,
            },
            {
                "id": str(maple.quarters[1].id),
                "quarter_type": "Q2",
                "full_label": "Q2 (S1)",
                "minutes": 2 * 58 + 3 * 324 + 324 + 92 + 58,
                "school_days": 24,
            },
        ],
        "weeks": [
            {
                "position": 1,
                "monday": "2026-08-10",
                "number": 1,
                "minutes": 3 * 58,
                "school_days": 3,
            },
            {
                "position": 2,
                "monday": "2026-08-17",
                "number": 2,
                "minutes": 92,
                "school_days": 1,
            },
            {
                "position": 3,
                "monday": "2026-08-24",
                "number": None,
                "minutes": 0,
                "school_days": 0,
            },
            {
                "position": 16,
                "monday": "2026-11-23",
                "number": 5,
                "minutes": 92 + 58,
                "school_days": 2,
            },
            {
                "position": 19,
                "monday": "2026-12-14",
                "number": 8,
                "minutes": 324,
                "school_days": 5,
            },
        ],
        "days": [
            {"date": "2026-08-12", "minutes": 58},
            {"date": "2026-08-13", "minutes": 58},
            {"date": "2026-08-14", "minutes": 58},
            {"date": "2026-08-17", "minutes": 92},
            {"date": "2026-11-12", "minutes": 58},
        ],
        "revision": maple.school.revision,
    }


def test_the_keys_come_in_their_order(client, maple) -> None:
    body = client.get(MINUTES).json()
    assert list(body) == [
        "school", "academic_year", "terms", "quarters", "weeks", "days", "revision",
    ]  # fmt: skip
    assert [list(body[span][0]) for span in ("terms", "quarters", "weeks", "days")] == [
        ["id", "term_type", "name", "minutes", "school_days"],
        ["id", "quarter_type", "full_label", "minutes", "school_days"],
        ["position", "monday", "number", "minutes", "school_days"],
        ["date", "minutes"],
    ]


def test_minutes_are_a_persons(client, maple) -> None:
    lab = {"name": "Lab", "track": "lunch-a", "start": dt.time(11, 30), "length": 60, "passing": 0}
    PeriodDefinitionFactory.create(template=maple.regular, **lab)

    def first_day(query: str) -> int:
        return client.get(f"{MINUTES}{query}").json()["days"][0]["minutes"]

    asked = ["", "?track=none", "?track=all", "?track=lunch-b", "?track=lunch-a"]
    assert [first_day(query) for query in asked] == [58, 58, 58, 58, 58 + 6 + 60]


def test_a_school_without_years_has_no_minutes(client) -> None:
    school = SchoolFactory.create(slug="maple-high")
    body = client.get(MINUTES).json()
    del body["school"]
    assert body == {
        "academic_year": None,
        "terms": [],
        "quarters": [],
        "weeks": [],
        "days": [],
        "revision": school.revision,
    }


def test_the_minutes_of_the_demo_schools_add_up(client) -> None:
    for document in documents(dt.date(2026, 11, 23)):
        import_document(document)
        slug = document["school"]["slug"]
        body = client.get(f"/api/v1/schools/{slug}/instructional-minutes").json()
        year = body["academic_year"]
        assert 40_000 <= year["minutes"] <= 75_000
        assert len(body["days"]) == year["school_days"]
        for parts in ("weeks", "days", "quarters"):
            assert sum(part["minutes"] for part in body[parts]) == year["minutes"]
        today = client.get(f"/api/v1/schools/{slug}/days/today").json()
        assert {"date": "2026-11-23", "minutes": today["instructional_minutes"]} in body["days"]
