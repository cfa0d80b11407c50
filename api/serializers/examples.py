"""What the OpenAPI document shows: one school, and what the service says of its calendar.

`CALENDAR_DOCUMENT` is the whole of it; the answers of the lookups follow from that.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

MONDAY = dt.date(2026, 11, 23)
"""The date that is asked for; Maple High starts late on Mondays."""
ZONE = "America/Chicago"

NEXT_CHANGES = (
    "v1.AZnHoD9SfB6KU1sdLw9qAQAAAAAAAAArfQ5sG1KpS0GPDJw7fy5aEAAAA"
    "AAAAAAr______________________8AAAAAAAAADA"
)
NEXT_DISTRICT_CHANGES = (
    "v1.AZnHoD9OepCcHS4_SltsB6Gyw9Tl9gcYGCc2RVRjcvEAAAAAAAAMMCt9DmwbU"
    "kqVjQY8nDt_LloAAAAAAAAMMCt9DmwbUkqVjQY8nDt_LloAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
ETAG = '"1-42-655dbd8ae0000"'

Bell = tuple[int, str, str, str, int, int]
LATE_START: tuple[Bell, ...] = (
    (1, "Period 1", "class", "09:30", 48, 6),
    (2, "Period 2", "class", "10:24", 48, 6),
    (3, "Period 3", "class", "11:18", 48, 5),
    (20, "Lunch", "lunch", "12:11", 40, 5),
    (4, "Period 4", "class", "12:56", 48, 6),
    (5, "Period 5", "class", "13:50", 48, 6),
    (6, "Period 6", "class", "14:44", 48, 0),
)
"""The bells of a Monday: number, name, type, start, minutes, minutes of passing time."""
REGULAR: tuple[Bell, ...] = (
    (1, "Period 1", "class", "08:30", 58, 6),
    (2, "Period 2", "class", "09:34", 58, 6),
    (3, "Period 3", "class", "10:38", 58, 5),
    (20, "Lunch", "lunch", "11:41", 40, 5),
    (4, "Period 4", "class", "12:26", 58, 6),
    (5, "Period 5", "class", "13:30", 58, 6),
    (6, "Period 6", "class", "14:34", 58, 0),
)


def _written(bell: Bell) -> dict[str, Any]:
    """Return what a person writes of a bell."""
    return dict(zip(("number", "name", "type", "start", "length", "passing"), bell, strict=True))


def _rung(bell: Bell) -> dict[str, Any]:
    """Return what a daily schedule says of a bell."""
    start, end = _bounds(bell)
    return {
        "id": _id_of(bell),
        **_written(bell),
        "track": "",
        "end": f"{end:%H:%M}",
        "starts_at": _instant(start),
        "ends_at": _instant(end),
    }


def _stored(bell: Bell) -> dict[str, Any]:
    """Return a bell as a row of its bell schedule."""
    return {
        "id": _id_of(bell),
        **_written(bell),
        "track": "",
        "irregular": False,
        "meta": {},
        "end": f"{_bounds(bell)[1]:%H:%M}",
        "sourced_id": "",
        "revision": 42,
        "etag": ETAG,
    }


def _bounds(bell: Bell) -> tuple[dt.datetime, dt.datetime]:
    """Return when a bell rings on the Monday, and when its period ends."""
    start = dt.datetime.combine(MONDAY, dt.time.fromisoformat(bell[3]), ZoneInfo(ZONE))
    return start, start + dt.timedelta(minutes=bell[4])


def _instant(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _id_of(bell: Bell) -> str:
    return f"0199c7a0-3f70-7e12-8c4d-1a2b3c4d5e{bell[0]:02x}"


SCHOOL = {
    "id": "0199c7a0-3f52-7c1e-8a53-5b1d2f0f6a01",
    "slug": "maple-high",
    "name": "Maple High",
    "timezone": ZONE,
}
YEAR = {"id": "0199c7a0-3f58-7b3a-a1d2-c3e4f5a6b705", "name": "2026-2027"}
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
WEEK = {"quarter": 7, "term": 16, "year": 16}
TEMPLATE = {
    "id": "0199c7a0-3f6c-7f21-9b8a-7c6d5e4f3a06",
    "code": "late-start",
    "name": "Late start",
}

DAILY_SCHEDULE = {
    "school": SCHOOL,
    "date": f"{MONDAY}",
    "weekday": "monday",
    "is_school_day": True,
    "reason": "rule",
    "label": None,
    "academic_year": YEAR,
    "terms": [TERM],
    "quarter": QUARTER,
    "week": WEEK,
    "cycle_day": "A",
    "break": None,
    "template": TEMPLATE,
    "starts_at": "2026-11-23T15:30:00Z",
    "ends_at": "2026-11-23T21:32:00Z",
    "instructional_minutes": 317,
    "periods": [_rung(bell) for bell in LATE_START],
    "revision": 42,
}
QUARTER_FOR_DATE = {
    "school": SCHOOL,
    "date": f"{MONDAY}",
    "quarter": QUARTER,
    "term": TERM,
    "week": WEEK,
    "reason": "rule",
    "revision": 42,
}
NO_QUARTER_FOR_DATE = {
    "school": SCHOOL,
    "date": "2027-01-02",
    "quarter": None,
    "term": None,
    "week": {"quarter": None, "term": None, "year": None},
    "reason": "between_terms",
    "revision": 42,
}
NOW = {
    "school": SCHOOL,
    "at": "2026-11-23T16:20:00Z",
    "local_time": "2026-11-23T10:20:00-06:00",
    "revision": 42,
    "interval": {
        "type": "passing",
        "name": "Passing to Period 2",
        "period": None,
        "starts_at": "2026-11-23T16:18:00Z",
        "ends_at": "2026-11-23T16:24:00Z",
        "seconds_left": 240,
    },
    "next_period": _rung(LATE_START[1]),
    "next_school_day": {"date": "2026-11-24", "starts_at": "2026-11-24T14:30:00Z"},
    "previous_school_day": {"date": "2026-11-20", "ends_at": "2026-11-20T21:32:00Z"},
    "school_days_left": 126,
}
WEEKS = {
    "school": SCHOOL,
    "academic_year": YEAR,
    "weeks": [
        {
            "position": 15,
            "monday": "2026-11-16",
            "number": 15,
            "quarter_number": 6,
            "term_number": 15,
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
    "academic_year": {**YEAR, "minutes": 72426, "school_days": 198},
    "terms": [{**TERM, "minutes": 32653, "school_days": 89}],
    "quarters": [{**QUARTER, "minutes": 15671, "school_days": 43}],
    "weeks": [
        {
            "position": 15,
            "monday": "2026-11-16",
            "number": 15,
            "minutes": 1825,
            "school_days": 5,
        }
    ],
    "days": [
        {"date": "2026-11-16", "minutes": 317},
        {"date": "2026-11-17", "minutes": 377},
    ],
    "revision": 42,
}

TRACKED = {
    "sourced_id": "",
    "metadata": {},
    "revision": 42,
    "created_at": "2026-07-01T14:00:00Z",
    "updated_at": "2026-07-01T14:00:00Z",
    "etag": ETAG,
}
DISTRICT = {
    "id": "0199c7a0-3f4e-7a90-9c1d-2e3f4a5b6c07",
    "name": "Maple County Schools",
    "slug": "maple-county",
    **TRACKED,
    "sourced_id": "D-100",
    "revision": 1,
    "etag": '"1-1-655dbd8ae0000"',
}
FULL_SCHOOL = {
    "id": SCHOOL["id"],
    "district": DISTRICT["id"],
    "name": "Maple High",
    "slug": "maple-high",
    "timezone": ZONE,
    "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "is_public": True,
    "passing_minutes_cap": 10,
    **TRACKED,
    "sourced_id": "S-101",
}
ACADEMIC_YEAR = {
    **YEAR,
    "school": SCHOOL["id"],
    "start_date": "2026-08-12",
    "end_date": "2027-06-03",
    "cycle_days": ["A", "B"],
    "cycle_policy": "pause",
    "cycle_start": "2026-08-12",
    **TRACKED,
}
FULL_TERM = {
    **TERM,
    "academic_year": YEAR["id"],
    "school": SCHOOL["id"],
    "sequence": 1,
    "start_date": "2026-08-12",
    "end_date": "2026-12-18",
    **TRACKED,
}
FULL_QUARTER = {
    **QUARTER,
    "term": TERM["id"],
    "school": SCHOOL["id"],
    "sequence": 2,
    "start_date": "2026-10-15",
    "end_date": "2026-12-18",
    **TRACKED,
    "metadata": {"reporting_dates": {"grades_due": "2027-01-06"}, "assessment_weeks": [9]},
}
FULL_QUARTERS = [
    {
        "id": "0199c7a0-3f66-7a44-b0c3-0d9e8f7a6b02",
        "term": TERM["id"],
        "school": SCHOOL["id"],
        "quarter_type": "Q1",
        "sequence": 1,
        "full_label": "Q1 (S1)",
        "start_date": "2026-08-12",
        "end_date": "2026-10-14",
        **TRACKED,
    },
    FULL_QUARTER,
]
BREAK = {
    "id": "0199c7a0-3f69-7d55-8e8f-9a0b1c2d3e08",
    "academic_year": YEAR["id"],
    "school": SCHOOL["id"],
    "name": "Winter break",
    "kind": "vacation",
    "start_date": "2026-12-21",
    "end_date": "2027-01-01",
    "counts_weeks": False,
    **TRACKED,
}
CHANGE = {
    "op": "upsert",
    "resource": "breaks",
    "id": BREAK["id"],
    "sourced_id": None,
    "revision": BREAK["revision"],
    "changed_at": BREAK["updated_at"],
    "object": BREAK,
}
CHANGES = {
    "changes": [
        CHANGE,
        {
            "op": "delete",
            "resource": "breaks",
            "id": "0199c7a0-3f69-7d55-8e8f-9a0b1c2d3e09",
            "sourced_id": "b7",
            "revision": 43,
            "changed_at": "2026-09-01T12:00:00Z",
        },
    ],
    "next": NEXT_CHANGES,
    "has_more": False,
}
DISTRICT_CHANGES = {
    "changes": [
        {**CHANGE, "school": BREAK["school"]},
        {
            "op": "delete",
            "resource": "schools",
            "id": "0199c7a0-3f52-7c1e-8a53-5b1d2f0f6a02",
            "sourced_id": "S-102",
            "revision": 7,
            "changed_at": "2026-09-01T12:00:00Z",
            "school": "0199c7a0-3f52-7c1e-8a53-5b1d2f0f6a02",
        },
    ],
    "next": NEXT_DISTRICT_CHANGES,
    "has_more": False,
}
NEW_PERIODS = [
    {**_written(bell), "track": "", "irregular": False, "meta": {}, "sourced_id": ""}
    for bell in LATE_START
]
NESTED_PERIODS = [_stored(bell) for bell in LATE_START]
PERIOD_TEMPLATE = {
    **TEMPLATE,
    "school": SCHOOL["id"],
    "is_default": False,
    "is_archived": False,
    "periods": NESTED_PERIODS,
    **TRACKED,
}
PERIOD_DEFINITION = {
    **NESTED_PERIODS[1],
    "template": TEMPLATE["id"],
    "school": SCHOOL["id"],
    "created_at": "2026-07-01T14:00:00Z",
    "updated_at": "2026-07-01T14:00:00Z",
}
SCHEDULE_RULE = {
    "id": "0199c7a0-3f72-7c33-a0a1-b2c3d4e5f609",
    "academic_year": YEAR["id"],
    "school": SCHOOL["id"],
    "template": TEMPLATE["id"],
    "weekdays": ["monday"],
    "cycle_day": "",
    "valid_from": "2026-09-01",
    "valid_to": None,
    **TRACKED,
}
DAY_OVERRIDE = {
    "id": "0199c7a0-3f75-7e44-b1b2-c3d4e5f6a70a",
    "academic_year": YEAR["id"],
    "school": SCHOOL["id"],
    "name": "Pep rally",
    "start_date": "2026-10-09",
    "end_date": "2026-10-09",
    "closed": False,
    "template": TEMPLATE["id"],
    "cycle_day": "",
    "holds_cycle": False,
    **TRACKED,
}
CALENDAR_DOCUMENT = {
    "format": "schoolday/1",
    "district": {"slug": "maple-county", "name": "Maple County Schools"},
    "school": {
        "slug": "maple-high",
        "name": "Maple High",
        "timezone": ZONE,
        "is_public": True,
        "metadata": {"edfi_school_id": 1042},
    },
    "period_templates": [
        {
            "code": "regular",
            "name": "Regular",
            "is_default": True,
            "periods": [_written(bell) for bell in REGULAR],
        },
        {
            "code": "late-start",
            "name": "Late start",
            "periods": [_written(bell) for bell in LATE_START],
        },
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
                            "end_date": "2026-10-14",
                        },
                        {
                            "quarter_type": "Q2",
                            "start_date": "2026-10-15",
                            "end_date": "2026-12-18",
                        },
                    ],
                },
                {
                    "term_type": "SEM2",
                    "name": "Semester 2",
                    "start_date": "2027-01-04",
                    "end_date": "2027-06-03",
                    "quarters": [
                        {
                            "quarter_type": "Q3",
                            "start_date": "2027-01-04",
                            "end_date": "2027-03-19",
                        },
                        {
                            "quarter_type": "Q4",
                            "start_date": "2027-03-22",
                            "end_date": "2027-06-03",
                        },
                    ],
                },
            ],
            "breaks": [
                {
                    "name": "Thanksgiving",
                    "kind": "vacation",
                    "start_date": "2026-11-25",
                    "end_date": "2026-11-27",
                },
                {
                    "name": "Winter break",
                    "kind": "vacation",
                    "start_date": "2026-12-21",
                    "end_date": "2027-01-01",
                },
            ],
            "schedule_rules": [
                {"template": "late-start", "weekdays": ["monday"], "valid_from": "2026-09-01"}
            ],
            "day_overrides": [{"start_date": "2026-11-11", "name": "Veterans Day", "closed": True}],
        }
    ],
}


def _left_alone(number: int) -> dict[str, int]:
    return {"created": 0, "changed": 0, "removed": 0, "left_alone": number}


CALENDAR_REPORT = {
    "school": "maple-high",
    "counts": {
        "district": _left_alone(1),
        "school": _left_alone(1),
        "period_templates": _left_alone(2),
        "periods": _left_alone(14),
        "academic_years": _left_alone(1),
        "terms": _left_alone(2),
        "quarters": _left_alone(4),
        "breaks": _left_alone(2),
        "schedule_rules": _left_alone(1),
        "day_overrides": {**_left_alone(0), "created": 1},
    },
    "touched": [
        {"kind": "day_overrides", "key": "2026-2027/2026-11-11", "action": "created"},
    ],
}

FEED_TOKEN = {
    "id": "0199c7a0-3f58-7b3a-a1d2-c3e4f5a6b7f7",
    "name": "Families, 2026-2027",
    "created_at": "2026-08-03T14:05:00Z",
}
FEED_KEY = "kq1xZ0Qm3v-5u8Yw2Tt7Rb4Nc6Ha9Jd_LfGePsKoXiE"
FEEDS = f"https://calendar.example.org/api/v1/schools/{SCHOOL['id']}"
NEW_FEED_TOKEN = {
    **FEED_TOKEN,
    "key": FEED_KEY,
    "calendar_url": f"{FEEDS}/calendar.ics?key={FEED_KEY}",
    "bells_url": f"{FEEDS}/bells.ics?key={FEED_KEY}",
}


WEBHOOK = {
    "id": "0199c7a0-3f58-7b3a-a1d2-c3e4f5a6b7f8",
    "school": SCHOOL["id"],
    "district": None,
    "url": "https://sis.example.org/schoolday",
    "is_enabled": True,
    "state": "enabled",
    "disabled_at": None,
    "last_success_at": "2026-08-03T14:05:00Z",
    "created_at": "2026-08-03T14:05:00Z",
}
NEW_WEBHOOK = {
    **WEBHOOK,
    "last_success_at": None,
    "secret": "whsec_c2Nob29sZGF5LWV4YW1wbGUtc2VjcmV0LTMyYnl0ZXM=",
}
WEBHOOK_DELIVERY = {
    "id": "0199c7a0-3f58-7b3a-a1d2-c3e4f5a6b7f9",
    "message_id": "msg_0199c7a03f587b3aa1d2c3e4f5a6b7fa",
    "type": "calendar.changed",
    "school": SCHOOL["id"],
    "revision": 42,
    "created_at": "2026-08-03T14:05:00Z",
    "state": "pending",
    "next_attempt_at": "2026-08-03T14:05:06Z",
    "log": [
        {
            "at": "2026-08-03T14:05:00Z",
            "milliseconds": 85,
            "status_code": 500,
            "error": "",
            "answer": "Internal Server Error",
        }
    ],
}


def _feed(name: str, event: str) -> str:
    """Return a feed as it is sent, without the time zone and all events but one."""
    lines = f"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Schoolday//Schoolday//EN
CALSCALE:GREGORIAN
NAME:{name}
X-WR-CALNAME:{name}
REFRESH-INTERVAL;VALUE=DURATION:PT6H
X-PUBLISHED-TTL:PT6H
X-WR-TIMEZONE:{ZONE}
BEGIN:VEVENT
{event}
END:VEVENT
END:VCALENDAR
"""
    return lines.replace("\n", "\r\n")


CALENDAR_FEED = _feed(
    "Maple High",
    f"""\
SUMMARY:{BREAK["name"]}
DTSTART;VALUE=DATE:20261221
DTEND;VALUE=DATE:20270102
DTSTAMP:20260701T140000Z
UID:break-{BREAK["id"]}@schoolday
SEQUENCE:42
DESCRIPTION:Vacation
LAST-MODIFIED:20260701T140000Z
TRANSP:TRANSPARENT""",
)
BELLS_FEED = _feed(
    "Maple High: bells",
    f"""\
SUMMARY:Period 1
DTSTART;TZID={ZONE}:20261123T093000
DTEND;TZID={ZONE}:20261123T101800
DTSTAMP:20260701T140000Z
UID:bell-{PERIOD_DEFINITION["id"]}-20261123@schoolday
SEQUENCE:42
DESCRIPTION:Bell schedule: Late start
LAST-MODIFIED:20260701T140000Z""",
)

BATCH = {
    "items": [
        {
            "resource": "terms",
            "sourced_id": "sem1",
            "data": {
                "academic_year": "y27",
                "term_type": "SEM1",
                "start_date": "2026-08-12",
                "end_date": "2026-12-18",
            },
        },
        {
            "resource": "quarters",
            "sourced_id": "q1",
            "data": {
                "term": "sem1",
                "quarter_type": "Q1",
                "start_date": "2026-08-12",
                "end_date": "2026-10-09",
            },
        },
        {"resource": "breaks", "sourced_id": "b7", "op": "delete"},
    ]
}
BATCH_REPORT = {
    "dry_run": False,
    "revision": 43,
    "counts": {"created": 1, "updated": 1, "unchanged": 1, "deleted": 0},
    "items": [
        {"resource": "terms", "sourced_id": "sem1", "id": TERM["id"], "result": "updated"},
        {"resource": "quarters", "sourced_id": "q1", "id": QUARTER["id"], "result": "created"},
        {"resource": "breaks", "sourced_id": "b7", "id": None, "result": "unchanged"},
    ],
}

EDFI_SCHOOL = {"schoolId": 1042}
EDFI_YEAR = {**EDFI_SCHOOL, "schoolYear": 2027}
EDFI_SCHOOL_AND_YEAR = {
    "schoolReference": EDFI_SCHOOL,
    "schoolYearTypeReference": {"schoolYear": 2027},
}
EDFI_Q1 = {
    "gradingPeriodDescriptor": "uri://ed-fi.org/GradingPeriodDescriptor#First Nine Weeks",
    "gradingPeriodName": "Q1",
}
EDFI_Q2 = {
    "gradingPeriodDescriptor": "uri://ed-fi.org/GradingPeriodDescriptor#Second Nine Weeks",
    "gradingPeriodName": "Q2",
}
EDFI_GRADING_PERIOD = {
    **EDFI_Q1,
    **EDFI_SCHOOL_AND_YEAR,
    "beginDate": "2026-08-12",
    "endDate": "2026-10-14",
    "totalInstructionalDays": 46,
    "periodSequence": 1,
}
EDFI_SESSION = {
    "sessionName": "2026-2027 SEM1",
    **EDFI_SCHOOL_AND_YEAR,
    "termDescriptor": "uri://ed-fi.org/TermDescriptor#Fall Semester",
    "beginDate": "2026-08-12",
    "endDate": "2026-12-18",
    "totalInstructionalDays": 89,
    "gradingPeriods": [
        {"gradingPeriodReference": {**EDFI_Q1, **EDFI_YEAR}},
        {"gradingPeriodReference": {**EDFI_Q2, **EDFI_YEAR}},
    ],
}
EDFI_CALENDAR = {
    "calendarCode": "MAIN",
    **EDFI_SCHOOL_AND_YEAR,
    "calendarTypeDescriptor": "uri://ed-fi.org/CalendarTypeDescriptor#School",
}
EDFI_CALENDAR_DATE = {
    "calendarReference": {"calendarCode": "MAIN", **EDFI_YEAR},
    "date": "2026-11-11",
    "calendarEvents": [
        {"calendarEventDescriptor": "uri://ed-fi.org/CalendarEventDescriptor#Non-instructional day"}
    ],
}
EDFI_CLASS_PERIOD = {
    "classPeriodName": "Period 1 (Late start)",
    "schoolReference": EDFI_SCHOOL,
    "meetingTimes": [{"startTime": "09:30:00", "endTime": "10:18:00"}],
}
EDFI_BELL_SCHEDULE = {
    "bellScheduleName": "Late start (A)",
    "schoolReference": EDFI_SCHOOL,
    "classPeriods": [
        {"classPeriodReference": {"classPeriodName": f"{bell[1]} (Late start)", **EDFI_SCHOOL}}
        for bell in LATE_START
    ],
    "dates": [{"date": f"{MONDAY}"}],
    "alternateDayName": "A",
    "startTime": "09:30:00",
    "endTime": "15:32:00",
    "totalInstructionalTime": 317,
}
