"""Webhooks over HTTP: made, told their secret once, looked after, tried, taken back."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from rest_framework.test import APIClient

from scheduling import webhooks
from scheduling.models import School, Webhook, WebhookDelivery, WebhookEvent
from scheduling.webhooks.delivering import deliver_due
from tests.api.calendars import caller
from tests.api.conftest import Maple
from tests.factories import (
    BreakFactory,
    DistrictFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    WebhookFactory,
)

pytestmark = pytest.mark.django_db

WEBHOOKS = "/api/v1/webhooks"
URL = "https://sis.example.org/schoolday?key=7"
NOW = "2026-08-03T14:05:00Z"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def viewer(maple: Maple) -> dict[str, str]:
    """Return the headers of a program that may read Maple High's calendar, and nothing else."""
    return caller("calendar.read", school=maple.school, role="viewer")


def make(client: APIClient, headers: dict[str, str], **body: Any) -> Any:
    return client.post(WEBHOOKS, {"school": "maple-high", "url": URL, **body}, headers=headers)


def test_a_reader_is_told_of_a_school_by_a_webhook_of_its_own(
    client: APIClient, maple: Maple, viewer: dict[str, str]
) -> None:
    response = make(client, viewer)
    webhook = Webhook.objects.get()
    body = response.json()
    assert (response.status_code, response.headers["Cache-Control"]) == (201, "no-store")
    assert response.headers["Location"] == f"{WEBHOOKS}/{webhook.pk}"
    assert body == {
        "id": str(webhook.pk),
        "school": str(maple.school.pk),
        "district": None,
        "url": URL,
        "is_enabled": True,
        "state": "enabled",
        "disabled_at": None,
        "last_success_at": None,
        "created_at": NOW,
        "secret": webhook.secret,
    }
    assert webhook.application is not None
    assert webhook.created_by == webhook.application.user
    del body["secret"]
    shown = client.get(response.headers["Location"], headers=viewer)
    listed = client.get(WEBHOOKS, headers=viewer)
    assert shown.json() == body
    assert listed.json() == {"next": None, "results": [body]}
    other = caller("calendar.read", school=maple.school, role="editor")
    assert client.get(response.headers["Location"], headers=other).status_code == 404
    BreakFactory.create(academic_year=maple.year, start_date="2027-03-01", end_date="2027-03-01")
    assert WebhookDelivery.objects.get().webhook == webhook


def test_a_district_is_told_of_all_its_schools(client: APIClient, maple: Maple) -> None:
    district = maple.school.district
    reader = caller("calendar.read", district=district, role="viewer")
    response = make(client, reader, school=None, district=district.slug)
    assert (response.status_code, response.json()["district"]) == (201, str(district.pk))
    of_a_school = caller("calendar.read", school=maple.school, role="admin")
    refused = make(client, of_a_school, school=None, district=district.slug)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    SchoolFactory.create(district=district, slug="birch-high")
    assert '"school":"birch-high"' in WebhookEvent.objects.get().body


def test_who_has_lost_the_role_has_lost_the_webhook(client: APIClient, maple: Maple) -> None:
    person = MembershipFactory.create(school=maple.school).user
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    made = make(client, {})
    assert made.status_code == 201
    assert Webhook.objects.get().created_by == person
    person.memberships.all().delete()
    for url in (WEBHOOKS, made.headers["Location"]):
        response = client.get(url)
        assert response.status_code == 404 or response.json()["results"] == []


def test_an_admin_sees_every_webhook_of_the_place_page_by_page(
    client: APIClient, maple: Maple, admin: dict[str, str], clock
) -> None:
    rows = []
    for _number in range(3):
        rows.append(WebhookFactory.create(school=maple.school))
        clock.shift(60)
    WebhookFactory.create()
    first = client.get(WEBHOOKS, {"page_size": 2}, headers=admin)
    second = client.get(first.json()["next"], headers=admin)
    assert first.headers["Link"] == f'<{first.json()["next"]}>; rel="next"'
    shown = [each["id"] for each in first.json()["results"] + second.json()["results"]]
    assert shown == [str(row.pk) for row in reversed(rows)]


def test_a_list_can_be_of_one_school_or_district(client: APIClient, maple: Maple) -> None:
    root = APIClient()
    root.force_login(
        UserFactory.create(is_superuser=True), "django.contrib.auth.backends.ModelBackend"
    )
    of_school = WebhookFactory.create(school=maple.school)
    of_district = WebhookFactory.create(school=None, district=DistrictFactory.create(slug="lake"))
    for query, row in (({"school": "maple-high"}, of_school), ({"district": "lake"}, of_district)):
        results = root.get(WEBHOOKS, query).json()["results"]
        assert [each["id"] for each in results] == [str(row.pk)]
    assert root.get(WEBHOOKS, {"school": "nowhere"}).status_code == 404
    assert len(root.get(WEBHOOKS).json()["results"]) == 2


def test_a_secret_is_told_when_it_is_made_and_then_never(
    client: APIClient, maple: Maple, admin: dict[str, str]
) -> None:
    again = {**admin, "idempotency-key": "the-7th"}
    made = make(client, again)
    url, old = made.headers["Location"], made.json()["secret"]
    rotated = client.post(f"{url}/rotate-secret", headers=again)
    assert rotated.headers["Cache-Control"] == "no-store"
    new = rotated.json()["secret"]
    assert rotated.json()["previous_valid_until"] == "2026-08-04T14:05:00Z"
    webhook = Webhook.objects.get()
    assert (webhook.secret, webhook.previous_secret) == (new, old)
    assert len({old, new}) == 2
    client.post(f"{url}/test", headers=admin)
    for path in ("", "/deliveries"):
        assert "whsec_" not in client.get(f"{url}{path}", headers=admin).text
    assert "whsec_" not in client.get(WEBHOOKS, headers=admin).text
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "scheduling_webhook":
                cursor.execute(f"SELECT * FROM {table}")
                assert new not in str(cursor.fetchall())


def test_a_webhook_is_changed_disabled_enabled_and_deleted(
    client: APIClient, maple: Maple, admin: dict[str, str], clock
) -> None:
    url = make(client, admin).headers["Location"]
    client.post(f"{url}/test", headers=admin)
    moved = client.patch(url, {"url": "https://new.example.org/"}, headers=admin)
    assert moved.json()["url"] == "https://new.example.org/"
    clock.shift(60)
    for _time in range(2):
        off = client.patch(url, {"is_enabled": False}, headers=admin).json()
        assert (off["is_enabled"], off["state"]) == (False, "disabled")
        assert off["disabled_at"] == "2026-08-03T14:06:00Z"
        clock.shift(60)
    deliveries = client.get(f"{url}/deliveries", headers=admin).json()["results"]
    assert [each["state"] for each in deliveries] == ["failed"]
    for path in ("test", f"deliveries/{deliveries[0]['id']}/replay"):
        refused = client.post(f"{url}/{path}", headers=admin)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (
            400,
            "webhook_disabled",
        )
    for _time in range(2):
        on = client.patch(url, {"is_enabled": True}, headers=admin).json()
    assert (on["is_enabled"], on["state"], on["disabled_at"]) == (True, "enabled", None)
    assert client.patch(url, {}, headers=admin).json() == on
    assert client.delete(url, headers=admin).status_code == 204
    assert client.get(url, headers=admin).status_code == 404
    assert not WebhookDelivery.objects.exists()


def test_the_log_tells_what_was_sent_and_what_came_back(
    client: APIClient, maple: Maple, admin: dict[str, str], settings, clock
) -> None:
    settings.OUTBOUND_LOOPBACK = True
    url = make(client, admin, url="http://127.0.0.1:1/hook").headers["Location"]
    sent = client.post(f"{url}/test", headers=admin)
    assert (sent.status_code, sent.json()["state"], sent.json()["log"]) == (202, "pending", [])
    list(deliver_due())
    (told,) = client.get(f"{url}/deliveries", headers=admin).json()["results"]
    delivery = WebhookDelivery.objects.get()
    assert told == {
        **sent.json(),
        "id": str(delivery.pk),
        "message_id": f"msg_{delivery.event.pk.hex}",
        "type": "webhook.test",
        "school": None,
        "revision": None,
        "created_at": NOW,
        "next_attempt_at": told["next_attempt_at"],
        "log": [
            {
                "at": NOW,
                "milliseconds": told["log"][0]["milliseconds"],
                "status_code": None,
                "error": "The connection failed: All connection attempts failed",
                "answer": "",
            }
        ],
    }
    assert told["next_attempt_at"] > NOW
    again = client.post(f"{url}/deliveries/{delivery.pk}/replay", headers=admin)
    assert (again.status_code, again.json()["next_attempt_at"]) == (202, NOW)
    assert len(again.json()["log"]) == 1
    for state, count in (("pending", 1), ("failed", 0)):
        kept = client.get(f"{url}/deliveries", {"state": state}, headers=admin).json()["results"]
        assert len(kept) == count


@pytest.mark.parametrize("count", [1, 5])
def test_lists_cost_as_many_queries_whatever_their_length(
    client: APIClient,
    maple: Maple,
    admin: dict[str, str],
    django_assert_num_queries: Any,
    count: int,
) -> None:
    rows = WebhookFactory.create_batch(count, school=maple.school)
    for _time in range(count):
        webhooks.send_test(rows[0])
    with django_assert_num_queries(2):  # the token, the rows
        client.get(WEBHOOKS, headers=admin)
    with django_assert_num_queries(4):  # and the attempts
        assert (
            len(client.get(f"{WEBHOOKS}/{rows[0].pk}/deliveries", headers=admin).json()["results"])
            == count
        )


def test_a_webhook_is_no_change_of_the_calendar(
    client: APIClient, maple: Maple, admin: dict[str, str]
) -> None:
    before = School.objects.values_list("revision", "revision_token").get(pk=maple.school.pk)
    url = make(client, admin).headers["Location"]
    client.delete(url, headers=admin)
    assert School.objects.values_list("revision", "revision_token").get() == before
    assert not WebhookEvent.objects.exists()


def test_a_method_that_is_none_of_a_webhook_is_no_bad_question(viewer) -> None:
    client = APIClient(headers=viewer)
    assert client.trace("/api/v1/webhooks?state=x").status_code == 405
