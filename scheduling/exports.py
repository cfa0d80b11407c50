"""A school's calendar for Ed-Fi hosts, made of the compiled calendar and kept under its token."""

import datetime as dt
from collections.abc import Callable, Sequence
from hashlib import blake2b
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.cache import Answer, remembered
from core.models.abstracts import problem
from core.revision import is_revising
from scheduling import cache_keys
from scheduling.edfi.conventions import Body, Conventions
from scheduling.edfi.resources import Resource, bodies
from scheduling.edfi.school_id import edfi_school_id
from scheduling.edfi.source import Source
from scheduling.lookups import Shown, YearAsked, asked_year, whole_calendar
from scheduling.models import School
from scheduling.models.calendar_rows import TRIES, load
from scheduling.states import SchoolState


def edfi_bodies(
    school: SchoolState,
    resource: Resource,
    year: YearAsked,
    conventions: Conventions,
    render: Callable[[Sequence[Body]], bytes],
) -> Answer:
    """Return all bodies of a resource for an academic year; a school without years has none.

    Raises ValidationError, keyed `academic_year` or `school`, if the school has no year of the id
    or no number in Ed-Fi.
    """

    def fill() -> Answer:
        token, source = edfi_source(school, year, conventions)
        return token, render(bodies(resource, source) if source else [])

    namespace = blake2b(conventions.namespace.encode(), digest_size=16).hexdigest()
    name = cache_keys.key(
        "edfi",
        resource=resource,
        year=year,
        end_dates=conventions.end_dates,
        namespace=namespace,
    )
    return fill() if is_revising(school.id) else remembered(school.token, name, fill)


def edfi_source(
    school: SchoolState, year: YearAsked, conventions: Conventions
) -> Shown[Source | None]:
    """Return what the bodies of an academic year are made from; None for a school without years.

    A write may come between the calendar and the number, or be unknown here yet: then both are
    read again. Raises ValidationError as `edfi_bodies` does.
    """
    loaded = whole_calendar(school)
    token, school_id = _identity(school.id)
    for _try in range(1, TRIES):
        if token == loaded.token:
            break
        loaded = load(school.id, dt.date.min, dt.date.max)
        token, school_id = _identity(school.id)
    found = asked_year(loaded.calendar, year)
    shown = token if token == loaded.token else None
    if found is None:
        return shown, None
    return shown, Source(loaded.calendar.school, school_id, found, conventions)


def _identity(pk: UUID) -> tuple[UUID, int]:
    """Return the token of a school's state, and the school's number in that state."""
    columns = "revision_token", "metadata", "sourced_id"
    token, metadata, sourced_id = School.objects.values_list(*columns).get(pk=pk)
    number = edfi_school_id(metadata, sourced_id)
    if number is None:
        message = _(
            "The school has no number in Ed-Fi: set edfi_school_id in its metadata, or make its "
            "sourced id a whole number."
        )
        raise problem("school", message, "no_edfi_school_id")
    return token, number
