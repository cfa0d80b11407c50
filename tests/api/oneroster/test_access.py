"""Who sees what: what is another district's does not exist."""

from typing import Any

import pytest
from oauth2_provider.models import Application

from scheduling.models import Membership
from tests.api.oneroster.conftest import HERE, Harbor, Reader, plant, reader_of
from tests.factories import (
    AcademicYearFactory,
    ApplicationFactory,
    SchoolFactory,
    UserFactory,
    bearer,
)
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley(harbor) -> Harbor:
    """Another district, of which one school is for everybody to read."""
    return plant_valley()


@kept
def plant_valley() -> Harbor:
    return plant("d2", "sch2", prefix="v-")


def everything(reader: Reader) -> set[str]:
    ids = {*reader.ids("/orgs"), *reader.ids("/academicSessions")}
    assert {*reader.ids("/terms"), *reader.ids("/gradingPeriods"), *reader.ids("/schools")} <= ids
    return ids


HARBORS = {"d1", "sch1", "y27", "sem1", "sem2", "q1", "q2"}
VALLEYS = {"d2", "sch2", "v-y27", "v-sem1", "v-sem2", "v-q1", "v-q2"}


def test_a_program_of_a_district_sees_all_of_it_and_no_other(harbor, valley) -> None:
    assert everything(reader_of(harbor.district)) == HARBORS
    assert everything(reader_of(valley.district)) == VALLEYS


def test_a_public_calendar_is_no_roster(harbor, valley) -> None:
    valley.school.is_public = True
    valley.school.save()
    assert everything(reader_of(harbor.district)) == HARBORS


PATHS = [
    "/orgs/d2",
    "/orgs/sch2",
    "/schools/sch2",
    "/academicSessions/v-y27",
    "/terms/v-sem1",
    "/gradingPeriods/v-q1",
    "/schools/sch2/terms",
    "/terms/v-sem1/gradingPeriods",
]


@pytest.mark.parametrize("path", PATHS)
def test_what_is_foreign_cannot_be_told_from_what_is_missing(harbor, valley, path: str) -> None:
    reader = reader_of(harbor.district)
    foreign = reader.get(path, status=404).content
    missing = path.replace("v-", "w-").replace("d2", "d3").replace("sch2", "sch3")
    assert reader.get(missing, status=404).content == (
        foreign.replace(b"v-", b"w-").replace(b"d2", b"d3").replace(b"sch2", b"sch3")
    )
    assert reader_of(valley.district).get(path).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "sourcedId='v-sem1'",
        "parent.sourcedId='v-sem1'",
        "metadata.orgSourcedId='sch2'",
        "children~'v-q1'",
        "status='active' OR sourcedId~'v-'",
    ],
)
def test_no_filter_reaches_what_is_foreign(harbor, valley, asked: str) -> None:
    response = reader_of(harbor.district).get("/academicSessions", filter=asked)
    found = {each["sourcedId"] for each in response.json()["academicSessions"]}
    assert found <= HARBORS
    assert int(response["X-Total-Count"]) == len(found)


def test_ids_may_be_the_same_in_two_districts(harbor) -> None:
    twin = plant("d2", "sch1")
    reader = reader_of(twin.district)
    assert everything(reader) == (HARBORS - {"d1"}) | {"d2"}
    assert reader.ids("/schools/sch1/terms") == ["sem1", "sem2"]
    assert reader.ids("/terms/sem1/gradingPeriods") == ["q1", "q2"]
    assert [each["sourcedId"] for each in reader.read("/orgs/d2")["children"]] == ["sch1"]


def test_a_program_of_one_school_sees_its_district_and_none_of_the_others(harbor) -> None:
    other = SchoolFactory.create(district=harbor.district, sourced_id="sch9")
    AcademicYearFactory.create(school=other, sourced_id="y99")
    reader = reader_of(harbor.school)
    assert everything(reader) == HARBORS
    district = reader.read("/orgs/d1")
    assert [each["sourcedId"] for each in district["children"]] == ["sch1"]
    reader.get("/orgs/sch9", status=404)
    for each in district["children"]:
        reader.get(each["href"].removeprefix(HERE + reader.root))
    assert [
        each["sourcedId"] for each in reader_of(harbor.district).read("/orgs/d1")["children"]
    ] == [
        "sch1",
        "sch9",
    ]


def test_a_program_of_two_places_sees_both(harbor, valley) -> None:
    reader = reader_of(harbor.school)
    Membership(application=Application.objects.get(), district=valley.district).save()
    assert everything(reader) == HARBORS | VALLEYS


def test_a_superusers_program_sees_everything(harbor, valley) -> None:
    boss = UserFactory.create(is_superuser=True)
    reader = Reader(bearer(ApplicationFactory.create(user=boss), "calendar.read"))
    assert everything(reader) == HARBORS | VALLEYS
    assert reader.read("/terms/v-sem2")["sourcedId"] == "v-sem2"
    assert reader.ids("/schools/sch2/terms") == ["v-sem1", "v-sem2"]


def test_a_role_that_is_taken_away_counts_at_once_without_a_memory(harbor) -> None:
    reader = reader_of(harbor.district)
    assert everything(reader) == HARBORS
    Membership.objects.all().delete()
    assert everything(reader) == set()


@pytest.mark.parametrize("active", [True, False])
def test_a_program_whose_account_is_shut_gets_nothing(harbor, active: bool) -> None:
    reader = reader_of(harbor.district)
    user: Any = Application.objects.get().user
    user.is_active = active
    user.save()
    reader.get("/orgs", status=200 if active else 401)
