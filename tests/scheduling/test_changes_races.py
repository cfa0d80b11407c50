"""Who only follows the change feed misses nothing, however many write meanwhile."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q

from core.revision import revise
from scheduling.changes import Position, changes_of
from scheduling.models import AcademicYear, Break
from scheduling.states import state_of
from tests.factories import AcademicYearFactory, BreakFactory, SchoolFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]

SCHOOLS, WRITERS, WRITES, ROWS = 4, 8, 65, 10
SECONDS = 120

Copy = dict[UUID, tuple[Any, ...]]


def columns(row: Break) -> tuple[Any, ...]:
    return row.name, row.start_date, row.end_date, row.revision


@dataclass
class Follower:
    """Keeps a copy of a school's breaks, and applies to it what the feed says."""

    school: UUID
    copy: Copy = field(default_factory=dict)
    position: Position | None = None

    def read_on(self, limit: int) -> bool:
        """Apply one answer of the feed; return whether there is more."""
        school = state_of(str(self.school), anew=True)
        assert school is not None
        found = changes_of(school, self.position, limit)
        for change in found.changes:
            if change.kind == "breaks" and change.row is None:
                self.copy.pop(change.place.id, None)
            elif change.kind == "breaks":
                self.copy[change.place.id] = columns(change.row)
        self.position = found.reached
        return found.has_more


@dataclass
class Clockwatcher:
    """Keeps a copy of all breaks by asking for those with a later `updated_at`."""

    copy: Copy = field(default_factory=dict)
    seen: tuple[dt.datetime, UUID] = (dt.datetime.min.replace(tzinfo=dt.UTC), UUID(int=0))

    def read_on(self) -> None:
        time_seen, last = self.seen
        later = Q(updated_at__gt=time_seen) | Q(updated_at=time_seen, id__gt=last)
        for row in Break.objects.filter(later).order_by("updated_at", "id")[:100]:
            self.copy[row.id] = columns(row)
            self.seen = row.updated_at, row.id


def write(number: int, year: AcademicYear) -> None:
    """Make random revisions: rows are created, changed and deleted, ten at a time."""
    random = Random(number)
    for _ in range(WRITES):
        with revise(year.school_id):
            kept = list(Break.objects.filter(academic_year=year, name=f"of {number}")[:50])
            if len(kept) < ROWS or random.random() < 0.4:
                made = [BreakFactory.build(academic_year=year) for _ in range(ROWS)]
                for row in made:
                    row.name = f"of {number}"
                Break.objects.bulk_create(made)
            elif random.random() < 0.5:
                some = [row.pk for row in random.sample(kept, ROWS)]
                end = year.end_date - dt.timedelta(days=random.randrange(90))
                Break.objects.filter(pk__in=some).update(end_date=end)
            else:
                some = [row.pk for row in random.sample(kept, ROWS)]
                Break.objects.filter(pk__in=some).delete()
            time.sleep(random.random() / 200)  # what is stamped by now is committed later
    connection.close()


def follow(followers: list[Follower], is_over: Event) -> int:
    """Read in small pieces until nobody writes any more; return how often a page was cut."""
    random, cut = Random(0), 0
    while not is_over.is_set():
        for each in followers:
            cut += each.read_on(random.randint(1, 40))
    connection.close()
    return cut


def watch_clocks(watcher: Clockwatcher, is_over: Event) -> None:
    while not is_over.is_set():
        watcher.read_on()
    connection.close()


def test_of_five_thousand_changes_by_eight_writers_none_is_missed() -> None:
    years = [AcademicYearFactory.create(school=SchoolFactory.create()) for _ in range(SCHOOLS)]
    followers = [Follower(year.school_id) for year in years]
    watcher, is_over = Clockwatcher(), Event()
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        following = pool.submit(follow, followers, is_over)
        watching = pool.submit(watch_clocks, watcher, is_over)
        try:
            writing = [pool.submit(write, each, years[each % SCHOOLS]) for each in range(WRITERS)]
            for each in writing:
                each.result(SECONDS)
        finally:
            is_over.set()
        assert following.result(SECONDS) > 0
        watching.result(SECONDS)
    for follower in followers:
        while follower.read_on(7):
            pass
        rows = Break.objects.filter(school=follower.school)
        assert follower.copy == {row.id: columns(row) for row in rows}
    assert Break.history.count() >= 5_000
    for _ in range(200):
        watcher.read_on()
    rows = {row.id: columns(row) for row in Break.objects.all()}
    lost = [key for key, row in rows.items() if watcher.copy.get(key) != row]
    assert lost, "going by the clock was expected to miss some"
