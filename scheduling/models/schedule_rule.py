"""Which bell schedule rings on which days."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.constraints import MatchesParent
from core.models.abstracts import MetadataModel, problem
from scheduling import rules
from scheduling.models.abstracts import (
    CYCLE_DAY_LENGTH,
    SchoolRow,
    in_week_order,
    validate_weekdays,
)
from scheduling.models.academic_year import AcademicYear
from scheduling.models.period_template import PeriodTemplate
from scheduling.models.querysets import SchoolRowQuerySet


class ScheduleRule(SchoolRow, MetadataModel):
    """On these weekdays, or rotation days, or both, this bell schedule rings.

    The most specific rule wins: weekday and rotation day, then rotation day, then weekday. Two
    rules of the same specificity never meet on a date.
    """

    FIXED = frozenset({"academic_year"})

    academic_year = models.ForeignKey(
        AcademicYear, models.PROTECT, verbose_name=_("academic year"), related_name="schedule_rules"
    )
    template = models.ForeignKey(
        PeriodTemplate,
        models.PROTECT,
        verbose_name=_("bell schedule"),
        related_name="schedule_rules",
    )
    weekdays = models.JSONField(
        _("weekdays"),
        default=list,
        blank=True,
        validators=[validate_weekdays],
        help_text=_("The weekdays it is for, by name; any if empty."),
    )
    cycle_day = models.CharField(
        _("rotation day"),
        max_length=CYCLE_DAY_LENGTH,
        blank=True,
        default="",
        help_text=_("The rotation day it is for; any if empty."),
    )
    valid_from = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("Included; the whole year if empty.")
    )
    valid_to = models.DateField(
        _("valid to"), null=True, blank=True, help_text=_("Included; the whole year if empty.")
    )

    objects = SchoolRowQuerySet["ScheduleRule"].as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["academic_year", "valid_from", "id"]
        constraints = [
            *SchoolRow.Meta.constraints,
            MatchesParent(
                name="schedulerule_matches_year",
                parent="academic_year",
                copies=[("school", "school")],
            ),
            MatchesParent(
                name="schedulerule_matches_template",
                parent="template",
                copies=[("school", "school")],
                violation_error_message=_("This bell schedule belongs to another school."),
            ),
            models.CheckConstraint(
                name="schedulerule_dates_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                violation_error_code="dates_out_of_order",
                violation_error_message=_("The rule must not end before it starts."),
            ),
        ]
        indexes = [
            models.Index(fields=["updated_at", "id"], name="schedulerule_by_change"),
        ]

    @override
    def __str__(self) -> str:
        """Name the bell schedule and its days."""
        days = ", ".join([*self.weekdays, *filter(None, [self.cycle_day])])
        return f"{self.template}: {days}"

    @override
    def derive(self) -> None:
        if self.knows("weekdays"):
            self.weekdays = in_week_order(self.weekdays)

    @override
    def problems(self) -> Iterator[ValidationError]:
        yield from super().problems()
        if self.knows("weekdays", "cycle_day") and not self.weekdays and not self.cycle_day:
            message = _("Name at least one weekday or a rotation day.")
            yield problem("weekdays", message, "required")
        elif self.knows("weekdays", "cycle_day", "academic_year"):
            yield from rules.cycle_day_problems(self, self.academic_year)
            if self._dates_are_usable():
                yield from self._ambiguities()

    def _dates_are_usable(self) -> bool:
        if {"valid_from", "valid_to"} & self._failed:
            return False
        return not (self.valid_from and self.valid_to and self.valid_from > self.valid_to)

    def _ambiguities(self) -> Iterator[ValidationError]:
        year = self.academic_year
        pairs = ((self, other) for other in year.schedule_rules.all() if other.pk != self.pk)
        found = rules.first_ambiguity(pairs, year)
        if found is not None:
            day, _own, other = found
            message = _("On %(day)s the rule “%(other)s” would apply as well.")
            yield problem("__all__", message, "ambiguous_rule", day=day, other=other)
