"""Who only follows the change feeds misses nothing, however many write meanwhile."""

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
from scheduling import district_changes
from scheduling.checkpoints import newest_checkpoint
from scheduling.models import AcademicYear, Break, Checkpoint, District, Revision, School
from scheduling.reach import Reach
from tests.core.racing import race
from tests.factories import AcademicYearFactory, BreakFactory, DistrictFactory, SchoolFactory
from tests.scheduling.following import Client, DistrictClient, SchoolClient, present

pytestmark = pytest.mark.django_db(transaction=True)

IS_SQLITE = connection.vendor == "sqlite"
SCHOOLS, WRITERS = 4, 8
WRITES, ROWS = (5, 10) if IS_SQLITE else (27, 25)
CHANGES = 200 if IS_SQLITE else 5_000
SECONDS = 120


@dataclass
class Clockwatcher:
    """Keeps a copy of all breaks by asking for those with a later `updated_at`."""

    copy: dict[UUID, Any] = field(default_factory=dict)
    seen: tuple[dt.datetime, UUID] = (dt.datetime.min.replace(tzinfo=dt.UTC), UUID(int=0))

    def read_on(self) -> None:
        time_seen, last = self.seen
        later = Q(updated_at__gt=time_seen) | Q(updated_at=time_seen, id__gt=last)
        for row in Break.objects.filter(later).order_by("updated_at", "id")[:100]:
            self.copy[row.id] = row.revision
            self.seen = row.updated_at, row.id

    def lost(self) -> list[Break]:
        """Read on to the end, and return the rows that it does not know as they are."""
        for _ in range(200):
            self.read_on()
        return [row for row in Break.objects.all() if self.copy.get(row.id) != row.revision]


@dataclass
class Writer:
    """Makes random revisions of one school: rows come, change and go, many at a time.

    At times it does something to the school itself, or to another that comes and goes.
    """

    number: int
    year: AcademicYear
    districts: list[District]
    random: Random
    guests: list[School] = field(default_factory=list)

    def write(self) -> None:
        for _ in range(WRITES):
            if self.random.random() < 0.3:
                self.random.choice([self.rename, self.hide_or_show, self.move, self.visit])()
            self.write_rows()
        connection.close()

    def write_rows(self) -> None:
        random, year = self.random, self.year
        with revise(year.school_id):
            own = Break.objects.filter(academic_year=year, name=f"of {self.number}")
            kept = list(own[: 5 * ROWS])
            if len(kept) < ROWS or random.random() < 0.4:
                Break.objects.bulk_create(self.breaks_of(year))
            elif random.random() < 0.5:
                some = [row.pk for row in random.sample(kept, ROWS)]
                end = year.end_date - dt.timedelta(days=random.randrange(90))
                Break.objects.filter(pk__in=some).update(end_date=end)
            else:
                some = [row.pk for row in random.sample(kept, ROWS)]
                Break.objects.filter(pk__in=some).delete()
            time.sleep(random.random() / 200)  # what is stamped by now is committed later

    def breaks_of(self, year: AcademicYear) -> list[Break]:
        name = f"of {self.number}"
        return [BreakFactory.build(academic_year=year, name=name) for _ in range(ROWS)]

    def rename(self) -> None:
        self.school().update(name=f"Maple {self.random.random()}")

    def hide_or_show(self) -> None:
        self.school().update(is_public=self.random.random() < 0.5)

    def move(self) -> None:
        self.school().update(district=self.random.choice(self.districts))

    def school(self) -> Any:
        return School.objects.filter(pk=self.year.school_id)

    def visit(self) -> None:
        """Let a school come, or one go that has come before."""
        if self.guests and self.random.random() < 0.5:
            guest = self.guests.pop()
            with revise(guest):
                for rows in (Break, AcademicYear):
                    rows.objects.filter(school=guest).delete()
                guest.delete()
            return
        guest = SchoolFactory.build(district=self.random.choice(self.districts))
        guest.slug = f"guest-{guest.pk}"
        with revise(guest):
            guest.save()
            year = AcademicYearFactory.create(school=guest)
            Break.objects.bulk_create(self.breaks_of(year))
        self.guests.append(guest)


def follow(clients: list[Client], is_over: Event) -> tuple[int, int]:
    """Read in small pieces until nobody writes any more; return how often a page was cut.

    And how often a client was stopped, and began again from what it had saved.
    """
    random, passes, cut, stopped = Random(0), 0, 0, 0
    while passes < 3 or not is_over.is_set():
        passes += 1
        for number, each in enumerate(clients):
            cut += each.read_on(random.randint(1, 60))
            if random.random() < 0.3:
                each.save()
            elif number == stopped % len(clients):
                each.restart()
                stopped += 1
        time.sleep(0.005)  # let the writers write
    connection.close()
    return cut, stopped


def watch_clocks(watcher: Clockwatcher, is_over: Event) -> None:
    while not is_over.is_set():
        watcher.read_on()
        time.sleep(0.002)
    connection.close()


def test_of_five_thousand_changes_by_eight_writers_none_is_missed(monkeypatch) -> None:
    monkeypatch.setattr(district_changes, "SCHOOLS_AT_ONCE", 2)
    districts = [DistrictFactory.create() for _ in range(2)]
    years = [
        AcademicYearFactory.create(school=SchoolFactory.create(district=districts[each % 2]))
        for each in range(SCHOOLS)
    ]
    writers = [
        Writer(each, years[each % SCHOOLS], districts, Random(each)) for each in range(WRITERS)
    ]
    of_schools = [SchoolClient(school=year.school_id) for year in years]
    member = Reach(schools=frozenset({years[0].school_id}))
    of_districts = [
        DistrictClient(district=districts[0].pk),
        DistrictClient(district=districts[1].pk),
        DistrictClient(district=districts[0].pk, reach=Reach()),
        DistrictClient(district=districts[1].pk, reach=member),
    ]
    watcher, is_over = Clockwatcher(), Event()
    with ThreadPoolExecutor(WRITERS + 3) as pool:
        following = [pool.submit(follow, each, is_over) for each in (of_schools, of_districts)]
        watching = pool.submit(watch_clocks, watcher, is_over)
        try:
            for each in [pool.submit(writer.write) for writer in writers]:
                each.result(SECONDS)
        finally:
            is_over.set()
        cut, stopped = map(sum, zip(*(each.result(SECONDS) for each in following), strict=True))
        assert cut > 0
        assert stopped > 0
        watching.result(SECONDS)
    for client in of_schools:
        client.catch_up(100)
        assert client.copy == present(School.objects.filter(pk=client.school))
    for client in of_districts:
        client.catch_up(100)
        assert client.copy == client.should_have()
    assert Break.history.count() >= CHANGES
    assert IS_SQLITE or watcher.lost(), "going by the clock was expected to miss some"


def test_checkpoints_that_are_made_at_once_have_all_that_was_there() -> None:
    school = SchoolFactory.create()

    def write_and_look(number: int) -> int:
        School.objects.filter(pk=school.pk).update(name=f"Maple {number}")
        known = Revision.objects.filter(school=school).count()
        newest = newest_checkpoint().number
        assert Revision.objects.filter(checkpoint__lte=newest).count() >= known
        return newest

    numbers = race(write_and_look, threads=8)
    assert set(numbers) <= set(Checkpoint.objects.values_list("number", flat=True)), numbers
    log = Revision.objects.order_by("number").values_list("checkpoint", flat=True)
    assert None not in list(log)
    assert list(log) == sorted(log)
