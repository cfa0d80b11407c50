"""What every model below a school builds on, and the columns that several share."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.constraints import MatchesParent
from core.models.abstracts import DateRangeModel, ValidatedModel
from scheduling import rules
from scheduling.calendar.days import WEEKDAYS

ID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
"""How an id is written."""

SLUG: dict[str, Any] = {
    "max_length": 63,
    "validators": [
        RegexValidator(
            r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
            _("Use small letters, digits and single hyphens, such as maple-high."),
            "invalid_slug",
        ),
        RegexValidator(
            ID,
            _("A slug must not look like an id."),
            "invalid_slug",
            inverse_match=True,
        ),
    ],
    "help_text": _("The name in addresses: small letters, digits and hyphens."),
}


def validate_weekdays(value: Any) -> None:
    """Require a list of different weekday names."""
    if not isinstance(value, list) or not all(day in WEEKDAYS for day in value):
        message = _('List weekdays by name, such as ["monday", "tuesday"].')
        raise ValidationError(message, "unknown_weekday")
    if len(set(value)) != len(value):
        raise ValidationError(_("A weekday is listed twice."), "repeated_weekday")


def in_week_order(weekdays: list[str]) -> list[str]:
    """Return weekday names from Monday to Sunday."""
    return sorted(weekdays, key=WEEKDAYS.index)


CYCLE_DAY_LENGTH = 20
"""The longest name of a rotation day."""


class SchoolRow(ValidatedModel):
    """What makes a tracked model a row below a school, which is its parent's and never edited."""

    ROOT: ClassVar[str | None] = "school_id"

    school = models.ForeignKey(
        "scheduling.School",
        models.PROTECT,
        verbose_name=_("school"),
        related_name="+",
        editable=False,
    )

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints: ClassVar[list[Any]] = [
            UniqueConstraint(
                fields=["school", "sourced_id"],
                condition=~Q(sourced_id=""),
                name="%(class)s_sourced_id_taken",
                violation_error_code="sourced_id_taken",
                violation_error_message=_("Another row of this type has this sourced id."),
            ),
        ]


class YearRow(DateRangeModel, SchoolRow):
    """Days of an `academic_year`, and inside it.

    The database carries a moved year over to the copied bounds, and refuses it if a row would
    fall out.
    """

    FIXED = frozenset({"academic_year"})

    year_start = models.DateField(editable=False)
    year_end = models.DateField(editable=False)

    class Meta(SchoolRow.Meta):
        abstract = True
        constraints: ClassVar[list[Any]] = [
            *DateRangeModel.Meta.constraints,
            *SchoolRow.Meta.constraints,
            MatchesParent(
                name="%(class)s_matches_year",
                parent="academic_year",
                copies=[
                    ("school", "school"),
                    ("year_start", "start_date"),
                    ("year_end", "end_date"),
                ],
                cascade=True,
            ),
            CheckConstraint(
                name="%(class)s_within_year",
                condition=Q(start_date__gte=F("year_start"), end_date__lte=F("year_end")),
                violation_error_code="outside_year",
                violation_error_message=_("The dates must lie within the academic year."),
            ),
        ]

    @override
    def date_problems(self) -> Iterator[ValidationError]:
        yield from super().date_problems()
        if self.knows("academic_year"):
            year = self.academic_year  # type: ignore[attr-defined]  # each model declares its own
            yield from rules.require_within(self, year, "outside_year")
