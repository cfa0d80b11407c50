"""Academic years and their rotation."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.constraints import NoOverlap, ReferencedKey
from core.metadata import is_storable
from core.models.abstracts import DateRangeModel, MetadataModel, problem
from scheduling import rules
from scheduling.models.abstracts import CYCLE_DAY_LENGTH, SchoolRow
from scheduling.models.querysets import DatedRowQuerySet
from scheduling.models.school import School

LONGEST_YEAR_DAYS = 3 * 366
"""A longer academic year is a typing error."""


def validate_cycle_days(value: Any) -> None:
    """Require a list of different, short, named rotation days."""
    if not isinstance(value, list) or not all(isinstance(day, str) for day in value):
        message = _('List the rotation days by name, such as ["A", "B"].')
        raise ValidationError(message, "invalid_cycle_days")
    if not all(is_storable(day) for day in value):
        message = _("The name of a rotation day has characters that cannot be stored.")
        raise ValidationError(message, "invalid_characters")
    if any(not day.strip() or len(day) > CYCLE_DAY_LENGTH for day in value):
        message = _("The name of a rotation day has 1 to 20 characters.")
        raise ValidationError(message, "invalid_cycle_days")
    if len(set(value)) != len(value):
        raise ValidationError(_("A rotation day is listed twice."), "repeated_cycle_day")


class AcademicYear(DateRangeModel, SchoolRow, MetadataModel):
    """One school year. The years of a school never overlap.

    A year contains its terms, breaks and overrides, and no two of its rules meet on a date, also
    when it is changed. With `cycle_days` it has a rotation, which starts on `cycle_start`.
    """

    class CyclePolicy(models.TextChoices):
        PAUSE = "pause", _("Pause: goes on after a closure where it stopped")
        CALENDAR = "calendar", _("Calendar: goes on through closures")

    FIXED = frozenset({"school"})

    school = models.ForeignKey(
        School, models.PROTECT, verbose_name=_("school"), related_name="academic_years"
    )
    name = models.CharField(_("name"), max_length=50, help_text=_("Such as 2026-2027."))
    cycle_days = models.JSONField(
        _("rotation days"),
        default=list,
        blank=True,
        validators=[validate_cycle_days],
        help_text=_('The days of the rotation in order, such as ["A", "B"]; none without one.'),
    )
    cycle_policy = models.CharField(
        _("rotation policy"), max_length=8, choices=CyclePolicy.choices, default=CyclePolicy.PAUSE
    )
    cycle_start = models.DateField(
        _("rotation start"),
        null=True,
        blank=True,
        help_text=_("The date of the first rotation day; the year's first if left empty."),
    )

    objects = DatedRowQuerySet["AcademicYear"].as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["school", "start_date", "id"]
        constraints = [
            *DateRangeModel.Meta.constraints,
            *SchoolRow.Meta.constraints,
            ReferencedKey(
                fields=["id", "school", "start_date", "end_date"], name="academicyear_key_of_rows"
            ),
            ReferencedKey(fields=["id", "school"], name="academicyear_key_of_rules"),
            NoOverlap(name="academicyear_no_overlap", group=["school"]),
            models.UniqueConstraint(
                fields=["school", "name"],
                name="academicyear_name_taken",
                violation_error_code="name_taken",
                violation_error_message=_("The school already has an academic year of this name."),
            ),
        ]
        indexes = [
            models.Index(fields=["start_date", "id"], name="academicyear_by_start"),
            models.Index(fields=["updated_at", "id"], name="academicyear_by_change"),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @override
    def derive(self) -> None:
        if self.cycle_days and self.cycle_start is None:
            self.cycle_start = self.start_date

    @override
    def problems(self) -> Iterator[ValidationError]:
        yield from super().problems()
        if not self._state.adding and self.knows("cycle_days"):
            yield from rules.forbid_lost_cycle_days(self)

    @override
    def date_problems(self) -> Iterator[ValidationError]:
        if (self.end_date - self.start_date).days >= LONGEST_YEAR_DAYS:
            yield problem("end_date", _("An academic year lasts at most three years."), "too_long")
        known_start = self.cycle_start if self.knows("cycle_start") else None
        if known_start and not self.covers(known_start):
            message = _("The rotation must start within the academic year.")
            yield problem("cycle_start", message, "outside_year")
        if not self._state.adding:
            for rows in (self.terms, self.breaks, self.day_overrides):
                yield from rules.require_inside(self, rows.all())
            yield from rules.forbid_ambiguous_rules(self)
