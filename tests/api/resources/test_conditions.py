"""ETags: the same for everybody, gone with the smallest change, and looked at under the lock."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from scheduling.models import Revision
from tests.api.conftest import Maple
from tests.api.resources.kinds import KINDS
from tests.factories import PeriodTemplateFactory, bearer

pytestmark = pytest.mark.django_db

SCHOOL = "/api/v1/schools/maple-high"
OTHER = '"another"'


def tag(client: APIClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.json()
    return str(response.headers["ETag"])


def template(maple: Maple) -> str:
    return f"/api/v1/period-templates/{maple.late_start.id}"


def answer(response: Any) -> tuple[int, str | None]:
    return response.status_code, response.json().get("code") if response.content else None


# What the caller holds


def test_whatever_the_caller_holds_of_a_row_is_confirmed(client, maple) -> None:
    for kind in KINDS:
        row = client.get(kind.url).json()["results"][0]
        url = f"{kind.url}/{row['id']}"
        etag = tag(client, url)
        assert (row["etag"], etag[0], etag[-1]) == (etag, '"', '"'), kind.path
        for held in (etag, f"W/{etag}", f"{OTHER}, W/{etag}", f"{etag},{OTHER}", "*"):
            response = client.get(url, headers={"if-none-match": held})
            assert (response.status_code, response.content) == (304, b""), held
            assert (response.headers["ETag"], response.headers["Cache-Control"]) == (
                etag,
                "no-cache",
            )
        for held in (OTHER, etag.strip('"'), "garbage", ""):
            assert client.get(url, headers={"if-none-match": held}).status_code == 200, held


def test_a_wrong_question_is_never_confirmed(client, maple) -> None:
    for query, pointer in (("x=1", "/x"), ("expand=revision", "/expand/0"), ("expand=", "/expand")):
        response = client.get(f"{SCHOOL}?{query}", headers={"if-none-match": "*"})
        assert response.status_code == 400
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_an_etag_is_the_same_for_every_caller(client, admin, superuser, program, maple) -> None:
    another = APIClient(headers=bearer(program, "calendar.read"))
    for kind in KINDS:
        url = f"{kind.url}/{client.get(kind.url).json()['results'][0]['id']}"
        assert len({tag(each, url) for each in (client, admin, superuser, another)}) == 1


def test_an_etag_outlives_writes_to_other_rows(client, admin, maple) -> None:
    url = f"/api/v1/terms/{maple.term.id}"
    etag = tag(client, url)
    assert admin.patch(SCHOOL, {"name": "Maple Senior High"}).status_code == 200
    assert tag(client, url) == etag


# A bell schedule is its periods, too


def rename_a_period(client: APIClient, maple: Maple) -> Any:
    return client.patch(f"/api/v1/period-definitions/{maple.periods[1].id}", {"name": "Second"})


def add_a_period(client: APIClient, maple: Maple) -> Any:
    body = {"template": str(maple.late_start.id), "number": 9, "start": "13:00", "length": 60}
    return client.post("/api/v1/period-definitions", body)


def delete_a_period(client: APIClient, maple: Maple) -> Any:
    return client.delete(f"/api/v1/period-definitions/{maple.periods[0].id}")


def replace_the_periods(client: APIClient, maple: Maple) -> Any:
    return client.put(f"{template(maple)}/periods", {"periods": []})


def rename_it(client: APIClient, maple: Maple) -> Any:
    return client.patch(template(maple), {"name": "Late"})


@pytest.mark.parametrize(
    "write", [rename_a_period, add_a_period, delete_a_period, replace_the_periods, rename_it]
)
def test_the_etag_of_a_bell_schedule_goes_with_its_periods(
    admin, maple, write: Callable[[APIClient, Maple], Any]
) -> None:
    url, regular = template(maple), f"/api/v1/period-templates/{maple.regular.id}"
    etag, another = tag(admin, url), tag(admin, regular)
    assert write(admin, maple).status_code in {200, 201, 204}
    assert tag(admin, url) != etag
    assert tag(admin, regular) == another
    assert admin.get(url, headers={"if-none-match": etag}).status_code == 200
    response = admin.delete(url, headers={"if-match": etag})
    assert answer(response) == (412, "precondition_failed")


def test_two_restored_states_of_a_bell_schedule_have_two_etags(admin, maple) -> None:
    with time_machine.travel("2026-11-23T15:45:00Z", tick=False):
        copy = admin.post(f"{template(maple)}/clone", {}).json()
    url = f"/api/v1/period-templates/{copy['id']}"
    etags = set()
    for period in copy["periods"]:
        backup = transaction.savepoint()
        assert admin.delete(f"/api/v1/period-definitions/{period['id']}").status_code == 204
        etags.add(tag(admin, url))
        transaction.savepoint_rollback(backup)
        assert tag(admin, url) == copy["etag"]
    assert len(etags) == len(copy["periods"])


# Parents shown along


@pytest.mark.parametrize(
    ("url", "expand", "parent", "change"),
    [
        ("terms/{maple.term.id}", "academic_year", "academic-years/{maple.year.id}", "name"),
        ("terms/{maple.term.id}", "school", "schools/{maple.school.id}", "name"),
        ("quarters/{maple.quarters[0].id}", "term", "terms/{maple.term.id}", "name"),
        ("period-definitions/{maple.periods[0].id}", "template", "period-templates/{t.id}", "name"),
        ("schools/maple-high", "district", "districts/{maple.school.district_id}", "slug"),
    ],
)
def test_an_expanded_answer_goes_with_its_parent(
    admin, maple, url: str, expand: str, parent: str, change: str
) -> None:
    plain = "/api/v1/" + url.format(maple=maple)
    expanded = f"{plain}?expand={expand}"
    etag, held = tag(admin, plain), tag(admin, expanded)
    assert held != etag
    assert admin.get(expanded, headers={"if-none-match": held}).status_code == 304
    parent_url = "/api/v1/" + parent.format(maple=maple, t=maple.late_start)
    assert admin.patch(parent_url, {change: "renamed"}).status_code == 200
    response = admin.get(expanded, headers={"if-none-match": held})
    assert response.status_code == 200
    assert response.json()["expanded"][expand][change] == "renamed"
    is_another_state = expand == "district"  # the documents of its schools name it
    assert (tag(admin, plain) != etag) == is_another_state


def test_each_set_of_parents_has_an_etag_of_its_own(client, maple) -> None:
    url = f"/api/v1/terms/{maple.term.id}"
    queries = ["", "?expand=school", "?expand=academic_year", "?expand=school&expand=academic_year"]
    assert len({tag(client, url + query) for query in queries}) == len(queries)


def test_a_parent_that_is_not_there_is_shown_as_null(admin, maple) -> None:
    override = maple.year.day_overrides.get()
    url = f"/api/v1/day-overrides/{override.id}?expand=template"
    held = tag(admin, url)
    assert admin.get(url).json()["expanded"] == {"template": None}
    body = {"closed": False, "template": str(maple.regular.id)}
    assert admin.patch(f"/api/v1/day-overrides/{override.id}", body).status_code == 200
    assert admin.get(url, headers={"if-none-match": held}).status_code == 200


# If-Match


def writes(maple: Maple) -> list[tuple[str, str, Any]]:
    """Return a write of each kind that takes effect, on a bell schedule and on a term."""
    empty = PeriodTemplateFactory.create(school=maple.school, code="empty")
    bells = f"/api/v1/period-templates/{empty.id}"
    term = f"/api/v1/terms/{maple.term.id}"
    maple.quarters[0].delete()
    return [
        ("post", f"{bells}/generate", {"start": "08:00", "count": 2, "length": 60}),
        ("post", f"{bells}/clone", {}),
        ("put", f"{bells}/periods", {"periods": []}),
        ("post", f"{term}/generate-quarters", {}),
        ("patch", bells, {"name": "Changed"}),
        ("put", bells, {"school": "maple-high", "code": "empty", "name": "Replaced"}),
        ("delete", bells, None),
    ]


def resource(url: str) -> str:
    return "/".join(url.split("/")[:5])


def test_a_write_on_a_false_condition_does_nothing(admin, maple) -> None:
    todo = writes(maple)
    revisions = Revision.objects.count()
    for method, url, body in todo:
        current = tag(admin, resource(url))
        for condition in (OTHER, f"{OTHER}, {OTHER}", "", "garbage", current.strip('"')):
            response = getattr(admin, method)(url, body, headers={"if-match": condition})
            assert answer(response) == (412, "precondition_failed"), (method, url, condition)
            assert response.headers["ETag"] == current
    assert Revision.objects.count() == revisions


def test_a_write_on_a_true_condition_is_done(admin, maple) -> None:
    for method, url, body in writes(maple):
        revisions = Revision.objects.count()
        condition = f"{OTHER}, {tag(admin, resource(url))}"
        response = getattr(admin, method)(url, body, headers={"if-match": condition})
        assert response.status_code in {200, 201, 204}, (method, url, response.json())
        assert Revision.objects.count() == revisions + 1, (method, url)


def test_what_a_write_answers_is_read_before_another_can_follow(admin, maple) -> None:
    body = {"academic_year": str(maple.year.id), "name": "Snow", "kind": "weather"}
    days = {"start_date": "2027-02-01", "end_date": "2027-02-01"}
    for method, url, sent in [*writes(maple), ("post", "/api/v1/breaks", {**body, **days})]:
        with CaptureQueriesContext(connection) as captured:
            assert getattr(admin, method)(url, sent).status_code in {200, 201, 204}
        assert captured[-1]["sql"].startswith("RELEASE SAVEPOINT"), (method, url)


def test_a_write_of_whatever_is_there_needs_it_to_be_there(admin, maple) -> None:
    url = f"/api/v1/breaks/{maple.year.breaks.get().id}"
    assert admin.patch(url, {"name": "Fall"}, headers={"if-match": "*"}).status_code == 200
    assert admin.delete(url, headers={"if-match": "*"}).status_code == 204
    assert answer(admin.delete(url, headers={"if-match": "*"})) == (404, "not_found")


def test_what_a_write_answers_is_the_condition_of_the_next(admin, maple) -> None:
    url = f"/api/v1/breaks/{maple.year.breaks.get().id}"
    etag = tag(admin, url)
    for name in ("One", "Two", "Three"):
        response = admin.patch(url, {"name": name}, headers={"if-match": etag})
        assert response.status_code == 200
        assert response.headers["ETag"] != etag
        etag = response.headers["ETag"]
    assert tag(admin, url) == etag


def test_the_etag_of_an_expanded_answer_is_a_condition_on_the_row_alone(admin, maple) -> None:
    url = f"/api/v1/terms/{maple.term.id}"
    held = tag(admin, f"{url}?expand=academic_year")
    year = f"/api/v1/academic-years/{maple.year.id}"
    assert admin.patch(year, {"name": "Renamed"}).status_code == 200
    assert admin.patch(url, {"name": "Fall"}, headers={"if-match": held}).status_code == 200
    assert admin.patch(url, {"name": "Autumn"}, headers={"if-match": held}).status_code == 412


def test_a_body_is_not_read_before_the_condition_holds(admin, maple) -> None:
    response = admin.put(SCHOOL, {"name": 5}, headers={"if-match": OTHER})
    assert answer(response) == (412, "precondition_failed")


@pytest.mark.parametrize("url", ["/api/v1/districts/{0.district_id}", "/api/v1/schools/{0.id}"])
def test_a_district_and_a_school_have_conditions_too(admin, maple, url: str) -> None:
    url = url.format(maple.school)
    etag = tag(admin, url)
    assert admin.patch(url, {"name": "One"}, headers={"if-match": etag}).status_code == 200
    assert admin.patch(url, {"name": "Two"}, headers={"if-match": etag}).status_code == 412
    assert admin.get(url).json()["name"] == "One"
