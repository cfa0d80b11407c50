"""Webhooks in the admin: made, looked after, tried; their secret is shown once."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scheduling.models import Webhook, WebhookDelivery
from scheduling.webhooks import disable, send_test
from tests.factories import MembershipFactory, SchoolFactory, UserFactory, WebhookFactory

pytestmark = pytest.mark.django_db

URL = "https://sis.example.org/hook"


def page(name: str, *args: Any, model: str = "webhook") -> str:
    return reverse(f"admin:scheduling_{model}_{name}", args=args)


@pytest.fixture
def school() -> Any:
    return SchoolFactory.create(is_public=False)


@pytest.fixture
def secretary(client, school) -> Any:
    """Return the browser of an admin of the school."""
    person = UserFactory.create(is_staff=True)
    MembershipFactory.create(user=person, school=school, role="admin")
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def act(browser: Any, action: str, *rows: Any, model: str = "webhook") -> Any:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return browser.post(page("changelist", model=model), chosen, follow=True)


def secrets(answer: Any) -> list[str]:
    text = answer.content.decode().replace("&#x2B;", "+").replace("&#x3D;", "=")
    return re.findall(r"whsec_[A-Za-z0-9+/=]+", text)


def test_a_new_webhook_is_followed_by_its_secret(secretary, school) -> None:
    answer = secretary.post(page("add"), {"school": school.pk, "district": "", "url": URL})
    webhook = Webhook.objects.get()
    assert (webhook.school, webhook.url) == (school, URL)
    assert webhook.created_by == answer.wsgi_request.user
    assert secrets(answer) == [webhook.secret]
    assert "no-store" in answer.headers["Cache-Control"]
    send_test(webhook)
    delivery = WebhookDelivery.objects.get()
    for address in (
        page("changelist"),
        page("change", webhook.pk),
        page("changelist", model="webhookdelivery"),
        page("change", delivery.pk, model="webhookdelivery"),
    ):
        shown = secretary.get(address)
        assert (shown.status_code, secrets(shown)) == (200, [])
    assert webhook.secret not in str([each.get_decoded() for each in Session.objects.all()])


def test_the_address_of_a_webhook_can_change_but_not_its_place(secretary, school) -> None:
    webhook = WebhookFactory.create(school=school)
    secretary.post(
        page("change", webhook.pk), {"url": URL, "school": SchoolFactory.create().pk, "state": "x"}
    )
    webhook.refresh_from_db()
    assert (webhook.url, webhook.school, webhook.state) == (URL, school, "enabled")
    assert webhook.created_by is None


def test_a_new_address_undoes_nothing_that_a_worker_notes_meanwhile(
    secretary, school, monkeypatch
) -> None:
    webhook = WebhookFactory.create(school=school)
    turn = timezone.now() + dt.timedelta(seconds=10)
    judge = Webhook.problems

    def judged_while_a_worker_takes_its_turn(row: Webhook) -> Any:
        Webhook.objects.filter(pk=row.pk, busy_until__lt=turn).update(busy_until=turn)
        return judge(row)

    monkeypatch.setattr(Webhook, "problems", judged_while_a_worker_takes_its_turn)
    secretary.post(page("change", webhook.pk), {"url": URL})
    webhook.refresh_from_db()
    assert (webhook.url, webhook.busy_until) == (URL, turn)


def test_an_address_that_cannot_be_is_refused_on_the_page(secretary, school) -> None:
    answer = secretary.post(page("add"), {"school": school.pk, "url": "https://10.0.0.1/"})
    errors = answer.context["adminform"].form.errors
    assert list(errors) == ["url"]
    assert "open internet" in str(errors["url"])
    assert not Webhook.objects.exists()


def test_a_webhook_is_disabled_enabled_and_tried(secretary, school) -> None:
    webhook = WebhookFactory.create(school=school)
    act(secretary, "send_test", webhook)
    assert WebhookDelivery.objects.get().state == "pending"
    act(secretary, "disable", webhook)
    webhook.refresh_from_db()
    assert webhook.state == "disabled"
    refused = act(secretary, "send_test", webhook)
    assert "Enable it first" in refused.content.decode()
    delivery = WebhookDelivery.objects.get()
    refused = act(secretary, "replay", delivery, model="webhookdelivery")
    assert "Enable it first" in refused.content.decode()
    act(secretary, "enable", webhook)
    act(secretary, "replay", delivery, model="webhookdelivery")
    delivery.refresh_from_db()
    assert delivery.state == "pending"


def test_a_new_secret_is_for_one_webhook_at_a_time(secretary, school) -> None:
    one, other = WebhookFactory.create_batch(2, school=school)
    assert "Choose one webhook" in act(secretary, "rotate_secret", one, other).content.decode()
    answer = act(secretary, "rotate_secret", one)
    before = one.secret
    one.refresh_from_db()
    assert secrets(answer) == [one.secret]
    assert one.previous_secret == before
    assert "the secret of before" in answer.content.decode()


def test_webhooks_are_for_the_admins_of_the_place(client, school) -> None:
    webhook = WebhookFactory.create(school=school)
    delivery = send_test(webhook)
    disable(WebhookFactory.create())
    person = UserFactory.create(is_staff=True)
    MembershipFactory.create(user=person, school=school, role="editor")
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    for address in (page("changelist"), page("changelist", model="webhookdelivery"), page("add")):
        assert client.get(address).status_code == 403
    for address in (
        page("change", webhook.pk),
        page("change", delivery.pk, model="webhookdelivery"),
    ):
        assert client.get(address).status_code in {302, 403}


def test_lists_cost_as_many_queries_for_five_as_for_one(secretary, school) -> None:
    counts = []
    for more in (1, 4):
        for webhook in WebhookFactory.create_batch(more, school=school):
            send_test(webhook)
        with CaptureQueriesContext(connection) as queries:
            secretary.get(page("changelist"))
            secretary.get(page("changelist", model="webhookdelivery"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
