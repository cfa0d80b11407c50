"""The calendar document over HTTP: read, put back, put in place of what was there."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from scheduling.documents import LARGEST_BYTES, export_document, render_document
from scheduling.models import District, School
from tests.api.calendars import URL, YEAR, caller, everything, put
from tests.api.test_bad_requests import told
from tests.core.racing import race
from tests.factories import (
    AcademicYearFactory,
    ApplicationFactory,
    BreakFactory,
    DayOverrideFactory,
    MembershipFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    SchoolFactory,
    bearer,
)
from tests.scheduling.documents.builders import bent, without

pytestmark = pytest.mark.django_db


# Reading


def test_a_calendar_is_told_whole(client, maple) -> None:
    response = client.get(URL)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")
    period = {
        "type": "class",
        "length": 43,
        "passing": 6,
        "track": "",
        "irregular": False,
        "sourced_id": "",
        "meta": {},
    }
    nothing_more = {"sourced_id": "", "metadata": {}}
    assert response.json() == {
        "format": "schoolday/1",
        "district": {
            "slug": maple.school.district.slug,
            "name": "Harbor District",
            **nothing_more,
        },
        "school": {
            "slug": "maple-high",
            "name": "Maple High",
            "timezone": "America/Chicago",
            "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "is_public": True,
            "passing_minutes_cap": 10,
            **nothing_more,
        },
        "period_templates": [
            {
                "code": "late-start",
                "name": "Late start",
                "is_default": False,
                "is_archived": False,
                **nothing_more,
                "periods": [
                    {**period, "number": 1, "name": "Period 1", "start": "09:00"},
                    {**period, "number": 2, "name": "Period 2", "start": "09:49", "passing": 0},
                    {
                        **period,
                        "number": 3,
                        "name": "Lunch A",
                        "type": "lunch",
                        "track": "lunch-a",
                        "start": "10:32",
                        "length": 30,
                        "passing": 0,
                    },
                ],
            },
            {
                "code": "regular",
                "name": "Regular",
                "is_default": True,
                "is_archived": False,
                **nothing_more,
                "periods": [
                    {**period, "number": 1, "name": "Period 1", "start": "08:30", "length": 58}
                ],
            },
        ],
        "academic_years": [
            {
                "name": "2026-2027",
                "start_date": "2026-08-12",
                "end_date": "2027-06-03",
                **nothing_more,
                "rotation": {
                    "cycle_days": ["A", "B"],
                    "policy": "pause",
                    "start": "2026-08-12",
                },
                "terms": [
                    {
                        "term_type": "SEM1",
                        "name": "Semester 1",
                        "start_date": "2026-08-12",
                        "end_date": "2026-12-18",
                        **nothing_more,
                        "quarters": [
                            {
                                "quarter_type": "Q1",
                                "start_date": "2026-08-12",
                                "end_date": "2026-10-14",
                                **nothing_more,
                            },
                            {
                                "quarter_type": "Q2",
                                "start_date": "2026-10-15",
                                "end_date": "2026-12-18",
                                **nothing_more,
                            },
                        ],
                    }
                ],
                "breaks": [
                    {
                        "name": "Thanksgiving break",
                        "kind": "vacation",
                        "start_date": "2026-11-25",
                        "end_date": "2026-11-27",
                        "counts_weeks": False,
                        **nothing_more,
                    }
                ],
                "schedule_rules": [
                    {
                        "template": "late-start",
                        "weekdays": ["monday"],
                        "cycle_day": "",
                        "valid_from": None,
                        "valid_to": None,
                        **nothing_more,
                    }
                ],
                "day_overrides": [
                    {
                        "start_date": "2026-11-11",
                        "end_date": "2026-11-11",
                        "name": "Veterans Day",
                        "closed": True,
                        "template": None,
                        "cycle_day": "",
                        "holds_cycle": False,
                        **nothing_more,
                    }
                ],
            }
        ],
    }


def test_a_calendar_is_the_very_file_that_an_export_writes(client, maple) -> None:
    response = client.get(URL)
    assert response.content.decode() == render_document(export_document(maple.school.pk))
    assert response.headers["Content-Type"] == "application/json"


def test_what_is_held_of_a_calendar_is_confirmed_until_the_next_write(client, maple) -> None:
    held = {"if-none-match": client.get(URL).headers["ETag"]}
    with CaptureQueriesContext(connection) as queries:
        confirmed = client.get(URL, headers=held)
    assert (confirmed.status_code, confirmed.content, len(queries)) == (304, b"", 1)
    DayOverrideFactory.create(academic_year=maple.year, start_date=maple.year.start_date)
    changed = client.get(URL, headers=held)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != held["if-none-match"]


@pytest.mark.parametrize("count", [1, 6])
def test_a_calendar_costs_twelve_queries_however_long_it_is(
    client, maple, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        template = PeriodTemplateFactory.create(school=maple.school)
        PeriodDefinitionFactory.create(template=template)
        BreakFactory.create(academic_year=maple.year, name=f"Break {number}")
    with django_assert_num_queries(12):
        client.get(URL)


def test_an_address_with_the_id_names_the_same_calendar(client, maple) -> None:
    by_slug, by_id = client.get(URL), client.get(f"/api/v1/schools/{maple.school.pk}/calendar")
    assert by_id.content == by_slug.content
    assert by_id.headers["ETag"] == by_slug.headers["ETag"]


# What a replacement does


def test_what_is_put_back_changes_nothing(client, maple, editor) -> None:
    before = everything()
    held = client.get(URL)
    response = client.put(
        URL, held.content, content_type="application/json", headers={**editor, "if-match": "*"}
    )
    assert response.status_code == 200
    assert response.headers["ETag"] == held.headers["ETag"]
    assert response.json()["touched"] == []
    assert {kind: counts["left_alone"] for kind, counts in response.json()["counts"].items()} == {
        "district": 1,
        "school": 1,
        "period_templates": 2,
        "periods": 4,
        "academic_years": 1,
        "terms": 1,
        "quarters": 2,
        "breaks": 1,
        "schedule_rules": 1,
        "day_overrides": 1,
    }
    assert everything() == before
    assert client.get(URL).content == held.content


def holidays(calendar: dict[str, Any]) -> dict[str, Any]:
    """Return a calendar with one row created, one changed and one removed."""
    changed = {**calendar["academic_years"][0]["breaks"][0], "end_date": "2026-11-30"}
    added = {"start_date": "2026-10-12", "name": "Columbus Day", "closed": True}
    return bent(calendar, **{f"{YEAR}breaks": [changed], f"{YEAR}day_overrides": [added]})


def test_a_replacement_is_reported_whole(client, maple, editor) -> None:
    response = put(client, holidays(client.get(URL).json()), editor)
    alone = {"created": 0, "changed": 0, "removed": 0, "left_alone": 1}
    assert response.json() == {
        "school": "maple-high",
        "counts": {
            "district": alone,
            "school": alone,
            "period_templates": {**alone, "left_alone": 2},
            "periods": {**alone, "left_alone": 4},
            "academic_years": alone,
            "terms": alone,
            "quarters": {**alone, "left_alone": 2},
            "breaks": {**alone, "changed": 1, "left_alone": 0},
            "schedule_rules": alone,
            "day_overrides": {"created": 1, "changed": 0, "removed": 1, "left_alone": 0},
        },
        "touched": [
            {
                "kind": "breaks",
                "key": "2026-2027/Thanksgiving break 2026-11-25",
                "action": "changed",
            },
            {"kind": "day_overrides", "key": "2026-2027/2026-10-12", "action": "created"},
            {"kind": "day_overrides", "key": "2026-2027/2026-11-11", "action": "removed"},
        ],
    }


def test_a_replacement_is_one_revision_noted_under_the_program(client, maple) -> None:
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, school=maple.school, role="editor")
    number = maple.school.revision
    response = put(client, holidays(client.get(URL).json()), bearer(application))
    maple.school.refresh_from_db()
    assert maple.school.revision == number + 1
    assert maple.school.revisions.get(number=number + 1).actor == application.user
    held = {"if-none-match": response.headers["ETag"]}
    assert client.get(URL, headers=held).status_code == 304


def test_a_dry_run_reports_the_same_and_stores_nothing(client, maple, editor) -> None:
    held, before = client.get(URL), everything()
    body = holidays(held.json())
    dry = put(client, body, editor, f"{URL}?dry_run=true")
    assert dry.headers["ETag"] == held.headers["ETag"]
    assert everything() == before
    wet = put(client, body, editor, f"{URL}?dry_run=false", **{"if-match": dry.headers["ETag"]})
    assert (dry.status_code, dry.json()) == (wet.status_code, wet.json())
    assert wet.headers["ETag"] != dry.headers["ETag"]


def test_a_dry_run_is_refused_as_the_real_one_is(client, maple, editor) -> None:
    url = f"{URL}?dry_run=true"
    renamed = bent(client.get(URL).json(), school__name="Maple")
    clash = bent(client.get(URL).json(), **{f"{YEAR}end_date": "2026-09-01"})
    assert put(client, renamed, editor, url).status_code == 403
    assert put(client, clash, editor, url).status_code == 400
    assert put(client, clash, editor, url, **{"if-match": '"old"'}).status_code == 412


# Against lost updates


def test_a_change_after_the_read_is_not_overwritten(client, maple, editor) -> None:
    held = client.get(URL)
    DayOverrideFactory.create(academic_year=maple.year, start_date=maple.year.start_date)
    before = everything()
    body = holidays(held.json())
    refused = put(client, body, editor, **{"if-match": held.headers["ETag"]})
    assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
    assert everything() == before
    fresh = client.get(URL).headers["ETag"]
    assert put(client, body, editor, **{"if-match": fresh}).status_code == 200


def test_the_calendar_may_be_read_by_id_and_replaced_by_slug(client, maple, editor) -> None:
    by_id = client.get(f"/api/v1/schools/{maple.school.pk}/calendar")
    etag = {"if-match": f'"other", {by_id.headers["ETag"]}'}
    assert put(client, by_id.json(), editor, **etag).status_code == 200


@pytest.mark.parametrize("held", ['"other"', 'W/"other"', "garbage", ""])
def test_an_etag_that_is_not_the_calendars_refuses(client, maple, editor, held: str) -> None:
    response = client.get(URL)
    etag = {"if-match": held.format(etag=response.headers["ETag"])}
    assert put(client, response.json(), editor, **etag).status_code == 412


def test_an_etag_that_a_proxy_has_made_weak_still_names_the_calendar(client, maple, editor) -> None:
    response = client.get(URL)
    weak = {"if-match": f"W/{response.headers['ETag']}"}
    assert put(client, response.json(), editor, **weak).status_code == 200


def test_the_etag_of_a_replacement_is_good_for_the_next(client, maple, editor) -> None:
    body = client.get(URL).json()
    first = put(client, holidays(body), editor)
    second = put(client, body, editor, **{"if-match": first.headers["ETag"]})
    assert second.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_replacements_of_one_state_one_is_made(client, maple, editor) -> None:
    held = client.get(URL)
    etag, revision = {"if-match": held.headers["ETag"]}, maple.school.revision

    def replace(number: int) -> int:
        body = bent(held.json(), **{f"{YEAR}breaks__0__name": f"Break {number}"})
        return put(APIClient(), body, editor, **etag).status_code

    assert sorted(race(replace, 6)) == [200] + [412] * 5
    assert School.objects.get().revision == revision + 1


# What is wrong with a document


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        pytest.param({"format": "x"}, {("/format", "unknown_format")}, id="format"),
        pytest.param({"shcool": {}}, {("/shcool", "unknown_key")}, id="unknown-key"),
        pytest.param({"school__slug": "oak-high"}, {("/school/slug", "other_school")}, id="other"),
        pytest.param(
            {"school__slug": "\u0000"}, {("/school/slug", "invalid_characters")}, id="nul"
        ),
        pytest.param(
            {f"{YEAR}breaks__0__kind": "holliday", f"{YEAR}name": 7},
            {
                ("/academic_years/0/breaks/0/kind", "invalid_choice"),
                ("/academic_years/0/name", "wrong_type"),
            },
            id="two-at-once",
        ),
        pytest.param(
            {
                f"{YEAR}breaks__0__end_date": "2026-11-24",
                "period_templates__0__periods__0__length": 9,
            },
            {
                ("/academic_years/0/breaks/0/end_date", "dates_out_of_order"),
                ("/period_templates/0/periods/0/length", "length_out_of_range"),
            },
            id="rules",
        ),
    ],
)
def test_everything_wrong_with_a_document_is_told_by_its_place(
    client, maple, admin, changes: dict[str, Any], errors: set[tuple[str, str]]
) -> None:
    body, before = bent(client.get(URL).json(), **changes), everything()
    response = put(client, body, admin)
    assert (response.status_code, told(response)) == (400, errors)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert everything() == before


def test_a_document_of_another_school_that_is_there_is_refused_too(client, maple) -> None:
    oak = SchoolFactory.create(slug="oak-high", district=maple.school.district)
    headers, before = caller(district=oak.district, role="admin"), everything()
    for url in (URL, f"/api/v1/schools/{maple.school.pk}/calendar", URL.replace("maple", "new")):
        response = put(client, export_document(oak.pk), headers, url)
        assert (response.status_code, told(response)) == (400, {("/school/slug", "other_school")})
    assert everything() == before


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        pytest.param(b"", ("/format", "required"), id="nothing"),
        pytest.param(b"{", ("", "malformed_json"), id="half"),
        pytest.param(b'{"format": 1, "format": 2}', ("/format", "repeated_key"), id="repeated"),
        pytest.param(b'{"format": "\xff"}', ("", "invalid_utf8"), id="latin-1"),
        pytest.param(b"[" * 5000 + b"]" * 5000, ("", "too_deep"), id="deep"),
    ],
)
def test_a_body_that_is_no_document_is_refused(client, maple, editor, raw: bytes, error) -> None:
    response = client.put(URL, raw, content_type="application/json", headers=editor)
    assert response.status_code == 400
    assert error in told(response)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("dry_run=", ("/dry_run", "blank")),
        ("dry_run=1", ("/dry_run", "invalid")),
        ("dry_run=True", ("/dry_run", "invalid")),
        ("dry_run=true&dry_run=true", ("/dry_run", "repeated")),
        ("dryrun=true", ("/dryrun", "unknown_parameter")),
        ("school=maple-high", ("/school", "repeated")),
    ],
)
def test_a_wrong_question_replaces_nothing(client, maple, editor, query: str, error) -> None:
    body, before = holidays(client.get(URL).json()), everything()
    response = put(client, body, editor, f"{URL}?{query}")
    assert (response.status_code, told(response)) == (400, {error})
    assert everything() == before


def test_a_read_knows_no_dry_run(client, maple) -> None:
    response = client.get(f"{URL}?dry_run=true")
    assert (response.status_code, told(response)) == (400, {("/dry_run", "unknown_parameter")})


def test_a_document_may_be_large_but_not_endless(client, maple, editor) -> None:
    raw = json.dumps(client.get(URL).json()).encode()
    options = {"content_type": "application/json", "headers": editor}
    assert client.put(URL, raw + b" " * (3 * 1024**2), **options).status_code == 200
    response = client.put(URL, raw.ljust(LARGEST_BYTES + 1), **options)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_a_document_comes_as_json(client, maple, editor) -> None:
    response = client.put(URL, b"a,b", content_type="text/csv", headers=editor)
    assert response.status_code == 415


@pytest.mark.parametrize("method", ["post", "patch", "delete"])
def test_a_calendar_is_read_or_replaced_and_no_more(client, maple, editor, method: str) -> None:
    response = getattr(client, method)(URL, headers=editor)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, PUT, HEAD, OPTIONS"


def test_a_document_without_a_district_leaves_the_school_where_it_is(client, maple, editor) -> None:
    body = without(holidays(client.get(URL).json()), "district")
    assert put(client, body, editor).status_code == 200
    assert maple.school.district == School.objects.get().district


def test_another_school_of_the_same_dates_is_left_alone(client, maple, editor) -> None:
    other = AcademicYearFactory.create().school
    token = School.objects.get(pk=other.pk).revision_token
    put(client, bent(client.get(URL).json(), academic_years=[]), editor)
    assert School.objects.get(pk=other.pk).revision_token == token
    assert other.academic_years.exists()


@pytest.mark.parametrize("way", ["save", "update"])
def test_another_name_of_the_district_is_another_document(client, maple, way: str) -> None:
    other = SchoolFactory.create()
    district = maple.school.district
    before = client.get(URL)
    if way == "save":
        district.name = "Harbour District"
        district.save()
    else:
        District.objects.filter(pk=district.pk).update(name="Harbour District")
    after = client.get(URL, headers={"if-none-match": before.headers["ETag"]})
    assert (after.status_code, after.json()["district"]["name"]) == (200, "Harbour District")
    assert School.objects.get(pk=maple.school.pk).revision == maple.school.revision + 1
    assert School.objects.get(pk=other.pk).revision == other.revision
