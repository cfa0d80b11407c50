"""What resources can be told to do, and that all of it happens or none."""

from typing import Any

import pytest

from scheduling.models import PeriodDefinition, PeriodTemplate, Quarter, Revision
from tests.api.conftest import Maple
from tests.factories import (
    ApplicationFactory,
    DayOverrideFactory,
    MembershipFactory,
    PeriodTemplateFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
    bearer,
)

pytestmark = pytest.mark.django_db

NOBODY = "01a200e1-0249-734a-8483-7747be4a39ed"
GENERATED = {"start": "08:30", "count": 3, "length": 50}


def told(response: Any) -> set[tuple[str, str]]:
    return {(error["pointer"], error["code"]) for error in response.json()["errors"]}


def written(maple: Maple) -> tuple[int, int]:
    maple.school.refresh_from_db()
    return maple.school.revision, Revision.objects.filter(school=maple.school).count()


def late_start(maple: Maple) -> str:
    return f"/api/v1/period-templates/{maple.late_start.id}"


def empty_bells(maple: Maple) -> str:
    row = PeriodTemplateFactory.create(school=maple.school, code="empty", name="Empty")
    return f"/api/v1/period-templates/{row.id}"


def quarters_of(term: Any) -> str:
    return f"/api/v1/terms/{term.id}/generate-quarters"


# Generate quarters


@pytest.mark.parametrize(
    ("body", "boundary"),
    [
        pytest.param({}, ("2027-03-19", "2027-03-20"), id="even-unless-told"),
        pytest.param({"strategy": "even"}, ("2027-03-19", "2027-03-20"), id="even"),
        pytest.param({"strategy": "balanced"}, ("2027-03-21", "2027-03-22"), id="balanced"),
    ],
)
def test_a_semester_gets_the_quarters_it_lacks(
    admin, maple, body: dict[str, Any], boundary: tuple[str, str]
) -> None:
    term = TermFactory.create(academic_year=maple.year, term_type="SEM2")
    response = admin.post(quarters_of(term), body)
    assert response.status_code == 200
    assert response.json().keys() == {"quarters"}
    first, second = response.json()["quarters"]
    assert (first["quarter_type"], second["quarter_type"]) == ("Q3", "Q4")
    assert (first["start_date"], second["end_date"]) == ("2027-01-04", "2027-06-03")
    assert (first["end_date"], second["start_date"]) == boundary
    assert admin.get(f"/api/v1/quarters/{first['id']}").json() == first
    assert first["revision"] == second["revision"] == written(maple)[0]


def test_generating_quarters_again_changes_nothing(admin, maple) -> None:
    maple.quarters[0].end_date = maple.quarters[0].start_date.replace(day=20)
    maple.quarters[0].save()
    left = written(maple)
    responses = [admin.post(quarters_of(maple.term), body) for body in ({}, {"strategy": "even"})]
    assert [response.status_code for response in responses] == [200, 200]
    assert responses[0].json() == responses[1].json()
    ends = [quarter["end_date"] for quarter in responses[0].json()["quarters"]]
    assert ends == ["2026-08-20", "2026-12-18"]
    assert written(maple) == left


def test_one_missing_quarter_is_made_beside_the_other(admin, maple) -> None:
    maple.quarters[1].delete()
    first, second = admin.post(quarters_of(maple.term), {}).json()["quarters"]
    assert first["id"] == str(maple.quarters[0].id)
    assert (second["quarter_type"], second["end_date"]) == ("Q2", "2026-12-18")


def test_a_trimester_has_no_quarters(admin, maple) -> None:
    term = TermFactory.create(academic_year=maple.year, term_type="TRI1")
    response = admin.post(quarters_of(term), {})
    assert (response.status_code, told(response)) == (400, {("", "requires_semester")})
    assert not Quarter.objects.filter(term=term).exists()


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"strategy": "odd"}, {("/strategy", "invalid_choice")}),
        ({"strategy": None}, {("/strategy", "null")}),
        ({"strategy": ["even"]}, {("/strategy", "invalid_choice")}),
        ({"split": "even"}, {("/split", "unknown_field")}),
        ([], {("", "invalid")}),
    ],
)
def test_an_odd_strategy_is_refused(admin, maple, body: Any, errors: set[tuple[str, str]]) -> None:
    term = TermFactory.create(academic_year=maple.year, term_type="SEM2")
    response = admin.post(quarters_of(term), body)
    assert (response.status_code, told(response)) == (400, errors)
    assert not term.quarters.exists()


# Clone


def test_a_clone_has_the_periods_and_a_code_of_its_own(admin, maple) -> None:
    maple.late_start.is_archived = True
    maple.late_start.metadata = {"wing": "B"}
    maple.late_start.sourced_id = maple.periods[0].sourced_id = "sis-1"
    maple.late_start.save()
    maple.periods[0].save()
    original = admin.get(late_start(maple)).json()
    response = admin.post(f"{late_start(maple)}/clone", {})
    clone = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/v1/period-templates/{clone['id']}"
    assert admin.get(response.headers["Location"]).json() == clone
    assert response.headers["ETag"] == clone["etag"]
    expected = {
        "code": "late-start-copy",
        "name": "Late start",
        "is_default": False,
        "is_archived": False,
        "sourced_id": "",
        "metadata": {"wing": "B"},
        "school": original["school"],
    }
    assert {name: clone[name] for name in expected} == expected
    own = {"id", "sourced_id", "revision", "etag"}
    assert {each["sourced_id"] for each in clone["periods"]} == {""}
    periods = [
        [{name: each[name] for name in each.keys() - own} for each in body["periods"]]
        for body in (original, clone)
    ]
    assert periods[0] == periods[1]
    assert admin.get(late_start(maple)).json() == original


def test_each_clone_finds_a_free_code_unless_it_is_told_one(admin, maple) -> None:
    bodies = [{}, {}, {"code": "spring"}, {"name": "Spring"}]
    clones = [admin.post(f"{late_start(maple)}/clone", body).json() for body in bodies]
    assert [(clone["code"], clone["name"]) for clone in clones] == [
        ("late-start-copy", "Late start"),
        ("late-start-copy-2", "Late start"),
        ("spring", "Late start"),
        ("late-start-copy-3", "Spring"),
    ]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"code": "regular"}, {("", "code_taken")}),
        ({"code": "Late Start"}, {("/code", "invalid_slug")}),
        ({"code": NOBODY}, {("/code", "invalid_slug")}),
        ({"code": "", "name": ""}, {("/code", "blank"), ("/name", "blank")}),
        ({"code": None, "name": 5}, {("/code", "null"), ("/name", "invalid")}),
        ({"code": "x" * 64}, {("/code", "max_length")}),
        ({"is_default": True}, {("/is_default", "unknown_field")}),
        ("late-start-copy", {("", "invalid")}),
    ],
)
def test_a_clone_that_cannot_be_is_refused_whole(
    admin, maple, body: Any, errors: set[tuple[str, str]]
) -> None:
    response = admin.post(f"{late_start(maple)}/clone", body)
    assert (response.status_code, told(response)) == (400, errors)
    assert (PeriodTemplate.objects.count(), PeriodDefinition.objects.count()) == (2, 4)


# Generate periods


def test_an_empty_bell_schedule_is_filled(admin, maple) -> None:
    url = empty_bells(maple)
    response = admin.post(f"{url}/generate", {**GENERATED, "breaks": [{"after": 2, "length": 30}]})
    assert response.status_code == 200
    names = ("number", "name", "type", "start", "end", "passing")
    assert [tuple(each[name] for name in names) for each in response.json()["periods"]] == [
        (1, "Period 1", "class", "08:30", "09:20", 5),
        (2, "Period 2", "class", "09:25", "10:15", 0),
        (4, "Lunch", "lunch", "10:15", "10:45", 5),
        (3, "Period 3", "class", "10:50", "11:40", 5),
    ]
    assert admin.get(url).json() == response.json()
    assert response.headers["ETag"] == response.json()["etag"]


def test_irregular_classes_are_generated_knowingly(admin, maple) -> None:
    body = {"start": "08:00", "count": 2, "length": 24, "passing": 0, "irregular": True}
    periods = admin.post(f"{empty_bells(maple)}/generate", body).json()["periods"]
    assert [(each["length"], each["irregular"]) for each in periods] == [(24, True)] * 2


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"start": "8:30", "count": "3", "length": 50.5},
            {("/start", "invalid"), ("/count", "invalid"), ("/length", "invalid")},
        ),
        ({"length": 29}, {("/length", "length_out_of_range")}),
        ({"length": 481}, {("/length", "length_out_of_range")}),
        ({"count": 0}, {("/count", "count_out_of_range")}),
        ({"count": -1, "passing": 31}, None),
        ({"count": 10**25}, {("/count", "past_midnight")}),
        ({"start": "20:00", "count": 5}, {("/count", "past_midnight")}),
        ({"breaks": [{"after": 4, "length": 30}]}, {("/breaks", "unknown_period")}),
        ({"breaks": [{"after": 1, "length": 481}]}, {("/breaks", "length_out_of_range")}),
        (
            {"breaks": [{"after": 1}, 5, {"after": 2, "length": 5, "x": 1}]},
            {
                ("/breaks/0/length", "required"),
                ("/breaks/1", "invalid"),
                ("/breaks/2/x", "unknown_field"),
            },
        ),
        ({"breaks": {}}, {("/breaks", "not_a_list")}),
        ({"breaks": None, "irregular": 1}, {("/breaks", "null"), ("/irregular", "invalid")}),
    ],
)
def test_bells_that_cannot_be_generated_are_refused_whole(
    admin, maple, changes: dict[str, Any], errors: Any
) -> None:
    several = {("/count", "count_out_of_range"), ("/passing", "max_value")}
    response = admin.post(f"{empty_bells(maple)}/generate", {**GENERATED, **changes})
    assert (response.status_code, told(response)) == (400, errors or several)
    assert PeriodDefinition.objects.count() == 4


def test_a_bell_schedule_that_has_periods_is_not_filled(admin, maple) -> None:
    before = admin.get(late_start(maple)).json()
    response = admin.post(f"{late_start(maple)}/generate", GENERATED)
    assert (response.status_code, told(response)) == (400, {("", "has_periods")})
    assert admin.get(late_start(maple)).json() == before


# Replace the periods


def sent(periods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    set_by_the_service = {"id", "end", "revision", "etag"}
    return [{name: each[name] for name in each.keys() - set_by_the_service} for each in periods]


def test_periods_are_replaced_by_number_and_keep_their_ids(admin, maple) -> None:
    first, second, lunch = admin.get(late_start(maple)).json()["periods"]
    periods = [
        {"number": 3, "name": "Lunch", "type": "lunch", "start": "09:49", "length": 20},
        {"number": 9, "start": "13:00", "length": 60, "meta": {"room": [1]}, "sourced_id": "p9"},
        *sent([first]),
    ]
    response = admin.put(f"{late_start(maple)}/periods", {"periods": periods})
    assert response.status_code == 200
    after = response.json()
    assert [(each["number"], each["name"]) for each in after["periods"]] == [
        (1, "Period 1"),
        (3, "Lunch"),
        (9, "Period 9"),
    ]
    assert after["periods"][0] == first
    assert after["periods"][1] == {
        **lunch,
        **periods[0],
        "end": "10:09",
        "track": "",
        "revision": written(maple)[0],
        "etag": after["periods"][1]["etag"],
    }
    assert admin.get(f"/api/v1/period-definitions/{second['id']}").status_code == 404
    assert admin.get(late_start(maple)).json() == after
    assert response.headers["ETag"] == after["etag"]


def test_replacing_periods_by_themselves_changes_nothing(admin, maple) -> None:
    before = admin.get(late_start(maple))
    left = written(maple)
    periods = sent(before.json()["periods"])[::-1]
    response = admin.put(f"{late_start(maple)}/periods", {"periods": periods})
    assert (response.status_code, response.json()) == (200, before.json())
    assert (response.headers["ETag"], written(maple)) == (before.headers["ETag"], left)


def test_periods_may_swap_their_times_and_their_keys(admin, maple) -> None:
    first, second, _lunch = sent(admin.get(late_start(maple)).json()["periods"])
    first["sourced_id"], second["sourced_id"] = "a", "b"
    url = f"{late_start(maple)}/periods"
    assert admin.put(url, {"periods": [first, second]}).status_code == 200
    for name in ("start", "sourced_id", "passing"):
        first[name], second[name] = second[name], first[name]
    response = admin.put(url, {"periods": [first, second]})
    assert response.status_code == 200
    assert [(each["number"], each["sourced_id"]) for each in response.json()["periods"]] == [
        (2, "a"),
        (1, "b"),
    ]


def test_a_bell_schedule_may_be_emptied(admin, maple) -> None:
    response = admin.put(f"{late_start(maple)}/periods", {"periods": []})
    assert (response.status_code, response.json()["periods"]) == (200, [])


def test_every_problem_of_every_period_is_told_at_once(admin, maple) -> None:
    before, left = admin.get(late_start(maple)).json(), written(maple)
    PeriodDefinition.objects.filter(template=maple.regular).update(sourced_id="taken")
    left = written(maple)
    before = admin.get(late_start(maple)).json()
    periods: list[Any] = [
        {"number": 1, "start": "08:00", "length": 60, "passing": 10, "sourced_id": "taken"},
        {"number": 1, "start": "08:30", "length": 60},
        {"number": 2, "start": "9:30", "length": 29, "color": "red"},
        {"number": 2.5, "start": "10:00", "length": 60, "track": "all", "end": "11:00"},
        {"number": 4, "start": "23:30", "length": 60, "meta": {"deep": 2**53}},
        7,
        None,
        {},
    ]
    response = admin.put(f"{late_start(maple)}/periods", {"periods": periods})
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert told(response) == {
        ("/periods/0/sourced_id", "sourced_id_taken"),
        ("/periods/1/number", "number_taken"),
        ("/periods/1", "overlap"),
        ("/periods/2/start", "invalid"),
        ("/periods/2/length", "length_out_of_range"),
        ("/periods/2/color", "unknown_field"),
        ("/periods/3/number", "invalid"),
        ("/periods/3/track", "reserved_track"),
        ("/periods/3/end", "read_only"),
        ("/periods/4/length", "past_midnight"),
        ("/periods/4/meta/deep", "number_too_large"),
        ("/periods/5", "invalid"),
        ("/periods/6", "null"),
        ("/periods/7/number", "required"),
        ("/periods/7/start", "required"),
        ("/periods/7/length", "required"),
    }
    assert (admin.get(late_start(maple)).json(), written(maple)) == (before, left)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {("/periods", "required")}),
        ([], {("", "invalid")}),
        ({"periods": None}, {("/periods", "null")}),
        ({"periods": {}}, {("/periods", "not_a_list")}),
        ({"periods": [], "name": "x"}, {("/name", "unknown_field")}),
        ({"periods": [{}] * 201}, {("/periods", "max_length")}),
    ],
)
def test_a_body_that_lists_no_periods_is_refused(
    admin, maple, body: Any, errors: set[tuple[str, str]]
) -> None:
    response = admin.put(f"{late_start(maple)}/periods", body)
    assert (response.status_code, told(response)) == (400, errors)
    assert maple.late_start.periods.count() == 3


# In use


def test_a_bell_schedule_names_all_that_uses_it(admin, maple) -> None:
    DayOverrideFactory.create(
        academic_year=maple.year,
        name="Finals",
        template=maple.late_start,
        start_date="2026-12-16",
    )
    ScheduleRuleFactory.create(
        academic_year=maple.year, template=maple.late_start, weekdays=["friday"]
    )
    left = written(maple)
    response = admin.delete(late_start(maple))
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    details = [error["detail"].partition(" (")[0] for error in response.json()["errors"]]
    assert details == [
        "The day override “Finals”",
        "The schedule rule “Late start: monday”",
        "The schedule rule “Late start: friday”",
    ]
    assert written(maple) == left


@pytest.mark.parametrize(
    ("url", "used_by"),
    [
        ("districts/{0.school.district_id}", "The school “Maple High”"),
        ("terms/{0.term.id}", "The quarter “Q1 (S1)”"),
        ("academic-years/{0.year.id}", "The term “Semester 1”"),
        ("schools/maple-high", "The academic year “2026-2027”"),
    ],
)
def test_what_others_hang_on_cannot_go(admin, maple, url: str, used_by: str) -> None:
    response = admin.delete("/api/v1/" + url.format(maple))
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    details = " ".join(error["detail"] for error in response.json()["errors"])
    assert used_by in details


def test_a_bell_schedule_goes_with_its_periods(admin, maple) -> None:
    maple.year.schedule_rules.all().delete()
    assert admin.delete(late_start(maple)).status_code == 204
    assert not PeriodDefinition.objects.filter(template=maple.late_start.pk).exists()


def test_an_empty_school_can_go(admin, maple) -> None:
    school = SchoolFactory.create(district=maple.school.district, slug="elm")
    MembershipFactory.create(school=school)
    assert admin.delete("/api/v1/schools/elm").status_code == 204
    assert admin.get("/api/v1/schools/elm").status_code == 404


# Whom they obey


def actions(maple: Maple) -> list[tuple[str, str, Any]]:
    return [
        ("post", quarters_of(maple.term), {}),
        ("post", f"{late_start(maple)}/clone", {}),
        ("post", f"{late_start(maple)}/generate", GENERATED),
        ("put", f"{late_start(maple)}/periods", {"periods": []}),
    ]


def test_an_action_takes_a_role_and_a_scope(client, maple, program) -> None:
    viewer = ApplicationFactory.create()
    MembershipFactory.create(application=viewer, school=maple.school)
    left = written(maple)
    for method, url, body in actions(maple):
        call = getattr(client, method)
        assert call(url, body).status_code == 401
        assert call(url, body, headers=bearer(viewer)).status_code == 403
        response = call(url, body, headers=bearer(program, "calendar.read"))
        assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")
    assert written(maple) == left


def test_an_action_takes_no_parameters_and_names_a_row(admin, maple) -> None:
    left = written(maple)
    for method, url, body in actions(maple):
        response = getattr(admin, method)(f"{url}?dry_run=true", body)
        assert (response.status_code, told(response)) == (400, {("/dry_run", "unknown_parameter")})
        nowhere = "/".join([*url.split("/")[:4], NOBODY, url.rpartition("/")[2]])
        assert getattr(admin, method)(nowhere, body).status_code == 404
        assert admin.get(url).status_code == 405
    assert written(maple) == left
