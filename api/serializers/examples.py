"""Answers as the OpenAPI document shows them."""

SCHOOL = {
    "id": "0199c7a0-3f52-7c1e-8a53-5b1d2f0f6a01",
    "slug": "maple-high",
    "name": "Maple High",
    "timezone": "America/Chicago",
}
TERM = {
    "id": "0199c7a0-3f61-7d0b-9f0e-6a2c1d3e4f02",
    "term_type": "SEM1",
    "name": "Semester 1",
}
QUARTER = {
    "id": "0199c7a0-3f66-7a44-b0c3-0d9e8f7a6b03",
    "quarter_type": "Q2",
    "full_label": "Q2 (S1)",
}
WEEK = {"quarter": 6, "term": 15, "year": 15}
PERIOD = {
    "id": "0199c7a0-3f70-7e12-8c4d-1a2b3c4d5e04",
    "number": 2,
    "name": "Period 2",
    "type": "class",
    "track": "",
    "start": "09:49",
    "end": "10:32",
    "length": 43,
    "passing": 6,
    "starts_at": "2026-11-23T15:49:00Z",
    "ends_at": "2026-11-23T16:32:00Z",
}

DAILY_SCHEDULE = {
    "school": SCHOOL,
    "date": "2026-11-23",
    "weekday": "monday",
    "is_school_day": True,
    "reason": "rule",
    "label": None,
    "academic_year": {"id": "0199c7a0-3f58-7b3a-a1d2-c3e4f5a6b705", "name": "2026-2027"},
    "terms": [TERM],
    "quarter": QUARTER,
    "week": WEEK,
    "cycle_day": "B",
    "break": None,
    "template": {
        "id": "0199c7a0-3f6c-7f21-9b8a-7c6d5e4f3a06",
        "code": "late-start",
        "name": "Late start",
    },
    "starts_at": "2026-11-23T15:49:00Z",
    "ends_at": "2026-11-23T16:32:00Z",
    "instructional_minutes": 43,
    "periods": [PERIOD],
    "revision": 42,
}
QUARTER_FOR_DATE = {
    "school": SCHOOL,
    "date": "2026-11-23",
    "quarter": QUARTER,
    "term": TERM,
    "week": WEEK,
    "reason": "rule",
    "revision": 42,
}
NO_QUARTER_FOR_DATE = {
    "school": SCHOOL,
    "date": "2026-12-22",
    "quarter": None,
    "term": None,
    "week": {"quarter": None, "term": None, "year": None},
    "reason": "between_terms",
    "revision": 42,
}
NOW = {
    "school": SCHOOL,
    "at": "2026-11-23T15:45:00Z",
    "local_time": "2026-11-23T09:45:00-06:00",
    "revision": 42,
    "interval": {
        "type": "passing",
        "name": "Passing to Period 2",
        "period": None,
        "starts_at": "2026-11-23T15:43:00Z",
        "ends_at": "2026-11-23T15:49:00Z",
        "seconds_left": 240,
    },
    "next_period": PERIOD,
    "next_school_day": {"date": "2026-11-24", "starts_at": "2026-11-24T14:30:00Z"},
    "previous_school_day": {"date": "2026-11-20", "ends_at": "2026-11-20T21:33:00Z"},
    "school_days_left": 118,
}
