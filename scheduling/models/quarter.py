"""Quarters: the two halves of a semester."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.cache import cached
from core.constraints import MatchesParent, NoOverlap
from core.models.abstracts import DateRangeModel, MetadataModel, problem
from core.models.properties import ColumnProperty
from scheduling import cache_keys, rules
from scheduling.calendar.facts import quarter_label
from scheduling.models.abstracts import SchoolRow
from scheduling.models.calendar_rows import calendar_of
from scheduling.models.querysets import DatedRowQuerySet
from scheduling.models.term import Term

if TYPE_CHECKING:
    from scheduling.models.academic_year import AcademicYear
    from scheduling.models.school import School

FIRST_OF_TERM = {"SEM1": 1, "SEM2": 3}
"""The number of a semester's first quarter."""


class QuarterQuerySet(DatedRowQuerySet["Quarter"]):
    """Ask for quarters."""

    def for_semester(self, term: Term) -> "QuarterQuerySet":
        """Return the quarters of a semester in order."""
        return self.filter(term=term).order_by("sequence")

    def get_for_date(self, date: dt.date, school: "School") -> "Quarter | None":
        """Return the school's quarter on a date, or None; which one it is is cached.

        Of a datetime, its date counts. As the quarters of a school never overlap, it is the one
        that began last, or none: an index leads there.
        """
        day = date.date() if isinstance(date, dt.datetime) else date

        def compute() -> str | None:
            everything = type(self)(self.model)  # the key does not say what `self` is narrowed to
            begun = everything.filter(school=school, start_date__lte=day)
            found = begun.order_by("-start_date").first()
            return str(found.pk) if found is not None and found.covers(day) else None

        pk = cached(school.pk, cache_keys.key("quarter_for_date", date=day), compute)
        return None if pk is None else self.filter(pk=pk).first()


class Quarter(DateRangeModel, SchoolRow, MetadataModel):
    """Half of a semester: inside it, at least two days long, and clear of the other half.

    Q1 and Q2 belong to the first semester, Q3 and Q4 to the second; trimesters have none. The
    two need not touch: days between them are in no quarter.
    """

    class QuarterType(models.TextChoices):
        Q1 = "Q1", _("Quarter 1")
        Q2 = "Q2", _("Quarter 2")
        Q3 = "Q3", _("Quarter 3")
        Q4 = "Q4", _("Quarter 4")

    METADATA_SCHEMA: ClassVar[Mapping[str, Any]] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "reporting_dates": {
                "type": "object",
                "properties": {
                    "grades_due": {"type": "string", "format": "date"},
                    "reports_due": {"type": "string", "format": "date"},
                    "publish_date": {"type": "string", "format": "date"},
                },
                "additionalProperties": False,
            },
            "assessment_weeks": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": 53},
                "uniqueItems": True,
            },
        },
    }
    MIN_DAYS = 2
    OUT_OF_ORDER = _("The end date must be after the start date.")
    FIXED = frozenset({"term"})

    term = models.ForeignKey(
        Term,
        models.PROTECT,
        verbose_name=_("term"),
        related_name="quarters",
        help_text=_("The semester that the quarter is half of."),
    )
    quarter_type = models.CharField(
        _("type"),
        max_length=2,
        choices=QuarterType.choices,
        blank=True,
        help_text=_("Q1 and Q2 in the first semester, Q3 and Q4 in the second."),
    )
    sequence = models.PositiveSmallIntegerField(
        _("sequence"),
        blank=True,
        help_text=_("1 for the first half of the semester, 2 for the second."),
    )
    term_type = models.CharField(max_length=4, editable=False)
    term_start = models.DateField(editable=False)
    term_end = models.DateField(editable=False)

    objects = QuarterQuerySet.as_manager()

    full_label = ColumnProperty(
        quarter_label,
        "quarter_type",
        "term_type",
        doc='The quarter and its semester, such as "Q1 (S1)".',
    )

    class Meta(SchoolRow.Meta):
        ordering = ["term", "sequence"]
        constraints = [
            *SchoolRow.Meta.constraints,
            models.CheckConstraint(
                name="valid_quarter_dates",
                condition=Q(start_date__lt=F("end_date")),
                violation_error_code="dates_out_of_order",
                violation_error_message=_("The end date must be after the start date."),
            ),
            MatchesParent(
                name="quarter_matches_term",
                parent="term",
                copies=[
                    ("school", "school"),
                    ("term_type", "term_type"),
                    ("term_start", "start_date"),
                    ("term_end", "end_date"),
                ],
                cascade=True,
            ),
            models.CheckConstraint(
                name="quarter_requires_semester",
                condition=Q(term_type__in=["SEM1", "SEM2"]),
                violation_error_code="requires_semester",
                violation_error_message=_("Only a semester has quarters."),
            ),
            models.CheckConstraint(
                name="quarter_within_term",
                condition=Q(start_date__gte=F("term_start"), end_date__lte=F("term_end")),
                violation_error_code="outside_term",
                violation_error_message=_("The quarter must lie within its term."),
            ),
            models.CheckConstraint(
                name="quarter_type_fits_sequence",
                condition=rules.any_of(
                    {"term_type": term_type, "sequence": seq, "quarter_type": f"Q{first + seq - 1}"}
                    for term_type, first in (("SEM1", 1), ("SEM2", 3))
                    for seq in (1, 2)
                ),
                violation_error_code="type_and_sequence",
                violation_error_message=_("The type must fit the term and the sequence."),
            ),
            models.UniqueConstraint(
                fields=["term", "sequence"],
                name="quarter_sequence_taken",
                violation_error_code="sequence_taken",
                violation_error_message=_("The term already has a quarter of this sequence."),
            ),
            models.UniqueConstraint(
                fields=["term", "quarter_type"],
                name="quarter_type_taken",
                violation_error_code="type_taken",
                violation_error_message=_("The term already has a quarter of this type."),
            ),
            NoOverlap(name="quarter_no_overlap", group=["term"]),
        ]
        indexes = [
            models.Index(fields=["school", "-start_date"], name="quarter_by_school"),
            models.Index(fields=["term", "sequence"], name="quarter_by_term"),
            models.Index(fields=["quarter_type"], name="quarter_by_type"),
            models.Index(fields=["start_date", "end_date"], name="quarter_by_dates"),
            models.Index(fields=["start_date", "id"], name="quarter_by_start"),
            models.Index(fields=["updated_at", "id"], name="quarter_by_change"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.full_label)

    @override
    def derive(self) -> None:
        """Fill the type from the sequence, or the sequence from the type, where one is missing."""
        first = FIRST_OF_TERM.get(self.term_type)
        if first is None:
            return
        if self.sequence is None and self.quarter_type:
            self.sequence = int(self.quarter_type[-1]) - first + 1
        elif not self.quarter_type and self.sequence in {1, 2}:
            self.quarter_type = f"Q{first + self.sequence - 1}"

    @override
    def problems(self) -> Iterator[ValidationError]:
        yield from super().problems()
        first = FIRST_OF_TERM.get(self.term_type)
        if not self.knows("term"):
            return  # reported by now
        if first is None:
            yield problem("term", _("Only a semester has quarters."), "requires_semester")
        elif self.knows("quarter_type", "sequence"):
            yield from self._sequence_problems(first)
        elif self.knows("quarter_type"):
            message = _("Give the type or the sequence of the quarter.")
            yield problem("quarter_type", message, "required")

    def _sequence_problems(self, first: int) -> Iterator[ValidationError]:
        own_types = [f"Q{first}", f"Q{first + 1}"]
        if self.quarter_type not in own_types:
            yield problem(
                "quarter_type",
                _("%(term)s has the quarters %(types)s."),
                "type_and_sequence",
                term=self.term,
                types=" and ".join(own_types),
            )
        elif self.sequence != own_types.index(self.quarter_type) + 1:
            message = _("%(type)s is number %(number)s of its term.")
            number = own_types.index(self.quarter_type) + 1
            params = {"type": self.quarter_type, "number": number}
            yield problem("sequence", message, "type_and_sequence", **params)

    @override
    def date_problems(self) -> Iterator[ValidationError]:
        if self.knows("term"):
            yield from rules.require_within(self, self.term, "outside_term")

    @property
    def semester_number(self) -> int:
        """1 or 2."""
        return int(self.term_type[-1])

    @property
    def academic_year(self) -> "AcademicYear":
        """The year of the term."""
        return self.term.academic_year

    def get_week_number(self, date: dt.date) -> int | None:
        """Return the number of the date's week within the quarter, from 1.

        None outside the quarter, and in a week that is all break. The table is cached.
        """
        if not self.covers(date):
            return None
        monday = date - dt.timedelta(days=date.weekday())
        key = cache_keys.key("quarter_weeks", quarter=self.pk)
        weeks = cached(self.school_id, key, self._week_numbers)
        return weeks.get(monday.isoformat())

    def _week_numbers(self) -> dict[str, int | None]:
        """Return the number of each week, by the date of its Monday."""
        stored = type(self).objects.get(pk=self.pk)  # as of the token
        calendar = calendar_of(stored.school_id, stored.start_date, stored.end_date)
        days = (stored.start_date + dt.timedelta(days=n) for n in range(stored.days))
        return {
            (day - dt.timedelta(days=day.weekday())).isoformat(): calendar.week_numbers(day).quarter
            for day in days
        }

    @property
    def days(self) -> int:
        """How many dates the quarter covers."""
        return (self.end_date - self.start_date).days + 1

    def get_reporting_deadlines(self) -> dict[str, dt.date]:
        """Return the dates under `reporting_dates` in the metadata, by name."""
        dates = self.metadata.get("reporting_dates") or {}  # null until it is checked
        return {name: dt.date.fromisoformat(value) for name, value in dates.items()}
