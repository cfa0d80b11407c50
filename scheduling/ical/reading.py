"""The events of a calendar file as closures: days, each with the line that it comes from.

Recurring events are written out. A timed event closes the dates, on the school's clock, that it
touches; the end of an event is not part of it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from scheduling.ical.lines import Fault, Line, faults, starts_of_events, unfolded

LARGEST_BYTES = 5_000_000
Event: TypeAlias = Any
"""A component of the library: what its types say of a value is that it may be any."""

ONE_DAY = dt.timedelta(days=1)
LINE = "X-SCHOOLDAY-LINE"
RULE_PARTS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST",
    "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS",
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2199
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}


class CalendarFileError(Exception):
    """A calendar file that cannot be read; `faults` says everything that is wrong with it."""

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__(f"The calendar file has {len(found)} fault(s).")
        self.faults = tuple(found)


class Closure(NamedTuple):
    """Days on which school is closed, both included, and what for."""

    line: int
    """The line of the file on which its event begins."""
    name: str
    first_day: dt.date
    last_day: dt.date


class Span(NamedTuple):
    """Dates to look at, both included."""

    start: dt.date
    end: dt.date


def read_closures(
    data: bytes, zone: ZoneInfo, spans: Iterable[Span]
) -> tuple[list[Closure], list[Closure]]:
    """Return the closures of a file that touch one of the spans, and those events that do not.

    Of the latter the first days are told. What is cancelled is left out. Raises CalendarFileError.
    """
    events = _events(data)
    _refuse(fault for event in events for fault in _faults(event))
    looked_at = list(spans)
    inside: set[Closure] = set()
    outside: set[Closure] = set()
    for series in _series(events):
        found = {each for span in looked_at for each in _written_out(series, zone, span)}
        inside |= found
        if not (found or _is_cancelled(series[0])):
            outside |= {_closure(series[0], zone)}
    return sorted(inside, key=_order), sorted(outside, key=_order)


def _order(closure: Closure) -> tuple[dt.date, dt.date, str, int]:
    return closure.first_day, closure.last_day, closure.name, closure.line


def _refuse(found: Iterable[Fault]) -> None:
    listed = list(found)
    if listed:
        raise CalendarFileError(listed)


def _events(data: bytes) -> list[Event]:
    """Return the events of a file, each with its line."""
    lines = list(unfolded(_text(data)))
    _refuse(faults(lines))
    events = [event for each in _calendars(lines) for event in each.walk("VEVENT")]
    for number, event in zip(starts_of_events(lines), events, strict=True):
        event[LINE] = str(number)
    if not events:
        _refuse([Fault(None, "The file holds no event.")])
    return events


def _text(data: bytes) -> str:
    if len(data) > LARGEST_BYTES:
        _refuse([Fault(None, f"The file has more than {LARGEST_BYTES:,} bytes.")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CalendarFileError([Fault(line, "The file is not text in UTF-8.")]) from error


def _calendars(lines: Iterable[Line]) -> list[Any]:
    text = "".join(f"{line.text}\r\n" for line in lines)
    try:
        return list(Calendar.from_ical(text, multiple=True))
    except Exception as error:  # the library trips over odd files in many ways
        detail = f"The file cannot be read: {_reason(error)}."
        raise CalendarFileError([Fault(None, detail)]) from error


def _reason(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "no reason given").rstrip(".")


def _faults(event: Event) -> Iterator[Fault]:
    """Find what is wrong with an event."""
    line = _line(event)
    for name, reason in event.errors:
        yield Fault(line, f"{_named(event)}: {name or 'a line'} cannot be read: {reason}")
    if not event.errors:
        detail = _fault_of_dates(event)
        if detail is not None:
            yield Fault(line, f"{_named(event)} {detail}.")
        yield from _rule_faults(event)


def _fault_of_dates(event: Event) -> str | None:
    start, end = event.get("DTSTART"), event.get("DTEND", event.get("DTSTART"))
    if start is None:
        return "has no DTSTART: nobody can tell when it is"
    if isinstance(start, list) or isinstance(end, list):
        return "says twice when it begins, or when it ends"
    if not all(isinstance(each.dt, dt.date) for each in (start, end)):
        return "begins or ends at no date"
    if not all(FIRST_YEAR <= each.dt.year <= LAST_YEAR for each in (start, end)):
        return f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}"
    return "ends before it begins, or mixes dates with times" if _is_odd(start, end) else None


def _is_odd(start: Any, end: Any) -> bool:
    """Return whether an event ends before it begins, as far as the two can be compared."""
    try:
        return type(start.dt) is not type(end.dt) or bool(end.dt < start.dt)
    except TypeError:  # one of the two has a time zone
        return True


def _rule_faults(event: Event) -> Iterator[Fault]:
    """Find rules that would close the school by the hour: a file must not keep us for ever."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if not _is_usual(rule):
            detail = f"{_named(event)} recurs more often than daily, or by a rule unknown here."
            yield Fault(_line(event), detail)


def _is_usual(rule: Any) -> bool:
    """Return whether a rule recurs at most daily, and gets on."""
    frequencies = {str(each).upper() for each in rule.get("FREQ", [])}
    parts = {str(each).upper() for each in rule}
    gets_on = all(each > 0 for each in rule.get("INTERVAL", []))
    return bool(frequencies) and frequencies <= FREQUENCIES and parts <= RULE_PARTS and gets_on


def _line(event: Event) -> int:
    return int(event[LINE])


def _named(event: Event) -> str:
    return f"The event “{_summary(event)}”"


def _summary(event: Event) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split()) or "Closed"


def _series(events: Sequence[Event]) -> Iterator[list[Event]]:
    """Yield the events that belong together: one that may recur, and what is unlike it for once.

    Some programs give one UID to several events; each of those is one of its own.
    """
    unlike = [each for each in events if "RECURRENCE-ID" in each]
    by_uid: defaultdict[str, list[Event]] = defaultdict(list)
    for event in unlike:
        by_uid[str(event.get("UID"))].append(event)
    for event in events:
        if "RECURRENCE-ID" not in event:
            yield [event, *by_uid.pop(str(event.get("UID")), ())]
    yield from by_uid.values()


def _written_out(series: list[Event], zone: ZoneInfo, span: Span) -> Iterator[Closure]:
    """Yield the closures of a series that touch the span."""
    calendar = Calendar()
    for event in series:
        calendar.add_component(event)
    first, last = max(span.start, dt.date.min + ONE_DAY), min(span.end, dt.date.max - ONE_DAY)
    try:
        # A day more on either side: what is tomorrow elsewhere may be today at the school.
        found = recurring_ical_events.of(calendar).between(first - ONE_DAY, last + ONE_DAY)
    except Exception as error:  # as above
        detail = f"{_named(series[0])} cannot be written out: {_reason(error)}."
        raise CalendarFileError([Fault(_line(series[0]), detail)]) from error
    closures = (_closure(each, zone) for each in found if not _is_cancelled(each))
    return (each for each in closures if each.first_day <= span.end and span.start <= each.last_day)


def _is_cancelled(event: Event) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _closure(event: Event, zone: ZoneInfo) -> Closure:
    start = event["DTSTART"].dt
    end = event["DTEND"].dt if "DTEND" in event else start
    first, after = _date(start, zone), _date(end, zone)
    is_within_day = isinstance(end, dt.datetime) and _local(end, zone).time() > dt.time.min
    last = after if is_within_day else after - ONE_DAY
    return Closure(_line(event), _summary(event), first, max(first, last))


def _local(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return a moment on the school's clock; one without a time zone is on it already."""
    return moment if moment.tzinfo is None else moment.astimezone(zone)


def _date(value: dt.date, zone: ZoneInfo) -> dt.date:
    return _local(value, zone).date() if isinstance(value, dt.datetime) else value
