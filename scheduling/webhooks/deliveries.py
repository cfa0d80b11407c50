"""Deliveries that people ask for, or that nobody wants any more."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.revision import revise
from scheduling.models import Webhook, WebhookDelivery, WebhookEvent
from scheduling.webhooks.messages import trial

Delivery = WebhookDelivery.State


def disable(webhook: Webhook, state: str = Webhook.State.DISABLED) -> None:
    """Let a webhook be told nothing more, for the reason that the state names.

    What is on its way is given up, and can be sent again one by one.
    """
    with revise():
        webhook.switch(state)
        webhook.note(state=state, disabled_at=webhook.disabled_at, slow_answers=0)
        webhook.deliveries.pending().update(state=Delivery.FAILED, next_attempt_at=None)


def send_test(webhook: Webhook) -> WebhookDelivery:
    """Let a message be sent that shows whether messages arrive. Raises ValidationError."""
    _require_enabled(webhook)
    now = timezone.now()
    with revise():
        event = trial(webhook, now)
        event.save(force_insert=True)
        webhook.wake()
        return webhook.deliveries.create(event=event, next_attempt_at=now)


def replay(delivery: WebhookDelivery) -> None:
    """Let a delivery be made again, whatever came of it, as if it were new.

    The message keeps its name, by which the receiver knows whether it has it. Raises
    ValidationError.
    """
    _require_enabled(delivery.webhook)
    delivery.state, delivery.attempts = Delivery.PENDING, 0
    delivery.next_attempt_at = timezone.now()
    delivery.save()
    delivery.webhook.wake()


def forget_old(now: dt.datetime) -> int:
    """Forget events of long ago, with what came of them, and return how many."""
    until = now - dt.timedelta(days=settings.WEBHOOK_LOG_DAYS)
    pending = WebhookDelivery.objects.pending().filter(event=OuterRef("pk"))
    _rows, deleted = (
        WebhookEvent.objects.filter(~Exists(pending), created_at__lte=until).order_by().delete()
    )
    return deleted.get("scheduling.WebhookEvent", 0)


def _require_enabled(webhook: Webhook) -> None:
    if not webhook.is_enabled:
        message = _("The webhook is disabled. Enable it first.")
        raise ValidationError(message, "webhook_disabled")
