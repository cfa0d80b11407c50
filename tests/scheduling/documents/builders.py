"""A small school as a calendar document, to be bent in tests."""

import copy
from typing import Any

from scheduling.documents import DocumentError, Report, import_document

PERIODS = [
    {"number": 1, "name": "Period 1", "start": "08:30", "length": 58, "passing": 6},
    {"number": 2, "start": "09:34", "length": 58, "passing": 6, "sourced_id": "p-2"},
    {
        "number": 20,
        "name": "Lunch A",
        "type": "lunch",
        "track": "lunch-a",
        "start": "11:41",
        "length": 40,
        "meta": {"room": "Cafeteria"},
    },
]
QUARTERS = [
    {
        "quarter_type": "Q1",
        "start_date": "2026-08-12",
        "end_date": "2026-10-09",
        "metadata": {"reporting_dates": {"grades_due": "2026-10-14"}},
    },
    {"quarter_type": "Q2", "start_date": "2026-10-12", "end_date": "2026-12-18"},
]
YEAR = {
    "name": "2026-2027",
    "start_date": "2026-08-12",
    "end_date": "2027-06-03",
    "rotation": {"cycle_days": ["A", "B"], "policy": "pause", "start": "2026-08-12"},
    "terms": [
        {
            "term_type": "SEM1",
            "start_date": "2026-08-12",
            "end_date": "2026-12-18",
            "quarters": QUARTERS,
        },
        {"term_type": "SEM2", "start_date": "2027-01-04", "end_date": "2027-06-03"},
        {"term_type": "TRI1", "start_date": "2026-08-12", "end_date": "2026-11-06"},
    ],
    "breaks": [
        {
            "name": "Winter break",
            "kind": "vacation",
            "start_date": "2026-12-21",
            "end_date": "2027-01-01",
        },
        {"name": "Labor Day", "start_date": "2026-09-07"},
    ],
    "schedule_rules": [
        {"template": "late-start", "weekdays": ["wednesday", "monday"]},
        {"template": "late-start", "cycle_day": "B", "valid_to": "2026-10-01"},
    ],
    "day_overrides": [
        {"start_date": "2026-12-16", "name": "Finals 1", "template": "finals-1"},
        {"start_date": "2027-02-01", "end_date": "2027-02-02", "name": "Snow", "closed": True},
    ],
}
DOCUMENT = {
    "format": "schoolday/1",
    "district": {"slug": "harbor", "name": "Harbor District"},
    "school": {
        "slug": "maple-high",
        "name": "Maple High",
        "timezone": "America/Chicago",
        "is_public": True,
    },
    "period_templates": [
        {"code": "regular", "name": "Regular", "is_default": True, "periods": PERIODS},
        {
            "code": "late-start",
            "name": "Late start",
            "periods": [{"number": 1, "start": "10:00", "length": 45}],
        },
        {"code": "finals-1", "name": "Finals 1", "periods": []},
    ],
    "academic_years": [YEAR],
}


def document(**changes: Any) -> dict[str, Any]:
    """Return a document of one's own; a key such as `school__name` sets a nested value."""
    return bent(DOCUMENT, **changes)


def bent(original: Any, **changes: Any) -> Any:
    """Return a copy with values set at places such as `academic_years__0__name`."""
    result = copy.deepcopy(original)
    for place, value in changes.items():
        *outer, last = (int(key) if key.isdigit() else key for key in place.split("__"))
        holder = result
        for key in outer:
            holder = holder[key]
        if isinstance(holder, list) and last == len(holder):
            holder.append(value)
        else:
            holder[last] = value
    return result


def without(original: Any, place: str) -> Any:
    """Return a copy without the key at a place."""
    result = copy.deepcopy(original)
    *outer, last = (int(key) if key.isdigit() else key for key in place.split("__"))
    holder = result
    for key in outer:
        holder = holder[key]
    del holder[last]
    return result


def problems_of(doc: Any, **options: Any) -> set[tuple[str, str]]:
    """Return the pointer and the code of everything wrong; empty if it was imported."""
    try:
        import_document(doc, **options)
    except DocumentError as error:
        return {(each.pointer, each.code) for each in error.problems}
    return set()


def done(report: Report) -> dict[str, set[str]]:
    """Return what was done to which rows: "changed" -> {"terms 2026-2027/SEM1"}."""
    actions: dict[str, set[str]] = {}
    for each in report.touched:
        actions.setdefault(each.action, set()).add(f"{each.kind} {each.key}")
    return actions
