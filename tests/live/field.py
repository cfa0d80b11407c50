"""A school with room for what is made up: years, semesters and bell schedules that nothing uses."""

from typing import Any

YEARS = range(1901, 2021)
TEMPLATES = range(60)


def field_document(slug: str) -> dict[str, Any]:
    """Return its calendar document; the first years and bell schedules are in use after all."""
    return {
        "format": "schoolday/1",
        "school": {"slug": slug, "name": slug.title(), "timezone": "America/Chicago"},
        "period_templates": [_template(number) for number in TEMPLATES],
        "academic_years": [_year(year) for year in YEARS],
    }


def _template(number: int) -> dict[str, Any]:
    bell = {"number": 1, "start": "08:30", "length": 58}
    return {
        "code": f"template-{number}",
        "name": f"Template {number}",
        "periods": [bell] if number < 10 else [],
    }


def _year(year: int) -> dict[str, Any]:
    fall = {
        "term_type": "SEM1",
        "name": "Fall",
        "start_date": f"{year}-08-01",
        "end_date": f"{year}-12-20",
        "quarters": [],
    }
    quarter = {
        "quarter_type": "Q2",
        "start_date": f"{year}-10-20",
        "end_date": f"{year}-12-20",
    }
    used = {
        "terms": [{**fall, "quarters": [quarter]}],
        "breaks": [
            {"name": "Break", "start_date": f"{year}-12-21", "end_date": f"{year + 1}-01-03"}
        ],
        "schedule_rules": [{"template": "template-1", "weekdays": ["tuesday"]}],
        "day_overrides": [{"name": "Fog", "start_date": f"{year + 1}-02-09", "closed": True}],
    }
    return {
        "name": f"{year}-{year + 1}",
        "start_date": f"{year}-08-01",
        "end_date": f"{year + 1}-06-15",
        **(used if year < YEARS.start + 10 else {"terms": [fall]}),
    }
