"""Days on which school is closed become breaks: read from a file, or proposed."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError

from core.metadata import is_storable
from core.revision import revise
from scheduling.calendar.days import WEEKDAYS
from scheduling.ical.lines import Fault
from scheduling.ical.reading import CalendarFileError, Closure
from scheduling.models import AcademicYear, Break, DayOverride, School
from scheduling.public_holidays import public_holidays

Holiday: TypeAlias = tuple[dt.date, str]


class _DryRunError(Exception):
    """Undoes what a dry run has written."""


@dataclass(frozen=True, slots=True)
class AddedBreaks:
    """What came of closures: breaks that were added, and those that were there already."""

    added: tuple[Break, ...]
    there: tuple[Break, ...]


def add_breaks(
    school: School, closures: Sequence[Closure], *, kind: str = "", dry_run: bool = False
) -> AddedBreaks:
    """Add closures as breaks to the academic years that they touch, all of them in one revision.

    What reaches beyond a year is cut there. A break of the same name and dates stays as it is.
    Without a `kind`, one day is a holiday and several are a vacation. A dry run makes the same
    checks and writes, and undoes them. Raises CalendarFileError with all that is refused, and adds
    nothing.
    """
    with suppress(_DryRunError), revise(school.pk):
        added = _added(school, closures, kind)
        if dry_run:
            raise _DryRunError
    return added


def _added(school: School, closures: Sequence[Closure], kind: str) -> AddedBreaks:
    new: list[Break] = []
    there: list[Break] = []
    refused: list[Fault] = []
    for closure, row in _parts(school, closures, kind):
        stored = _same(row)
        if stored is not None:
            there += [stored] if stored not in (*new, *there) else []
            continue
        try:
            row.save()
            new.append(row)
        except ValidationError as refusal:
            refused += (Fault(closure.line, each) for each in _told(closure, refusal))
    if refused:
        raise CalendarFileError(refused)
    return AddedBreaks(tuple(new), tuple(there))


def _parts(
    school: School, closures: Sequence[Closure], kind: str
) -> Iterator[tuple[Closure, Break]]:
    """Yield the part of each closure that lies in each year, as a break that is not stored."""
    for year in school.academic_years.order_by("start_date"):
        for closure in closures:
            start = max(year.start_date, closure.first_day)
            end = min(year.end_date, closure.last_day)
            by_length = Break.Kind.HOLIDAY if start == end else Break.Kind.VACATION
            if start <= end:
                yield (
                    closure,
                    Break(
                        academic_year=year,
                        name=closure.name,
                        kind=kind or by_length,
                        start_date=start,
                        end_date=end,
                    ),
                )


def _same(row: Break) -> Break | None:
    """Return the stored break of the same name and dates, if there is one."""
    if not is_storable(row.name):
        return None
    return row.academic_year.breaks.filter(
        name=row.name, start_date=row.start_date, end_date=row.end_date
    ).first()


def _told(closure: Closure, refusal: ValidationError) -> Iterator[str]:
    return (f"The event “{closure.name}” is refused: {each}" for each in refusal.messages)


def suggested_holidays(
    school: School, years: Iterable[AcademicYear], country: str, subdivision: str = ""
) -> list[Holiday]:
    """Return the public holidays in these years that are school days so far, by weekday at least.

    Those on days that a break or a closed override covers are left out. Raises UnknownPlaceError.
    """
    return [
        (date, name)
        for year in years
        for date, name in public_holidays(
            country, subdivision, year.start_date, year.end_date
        ).items()
        if WEEKDAYS[date.weekday()] in school.weekdays and not _is_closed(year, date)
    ]


def _is_closed(year: Any, date: dt.date) -> bool:
    closed = DayOverride.objects.filter(academic_year=year, closed=True)
    return bool(year.breaks.for_date(date).exists() or closed.for_date(date).exists())
