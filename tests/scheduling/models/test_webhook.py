"""Webhooks: whose they are, and what of them can never be."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from scheduling.access import ANYBODY, Actor
from scheduling.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from scheduling.webhooks import send_test
from tests.conftest import codes
from tests.factories import (
    ApplicationFactory,
    DistrictFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    WebhookFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Webhook, {"school": None}),
        (Webhook, {"url": "ftp://sis.example.org"}),
        (Webhook, {"secret": ""}),
        (Webhook, {"state": "disabled"}),
        (Webhook, {"disabled_at": NOW}),
        (Webhook, {"state": "tired", "disabled_at": NOW}),
        (Webhook, {"previous_secret": "whsec_x"}),
        (Webhook, {"previous_until": NOW}),
        (WebhookEvent, {"type": "calendar.lost"}),
        (WebhookEvent, {"type": "calendar.changed"}),
        (WebhookEvent, {"revision": 5}),
        (WebhookDelivery, {"state": "lost"}),
        (WebhookDelivery, {"state": "delivered"}),
        (WebhookDelivery, {"next_attempt_at": None}),
        (WebhookAttempt, {"status_code": None}),
        (WebhookAttempt, {"error": "It failed."}),
    ],
    ids=str,
)
def test_the_database_holds_what_is_never_false(model: Any, changes: dict[str, Any]) -> None:
    delivery = send_test(WebhookFactory.create())
    delivery.log.create(at=NOW, milliseconds=5, status_code=200)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**changes)


def test_a_webhook_is_of_one_place_for_good() -> None:
    webhook = WebhookFactory.create()
    webhook.district = DistrictFactory.create()
    with pytest.raises(ValidationError) as refusal:
        webhook.save()
    assert codes(refusal.value) == {"district": {"fixed"}}


@pytest.mark.parametrize("changes", [{"url": ""}, {"url": " "}, {"url": 5}, {"url": None}], ids=str)
def test_a_webhook_without_an_address_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refusal:
        WebhookFactory.create(**changes)
    assert set(codes(refusal.value)) == {"url"}


def test_a_webhook_is_told_by_its_machine_alone() -> None:
    for url in ("https://sis.example.org/?key=7", "https://sis.example.org?key=7"):
        assert str(Webhook(url=url)) == "sis.example.org"


def test_who_sees_which_webhooks() -> None:
    school = SchoolFactory.create(is_public=True)
    viewer, program = (
        MembershipFactory.create(school=school).user,
        MembershipFactory.create(school=school, application=ApplicationFactory.create()),
    )
    of_viewer = WebhookFactory.create(school=school, created_by=viewer)
    of_program = WebhookFactory.create(
        school=school, application=program.application, created_by=program.application.user
    )
    of_district = WebhookFactory.create(school=None, district=school.district)
    elsewhere = WebhookFactory.create(created_by=viewer)
    school_admin = MembershipFactory.create(school=school, role="admin").user
    district_admin = MembershipFactory.create(
        school=None, district=school.district, role="admin"
    ).user

    def seen(actor: Actor, *role: str) -> set[Any]:
        return set(Webhook.objects.for_actor(actor, *role))

    assert seen(ANYBODY) == set()
    assert seen(Actor(viewer)) == {of_viewer}
    assert seen(Actor(viewer), "admin") == set()
    assert seen(Actor(program.application.user, program.application)) == {of_program}
    assert seen(Actor(program.application.user)) == set()
    assert seen(Actor(school_admin), "admin") == {of_viewer, of_program}
    assert seen(Actor(district_admin)) == {of_viewer, of_program, of_district}
    boss = Actor(UserFactory.create(is_superuser=True))
    assert seen(boss) == {of_viewer, of_program, of_district, elsewhere}
    delivery = send_test(of_viewer)
    assert list(WebhookDelivery.objects.for_actor(Actor(viewer))) == [delivery]
    assert not WebhookDelivery.objects.for_actor(Actor(viewer), "admin").exists()


def test_a_webhook_works_as_long_as_whose_it_is_has_a_role() -> None:
    nobodys = WebhookFactory.create()
    district = WebhookFactory.create(
        school=None,
        district=nobodys.school.district,
        created_by=MembershipFactory.create(school=nobodys.school).user,
    )
    boss = WebhookFactory.create(created_by=UserFactory.create(is_superuser=True))
    assert [each.is_entitled() for each in (nobodys, district, boss)] == [True, False, True]
    boss.created_by.is_active = False
    assert not boss.is_entitled()


def test_a_program_takes_its_webhooks_with_it() -> None:
    application = ApplicationFactory.create()
    send_test(WebhookFactory.create(application=application, created_by=application.user))
    application.delete()
    assert not Webhook.objects.exists()


def test_rows_are_told_by_what_they_are() -> None:
    delivery = send_test(WebhookFactory.create())
    attempt = delivery.log.create(at=timezone.now(), milliseconds=1, error="Nobody answered.")
    assert [str(each) for each in (delivery, attempt)] == ["webhook.test", "Nobody answered."]
