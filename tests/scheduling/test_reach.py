"""Who reads which school: in memory as in the database."""

from random import Random

import pytest

from scheduling.access import ANYBODY, Actor
from scheduling.models import Role, School
from scheduling.reach import Reach
from scheduling.states import state_of
from tests.factories import ApplicationFactory, DistrictFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(5))
def test_memory_and_database_let_the_same_actors_read_the_same_schools(seed: int) -> None:
    random = Random(seed)
    districts = DistrictFactory.create_batch(3)
    schools = [
        SchoolFactory.create(district=random.choice(districts), is_public=random.random() < 0.3)
        for _ in range(8)
    ]
    programs = [
        ApplicationFactory.create(user__is_superuser=random.random() < 0.2) for _ in range(5)
    ]
    actors = [ANYBODY]
    for program in programs:
        actors += [Actor(program.user, program), Actor(program.user), Actor(None, program)]
        for name, places in (("school", schools), ("district", districts)):
            place, role = random.choice(places), random.choice(Role.values)
            MembershipFactory.create(application=program, **{name: place}, role=role)
            place = random.choice(places)
            MembershipFactory.create(
                user=program.user, application=None, **{name: place}, role=role
            )
    for actor in actors:
        reach = Reach.of(actor)
        read = {school.pk for school in schools if reach.includes(state_of(school.slug))}
        assert read == set(School.objects.for_actor(actor).values_list("pk", flat=True))


def test_a_strangers_reach_costs_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert Reach.of(ANYBODY) == Reach()
