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
WEEKS = {
    "school": SCHOOL,
    "academic_year": DAILY_SCHEDULE["academic_year"],
    "weeks": [
        {
            "position": 15,
            "monday": "2026-11-16",
            "number": 14,
            "quarter_number": 5,
            "term_number": 14,
            "first_school_day": "2026-11-16",
            "last_school_day": "2026-11-20",
            "school_days": 5,
        },
        {
            "position": 20,
            "monday": "2026-12-21",
            "number": None,
            "quarter_number": None,
            "term_number": None,
            "first_school_day": None,
            "last_school_day": None,
            "school_days": 0,
        },
    ],
    "revision": 42,
}
INSTRUCTIONAL_MINUTES = {
    "school": SCHOOL,
    "academic_year": {
        "id": "0199c7a0-3f58-7b3a-a1d2-c3e4f5a6b705",
        "name": "2026-2027",
        "minutes": 64080,
        "school_days": 178,
    },
    "terms": [{**TERM, "minutes": 30960, "school_days": 86}],
    "quarters": [{**QUARTER, "minutes": 15840, "school_days": 44}],
    "weeks": [
        {
            "position": 15,
            "monday": "2026-11-16",
            "number": 14,
            "minutes": 1793,
            "school_days": 5,
        }
    ],
    "days": [
        {"date": "2026-11-16", "minutes": 353},
        {"date": "2026-11-17", "minutes": 360},
    ],
    "revision": 42,
}

TRACKED = {
    "sourced_id": "",
    "metadata": {},
    "revision": 42,
    "created_at": "2026-07-01T14:00:00Z",
    "updated_at": "2026-07-01T14:00:00Z",
    "etag": '"1-42-655dbd8ae0000"',
}
DISTRICT = {
    "id": "0199c7a0-3f4e-7a90-9c1d-2e3f4a5b6c07",
    "name": "Maple County Schools",
    "slug": "maple-county",
    **TRACKED,
    "sourced_id": "D-100",
    "revision": 1,
}
FULL_SCHOOL = {
    "id": SCHOOL["id"],
    "district": DISTRICT["id"],
    "name": "Maple High",
    "slug": "maple-high",
    "timezone": "America/Chicago",
    "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "is_public": True,
    "passing_minutes_cap": 10,
    **TRACKED,
    "sourced_id": "S-101",
}
ACADEMIC_YEAR = {
    "id": "0199c7a0-3f58-7b3a-a1d2-c3e4f5a6b705",
    "school": SCHOOL["id"],
    "name": "2026-2027",
    "start_date": "2026-08-12",
    "end_date": "2027-06-03",
    "cycle_days": ["A", "B"],
    "cycle_policy": "pause",
    "cycle_start": "2026-08-12",
    **TRACKED,
}
FULL_TERM = {
    "id": TERM["id"],
    "academic_year": ACADEMIC_YEAR["id"],
    "school": SCHOOL["id"],
    "term_type": "SEM1",
    "sequence": 1,
    "name": "Semester 1",
    "start_date": "2026-08-12",
    "end_date": "2026-12-18",
    **TRACKED,
}
FULL_QUARTER = {
    "id": QUARTER["id"],
    "term": TERM["id"],
    "school": SCHOOL["id"],
    "quarter_type": "Q2",
    "sequence": 2,
    "full_label": "Q2 (S1)",
    "start_date": "2026-10-15",
    "end_date": "2026-12-18",
    **TRACKED,
    "metadata": {"reporting_dates": {"grades_due": "2027-01-06"}, "assessment_weeks": [9]},
}
BREAK = {
    "id": "0199c7a0-3f69-7d55-8e8f-9a0b1c2d3e08",
    "academic_year": ACADEMIC_YEAR["id"],
    "school": SCHOOL["id"],
    "name": "Winter break",
    "kind": "vacation",
    "start_date": "2026-12-21",
    "end_date": "2027-01-01",
    "counts_weeks": False,
    **TRACKED,
}
NEW_PERIOD = {
    "number": 2,
    "name": "Period 2",
    "type": "class",
    "start": "09:49",
    "length": 43,
    "passing": 6,
    "track": "",
    "irregular": False,
    "meta": {},
    "sourced_id": "",
}
NESTED_PERIOD = {
    "id": PERIOD["id"],
    **NEW_PERIOD,
    "end": "10:32",
    "revision": 42,
    "etag": '"1-42-655dbd8ae0000"',
}
PERIOD_TEMPLATE = {
    "id": "0199c7a0-3f6c-7f21-9b8a-7c6d5e4f3a06",
    "school": SCHOOL["id"],
    "code": "late-start",
    "name": "Late start",
    "is_default": False,
    "is_archived": False,
    "periods": [NESTED_PERIOD],
    **TRACKED,
}
PERIOD_DEFINITION = {
    **NESTED_PERIOD,
    "template": PERIOD_TEMPLATE["id"],
    "school": SCHOOL["id"],
    "created_at": "2026-07-01T14:00:00Z",
    "updated_at": "2026-07-01T14:00:00Z",
}
SCHEDULE_RULE = {
    "id": "0199c7a0-3f72-7c33-a0a1-b2c3d4e5f609",
    "academic_year": ACADEMIC_YEAR["id"],
    "school": SCHOOL["id"],
    "template": PERIOD_TEMPLATE["id"],
    "weekdays": ["monday"],
    "cycle_day": "",
    "valid_from": "2026-09-01",
    "valid_to": None,
    **TRACKED,
}
DAY_OVERRIDE = {
    "id": "0199c7a0-3f75-7e44-b1b2-c3d4e5f6a70a",
    "academic_year": ACADEMIC_YEAR["id"],
    "school": SCHOOL["id"],
    "name": "Pep rally",
    "start_date": "2026-10-09",
    "end_date": "2026-10-09",
    "closed": False,
    "template": PERIOD_TEMPLATE["id"],
    "cycle_day": "",
    "holds_cycle": False,
    **TRACKED,
}
CALENDAR_DOCUMENT = {
    "format": "schoolday/1",
    "district": {"slug": "harbor", "name": "Harbor District"},
    "school": {
        "slug": "maple-high",
        "name": "Maple High",
        "timezone": "America/Chicago",
        "is_public": True,
    },
    "period_templates": [
        {
            "code": "regular",
            "name": "Regular",
            "is_default": True,
            "periods": [
                {"number": 1, "name": "Period 1", "start": "08:30", "length": 58, "passing": 6},
                {
                    "number": 20,
                    "name": "Lunch A",
                    "type": "lunch",
                    "track": "lunch-a",
                    "start": "11:41",
                    "length": 40,
                },
            ],
        }
    ],
    "academic_years": [
        {
            "name": "2026-2027",
            "start_date": "2026-08-12",
            "end_date": "2027-06-03",
            "rotation": {"cycle_days": ["A", "B"], "policy": "pause", "start": "2026-08-12"},
            "terms": [
                {
                    "term_type": "SEM1",
                    "name": "Semester 1",
                    "start_date": "2026-08-12",
                    "end_date": "2026-12-18",
                    "quarters": [
                        {
                            "quarter_type": "Q1",
                            "start_date": "2026-08-12",
                            "end_date": "2026-10-09",
                        }
                    ],
                }
            ],
            "breaks": [
                {
                    "name": "Winter break",
                    "kind": "vacation",
                    "start_date": "2026-12-21",
                    "end_date": "2027-01-01",
                }
            ],
            "schedule_rules": [{"template": "regular", "weekdays": ["monday"]}],
            "day_overrides": [{"start_date": "2026-11-11", "name": "Veterans Day", "closed": True}],
        }
    ],
}
LEFT_ALONE = {"created": 0, "changed": 0, "removed": 0, "left_alone": 1}
CALENDAR_REPORT = {
    "school": "maple-high",
    "counts": {
        "district": LEFT_ALONE,
        "school": LEFT_ALONE,
        "period_templates": LEFT_ALONE,
        "periods": {**LEFT_ALONE, "left_alone": 2},
        "academic_years": LEFT_ALONE,
        "terms": LEFT_ALONE,
        "quarters": LEFT_ALONE,
        "breaks": LEFT_ALONE,
        "schedule_rules": LEFT_ALONE,
        "day_overrides": {**LEFT_ALONE, "created": 1},
    },
    "touched": [
        {"kind": "day_overrides", "key": "2026-2027/2026-11-11", "action": "created"},
    ],
}
