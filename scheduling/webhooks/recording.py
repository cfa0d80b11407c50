"""Notes what webhooks are to be told, in the transaction of the change: both or neither happen."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from core.revision import Revision, changed_revisions
from scheduling.changes import KINDS
from scheduling.models import School, Webhook, WebhookDelivery
from scheduling.webhooks.messages import calendar_changed

Touched = Mapping[type[Model], set[UUID]]

RESOURCES: dict[Any, str] = {rows().model: name for name, rows in KINDS.items()}
"""What the rows of each model are called."""


def record(touched: Touched) -> None:
    """Note an event for each school that changes now, if anybody is to be told of it.

    Where nobody ever is, that costs one query.
    """
    revisions = changed_revisions()
    if revisions and Webhook.objects.working().exists():
        for revision in revisions:
            _record(revision, touched)


def _record(revision: Revision, touched: Touched) -> None:
    slug, district = _place_of(revision.school_id)
    webhooks = list(Webhook.objects.working().about(revision.school_id, district))
    if not webhooks:
        return
    now = timezone.now()
    named = [name for model, name in RESOURCES.items() if _is_in(model, revision, touched)]
    resources = named or ["districts"]  # of which the school's document tells
    event = calendar_changed(revision.school_id, slug, revision.number, resources, now)
    event.save(force_insert=True)
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhook, event=event, next_attempt_at=now) for webhook in webhooks
    )


def _place_of(school: UUID) -> tuple[str, UUID]:
    """Return the slug of a school and its district, also if it has just been deleted."""
    columns = "slug", "district"
    there = School.objects.filter(pk=school).order_by().values_list(*columns).first()
    gone = School.history.filter(id=school).order_by("-history_id").values_list(*columns)
    return cast("tuple[str, UUID]", there or gone.first())


def _is_in(model: Any, revision: Revision, touched: Touched) -> bool:
    """Return whether rows of a model are part of a revision, and not only of one beside it."""
    if model not in touched:
        return False
    own = {"id": revision.school_id} if model is School else {"school": revision.school_id}
    return bool(model.history.filter(**own, revision=revision.number).exists())
