import datetime as dt

import pytest

from core.history import write_history
from core.revision import NoOpenRevisionError, revise
from scheduling.models import (
    Break,
    District,
    PeriodDefinition,
    PeriodTemplate,
    Quarter,
    School,
    Term,
)
from tests.conftest import tracked_models
from tests.factories import (
    BreakFactory,
    DistrictFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    SchoolFactory,
    TermFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_a_row_is_followed_from_its_creation_to_its_tombstone() -> None:
    holiday = BreakFactory.create()
    start = holiday.revision
    holiday.name = "Renamed"
    holiday.save()
    pk = holiday.pk
    holiday.delete()

    rows = Break.history.filter(id=pk).order_by("history_id")

    assert list(rows.values_list("history_type", "revision", "name")) == [
        ("+", start, "Thanksgiving break"),
        ("~", start + 1, "Renamed"),
        ("-", start + 2, "Renamed"),
    ]


def test_the_live_row_carries_the_revision_of_its_newest_history_row() -> None:
    holiday = BreakFactory.create()
    holiday.name = "Renamed"
    holiday.save()

    assert Break.objects.get().revision == holiday.history.first().revision == holiday.revision


def test_the_tombstone_names_who_deleted() -> None:
    holiday, user = BreakFactory.create(), UserFactory.create()

    with revise(holiday.school, actor=user):
        Break.objects.all().delete()

    assert Break.history.filter(history_type="-").get().history_user == user


def test_the_periods_of_a_deleted_template_get_tombstones_of_the_same_revision() -> None:
    template = PeriodTemplateFactory.create()
    PeriodDefinitionFactory.create_batch(3, template=template)
    revision = School.objects.get().revision

    template.delete()

    gone = PeriodDefinition.history.filter(history_type="-").values_list("revision", flat=True)
    assert list(gone) == [revision + 1] * 3
    assert PeriodTemplate.history.filter(history_type="-").get().revision == revision + 1
    assert School.objects.get().revision == revision + 1


def test_a_semester_and_its_quarters_are_one_revision() -> None:
    term = TermFactory.create(generate_quarters=True)

    assert list(Quarter.history.values_list("revision", flat=True)) == [term.revision] * 2
    assert School.objects.get().revision == term.revision


def test_a_deleted_school_leaves_a_tombstone() -> None:
    school = SchoolFactory.create()
    school.delete()

    rows = School.history.order_by("history_id")
    assert list(rows.values_list("history_type", "revision")) == [("+", 1), ("-", 2)]


def test_history_of_a_school_leaves_out_its_token() -> None:
    names = {field.name for field in School.history.model.tracked_fields}

    assert "revision_token" not in names
    assert {"name", "slug", "timezone"} <= names


@pytest.mark.parametrize("model", tracked_models(), ids=lambda model: model.__name__)
def test_history_is_indexed_for_what_changed_and_for_as_of(model) -> None:
    indexes = [index.fields for index in model.history.model._meta.indexes]

    assert ["id", "-revision"] in indexes
    has_school = any(field.name == "school" for field in model._meta.fields)
    assert (["school", "revision"] in indexes) == has_school


@pytest.mark.parametrize("model", tracked_models(), ids=lambda model: model.__name__)
def test_every_row_below_a_school_is_revised_with_it(model) -> None:
    expected = {District: None, School: "pk"}.get(model, "school_id")

    assert expected == model.ROOT


def test_history_is_not_written_outside_a_revision() -> None:
    holiday = BreakFactory.create()

    with pytest.raises(NoOpenRevisionError):
        write_history([holiday], "~")
    with pytest.raises(NoOpenRevisionError):
        write_history([DistrictFactory.build()], "+")


def test_a_history_of_no_rows_is_nothing() -> None:
    write_history([], "~")

    assert not Break.history.exists()


def test_moving_a_year_carries_its_terms_along_without_revising_them() -> None:
    term = TermFactory.create()
    year = term.academic_year
    year.start_date = dt.date(2026, 8, 1)
    year.save()

    stored = Term.objects.get()
    assert stored.year_start == dt.date(2026, 8, 1)
    assert stored.revision == term.revision
    assert stored.history.count() == 1
