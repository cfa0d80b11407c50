"""Notes what webhooks are to be told, in the transaction of the change: both or neither happen."""

from collections.abc import Mapping
from typing import Any
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
    slug, districts = _places_of(revision, is_moving=School in touched)
    webhooks = list(Webhook.objects.working().about(revision.school_id, districts))
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


def _places_of(revision: Revision, *, is_moving: bool) -> tuple[str, set[UUID]]:
    """Return the slug of a school and its district, also if it has just been deleted.

    If it moves to another district, that of before is told, too: it has a school less.
    """
    school = revision.school_id
    columns = "slug", "district"
    there = School.objects.filter(pk=school).order_by().values_list(*columns)
    history = School.history.filter(id=school).order_by("-history_id").values_list(*columns)
    own = history.filter(revision=revision.number) if is_moving else history.none()
    before = history.filter(revision__lt=revision.number)[:1] if is_moving else ()
    slug, district = there.first() or history[0]
    return slug, {district, *(each for _slug, each in (*own, *before))}


def _is_in(model: Any, revision: Revision, touched: Touched) -> bool:
    """Return whether rows of a model are part of a revision, and not only of one beside it."""
    if model not in touched:
        return False
    own = {"id": revision.school_id} if model is School else {"school": revision.school_id}
    return bool(model.history.filter(**own, revision=revision.number).exists())
