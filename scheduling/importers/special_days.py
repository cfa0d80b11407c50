"""Dated special days as overrides of academic years: on one date, the last entry counts."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class YearSpan:
    """The name and the dates of an academic year, both dates included."""

    name: str
    start_date: dt.date
    end_date: dt.date


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a schedule means on a date: the code of its template, "" for a closed day."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A published range of days, both ends included."""

    start: dt.date
    end: dt.date
    schedule: str
    label: str

    @property
    def place(self) -> str:
        return f"special day {self.start} to {self.end} ({self.schedule})"

    def dates_within(self, year: YearSpan) -> Iterator[dt.date]:
        """Yield the dates of the entry that the year has."""
        date = max(self.start, year.start_date)
        while date <= min(self.end, year.end_date):
            yield date
            date += ONE_DAY


def year_overrides(
    special_days: Iterable[Mapping[str, Any]],
    meanings: Mapping[str, Meaning],
    years: Sequence[YearSpan],
) -> tuple[list[list[dict[str, Any]]], list[str]]:
    """Return the overrides of each year and notes on what they leave out.

    The overrides of a year are in order, lie inside it and share no date.
    """
    entries = [_entry(special_day) for special_day in special_days]
    known = [entry for entry in entries if entry.schedule in meanings]
    notes = [f"{each.place}: dangling, no such schedule" for each in entries if each not in known]
    notes += [f"{each.place}: outside the years" for each in known if not _is_within(each, years)]
    overrides = [
        [_override(run, meanings) for run in _runs(_entry_by_date(known, year, notes))]
        for year in years
    ]
    return overrides, notes


def _entry(source: Mapping[str, Any]) -> _Entry:
    start, end = (dt.date.fromisoformat(source[key]) for key in ("start", "end"))
    return _Entry(start, end, source["schedule"], source["label"])


def _is_within(entry: _Entry, years: Iterable[YearSpan]) -> bool:
    """Return whether every date of the entry is a date of some year."""
    shared = sum(1 for year in years for _ in entry.dates_within(year))
    return shared == (entry.end - entry.start).days + 1


def _entry_by_date(
    entries: Iterable[_Entry], year: YearSpan, notes: list[str]
) -> dict[dt.date, _Entry]:
    """Return the entry that counts on each date, the last that was given."""
    by_date: dict[dt.date, _Entry] = {}
    for entry in entries:
        for date in entry.dates_within(year):
            earlier = by_date.get(date, entry)
            if earlier != entry:
                notes.append(f"{earlier.place}: {date} is taken by {entry.schedule}")
            by_date[date] = entry
    return by_date


def _runs(by_date: Mapping[dt.date, _Entry]) -> list[_Entry]:
    """Return what each entry kept, in ranges without a hole, by date."""
    runs: list[_Entry] = []
    for date in sorted(by_date):
        entry = by_date[date]
        begins = entry is not by_date.get(date - ONE_DAY)
        start = date if begins else runs.pop().start
        runs.append(replace(entry, start=start, end=date))
    return runs


def _override(run: _Entry, meanings: Mapping[str, Meaning]) -> dict[str, Any]:
    meaning = meanings[run.schedule]
    return {
        "start_date": run.start.isoformat(),
        "end_date": run.end.isoformat(),
        "name": run.label or meaning.name,
        **({"template": meaning.code} if meaning.code else {"closed": True}),
    }
