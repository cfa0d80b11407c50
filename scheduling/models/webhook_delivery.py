"""What webhooks are told: events, their deliveries, and each attempt."""

import re
from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.ids import uuid7
from scheduling.access import Actor
from scheduling.models.abstracts import ID
from scheduling.models.membership import Role
from scheduling.models.webhook import Webhook


class WebhookEvent(models.Model):
    """Something that has happened, in the words in which it is told; written as it happens.

    A change of a calendar is one event for each school and revision.
    """

    CALENDAR_CHANGED, TEST = "calendar.changed", "webhook.test"
    TYPES = (CALENDAR_CHANGED, TEST)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    type = models.CharField(_("type"), max_length=50)
    school_id = models.UUIDField(null=True)
    """The school that has changed, which may be gone by now."""
    revision = models.PositiveBigIntegerField(_("revision"), null=True)
    body = models.TextField(_("body"))
    """The message as it is sent, byte for byte: it is signed."""
    created_at = models.DateTimeField(_("created at"), db_index=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(fields=["school_id", "revision"], name="webhookevent_of_a_revision"),
            CheckConstraint(
                name="webhookevent_type_is_known",
                condition=Q(type="calendar.changed", school_id__isnull=False, revision__gt=0)
                | Q(type="webhook.test", school_id__isnull=True, revision__isnull=True),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.type

    @property
    def message_id(self) -> str:
        """The name of the message, the same however often it is sent."""
        return f"msg_{self.id.hex}"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Ask for deliveries."""

    def for_actor(self, actor: Actor, role: str = Role.VIEWER) -> Self:
        """Return the deliveries of the webhooks that the actor reaches."""
        return self.filter(webhook__in=Webhook.objects.for_actor(actor, role).order_by())

    def named(self, key: str) -> Self:
        """Return the delivery with this id, if there is one."""
        return self.filter(pk=key) if re.match(ID, key.lower()) else self.none()

    def pending(self) -> Self:
        """Return those that are still to be made."""
        return self.filter(state=WebhookDelivery.State.PENDING)


class WebhookDelivery(models.Model):
    """One event on its way to one webhook.

    While it is pending it has a time at which it is tried next. `attempts` are those since it was
    last asked for; what came of each is told by its rows.
    """

    class State(models.TextChoices):
        """How far it has come."""

        PENDING = "pending", _("Pending: it will be tried, or tried again")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed: it will not be tried again")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(
        Webhook, models.CASCADE, verbose_name=_("webhook"), related_name="deliveries"
    )
    event = models.ForeignKey(
        WebhookEvent, models.CASCADE, verbose_name=_("event"), related_name="deliveries"
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            UniqueConstraint(fields=["webhook", "event"], name="webhookdelivery_once"),
            CheckConstraint(
                name="webhookdelivery_state_is_known",
                condition=Q(state="pending", next_attempt_at__isnull=False)
                | Q(state__in=["delivered", "failed"], next_attempt_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="webhookdelivery_newest"),
            models.Index(
                fields=["webhook", "next_attempt_at"],
                name="webhookdelivery_due",
                condition=Q(state="pending"),
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.event)

    def end(self, state: str) -> None:
        """Let it not be tried again. To be saved."""
        self.state, self.next_attempt_at = state, None


class WebhookAttempt(models.Model):
    """What came of sending a delivery once."""

    LONGEST_ERROR, LONGEST_ANSWER = 300, 200

    delivery = models.ForeignKey(
        WebhookDelivery, models.CASCADE, verbose_name=_("delivery"), related_name="log"
    )
    at = models.DateTimeField(_("at"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    status_code = models.PositiveSmallIntegerField(_("status code"), null=True)
    """None: nobody answered."""
    error = models.CharField(_("error"), max_length=LONGEST_ERROR)
    """Why nobody answered; "" if somebody did."""
    answer = models.CharField(_("answer"), max_length=LONGEST_ANSWER)
    """How the text of the answer begins."""

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            CheckConstraint(
                name="webhookattempt_status_or_error",
                condition=Q(status_code__isnull=True) & ~Q(error="")
                | Q(status_code__isnull=False, error=""),
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.status_code or self.error)
