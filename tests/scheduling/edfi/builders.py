"""Exports of facts, and what tests look at in them."""

from typing import Any

from scheduling.calendar import facts
from scheduling.edfi.conventions import Conventions
from scheduling.edfi.resources import RESOURCES, bodies
from scheduling.edfi.source import Source


def source(school: facts.School, year: facts.Year | None = None, **conventions: Any) -> Source:
    return Source(school, 1042, year or school.years[0], Conventions(**conventions))


def export(school: facts.School, year: facts.Year | None = None, **conventions: Any) -> Any:
    """Return everything that is exported of a year, the school's first unless told."""
    known = source(school, year, **conventions)
    return {resource: bodies(resource, known) for resource in RESOURCES}


def values(resource: list[dict[str, Any]], name: str) -> list[Any]:
    return [body.get(name) for body in resource]


def events(exported: Any) -> dict[str, str]:
    """Return what each date is called, without the namespace."""
    return {
        body["date"]: body["calendarEvents"][0]["calendarEventDescriptor"].partition("#")[2]
        for body in exported["calendarDates"]
    }
