"""A valid body of every resource that says everything, and a row to change."""

from typing import Any

Body = dict[str, Any]

EXTRAS: Body = {"sourced_id": "sis-1", "metadata": {}}
WINTER: Body = {"start_date": "2026-12-07", "end_date": "2026-12-08"}

BODIES: dict[str, Body] = {
    "districts": {"name": "Lake District", "slug": "lake", **EXTRAS},
    "schools": {
        "district": "@district",
        "name": "Elm Middle",
        "slug": "elm-middle",
        "timezone": "America/New_York",
        "weekdays": ["monday", "saturday"],
        "is_public": True,
        "passing_minutes_cap": 5,
        **EXTRAS,
    },
    "academic-years": {
        "school": "maple-high",
        "name": "2029-2030",
        "start_date": "2029-08-13",
        "end_date": "2030-06-04",
        "cycle_days": ["A", "B"],
        "cycle_policy": "pause",
        "cycle_start": "2029-08-14",
        **EXTRAS,
    },
    "terms": {
        "academic_year": "@camp",
        "term_type": "SEM2",
        "sequence": 2,
        "name": "Late July",
        "start_date": "2028-07-10",
        "end_date": "2028-07-31",
        "generate_quarters": True,
        **EXTRAS,
    },
    "breaks": {
        "academic_year": "@year",
        "name": "Staff days",
        "kind": "staff_day",
        **WINTER,
        "counts_weeks": True,
        **EXTRAS,
    },
    "quarters": {
        "term": "@spring",
        "quarter_type": "Q4",
        "sequence": 2,
        "start_date": "2027-03-22",
        "end_date": "2027-06-03",
        **EXTRAS,
    },
    "period-templates": {
        "school": "maple-high",
        "code": "finals",
        "name": "Finals",
        "is_default": False,
        "is_archived": False,
        **EXTRAS,
    },
    "period-definitions": {
        "template": "@late",
        "number": 7,
        "name": "Homeroom",
        "type": "class",
        "start": "13:00",
        "length": 45,
        "passing": 5,
        "track": "grade-7",
        "irregular": False,
        "meta": {},
        "sourced_id": "sis-1",
    },
    "schedule-rules": {
        "academic_year": "@year",
        "template": "@regular",
        "weekdays": ["tuesday"],
        "cycle_day": "B",
        "valid_from": "2026-09-01",
        "valid_to": "2026-12-01",
        **EXTRAS,
    },
    "day-overrides": {
        "academic_year": "@year",
        "name": "Assembly",
        **WINTER,
        "closed": False,
        "template": "@regular",
        "cycle_day": "B",
        "holds_cycle": False,
        **EXTRAS,
    },
}

ROWS = {
    "districts": "@district",
    "schools": "maple-high",
    "academic-years": "@year",
    "terms": "@term",
    "breaks": "@break",
    "quarters": "@quarter",
    "period-templates": "@regular",
    "period-definitions": "@period",
    "schedule-rules": "@rule",
    "day-overrides": "@override",
}
"""What is changed and deleted, by its key in the address."""


def without(body: Body, *names: str) -> Body:
    return {name: value for name, value in body.items() if name not in names}
