"""Webhooks, and what came of telling them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.pagination import CursorField, PageSizeField
from api.serializers import examples
from api.serializers.base import Options, Parameters, Shape, StrictShape
from api.serializers.fields import (
    FlagField,
    InstantField,
    NamedKeyField,
    SchoolKeyField,
    TextField,
)
from scheduling.models import District, School, Webhook, WebhookDelivery, WebhookEvent
from scheduling.models.webhook import BOTH_SECRETS, LONGEST_SECRET, LONGEST_URL
from scheduling.models.webhook_delivery import WebhookAttempt

URL = _("Where messages are sent: an address of the open internet that begins with https://.")
SECRET = _("What messages are signed with. It cannot be told again.")


class NoParameters(Parameters):
    """Nothing can be asked."""


class WebhooksParameters(Options):
    """A page of the webhooks that the caller reaches."""

    school = SchoolKeyField(_("Only those of this school: its id or its slug."))
    district = SchoolKeyField(_("Only those of this district: its id or its slug."))
    page_size = PageSizeField()
    cursor = CursorField()


class DeliveriesParameters(Options):
    """A page of what a webhook has been told, or is to be."""

    state = serializers.ChoiceField(
        WebhookDelivery.State.values, help_text=_("Only deliveries that have come this far.")
    )
    page_size = PageSizeField()
    cursor = CursorField()


class WebhookSerializer(Shape):
    """An address that is told when a calendar changes. Its secret is not told."""

    EXAMPLE: dict[str, Any] = examples.WEBHOOK

    id = serializers.UUIDField()
    school = serializers.UUIDField(
        source="school_id", allow_null=True, help_text=_("The school that it is told of.")
    )
    district = serializers.UUIDField(
        source="district_id",
        allow_null=True,
        help_text=_("The district of whose schools, all of them, it is told."),
    )
    url = serializers.CharField(max_length=LONGEST_URL, help_text=URL)
    is_enabled = serializers.BooleanField(help_text=_("Whether anything is sent."))
    state = serializers.ChoiceField(
        Webhook.State.choices,
        help_text=_(
            "Whether anything is sent, and if not, why: `disabled` by hand, `gone` after an answer "
            "410, `failing` for days, `no_role` if whose it is has lost its role."
        ),
    )
    disabled_at = InstantField(allow_null=True)
    last_success_at = InstantField(
        allow_null=True, help_text=_("When the receiver last took a message.")
    )
    created_at = InstantField()


class WebhookCreationSerializer(StrictShape):
    """Whom to tell, and of what: of a school, or of all schools of a district."""

    EXAMPLE = {name: examples.WEBHOOK[name] for name in ("school", "url")}

    school = NamedKeyField(
        queryset=School.objects.all(),
        default=None,
        allow_null=True,
        help_text=_("The school: its id or its slug."),
    )
    district = NamedKeyField(
        queryset=District.objects.all(),
        default=None,
        allow_null=True,
        help_text=_("The district, instead of a school: its id or its slug."),
    )
    url = TextField(max_length=LONGEST_URL, help_text=URL)


class WebhookChangeSerializer(StrictShape):
    """What is to be otherwise."""

    EXAMPLE = {"is_enabled": False}

    url = TextField(max_length=LONGEST_URL, required=False, help_text=URL)
    is_enabled = FlagField(required=False, help_text=_("Whether anything is sent."))


class NewWebhookSerializer(WebhookSerializer):
    """A new webhook with its secret, which is told this once."""

    EXAMPLE = examples.NEW_WEBHOOK

    secret = serializers.CharField(max_length=LONGEST_SECRET, help_text=SECRET)


class WebhookSecretSerializer(Shape):
    """A new secret. Until a day has passed, messages are signed with the old one as well."""

    EXAMPLE = {
        "secret": examples.NEW_WEBHOOK["secret"],
        "previous_valid_until": "2026-08-04T14:05:00Z",
    }

    secret = serializers.CharField(max_length=LONGEST_SECRET, help_text=SECRET)
    previous_valid_until = InstantField(
        source="previous_until",
        help_text=_("Until then the old secret signs, too: %(hours)s hours.")
        % {"hours": BOTH_SECRETS.total_seconds() // 3600},
    )


class WebhookAttemptSerializer(Shape):
    """What came of sending a message once."""

    at = InstantField()
    milliseconds = serializers.IntegerField()
    status_code = serializers.IntegerField(
        allow_null=True, help_text=_("What was answered; null if nobody did.")
    )
    error = serializers.CharField(
        max_length=WebhookAttempt.LONGEST_ERROR, help_text=_("Why nobody answered.")
    )
    answer = serializers.CharField(
        max_length=WebhookAttempt.LONGEST_ANSWER,
        help_text=_("How the text of the answer begins."),
    )


class WebhookDeliverySerializer(Shape):
    """One message on its way to a webhook, with every attempt to send it."""

    EXAMPLE: dict[str, Any] = examples.WEBHOOK_DELIVERY

    id = serializers.UUIDField()
    message_id = serializers.CharField(
        source="event.message_id",
        max_length=36,
        help_text=_("The header `webhook-id` of the message, however often it is sent."),
    )
    type = serializers.ChoiceField(
        [(each, each) for each in WebhookEvent.TYPES], source="event.type"
    )
    school = serializers.UUIDField(
        source="event.school_id",
        allow_null=True,
        help_text=_("The school that has changed; null in a test."),
    )
    revision = serializers.IntegerField(
        source="event.revision",
        allow_null=True,
        help_text=_("The revision of the school; null in a test."),
    )
    created_at = InstantField(source="event.created_at")
    state = serializers.ChoiceField(
        WebhookDelivery.State.choices,
        help_text=_("`pending` will be tried, or tried again; `failed` will not."),
    )
    next_attempt_at = InstantField(allow_null=True)
    log = WebhookAttemptSerializer(many=True, source="log.all")
