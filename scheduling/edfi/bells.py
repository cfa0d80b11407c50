"""Bell schedules, and the class periods that they ring."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import product
from uuid import UUID

from scheduling.calendar.days import Day
from scheduling.calendar.facts import Period, School, Template
from scheduling.edfi.conventions import LONGEST_LABEL, Body, cut, distinct, mark, oldest_first
from scheduling.edfi.source import Source
from scheduling.edfi.students import StudentBells

Meeting = tuple[str, dt.time, dt.time]
"""What makes one class period: its name, whatever its case, and its times."""
Use = tuple[UUID, str]
"""A bell schedule and a rotation day on which it rings; "" where there is none."""


def bell_schedules(source: Source) -> Iterator[Body]:
    """Yield a bell schedule for each template and rotation day on which students hear it."""
    names = _class_period_names(source)
    uses = _uses(source)
    labels = _labels(source.school)
    for use, days in uses.items():
        bells = source.calendar.bells[use[0]]
        cycle_day = cut(use[1])
        yield {
            "bellScheduleName": labels[*use, source.mark],
            "schoolReference": source.school_key,
            "classPeriods": [
                {"classPeriodReference": {"classPeriodName": name, **source.school_key}}
                for name in dict.fromkeys(names[_meeting(each)] for each in bells.periods)
            ],
            "dates": [{"date": str(day.date)} for day in days],
            **({"alternateDayName": cycle_day} if cycle_day else {}),
            **_hours(bells),
        }


def class_periods(source: Source) -> Iterator[Body]:
    """Yield a class period for each period and template that ring in the year, if times differ."""
    names = _class_period_names(source)
    heard = [each for use in _uses(source) for each in source.calendar.bells[use[0]].periods]
    for meeting in dict.fromkeys(map(_meeting, heard)):
        _name, start, end = meeting
        yield {
            "classPeriodName": names[meeting],
            "schoolReference": source.school_key,
            "meetingTimes": [{"startTime": str(start), "endTime": str(end)}],
        }


def _hours(bells: StudentBells) -> Body:
    return {
        "startTime": str(bells.start),
        "endTime": str(bells.end),
        "totalInstructionalTime": bells.minutes,
    }


def _labels(school: School) -> dict[tuple[UUID, str, str], str]:
    """Return the names of all bell schedules of the school, whichever of them ring in the year.

    Each is that of a template, a rotation day and the mark of a year, for the name is a key in all
    years. They are given in the order in which a template first stood beside a year: those that
    are added later take no name from those that were there.
    """
    templates, years = oldest_first(school.templates.values()), oldest_first(school.years)
    marks = {year.id: mark(school, year) for year in years}
    pairs = sorted(product(templates, years), key=lambda pair: max(each.id for each in pair))
    return distinct(
        {
            (template.id, cycle_day, marks[year.id]): (
                _label(template),
                _after(cycle_day, marks[year.id]),
            )
            for template, year in pairs
            for cycle_day in ("", *year.cycle_days)
        }
    )


def _after(cycle_day: str, year_mark: str) -> str:
    return (f" ({cut(cycle_day)})" if cycle_day else "") + year_mark


def _uses(source: Source) -> dict[Use, list[Day]]:
    """Return the students' days by what rings on them, in the order of templates."""
    found: defaultdict[Use, list[Day]] = defaultdict(list)
    for day in source.calendar.days:
        if day.is_school_day and day.template and source.calendar.bells[day.template.id].periods:
            found[day.template.id, day.cycle_day or ""].append(day)
    return {use: found[use] for use in sorted(found)}


def _label(template: Template) -> str:
    return cut(template.name) or template.code


def _name(period: Period) -> str:
    return cut(period.name, len(period.name)) or f"Period {period.number}"


def _meeting(period: Period) -> Meeting:
    return _name(period).casefold(), period.start, period.end


def _class_period_names(source: Source) -> dict[Meeting, str]:
    """Return the names of all class periods of the school, whichever of them ring in the year.

    What has the same name and times is one class period, named after the first template that has
    it: those that are added later take no name from those that were there. Where a template has a
    name at several times, the track is told too.
    """
    names: dict[Meeting, tuple[str, str]] = {}
    for template in oldest_first(source.school.templates.values()):
        periods = {_meeting(each): each for each in source.calendar.bells[template.id].periods}
        times = Counter(name for name, _start, _end in periods)
        for meeting, period in periods.items():
            track = f", {period.track}" if times[meeting[0]] > 1 and period.track else ""
            after = f"{track} ({cut(_label(template), LONGEST_LABEL)})"
            names.setdefault(meeting, (_name(period), after))
    return distinct(names)
