"""Many rows of a school at once, by sourced id: all of them are written, or none is."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api.models import IdempotentAnswer
from scheduling import models
from tests.api.batches import (
    BATCH,
    EVERYTHING,
    FALL,
    FIRST,
    PARTY,
    Q1,
    Q2,
    RULE,
    S1,
    S2,
    SHORT,
    Y27,
    changed,
    days,
    gone,
    lacking,
    now,
    results,
    send,
)
from tests.api.calendars import caller, everything
from tests.api.test_bad_requests import told
from tests.core.racing import race
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DistrictFactory,
    SchoolFactory,
    TermFactory,
)

# What is sent is there


def test_rows_come_in_any_order_and_name_each_other(oak, sis) -> None:
    response = send(sis, *EVERYTHING)
    assert set(results(response).values()) == {"created"}
    body = response.json()
    assert [each["sourced_id"] for each in body["items"]] == [
        each["sourced_id"] for each in EVERYTHING
    ]
    assert body["counts"] == {"created": 11, "updated": 0, "unchanged": 0, "deleted": 0}
    assert (body["dry_run"], body["revision"]) == (False, now(oak).revision)
    assert now(oak).revision == oak.revision + 1
    quarter = models.Quarter.objects.get(sourced_id="q1")
    assert (quarter.term.sourced_id, quarter.sequence) == ("s1", 1)
    assert models.ScheduleRule.objects.get().template.code == "short"
    second = models.Quarter.objects.filter(term__sourced_id="s2")
    assert list(second.values_list("quarter_type", "sourced_id")) == [("Q3", ""), ("Q4", "")]


def test_sent_again_it_changes_nothing(oak, sis) -> None:
    send(sis, *EVERYTHING)
    before, rows = now(oak), everything()
    response = send(sis, *EVERYTHING)
    assert set(results(response).values()) == {"unchanged"}
    after = now(oak)
    assert (after.revision, after.revision_token) == (before.revision, before.revision_token)
    assert response.json()["revision"] == before.revision
    assert everything() == rows
    assert send(sis).json()["items"] == []


def test_what_is_left_out_is_reset_and_what_is_not_named_stays(sis) -> None:
    send(sis, *EVERYTHING)
    response = send(
        sis,
        changed(FALL, name="Fall break", metadata={"colour": "red"}),
        changed(RULE, weekdays=["friday"], valid_from="2026-09-01"),
        lacking(PARTY, "template") | {"data": {**PARTY["data"], "template": None, "closed": True}},
        lacking(S1, "academic_year"),
    )
    assert results(response) == {
        "fall": "updated",
        "mon": "updated",
        "party": "updated",
        "s1": "unchanged",
    }
    assert results(send(sis, FALL, RULE)) == {"fall": "updated", "mon": "updated"}
    row = models.Break.objects.get()
    assert (row.name, row.metadata) == ("Fall", {})
    assert models.ScheduleRule.objects.get().valid_from is None
    assert models.DayOverride.objects.get().template is None
    assert models.Quarter.objects.count() == 4


def test_two_terms_swap_their_dates(sis) -> None:
    first, second = days("2026-08-17", "2026-12-18"), days("2027-01-04", "2027-06-04")
    terms = [changed(S1, term_type="TRI1"), changed(S2, term_type="TRI2")]
    send(sis, Y27, *terms)
    swapped = [changed(terms[0], **second), changed(terms[1], **first)]
    assert set(results(send(sis, *swapped)).values()) == {"updated"}
    assert str(models.Term.objects.get(sourced_id="s1").start_date) == "2027-01-04"


def test_a_year_moves_with_all_that_is_in_it(sis) -> None:
    """Neither the year nor what is in it could move alone."""
    send(sis, Y27, S1, Q1, Q2, FALL)
    later = [
        changed(each, **{name: f"{int(value[:4]) + 1}{value[4:]}" for name, value in dates.items()})
        for each in (FALL, Q2, Q1, S1, Y27)
        for dates in [days(each["data"]["start_date"], each["data"]["end_date"])]
    ]
    assert set(results(send(sis, *later)).values()) == {"updated"}


def test_quarters_that_nobody_has_set_follow_their_semester(sis) -> None:
    send(sis, Y27, S1)
    send(sis, changed(S1, start_date="2026-08-24"))
    quarters = models.Quarter.objects.order_by("sequence")
    assert [str(each.start_date) for each in quarters] == ["2026-08-24", "2026-10-21"]
    assert results(send(sis, changed(Q1, start_date="2026-08-24"))) == {"q1": "updated"}
    assert models.Quarter.objects.count() == 2
    response = send(sis, changed(S1, start_date="2026-08-31"))
    assert told(response) == {("/items/0/data/start_date", "rows_outside")}
    assert "Send its quarters along." in response.json()["errors"][0]["detail"]


def test_a_new_semester_gets_the_quarters_that_are_not_sent_unless_none_are_wanted(sis) -> None:
    send(sis, Y27, S1, Q1, changed(S2, generate_quarters=False))
    assert list(models.Quarter.objects.values_list("quarter_type", "sourced_id")) == [
        ("Q1", "q1"),
        ("Q2", ""),
    ]


def test_a_row_without_a_sourced_id_is_taken_for_the_one_of_its_name(oak, sis) -> None:
    year = AcademicYearFactory.create(school=oak, name="2026-2027")
    term = TermFactory.create(academic_year=year)
    pause = BreakFactory.create(academic_year=year, name="Fall", start_date="2026-10-12")
    response = send(sis, Y27, S1, FALL)
    ids = {each["sourced_id"]: each["id"] for each in response.json()["items"]}
    assert set(results(response).values()) == {"updated"}
    assert ids == {"y27": str(year.pk), "s1": str(term.pk), "fall": str(pause.pk)}


def test_a_row_is_also_named_by_its_id_but_a_sourced_id_comes_first(oak, sis) -> None:
    year = AcademicYearFactory.create(school=oak, name="2026-2027")
    other = AcademicYearFactory.create(
        school=oak, name="Other", start_date="2030-08-01", end_date="2031-06-01"
    )
    send(sis, changed(FALL, academic_year=str(year.pk)))
    assert models.Break.objects.get().academic_year == year
    AcademicYearFactory.create(
        school=oak,
        name="Odd",
        start_date="2027-08-01",
        end_date="2028-06-01",
        sourced_id=str(other.pk),
    )
    response = send(sis, changed(FALL, academic_year=str(other.pk)) | {"sourced_id": "new"})
    assert told(response) >= {("/items/0/data/start_date", "outside_year")}


# What is deleted


def test_rows_go_children_and_parents_in_any_order(oak, sis) -> None:
    send(sis, *EVERYTHING)
    response = send(
        sis, *(gone(each["resource"], each["sourced_id"]) for each in reversed(EVERYTHING))
    )
    assert set(results(response).values()) == {"deleted"}
    assert not models.AcademicYear.objects.exists()
    assert not models.PeriodTemplate.objects.exists()
    assert not models.Quarter.objects.exists()
    again = send(sis, gone("terms", "s1"), gone("breaks", "never-was"))
    assert results(again) == {"s1": "unchanged", "never-was": "unchanged"}
    assert {each["id"] for each in again.json()["items"]} == {None}


def test_what_was_deleted_comes_back_under_its_old_id(oak, sis) -> None:
    send(sis, *EVERYTHING)
    old = models.Break.objects.get().pk
    send(sis, gone("breaks", "fall"))
    since = sis.get("/api/v1/schools/oak/changes?limit=1000").json()["next"]
    assert results(send(sis, FALL)) == {"fall": "created"}
    assert models.Break.objects.get().pk == old
    [change] = sis.get(f"/api/v1/schools/oak/changes?since={since}").json()["changes"]
    assert (change["op"], change["id"], change["sourced_id"]) == ("upsert", str(old), "fall")


def test_of_two_rows_of_one_sourced_id_the_one_deleted_last_comes_back(oak, sis) -> None:
    send(sis, Y27, FALL)
    first = models.Break.objects.get().pk
    send(sis, gone("breaks", "fall"))
    send(sis, FALL)
    models.Break.objects.update(sourced_id="renamed")
    send(sis, changed(FALL, name="Another", **days("2026-11-02", "2026-11-02")))
    second = models.Break.objects.get(sourced_id="fall").pk
    send(sis, gone("breaks", "renamed"), gone("breaks", "fall"))
    assert send(sis, FALL).json()["items"][0]["id"] == str(second)
    again = changed(FALL, **days("2026-11-09", "2026-11-09")) | {"sourced_id": "renamed"}
    assert send(sis, again).json()["items"][0]["id"] == str(first)


@pytest.mark.parametrize(
    ("items", "pointers"),
    [
        pytest.param([gone("academic-years", "y27")], {"/items/0"}, id="a-year"),
        pytest.param([gone("terms", "s1")], {"/items/0"}, id="a-term"),
        pytest.param([FALL, gone("period-templates", "short")], {"/items/1"}, id="bells"),
        pytest.param(
            [gone("period-templates", "reg"), changed(FIRST, name="One")],
            {"/items/0", "/items/1/data/template"},
            id="bells-whose-period-is-sent",
        ),
    ],
)
def test_what_others_need_does_not_go(oak, sis, items, pointers) -> None:
    send(sis, *EVERYTHING)
    before = everything()
    response = send(sis, *items)
    assert response.status_code in {400, 409}
    assert {pointer for pointer, _ in told(response)} == pointers
    assert "in_use" in {code for _, code in told(response)}
    assert everything() == before


def test_a_conflict_with_what_is_stored_alone_is_a_409(sis) -> None:
    send(sis, *EVERYTHING)
    response = send(sis, gone("terms", "s1"))
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    assert "Quarter 1" in response.json()["errors"][0]["detail"] or response.json()["errors"]


# What is refused

BAD_ITEMS: list[Any] = [
    pytest.param([None], {("/items/0", "null")}, id="null"),
    pytest.param([[]], {("/items/0", "invalid")}, id="a-list"),
    pytest.param(
        [{}], {("/items/0/resource", "required"), ("/items/0/sourced_id", "required")}, id="empty"
    ),
    pytest.param(
        [{**FALL, "resource": "schools"}],
        {("/items/0/resource", "invalid_choice")},
        id="the-school-itself",
    ),
    pytest.param(
        [{**FALL, "op": "patch"}], {("/items/0/op", "invalid_choice")}, id="another-operation"
    ),
    pytest.param([{**FALL, "sourced_id": ""}], {("/items/0/sourced_id", "blank")}, id="no-key"),
    pytest.param(
        [{**FALL, "sourced_id": "x" * 256}], {("/items/0/sourced_id", "max_length")}, id="long-key"
    ),
    pytest.param([{**FALL, "sourced_id": 7}], {("/items/0/sourced_id", "invalid")}, id="a-number"),
    pytest.param(
        [{"resource": "breaks", "sourced_id": "x"}], {("/items/0/data", "required")}, id="no-data"
    ),
    pytest.param([{**FALL, "data": []}], {("/items/0/data", "invalid")}, id="data-is-a-list"),
    pytest.param(
        [{**FALL, "op": "delete"}], {("/items/0/data", "unknown_field")}, id="data-of-what-goes"
    ),
    pytest.param([{**FALL, "id": "x"}], {("/items/0/id", "unknown_field")}, id="unknown-key"),
    pytest.param(
        [FALL, S1, changed(FALL, name="Twice")], {("/items/2/sourced_id", "repeated")}, id="twice"
    ),
    pytest.param(
        [changed(FALL, colour="red", id="x", school="oak", sourced_id="fall", start_date="soon")],
        {
            ("/items/0/data/colour", "unknown_field"),
            ("/items/0/data/id", "read_only"),
            ("/items/0/data/school", "read_only"),
            ("/items/0/data/sourced_id", "read_only"),
            ("/items/0/data/start_date", "invalid"),
        },
        id="unreadable-data",
    ),
    pytest.param(
        [lacking(FALL, "name"), lacking(RULE, "template")],
        {("/items/0/data/name", "required"), ("/items/1/data/template", "required")},
        id="left-out",
    ),
    pytest.param(
        [changed(FALL, academic_year="y99"), changed(Q1, term=None), changed(RULE, template=7)],
        {("/items/1/data/term", "null"), ("/items/2/data/template", "invalid")},
        id="no-names",
    ),
    pytest.param(
        [changed(FALL, academic_year="y99"), changed(RULE, template="9" * 36)],
        {
            ("/items/0/data/academic_year", "unknown_reference"),
            ("/items/1/data/template", "unknown_reference"),
        },
        id="unknown-references",
    ),
    pytest.param(
        [{**lacking(FALL, "academic_year"), "sourced_id": "new"}],
        {("/items/0/data/academic_year", "required")},
        id="new-and-below-nothing",
    ),
    pytest.param(
        [changed(S2, academic_year="y99") | {"sourced_id": "s9"}, changed(Q1, term="s9")],
        {("/items/0/data/academic_year", "unknown_reference")},
        id="below-what-is-refused",
    ),
    pytest.param(
        [changed(S1, term_type="TRI1"), changed(Q1, term="s2")],
        {("/items/0/data/term_type", "fixed"), ("/items/1/data/term", "fixed")},
        id="what-cannot-change",
    ),
    pytest.param(
        [changed(S1, end_date="2027-02-01")],
        {("/items/0/data", "overlap")},
        id="overlap-with-what-is-stored",
    ),
    pytest.param(
        [changed(Q2, end_date="2026-12-19"), changed(FIRST, start="23:30")],
        {("/items/0/data/end_date", "outside_term"), ("/items/1/data/length", "past_midnight")},
        id="rules",
    ),
    pytest.param(
        [changed(SHORT, code="regular")], {("/items/0/data/code", "code_taken")}, id="taken"
    ),
    pytest.param(
        [{**FALL, "sourced_id": "b\u0000"}],
        {("/items/0/sourced_id", "invalid_characters")},
        id="a-key-that-cannot-be-stored",
    ),
]


@pytest.mark.parametrize(("items", "errors"), BAD_ITEMS)
def test_a_batch_with_anything_wrong_stores_nothing(oak, sis, items, errors) -> None:
    send(sis, *EVERYTHING)
    before = everything()
    response = send(sis, *items)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert told(response) == errors
    assert everything() == before


@pytest.mark.parametrize(
    ("query", "body", "errors"),
    [
        ("", {}, {("/items", "required")}),
        ("", [], {("", "invalid")}),
        ("", {"items": {}}, {("/items", "not_a_list")}),
        ("", {"items": [FALL], "more": 1}, {("/more", "unknown_field")}),
        ("", {"items": [gone("breaks", "x")] * 5001}, {("/items", "max_length")}),
        ("?dry_run=1", {"items": [FALL]}, {("/dry_run", "invalid")}),
        ("?dry_run=&x=", {"items": [FALL]}, {("/dry_run", "blank"), ("/x", "unknown_parameter")}),
    ],
)
def test_what_is_no_batch_is_refused(sis, query, body, errors) -> None:
    response = sis.post(f"{BATCH}{query}", body, format="json")
    assert response.status_code == 400
    assert told(response) == errors


def test_all_errors_are_of_the_end_state(sis) -> None:
    """A later item can put right what an earlier one alone would break."""
    send(sis, Y27, S1, S2)
    send(sis, changed(S1, end_date="2027-01-08"), changed(S2, start_date="2027-01-11"))
    assert str(models.Term.objects.get(sourced_id="s2").start_date) == "2027-01-11"


def test_nobody_puts_rows_into_a_school_that_is_not_there(sis) -> None:
    assert sis.post("/api/v1/schools/elm/batch", {"items": []}, format="json").status_code == 404
    assert json.loads(sis.get(BATCH).content)["code"] == "method_not_allowed"


# Trying, repeating, racing


def test_a_dry_run_tells_everything_and_stores_nothing(oak, sis) -> None:
    send(sis, Y27, S1)
    before, state = everything(), now(oak)
    response = send(sis, *EVERYTHING, query="?dry_run=true", Idempotency_Key="tried")
    body = response.json()
    assert body["dry_run"] is True
    assert body["counts"] == {"created": 7, "updated": 2, "unchanged": 2, "deleted": 0}
    assert body["revision"] == state.revision
    assert {each["id"] is None for each in body["items"] if each["result"] == "created"} == {True}
    assert everything() == before
    assert now(oak).revision_token == state.revision_token
    assert not IdempotentAnswer.objects.exists()
    refused = send(sis, changed(S1, end_date="2026-08-01"), query="?dry_run=true")
    assert told(refused) == {("/items/0/data/end_date", "dates_out_of_order")}


def test_a_batch_with_a_key_takes_effect_once(oak, sis) -> None:
    first = send(sis, *EVERYTHING, Idempotency_Key="one")
    again = send(sis, *EVERYTHING, Idempotency_Key="one")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert now(oak).revision == oak.revision + 1


@pytest.mark.django_db(transaction=True)
def test_batches_at_the_same_moment_come_one_after_another() -> None:
    school = SchoolFactory.create(slug="oak")
    headers = caller(school=school, role="editor")

    def work(number: int) -> int:
        name = {"name": f"Fall {number}"}
        return send(
            APIClient(headers=headers),
            *EVERYTHING,
            changed(FALL, **name) | {"sourced_id": f"b{number}"},
        ).status_code

    assert race(work, threads=4) == [200] * 4
    assert models.Break.objects.count() == 5
    assert models.Term.objects.count() == 2
    assert now(school).revision == school.revision + 4


@pytest.mark.django_db(transaction=True)
def test_schools_of_a_district_may_use_the_same_sourced_ids_at_the_same_moment() -> None:
    """In rosters an id is given once in a district: whoever comes later gets another there."""
    district = DistrictFactory.create()
    schools = [SchoolFactory.create(slug=f"oak-{n}", district=district) for n in range(4)]
    headers = caller(district=district, role="editor")

    def work(number: int) -> int:
        items = EVERYTHING if number % 2 else list(reversed(EVERYTHING))
        path = f"/api/v1/schools/{schools[number].slug}/batch"
        return APIClient(headers=headers).post(path, {"items": items}, format="json").status_code

    assert race(work, threads=4) == [200] * 4
    assert models.RosterSession.objects.filter(sourced_id="y27").count() == 1


def test_the_number_of_items_does_not_change_the_number_of_queries(oak, sis) -> None:
    send(sis, Y27)
    counts = []
    for size in (2, 40):
        items = [
            changed(FALL, name=f"{size} {n}") | {"sourced_id": f"{size}-{n}"} for n in range(size)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            send(sis, *items)
        counts.append(len(queries))
    assert counts[0] == counts[1]
