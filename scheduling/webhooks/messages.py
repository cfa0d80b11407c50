"""What webhooks are told, and how it is signed (Standard Webhooks 1.0.0)."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from standardwebhooks import Webhook as Signer

from scheduling.models import Webhook, WebhookEvent


def calendar_changed(
    school: Any, slug: str, revision: int, resources: Sequence[str], now: dt.datetime
) -> WebhookEvent:
    """Return the event of one revision of a school: it says where to look, not what is there."""
    data = {"school": slug, "revision": revision, "resources": list(resources)}
    kind = WebhookEvent.CALENDAR_CHANGED
    return WebhookEvent(
        type=kind,
        school_id=school,
        revision=revision,
        body=_body(kind, data, now),
        created_at=now,
    )


def trial(webhook: Webhook, now: dt.datetime) -> WebhookEvent:
    """Return an event that only shows that messages arrive."""
    kind = WebhookEvent.TEST
    return WebhookEvent(
        type=kind, body=_body(kind, {"webhook": str(webhook.pk)}, now), created_at=now
    )


def _body(kind: str, data: Mapping[str, Any], now: dt.datetime) -> str:
    timestamp = f"{now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    message = {"type": kind, "timestamp": timestamp, "data": data}
    return json.dumps(message, separators=(",", ":"))


def headers_of(webhook: Webhook, event: WebhookEvent, now: dt.datetime) -> dict[str, str]:
    """Return the headers with which a message is sent now: each attempt is signed anew."""
    name = event.message_id
    signatures = [Signer(secret).sign(name, now, event.body) for secret in webhook.secrets(now)]
    return {
        "content-type": "application/json",
        "user-agent": "Schoolday",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
