"""One row of a school under its sourced id: created, replaced or left alone."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from scheduling import models
from tests.api.batches import (
    FALL,
    FIRST,
    PARTY,
    Q1,
    REGULAR,
    RULE,
    S1,
    SHORT,
    Y27,
    changed,
    lacking,
    now,
)
from tests.api.test_bad_requests import told
from tests.factories import AcademicYearFactory, BreakFactory


def one(client: APIClient, item: dict[str, Any], school: str = "oak", **headers: str) -> Any:
    path = f"/api/v1/{item['resource']}/by-sourced-id/{school}/{item['sourced_id']}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.put(path, item["data"], format="json", headers=named)


def test_a_row_is_created_replaced_and_left_alone(oak, sis) -> None:
    assert one(sis, Y27).status_code == 201
    first = one(sis, S1)
    assert first.status_code == 201
    row = models.Term.objects.get()
    assert first.headers["Location"] == f"/api/v1/terms/{row.pk}"
    assert first.json() == sis.get(f"/api/v1/terms/{row.pk}").json()
    state = now(oak)
    again = one(sis, S1)
    assert (again.status_code, again.headers["ETag"]) == (200, first.headers["ETag"])
    assert "Location" not in again.headers
    assert now(oak).revision_token == state.revision_token
    changed_row = one(sis, changed(S1, name="Fall term"))
    assert (changed_row.status_code, changed_row.json()["name"]) == (200, "Fall term")
    assert one(sis, S1).json()["name"] == "Semester 1"
    assert now(oak).revision == state.revision + 2


def test_a_sourced_id_may_hold_what_an_address_has_a_meaning_for(sis) -> None:
    one(sis, Y27)
    path = "/api/v1/breaks/by-sourced-id/oak/a%2Fb/c%40d%20%3F"
    assert sis.put(path, FALL["data"], format="json").status_code == 201
    assert models.Break.objects.get().sourced_id == "a/b/c@d ?"


def test_a_condition_is_asked_of_what_is_there(sis) -> None:
    one(sis, Y27)
    assert one(sis, FALL, If_Match="*").status_code == 412
    assert one(sis, FALL, If_Match='"x"').status_code == 412
    made = one(sis, FALL, If_None_Match="*")
    assert made.status_code == 201
    refused = one(sis, FALL, If_None_Match="*")
    assert (refused.status_code, refused.headers["ETag"]) == (412, made.headers["ETag"])
    assert one(sis, changed(FALL, name="X"), If_Match=made.headers["ETag"]).status_code == 200
    assert one(sis, FALL, If_Match=made.headers["ETag"]).status_code == 412
    assert models.Break.objects.get().name == "X"


def test_a_condition_is_also_asked_of_a_row_that_is_taken_for_the_one_of_its_name(oak, sis) -> None:
    year = AcademicYearFactory.create(school=oak, sourced_id="y27")
    pause = BreakFactory.create(academic_year=year, name="Fall", start_date="2026-10-12")
    tag = sis.get(f"/api/v1/breaks/{pause.pk}").headers["ETag"]
    refused = one(sis, FALL, If_None_Match="*")
    assert (refused.status_code, refused.headers["ETag"]) == (412, tag)
    assert one(sis, FALL, If_Match='"other"').status_code == 412
    assert one(sis, FALL, If_Match=tag).json()["id"] == str(pause.pk)


@pytest.mark.parametrize(
    ("item", "status", "errors"),
    [
        (changed(FALL, end_date="2026-10-01"), 400, {("/end_date", "dates_out_of_order")}),
        (changed(FALL, academic_year="y99"), 400, {("/academic_year", "unknown_reference")}),
        (changed(FALL, name=None, x=1), 400, {("/name", "null"), ("/x", "unknown_field")}),
        ({**FALL, "data": []}, 400, {("", "invalid")}),
        ({**FALL, "sourced_id": "x" * 256}, 400, {("/sourced_id", "max_length")}),
        ({**FALL, "sourced_id": "b%00"}, 400, {("/sourced_id", "invalid_characters")}),
        ({**FALL, "sourced_id": "b?x=1"}, 400, {("/x", "unknown_parameter")}),
    ],
)
def test_a_row_with_anything_wrong_is_not_stored(sis, item, status, errors) -> None:
    one(sis, Y27)
    response = one(sis, item)
    assert (response.status_code, told(response)) == (status, errors)
    assert not models.Break.objects.exists()


def test_each_resource_below_a_school_takes_its_rows(sis) -> None:
    for item in (Y27, S1, Q1, FALL, REGULAR, SHORT, FIRST, RULE, PARTY):
        response = one(sis, item)
        assert response.status_code in {200, 201}, (item, response.json())
        assert response.json()["sourced_id"] == item["sourced_id"]


def test_a_row_that_names_no_other_does_not_name_one_that_is_not_there(sis) -> None:
    one(sis, Y27)
    closed = lacking(changed(PARTY, closed=True), "template")
    assert one(sis, closed).status_code == 201
    refused = one(sis, changed(closed, template="nope"))
    assert (refused.status_code, told(refused)) == (400, {("/template", "unknown_reference")})


def test_nobody_puts_a_row_into_a_school_that_is_not_there(sis) -> None:
    assert one(sis, Y27, school="elm").status_code == 404
