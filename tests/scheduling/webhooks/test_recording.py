"""What webhooks are to be told is noted with the change: both or neither."""

import datetime as dt
import json
from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.revision import revise
from scheduling.documents import export_document, import_document
from scheduling.models import Break, Webhook, WebhookDelivery, WebhookEvent
from scheduling.webhooks import disable
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DistrictFactory,
    PeriodTemplateFactory,
    SchoolFactory,
    TermFactory,
    WebhookFactory,
)

pytestmark = pytest.mark.django_db


def told() -> list[dict[str, Any]]:
    """Return what is to be told, to anybody, in order."""
    bodies = WebhookEvent.objects.order_by("pk").values_list("body", flat=True)
    return [json.loads(body)["data"] for body in bodies]


@pytest.fixture
def webhook(year) -> Webhook:
    return WebhookFactory.create(school=year.school)


def revision_of(school: Any) -> int:
    school.refresh_from_db()
    return int(school.revision)


def test_one_revision_is_one_event_that_names_what_it_touched(year, webhook) -> None:
    with revise(year.school):
        BreakFactory.create(academic_year=year)
        TermFactory.create(academic_year=year, generate_quarters=True)
        year.name = "2026/27"
        year.save()
    event = WebhookEvent.objects.get()
    assert told() == [
        {
            "school": "maple-high",
            "revision": revision_of(year.school),
            "resources": ["academic-years", "terms", "quarters", "breaks"],
        }
    ]
    assert event.revision == year.school.revision
    assert len(event.body) < 20_000
    assert "." not in event.message_id
    assert WebhookDelivery.objects.get().webhook == webhook


def test_schools_that_change_together_have_an_event_each_of_their_own(year, webhook) -> None:
    district = year.school.district
    other = AcademicYearFactory.create(school__slug="birch-high", school__district=district)
    WebhookFactory.create(school=None, district=district)
    untold = AcademicYearFactory.create()
    with revise(year.school, other.school, untold.school):
        BreakFactory.create(academic_year=year)
        PeriodTemplateFactory.create(school=other.school)
        PeriodTemplateFactory.create(school=untold.school)
    assert sorted((each["school"], each["resources"]) for each in told()) == [
        ("birch-high", ["period-templates"]),
        ("maple-high", ["breaks"]),
    ]
    assert WebhookDelivery.objects.count() == 3


@pytest.mark.parametrize("fails", ["inside", "at-the-end", "outside"])
def test_what_is_rolled_back_is_never_told(year, webhook, fails: str) -> None:
    with suppress(IntegrityError), transaction.atomic():
        with revise(year.school):
            with suppress(IntegrityError), revise(year.school):
                BreakFactory.create(academic_year=year)
                if fails == "inside":
                    raise IntegrityError
            if fails == "at-the-end":
                raise IntegrityError
        raise IntegrityError
    assert told() == []
    assert not Break.objects.exists()


def test_what_changes_nothing_or_is_tried_only_is_not_told(year, webhook) -> None:
    row = BreakFactory.create(academic_year=year)
    WebhookEvent.objects.all().delete()
    row.save()
    document = export_document(year.school.pk)
    import_document(document)
    document["academic_years"][0]["breaks"] = []
    import_document(document, dry_run=True)
    assert told() == []
    import_document(document)
    assert [each["resources"] for each in told()] == [["breaks"]]


def test_a_school_that_is_deleted_is_told_of_to_its_district() -> None:
    school = SchoolFactory.create(slug="oak-high")
    WebhookFactory.create(school=school)
    WebhookFactory.create(school=None, district=school.district)
    WebhookFactory.create(school=None, district=DistrictFactory.create())
    school.delete()
    assert [(each["school"], each["resources"]) for each in told()] == [("oak-high", ["schools"])]
    assert WebhookDelivery.objects.get().webhook.district == school.district


def test_a_school_that_moves_is_told_of_to_both_districts(webhook) -> None:
    school = webhook.school
    before, after = school.district, DistrictFactory.create()
    hooks = [WebhookFactory.create(school=None, district=each) for each in (before, after)]
    WebhookFactory.create(school=None, district=DistrictFactory.create())
    school.district = after
    school.save()
    told_of = set(WebhookDelivery.objects.values_list("webhook", flat=True))
    assert told_of == {webhook.pk, *(each.pk for each in hooks)}
    school.name = "Elm"
    school.save()
    assert WebhookDelivery.objects.filter(webhook=hooks[0]).count() == 1


def test_a_change_of_a_district_is_one_of_each_of_its_schools(webhook) -> None:
    district = webhook.school.district
    district.name = "Lake District"
    district.save()
    [data] = told()
    assert (data["school"], data["resources"]) == (webhook.school.slug, ["districts"])


def test_a_webhook_that_is_disabled_is_told_nothing(year, webhook) -> None:
    disable(webhook)
    WebhookFactory.create()
    BreakFactory.create(academic_year=year)
    assert told() == []


def queries_of_a_change(year: Any, day: int) -> int:
    date = dt.date(2026, 10, day)
    with CaptureQueriesContext(connection) as queries:
        BreakFactory.create(academic_year=year, start_date=date, end_date=date)
    return len(queries)


def test_where_nobody_is_told_it_costs_one_query(year, monkeypatch) -> None:
    from core.revision import revision_ending  # noqa: PLC0415
    from scheduling.signals import record_webhooks  # noqa: PLC0415

    usual = queries_of_a_change(year, 1)
    revision_ending.disconnect(record_webhooks)
    try:
        without = queries_of_a_change(year, 2)
    finally:
        revision_ending.connect(record_webhooks)
    assert usual == without + 1


def test_many_webhooks_cost_a_writer_no_more_queries_than_one(year, webhook) -> None:
    one = queries_of_a_change(year, 1)
    WebhookFactory.create_batch(4, school=year.school)
    assert queries_of_a_change(year, 2) == one


def test_an_event_is_written_once(year, webhook) -> None:
    BreakFactory.create(academic_year=year)
    event, delivery = WebhookEvent.objects.get(), WebhookDelivery.objects.get()
    again = WebhookEvent(
        type=event.type,
        school_id=event.school_id,
        revision=event.revision,
        body=event.body,
        created_at=event.created_at,
    )
    twin = WebhookDelivery(webhook=webhook, event=event, next_attempt_at=delivery.next_attempt_at)
    for row in (again, twin):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
