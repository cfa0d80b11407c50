"""Ways around the rules of access, each of them closed."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from oauth2_provider.models import AccessToken

from scheduling.access import READ
from scheduling.models import Membership, School
from tests.api.access_requests import Answer, Call, call, keys_of_bodies, naming
from tests.api.access_world import NOW, Place, World, person
from tests.factories import (
    CLIENT_SECRET,
    ApplicationFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    bearer,
)

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def own(world: World) -> Place:
    return world.places["own"]


def statuses(client: Any, place: Place, **headers: str) -> tuple[int, int]:
    """Return what a caller gets who reads of a place, and who writes there."""
    read, write = (call(name, place).sent(client, **headers) for name in ("getTerm", "updateTerm"))
    return read.status, write.status


def told(answer: Answer) -> tuple[int, list[tuple[str, str]]]:
    """Return the status of an answer, and what is wrong where."""
    return answer.status, [(each["pointer"], each["code"]) for each in answer.json["errors"]]


# Who somebody is


@pytest.mark.parametrize("name", ["editor", "person"])
def test_a_role_that_is_taken_away_is_gone_with_the_next_request(world, own, name: str) -> None:
    assert statuses(world.clients[name], own) == (200, 200)
    Membership.objects.filter(school=own.school).delete()
    assert statuses(world.clients[name], own) == (404, 404)


def test_a_role_that_is_lowered_is_lower_with_the_next_request(world, own) -> None:
    Membership.objects.filter(school=own.school).update(role="viewer")
    assert statuses(world.clients["admin"], own) == (200, 403)


def test_a_role_in_a_district_ends_where_the_school_leaves_it(world, own) -> None:
    moved = School.objects.get(pk=own.school.pk)
    moved.district = world.places["foreign"].school.district
    moved.save()
    assert statuses(world.clients["district"], own) == (404, 404)


@pytest.mark.parametrize("is_superuser", [False, True])
def test_a_person_whose_account_is_closed_is_nobody(own, is_superuser: bool) -> None:
    user = UserFactory.create(is_superuser=is_superuser)
    client = person(user)
    MembershipFactory.create(user=user, school=own.school, role="admin")
    assert statuses(client, own) == (200, 200)
    user.is_active = False
    user.save()
    assert statuses(client, own) == (404, 401)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"expires": NOW}, id="expired"),
        pytest.param({"application": None}, id="of-no-program"),
        pytest.param({"token_checksum": "0" * 64}, id="another-secret"),
    ],
)
def test_a_token_that_is_no_good_opens_nothing(world, own, changes: dict[str, Any]) -> None:
    headers = admin_of(own)
    assert statuses(world.clients["anybody"], own, **headers) == (200, 200)
    AccessToken.objects.filter(application__name="the admin").update(**changes)
    assert statuses(world.clients["anybody"], own, **headers) == (401, 401)
    assert statuses(world.clients["anybody"], world.places["public"], **headers) == (401, 401)


def admin_of(place: Place, *scopes: str, **account: Any) -> dict[str, str]:
    """Return the headers of a program that is an admin of a school."""
    program = ApplicationFactory.create(
        name="the admin", client_id="the-admin", user=UserFactory.create(**account)
    )
    MembershipFactory.create(application=program, school=place.school, role="admin")
    return bearer(program, *scopes)


def test_a_token_that_is_taken_back_opens_nothing(world, own) -> None:
    headers = admin_of(own)
    _scheme, _space, secret = headers["authorization"].partition(" ")
    form = {"client_id": "the-admin", "client_secret": CLIENT_SECRET, "token": secret}
    revoked = world.clients["anybody"].post("/oauth/revoke", urlencode(form), content_type=FORM)
    assert revoked.status_code == 200
    assert statuses(world.clients["anybody"], own, **headers) == (401, 401)


def test_a_program_whose_account_is_closed_is_shut_out(world, own) -> None:
    headers = admin_of(own, is_active=False)
    assert statuses(world.clients["anybody"], own, **headers) == (401, 401)


def test_a_program_has_its_own_roles_and_not_those_of_its_account(world, own) -> None:
    program = ApplicationFactory.create()
    MembershipFactory.create(user=program.user, school=own.school, role="admin")
    assert statuses(world.clients["anybody"], own, **bearer(program)) == (404, 404)


def test_an_account_has_no_roles_of_its_program(own) -> None:
    program = ApplicationFactory.create()
    MembershipFactory.create(application=program, school=own.school, role="admin")
    assert statuses(person(program.user), own) == (404, 404)


def test_a_superuser_is_bound_by_the_scopes_of_its_token(world, own) -> None:
    program = ApplicationFactory.create(user__is_superuser=True)
    assert statuses(world.clients["anybody"], own, **bearer(program)) == (200, 200)
    assert statuses(world.clients["anybody"], own, **bearer(program, READ)) == (200, 403)


def test_a_token_speaks_whoever_has_logged_in(world, own) -> None:
    stranger = bearer(ApplicationFactory.create())
    assert statuses(world.clients["superuser"], own, **stranger) == (404, 404)
    bad = {"authorization": "Bearer guessed"}
    assert statuses(world.clients["superuser"], own, **bad) == (401, 401)


# Where rows go


MOVES = [
    pytest.param(name, key, id=f"{name}-{key}")
    for name, key in keys_of_bodies()
    if key != "district" and not name.startswith("create")
]
SECOND_KEYS = [("createScheduleRule", "template"), ("createDayOverride", "template")]


@pytest.mark.parametrize(("name", "key"), [*MOVES, *SECOND_KEYS])
def test_a_row_never_belongs_to_two_schools(world, own, name: str, key: str) -> None:
    answer = naming(name, key, own, world.places["public"]).sent(world.clients["district"])
    code = "foreign_parent" if key == "template" and "Period" not in name else "fixed"
    status, errors = told(answer)
    assert (status, errors[0]) == (400, (f"/{key}", code))


@pytest.mark.parametrize("name", ["createScheduleRule", "createDayOverride"])
def test_a_bell_schedule_of_ones_own_opens_no_other_year(world, own, name: str) -> None:
    asked = naming(name, "academic_year", own, world.places["public"])
    assert asked.sent(world.clients["admin"]).status == 403


@pytest.mark.parametrize("name", ["replaceSchool", "updateSchool"])
def test_a_school_goes_to_no_district_by_its_own_will(world, own, name: str) -> None:
    elsewhere = SchoolFactory.create(is_public=True)
    asked = call(name, own)
    asked = replace(asked, body={**asked.body, "district": elsewhere.district.slug})
    for actor, status in {"admin": 403, "district": 403, "superuser": 200}.items():
        assert asked.sent(world.clients[actor]).status == status


def test_a_district_takes_no_school_that_it_only_reads(world) -> None:
    public, theirs = world.places["public"], world.places["foreign"].school.district
    program = ApplicationFactory.create()
    MembershipFactory.create(application=program, district=theirs, role="admin")
    asked = replace(call("updateSchool", public), body={"district": str(theirs.pk)})
    assert asked.sent(world.clients["anybody"], **bearer(program)).status == 403


# What others know


@pytest.mark.parametrize("slug", ["foreign-high", "nobody-high"])
@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        pytest.param({}, (403, []), id="readable"),
        pytest.param({"name": 5}, (403, []), id="unreadable"),
        pytest.param({"district": "no-such"}, (404, [("/district", "not_found")]), id="nowhere"),
        pytest.param({"district": 5}, (400, [("/district", "invalid")]), id="anywhere"),
    ],
)
def test_whether_a_slug_is_taken_is_not_told_to_everybody(
    world, own, slug: str, changes: dict[str, Any], answer: Any
) -> None:
    asked = call("createSchool", own)
    asked = replace(asked, body={**asked.body, "slug": slug, **changes})
    assert told(asked.sent(world.clients["admin"])) == answer


def test_a_key_is_good_for_one_caller(world, own) -> None:
    asked = call("createBreak", own)

    def posted(headers: dict[str, str]) -> Any:
        key = {"idempotency-key": "the-key", **headers}
        return world.clients["anybody"].post(asked.path, asked.body, headers=key)

    program = ApplicationFactory.create()
    MembershipFactory.create(application=program, school=own.school, role="editor")
    first, again = posted(bearer(program)), posted(bearer(program))
    assert (first.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert posted(bearer(program, READ)).status_code == 403
    assert posted(bearer(ApplicationFactory.create())).status_code == 404
    assert posted({}).status_code == 401


@pytest.mark.parametrize(
    "name", ["getTerm", "getDailySchedule", "getQuarterForDate", "getCalendar"]
)
def test_what_was_public_is_gone_for_whoever_still_holds_it(world, name: str) -> None:
    public = world.places["public"]
    asked = call(name, public)
    tag = asked.sent(world.clients["anybody"]).headers["ETag"]
    assert asked.sent(world.clients["anybody"], if_none_match=tag).status == 304
    closed = School.objects.get(pk=public.school.pk)
    closed.is_public = False
    closed.save()
    assert asked.sent(world.clients["anybody"], if_none_match=tag).status == 404


@pytest.mark.parametrize(
    "name", ["getTerm", "getDailySchedule", "getQuarterForDate", "getCalendar"]
)
def test_what_others_hold_and_know_the_name_of_is_not_confirmed(world, own, name: str) -> None:
    asked = call(name, own)
    tag = asked.sent(world.clients["viewer"]).headers["ETag"]
    assert asked.sent(world.clients["stranger: admin"], if_none_match=tag).status == 404


@pytest.mark.parametrize("name", ["listWeeks", "getInstructionalMinutes"])
def test_a_year_of_another_school_is_no_year_of_this_one(world, name: str) -> None:
    public, foreign = world.places["public"], world.places["foreign"]
    asked = replace(call(name, public), query={"academic_year": foreign["year"]})
    for each in (asked, asked.elsewhere(foreign.missing)):
        answer = each.sent(world.clients["superuser"])
        assert told(answer) == (404, [("/academic_year", "not_found")])


@pytest.mark.parametrize("method", ["DESTROY", "CREATE", "PERIODS", "TRACE"])
def test_a_name_of_the_code_is_no_method(world, own, method: str) -> None:
    answer = Call(method, f"/api/v1/terms/{own['term']}").sent(world.clients["superuser"])
    assert (answer.status, answer.writes) == (405, [])
