"""Districts."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import MetadataModel
from core.querysets import RevisedQuerySet
from core.revision import current_revision, open_as_well, revise
from core.turns import wait_for_turn
from scheduling.access import Actor
from scheduling.models.abstracts import ID, SLUG
from scheduling.models.membership import Membership, Role


class DistrictQuerySet(RevisedQuerySet["District"]):
    """Ask for districts."""

    def named(self, key: str) -> "DistrictQuerySet":
        """Return the district with this id or slug, if there is one. No slug looks like an id."""
        return self.filter(pk=key) if re.match(ID, key.lower()) else self.filter(slug=key)

    def for_actor(self, actor: Actor, role: str = Role.VIEWER) -> "DistrictQuerySet":
        """Return the districts in which the actor has this role or a higher one.

        Whoever may read one of its schools may read a district.
        """
        if actor.is_superuser:
            return self.all()
        held = Membership.objects.of(actor, role).order_by()
        allowed = models.Q(pk__in=held.filter(district__isnull=False).values("district"))
        if role == Role.VIEWER:
            school_model: Any = District._meta.get_field("schools").related_model
            schools = school_model.objects.for_actor(actor)
            allowed |= models.Q(pk__in=schools.order_by().values("district"))
        return self.filter(allowed)

    @override
    @contextmanager
    def revising(self) -> Iterator[Self]:
        with revise(
            *self.order_by().filter(schools__isnull=False).values_list("schools", flat=True)
        ):
            yield self


class District(MetadataModel):
    """What schools belong to. It counts its own revisions, and cannot go while it has schools.

    The calendar documents of its schools name it, so a change of it is a new state of each of them.
    """

    name = models.CharField(_("name"), max_length=100)
    slug = models.CharField(_("slug"), **SLUG)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="district_slug_taken",
                violation_error_code="slug_taken",
                violation_error_message=_("Another district has this slug."),
            ),
            models.UniqueConstraint(
                fields=["sourced_id"],
                condition=~models.Q(sourced_id=""),
                name="district_sourced_id_taken",
                violation_error_code="sourced_id_taken",
                violation_error_message=_("Another district has this sourced id."),
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="district_by_name"),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @override
    def revised_schools(self) -> list[UUID]:
        return [] if self._state.adding else list(self._schools().values_list("pk", flat=True))

    @override
    def stamp(self, now: dt.datetime) -> None:
        wait_for_turn(joining(self.pk))  # before the row, for which a school that joins may wait
        super().stamp(now)

    @override
    def mark_changed(self) -> int:
        # None joins now, and those that have can be seen: whoever stamps a row has the turn.
        schools = list(self._schools().values_list("pk", flat=True))
        open_as_well(schools)
        for pk in schools:
            current_revision(pk).changed = True
        return super().mark_changed()

    def _schools(self) -> Any:
        schools: Any = self.schools
        return schools.order_by()


def joining(district: UUID) -> str:
    """Name the turn that a district takes alone to change, and that schools share to join it."""
    return f"schools of {district}"
