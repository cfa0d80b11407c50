"""What a program may ask for."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import ValidatedModel
from scheduling.access import READ, SCOPES


def validate_scopes(value: Any) -> None:
    """Require a list of different scopes."""
    if not isinstance(value, list) or not all(scope in list(SCOPES) for scope in value):
        message = _("The scopes are %(scopes)s.")
        raise ValidationError(message, "unknown_scope", {"scopes": ", ".join(SCOPES)})
    if len(set(value)) != len(value):
        raise ValidationError(_("A scope is listed twice."), "repeated_scope")


def only_reading() -> list[str]:
    """Return what every program may ask for."""
    return [READ]


class ClientScopesQuerySet(models.QuerySet["ClientScopes"]):
    """Ask what programs may ask for."""

    def granted_to(self, application: Any) -> list[str]:
        """Return the scopes that a program may have: reading, unless a row says otherwise."""
        row = self.filter(application=application).first()
        return only_reading() if row is None else row.scopes


class ClientScopes(ValidatedModel):
    """The scopes that one program may have in its tokens. Without a row it may only read."""

    FIXED = frozenset({"application"})

    application = models.OneToOneField(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        models.CASCADE,
        verbose_name=_("program"),
        related_name="client_scopes",
    )
    scopes = models.JSONField(
        _("scopes"),
        default=only_reading,
        validators=[validate_scopes],
        help_text=_("What its tokens may be used for. Memberships say where."),
    )

    objects = ClientScopesQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("scopes")

    @override
    def __str__(self) -> str:
        return " ".join(self.scopes)
