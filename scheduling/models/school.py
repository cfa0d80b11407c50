"""Schools."""

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import MetadataModel
from core.querysets import RevisedQuerySet
from core.turns import share_turn
from scheduling.access import Actor
from scheduling.calendar.days import WEEKDAYS
from scheduling.edfi.school_id import EDFI_SCHOOL_ID, HIGHEST_ID
from scheduling.models.abstracts import ID, SLUG, in_week_order, validate_weekdays
from scheduling.models.district import District, joining
from scheduling.models.membership import Membership, Role


@cache
def known_timezones() -> frozenset[str]:
    """Return the names of the IANA database, but for the two that name no place."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def validate_timezone(name: str) -> None:
    """Require the name of a zone in the IANA time zone database."""
    if name not in known_timezones():
        message = _("There is no time zone “%(name)s”. Use an IANA name: America/Chicago.")
        raise ValidationError(message, "unknown_timezone", {"name": name})


def default_weekdays() -> list[str]:
    """Return Monday to Friday."""
    return list(WEEKDAYS[:5])


class SchoolQuerySet(RevisedQuerySet["School"]):
    """Ask for schools."""

    def public(self) -> "SchoolQuerySet":
        """Return the schools that anybody may read."""
        return self.filter(is_public=True)

    def for_actor(self, actor: Actor, role: str = Role.VIEWER) -> "SchoolQuerySet":
        """Return the schools in which the actor has this role or a higher one.

        A role in a district counts in all its schools, and anybody may read a public school.
        """
        if actor.is_superuser:
            return self.all()
        held = Membership.objects.of(actor, role).order_by()
        allowed = models.Q(pk__in=held.filter(school__isnull=False).values("school"))
        allowed |= models.Q(district__in=held.filter(district__isnull=False).values("district"))
        if role == Role.VIEWER:
            allowed |= models.Q(is_public=True)
        return self.filter(allowed)

    def named(self, key: str) -> "SchoolQuerySet":
        """Return the school with this id or slug, if there is one. No slug looks like an id."""
        return self.all_named([key])

    def all_named(self, keys: Collection[str]) -> "SchoolQuerySet":
        """Return the schools that have these ids and slugs."""
        ids = [key for key in keys if re.match(ID, key.lower())]
        slugs = [key for key in keys if key not in ids]
        if ids and slugs:
            return self.filter(models.Q(pk__in=ids) | models.Q(slug__in=slugs))
        return self.filter(pk__in=ids) if ids else self.filter(slug__in=slugs)


class School(MetadataModel):
    """One school: everything below it is revised, and read, as one.

    `revision` only grows and `revision_token` names one committed state for ever, even after a
    backup is restored. `core.revision` alone writes the two.
    """

    METADATA_SCHEMA: ClassVar[Mapping[str, Any]] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {EDFI_SCHOOL_ID: {"type": "integer", "minimum": 1, "maximum": HIGHEST_ID}},
    }

    ROOT: ClassVar[str | None] = "pk"
    UNTRACKED = MetadataModel.UNTRACKED | {"revision_token"}
    HISTORY_EXCLUDED = frozenset({"revision", "revision_token"})

    district = models.ForeignKey(
        District, models.PROTECT, verbose_name=_("district"), related_name="schools"
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.CharField(_("slug"), **SLUG)
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[validate_timezone],
        help_text=_("An IANA name such as America/Chicago. Bells ring by this clock."),
    )
    weekdays = models.JSONField(
        _("weekdays"),
        default=default_weekdays,
        validators=[validate_weekdays],
        help_text=_("The days of the week on which school is held, by name."),
    )
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Anybody may read the calendar.")
    )
    passing_minutes_cap = models.PositiveSmallIntegerField(
        _("passing minutes cap"),
        default=10,
        validators=[MaxValueValidator(30)],
        help_text=_("The most of one passing time that counts as instruction, in minutes."),
    )
    revision_token = models.UUIDField(_("revision token"), default=uuid4, editable=False)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="school_slug_taken",
                violation_error_code="slug_taken",
                violation_error_message=_("Another school has this slug."),
            ),
            models.UniqueConstraint(
                fields=["district", "sourced_id"],
                condition=~models.Q(sourced_id=""),
                name="school_sourced_id_taken",
                violation_error_code="sourced_id_taken",
                violation_error_message=_("Another school of the district has this sourced id."),
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="school_by_name"),
            models.Index(fields=["updated_at", "id"], name="school_by_change"),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @override
    def mark_changed(self) -> int:
        share_turn(joining(self.district_id))  # it may be new there
        return super().mark_changed()

    @override
    def derive(self) -> None:
        if self.knows("weekdays"):
            self.weekdays = in_week_order(self.weekdays)
