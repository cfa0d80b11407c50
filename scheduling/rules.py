"""Rules that compare rows: each yields the refusals of one row, and is stated here alone."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models.abstracts import DateRangeModel, problem
from scheduling.calendar.tracks import ALL, NONE

CLASS_MINUTES = (30, 120)
"""The shortest and the longest class that is not marked `irregular`."""
ANY_MINUTES = (1, 480)
"""The shortest and the longest period of any kind."""
RESERVED_TRACKS = (NONE, ALL)
LAST_MINUTE = 23 * 60 + 59
"""The latest end of a period, in minutes from midnight."""


def any_of(combinations: Iterable[Mapping[str, Any]]) -> Q:
    """Return the condition that the columns have one of these combinations of values."""
    condition = Q()
    for values in combinations:
        condition |= Q(**values)
    return condition


def require_within(
    inner: DateRangeModel, outer: DateRangeModel, code: str
) -> Iterator[ValidationError]:
    """Require `inner` to lie inside `outer`."""
    message = _("The dates must lie within %(outer)s (%(start)s to %(end)s).")
    params = {"outer": outer, "start": outer.start_date, "end": outer.end_date}
    for name in ("start_date", "end_date"):
        if not outer.covers(getattr(inner, name)):
            yield problem(name, message, code, **params)


def require_inside(
    outer: DateRangeModel, inner: Iterable[DateRangeModel]
) -> Iterator[ValidationError]:
    """Require `outer` still to contain its rows: the other end of `require_within`."""
    message = _("%(row)s (%(start)s to %(end)s) would lie outside.")
    for row in inner:
        params = {"row": row, "start": row.start_date, "end": row.end_date}
        if row.start_date < outer.start_date:
            yield problem("start_date", message, "rows_outside", **params)
        if row.end_date > outer.end_date:
            yield problem("end_date", message, "rows_outside", **params)


def forbid_lost_quarter_types(term: Any) -> Iterator[ValidationError]:
    """Forbid a term to take a type that its quarters do not fit."""
    misfits = [each for each in term.quarters.all() if each.term_type != term.term_type]
    if misfits:
        message = _("The term has the quarters %(quarters)s; delete them before changing its type.")
        names = ", ".join(quarter.quarter_type for quarter in misfits)
        yield problem("term_type", message, "has_quarters", quarters=names)


def forbid_lost_cycle_days(year: Any) -> Iterator[ValidationError]:
    """Forbid a year to drop rotation days that its rules and overrides name."""
    for rows in (year.schedule_rules, year.day_overrides):
        for row in rows.all():
            if row.cycle_day and row.cycle_day not in year.cycle_days:
                message = _("“%(row)s” is for the rotation day %(day)s.")
                params = {"row": row, "day": row.cycle_day}
                yield problem("cycle_days", message, "cycle_day_in_use", **params)


def cycle_day_problems(row: Any, year: Any) -> Iterator[ValidationError]:
    """Require the rotation day that a rule or an override names to be one of the year's."""
    if row.cycle_day and row.cycle_day not in year.cycle_days:
        message = _("%(year)s has no rotation day “%(day)s”.")
        params = {"year": year, "day": row.cycle_day}
        yield problem("cycle_day", message, "unknown_cycle_day", **params)


def first_common_day(rule: Any, other: Any, year: Any) -> dt.date | None:
    """Return the first date on which two rules of one specificity would both apply, if any.

    Rules for one rotation day count as meeting on each of their dates: which dates have that
    day moves with every closure.
    """
    same_kind = bool(rule.weekdays) == bool(other.weekdays) and rule.cycle_day == other.cycle_day
    if not same_kind:
        return None
    start = max(filter(None, [rule.valid_from, other.valid_from, year.start_date]))
    end = min(filter(None, [rule.valid_to, other.valid_to, year.end_date]))
    shared = set(rule.weekdays) & set(other.weekdays)
    # Seven dates in a row have every weekday there is.
    days = (start + dt.timedelta(days=n) for n in range(min((end - start).days + 1, 7)))
    return next((d for d in days if not rule.weekdays or f"{d:%A}".lower() in shared), None)


def first_ambiguity(pairs: Iterable[tuple[Any, Any]], year: Any) -> tuple[dt.date, Any, Any] | None:
    """Return the first of these pairs of a year's rules that meet, after the date they do."""
    for one, other in pairs:
        day = first_common_day(one, other, year)
        if day is not None:
            return day, one, other
    return None


def forbid_ambiguous_rules(year: Any) -> Iterator[ValidationError]:
    """Forbid a year to grow over a date on which two of its rules would both apply."""
    found = first_ambiguity(combinations(year.schedule_rules.all(), 2), year)
    if found is not None:
        day, one, other = found
        stored = year.stored()
        moved = "start_date" if stored is not None and day < stored.start_date else "end_date"
        message = _("On %(day)s the rules “%(one)s” and “%(other)s” would both apply.")
        yield problem(moved, message, "ambiguous_rule", day=day, one=one, other=other)


def clock_after(start: dt.time, minutes: int) -> dt.time:
    """Return the time of day so many minutes after `start`; it wraps at midnight."""
    passed = start.hour * 60 + start.minute + minutes
    return dt.time(passed // 60 % 24, passed % 60)


def minute_of_day(time: dt.time) -> int:
    """Return the minutes from midnight."""
    return time.hour * 60 + time.minute


def share_a_person(track: str, other: str) -> bool:
    """Return whether one person meets periods of both tracks; "" is everybody's."""
    return track == other or not track or not other


def period_problems(period: Any) -> Iterator[ValidationError]:
    """Find what is wrong with a period by itself: its length, its end, its track."""
    if period.knows("start") and (period.start.second or period.start.microsecond):
        yield problem("start", _("A bell rings on a whole minute."), "not_on_the_minute")
    if period.knows("length", "type"):
        yield from length_problems(period)
    if (
        period.knows("start", "length")
        and minute_of_day(period.start) + period.length > LAST_MINUTE
    ):
        message = _("It would end at or after midnight; a period ends by 23:59.")
        yield problem("length", message, "past_midnight")
    if period.knows("track") and period.track in RESERVED_TRACKS:
        message = _("“%(track)s” is reserved and cannot name a track.")
        yield problem("track", message, "reserved_track", track=period.track)


def length_problems(period: Any) -> Iterator[ValidationError]:
    """Find a length out of bounds; the refusal of a class names the escape."""
    is_bound = period.type == "class" and not period.irregular
    if not _is_between(period.length, ANY_MINUTES):
        yield problem("length", _("A period lasts 1 to 480 minutes."), "length_out_of_range")
    elif is_bound and not _is_between(period.length, CLASS_MINUTES):
        message = _(
            "A class lasts 30 to 120 minutes. If this one really lasts %(length)s, mark it as "
            "irregular."
        )
        yield problem("length", message, "length_out_of_range", length=period.length)


def _is_between(value: int, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= value <= bounds[1]


def passing_problems(period: Any, others: Iterable[Any]) -> Iterator[ValidationError]:
    """Forbid passing time to run into the next period of the same person, before or after."""
    start = minute_of_day(period.start)
    for other in others:
        distance = minute_of_day(other.start) - start
        first, second = (period, other) if distance >= 0 else (other, period)
        free = abs(distance) - first.length
        if not 0 <= free < first.passing:
            continue  # as most are
        if other.pk != period.pk and share_a_person(period.track, other.track):
            message = _("%(first)s has %(passing)s minutes of passing; %(second)s starts sooner.")
            params = {"first": first.name, "passing": first.passing, "second": second.name}
            field = "passing" if first is period else "start"
            yield problem(field, message, "passing_too_long", **params)
