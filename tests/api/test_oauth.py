"""Tokens: who gets one, for what, and how long it is good."""

import base64
import datetime as dt
import json
from io import StringIO
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from oauth2_provider.models import AccessToken, Application

from scheduling.models import ClientScopes
from tests.factories import (
    CLIENT_SECRET,
    AccessTokenFactory,
    ApplicationFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    bearer,
)

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
GRANT = {"grant_type": "client_credentials"}
NOW = dt.datetime(2026, 11, 23, 15, 45, tzinfo=dt.UTC)


def basic(client_id: str, secret: str = CLIENT_SECRET, scheme: str = "Basic") -> dict[str, str]:
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return {"authorization": f"{scheme} {base64.b64encode(pair.encode()).decode()}"}


def post(client: Any, path: str, form: Any, content_type: str = FORM, **more: Any) -> Any:
    body = form if isinstance(form, str | bytes) else urlencode(form, doseq=True)
    return client.generic("POST", path, body, content_type=content_type, **more)


def ask(client: Any, form: Any = GRANT, **more: Any) -> Any:
    return post(client, "/oauth/token", form, **more)


@pytest.fixture
def program() -> Application:
    """A program that may read and write."""
    program = ApplicationFactory.create(client_id="the-sis")
    ClientScopes(application=program, scopes=["calendar.read", "calendar.write"]).save()
    return program


def require_refusal(response: Any, status: int, error: str) -> None:
    """Require OAuth's own JSON, that nobody keeps."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/json")
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert body.keys() <= {"error", "error_description"}
    assert body["error"] == error
    assert not AccessToken.objects.exists()


# Getting a token


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        pytest.param(GRANT, basic("the-sis"), id="header"),
        pytest.param(GRANT, basic("the-sis", scheme="basic"), id="small-letters"),
        pytest.param({**GRANT, "client_id": "the-sis"}, basic("the-sis"), id="header-and-id"),
        pytest.param(
            {**GRANT, "client_id": "the-sis", "client_secret": CLIENT_SECRET}, {}, id="form"
        ),
        pytest.param({**GRANT, "scope": ""}, basic("the-sis"), id="empty-is-left-out"),
        pytest.param(
            {**GRANT, "resource": "http://[", "é": "é", "user": "1", "client": "x"},
            basic("the-sis"),
            id="what-it-does-not-know-is-ignored",
        ),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_a_program_gets_a_token_for_its_id_and_secret(client, program, form, headers):
    response = ask(client, form, headers=headers)

    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    answer = response.json()
    secret = answer.pop("access_token")
    assert answer == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "calendar.read calendar.write",
    }
    token = AccessToken.objects.get()
    assert (token.application, token.expires) == (program, NOW + dt.timedelta(hours=1))
    assert token.resource == []
    stored = json.dumps(list(AccessToken.objects.values()), default=str)
    assert secret not in stored, "a token is stored as a hash alone"


@pytest.mark.parametrize("secret", ["with:colon", "with space+plus%", "a" * 200])
def test_any_secret_can_be_sent_in_the_header(client, secret):
    ApplicationFactory.create(client_id="the-sis", client_secret=secret)
    assert ask(client, headers=basic("the-sis", secret)).status_code == 200


@pytest.mark.parametrize(
    ("granted", "asked", "given"),
    [
        pytest.param(["calendar.read"], None, "calendar.read", id="what-it-has"),
        pytest.param(["calendar.write"], None, "calendar.write", id="writing-alone"),
        pytest.param(
            ["calendar.read", "calendar.write"], "calendar.read", "calendar.read", id="less"
        ),
        pytest.param(
            ["calendar.read"], "calendar.read calendar.write x", "calendar.read", id="what-it-may"
        ),
        pytest.param(None, None, "calendar.read", id="nothing-granted"),
        pytest.param(None, "calendar.read", "calendar.read", id="nothing-granted-but-reading"),
    ],
)
def test_a_token_has_the_scopes_that_were_asked_for_or_else_all(client, granted, asked, given):
    program = ApplicationFactory.create()
    if granted:
        ClientScopes(application=program, scopes=granted).save()

    form = {**GRANT, **({"scope": asked} if asked else {})}
    response = ask(client, form, headers=basic(program.client_id))

    assert response.json()["scope"] == given == AccessToken.objects.get().scope


@pytest.mark.parametrize(
    ("granted", "asked"),
    [
        pytest.param(["calendar.read"], "calendar.write", id="more"),
        pytest.param(["calendar.read", "calendar.write"], "calendar.admin", id="unknown"),
        pytest.param(["calendar.read"], "CALENDAR.READ", id="capitals"),
        pytest.param(None, "calendar.write", id="nothing-granted"),
    ],
)
def test_no_program_gets_a_scope_that_it_was_not_created_with(client, granted, asked):
    program = ApplicationFactory.create()
    if granted:
        ClientScopes(application=program, scopes=granted).save()

    response = ask(client, {**GRANT, "scope": asked}, headers=basic(program.client_id))

    require_refusal(response, 400, "invalid_scope")


IN_FORM = {**GRANT, "client_id": "the-sis", "client_secret": CLIENT_SECRET}


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        pytest.param(GRANT, {}, id="nobody"),
        pytest.param(GRANT, basic("the-sis", "wrong"), id="wrong-secret"),
        pytest.param(GRANT, basic("the-sis", ""), id="empty-secret"),
        pytest.param(GRANT, basic("another"), id="unknown"),
        pytest.param(GRANT, basic(""), id="no-id"),
        pytest.param(GRANT, basic("the-sis\0"), id="nul-in-the-id"),
        pytest.param(GRANT, basic("the-sis", "nul\0"), id="nul-in-the-secret"),
        pytest.param(GRANT, basic("the-sis", "ü"), id="umlaut"),
        pytest.param(GRANT, {"authorization": "Basic"}, id="empty-header"),
        pytest.param(GRANT, {"authorization": "Basic !"}, id="no-base64"),
        pytest.param(GRANT, {"authorization": "Basic ü"}, id="no-ascii"),
        pytest.param(GRANT, {"authorization": "Basic /w=="}, id="no-utf-8"),
        pytest.param(GRANT, {"authorization": "Basic dGhlLXNpcw=="}, id="no-colon"),
        pytest.param(GRANT, {"authorization": "Digest x"}, id="another-scheme"),
        pytest.param({**GRANT, "client_id": "other"}, basic("the-sis"), id="two-ids"),
        pytest.param({**GRANT, "client_id": "the-sis"}, {}, id="no-secret"),
        pytest.param({**IN_FORM, "client_secret": "wrong"}, {}, id="wrong-secret-in-form"),
        pytest.param({**IN_FORM, "client_secret": ""}, {}, id="empty-secret-in-form"),
        pytest.param({**IN_FORM, "client_id": "another"}, {}, id="unknown-in-form"),
    ],
)
def test_who_does_not_prove_who_it_is_gets_no_token(client, program, form, headers):
    response = ask(client, form, headers=headers)

    require_refusal(response, 401, "invalid_client")
    assert response["WWW-Authenticate"] == 'Basic realm="schoolday"'


@pytest.mark.parametrize(
    ("form", "error"),
    [
        pytest.param({}, "invalid_request", id="nothing"),
        pytest.param({"grant_type": ""}, "invalid_request", id="empty-grant"),
        pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="password"),
        pytest.param(
            {"grant_type": "authorization_code", "code": "x"}, "unsupported_grant_type", id="code"
        ),
        pytest.param(
            {"grant_type": "refresh_token", "refresh_token": "x"},
            "unsupported_grant_type",
            id="refresh",
        ),
        pytest.param(
            {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"},
            "unsupported_grant_type",
            id="device",
        ),
        pytest.param({"grant_type": "x\0"}, "invalid_request", id="nul"),
        pytest.param({"grant_type": "ü"}, "invalid_request", id="umlaut"),
        pytest.param({"grant_type": ["client_credentials"] * 2}, "invalid_request", id="twice"),
        pytest.param({**GRANT, "scope": ["calendar.read"] * 2}, "invalid_request", id="scopes"),
        pytest.param({**GRANT, "scope": "calendar.read\n"}, "invalid_request", id="line-end"),
        pytest.param(b"grant_type=%ff", "invalid_request", id="no-utf-8"),
        pytest.param(b"grant_type=%", "unsupported_grant_type", id="half-an-escape"),
        pytest.param(b"&" * 2000 + b"a=1&" * 2000, "invalid_request", id="too-many"),
        pytest.param(b"scope=" + b"x" * 3_000_000, "invalid_request", id="too-large"),
        pytest.param(IN_FORM, "invalid_request", id="two-secrets"),
    ],
)
def test_a_form_that_asks_for_something_else_is_refused(client, program, form, error):
    response = ask(client, form, headers=basic("the-sis"))

    assert response.status_code == 400
    assert not AccessToken.objects.exists()
    assert response.json()["error"] == error
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "multipart/form-data; boundary=x", "text/plain", "", f"{FORM}; charset=x"],
)
def test_only_a_form_is_read(client, program, content_type):
    response = ask(client, json.dumps(GRANT), content_type=content_type, headers=basic("the-sis"))
    require_refusal(response, 400, "invalid_request")


@pytest.mark.parametrize("query", ["grant_type=client_credentials", "x=%zz", "%00"])
def test_nothing_is_sent_in_the_address(client, program, query):
    response = post(client, f"/oauth/token?{query}", GRANT, headers=basic("the-sis"))
    require_refusal(response, 400, "invalid_request")


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(client, path, method):
    response = client.generic(method, path)

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/json", "no-store")
    if method != "HEAD":
        assert response.json()["error"] == "invalid_request"


@pytest.mark.parametrize("path", ["/oauth/token/", "/oauth/authorize", "/oauth/applications"])
def test_nothing_else_of_the_library_is_served(client, path):
    assert client.get(path).status_code == 404


def test_a_program_whose_account_is_closed_gets_no_token(client, program):
    program.user.is_active = False
    program.user.save()
    require_refusal(ask(client, headers=basic("the-sis")), 401, "invalid_client")


def test_a_program_of_another_kind_gets_no_token(client):
    ApplicationFactory.create(client_id="the-sis", authorization_grant_type="password")
    require_refusal(ask(client, headers=basic("the-sis")), 400, "unauthorized_client")


def test_a_program_without_a_secret_gets_no_token(client):
    ApplicationFactory.create(client_id="the-sis", client_secret="")
    require_refusal(ask(client, headers=basic("the-sis", "")), 401, "invalid_client")


def test_a_secret_is_stored_as_a_hash(program):
    program.refresh_from_db()
    assert CLIENT_SECRET not in program.client_secret


def test_while_the_database_is_away_a_program_is_told_to_try_again(client, program):
    def away(*_args: Any) -> Any:
        raise OperationalError

    with connection.execute_wrapper(away):
        response = ask(client, headers=basic("the-sis"))

    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert response.json()["error"] == "temporarily_unavailable"


# Taking a token back


def revoke(client: Any, form: Any, **more: Any) -> Any:
    return post(client, "/oauth/revoke", form, **more)


@pytest.mark.parametrize("hint", [None, "access_token", "nonsense"])
def test_a_revoked_token_is_gone(client, program, hint):
    token = AccessTokenFactory.create(application=program)

    form = {"token": token.secret, **({"token_type_hint": hint} if hint else {})}
    response = revoke(client, form, headers=basic("the-sis"))

    assert (response.status_code, response.json()) == (200, {})
    assert response["Cache-Control"] == "no-store"
    assert not AccessToken.objects.exists()


def test_another_programs_token_stays_and_nobody_is_told(client, program):
    token = AccessTokenFactory.create()

    response = revoke(client, {"token": token.secret}, headers=basic("the-sis"))
    unknown = revoke(client, {"token": "none"}, headers=basic("the-sis"))

    assert (response.status_code, response.content) == (unknown.status_code, unknown.content)
    assert AccessToken.objects.get() == token


@pytest.mark.parametrize(
    ("form", "headers", "status", "error"),
    [
        pytest.param({"token": "x"}, {}, 401, "invalid_client", id="nobody"),
        pytest.param(
            {"token": "x"}, basic("the-sis", "wrong"), 401, "invalid_client", id="wrong-secret"
        ),
        pytest.param(
            {"token": "x", "client_id": "the-sis"}, {}, 401, "invalid_client", id="no-secret"
        ),
        pytest.param({}, basic("the-sis"), 400, "invalid_request", id="no-token"),
        pytest.param({"token": "\0"}, basic("the-sis"), 400, "invalid_request", id="nul"),
        pytest.param({"token": ["x", "y"]}, basic("the-sis"), 400, "invalid_request", id="two"),
        pytest.param(
            {"token": "x", "token_type_hint": "refresh_token"},
            basic("the-sis"),
            400,
            "unsupported_token_type",
            id="there-are-no-refresh-tokens",
        ),
    ],
)
def test_only_the_program_itself_takes_a_token_back(client, program, form, headers, status, error):
    require_refusal(revoke(client, form, headers=headers), status, error)


# Using a token


@pytest.fixture
def address() -> str:
    school = SchoolFactory.create(slug="maple-high", is_public=True)
    return f"/api/v1/schools/{school.slug}/days/2026-11-23"


def require_invalid_token(response: Any) -> None:
    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")
    assert response["WWW-Authenticate"] == 'Bearer realm="schoolday", error="invalid_token"'


def test_a_token_opens_the_api(client, program):
    school = SchoolFactory.create(is_public=False)
    MembershipFactory.create(application=program, school=school)
    secret = ask(client, headers=basic("the-sis")).json()["access_token"]
    address = f"/api/v1/schools/{school.slug}/days/2026-11-23"

    assert client.get(address).status_code == 404
    for scheme in ("Bearer", "bearer"):
        headers = {"authorization": f"{scheme} {secret}"}
        assert client.get(address, headers=headers).status_code == 200


@pytest.mark.parametrize("passed", [dt.timedelta(seconds=0), dt.timedelta(days=1)])
def test_an_expired_token_is_refused_even_where_anybody_may_read(client, address, passed):
    token = AccessTokenFactory.create(expires=NOW - passed)
    with time_machine.travel(NOW, tick=False):
        headers = {"authorization": f"Bearer {token.secret}"}
        require_invalid_token(client.get(address, headers=headers))


def test_a_revoked_token_is_refused(client, program, address):
    headers = bearer(program)
    assert client.get(address, headers=headers).status_code == 200

    token = headers["authorization"].removeprefix("Bearer ")
    revoke(client, {"token": token}, headers=basic("the-sis"))

    require_invalid_token(client.get(address, headers=headers))


def test_expired_tokens_are_cleared_away(program):
    AccessTokenFactory.create(application=program, expires=NOW)
    kept = AccessTokenFactory.create(application=program, expires=NOW + dt.timedelta(hours=1))
    complaints = StringIO()

    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        call_command("cleartokens", stderr=complaints)

    assert AccessToken.objects.get() == kept
    assert complaints.getvalue() == ""


def test_the_token_of_a_closed_account_is_refused(client, program, address):
    headers = bearer(program)
    program.user.is_active = False
    program.user.save()
    require_invalid_token(client.get(address, headers=headers))


@pytest.mark.parametrize("token", ["", " ", "none", "a b", "ü", "x" * 5000])
def test_what_is_no_token_is_refused(client, address, token):
    require_invalid_token(client.get(address, headers={"authorization": f"Bearer {token}"}))


def test_a_token_in_the_address_or_in_a_form_is_none(client, program):
    school = SchoolFactory.create(is_public=False)
    MembershipFactory.create(application=program, school=school)
    token = AccessTokenFactory.create(application=program).secret
    address = f"/api/v1/schools/{school.slug}/days/2026-11-23"
    assert client.get(f"{address}?access_token={token}").status_code == 400


def test_a_token_that_belongs_to_no_program_is_refused(client, address):
    token = AccessTokenFactory.create(application=None, user=UserFactory.create())
    headers = {"authorization": f"Bearer {token.secret}"}
    require_invalid_token(client.get(address, headers=headers))


def test_a_bearer_costs_one_query_and_writes_nothing(client, program, address):
    headers = bearer(program)
    client.get(address, headers=headers)
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        client.get(address, headers=headers)

    assert len([sql for sql in asked if "oauth2_provider" in sql.split("WHERE")[0]]) == 1
    assert {sql.split()[0] for sql in asked} == {"SELECT"}


# People


def test_a_person_who_is_logged_out_by_the_office_is_nobody(client):
    person = UserFactory.create()
    school = SchoolFactory.create(is_public=False)
    MembershipFactory.create(user=person, school=school)
    address = f"/api/v1/schools/{school.slug}/days/2026-11-23"
    client.force_login(person)
    assert client.get(address).status_code == 200

    person.is_active = False
    person.save()

    assert client.get(address).status_code == 404
