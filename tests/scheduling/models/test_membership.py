"""What a role reaches: own school, district, foreign and public schools, and all that is below."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.revision import revise
from scheduling import models
from scheduling.access import ANYBODY, Actor
from scheduling.models import District, Membership, Role, School
from tests.conftest import codes
from tests.factories import (
    AcademicYearFactory,
    ApplicationFactory,
    DistrictFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

ROLES = ["viewer", "editor", "admin"]


@pytest.fixture
def schools() -> dict[str, School]:
    """The own school, its neighbour, a foreign and a public one, with a year each."""
    district = DistrictFactory.create(slug="harbor")
    named = {
        "own": SchoolFactory.create(district=district, is_public=False),
        "neighbour": SchoolFactory.create(district=district, is_public=False),
        "foreign": SchoolFactory.create(district__slug="far", is_public=False),
        "public": SchoolFactory.create(district__slug="open", is_public=True),
    }
    for school in named.values():
        AcademicYearFactory.create(school=school)
    return named


def person(**place: Any) -> Actor:
    return Actor(MembershipFactory.create(**place).user)


def program(**place: Any) -> Actor:
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, **place)
    return Actor(application.user, application)


def reached(actor: Actor, schools: dict[str, School], role: str) -> set[str]:
    """Return the names of the schools that are reached, and require the same of what is below."""
    found = set(School.objects.for_actor(actor, role))
    years = {each.school for each in models.AcademicYear.objects.for_actor(actor, role)}
    assert years == found, "who reaches a school reaches all of it, and no more"
    return {name for name, school in schools.items() if school in found}


@pytest.mark.parametrize("held", ROLES)
@pytest.mark.parametrize("member", [person, program])
@pytest.mark.parametrize("place", ["school", "district"])
def test_a_role_reaches_its_place_if_it_is_high_enough(schools, place, member, held):
    where = {"school": schools["own"], "district": schools["own"].district}[place]
    actor = member(**{place: where}, role=held)
    in_place = {"school": {"own"}, "district": {"own", "neighbour"}}[place]
    of_place = {"school": set(), "district": {"harbor"}}[place]

    for asked in ROLES:
        is_enough = ROLES.index(held) >= ROLES.index(asked)
        readable = {"public"} if asked == "viewer" else set()
        assert reached(actor, schools, asked) == (in_place if is_enough else set()) | readable

        districts = {each.slug for each in District.objects.for_actor(actor, asked)}
        of_readable = {"harbor", "open"} if asked == "viewer" else set()
        assert districts == (of_place if is_enough else set()) | of_readable


@pytest.mark.parametrize(
    ("asked", "found"), [("viewer", {"public"}), ("editor", set()), ("admin", set())]
)
def test_anybody_reads_public_schools_and_nothing_else(schools, asked, found):
    stranger = Actor(UserFactory.create())
    for actor in (ANYBODY, stranger):
        assert reached(actor, schools, asked) == found
        assert {each.slug for each in District.objects.for_actor(actor, asked)} == {
            "open" for _ in found
        }


def test_a_superuser_reaches_everything(schools):
    boss = Actor(UserFactory.create(is_superuser=True))
    for role in ROLES:
        assert reached(boss, schools, role) == set(schools)
        assert District.objects.for_actor(boss, role).count() == 3


def test_a_superuser_who_was_dismissed_reaches_what_anybody_does(schools):
    boss = Actor(UserFactory.create(is_superuser=True, is_active=False))
    assert reached(boss, schools, "viewer") == {"public"}


def test_a_program_has_its_own_roles_and_not_those_of_its_account(schools):
    application = ApplicationFactory.create()
    MembershipFactory.create(user=application.user, school=schools["own"], role="admin")
    assert reached(Actor(application.user, application), schools, "viewer") == {"public"}


def test_a_person_has_no_roles_of_programs(schools):
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, school=schools["own"], role="admin")
    assert reached(Actor(application.user), schools, "viewer") == {"public"}


def test_the_highest_of_several_roles_counts(schools):
    someone = UserFactory.create()
    MembershipFactory.create(user=someone, school=schools["own"], role="viewer")
    MembershipFactory.create(user=someone, district=schools["own"].district, role="editor")
    actor = Actor(someone)
    assert reached(actor, schools, "editor") == {"own", "neighbour"}
    assert reached(actor, schools, "admin") == set()
    assert School.objects.for_actor(actor).filter(pk=schools["own"].pk).count() == 1


def test_what_is_below_is_filtered_in_one_query(schools, django_assert_num_queries):
    actor = person(school=schools["own"], role="editor")
    with django_assert_num_queries(1):
        assert len(models.AcademicYear.objects.for_actor(actor, "editor")) == 1


@pytest.mark.parametrize("place", ["school", "district"])
def test_memberships_are_for_the_admins_of_their_place(schools, place):
    own, district = schools["own"], schools["own"].district
    elsewhere = MembershipFactory.create(school=schools["foreign"])
    public = MembershipFactory.create(school=schools["public"])
    below = MembershipFactory.create(school=own)
    above = MembershipFactory.create(district=district)
    admin = MembershipFactory.create(**{place: {"school": own, "district": district}[place]})

    for role, found in (
        ("viewer", set()),
        ("editor", set()),
        ("admin", {below, admin, *([above] if place == "district" else [])}),
    ):
        Membership.objects.filter(pk=admin.pk).update(role=role)
        assert set(Membership.objects.for_actor(Actor(admin.user))) == found
    boss = Actor(UserFactory.create(is_superuser=True))
    assert {elsewhere, public} < set(Membership.objects.for_actor(boss))
    assert not Membership.objects.for_actor(ANYBODY).exists()


@pytest.mark.parametrize(
    ("role", "able"),
    [("viewer", ROLES), ("editor", ["editor", "admin"]), ("admin", ["admin"])],
)
def test_each_role_may_do_what_those_before_it_may(role, able):
    assert Role.at_least(role) == able


# What must never be false


def wrong(kind: str) -> Membership:
    held = MembershipFactory.create()
    program_ = ApplicationFactory.create()
    district = DistrictFactory.create()
    rows = {
        "nobodys": Membership(school=held.school),
        "two-members": Membership(user=held.user, application=program_, district=district),
        "nowhere": Membership(user=held.user),
        "two-places": Membership(application=program_, school=held.school, district=district),
        "unknown-role": Membership(user=held.user, district=district, role="boss"),
        "empty-role": Membership(user=held.user, district=district, role=""),
        "twice": Membership(user=held.user, school=held.school, role="admin"),
        "twice-a-program": Membership(application=program_, district=district),
    }
    if kind == "twice-a-program":
        MembershipFactory.create(application=program_, district=district)
    return rows[kind]


WRONG = {
    "nobodys": {"": {"person_or_program"}},
    "two-members": {"": {"person_or_program"}},
    "nowhere": {"": {"school_or_district"}},
    "two-places": {"": {"school_or_district"}},
    "unknown-role": {"role": {"invalid_choice"}},
    "empty-role": {"role": {"blank"}},
    "twice": {"": {"membership_taken"}},
    "twice-a-program": {"": {"membership_taken"}},
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_membership_that_makes_no_sense_is_refused(kind):
    with pytest.raises(ValidationError) as refusal:
        wrong(kind).save()
    assert codes(refusal.value) == WRONG[kind]


@pytest.mark.parametrize("kind", WRONG)
def test_it_is_refused_by_the_database_too(kind):
    row = wrong(kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.bulk_create([row])


@pytest.mark.parametrize("field", ["user", "application", "school", "district"])
def test_of_a_membership_only_the_role_changes(field):
    held = MembershipFactory.create(
        **({"application": ApplicationFactory.create()} if field == "application" else {}),
        **({"district": DistrictFactory.create()} if field == "district" else {}),
    )
    other = {
        "user": UserFactory,
        "application": ApplicationFactory,
        "school": SchoolFactory,
        "district": DistrictFactory,
    }[field].create()

    held.role = "admin"
    held.save()
    setattr(held, field, other)

    with pytest.raises(ValidationError) as refusal:
        held.save()
    assert codes(refusal.value) == {field: {"fixed"}}
    assert Membership.objects.get().role == "admin"


def test_memberships_go_with_whom_and_what_they_are_about():
    for gone in ("user", "application", "school", "district"):
        held = MembershipFactory.create(
            **({"application": ApplicationFactory.create()} if gone == "application" else {}),
            **({"district": DistrictFactory.create()} if gone == "district" else {}),
        )
        with revise(*filter(None, [held.school])):  # an account leaves the history, too
            getattr(held, gone).delete()
        assert not Membership.objects.filter(pk=held.pk).exists()


def test_a_membership_says_whose_it_is():
    held = MembershipFactory.create(user=UserFactory.create(username="miss-moon"), role="editor")
    assert str(held) == "miss-moon: Editor: changes the calendar"
