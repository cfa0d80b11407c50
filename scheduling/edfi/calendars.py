"""The calendar of a year, and its dates."""

from collections.abc import Iterator

from scheduling.edfi.conventions import Body
from scheduling.edfi.source import Source

CODE = "MAIN"


def calendars(source: Source) -> Iterator[Body]:
    """Yield the one calendar that a school has in a year."""
    yield {
        "calendarCode": _code(source),
        **source.school_and_year,
        "calendarTypeDescriptor": source.conventions.descriptor("CalendarType", "School"),
    }


def calendar_dates(source: Source) -> Iterator[Body]:
    """Yield every date of the year about which there is something to say, in order."""
    for day in source.calendar.days:
        event = source.calendar.event(day)
        if event is not None:
            descriptor = source.conventions.descriptor("CalendarEvent", event)
            yield {
                "calendarReference": {"calendarCode": _code(source), **source.year_key},
                "date": str(day.date),
                "calendarEvents": [{"calendarEventDescriptor": descriptor}],
            }


def _code(source: Source) -> str:
    return f"{CODE}{source.mark}"
