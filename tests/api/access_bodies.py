"""A valid body for every operation that takes one, about any place."""

import json
from collections.abc import Callable
from typing import Any

from rest_framework.renderers import JSONRenderer

from api.urls import RESOURCES
from scheduling.documents import export_document
from tests.api.access_world import Place

ADDRESSED = {
    "districts": "district",
    "schools": "school",
    "academic-years": "empty year",
    "terms": "empty term",
    "breaks": "break",
    "quarters": "quarter",
    "period-templates": "empty template",
    "period-definitions": "period",
    "schedule-rules": "rule",
    "day-overrides": "override",
    "webhooks": "webhook",
}
"""The row that a path with an id names, by the path's first word."""

NAMED = {
    "district": "district",
    "school": "school",
    "academic_year": "year",
    "term": "term",
    "template": "template",
}
"""The row that a filter, or a field of a body, names."""

PERIOD = {"number": 1, "start": "08:30", "length": 50}

BODIES: dict[str, Callable[[Place], Any]] = {
    "createDistrict": lambda _place: {"name": "New District", "slug": "new"},
    "createSchool": lambda place: {
        "district": place["district"],
        "name": "New High",
        "slug": "new-high",
        "timezone": "America/Chicago",
    },
    "createAcademicYear": lambda place: {
        "school": place["school"],
        "name": "Last",
        "start_date": "2025-09-01",
        "end_date": "2025-09-30",
    },
    "createTerm": lambda place: {
        "academic_year": place["empty year"],
        "term_type": "TRI1",
        "name": "Autumn",
        "start_date": "2027-09-01",
        "end_date": "2027-09-15",
    },
    "createBreak": lambda place: {
        "academic_year": place["empty year"],
        "name": "Autumn break",
        "kind": "vacation",
        "start_date": "2027-09-20",
        "end_date": "2027-09-24",
    },
    "createQuarter": lambda place: {
        "term": place["empty term"],
        "sequence": 1,
        "start_date": "2026-11-30",
        "end_date": "2026-12-08",
    },
    "createPeriodTemplate": lambda place: {
        "school": place["school"],
        "code": "new",
        "name": "New",
    },
    "createPeriodDefinition": lambda place: {"template": place["empty template"], **PERIOD},
    "createScheduleRule": lambda place: {
        "academic_year": place["empty year"],
        "template": place["empty template"],
        "weekdays": ["friday"],
    },
    "createDayOverride": lambda place: {
        "academic_year": place["empty year"],
        "template": place["empty template"],
        "name": "Assembly",
        "start_date": "2027-09-10",
        "end_date": "2027-09-10",
    },
    "applyBatch": lambda place: {
        "items": [
            {
                "resource": "breaks",
                "sourced_id": "new",
                "data": {
                    "academic_year": place["empty year"],
                    "name": "Autumn break",
                    "start_date": "2027-09-20",
                    "end_date": "2027-09-24",
                },
            }
        ]
    },
    "createFeedToken": lambda _place: {"name": "Families"},
    "createWebhook": lambda place: {
        "school": place["school"],
        "url": "https://sis.example.org/schoolday",
    },
    "updateWebhook": lambda _place: {"is_enabled": False},
    "generateQuarters": lambda _place: {"strategy": "even"},
    "clonePeriodTemplate": lambda _place: {"code": "copy"},
    "generatePeriods": lambda _place: {"start": "08:30", "count": 2, "length": 50},
    "replacePeriods": lambda _place: {"periods": [PERIOD]},
    "replaceCalendar": lambda place: _without_breaks(export_document(place.school.pk)),
}
"""A valid body for each operation that takes one, but for changes of a row."""


def body(name: str, method: str, path: str, place: Place) -> Any:
    """Return a body for an operation, or None where it takes none."""
    if name in BODIES:
        return BODIES[name](place)
    if method == "patch":
        return {"sourced_id": "changed"}
    if method != "put":
        return None
    replacement = _replacement(resource_of(path), place)
    if name.startswith("upsert"):
        del replacement["sourced_id"]
        replacement.pop("school", None)
    return replacement


def resource_of(path: str) -> str:
    """Return the first word of a path."""
    return path.removeprefix("/api/v1/").partition("/")[0]


def _replacement(resource: str, place: Place) -> dict[str, Any]:
    """Return a row as a whole body would say it, with another sourced id."""
    serializer = RESOURCES[resource].serializer_class(place.rows[ADDRESSED[resource]])
    shown = json.loads(JSONRenderer().render(serializer.data))
    writable = {each.field_name for each in serializer._writable_fields}
    kept = {name: value for name, value in shown.items() if name in writable}
    return {**kept, "sourced_id": "changed"}


def _without_breaks(told: dict[str, Any]) -> dict[str, Any]:
    """Return a calendar document that says something else than the one it is made of."""
    for year in told["academic_years"]:
        year["breaks"] = []
    return told
