"""Who only follows the feed of a district has what is there, whatever happened meanwhile."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from django.db import transaction
from typing_extensions import override

from api import sync_tokens
from core.revision import revise
from scheduling import checkpoints, district_changes
from scheduling.changes import SCHOOLS, Changes, PositionLost
from scheduling.checkpoints import newest_checkpoint
from scheduling.district_changes import DISTRICTS, Mark
from scheduling.models import (
    AcademicYear,
    Break,
    District,
    PeriodDefinition,
    PeriodTemplate,
    School,
)
from scheduling.reach import Reach
from tests.factories import (
    BreakFactory,
    DistrictFactory,
    PeriodTemplateFactory,
    SchoolFactory,
)
from tests.scheduling.following import DistrictClient

pytestmark = pytest.mark.django_db

STEPS = 40


class World:
    """Two districts in which anything may happen to anything."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.districts = [DistrictFactory.create(), DistrictFactory.create()]
        for _ in range(4):
            self.open_school()

    def happen(self) -> None:
        """Let something happen."""
        anything: list[Callable[[], Any]] = [
            self.write_breaks, self.write_breaks, self.write_breaks, self.write_periods,
            self.write_school, self.write_school, self.move_school, self.open_school,
            self.close_school, self.write_district, self.write_all_at_once,
        ]  # fmt: skip
        self.random.choice(anything)()

    def school(self) -> Any:
        return self.random.choice(list(School.objects.order_by("id")))

    def open_school(self) -> None:
        school = SchoolFactory.create(
            district=self.random.choice(self.districts), is_public=self.random.random() < 0.5
        )
        BreakFactory.create(academic_year__school=school)

    def close_school(self) -> None:
        if School.objects.count() > 3:
            school = self.school()
            with revise(school):
                for rows in (Break, AcademicYear, PeriodDefinition, PeriodTemplate):
                    rows.objects.filter(school=school).delete()
                school.delete()

    def write_breaks(self) -> None:
        school, random = self.school(), self.random
        with revise(school):
            for _ in range(random.randint(1, 4)):
                rows = list(Break.objects.filter(school=school).order_by("id"))
                if len(rows) < 2 or random.random() < 0.5:
                    year = AcademicYear.objects.get(school=school)
                    Break.objects.bulk_create([BreakFactory.build(academic_year=year)])
                elif random.random() < 0.5:
                    Break.objects.filter(pk=random.choice(rows).pk).delete()
                else:
                    some = Break.objects.filter(pk=random.choice(rows).pk)
                    some.update(name=f"Break {random.random()}")

    def write_periods(self) -> None:
        school = self.school()
        templates = PeriodTemplate.objects.filter(school=school)
        if templates.exists():
            templates.delete()
            return
        with revise(school):
            template = PeriodTemplateFactory.create(school=school)
            template.periods.create(number=1, name="One", start=dt.time(9), length=50)

    def write_school(self) -> None:
        changed = self.random.choice(
            [{"name": f"Maple {self.random.random()}"}, {"is_public": True}, {"is_public": False}]
        )
        School.objects.filter(pk=self.school().pk).update(**changed)

    def move_school(self) -> None:
        district = self.random.choice(self.districts)
        School.objects.filter(pk=self.school().pk).update(district=district)

    def write_all_at_once(self) -> None:
        """Let a school go out of sight and come back in one revision."""
        school = self.school()
        with revise(school):
            for is_public in (not school.is_public, school.is_public):
                School.objects.filter(pk=school.pk).update(is_public=is_public)

    def write_district(self) -> None:
        district = self.random.choice(self.districts)
        District.objects.filter(pk=district.pk).update(name=f"Harbor {self.random.random()}")


@dataclass(kw_only=True)
class Hasty(DistrictClient):
    """Takes the end of what it reads for the end of all: a control, which loses changes."""

    @override
    def ask(self, limit: int) -> tuple[Changes[Any], str]:
        found, _token = super().ask(limit)
        if not found.has_more:
            newest = newest_checkpoint()
            now = Mark(newest.number, newest.token)
            found = replace(found, reached=replace(found.reached, base=now, target=now))
        return found, sync_tokens.written_of_district(found.reached)


def live(world: World, clients: list[DistrictClient]) -> None:
    """Let things happen, and clients read on, be stopped and go on from what they have saved."""
    random = world.random
    for _ in range(STEPS):
        world.happen()
        for each in random.sample(clients, 2):
            each.read_on(random.randint(1, 6))
            if random.random() < 0.4:
                each.save()
            elif random.random() < 0.2:
                each.restart()


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_history_a_client_has_what_is_there(monkeypatch, seed: int) -> None:
    monkeypatch.setattr(district_changes, "SCHOOLS_AT_ONCE", 2)
    world = World(Random(seed))
    one, other = (district.pk for district in world.districts)
    member = Reach(schools=frozenset(School.objects.values_list("pk", flat=True)[:2]))
    clients = [
        DistrictClient(district=one, reach=Reach(districts=frozenset({one}))),
        DistrictClient(district=one, reach=Reach()),
        DistrictClient(district=one, reach=member),
        DistrictClient(district=other),
    ]
    live(world, clients)
    for client in clients:
        client.catch_up(20)
        assert client.copy == client.should_have()


@dataclass
class Small:
    """A district with two schools, and a client that knows all of it."""

    district: District
    schools: list[School]
    client: DistrictClient
    told: list[tuple[str, str, Any]] = field(default_factory=list)

    def news(self, limit: int = 100) -> list[tuple[str, str, Any]]:
        """Return what the client is told, until there is no more."""
        told = []
        while True:
            found, token = self.client.ask(limit)
            told += [
                ("delete" if each.row is None else "upsert", each.kind, each.place.id)
                for each in found.changes
            ]
            self.client.token = token
            if not found.has_more:
                return told


@pytest.fixture
def small() -> Small:
    district = DistrictFactory.create()
    schools = [SchoolFactory.create(district=district) for _ in range(2)]
    return Small(district, schools, DistrictClient(district=district.pk, reach=Reach()))


def change(school: School, **values: Any) -> None:
    School.objects.filter(pk=school.pk).update(**values)


def test_the_district_comes_first_and_again_when_it_changes(small) -> None:
    schools = sorted(school.pk for school in small.schools)
    own = ("upsert", DISTRICTS, small.district.pk)
    assert small.news() == [own, *(("upsert", SCHOOLS, pk) for pk in schools)]
    District.objects.filter(pk=small.district.pk).update(name="Bay District")
    assert small.news() == [own]
    assert small.news() == []


def test_a_school_that_comes_into_sight_is_told_in_full_and_one_that_goes_as_deleted(small) -> None:
    one, other = small.schools
    row = BreakFactory.create(academic_year__school=one)
    all_of_it = [
        ("upsert", SCHOOLS, one.pk),
        ("upsert", "academic-years", row.academic_year_id),
        ("upsert", "breaks", row.pk),
    ]
    change(one, is_public=False)
    assert small.news()[1:] == [("upsert", SCHOOLS, other.pk)]
    change(one, is_public=True)
    assert sorted(small.news()) == sorted(all_of_it)
    change(one, district=DistrictFactory.create())
    assert small.news() == [("delete", SCHOOLS, one.pk)]
    change(one, district=small.district)
    assert sorted(small.news()) == sorted(all_of_it)
    change(one, is_public=False)
    BreakFactory.create(academic_year=row.academic_year).delete()
    change(one, is_public=True)
    told = small.news()
    assert told[0] == ("delete", SCHOOLS, one.pk)
    assert sorted(told[1:]) == sorted(all_of_it)


def test_nobody_is_told_of_a_school_that_is_out_of_sight(small) -> None:
    small.news()
    hidden = SchoolFactory.create(district=small.district, is_public=False)
    BreakFactory.create(academic_year__school=hidden).delete()
    assert small.news() == []
    change(hidden, district=DistrictFactory.create())
    assert small.news() == []


def test_a_school_that_hides_while_it_is_read_is_left_for_the_next_round(small) -> None:
    one = min(small.schools, key=lambda school: school.pk)
    BreakFactory.create(academic_year__school=one)
    small.client.read_on(2)  # the district, and the school itself
    change(one, is_public=False)
    assert {kind for _op, kind, _pk in small.news()} == {SCHOOLS}
    change(one, is_public=True)
    told = small.news()
    assert told[0] == ("delete", SCHOOLS, one.pk)
    assert len(told) == 4


def test_what_happens_to_a_school_after_its_turn_comes_in_the_next_round(small) -> None:
    one = min(small.schools, key=lambda school: school.pk)
    hasty = Hasty(district=small.district.pk)
    for client in (small.client, hasty):
        client.read_on(2)  # the district, and this school
    change(one, name="Oak High")
    for client in (small.client, hasty):
        client.catch_up(2)
    assert small.client.copy == small.client.should_have()
    assert hasty.copy != hasty.should_have(), "it was expected to lose some"


def test_pages_may_be_as_small_as_can_be(small, monkeypatch) -> None:
    monkeypatch.setattr(district_changes, "SCHOOLS_AT_ONCE", 1)
    for _ in range(2):
        assert len(small.news(limit=1)) == 3
        small.client.token = None


def test_who_had_to_wait_for_a_turn_takes_the_checkpoint_that_is_there_by_then(small) -> None:
    newest = newest_checkpoint()
    assert str(newest) == "Checkpoint 1"
    assert checkpoints._made() == newest == newest_checkpoint()


def lost(client: DistrictClient) -> bool:
    try:
        client.ask(100)
    except PositionLost:
        return True
    return False


def test_a_position_is_lost_with_the_history_that_it_is_of(small) -> None:
    small.news()
    before = small.client.token
    with transaction.atomic():  # what a backup that is restored lacks
        change(small.schools[0], name="Oak High")
        small.news()
        transaction.set_rollback(True)
    assert lost(small.client)
    change(small.schools[0], name="Elm High")
    assert newest_checkpoint().number == 2  # the same number again, and another token
    assert lost(small.client)
    small.client.token = before
    assert not lost(small.client)


def test_a_position_is_lost_in_the_middle_of_a_round_too(small) -> None:
    small.news()
    with transaction.atomic():
        for school in small.schools:
            change(school, name="Oak High")
        small.client.read_on(1)
        transaction.set_rollback(True)
    assert lost(small.client)


def test_a_position_is_of_one_district_and_of_one_reach(small) -> None:
    small.news()
    for values in (
        {"district": DistrictFactory.create().pk},
        {"reach": Reach(schools=frozenset({small.schools[0].pk}))},
        {"reach": Reach(districts=frozenset({small.district.pk}))},
    ):
        assert lost(replace(small.client, **values))
    elsewhere = Reach(districts=frozenset({DistrictFactory.create().pk}))
    assert not lost(replace(small.client, reach=elsewhere))
