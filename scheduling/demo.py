"""Three fictional schools to try the service on, with the bells of real ones."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scheduling.demo_years import (
    FRI,
    MON,
    SAT,
    TUE,
    WED,
    SchoolYear,
    after,
    breaks,
    nth,
    school_years,
    terms,
)
from scheduling.edfi.school_id import EDFI_SCHOOL_ID
from scheduling.importers.bell_schedules import convert
from scheduling.importers.lunch_waves import merge_waves

SCHOOLS = Path(__file__).parent / "demo_data" / "schools.json"
DISTRICT = {"slug": "demo", "name": "Demo district"}
FIRST_ID = 900_001
"""By which number Ed-Fi hosts know the first of them; the others follow."""


def demo_documents(today: dt.date) -> list[dict[str, Any]]:
    """Return the calendar documents of the demo schools, the same for the same day.

    Each has last year, this one and the next, and `today` lies in this year, in the summer too:
    `scheduling.demo_years` says how.
    """
    entries = json.loads(SCHOOLS.read_text("utf-8"))
    return [_document(entry, number, today) for number, entry in enumerate(entries, FIRST_ID)]


def _document(entry: dict[str, Any], edfi_school_id: int, today: dt.date) -> dict[str, Any]:
    years = school_years(today)
    document = _bells(entry, years)
    document["district"] = dict(DISTRICT)
    document["school"] |= {
        "is_public": True,
        "metadata": {"attribution": entry["attribution"], EDFI_SCHOOL_ID: edfi_school_id},
    }
    change = _CHANGES[document["school"]["slug"]]
    for school_year, year in zip(years, document["academic_years"], strict=True):
        is_this_year = school_year == years[1]
        year |= {
            "terms": terms(school_year, reports=is_this_year),
            "breaks": breaks(school_year),
            **change(school_year, today),
        }
    return document


def _bells(entry: dict[str, Any], years: tuple[SchoolYear, ...]) -> dict[str, Any]:
    """Return the calendar that the bells alone make; several lunch waves become tracks."""
    schools, timezone = entry["schools"], entry["timezone"]
    if len(schools) > 1:
        return merge_waves(schools, years=years, timezone=timezone).document
    return convert(*schools.values(), years=years, timezone=timezone).document


def _maple_high(year: SchoolYear, today: dt.date) -> dict[str, Any]:
    """Late start on Mondays by its week; assemblies, early releases, finals, snow."""
    assemblies = {
        "Welcome assembly": after(year.start_date, (FRI - year.start_date.weekday()) % 7 + 7),
        "Homecoming assembly": nth(year.fall, 9, FRI, 4),
        "Awards assembly": nth(year.spring, 5, FRI, 2),
    }
    releases = [(year.fall, 9), (year.fall, 10), (year.spring, 2), (year.spring, 4)]
    exams = [after(year.winter_break, days) for days in (-5, -4, -3)], year.last_weekdays
    return _overrides(
        *(_rings(day, name, "assembly") for name, day in assemblies.items()),
        *(_rings(nth(*month, WED, 3), "Early release", "early-release") for month in releases),
        *(
            _rings(day, f"Finals {number}", f"finals-{number}")
            for days in exams
            for number, day in enumerate(days, start=1)
        ),
        _closed(after(nth(year.fall, 11, MON, 1), -3), "Parent-teacher conferences"),
        *_snow(year, today),
    )


def _snow(year: SchoolYear, today: dt.date) -> list[dict[str, Any]]:
    """Return the snow day and the Saturday that makes up for it; nobody foresees them."""
    snow_day = nth(year.spring, 2, TUE, 2)
    if today < snow_day:
        return []
    make_up = after(snow_day, SAT - TUE + 7)
    return [_closed(snow_day, "Snow day"), _rings(make_up, "Make-up day", "regular")]


def _cedar_arts(year: SchoolYear, _today: dt.date) -> dict[str, Any]:
    """A and B days in turn, which pause while there is no school; short periods on Wednesdays."""
    others = ["monday", "tuesday", "thursday", "friday"]
    start = year.start_date.isoformat()
    return {
        "rotation": {"cycle_days": ["A", "B"], "policy": "pause", "start": start},
        "schedule_rules": [
            {"template": "odd-block", "weekdays": others, "cycle_day": "A"},
            {"template": "even-block", "weekdays": others, "cycle_day": "B"},
            {"template": "wednesday", "weekdays": ["wednesday"]},
        ],
        **_overrides(
            _rings(nth(year.fall, 12, FRI, 1), "Winter showcase", "wednesday", holds_cycle=True),
            _rings(year.second_semester, "Second semester begins", "odd-block", cycle_day="A"),
            _closed(nth(year.spring, 1, FRI, 4), "Audition day"),
            _rings(nth(year.spring, 5, FRI, 2), "Spring showcase", "wednesday", holds_cycle=True),
        ),
    }


def _harbor_middle(year: SchoolYear, _today: dt.date) -> dict[str, Any]:
    """Three lunches, short Wednesdays by its week, and days that end as early as those."""
    early = {
        "Early dismissal before Thanksgiving": after(year.thanksgiving, -2),
        "Early dismissal before the winter break": after(year.winter_break, -3),
        "Last day of school": year.last_weekdays[-1],
    }
    return _overrides(
        *(_rings(day, name, "wednesday") for name, day in early.items()),
        _closed(after(nth(year.fall, 11, MON, 1), 1), "Election Day"),
    )


_CHANGES: dict[str, Callable[[SchoolYear, dt.date], dict[str, Any]]] = {
    "maple-high": _maple_high,
    "cedar-arts": _cedar_arts,
    "harbor-middle": _harbor_middle,
}


def _overrides(*overrides: dict[str, Any]) -> dict[str, Any]:
    return {"day_overrides": sorted(overrides, key=lambda each: str(each["start_date"]))}


def _rings(date: dt.date, name: str, template: str, **cycle: Any) -> dict[str, Any]:
    return {"start_date": date.isoformat(), "name": name, "template": template, **cycle}


def _closed(date: dt.date, name: str) -> dict[str, Any]:
    return {"start_date": date.isoformat(), "name": name, "closed": True}
