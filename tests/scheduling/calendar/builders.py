"""Facts with everything said that a test does not care about."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid5

from scheduling.calendar import facts

NAMESPACE = UUID(int=0)
WEEKDAYS = frozenset(range(5))
ALL_DAYS = frozenset(range(7))
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def ident(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def minutes_between(start: dt.time, end: dt.time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def period(number: int, start: str, end: str, **given: Any) -> facts.Period:
    begins, ends = dt.time.fromisoformat(start), dt.time.fromisoformat(end)
    fields: dict[str, Any] = {
        "id": ident(f"period {number} {start}"),
        "number": number,
        "name": f"Period {number}",
        "type": "class",
        "track": "",
        "start": begins,
        "end": ends,
        "length": minutes_between(begins, ends),
        "passing": 0,
    }
    return facts.Period(**fields | given)


def template(code: str, *periods: facts.Period, is_default: bool = False) -> facts.Template:
    return facts.Template(ident(code), code, code.capitalize(), is_default, periods)


REGULAR = template(
    "regular", period(1, "08:30", "09:30"), period(2, "09:36", "10:36"), is_default=True
)
STAFF_DAY = template("staff-day", period(1, "09:00", "12:00", track="staff", type="staff"))
SILENT = template("silent")


def quarter(quarter_type: str, start: str, end: str) -> facts.Quarter:
    sequence = 1 if quarter_type in {"Q1", "Q3"} else 2
    label = f"{quarter_type} (S{1 if quarter_type in {'Q1', 'Q2'} else 2})"
    return facts.Quarter(
        ident(f"{quarter_type} {start}"), quarter_type, sequence, date(start), date(end), label
    )


def term(term_type: str, start: str, end: str, *quarters: facts.Quarter) -> facts.Term:
    return facts.Term(
        ident(f"{term_type} {start}"), term_type, term_type, date(start), date(end), quarters
    )


def days_off(name: str, start: str, end: str = "", *, counts_weeks: bool = False) -> facts.Break:
    return facts.Break(
        ident(f"{name} {start}"), name, "holiday", date(start), date(end or start), counts_weeks
    )


def rule(
    code: str, weekdays: set[int] | None = None, cycle_day: str = "", **valid: str
) -> facts.Rule:
    return facts.Rule(
        id=ident(f"rule {code} {weekdays} {cycle_day}"),
        template=ident(code),
        weekdays=frozenset(weekdays or ()),
        cycle_day=cycle_day,
        valid_from=date(valid["since"]) if "since" in valid else None,
        valid_to=date(valid["until"]) if "until" in valid else None,
    )


def override(name: str, start: str, end: str = "", **given: Any) -> facts.Override:
    """An override that closes, unless it is given the code of a template."""
    code = given.pop("template", None)
    fields: dict[str, Any] = {
        "id": ident(f"{name} {start}"),
        "name": name,
        "start_date": date(start),
        "end_date": date(end or start),
        "closed": code is None,
        "template": ident(code) if code else None,
        "cycle_day": "",
        "holds_cycle": False,
    }
    return facts.Override(**fields | given)


def year(start: str = "2026-09-07", end: str = "2026-10-30", **given: Any) -> facts.Year:
    """Eight weeks from a Monday to a Friday."""
    fields: dict[str, Any] = {
        "id": ident(f"year {start}"),
        "name": start[:4],
        "start_date": date(start),
        "end_date": date(end),
        "cycle_days": (),
        "cycle_policy": "pause",
        "cycle_start": None,
        "terms": (),
        "breaks": (),
        "rules": (),
        "overrides": (),
    }
    return facts.Year(**fields | given)


def school(
    *years: facts.Year, templates: tuple[facts.Template, ...] = (REGULAR,), **given: Any
) -> facts.School:
    fields: dict[str, Any] = {
        "id": ident("school"),
        "slug": "maple-high",
        "name": "Maple High",
        "timezone": "America/Chicago",
        "weekdays": WEEKDAYS,
        "passing_minutes_cap": 10,
        "revision": 42,
        "years": years,
        "templates": {each.id: each for each in templates},
    }
    return facts.School(**fields | given)
