"""The abstract models that every table of the domain builds on."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.conditions import holds, same_value
from core.constraints import copied_columns, copies_from, copy_from_parents, filling_constraints
from core.history import RevisionHistory
from core.ids import as_uuid, uuid7
from core.metadata import MetadataField, is_storable
from core.revision import current_actor, current_revision, plain, revise


class ValidatedModel(models.Model):
    """A model that cannot be saved while it breaks its own rules.

    Saving runs `full_clean()` under the school's lock, so the API, the admin, imports and the
    shell all meet the same fields, constraints and `clean()`. A save that changes nothing writes
    nothing. Set-wise writes bypass `save()`: see `core.querysets`.
    """

    ROOT: ClassVar[str | None] = None
    """The column that names the row's school; None where a row belongs to none."""

    DERIVED: ClassVar[frozenset[str]] = frozenset()
    """Columns computed from the row's others by `derive()`."""

    FIXED: ClassVar[frozenset[str]] = frozenset()
    """Columns that cannot change once the row exists, such as its parent."""

    UNTRACKED: ClassVar[frozenset[str]] = frozenset()
    """Columns whose change alone is no change of the row."""

    _failed: frozenset[str] = frozenset()
    """The columns that the last `clean_fields()` and `clean()` refused."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True

    @override
    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Validate and write the row in a revision; an unchanged row is left alone.

        Rules and history are about whole rows: with `update_fields` the other columns are read
        back from the database. Raises ValidationError with every problem, keyed by field.
        """
        with revise(*self.revised_schools()):
            stored = None if self._state.adding else self.stored()
            if stored is not None:
                if update_fields is not None:
                    self._read_back_all_but(set(update_fields), stored)
                    update_fields = None
                if not self.differs_from(stored):
                    return
            self.full_clean()
            if stored is None or self.differs_from(stored):  # cleaning may have set it right
                self.stamp(timezone.now())
                super().save(*args, update_fields=update_fields, **kwargs)

    @override
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row in a revision; what uses it protects it."""
        with revise(*self.revised_schools()):
            return super().delete(*args, **kwargs)

    @property
    def root_id(self) -> UUID | None:
        """Return the id of the school whose answers this row can change."""
        return None if self.ROOT is None else getattr(self, self.ROOT)

    def revised_schools(self) -> list[UUID]:
        """Return the schools that a write of this row revises."""
        if self._state.adding or self.root_id is None:
            copy_from_parents([self])
        school = as_uuid(self.root_id)
        return [] if school is None else [school]

    def derive(self) -> None:
        """Compute the DERIVED columns from the others, as far as those are there."""

    def stamp(self, now: dt.datetime) -> None:
        """Note who writes the row, when, and in which revision."""

    def stamped_values(self) -> dict[str, Any]:
        """Return what `stamp()` set, by column."""
        return {}

    def stored(self) -> "ValidatedModel | None":
        """Return the row as the database has it."""
        return plain(type(self)).filter(pk=self.pk).first()

    def differs_from(self, other: "ValidatedModel") -> bool:
        """Return whether a column that counts has another value than in `other`."""
        ignored = self.UNTRACKED | self.DERIVED | copied_columns(type(self))
        fields = (field for field in self._meta.concrete_fields if field.name not in ignored)
        return any(_differs(field, self, other) for field in fields)

    @override
    def full_clean(
        self,
        exclude: Iterable[str] | None = None,
        validate_unique: bool = True,
        validate_constraints: bool = True,
    ) -> None:
        """Fill the copied columns, then check fields, rules and constraints.

        Raises ValidationError with every problem, keyed by field.
        """
        copy_from_parents([self])
        super().full_clean(exclude, validate_unique, validate_constraints)

    @override
    def clean_fields(self, exclude: Any = None) -> None:
        """Check each field, and that its text can be stored; what is derived speaks for itself."""
        hidden = {*(exclude or ()), *self.DERIVED, *copied_columns(type(self))}
        errors: dict[str, Any] = {}
        for field in self._meta.concrete_fields:
            if field.name not in hidden:
                try:
                    _check_type(field, getattr(self, field.attname))
                except ValidationError as error:
                    errors[field.name] = [error]
        try:
            super().clean_fields(hidden | set(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        self._failed = frozenset(errors)
        if errors:
            raise ValidationError(errors)

    @override
    def clean(self) -> None:
        """Derive columns, then raise every problem at once."""
        super().clean()
        self.derive()
        errors: dict[str, Any] = {}
        for refusal in self.problems():
            errors = refusal.update_error_dict(errors)
        self._failed |= set(errors)
        if errors:
            raise ValidationError(errors)

    def problems(self) -> Iterator[ValidationError]:
        """Find what breaks a rule that no single field and no constraint states."""
        stored = None if self._state.adding or not self.FIXED else self.stored()
        if stored is None:
            return
        for name in sorted(self.FIXED):
            if _differs(self._meta.get_field(name), self, stored):
                message = _("This cannot change: delete the row and create it anew.")
                yield problem(name, message, "fixed")

    def knows(self, *names: str) -> bool:
        """Return whether all of these columns hold a value that a rule can work with."""
        for name in names:
            if name in self._failed or getattr(self, _attname(type(self), name)) is None:
                return False
        return True

    @override
    def validate_constraints(self, exclude: Any = None) -> None:
        """Ask every constraint, also those that name a column which a form does not show.

        What is derived from a column that failed, or copied from a parent that did, says nothing
        new.
        """
        hidden = {field.name for field in self._meta.concrete_fields if not field.editable}
        derived = self.DERIVED if self._failed else frozenset()
        copies = copies_from(type(self), self._failed)
        super().validate_constraints((set(exclude or ()) - hidden) | derived | copies)

    @override
    def get_constraints(self) -> list[Any]:
        """Leave out what can be seen to hold without a query."""
        return [
            (model, [each for each in constraints if not self._is_seen_to_hold(each)])
            for model, constraints in super().get_constraints()
        ]

    def _is_seen_to_hold(self, constraint: models.BaseConstraint) -> bool:
        if self._failed:
            return False
        if isinstance(constraint, models.CheckConstraint):
            return holds(constraint.condition, self) is True
        if constraint in filling_constraints(type(self)):
            return True  # `full_clean()` has just filled the copies
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition:
            return holds(constraint.condition, self) is False
        return False

    def _read_back_all_but(self, names: set[str], stored: models.Model) -> None:
        for field in self._meta.concrete_fields:
            if names.isdisjoint({field.name, field.attname}):
                setattr(self, field.attname, getattr(stored, field.attname))


@cache
def _attname(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.attname)


def problem(field: str, message: Any, code: str, **params: Any) -> ValidationError:
    """Return a refusal of one field; "__all__" stands for the row."""
    return ValidationError({field: ValidationError(message, code, params)})


def _differs(field: Any, row: models.Model, other: models.Model) -> bool:
    """Compare by value: a row from a form may still hold "2026-08-12" for a date."""
    try:
        value = _python_value(field, getattr(row, field.attname))
    except ValidationError:
        return True
    return not same_value(value, getattr(other, field.attname))


def _python_value(field: Any, value: Any) -> Any:
    """Return what a field makes of a value, or raise ValidationError, whatever the value is."""
    try:
        return field.to_python(value)
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise ValidationError(_("This is not a value for this field."), "invalid") from error


def _check_type(field: Any, value: Any) -> None:
    """Refuse values that Django would take for empty or crash on, and text no database holds."""
    if isinstance(value, str) and not is_storable(value):
        message = _("The text has characters that cannot be stored.")
        raise ValidationError(message, "invalid_characters")
    if isinstance(field, models.CharField) and not isinstance(value, str | Promise):
        raise ValidationError(_("This must be text."), "null" if value is None else "invalid")
    if isinstance(field, models.CharField) and str(value).isspace():
        raise ValidationError(_("This must not be empty."), "blank")
    is_empty_json = isinstance(field, models.JSONField) and value in field.empty_values
    if is_empty_json and type(value) is not type(field.get_default()):
        raise ValidationError(_("This is not a value for this field."), "invalid")
    if value is not None:
        _python_value(field, value)


class TrackedModel(ValidatedModel):
    """A model that knows who changed it, what the SIS calls it, and everything it has been.

    `revision` is the school's revision at which the row last changed; a row without a school
    counts its own.
    """

    UNTRACKED = frozenset({"created_at", "updated_at", "created_by", "updated_by", "revision"})
    HISTORY_EXCLUDED: ClassVar[frozenset[str]] = frozenset()
    """Columns that are kept out of the history."""

    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("created by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("updated by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    sourced_id = models.CharField(
        _("sourced id"),
        max_length=255,
        blank=True,
        default="",
        help_text=_("The key of this row in the student information system, if it has one."),
    )
    revision = models.PositiveBigIntegerField(_("revision"), default=0, editable=False)

    history = RevisionHistory()

    class Meta:
        abstract = True

    @override
    def stamp(self, now: dt.datetime) -> None:
        actor = current_actor()
        if self._state.adding:
            self.created_by = actor
        self.updated_by = actor
        self.updated_at = now
        self.revision = self.next_revision()

    @override
    def stamped_values(self) -> dict[str, Any]:
        return {
            "updated_at": self.updated_at,
            "updated_by": self.updated_by,
            "revision": self.revision,
        }

    def next_revision(self) -> int:
        """Return the number of the revision that a write of this row belongs to."""
        if self.root_id is None:
            return self.revision + 1
        return current_revision(self.root_id).number

    def mark_changed(self) -> int:
        """Mark the open revision as changed, and return the number for the history row."""
        if self.root_id is None:
            return self.revision
        revision = current_revision(self.root_id)
        revision.changed = True
        return revision.number


class MetadataModel(TrackedModel):
    """A model with `metadata` of a declared shape: what a district keeps beside our columns."""

    METADATA_SCHEMA: ClassVar[Mapping[str, Any]] = {"type": "object"}

    metadata = MetadataField(
        _("metadata"),
        default=dict,
        blank=True,
        help_text=_("A JSON object for what a district keeps beside the other fields."),
    )

    class Meta:
        abstract = True


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years that a calendar can be about: anything else is a typing error."""


class DateRangeModel(ValidatedModel):
    """A model that covers whole days, both ends included."""

    MIN_DAYS: ClassVar[int] = 1
    OUT_OF_ORDER: ClassVar[Any] = _("The end date must not be before the start date.")

    start_date = models.DateField(_("start date"))
    end_date = models.DateField(_("end date"), help_text=_("The last day, included."))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_dates_in_order",
                condition=Q(start_date__lte=F("end_date")),
                violation_error_code="dates_out_of_order",
                violation_error_message=_("The end date must not be before the start date."),
            ),
        ]

    @override
    def problems(self) -> Iterator[ValidationError]:
        yield from super().problems()
        if not self.knows("start_date", "end_date"):
            return  # reported by now
        wrong_years = [
            name
            for name in ("start_date", "end_date")
            if not FIRST_YEAR <= getattr(self, name).year <= LAST_YEAR
        ]
        for name in wrong_years:
            yield problem(name, _("The year must lie between 1900 and 2199."), "year_out_of_range")
        if wrong_years:
            return
        if (self.end_date - self.start_date).days + 1 < self.MIN_DAYS:
            yield problem("end_date", self.OUT_OF_ORDER, "dates_out_of_order")
        else:
            yield from self.date_problems()

    def date_problems(self) -> Iterator[ValidationError]:
        """Compare the range with other rows. Both dates are known and in order."""
        yield from ()

    def covers(self, day: dt.date) -> bool:
        """Return whether `day` falls inside the range."""
        return self.start_date <= day <= self.end_date
