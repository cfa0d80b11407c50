"""What is said of orgs and sessions follows from the rows, in whatever way they are written."""

import datetime as dt
import json
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.revision import revise
from scheduling import oneroster
from scheduling.models import (
    AcademicYear,
    ClientRoster,
    Quarter,
    RosterOrg,
    RosterSession,
    School,
    Term,
)
from tests.factories import (
    AcademicYearFactory,
    ApplicationFactory,
    DistrictFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    SchoolFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


def told(row: Any, **where: Any) -> Any:
    """Return what is told of a row, as JSON."""
    model = RosterSession if isinstance(row, AcademicYear | Term | Quarter) else RosterOrg
    return json.loads(model.objects.get(row_id=row.pk, **where).body)


def delete(row: Any) -> None:
    """Delete a row, and keep its id to ask for."""
    pk = row.pk
    row.delete()
    row.pk = pk


def changed(row: Any) -> str:
    return told(row)["dateLastModified"]


def parts(row: Any) -> list[str]:
    return [each["sourcedId"] for each in told(row).get("children", [])]


@pytest.fixture
def term() -> Term:
    with time_machine.travel(NOON, tick=False):
        return TermFactory.create(sourced_id="sem1", academic_year__sourced_id="y27")


# When it was last changed


def test_a_session_is_new_when_it_gets_a_part(term: Term) -> None:
    before = changed(term.academic_year)
    with time_machine.travel(NOON + dt.timedelta(hours=1), tick=False):
        quarter = QuarterFactory.create(term=term, sourced_id="q1")
    assert changed(term) == changed(quarter) == "2026-07-01T13:00:00.000Z"
    assert parts(term) == ["q1"]
    assert changed(term.academic_year) == before


@pytest.mark.parametrize("field", ["metadata", "sourced_id"])
def test_what_is_not_told_changes_nothing(term: Term, field: str) -> None:
    before = told(term)
    setattr(term, field, {"color": "blue"} if field == "metadata" else "another")
    term.save()
    term.save()
    PeriodTemplateFactory.create(school=term.school)
    assert told(term) == before


@pytest.mark.parametrize("later", [dt.timedelta(0), dt.timedelta(days=-1)])
def test_time_moves_on_by_a_millisecond_at_least(term: Term, later: dt.timedelta) -> None:
    with time_machine.travel(NOON + later, tick=False):
        term.name = "Fall"
        term.save()
    before = told(term.academic_year)["dateLastModified"]
    assert (before, changed(term)) == ("2026-07-01T12:00:00.001Z", "2026-07-01T12:00:00.002Z")


def test_a_year_that_ends_in_another_year_renames_its_parts(term: Term) -> None:
    quarter = QuarterFactory.create(term=term)
    year = term.academic_year
    year.end_date = dt.date(2026, 12, 31)
    year.save()
    assert {told(row)["schoolYear"] for row in (year, term, quarter)} == {"2026"}


def test_a_district_is_new_when_it_gets_or_loses_a_school(term: Term) -> None:
    district = term.school.district
    before = changed(district)
    school = SchoolFactory.create(district=district)
    between = changed(district)
    school.name = "Oak High"
    school.save()
    assert before < between == changed(district)
    delete(school)
    assert changed(district) > between
    assert told(school)["status"] == "tobedeleted"


# What is gone


def test_what_is_deleted_stays_as_a_tombstone(term: Term) -> None:
    quarter = QuarterFactory.create(term=term, sourced_id="q1")
    before = told(quarter)
    Quarter.objects.all().delete()
    after = told(quarter)
    assert after.pop("dateLastModified") > before.pop("dateLastModified")
    assert after == {**before, "status": "tobedeleted"}
    assert parts(term) == []


def test_a_school_that_is_gone_leaves_all_of_its_sessions(term: Term) -> None:
    school, year = term.school, term.academic_year
    for row in (term, year, school):
        delete(row)
    assert {told(row)["status"] for row in (term, year, school)} == {"tobedeleted"}
    assert told(term)["parent"]["sourcedId"] == "y27"


def test_who_comes_back_under_its_id_takes_the_place_of_its_tombstone(term: Term) -> None:
    before = changed(term)
    year = term.academic_year
    with revise(term.school_id):
        delete(term)
        again = TermFactory.create(academic_year=year, sourced_id="sem1")
    assert (told(again)["sourcedId"], told(again)["status"]) == ("sem1", "active")
    assert changed(again) > before
    assert parts(year) == ["sem1"]
    assert not RosterSession.objects.filter(row_id=term.pk).exists()


# Ids


def test_an_id_never_changes(term: Term) -> None:
    term.sourced_id = "another"
    term.save()
    assert told(term)["sourcedId"] == "sem1"


@pytest.mark.parametrize(
    "sourced_id",
    ["", ".", "..", "a/../b", "/a", "a/", "a//b", "a/terms", "a/gradingPeriods", "a\nb", "a\x1fb"],
)
def test_what_could_not_be_asked_for_gets_an_id_of_ours(sourced_id: str) -> None:
    year = AcademicYearFactory.create(sourced_id=sourced_id)
    assert told(year)["sourcedId"] == str(year.pk)


@pytest.mark.parametrize("sourced_id", ["terms", "a/b@c.d", "...a", "é", "x" * 255])
def test_any_other_id_is_the_students_systems(sourced_id: str) -> None:
    year = AcademicYearFactory.create(sourced_id=sourced_id)
    assert told(year)["sourcedId"] == sourced_id


@pytest.mark.parametrize("is_gone", [False, True])
def test_an_id_that_is_taken_in_the_district_is_not_given_again(term: Term, is_gone: bool) -> None:
    if is_gone:
        term.delete()
    other = SchoolFactory.create(district=term.school.district)
    year = AcademicYearFactory.create(school=other, sourced_id="sem1")
    elsewhere = AcademicYearFactory.create(sourced_id="sem1")
    assert told(year)["sourcedId"] == str(year.pk)
    assert told(elsewhere)["sourcedId"] == "sem1"


def test_orgs_and_sessions_have_ids_of_their_own() -> None:
    year = AcademicYearFactory.create(sourced_id="1", school__sourced_id="1")
    assert told(year)["sourcedId"] == told(year.school)["sourcedId"] == "1"
    district = year.school.district
    assert told(district)["sourcedId"] == str(district.pk)


def test_a_school_that_moves_leaves_tombstones_behind(term: Term) -> None:
    school, old = term.school, term.school.district
    new = DistrictFactory.create()
    taken = AcademicYearFactory.create(school__district=new, sourced_id="y27")
    school.district = new
    school.save()
    for row in (school, term, term.academic_year):
        assert told(row, district_id=old.pk)["status"] == "tobedeleted"
        assert told(row, district_id=new.pk)["status"] == "active"
    assert told(term, district_id=new.pk)["sourcedId"] == "sem1"
    assert told(taken)["sourcedId"] == "y27"
    assert told(school, district_id=new.pk)["parent"]["sourcedId"] == str(new.pk)
    assert "children" not in told(term, district_id=old.pk)


# Whatever way it is written


def test_set_wise_writes_are_told(term: Term) -> None:
    Term.objects.filter(pk=term.pk).update(name="Fall")
    assert told(term)["title"] == "Fall"
    term.refresh_from_db()
    term.name = "Autumn"
    Term.objects.bulk_update([term], ["name"])
    assert told(term)["title"] == "Autumn"
    first = term.start_date
    dates = {"start_date": first, "end_date": first + dt.timedelta(days=9)}
    quarter = Quarter(term=term, sequence=1, quarter_type="Q1", **dates)
    Quarter.objects.bulk_create([quarter])
    assert told(quarter)["parent"]["sourcedId"] == "sem1"


def test_what_was_taken_back_is_not_told(term: Term) -> None:
    before = told(term)
    with revise(term.school_id):
        with suppress(LookupError), revise(term.school_id):
            term.name = "Fall"
            term.save()
            raise LookupError
        QuarterFactory.create(term=Term.objects.get())
    assert told(term)["title"] == before["title"]
    assert len(parts(term)) == 1


def test_a_write_asks_the_same_number_of_questions_however_long_the_past(term: Term) -> None:
    counts = []
    for year in range(2030, 2033):
        dates = {"start_date": dt.date(year, 1, 1), "end_date": dt.date(year, 12, 31)}
        other = AcademicYearFactory.create(school=term.school, name=str(year), **dates)
        TermFactory.create(academic_year=other, **dates)
        term = Term.objects.get(pk=term.pk)
        term.name = f"Fall, before {year}"
        with CaptureQueriesContext(connection) as asked:
            term.save()
        counts.append(len(asked))
    assert len(set(counts)) == 1


# What was there before


def everything() -> dict[Any, Any]:
    """Return all that is told, but for when it has changed."""
    bodies = {
        each.row_id: json.loads(each.body)
        for model in (RosterOrg, RosterSession)
        for each in model.objects.all()
    }
    return {key: {**body, "dateLastModified": ""} for key, body in bodies.items()}


@pytest.fixture
def past(term: Term) -> dict[Any, Any]:
    """A past of rows that are there and rows that are gone, and of which no record is kept."""
    QuarterFactory.create(term=term, sourced_id="q1")
    QuarterFactory.create(term=term, sequence=2).delete()
    other = AcademicYearFactory.create(
        school=term.school, start_date=dt.date(2030, 1, 1), end_date=dt.date(2030, 9, 1), name="30"
    )
    dates = {"start_date": other.start_date, "end_date": other.end_date}
    lost = TermFactory.create(academic_year=other, **dates)
    QuarterFactory.create(term=lost).delete()
    lost.delete()
    other.delete()
    SchoolFactory.create(district=term.school.district).delete()
    DistrictFactory.create().delete()
    found = everything()
    for model in (RosterOrg, RosterSession):
        model.objects.all().delete()
    return found


def test_what_was_there_before_is_told_and_what_was_deleted(past: dict) -> None:
    with revise():
        oneroster.record_all()
    assert everything() == past


def test_a_migration_records_what_it_finds(past: dict) -> None:
    call_command("migrate", verbosity=0)
    assert everything() == past
    before = set(RosterSession.objects.values_list("pk", flat=True))
    call_command("migrate", verbosity=0)
    assert set(RosterSession.objects.values_list("pk", flat=True)) == before


def test_without_a_district_there_is_nothing_to_record() -> None:
    call_command("migrate", verbosity=0)
    assert not RosterOrg.objects.exists()


# What holds in the database


@pytest.mark.parametrize(
    "values",
    [
        {"sourced_id": "y27"},
        {"row_id": None},
        {"status": "inactive"},
        {"type": "semester"},
    ],
    ids=["id-twice", "row-twice", "status", "type"],
)
def test_a_record_that_says_nonsense_is_refused(term: Term, values: dict) -> None:
    year = RosterSession.objects.get(type="schoolYear")
    if "row_id" in values:
        values = {"row_id": year.row_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterSession.objects.filter(row_id=term.pk).update(**values)


@pytest.mark.parametrize(
    "values", [{"status": "inactive"}, {"type": "state"}, {"sourced_id": None}]
)
def test_an_org_that_says_nonsense_is_refused(term: Term, values: dict) -> None:
    district = RosterOrg.objects.get(type="district")
    if "sourced_id" in values:
        values = {"sourced_id": district.sourced_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterOrg.objects.filter(type="school").update(**values)


def test_a_way_to_tell_end_dates_that_is_none_is_refused() -> None:
    choice = ClientRoster(application=ApplicationFactory.create(), oneroster_end_date="never")
    with pytest.raises(ValidationError):
        choice.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        ClientRoster.objects.bulk_create([choice])


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_text_is_compared_by_code_points() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns WHERE collation_name = 'C' "
            "AND table_name = %s",
            [RosterSession._meta.db_table],
        )
        assert cursor.fetchone() == (12,)


def test_a_record_is_known_by_its_id(term: Term) -> None:
    assert str(RosterSession.objects.get(row_id=term.pk)) == "sem1"
    assert str(ClientRoster(oneroster_end_date="inclusive")) == "inclusive"
    assert School.objects.count() == 1
