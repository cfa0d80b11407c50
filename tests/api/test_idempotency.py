"""A POST with an Idempotency-Key takes effect once, and is answered alike."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, OperationalError, connection
from django.db import connections as all_connections
from django.urls import path
from oauth2_provider.models import get_application_model
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from api import idempotency
from api.credentials import Credential
from api.idempotency import idempotent
from api.models import IdempotentAnswer
from core.cache import cached
from core.revision import revise
from scheduling.access import WRITE, Actor
from scheduling.models import District, School
from tests.core.racing import race
from tests.factories import SchoolFactory, UserFactory

NOW = "2026-11-23T12:00:00Z"
BODY = {"slug": "harbor", "name": "Harbor District"}


class DistrictsView(APIView):
    """Makes a district of every body, and then does what a test wants."""

    permission_classes = ()
    then: Callable[[], Any]

    @idempotent
    def post(self, request) -> Response:
        with revise():
            district = District.objects.create(**request.data)
        answer = type(self).then()
        if isinstance(answer, Response):
            return answer
        headers = {"Location": f"/districts/{district.pk}", "ETag": '"1"', "X-Other": "not kept"}
        return Response({"id": district.pk, "name": district.name}, 201, headers=headers)


class OthersView(DistrictsView):
    """Another route of the same kind."""


urlpatterns = [
    path("api/districts", DistrictsView.as_view()),
    path("api/others", OthersView.as_view()),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
committing = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def then(monkeypatch) -> Callable[[Callable[[], Any]], None]:
    """Say what the view does after it has made its district: by default nothing."""

    def set_then(what: Callable[[], Any]) -> None:
        monkeypatch.setattr(DistrictsView, "then", what, raising=False)

    set_then(lambda: None)
    return set_then


def signed_in(user: Any = None, application: Any = None) -> APIClient:
    client = APIClient(raise_request_exception=False)
    if application is None:
        client.force_authenticate(user or UserFactory.create())
    else:
        user = UserFactory.create()
        credential = Credential(None, Actor(user, application, frozenset({WRITE})))
        client.force_authenticate(user, credential)
    return client


@pytest.fixture
def client() -> APIClient:
    return signed_in()


def post(
    client: APIClient, key: str = "key-1", body: Any = BODY, url: str = "/api/districts"
) -> Any:
    return client.post(url, body, headers={"idempotency-key": key})


def slugs() -> list[str]:
    return sorted(District.objects.values_list("slug", flat=True))


def failing(failure: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise failure

    return fail


def codes(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_the_first_answer_is_given_again(client) -> None:
    first, again = post(client), post(client)

    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again["Location"], again["ETag"]) == (
        first.content,
        first["Location"],
        '"1"',
    )
    assert again.headers["Content-Type"] == first.headers["Content-Type"] == "application/json"
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert "X-Other" not in again.headers
    assert slugs() == ["harbor"]


def test_without_a_key_every_post_takes_effect(client) -> None:
    client.post("/api/districts", BODY)
    again = client.post("/api/districts", BODY)
    assert codes(again) == (400, "invalid")
    assert not IdempotentAnswer.objects.exists()


def test_a_body_of_equal_json_is_the_same_request(client) -> None:
    post(client)
    again = client.generic(
        "POST",
        "/api/districts",
        '{ "name": "Harbor District",   "slug": "harbor" }',
        "application/json",
        headers={"idempotency-key": "key-1"},
    )
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"body": {**BODY, "slug": "other"}}, id="body"),
        pytest.param({"body": {**BODY, "name": True}}, id="type"),
        pytest.param({"url": "/api/others"}, id="path"),
        pytest.param({"url": "/api/districts?dry_run=true"}, id="query"),
    ],
)
def test_a_key_that_another_request_had_is_refused(client, other: dict[str, Any]) -> None:
    post(client)
    assert codes(post(client, **other)) == (422, "idempotency_key_reused")
    assert slugs() == ["harbor"]


def test_a_1_is_not_true(client) -> None:
    post(client, body={**BODY, "metadata": {"open": 1}})
    for value in (True, 1.0):
        assert post(client, body={**BODY, "metadata": {"open": value}}).status_code == 422


def test_another_key_is_another_request(client) -> None:
    post(client)
    post(client, "key-2", {**BODY, "slug": "other"})
    assert slugs() == ["harbor", "other"]


def test_every_caller_has_keys_of_its_own() -> None:
    application = get_application_model()
    first, second = (application.objects.create(name=name) for name in ("one", "two"))
    callers: list[dict[str, Any]] = [{}, {}, {"application": first}, {"application": second}]
    for number, caller in enumerate(callers):
        response = post(signed_in(**caller), body={**BODY, "slug": f"harbor-{number}"})
        assert (response.status_code, "Idempotent-Replayed" in response.headers) == (201, False)


def test_a_program_and_a_person_with_the_same_number_are_two_callers() -> None:
    user = UserFactory.create(id=7)
    application = get_application_model().objects.create(id=7)
    post(signed_in(user))
    response = post(signed_in(application=application), body={**BODY, "slug": "other"})
    assert response.status_code == 201


def test_a_program_may_ask_again_with_another_token() -> None:
    application = get_application_model().objects.create()
    post(signed_in(application=application))
    again = post(signed_in(application=application))
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_person_in_a_browser_may_send_a_key() -> None:
    browser = APIClient(enforce_csrf_checks=True, headers={"x-csrftoken": "c" * 32})
    browser.force_login(UserFactory.create())
    browser.cookies["csrftoken"] = "c" * 32
    assert [post(browser).status_code for _ in range(2)] == [201, 201]


def test_a_key_needs_somebody_whose_it_is(client) -> None:
    assert codes(post(APIClient())) == (401, "not_authenticated")
    assert slugs() == []


@pytest.mark.parametrize("key", ["", " ", "two words", "k" * 256, "ключ", "é", "tab\tbed", "\x7f"])
def test_a_key_that_is_none_is_refused(client, key: str) -> None:
    response = post(client, key)
    assert codes(response) == (400, "invalid")
    assert response.json()["errors"] == [
        {
            "pointer": "/Idempotency-Key",
            "code": "invalid_idempotency_key",
            "detail": "A key has 1 to 255 visible ASCII characters; a random UUID will do.",
        }
    ]
    assert slugs() == []


@pytest.mark.parametrize("key", ["!", "~", "k" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
def test_any_visible_ascii_makes_a_key(client, key: str) -> None:
    assert [post(client, key).status_code for _ in range(2)] == [201, 201]


def test_a_key_keeps_its_capitals(client) -> None:
    post(client, "Key")
    assert post(client, "key", {**BODY, "slug": "other"}).status_code == 201


def test_a_body_that_is_no_json_is_refused_before_the_key_is_used(client) -> None:
    broken = client.generic(
        "POST", "/api/districts", "{", "application/json", headers={"idempotency-key": "key-1"}
    )
    assert codes(broken) == (400, "invalid")
    assert post(client).status_code == 201


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        pytest.param(exceptions.ValidationError({"name": "No."}), 400, id="invalid"),
        pytest.param(exceptions.NotAuthenticated(), 401, id="unknown"),
        pytest.param(exceptions.PermissionDenied(), 403, id="forbidden"),
        pytest.param(School.DoesNotExist(), 404, id="missing"),
        pytest.param(IntegrityError(), 409, id="conflict"),
        pytest.param(exceptions.Throttled(9), 429, id="throttled"),
        pytest.param(OperationalError(), 503, id="database-away"),
    ],
)
def test_after_a_failure_the_same_request_may_succeed(
    client, then, failure: Exception, status: int
) -> None:
    then(failing(failure))
    first = post(client)
    then(lambda: None)
    again = post(client)

    assert (first.status_code, again.status_code) == (status, 201)
    assert "Idempotent-Replayed" not in again.headers
    assert slugs() == ["harbor"]


@pytest.mark.parametrize("status", [401, 409, 412, 429, 500, 503])
def test_an_answer_that_does_not_last_takes_its_effect_back(client, then, status: int) -> None:
    then(lambda: Response({}, status))
    assert post(client).status_code == status
    assert slugs() == []
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize("status", [200, 202, 204])
def test_every_success_is_given_again(client, then, status: int) -> None:
    then(lambda: Response(None if status == 204 else {"at": dt.date(2026, 11, 23)}, status))
    first, again = post(client), post(client)
    assert (again.status_code, again.content) == (status, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"


@committing
def test_an_effect_whose_answer_cannot_be_kept_is_none(client) -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT") and IdempotentAnswer._meta.db_table in sql:
            raise OperationalError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        assert codes(post(client)) == (503, "unavailable")
    assert slugs() == []
    assert post(client).status_code == 201


@committing
def test_an_effect_that_the_database_refuses_at_the_end_is_none(client, then) -> None:
    def point_nowhere() -> None:
        IdempotentAnswer.objects.create(user_id=0, key="x", fingerprint="", status=200, body="")

    then(point_nowhere)
    assert codes(post(client)) == (409, "conflict")
    assert slugs() == []
    assert not IdempotentAnswer.objects.exists()


@contextmanager
def running(client: APIClient, then: Callable[[Callable[[], Any]], None]) -> Iterator[Any]:
    """Keep a POST in its view, its district made, while the block runs; yield its answer to be."""
    entered, go_on = Event(), Event()

    def wait() -> None:
        entered.set()
        assert go_on.wait(10)

    def work() -> Any:
        try:
            return post(client)
        finally:
            all_connections.close_all()

    then(wait)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(work)
        assert entered.wait(10)
        try:
            yield answer
        finally:
            go_on.set()


@committing
def test_while_the_first_request_runs_the_key_is_taken(client, then) -> None:
    with running(client, then) as first:
        meanwhile = post(client)

    assert codes(meanwhile) == (409, "idempotency_key_running")
    assert meanwhile.headers["Retry-After"] == "1"
    assert first.result().status_code == 201
    again = post(client)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (
        first.result().content,
        "true",
    )


@committing
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_while_a_request_runs_other_keys_and_callers_are_free(client, then) -> None:
    other = signed_in()
    with running(client, then):
        then(lambda: None)
        statuses = [
            post(client, "key-2", {**BODY, "slug": "second"}).status_code,
            post(other, "key-1", {**BODY, "slug": "third"}).status_code,
        ]
    assert statuses == [201, 201]


@committing
def test_of_many_at_once_one_takes_effect() -> None:
    user = UserFactory.create()
    answers = race(lambda _number: post(signed_in(user)), 8)

    assert slugs() == ["harbor"]
    assert {answer.status_code for answer in answers} <= {201, 409}
    created = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in created}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in created) == 1


@committing
def test_a_request_that_crashed_frees_its_key(client, then) -> None:
    then(failing(ZeroDivisionError()))
    assert post(client).status_code == 500
    assert (slugs(), IdempotentAnswer.objects.count()) == ([], 0)
    then(lambda: None)
    assert post(client).status_code == 201


@pytest.mark.parametrize(
    ("hours", "replayed"),
    [pytest.param(23.99, True, id="in-time"), pytest.param(24, False, id="too-late")],
)
def test_an_answer_is_kept_for_a_day(client, hours: float, replayed: bool) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        post(client)
        clock.shift(dt.timedelta(hours=hours))
        again = post(client)
    assert (again.status_code, "Idempotent-Replayed" in again.headers) == (
        (201, True) if replayed else (400, False)
    )


def test_after_a_day_the_key_is_as_new(client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        post(client)
        clock.shift(dt.timedelta(days=1))
        statuses = [post(client, body={**BODY, "slug": "other"}).status_code for _ in range(2)]
    assert statuses == [201, 201]
    assert slugs() == ["harbor", "other"]


def test_expired_answers_go_a_few_at_a_time(client, monkeypatch) -> None:
    monkeypatch.setattr(idempotency, "SWEPT", 2)
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(5):
            post(client, f"key-{number}", {**BODY, "slug": f"harbor-{number}"})
            clock.shift(1)
        clock.shift(dt.timedelta(days=1))
        post(client, "key-5", {**BODY, "slug": "harbor-5"})
    left = IdempotentAnswer.objects.order_by("created_at").values_list("key", flat=True)
    assert list(left) == ["key-2", "key-3", "key-4", "key-5"]


@pytest.mark.parametrize("fails", [True, False], ids=["rolled-back", "committed"])
@committing
def test_what_is_read_before_the_commit_leaves_nothing_false_in_the_cache(
    client, then, fails: bool
) -> None:
    school = SchoolFactory.create(name="Before")

    def name() -> str:
        return cached(school.pk, "name", lambda: School.objects.get(pk=school.pk).name)

    def write_and_read() -> None:
        School.objects.filter(pk=school.pk).update(name="After")
        assert name() == "After"
        if fails:
            raise exceptions.ValidationError

    name()
    then(write_and_read)
    post(client)
    assert name() == ("Before" if fails else "After")
    School.objects.filter(pk=school.pk).update(name=f"Later {uuid4()}")
    assert name().startswith("Later")


def test_the_schema_can_see_which_methods_take_a_key() -> None:
    assert DistrictsView.post.is_idempotent is True
    assert DistrictsView.post.__name__ == "post"


def test_an_answer_is_called_by_its_key(client) -> None:
    post(client)
    assert str(IdempotentAnswer.objects.get()) == "key-1"


@pytest.mark.parametrize("both", [True, False])
def test_an_answer_belongs_to_a_person_or_a_program(both: bool) -> None:
    callers: dict[str, Any] = {}
    if both:
        callers["user"] = UserFactory.create()
        callers["application"] = get_application_model().objects.create()
    with pytest.raises(IntegrityError):
        IdempotentAnswer.objects.create(**callers, key="k", fingerprint="", status=200, body="")
