"""The one place that decides which rows an actor may reach."""

import re
from typing import Any, Self, TypeVar

from django.db import models

from core.querysets import DateRangeQuerySet, RevisedQuerySet
from scheduling.access import Actor
from scheduling.models.abstracts import ID
from scheduling.models.membership import Role
from scheduling.models.school import School

ModelT = TypeVar("ModelT", bound=models.Model)


class ReachedThroughSchool:
    """What a queryset of rows below a school adds: who reaches a school reaches all of them."""

    def for_actor(self, actor: Actor, role: str = Role.VIEWER) -> Self:
        """Return the rows of the schools in which the actor has this role or a higher one."""
        rows: Any = self
        if actor.is_superuser:
            return rows.all()  # type: ignore[no-any-return]
        reached = School.objects.for_actor(actor, role).order_by()
        return rows.filter(school__in=reached)  # type: ignore[no-any-return]

    def named(self, key: str) -> Self:
        """Return the row with this id, if there is one."""
        rows: Any = self
        return rows.filter(pk=key) if re.match(ID, key.lower()) else rows.none()  # type: ignore[no-any-return]


class SchoolRowQuerySet(ReachedThroughSchool, RevisedQuerySet[ModelT]):
    """Ask for rows below a school."""


class DatedRowQuerySet(ReachedThroughSchool, DateRangeQuerySet[ModelT]):
    """Ask for rows below a school that cover days."""
