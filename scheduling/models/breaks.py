"""Breaks: days without school."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import MetadataModel
from scheduling.models.abstracts import YearRow
from scheduling.models.academic_year import AcademicYear
from scheduling.models.querysets import DatedRowQuerySet


class Break(YearRow, MetadataModel):
    """Days of an academic year without school, and inside it. Breaks may overlap."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        VACATION = "vacation", _("Vacation")
        STAFF_DAY = "staff_day", _("Staff day")
        WEATHER = "weather", _("Weather")
        OTHER = "other", _("Other")

    academic_year = models.ForeignKey(
        AcademicYear, models.PROTECT, verbose_name=_("academic year"), related_name="breaks"
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.HOLIDAY)
    counts_weeks = models.BooleanField(
        _("counts weeks"),
        default=False,
        help_text=_("Weeks of this break are numbered as if there were school."),
    )

    objects = DatedRowQuerySet["Break"].as_manager()

    class Meta(YearRow.Meta):
        ordering = ["academic_year", "start_date", "id"]
        indexes = [
            models.Index(fields=["start_date", "id"], name="break_by_start"),
            models.Index(fields=["updated_at", "id"], name="break_by_change"),
        ]

    @override
    def __str__(self) -> str:
        return self.name
