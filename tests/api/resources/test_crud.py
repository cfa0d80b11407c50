"""What can be done with every resource, and what is left where nothing is changed."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from scheduling.models import Break, PeriodTemplate, Revision, School, Term
from tests.api.conftest import Maple
from tests.api.resources.kinds import KINDS, Kind, every_kind, kind_of
from tests.factories import (
    TERM_DATES,
    AcademicYearFactory,
    DistrictFactory,
    PeriodTemplateFactory,
    SchoolFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

CREATED, CHANGED = "2026-11-23T15:45:00Z", "2026-11-24T15:45:00Z"


def post(client: APIClient, kind: Kind, body: Any) -> Any:
    response = client.post(kind.url, body)
    assert response.status_code == 201, response.json()
    return response


def created(client: APIClient, kind: Kind, body: Any) -> tuple[str, dict[str, Any]]:
    """Create a row yesterday, and return its address and what it says."""
    with time_machine.travel(CREATED, tick=False):
        response = post(client, kind, body)
    return response.headers["Location"], response.json()


def told(response: Any) -> set[tuple[str, str]]:
    return {(error["pointer"], error["code"]) for error in response.json()["errors"]}


def trace(kind: Kind, pk: str) -> tuple[Any, ...]:
    """Return what every write of a row leaves behind."""
    row = kind.model.objects.get(pk=pk)
    revisions = dict(School.objects.values_list("slug", "revision"))
    return row.updated_at, row.history.count(), Revision.objects.count(), revisions


def tracked(first: str, last: str, revision: int, response: Any) -> dict[str, Any]:
    etag = response.headers["ETag"]
    return {"created_at": first, "updated_at": last, "revision": revision, "etag": etag}


# Create, read, delete


@every_kind
def test_a_new_row_is_answered_as_it_was_sent(superuser, maple, kind: Kind) -> None:
    body = kind.full(maple)
    with time_machine.travel(CREATED, tick=False):
        response = post(superuser, kind, body)
    answer = response.json()
    row = kind.model.objects.get(pk=answer["id"])
    assert answer == {
        "id": str(row.id),
        **kind.told(maple, body),
        **tracked(CREATED, CREATED, row.revision, response),
    }
    again = superuser.get(response.headers["Location"])
    assert (again.status_code, again.json()) == (200, answer)
    assert again.headers["ETag"] == response.headers["ETag"]
    assert response.headers["Location"] == f"{kind.url}/{row.id}"
    assert answer in superuser.get(f"{kind.url}?page_size=1000").json()["results"]


def test_a_deleted_row_is_gone(superuser, maple) -> None:
    for kind in KINDS:
        url, answer = created(superuser, kind, kind.full(maple))
        response = superuser.delete(url)
        assert (response.status_code, response.content) == (204, b""), kind.path
        for method in ("get", "put", "patch", "delete"):
            assert getattr(superuser, method)(url).status_code == 404
        assert answer not in superuser.get(kind.url).json()["results"]


def test_the_body_of_a_deletion_says_nothing(admin, maple) -> None:
    url = f"/api/v1/terms/{TermFactory.create(academic_year=maple.year, term_type='SEM2').id}"
    assert admin.delete(url, {"whatever": [1]}).status_code == 204


def test_a_semester_is_created_with_its_quarters_unless_told_not_to(admin, maple) -> None:
    start, end = (str(day) for day in TERM_DATES["SEM2"])
    body = {"academic_year": str(maple.year.id), "start_date": start, "end_date": end}
    for told, types in (({"generate_quarters": False}, []), ({}, ["Q3", "Q4"])):
        response = admin.post("/api/v1/terms", {**body, "term_type": "SEM2", **told})
        assert response.status_code == 201
        term = Term.objects.get(pk=response.json()["id"])
        assert list(term.quarters.values_list("quarter_type", flat=True)) == types
        term.quarters.all().delete()
        term.delete()


def test_a_trimester_is_created_without_quarters(admin, maple) -> None:
    start, end = (str(day) for day in TERM_DATES["TRI1"])
    body = {"academic_year": str(maple.year.id), "term_type": "TRI1"}
    response = admin.post("/api/v1/terms", {**body, "start_date": start, "end_date": end})
    assert response.status_code == 201
    assert not Term.objects.get(pk=response.json()["id"]).quarters.exists()


def test_a_semester_too_short_for_quarters_is_refused_with_them(admin, maple) -> None:
    body = {"academic_year": str(maple.year.id), "term_type": "SEM2"}
    body |= {"start_date": "2027-01-04", "end_date": "2027-01-06"}
    response = admin.post("/api/v1/terms", body)
    assert (response.status_code, told(response)) == (400, {("/end_date", "too_short")})
    assert maple.year.terms.count() == 1


# Replace and change


@every_kind
def test_replacing_resets_what_the_body_leaves_out(superuser, maple, kind: Kind) -> None:
    url, before = created(superuser, kind, kind.full(maple))
    with time_machine.travel(CHANGED, tick=False):
        response = superuser.put(url, kind.required(maple))
    answer = response.json()
    assert response.status_code == 200, answer
    assert answer == {
        "id": before["id"],
        **kind.told(maple, kind.required(maple)),
        **tracked(CREATED, CHANGED, before["revision"] + 1, response),
    }
    again = superuser.get(url)
    assert (again.json(), again.headers["ETag"]) == (answer, response.headers["ETag"])


def test_changing_touches_only_what_is_named(superuser, maple) -> None:
    for kind in KINDS:
        url, before = created(superuser, kind, kind.full(maple))
        with time_machine.travel(CHANGED, tick=False):
            response = superuser.patch(url, {"sourced_id": "another"})
        revision = kind.model.objects.get(pk=before["id"]).revision
        assert response.status_code == 200
        assert response.json() == {
            **before,
            "sourced_id": "another",
            **tracked(CREATED, CHANGED, revision, response),
        }
        assert revision == before["revision"] + 1


def test_an_unchanged_write_leaves_no_trace(superuser, maple) -> None:
    for kind in KINDS:
        body = kind.full(maple)
        url, before = created(superuser, kind, body)
        left = trace(kind, before["id"])
        alone = [("patch", {name: value}) for name, value in body.items()]
        for method, same in [("put", body), ("patch", {}), *alone]:
            response = getattr(superuser, method)(url, same)
            assert (response.status_code, response.json()) == (200, before), (method, same)
            assert response.headers["ETag"] == before["etag"]
        assert trace(kind, before["id"]) == left


@pytest.mark.parametrize("path", ["terms", "quarters", "period-definitions", "academic-years"])
def test_replacing_by_what_the_service_would_fill_in_changes_nothing(admin, maple, path) -> None:
    kind = kind_of(path)
    url, before = created(admin, kind, kind.required(maple))
    assert admin.put(url, kind.required(maple)).json() == before


def test_writes_are_noted_under_the_caller(superuser, maple) -> None:
    account = User.objects.get(is_superuser=True)
    for kind in KINDS:
        before = superuser.get(kind.url).json()["results"][0]
        after = superuser.patch(f"{kind.url}/{before['id']}", {"sourced_id": "another"}).json()
        row = kind.model.objects.get(pk=before["id"])
        assert (row.created_by, row.updated_by) == (None, account), kind.path
        assert row.history.first().history_user == account
        written = Revision.objects.filter(school__slug="maple-high", number=after["revision"])
        assert kind.path == "districts" or written.get().actor == account


def test_a_new_row_is_noted_under_the_caller(admin, program, maple) -> None:
    _url, answer = created(admin, kind_of("breaks"), kind_of("breaks").full(maple))
    row = Break.objects.get(pk=answer["id"])
    assert (row.created_by, row.updated_by) == (program.user, program.user)


def test_a_deletion_is_noted_under_the_caller(admin, program, maple) -> None:
    admin.delete(f"/api/v1/breaks/{maple.year.breaks.get().id}")
    assert Break.history.first().history_user == program.user
    assert Revision.objects.order_by("-number").first().actor == program.user


# Parents


def other_parent(maple: Maple, field: str) -> Any:
    """Return a row of the same school that could have been the parent."""
    if field == "school":
        return SchoolFactory.create(district=maple.school.district)
    if field == "template":
        return PeriodTemplateFactory.create(school=maple.school)
    if field == "term":
        return maple.term
    days = {"start_date": dt.date(2027, 8, 11), "end_date": dt.date(2028, 6, 1)}
    return AcademicYearFactory.create(school=maple.school, name="2027-2028", **days)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("academic-years", "school"),
        ("terms", "academic_year"),
        ("breaks", "academic_year"),
        ("quarters", "term"),
        ("period-templates", "school"),
        ("period-definitions", "template"),
        ("schedule-rules", "academic_year"),
        ("day-overrides", "academic_year"),
    ],
)
def test_a_row_cannot_move_to_another_parent(admin, maple, path: str, field: str) -> None:
    kind = kind_of(path)
    url, before = created(admin, kind, kind.full(maple))
    parent = {field: str(other_parent(maple, field).id)}
    for method, body in (("put", {**kind.full(maple), **parent}), ("patch", parent)):
        response = getattr(admin, method)(url, body)
        assert (response.status_code, response.json()["code"]) == (400, "invalid")
        assert (f"/{field}", "fixed") in told(response)
    assert admin.get(url).json() == before


def test_a_school_can_move_to_another_district_of_the_same_admin(superuser, maple) -> None:
    district = DistrictFactory.create(slug="lake")
    response = superuser.patch("/api/v1/schools/maple-high", {"district": "lake"})
    assert (response.status_code, response.json()["district"]) == (200, str(district.id))


def test_a_school_does_not_move_to_a_district_of_somebody_else(admin, maple) -> None:
    public = SchoolFactory.create().district
    response = admin.patch("/api/v1/schools/maple-high", {"district": str(public.id)})
    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
    private = SchoolFactory.create(is_public=False).district
    response = admin.patch("/api/v1/schools/maple-high", {"district": str(private.id)})
    assert (response.status_code, told(response)) == (404, {("/district", "not_found")})


# Ids and slugs


def test_schools_and_districts_answer_to_their_id_and_to_their_slug(admin, maple) -> None:
    for path, row in (("schools", maple.school), ("districts", maple.school.district)):
        answers = [
            admin.get(f"/api/v1/{path}/{key}") for key in (row.id, str(row.id).upper(), row.slug)
        ]
        assert [answer.status_code for answer in answers] == [200] * 3
        assert len({answer.content for answer in answers}) == 1
        response = admin.patch(f"/api/v1/{path}/{row.slug}", {"name": "Renamed"})
        assert (response.status_code, response.json()["id"]) == (200, str(row.id))


@pytest.mark.parametrize("path", ["academic-years", "period-templates"])
def test_a_school_may_be_named_by_its_slug_in_a_body(admin, maple, path: str) -> None:
    kind = kind_of(path)
    url, answer = created(admin, kind, {**kind.full(maple), "school": "maple-high"})
    assert answer["school"] == str(maple.school.id)
    upper = str(maple.school.id).upper()
    assert admin.put(url, {**kind.full(maple), "school": upper}).json() == answer


def test_an_id_may_be_written_in_capitals(admin, maple) -> None:
    kind = kind_of("breaks")
    body = {**kind.full(maple), "academic_year": str(maple.year.id).upper()}
    url, answer = created(admin, kind, body)
    assert answer["academic_year"] == str(maple.year.id)
    assert admin.get(url.upper().replace("/API/V1/BREAKS", kind.url)).json() == answer


def test_what_names_no_row_is_not_found(admin, maple) -> None:
    token = str(maple.school.revision_token)
    odd = ["%00", "%FF", "%0A", "a%2Fb", "x" * 3000, "", "0", "-", "MAPLE-HIGH", f"{{{token}}}"]
    asked = [(path, "get", key) for path in ("terms", "schools") for key in odd]
    asked += [("terms", method, token) for method in ("head", "put", "patch", "delete")]
    asked += [(kind.path, "get", token) for kind in KINDS]
    for path, method, key in [*asked, ("terms", "get", token.replace("-", ""))]:
        response = getattr(admin, method)(f"/api/v1/{path}/{key}")
        answer = (response.status_code, response.headers["Content-Type"])
        assert answer == (404, "application/problem+json"), (path, method, key)


def test_rows_of_a_school_that_nobody_shows_are_not_found(client, admin, maple) -> None:
    School.objects.filter(pk=maple.school.pk).update(is_public=False)
    for kind in KINDS[1:]:
        rows = admin.get(kind.url).json()["results"]
        assert rows, kind.path
        assert client.get(kind.url).json()["results"] == []
        assert client.get(f"{kind.url}/{rows[0]['id']}").status_code == 404


# Refusals


@pytest.mark.parametrize(
    ("path", "changes", "errors"),
    [
        ("districts", {"slug": "Lake!"}, {("/slug", "invalid_slug")}),
        ("schools", {"timezone": "Mars/Olympus"}, {("/timezone", "unknown_timezone")}),
        ("academic-years", {"end_date": "2027-08-10"}, {("/end_date", "dates_out_of_order")}),
        ("terms", {"sequence": 3}, {("/sequence", "type_and_sequence")}),
        ("breaks", {"end_date": "2028-01-01"}, {("/end_date", "outside_year")}),
        ("quarters", {"sequence": 1}, {("/sequence", "type_and_sequence")}),
        (
            "period-templates",
            {"code": "regular", "is_default": True},
            {("", "code_taken"), ("", "default_taken")},
        ),
        (
            "period-definitions",
            {"type": "class", "irregular": False, "length": 29},
            {("/length", "length_out_of_range")},
        ),
        ("schedule-rules", {"weekdays": [], "cycle_day": ""}, {("/weekdays", "required")}),
        ("day-overrides", {"closed": True, "cycle_day": ""}, {("", "closed_or_template")}),
    ],
)
def test_the_model_refuses_in_one_format(
    superuser, maple, path: str, changes: dict[str, Any], errors: set[tuple[str, str]]
) -> None:
    kind = kind_of(path)
    rows = kind.model.objects.count()
    response = superuser.post(kind.url, {**kind.full(maple), **changes})
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert told(response) == errors
    assert kind.model.objects.count() == rows


@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_everything_wrong_is_told_at_once_and_nothing_is_stored(admin, maple, method: str) -> None:
    kind = kind_of("period-definitions")
    url, before = created(admin, kind, kind.full(maple))
    left = trace(kind, before["id"])
    wrong = {
        "number": "7",
        "start": 8.5,
        "length": True,
        "passing": 31,
        "track": "All Saints",
        "irregular": None,
        "type": "nap",
        "meta": [],
        "name": None,
        "sourced_id": 8,
        "end": "09:00",
        "a/b~": {},
    }
    whole = wrong if method == "patch" else {**kind.full(maple), **wrong}
    response = getattr(admin, method)(kind.url if method == "post" else url, whole)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert told(response) == {
        ("/number", "invalid"),
        ("/start", "invalid"),
        ("/length", "invalid"),
        ("/passing", "max_value"),
        ("/track", "invalid_track"),
        ("/irregular", "null"),
        ("/type", "invalid_choice"),
        ("/meta", "invalid"),
        ("/name", "null"),
        ("/sourced_id", "invalid"),
        ("/end", "read_only"),
        ("/a~1b~0", "unknown_field"),
    }
    assert trace(kind, before["id"]) == left


def test_no_field_takes_null_but_those_that_can_be_null(superuser, maple) -> None:
    for kind in KINDS:
        nullable = {name for name, value in kind.defaults.items() if value is None}
        names = kind.full(maple).keys() - nullable
        url = f"{kind.url}/{superuser.get(kind.url).json()['results'][0]['id']}"
        before = superuser.get(url).json()
        response = superuser.patch(url, dict.fromkeys(names))
        assert told(response) == {(f"/{name}", "null") for name in names}, kind.path
        assert superuser.get(url).json() == before


def test_the_required_fields_are_required_all_at_once(superuser, maple) -> None:
    filled_in = {"closed", "cycle_day", "quarter_type"}
    for kind in KINDS:
        response = superuser.post(kind.url, {})
        missing = {pointer for pointer, code in told(response) if code == "required"}
        names = kind.required(maple).keys() - filled_in
        assert missing - {"/weekdays"} == {f"/{name}" for name in names}, kind.path


def test_what_the_service_sets_cannot_be_sent(superuser, maple) -> None:
    for kind in KINDS:
        answer = superuser.get(kind.url).json()["results"][0]
        url = f"{kind.url}/{answer['id']}"
        names = answer.keys() - kind.full(maple).keys() - kind.defaults.keys()
        assert {"id", "revision", "created_at", "updated_at", "etag"} <= names
        for method, body in (("put", answer), ("patch", {name: answer[name] for name in names})):
            response = getattr(superuser, method)(url, body)
            assert told(response) == {(f"/{name}", "read_only") for name in names}, kind.path
        assert superuser.get(url).json() == answer


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        pytest.param("[]", {("", "invalid")}, id="list"),
        pytest.param("5", {("", "invalid")}, id="number"),
        pytest.param('"x"', {("", "invalid")}, id="text"),
        pytest.param("null", {("", "null")}, id="null"),
        pytest.param("{", {("", "malformed_json")}, id="malformed"),
        pytest.param('{"name": "\\u0000"}', {("/name", "invalid_characters")}, id="nul"),
        pytest.param('{"name": "\\ud800"}', {("/name", "invalid_characters")}, id="surrogate"),
        pytest.param('{"name": "a", "name": "b"}', {("/name", "repeated_key")}, id="repeated"),
        pytest.param('{"metadata": NaN}', {("/metadata", "not_finite")}, id="nan"),
        pytest.param(
            f'{{"passing_minutes_cap": {"9" * 5000}}}',
            {("/passing_minutes_cap", "number_too_large")},
            id="endless-number",
        ),
        pytest.param(
            f'{{"metadata": {"[" * 50_000}{"]" * 50_000}}}', {("", "too_deep")}, id="deep"
        ),
    ],
)
def test_a_body_that_is_no_object_is_refused(
    superuser, maple, raw: str, errors: set[tuple[str, str]]
) -> None:
    before = superuser.get("/api/v1/schools/maple-high").json()
    for method, path in (("POST", ""), ("PUT", "/maple-high"), ("PATCH", "/maple-high")):
        url = f"/api/v1/schools{path}"
        response = superuser.generic(method, url, raw, content_type="application/json")
        assert (response.status_code, told(response)) == (400, errors), method
    assert superuser.get("/api/v1/schools/maple-high").json() == before


@pytest.mark.parametrize(
    ("number", "code"),
    [(-1, "min_value"), (31, "max_value"), (2**31, "max_value"), (10**25, "max_value")],
)
def test_a_number_out_of_bounds_is_refused(superuser, maple, number: int, code: str) -> None:
    response = superuser.patch("/api/v1/schools/maple-high", {"passing_minutes_cap": number})
    assert (response.status_code, told(response)) == (400, {("/passing_minutes_cap", code)})


def test_metadata_is_bounded_in_depth_and_size(superuser, maple) -> None:
    deep: Any = {}
    for _level in range(40):
        deep = {"in": deep}
    bad = {"deep": deep, "large": 2**53, "minus": -0.0}
    response = superuser.patch("/api/v1/schools/maple-high", {"metadata": bad})
    assert response.status_code == 400
    assert told(response) == {
        ("/metadata/deep" + "/in" * 32, "too_deep"),
        ("/metadata/large", "number_too_large"),
        ("/metadata/minus", "negative_zero"),
    }


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(superuser, maple, content_type: str) -> None:
    for method, path in (("POST", ""), ("PUT", "/maple-high"), ("PATCH", "/maple-high")):
        url = f"/api/v1/schools{path}"
        response = superuser.generic(method, url, '{"name": "x"}', content_type=content_type)
        answer = (response.status_code, response.json()["code"])
        assert answer == (415, "unsupported_media_type"), method


def test_a_page_for_people_is_not_to_be_had(client) -> None:
    response = client.get("/api/v1/terms", headers={"accept": "text/html"})
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_the_methods_of_every_resource(admin, maple) -> None:
    for kind in KINDS:
        one = f"{kind.url}/{admin.get(kind.url).json()['results'][0]['id']}"
        assert admin.options(kind.url).headers["Allow"] == "GET, POST, HEAD, OPTIONS"
        assert admin.options(one).headers["Allow"] == "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
        absent = [("put", kind.url), ("patch", kind.url), ("delete", kind.url), ("post", one)]
        for method, url in absent:
            response = getattr(admin, method)(url)
            assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
        for url in (kind.url, one):
            head, get = admin.head(url), admin.get(url)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers.get("ETag") == get.headers.get("ETag")


# In use


def test_what_is_in_use_stays_and_says_what_uses_it(admin, maple) -> None:
    rule = maple.year.schedule_rules.get()
    response = admin.delete(f"/api/v1/period-templates/{maple.late_start.id}")
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    assert response.json()["errors"] == [
        {
            "pointer": "",
            "code": "in_use",
            "detail": f"The schedule rule “Late start: monday” ({rule.id}) uses it.",
        }
    ]
    assert PeriodTemplate.objects.filter(pk=maple.late_start.pk).exists()


def test_a_year_names_all_that_is_in_it(admin, maple) -> None:
    response = admin.delete(f"/api/v1/academic-years/{maple.year.id}")
    details = [error["detail"] for error in response.json()["errors"]]
    assert response.status_code == 409
    assert [detail.partition(" (")[0] for detail in details] == [
        "The break “Thanksgiving break”",
        "The day override “Veterans Day”",
        "The schedule rule “Late start: monday”",
        "The term “Semester 1”",
    ]
