"""Days that are unlike the others."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.constraints import MatchesParent, NoOverlap
from core.models.abstracts import MetadataModel, problem
from scheduling import rules
from scheduling.models.abstracts import CYCLE_DAY_LENGTH, YearRow
from scheduling.models.academic_year import AcademicYear
from scheduling.models.period_template import PeriodTemplate
from scheduling.models.querysets import DatedRowQuerySet


class DayOverride(YearRow, MetadataModel):
    """Dates on which school is closed, or open with a bell schedule of their own; never both.

    It lies in its academic year and beats breaks, weekends and rules. No two overrides meet on a
    date. It may force a rotation day, from which the rotation goes on, or hold the rotation.
    """

    academic_year = models.ForeignKey(
        AcademicYear, models.PROTECT, verbose_name=_("academic year"), related_name="day_overrides"
    )
    name = models.CharField(_("name"), max_length=100)
    closed = models.BooleanField(_("closed"), default=False)
    template = models.ForeignKey(
        PeriodTemplate,
        models.PROTECT,
        verbose_name=_("bell schedule"),
        related_name="day_overrides",
        null=True,
        blank=True,
        help_text=_("What rings on these days; none when school is closed."),
    )
    cycle_day = models.CharField(
        _("forced rotation day"),
        max_length=CYCLE_DAY_LENGTH,
        blank=True,
        default="",
        help_text=_("These days are this rotation day, and the rotation goes on from it."),
    )
    holds_cycle = models.BooleanField(
        _("holds the rotation"),
        default=False,
        help_text=_("These days have no rotation day, and the rotation goes on after them."),
    )

    objects = DatedRowQuerySet["DayOverride"].as_manager()

    class Meta(YearRow.Meta):
        ordering = ["academic_year", "start_date", "id"]
        constraints = [
            *YearRow.Meta.constraints,
            MatchesParent(
                name="dayoverride_matches_template",
                parent="template",
                copies=[("school", "school")],
                violation_error_message=_("This bell schedule belongs to another school."),
            ),
            models.CheckConstraint(
                name="dayoverride_closed_or_template",
                condition=Q(closed=True, template__isnull=True)
                | Q(closed=False, template__isnull=False),
                violation_error_code="closed_or_template",
                violation_error_message=_("Either close the day or give it a bell schedule."),
            ),
            NoOverlap(name="dayoverride_no_overlap", group=["academic_year"]),
        ]
        indexes = [
            models.Index(fields=["school", "-start_date"], name="dayoverride_by_school"),
            models.Index(fields=["start_date", "id"], name="dayoverride_by_start"),
            models.Index(fields=["updated_at", "id"], name="dayoverride_by_change"),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @override
    def problems(self) -> Iterator[ValidationError]:
        yield from super().problems()
        if not self.knows("cycle_day"):
            return
        if self.cycle_day and (self.closed or self.holds_cycle):
            message = _("A day that is closed, or holds the rotation, cannot force a rotation day.")
            yield problem("cycle_day", message, "cycle_day_without_day")
        elif self.knows("academic_year"):
            yield from rules.cycle_day_problems(self, self.academic_year)
