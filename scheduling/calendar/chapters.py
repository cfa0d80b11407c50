"""Chapters: a person's year is gap and session in turn, and one of each makes a chapter."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from scheduling.calendar.attendance import LAST_FEW, Attendance
from scheduling.calendar.bells import Span
from scheduling.calendar.facts import ONE_DAY, Year, dates
from scheduling.calendar.gaps import Gap
from scheduling.calendar.held import Held
from scheduling.calendar.keeping import keeping
from scheduling.calendar.sessions import Session
from scheduling.calendar.stretches import Course, Cut, Standing, Stretch


class Chapter(NamedTuple):
    """A gap of a year and the session behind it, which the last one of a year does not have.

    It begins when the session `before` it ends, or with the year, and ends with the year at the
    latest. `after` is the gap behind the session, or the same if there is none.
    """

    begins: dt.datetime
    ends: dt.datetime
    before: Gap
    held: Held | None
    after: Gap

    def turns(self) -> list[dt.datetime]:
        """Return when the session begins, and which bells of the next one ring before its turn."""
        return [self.held.session.starts_at, *self.after.early_bells()] if self.held else []

    def cut(self, at: dt.datetime, until: dt.datetime, today: dt.date, left: int) -> Cut:
        """Cut the time between two turns, in which it is one date and so many days are left."""
        if self.held is None or at < self.held.session.starts_at:
            standing = Standing(self.before.following, self.before.previous, left)
            return [(at, Stretch(self.before.on(today), self.before.next_bell(at), standing))]
        standing = Standing(self.after.following, self.before.previous, left)
        return self.held.cut(at, until, standing, self.after.next_bell(at))


class Chapters:
    """The chapters of a person's years, by the positions of their years and of their sessions.

    The course of each is computed when it is asked for, and kept until its dates are done with.
    """

    def __init__(self, attendance: Attendance) -> None:
        self._attendance = attendance
        self._tables = attendance.tables
        self.course = keeping(self._course, LAST_FEW)
        self._gap = keeping(self._gap_before, LAST_FEW)

    def _course(self, position: int, index: int) -> Course:
        """Return the course of a chapter; all the time before the first year is one, a summer."""
        chapter = self._chapter(position, index)
        if position < 0:
            return Course.of(chapter.cut(chapter.begins, chapter.ends, dt.date.min, 0))
        year, roll = self._tables.school.years[position], self._attendance.roll(position)
        turns = [*chapter.turns(), *self._midnights(year, *roll.around(index))]
        cut: Cut = []
        for at, until in _spans(chapter.begins, turns, chapter.ends):
            today = at.astimezone(self._tables.zone).date()
            left = roll.left(index, today) if year.covers(today) else 0
            cut += chapter.cut(at, until, today, left)
        return Course.of(cut)

    def _chapter(self, position: int, index: int) -> Chapter:
        previous, session = self._attendance.roll(position).around(index)
        year_ends = self._tables.begins(position + 1)
        before = self._gap(position, index)
        return Chapter(
            previous.ends_at if previous else self._tables.begins(position),
            min(session.ends_at, year_ends) if session else year_ends,
            before,
            before.ahead if session else None,
            self._gap(position, index + 1) if session else before,
        )

    def _midnights(
        self, year: Year, previous: Session | None, session: Session | None
    ) -> Iterator[dt.datetime]:
        """Yield the midnights between two sessions of a year, or up to its end, that included."""
        first = previous.date + ONE_DAY if previous else year.start_date
        last = session.date if session else year.end_date + ONE_DAY
        for date in dates(first, last):
            yield from self._tables.midnights(date)

    def _gap_before(self, position: int, index: int) -> Gap:
        """Return the gap before a session of a year, or after its last, and up to the next."""
        previous, session = self._attendance.roll(position).around(index)
        return Gap.between(
            previous or self._attendance.last_before(position),
            self._attendance.held(position, index)
            if session
            else self._attendance.first_after(position),
            self._tables.school.weekdays,
        )


def _spans(first: dt.datetime, turns: list[dt.datetime], last: dt.datetime) -> list[Span]:
    """Cut the time between two instants at those turns that lie in it."""
    if last <= first:
        return []
    return list(pairwise([first, *sorted({at for at in turns if first < at < last}), last]))
