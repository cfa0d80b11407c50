"""How a program is told of rosters."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import ValidatedModel


class EndDate(models.TextChoices):
    """Which day OneRoster's `endDate` names."""

    EXCLUSIVE = "exclusive", _("Exclusive: the day after the last one, as the standard has it")
    INCLUSIVE = "inclusive", _("Inclusive: the last day")


class ClientRoster(ValidatedModel):
    """What one program understands of OneRoster. Without a row it follows the standard."""

    FIXED = frozenset({"application"})

    application = models.OneToOneField(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        models.CASCADE,
        verbose_name=_("program"),
        related_name="client_roster",
    )
    oneroster_end_date = models.CharField(
        _("OneRoster end dates"),
        max_length=9,
        choices=EndDate.choices,
        default=EndDate.EXCLUSIVE,
        help_text=_("Which day an end date names in what the program is told."),
    )

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("OneRoster")
        constraints = [
            CheckConstraint(
                name="clientroster_end_date_is_known",
                condition=Q(oneroster_end_date__in=EndDate.values),
                violation_error_code="invalid_choice",
                violation_error_message=_("There is no such way to tell end dates."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.oneroster_end_date


def tells_last_day(application: Any) -> bool:
    """Return whether a program takes an end date for the last day."""
    choice = getattr(application, "client_roster", None)
    return choice is not None and choice.oneroster_end_date == EndDate.INCLUSIVE
