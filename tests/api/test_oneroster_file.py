"""A district's roster as a zip file, over HTTP."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from scheduling.models import Quarter, School
from tests.factories import (
    ApplicationFactory,
    MembershipFactory,
    SchoolFactory,
    TermFactory,
    bearer,
)
from tests.scheduling.oneroster_csv import contract

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def maple() -> School:
    """A public school, in a district with a private one and with one that is gone."""
    with time_machine.travel(NOON, tick=False):
        own = {"district__slug": "harbor", "district__sourced_id": "d1"}
        school = SchoolFactory.create(slug="maple", sourced_id="maple", **own)
        TermFactory.create(academic_year__school=school, sourced_id="sem1", generate_quarters=True)
        private = {"district": school.district, "is_public": False}
        oak = SchoolFactory.create(sourced_id="oak", **private)
        TermFactory.create(academic_year__school=oak, sourced_id="oak1")
        SchoolFactory.create(sourced_id="elm", **private).delete()
    return school


def program(**place: Any) -> APIClient:
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, **place)
    return APIClient(headers=bearer(application))


def asked(client: APIClient, query: str = "") -> dict[str, Any]:
    """Return the rows of a file, which is what the standard asks for."""
    response = client.get(f"/api/v1/districts/harbor/oneroster.zip{query}")
    assert response.status_code == 200, response.content
    return contract.read(response.content)


def ids(rows: list[dict[str, str]]) -> set[str]:
    return {row["sourcedId"] for row in rows}


def test_a_caller_is_told_of_the_schools_that_it_may_read(maple: School) -> None:
    delta = "?mode=delta&since=2026-07-01T12:00:00Z"
    district = program(district=maple.district)
    anybody = APIClient()
    assert ids(asked(anybody)["orgs"]) == {"d1", "maple"}
    assert {row["metadata.orgSourcedId"] for row in asked(anybody)["academicSessions"]} == {"maple"}
    assert ids(asked(anybody, delta)["orgs"]) == {"d1", "maple"}
    assert ids(asked(district)["orgs"]) == {"d1", "maple", "oak"}
    assert ids(asked(district, delta)["orgs"]) == {"d1", "maple", "oak", "elm"}
    oak = program(school=School.objects.get(sourced_id="oak"))
    assert ids(asked(oak)["orgs"]) == {"d1", "maple", "oak"}


def test_a_delta_since_the_last_change_tells_of_that_alone(maple: School) -> None:
    with time_machine.travel(NOON + dt.timedelta(hours=1), tick=False):
        Quarter.objects.filter(sequence=2).delete()
    query = "?mode=delta&since=2026-07-01T07:30:00.001-05:00&version=1.1&end_dates=inclusive"
    told = asked(APIClient(), query)["academicSessions"]
    assert [(row["type"], row["status"], row["endDate"]) for row in told] == [
        ("schoolYear", "active", "2027-06-03"),
        ("term", "active", "2026-12-18"),
        ("gradingPeriod", "tobedeleted", "2026-12-18"),
    ]


def test_the_file_has_a_name_and_a_tag(maple: School) -> None:
    path = f"/api/v1/districts/{maple.district.pk}/oneroster.zip"
    client = APIClient()
    first = client.get(path)
    assert first["Content-Type"] == "application/zip"
    assert first["Content-Disposition"] == 'attachment; filename="harbor-oneroster.zip"'
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(f"{path}?version=1.1")["ETag"] != first["ETag"]
    maple.name = "Oak"
    maple.save()
    changed = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)
    assert client.head(path)["ETag"] == changed["ETag"]


def test_a_file_costs_the_same_however_long_it_is(maple: School, django_assert_num_queries) -> None:
    for _ in range(3):
        SchoolFactory.create(district=maple.district, is_public=True)
    with django_assert_num_queries(4):
        asked(APIClient())
