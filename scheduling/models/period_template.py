"""Bell schedules."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.constraints import ReferencedKey
from core.models.abstracts import MetadataModel
from scheduling.models.abstracts import SLUG, SchoolRow
from scheduling.models.querysets import SchoolRowQuerySet
from scheduling.models.school import School

if TYPE_CHECKING:
    from scheduling.models.period_definition import PeriodDefinition


class PeriodTemplateQuerySet(SchoolRowQuerySet["PeriodTemplate"]):
    """Ask for bell schedules."""

    def with_periods(self) -> "PeriodTemplateQuerySet":
        """Fetch the periods along, in order."""
        return self.prefetch_related("periods")


class PeriodTemplate(SchoolRow, MetadataModel):
    """A bell schedule: the periods of one kind of day. A school has at most one default.

    What a rule or an override uses cannot be deleted; archive it instead.
    """

    FIXED = frozenset({"school"})

    school = models.ForeignKey(
        School, models.PROTECT, verbose_name=_("school"), related_name="period_templates"
    )
    code = models.CharField(_("code"), **{**SLUG, "help_text": _("Short and unique: late-start.")})
    name = models.CharField(_("name"), max_length=100)
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("Rings on school days that no rule names.")
    )
    is_archived = models.BooleanField(
        _("archived"), default=False, help_text=_("Kept for the past, not offered any more.")
    )

    objects = PeriodTemplateQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        verbose_name = _("bell schedule")
        ordering = ["school", "name", "id"]
        constraints = [
            *SchoolRow.Meta.constraints,
            ReferencedKey(fields=["id", "school"], name="periodtemplate_key_of_rows"),
            models.UniqueConstraint(
                fields=["school", "code"],
                name="periodtemplate_code_taken",
                violation_error_code="code_taken",
                violation_error_message=_("The school already has a bell schedule of this code."),
            ),
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(is_default=True),
                name="periodtemplate_default_taken",
                violation_error_code="default_taken",
                violation_error_message=_("The school already has a default bell schedule."),
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="periodtemplate_by_name"),
            models.Index(fields=["updated_at", "id"], name="periodtemplate_by_change"),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    def get_periods(self) -> "models.QuerySet[PeriodDefinition]":
        """Return the periods by their start."""
        return self.periods.all()

    def get_period(self, number: int) -> "PeriodDefinition | None":
        """Return the period of this number, or None."""
        return next((each for each in self.get_periods() if each.number == number), None)
