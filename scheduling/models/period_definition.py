"""The periods of a bell schedule."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.conditions import evaluate
from core.constraints import TIMES, MatchesParent, NoOverlap
from core.metadata import FreeJSONField
from core.models.abstracts import TrackedModel
from scheduling import rules
from scheduling.models.abstracts import SchoolRow
from scheduling.models.period_template import PeriodTemplate
from scheduling.models.querysets import SchoolRowQuerySet

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

LONGEST_PASSING_MINUTES = 30
HIGHEST_NUMBER = 32_767
"""What the smallest integer column of PostgreSQL holds."""


class ClockAfter(models.Func):
    """The time of day so many minutes after a time; it wraps at midnight. Seconds are dropped.

    Written for CHECK constraints: only what a bare database knows, and never NULL, which a
    CHECK would let pass.
    """

    arity = 2
    output_field = models.TimeField()

    template = "date_trunc('minute', (%(expressions)s)::interval)::time"
    arg_joiner = " + interval '1 minute' * "

    def in_memory(self, row: models.Model) -> dt.time | None:
        """Return the same for a row in memory; None if something is missing."""
        start, minutes = (evaluate(each, row) for each in self.get_source_expressions())
        return None if None in (start, minutes) else rules.clock_after(start, minutes)

    @override
    def as_sqlite(
        self, compiler: Any, connection: "BaseDatabaseWrapper", **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Spell it for SQLite, where a time is text."""
        template = "COALESCE(strftime('%%%%H:%%%%M:00', %(expressions)s || ' minutes'), '')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", '+' || ")


class PeriodDefinition(SchoolRow, TrackedModel):
    """A period of a bell schedule: it starts on the school's clock and lasts `length` minutes.

    Half-open: the start belongs to it, the end does not. Periods that one person would sit in at
    once (of one track, or of which either is everybody's, track "") never overlap; touching is
    allowed. It ends by 23:59. `number` labels it and need not follow the order of time.
    """

    class Type(models.TextChoices):
        CLASS = "class", _("Class")
        ADVISORY = "advisory", _("Advisory")
        LUNCH = "lunch", _("Lunch")
        BREAK = "break", _("Break")
        ASSEMBLY = "assembly", _("Assembly")
        EXAM = "exam", _("Exam")
        ACTIVITY = "activity", _("Activity")
        STAFF = "staff", _("Staff")
        BEFORE = "before", _("Before school")
        AFTER = "after", _("After school")

    DERIVED = frozenset({"end"})
    FIXED = frozenset({"template"})

    template = models.ForeignKey(
        PeriodTemplate, models.CASCADE, verbose_name=_("bell schedule"), related_name="periods"
    )
    number = models.PositiveSmallIntegerField(
        _("number"),
        validators=[MaxValueValidator(HIGHEST_NUMBER)],
        help_text=_("Unique in the bell schedule; holes and 0 are fine."),
    )
    name = models.CharField(
        _("name"), max_length=100, blank=True, help_text=_("Taken from the number if empty.")
    )
    type = models.CharField(_("type"), max_length=10, choices=Type.choices, default=Type.CLASS)
    start = models.TimeField(_("start"), help_text=_("On the school's clock, such as 08:30."))
    length = models.PositiveSmallIntegerField(
        _("length"),
        help_text=_("Minutes. A class lasts 30 to 120 unless it is irregular; others 1 to 480."),
    )
    passing = models.PositiveSmallIntegerField(
        _("passing time"),
        default=0,
        validators=[
            MaxValueValidator(LONGEST_PASSING_MINUTES, _("Passing time is at most 30 minutes."))
        ],
        help_text=_("Minutes after it to get to the next one, 0 to 30."),
    )
    track = models.CharField(
        _("track"),
        max_length=20,
        blank=True,
        default="",
        validators=[
            RegexValidator(
                r"^[a-z0-9-]+\Z", _("Use small letters, digits and hyphens."), "invalid_track"
            ),
        ],
        help_text=_("Whose period it is, such as lunch-a; everybody's if empty."),
    )
    irregular = models.BooleanField(
        _("irregular"),
        default=False,
        help_text=_("A class that really is shorter than 30 or longer than 120 minutes."),
    )
    meta = FreeJSONField(
        _("meta"), default=dict, blank=True, help_text=_("A JSON object of any shape.")
    )
    end = models.TimeField(_("end"), editable=False)

    objects = SchoolRowQuerySet["PeriodDefinition"].as_manager()

    class Meta(SchoolRow.Meta):
        verbose_name = _("period")
        ordering = ["template", "start", "number"]
        constraints = [
            *SchoolRow.Meta.constraints,
            MatchesParent(
                name="period_matches_template", parent="template", copies=[("school", "school")]
            ),
            models.CheckConstraint(
                name="valid_period_length",
                condition=Q(length__range=rules.CLASS_MINUTES)
                | (Q(length__range=rules.ANY_MINUTES) & (Q(irregular=True) | ~Q(type="class"))),
                violation_error_code="length_out_of_range",
                violation_error_message=_("A class lasts 30 to 120 minutes, others 1 to 480."),
            ),
            models.CheckConstraint(
                name="valid_passing_time",
                condition=Q(passing__range=(0, LONGEST_PASSING_MINUTES)),
                violation_error_code="passing_out_of_range",
                violation_error_message=_("Passing time is at most 30 minutes."),
            ),
            models.CheckConstraint(
                name="period_start_on_the_minute",
                condition=Q(start=ClockAfter(F("start"), models.Value(0))),
                violation_error_code="not_on_the_minute",
                violation_error_message=_("A bell rings on a whole minute."),
            ),
            models.CheckConstraint(
                name="period_end_fits_length",
                condition=Q(end=ClockAfter(F("start"), F("length"))),
                violation_error_code="end_and_length",
                violation_error_message=_("The end must be the start plus the length."),
            ),
            models.CheckConstraint(
                name="period_ends_by_midnight",
                condition=Q(end__gt=F("start")),
                violation_error_code="past_midnight",
                violation_error_message=_("A period must end by 23:59."),
            ),
            models.CheckConstraint(
                name="period_track_not_reserved",
                condition=~Q(track__in=rules.RESERVED_TRACKS),
                violation_error_code="reserved_track",
                violation_error_message=_("“none” and “all” cannot name a track."),
            ),
            models.UniqueConstraint(
                fields=["template", "number"],
                name="period_number_taken",
                violation_error_code="number_taken",
                violation_error_message=_("The bell schedule already has a period of this number."),
            ),
            NoOverlap(
                name="period_no_overlap",
                group=["template"],
                start="start",
                end="end",
                kind=TIMES,
                track="track",
            ),
        ]
        indexes = [
            models.Index(fields=["template", "start"], name="period_by_start"),
            models.Index(fields=["number"], name="period_by_number"),
            models.Index(fields=["type"], name="period_by_type"),
            models.Index(fields=["start", "id"], name="period_by_clock"),
            models.Index(fields=["updated_at", "id"], name="period_by_change"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.start:%H:%M}-{self.end:%H:%M})"

    @override
    def derive(self) -> None:
        if not self.name and self.knows("number"):
            self.name = f"Period {self.number}"
        if self.knows("start", "length"):
            self.end = rules.clock_after(self.start, self.length)

    @override
    def problems(self) -> Iterator[ValidationError]:
        yield from super().problems()
        yield from rules.period_problems(self)
        if self.knows("template", "start", "length", "passing", "track"):
            yield from rules.passing_problems(self, self.template.periods.all())

    def get_end_time(self) -> dt.time:
        """Return the end, which does not belong to the period."""
        return rules.clock_after(self.start, self.length)

    def get_next_start_time(self) -> dt.time:
        """Return the earliest start of what follows: the end plus the passing time."""
        return rules.clock_after(self.start, self.length + self.passing)

    def validate_overlap(self) -> None:
        """Raise ValidationError if one person would have to be in this and another period."""
        self.derive()
        for constraint in self._meta.constraints:
            if isinstance(constraint, NoOverlap):
                constraint.validate(type(self), self)
        for refusal in rules.passing_problems(self, self.template.periods.all()):
            raise refusal

    def get_local_start(self, tz: str | dt.tzinfo, on: dt.date) -> dt.datetime:
        """Return the start on a date as an aware time in another zone (a name or a tzinfo)."""
        zone = ZoneInfo(tz) if isinstance(tz, str) else tz
        school_zone = ZoneInfo(self.template.school.timezone)
        return dt.datetime.combine(on, self.start, school_zone).astimezone(zone)
