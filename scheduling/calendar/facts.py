"""What a school's rows say: the facts from which every answer is computed.

Dates are inclusive at both ends, periods half-open (`start <= t < end`) on the school's clock.
Weekdays are numbers, 0 is Monday. Text that is absent is `""`, a date that is absent is `None`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeVar
from uuid import UUID

CyclePolicy = Literal["pause", "calendar"]

ONE_DAY = dt.timedelta(days=1)


class DateRange:
    """Whole days from `start_date` to `end_date`, both included."""

    __slots__ = ()

    start_date: dt.date
    end_date: dt.date

    def covers(self, date: dt.date) -> bool:
        """Return whether `date` falls inside the range."""
        return self.start_date <= date <= self.end_date

    def days_within(self, first: dt.date, last: dt.date) -> int:
        """Return how many days the range shares with `first`..`last`."""
        return max(0, (min(self.end_date, last) - max(self.start_date, first)).days + 1)

    @property
    def length(self) -> int:
        """How many dates it has."""
        return (self.end_date - self.start_date).days + 1

    def positions_of(self, inner: "DateRange") -> slice:
        """Return where the dates of `inner` stand among its own, as far as it has them."""
        first = (inner.start_date - self.start_date).days
        after = (inner.end_date - self.start_date).days + 1
        return slice(min(max(first, 0), self.length), min(max(after, 0), self.length))


RangeT = TypeVar("RangeT", bound=DateRange)


def by_date(ranges: Sequence[RangeT], within: DateRange) -> list[RangeT | None]:
    """Return for every date of `within`, in order, the first range that covers it."""
    found: list[RangeT | None] = [None] * within.length
    for each in reversed(ranges):
        covered = within.positions_of(each)
        found[covered] = [each] * len(range(*covered.indices(within.length)))
    return found


def all_by_date(ranges: Sequence[RangeT], within: DateRange) -> list[tuple[RangeT, ...]]:
    """Return for every date of `within`, in order, the ranges that cover it.

    Neighbouring dates of the same ranges share one tuple.
    """
    edges = {0, within.length}
    for each in ranges:
        covered = within.positions_of(each)
        edges |= {covered.start, covered.stop}
    found: list[tuple[RangeT, ...]] = []
    for first, after in pairwise(sorted(edges)):
        date = within.start_date + first * ONE_DAY
        found += [tuple(each for each in ranges if each.covers(date))] * (after - first)
    return found


def dates(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield every date from `first` to `last`, both included."""
    return map(dt.date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a bell schedule; `length` and the `passing` after it are minutes."""

    id: UUID
    number: int
    name: str
    type: str
    track: str
    start: dt.time
    end: dt.time
    length: int
    passing: int


@dataclass(frozen=True, slots=True)
class Template:
    """A bell schedule: the periods of a day, in any order."""

    id: UUID
    code: str
    name: str
    is_default: bool
    periods: tuple[Period, ...]


def quarter_label(quarter_type: str, term_type: str) -> str:
    """Return a quarter and its semester in short, such as "Q1 (S1)"."""
    return f"{quarter_type} (S{term_type[-1]})"


@dataclass(frozen=True, slots=True)
class Quarter(DateRange):
    """Half of a semester. The two need not touch."""

    id: UUID
    quarter_type: str
    sequence: int
    start_date: dt.date
    end_date: dt.date
    full_label: str


@dataclass(frozen=True, slots=True)
class Term(DateRange):
    """A semester (SEM1, SEM2) or a trimester (TRI1..TRI3); both may run side by side."""

    id: UUID
    term_type: str
    name: str
    start_date: dt.date
    end_date: dt.date
    quarters: tuple[Quarter, ...]

    @property
    def is_semester(self) -> bool:
        """Whether the term is one of two rather than of three."""
        return self.term_type.startswith("SEM")


@dataclass(frozen=True, slots=True)
class Break(DateRange):
    """Days off. With `counts_weeks`, its weeks are numbered like weeks of school."""

    id: UUID
    name: str
    kind: str
    start_date: dt.date
    end_date: dt.date
    counts_weeks: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """Which template rings; no `weekdays`, no `cycle_day`, no valid date mean: any."""

    id: UUID
    template: UUID
    weekdays: frozenset[int]
    cycle_day: str
    valid_from: dt.date | None
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Override(DateRange):
    """Days that are unlike the others: closed, or with a template of their own, never both.

    `cycle_day` forces the rotation on every day of it, `holds_cycle` stops the rotation.
    """

    id: UUID
    name: str
    start_date: dt.date
    end_date: dt.date
    closed: bool
    template: UUID | None
    cycle_day: str
    holds_cycle: bool


@dataclass(frozen=True, slots=True)
class Year(DateRange):
    """An academic year. The years of a school never overlap, nor do a year's overrides.

    The rotation starts on `cycle_start`, or with the year where that is `None`.
    """

    id: UUID
    name: str
    start_date: dt.date
    end_date: dt.date
    cycle_days: tuple[str, ...]
    cycle_policy: CyclePolicy
    cycle_start: dt.date | None
    terms: tuple[Term, ...]
    breaks: tuple[Break, ...]
    rules: tuple[Rule, ...]
    overrides: tuple[Override, ...]


@dataclass(frozen=True, slots=True)
class School:
    """All that is known of one school: its years by start, its templates, archived ones too.

    `timezone` is an IANA name, `weekdays` are the days on which school is held, and
    `passing_minutes_cap` is the most of one passing time that counts as instruction.
    """

    id: UUID
    slug: str
    name: str
    timezone: str
    weekdays: frozenset[int]
    passing_minutes_cap: int
    revision: int
    years: tuple[Year, ...]
    templates: Mapping[UUID, Template]

    @property
    def default_template(self) -> Template | None:
        """The template of a day about which nothing else is said."""
        return next((each for each in self.templates.values() if each.is_default), None)

    @property
    def tracks(self) -> frozenset[str]:
        """Every track that a period of the school is on."""
        periods = (period for each in self.templates.values() for period in each.periods)
        return frozenset(period.track for period in periods)
