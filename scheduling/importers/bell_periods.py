"""The periods of one published schedule: intervals that follow each other through a day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from scheduling.importers.bell_names import (
    distinct_numbers,
    is_finals,
    is_free,
    is_passing,
    period_type,
    plain_name,
)

CLASS_MINUTES = range(30, 121)
PERIOD_MINUTES = range(1, 481)
MOST_PASSING_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a day: it holds the minutes since midnight `start <= t < start + length`.

    `passing` is 0 to 30 minutes and ends no later than the same person's next period begins.
    """

    name: str
    type: str
    start: int
    length: int
    passing: int
    track: str = ""

    @property
    def irregular(self) -> bool:
        """Whether it is a class of a length that has to be meant."""
        return self.type == "class" and self.length not in CLASS_MINUTES

    def document(self, number: int) -> dict[str, Any]:
        """Return the period as a calendar document has it."""
        hour, minute = divmod(self.start, 60)
        return {
            "number": number,
            "name": self.name,
            "type": self.type,
            "start": f"{hour:02}:{minute:02}",
            "length": self.length,
            "passing": self.passing,
            **({"track": self.track} if self.track else {}),
            **({"irregular": True} if self.irregular else {}),
        }


@dataclass(frozen=True, slots=True)
class Schedule:
    """A day as it was published; without periods it is a closed day.

    The periods are in order of time and do not overlap. `notes` say what they leave out.
    """

    id: str
    name: str
    periods: tuple[Period, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Interval:
    name: str
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def read_schedule(source: Mapping[str, Any]) -> Schedule:
    """Return the schedule with every named interval that can be a period."""
    notes: list[str] = []
    intervals = list(_in_sequence(source, notes))
    finals = is_finals(source["id"]) or is_finals(source["name"])
    periods = tuple(
        _period(intervals, index, notes, finals=finals)
        for index, interval in enumerate(intervals)
        if not is_passing(interval.name)
    )
    place = f"schedule {source['id']}"
    return Schedule(
        source["id"], source["name"], periods, tuple(f"{place}: {note}" for note in notes)
    )


def period_documents(periods: Sequence[Period]) -> list[dict[str, Any]]:
    """Return the periods as a calendar document has them, each with a number of its own."""
    numbers = distinct_numbers([period.name for period in periods])
    return [period.document(number) for period, number in zip(periods, numbers, strict=True)]


def _in_sequence(source: Mapping[str, Any], notes: list[str]) -> Iterator[_Interval]:
    """Yield periods and passing times by start; one that cannot stand is noted instead."""
    ends_at = 0
    for interval in sorted(_named(source["intervals"], notes), key=lambda each: each.start):
        if interval.start < ends_at:
            notes.append(f"{interval.name!r} overlaps what comes before it and is left out")
        elif interval.length not in PERIOD_MINUTES:
            notes.append(f"{interval.name!r} of {interval.length} minutes is left out")
        else:
            ends_at = interval.end
            yield interval


def _named(intervals: Iterable[Mapping[str, Any]], notes: list[str]) -> Iterator[_Interval]:
    for interval in intervals:
        name = plain_name(interval["name"])
        if is_free(name):
            continue
        if interval["end"] is None:
            notes.append(f"{name!r} has no end and is left out")
        else:
            yield _Interval(name, _minutes(interval["start"]), _minutes(interval["end"]))


def _period(
    intervals: Sequence[_Interval], index: int, notes: list[str], *, finals: bool
) -> Period:
    """Return the period at `index`; on a day of finals the classes are exams."""
    interval = intervals[index]
    kind = period_type(interval.name)
    return Period(
        name=interval.name,
        type="exam" if finals and kind == "class" else kind,
        start=interval.start,
        length=interval.length,
        passing=_passing_after(intervals, index, notes),
        track="staff" if kind == "staff" else "",
    )


def _passing_after(intervals: Sequence[_Interval], index: int, notes: list[str]) -> int:
    """Return the passing minutes that follow at once; more than 30 are a gap, not passing."""
    following = takewhile(lambda each: is_passing(each.name), intervals[index + 1 :])
    minutes = sum(each.length for each in following)
    if minutes <= MOST_PASSING_MINUTES:
        return minutes
    notes.append(f"{minutes} minutes of passing after {intervals[index].name!r} are a mere gap")
    return 0


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
