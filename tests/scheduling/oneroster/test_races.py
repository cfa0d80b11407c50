"""Rosters while several write at once."""

import json

import pytest

from scheduling.models import RosterOrg, RosterSession
from tests.core.racing import race
from tests.factories import AcademicYearFactory, DistrictFactory, SchoolFactory, TermFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_schools_that_join_a_district_at_once_are_all_told_of() -> None:
    district = DistrictFactory.create()
    before = RosterOrg.objects.get().date_last_modified

    def join(number: int) -> None:
        SchoolFactory.create(district=district, slug=f"school-{number}")

    assert race(join, threads=4) == [None] * 4
    told = RosterOrg.objects.filter(type="school", parent_sourced_id=str(district.pk))
    assert told.count() == 4
    after = RosterOrg.objects.get(type="district").date_last_modified
    assert after > before
    assert after >= max(told.values_list("date_last_modified", flat=True))


def test_terms_that_join_a_year_at_once_are_all_its_children() -> None:
    year = AcademicYearFactory.create()

    def join(number: int) -> None:
        kind = ("SEM1", "SEM2", "TRI1", "TRI2")[number]
        TermFactory.create(academic_year=year, term_type=kind)

    assert race(join, threads=4) == [None] * 4
    told = json.loads(RosterSession.objects.get(row_id=year.pk).body)
    names = RosterSession.objects.filter(type="term").values_list("sourced_id", flat=True)
    assert {each["sourcedId"] for each in told["children"]} == set(names)
    assert len(names) == 4
    times = RosterSession.objects.values_list("date_last_modified", flat=True)
    assert told["dateLastModified"] == max(times)
