"""Terms: semesters and trimesters."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.constraints import NoOverlap, ReferencedKey
from core.models.abstracts import MetadataModel, problem
from core.revision import revise
from scheduling import rules
from scheduling.calendar.splits import halves
from scheduling.models.abstracts import YearRow
from scheduling.models.academic_year import AcademicYear
from scheduling.models.querysets import DatedRowQuerySet

Dates = tuple[dt.date, dt.date]


class TermQuerySet(DatedRowQuerySet["Term"]):
    """Ask for terms."""

    @override
    def create(self, *, generate_quarters: bool = True, **values: Any) -> "Term":
        """Create a term, and with a semester its two quarters unless told not to."""
        term = self.model(**values)
        term.save(force_insert=True, generate_quarters=generate_quarters)
        return term


class Term(YearRow, MetadataModel):
    """A semester or a trimester of an academic year, and inside it.

    Terms of one structure (semesters, or trimesters) never overlap; a year may run both side by
    side. A semester is made with two quarters, a trimester never has any.
    """

    class TermType(models.TextChoices):
        SEM1 = "SEM1", _("Semester 1")
        SEM2 = "SEM2", _("Semester 2")
        TRI1 = "TRI1", _("Trimester 1")
        TRI2 = "TRI2", _("Trimester 2")
        TRI3 = "TRI3", _("Trimester 3")

    class Structure(models.TextChoices):
        SEM = "SEM", _("Semesters")
        TRI = "TRI", _("Trimesters")

    DERIVED = frozenset({"structure"})

    academic_year = models.ForeignKey(
        AcademicYear, models.PROTECT, verbose_name=_("academic year"), related_name="terms"
    )
    term_type = models.CharField(_("type"), max_length=4, choices=TermType.choices)
    sequence = models.PositiveSmallIntegerField(
        _("sequence"), blank=True, help_text=_("The number in its type; taken from it if empty.")
    )
    structure = models.CharField(
        _("structure"), max_length=3, choices=Structure.choices, editable=False
    )
    name = models.CharField(
        _("name"), max_length=50, blank=True, help_text=_("Taken from the type if empty.")
    )

    objects = TermQuerySet.as_manager()

    class Meta(YearRow.Meta):
        ordering = ["academic_year", "start_date", "id"]
        constraints = [
            *YearRow.Meta.constraints,
            ReferencedKey(
                fields=["id", "school", "term_type", "start_date", "end_date"],
                name="term_key_of_quarters",
            ),
            models.CheckConstraint(
                name="term_type_fits_sequence",
                condition=rules.any_of(
                    {"term_type": name, "sequence": int(name[-1]), "structure": name[:3]}
                    for name in ("SEM1", "SEM2", "TRI1", "TRI2", "TRI3")
                ),
                violation_error_code="type_and_sequence",
                violation_error_message=_("The sequence must be the number in the type."),
            ),
            models.UniqueConstraint(
                fields=["academic_year", "term_type"],
                name="term_type_taken",
                violation_error_code="type_taken",
                violation_error_message=_("The academic year already has a term of this type."),
            ),
            NoOverlap(name="term_no_overlap", group=["academic_year", "structure"]),
        ]
        indexes = [
            models.Index(fields=["school", "-start_date"], name="term_by_school"),
            models.Index(fields=["start_date", "id"], name="term_by_start"),
            models.Index(fields=["updated_at", "id"], name="term_by_change"),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @override
    def save(self, *args: Any, generate_quarters: bool = True, **kwargs: Any) -> None:
        """Save the term; a new semester gets its two quarters unless told not to."""
        is_new = self._state.adding
        try:
            with revise(*self.revised_schools()):
                super().save(*args, **kwargs)
                if is_new and generate_quarters and self.is_semester:
                    self.create_missing_quarters(halves)
        except ValidationError:
            self._state.adding = is_new  # what was inserted is undone
            raise

    @override
    def derive(self) -> None:
        if self.term_type not in self.TermType.values:
            return  # refused as a choice
        self.structure = self.term_type[:3]
        if self.sequence is None:
            self.sequence = int(self.term_type[-1])
        if not self.name:
            self.name = str(self.TermType(self.term_type).label)

    @override
    def problems(self) -> Iterator[ValidationError]:
        yield from super().problems()
        if self.term_type not in self.TermType.values:
            return  # refused as a choice
        if self.knows("sequence") and self.sequence != int(self.term_type[-1]):
            message = _("The sequence must be the number in the type, %(number)s.")
            yield problem("sequence", message, "type_and_sequence", number=self.term_type[-1])
        if not self._state.adding:
            yield from rules.forbid_lost_quarter_types(self)

    @override
    def date_problems(self) -> Iterator[ValidationError]:
        yield from super().date_problems()
        if not self._state.adding:
            yield from rules.require_inside(self, self.quarters.all())

    @property
    def is_semester(self) -> bool:
        """Whether the term can have quarters."""
        return self.structure == self.Structure.SEM

    @property
    def breaks(self) -> Any:
        """The breaks of the year that touch the term."""
        return self.academic_year.breaks.overlapping(self.start_date, self.end_date)

    def create_missing_quarters(self, split: Any) -> list[Any]:
        """Create the quarters that the semester lacks, and return them; existing ones stay put.

        Raises ValidationError if the term is no semester or too short.
        """
        with revise(self.school_id):
            return [self.quarters.create(**values) for values in self.missing_quarters(split)]

    def missing_quarters(self, split: Any) -> list[dict[str, Any]]:
        """Return the values of the quarters that the semester lacks.

        `split` divides the term's first and last day into two ranges of days. A quarter beside
        one that exists takes what is left of its half.

        Raises ValidationError if the term is no semester or too short.
        """
        if not self.is_semester:
            message = _("Only a semester has quarters.")
            raise ValidationError(message, "requires_semester")
        present = {quarter.sequence: quarter for quarter in self.quarters.all()}
        missing = [sequence for sequence in (1, 2) if sequence not in present]
        ranges = self._halves(split) if missing else ()
        return [
            {
                "sequence": sequence,
                **_beside(present.get(3 - sequence), sequence, ranges[sequence - 1]),
            }
            for sequence in missing
        ]

    def _halves(self, split: Any) -> Sequence[Dates]:
        try:
            return tuple(split(self.start_date, self.end_date))
        except ValueError as error:
            message = _("The term is too short for two quarters of at least two days each.")
            raise ValidationError({"end_date": ValidationError(message, "too_short")}) from error


def _beside(other: Any, sequence: int, dates: Dates) -> dict[str, dt.date]:
    """Return the dates of a quarter, kept clear of the other one of the term."""
    start, end = dates
    if other is not None and sequence == 1:
        end = min(end, other.start_date - dt.timedelta(days=1))
    elif other is not None:
        start = max(start, other.end_date + dt.timedelta(days=1))
    return {"start_date": start, "end_date": end}
