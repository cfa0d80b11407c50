"""Bell schedules that students published, turned into calendar documents.

The format is that of `tests/data/bell_schedules.json`: a school with schedules of named
intervals, a default week and dated special days.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduling.importers.bell_periods import Schedule, period_documents, read_schedule
from scheduling.importers.special_days import Meaning, YearSpan, year_overrides

FORMAT = "schoolday/1"
CODE_LENGTH = 50
WEEKDAYS = {
    "Mon": "monday",
    "Tue": "tuesday",
    "Wed": "wednesday",
    "Thu": "thursday",
    "Fri": "friday",
    "Sat": "saturday",
    "Sun": "sunday",
}

__all__ = ["Conversion", "YearSpan", "compose", "convert", "read_schedules"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """A calendar document, and what of the source it could not carry over."""

    document: dict[str, Any]
    notes: tuple[str, ...]


def convert(school: Mapping[str, Any], *, years: Sequence[YearSpan], timezone: str) -> Conversion:
    """Return the school's calendar; a schedule is carried over whole, whatever its week says."""
    return compose(school, read_schedules(school), years=years, timezone=timezone)


def read_schedules(school: Mapping[str, Any]) -> dict[str, Schedule]:
    """Return the schedules of a school by their ids, in their order."""
    return {source["id"]: read_schedule(source) for source in school["schedules"]}


def compose(
    school: Mapping[str, Any],
    schedules: Mapping[str, Schedule],
    *,
    years: Sequence[YearSpan],
    timezone: str,
) -> Conversion:
    """Return the calendar of a school whose schedules have been read.

    What the default week says most often is the default template, a rule says the rest of it;
    a weekday without bells is none of the school's weekdays.
    """
    meanings = _meanings(schedules)
    week = _weekly_codes(school["default_week"], meanings)
    default = _most_used(week)
    overrides, dated_notes = year_overrides(school["special_days"], meanings, years)
    document = {
        "format": FORMAT,
        "school": _school(school, week, timezone),
        "period_templates": [
            _template(schedules[id_], meaning, default)
            for id_, meaning in meanings.items()
            if meaning.code
        ],
        "academic_years": [
            _year(year, _rules(week, default), days)
            for year, days in zip(years, overrides, strict=True)
        ],
    }
    notes = [note for schedule in schedules.values() for note in schedule.notes]
    return Conversion(document, (*notes, *_week_notes(school, meanings), *dated_notes))


def _meanings(schedules: Mapping[str, Schedule]) -> dict[str, Meaning]:
    """Return what each schedule means on a date. No two have the same code."""
    codes: list[str] = []
    for schedule in schedules.values():
        codes.append(_free_code(_slug(schedule.id), codes) if schedule.periods else "")
    return {
        schedule.id: Meaning(code, schedule.name)
        for schedule, code in zip(schedules.values(), codes, strict=True)
    }


def _slug(text: str) -> str:
    """Return words of a-z and 0-9 with single hyphens between them, never nothing."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return words[:CODE_LENGTH].rstrip("-") or "schedule"


def _free_code(slug: str, taken: Sequence[str]) -> str:
    """Return the slug, or the slug with the first number that makes it new."""
    code, count = slug, 1
    while code in taken:
        count += 1
        code = f"{slug[: CODE_LENGTH - 4].rstrip('-')}-{count}"
    return code


def _weekly_codes(week: Mapping[str, str], meanings: Mapping[str, Meaning]) -> dict[str, str]:
    """Return the template's code for every weekday that has bells, Monday first."""
    closed = Meaning("", "")
    codes = {name: meanings.get(week[key], closed).code for key, name in WEEKDAYS.items()}
    return {name: code for name, code in codes.items() if code}


def _week_notes(school: Mapping[str, Any], meanings: Mapping[str, Meaning]) -> list[str]:
    week = school["default_week"]
    return [
        f"default week, {name} ({week[key]}): dangling, no such schedule"
        for key, name in WEEKDAYS.items()
        if week[key] not in meanings
    ]


def _most_used(week: Mapping[str, str]) -> str:
    """Return the code of most weekdays, the earliest of equals, "" for an empty week."""
    ranking = Counter(week.values()).most_common(1)
    return ranking[0][0] if ranking else ""


def _school(school: Mapping[str, Any], week: Mapping[str, str], timezone: str) -> dict[str, Any]:
    return {
        "slug": _slug(school["id"]),
        "name": school["name"],
        "timezone": timezone,
        "weekdays": list(week),
    }


def _template(schedule: Schedule, meaning: Meaning, default: str) -> dict[str, Any]:
    return {
        "code": meaning.code,
        "name": meaning.name,
        "is_default": meaning.code == default,
        "periods": period_documents(schedule.periods),
    }


def _rules(week: Mapping[str, str], default: str) -> list[dict[str, Any]]:
    """Return a rule for every template of the week but the default."""
    codes = [code for code in dict.fromkeys(week.values()) if code != default]
    return [
        {"template": code, "weekdays": [name for name, each in week.items() if each == code]}
        for code in codes
    ]


def _year(
    year: YearSpan, rules: list[dict[str, Any]], overrides: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "name": year.name,
        "start_date": year.start_date.isoformat(),
        "end_date": year.end_date.isoformat(),
        "terms": [],
        "breaks": [],
        "schedule_rules": rules,
        "day_overrides": overrides,
    }
