"""Tells people that a webhook does not work: whose it is, or the admins where it belongs."""

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.core.mail import send_mail
from django.db.models import Q
from django.utils.translation import gettext as _

from scheduling.models import Membership, Role, School, Webhook, WebhookDelivery

logger = logging.getLogger(__name__)

SELDOM = dt.timedelta(days=1)
"""How often it is told that single messages do not arrive."""
MOST_READERS = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """What people are told by mail."""

    readers: list[str]
    subject: str
    text: str

    def send(self) -> None:
        """Send it; if it cannot be sent, whatever the reason, the log tells."""
        try:
            send_mail(self.subject, self.text, None, self.readers)
        except Exception as failure:  # a letter must not stop the messages
            logger.warning("No mail could be sent to %s: %s", ", ".join(self.readers), failure)


def letter_about(webhook: Webhook, sent: WebhookDelivery, now: dt.datetime) -> Letter | None:
    """Return what is to be told of a delivery that has failed for good, if it is and to anybody."""
    if sent.state != WebhookDelivery.State.FAILED:
        return None
    is_recent = webhook.owner_told_at is not None and now - webhook.owner_told_at < SELDOM
    readers = [] if webhook.is_enabled and is_recent else _readers(webhook)
    if not readers:
        return None
    webhook.note(owner_told_at=now)
    names = {"host": webhook.host, "place": webhook.place, "id": webhook.pk}
    if webhook.is_enabled:
        return Letter(readers, _("A message did not reach %(host)s") % names, _FAILED % names)
    names["state"] = webhook.get_state_display()
    return Letter(readers, _("The webhook to %(host)s is disabled") % names, _DISABLED % names)


_FAILED = """\
Schoolday tells %(host)s when a calendar of %(place)s changes. A message has not arrived in
three days of trying, though others have. It is not tried again by itself.

What was answered is in the admin, and at /api/v1/webhooks/%(id)s/deliveries, where it can also be
sent again. The change feed has all that the message was about.
"""
_DISABLED = """\
Schoolday told %(host)s when a calendar of %(place)s changed. Now it does so no more:
%(state)s.

When the receiver works again, enable the webhook in the admin, or with a PATCH of
/api/v1/webhooks/%(id)s. What has changed meanwhile the change feed tells.
"""


def _readers(webhook: Webhook) -> list[str]:
    """Return the address of whose it is, or else those of the admins of the place."""
    maker: Any = webhook.created_by
    if maker is not None and maker.email:
        return [maker.email]
    place = webhook.place
    here = (
        Q(school=place) | Q(district=place.district_id)
        if isinstance(place, School)
        else Q(district=place)
    )
    admins = Membership.objects.filter(here, role=Role.ADMIN, user__is_active=True).order_by("pk")
    addresses = admins.exclude(user__email="").values_list("user__email", flat=True)
    return list(addresses[:MOST_READERS])
