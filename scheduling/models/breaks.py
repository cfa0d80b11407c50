"""Breaks: days without school."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import DateRangeModel, MetadataModel
from core.querysets import DateRangeQuerySet
from scheduling import rules
from scheduling.models.abstracts import SchoolRow
from scheduling.models.academic_year import AcademicYear


class Break(DateRangeModel, SchoolRow, MetadataModel):
    """Days of an academic year without school, and inside it. Breaks may overlap."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        VACATION = "vacation", _("Vacation")
        STAFF_DAY = "staff_day", _("Staff day")
        WEATHER = "weather", _("Weather")
        OTHER = "other", _("Other")

    FIXED = frozenset({"academic_year"})

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
    year_start = models.DateField(editable=False)
    year_end = models.DateField(editable=False)

    objects = DateRangeQuerySet["Break"].as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["academic_year", "start_date", "id"]
        constraints = [
            *DateRangeModel.Meta.constraints,
            *SchoolRow.Meta.constraints,
            *rules.inside_its_year("break"),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @override
    def date_problems(self) -> Iterator[ValidationError]:
        if self.knows("academic_year"):
            yield from rules.require_within(self, self.academic_year, "outside_year")
