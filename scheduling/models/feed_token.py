"""Feed tokens: what lets a phone subscribe to the calendar of a private school."""

from hashlib import sha256
from secrets import token_urlsafe
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import ValidatedModel
from scheduling.access import Actor
from scheduling.models.membership import Role
from scheduling.models.querysets import ReachedThroughSchool
from scheduling.models.school import School

DIGEST_LENGTH = 64
KEY_BYTES = 32


def digest_of(key: str) -> str:
    """Return what is stored of a key. Keys are random and long: nobody can try them all."""
    return sha256(key.encode()).hexdigest()


class FeedTokenQuerySet(ReachedThroughSchool, models.QuerySet["FeedToken"]):
    """Ask for feed tokens."""

    @override
    def for_actor(self, actor: Actor, role: str = Role.ADMIN) -> Self:
        """Return the tokens of the schools whose admin the actor is: they let others in."""
        return super().for_actor(actor, role)

    def school_opened_by(self, key: str) -> UUID | None:
        """Return the id of the school whose feeds a key opens, if it opens any."""
        return self.filter(digest=digest_of(key)).values_list("school", flat=True).first()


class FeedToken(ValidatedModel):
    """A key to the calendar feeds of one school, to be part of their addresses.

    Whoever has the address may read, until the token is deleted. Only a hash of the key is stored.
    It is no part of the calendar: a new one leaves the school's revision as it is.
    """

    FIXED = frozenset({"school", "digest"})

    school = models.ForeignKey(
        School, models.CASCADE, verbose_name=_("school"), related_name="feed_tokens"
    )
    name = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("Whom the address is for, such as: Families, 2026-2027."),
    )
    digest = models.CharField(_("digest"), max_length=DIGEST_LENGTH, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("created by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        ordering = ["school", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="feedtoken_digest"),
            models.CheckConstraint(
                name="feedtoken_has_digest",
                condition=~models.Q(digest=""),
                violation_error_code="blank",
                violation_error_message=_("A feed token is made by the service, with its key."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    def give_key(self) -> str:
        """Give a new token its key, and return it: it is noted as a hash and never told again."""
        key = token_urlsafe(KEY_BYTES)
        self.digest = digest_of(key)
        return key
