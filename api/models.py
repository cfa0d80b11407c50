"""What the API itself remembers."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from typing_extensions import override


class IdempotentAnswer(models.Model):
    """The answer to a POST with an Idempotency-Key: one for each caller and each of its keys.

    It is written in the transaction of what the POST did: either both are there, or neither.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("person"),
        related_name="+",
        null=True,
    )
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        models.CASCADE,
        verbose_name=_("program"),
        related_name="+",
        null=True,
    )
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, help_text=_("Of the method, the URL and the body.")
    )
    status = models.PositiveSmallIntegerField(_("HTTP status"))
    content_type = models.CharField(_("content type"), max_length=100, blank=True)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.TextField(_("body"), help_text=_("JSON, letter by letter; empty if none."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="answer_to_person_or_program",
                condition=Q(user__isnull=True, application__isnull=False)
                | Q(user__isnull=False, application__isnull=True),
            ),
            *(
                UniqueConstraint(fields=[caller, "key"], name=f"answer_key_of_{caller}")
                for caller in ("user", "application")
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.key

    def take_down(self, response: Response) -> None:
        """Remember a response that has not been rendered yet."""
        self.status = response.status_code
        self.content_type = response.content_type or ""
        self.headers = {
            name: response.headers[name] for name in ("ETag", "Location") if name in response
        }
        self.body = JSONRenderer().render(response.data).decode()

    def replay(self) -> Response:
        """Return the response once more, and say so in it."""
        body: Any = json.loads(self.body) if self.body else None
        headers = {**self.headers, "Idempotent-Replayed": "true"}
        return Response(body, self.status, headers=headers, content_type=self.content_type or None)
