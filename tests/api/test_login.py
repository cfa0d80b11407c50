"""People who log in: wrong passwords, and what their browsers may do."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories import (
    ApplicationFactory,
    MembershipFactory,
    PeriodDefinitionFactory,
    SchoolFactory,
    TermFactory,
    UserFactory,
    bearer,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 15, 45, tzinfo=dt.UTC)
PASSWORD = "the right one"  # noqa: S105


@pytest.fixture
def secretary() -> Any:
    person = UserFactory.create(username="miss-moon", is_staff=True)
    person.set_password(PASSWORD)
    person.save()
    return person


def log_in(password: str = "wrong", address: str = "192.0.2.1", **more: Any) -> Any:  # noqa: S107
    form = {"username": "miss-moon", "password": password}
    return Client(REMOTE_ADDR=address).post(reverse("admin:login"), form, **more)


def fail(times: int, **more: Any) -> Any:
    return [log_in(**more) for _ in range(times)][-1]


# Wrong passwords


@time_machine.travel(NOW, tick=False)
def test_four_wrong_passwords_are_forgiven(secretary):
    assert fail(4).status_code == 200
    assert log_in(PASSWORD).status_code == 302
    assert fail(4).status_code == 200, "the right one starts the count anew"


@time_machine.travel(NOW, tick=False)
def test_after_the_fifth_even_the_right_one_is_refused_in_words_that_help(secretary):
    response = fail(5)

    assert response.status_code == 429
    page = response.content.decode()
    assert "Please wait a quarter of an hour" in page
    assert "The password was wrong 5 times" in page
    assert log_in(PASSWORD).status_code == 429


def test_a_quarter_of_an_hour_later_the_right_one_opens_again(secretary):
    with time_machine.travel(NOW, tick=False) as clock:
        fail(5)
        clock.shift(dt.timedelta(minutes=14))
        assert log_in(PASSWORD).status_code == 429, "asking again does not count"
        clock.shift(dt.timedelta(minutes=1, seconds=1))
        assert log_in(PASSWORD).status_code == 302


@time_machine.travel(NOW, tick=False)
def test_another_person_and_another_address_are_not_locked(secretary):
    fail(5)

    assert log_in(PASSWORD, address="192.0.2.2").status_code == 302
    form = {"username": "mister-sun", "password": "wrong"}
    other = Client(REMOTE_ADDR="192.0.2.1").post(reverse("admin:login"), form)
    assert other.status_code == 200


@time_machine.travel(NOW, tick=False)
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(secretary, settings):
    settings.NUM_PROXIES = 1

    def seen(address: str) -> dict[str, str]:
        return {"HTTP_X_FORWARDED_FOR": f"203.0.113.{len(address)}, {address}"}

    assert fail(5, **seen("198.51.100.7")).status_code == 429
    assert log_in(PASSWORD, **seen("198.51.100.8")).status_code == 302
    assert {each.ip_address for each in AccessAttempt.objects.all()} == {"198.51.100.7"}


@time_machine.travel(NOW, tick=False)
def test_a_made_up_address_unlocks_nothing(secretary):
    fail(5)
    assert log_in(PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.8").status_code == 429


@time_machine.travel(NOW, tick=False)
def test_a_server_that_knows_no_addresses_counts_all_the_same(secretary):
    assert fail(5, address="").status_code == 429


@pytest.mark.parametrize("username", ["", "a\0b", "x" * 5000, "ü"])
@time_machine.travel(NOW, tick=False)
def test_no_name_is_an_error_of_ours(username):
    form = {"username": username, "password": "a\0b"}
    assert Client().post(reverse("admin:login"), form).status_code == 200


@time_machine.travel(NOW, tick=False)
def test_a_password_is_not_kept_anywhere(secretary):
    log_in("my secret, mistyped")
    assert "secret" not in str(AccessAttempt.objects.values().get())


def test_the_api_asks_for_no_attempts_and_writes_none():
    program = ApplicationFactory.create()
    school = SchoolFactory.create(is_public=False)
    MembershipFactory.create(application=program, school=school)
    headers = bearer(program)
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for shown in (headers, {"authorization": "Bearer none"}, {}):
            Client().get(f"/api/v1/schools/{school.slug}/days/2026-11-23", headers=shown)

    assert {sql.split()[0] for sql in asked} == {"SELECT"}
    assert [sql for sql in asked if "axes" in sql] == []


# Forgery


def test_a_form_of_another_page_is_refused(secretary):
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("admin:login"), {"username": "x"}).status_code == 403


def test_a_program_needs_no_token_against_forgery():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/oauth/token", {"grant_type": "client_credentials"})
    assert response.json()["error"] == "invalid_request", "it is no form, but was read"


# What pages may load


POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|(?:src|href)=\"(?:https?:)?//"
)


def pages() -> list[str]:
    period = PeriodDefinitionFactory.create()
    term = TermFactory.create()
    program = MembershipFactory.create(application=ApplicationFactory.create()).application
    addresses = [reverse("admin:index"), reverse("admin:password_change")]
    for row in (term.academic_year, term, period, period.template, period.school, program):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        addresses.append(reverse(f"{name}_changelist"))
        addresses += [reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "delete")]
    addresses += [
        reverse("admin:scheduling_term_history", args=[term.pk]),
        reverse(
            "admin:scheduling_term_simple_history", args=[term.pk, term.history.get().history_id]
        ),
        reverse("admin:scheduling_term_add"),
        reverse("admin:scheduling_membership_add"),
        reverse("admin:scheduling_revision_changelist"),
        reverse("admin:axes_accessattempt_changelist"),
    ]
    return addresses


def test_pages_say_what_they_may_load_and_hold_to_it(client):
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))

    for address in pages():
        response = client.get(address)
        assert response.status_code == 200
        assert set(response["Content-Security-Policy"].split("; ")) == POLICY
        assert INLINE.search(response.content.decode()) is None, address


@time_machine.travel(NOW, tick=False)
def test_pages_for_strangers_say_it_too(secretary):
    strangers = [Client().get(address) for address in (reverse("admin:login"), "/api/docs")]
    for response in (*strangers, log_in(), fail(4)):
        assert set(response["Content-Security-Policy"].split("; ")) == POLICY
        assert response["X-Frame-Options"] == "DENY"
        assert INLINE.search(response.content.decode()) is None


def test_what_is_no_page_says_nothing(client):
    school = SchoolFactory.create()
    answers = [
        client.get(f"/api/v1/schools/{school.slug}/days/2026-11-23"),
        client.get("/api/v1/nothing"),
        client.get("/oauth/token"),
    ]
    assert [each.headers.get("Content-Security-Policy") for each in answers] == [None] * 3
