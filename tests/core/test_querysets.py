import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.core.serializers import serialize
from django.db import IntegrityError
from django.db.models import F, Value
from django.db.models.functions import Concat

from core import querysets
from core.ids import uuid7
from core.revision import revise
from scheduling.models import (
    AcademicYear,
    Break,
    District,
    PeriodDefinition,
    PeriodTemplate,
    ScheduleRule,
    School,
)
from tests.core.racing import race
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DayOverrideFactory,
    DistrictFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def revision_of(school: School) -> int:
    return School.objects.values_list("revision", flat=True).get(pk=school.pk)


def history_since(model: Any, revision: int) -> list[tuple[str, str, int]]:
    rows = model.history.filter(revision__gt=revision).order_by("history_id")
    return list(rows.values_list("history_type", "name", "revision"))


@pytest.fixture
def year() -> AcademicYear:
    return AcademicYearFactory.create()


@pytest.fixture
def breaks(year: AcademicYear) -> list[Break]:
    return [BreakFactory.create(academic_year=year, name=name) for name in ("A", "B", "C")]


def unsaved_break(year: AcademicYear, name: str = "New", **values: Any) -> Break:
    dates = {"start_date": dt.date(2026, 11, 25), "end_date": dt.date(2026, 11, 27)}
    return Break(academic_year=year, name=name, **{**dates, **values})


def test_update_writes_history_of_exactly_the_changed_rows(year, breaks) -> None:
    before = revision_of(year.school)

    count = Break.objects.filter(name__in=["A", "B"]).update(name="B")

    assert count == 2
    assert history_since(Break, before) == [("~", "B", before + 1)]
    assert revision_of(year.school) == before + 1


def test_update_stamps_the_changed_rows(year, breaks) -> None:
    user, before = UserFactory.create(), revision_of(year.school)

    with revise(year.school, actor=user):
        Break.objects.filter(name__in=["A", "B"]).update(name="B")

    changed, same, _third = (Break.objects.get(pk=row.pk) for row in breaks)
    assert (changed.revision, changed.updated_by) == (before + 1, user)
    assert changed.updated_at > breaks[0].updated_at
    assert (same.revision, same.updated_by) == (breaks[1].revision, None)
    assert same.updated_at == breaks[1].updated_at


def test_update_of_the_filtered_column_records_the_rows_that_it_moved_out(year, breaks) -> None:
    before = revision_of(year.school)

    Break.objects.filter(name="A").update(name="Z")

    assert history_since(Break, before) == [("~", "Z", before + 1)]


def test_update_by_an_expression_records_what_the_database_computed(year, breaks) -> None:
    before = revision_of(year.school)

    Break.objects.filter(name="A").update(name=Concat(F("name"), Value("!")))

    assert history_since(Break, before) == [("~", "A!", before + 1)]


def test_update_over_several_schools_revises_each_of_them() -> None:
    first, second, third = BreakFactory.create_batch(3)
    before = [revision_of(row.school) for row in (first, second, third)]

    Break.objects.filter(pk__in=[first.pk, second.pk]).update(name="Renamed")

    after = [revision_of(row.school) for row in (first, second, third)]
    assert after == [before[0] + 1, before[1] + 1, before[2]]


def test_update_refuses_to_move_a_row_to_another_school(year) -> None:
    other = SchoolFactory.create()

    with pytest.raises(RuntimeError, match="another school"):
        AcademicYear.objects.filter(pk=year.pk).update(school=other)

    assert AcademicYear.objects.get().school == year.school


@pytest.mark.parametrize("model", [Break, School, District, PeriodDefinition])
def test_writes_of_no_rows_are_no_writes(model) -> None:
    assert model.objects.none().update(revision=5) == 0
    assert model.objects.filter(pk=None).update(revision=5) == 0
    assert model.objects.none().delete() == (0, {})
    assert model.objects.bulk_create([]) == []
    assert model.objects.bulk_update([], ["revision"]) == 0


def test_bulk_create_is_one_revision_with_derived_and_copied_columns(year) -> None:
    before = revision_of(year.school)

    rows = Break.objects.bulk_create([unsaved_break(year, name) for name in "AB"])

    stored = Break.objects.order_by("name")
    assert [row.pk for row in stored] == [row.pk for row in rows]
    assert {row.school for row in stored} == {year.school}
    assert {(row.year_start, row.year_end) for row in stored} == {(year.start_date, year.end_date)}
    assert history_since(Break, before) == [("+", "A", before + 1), ("+", "B", before + 1)]
    assert revision_of(year.school) == before + 1


def test_bulk_create_derives_the_end_of_a_period() -> None:
    template = PeriodTemplateFactory.create()
    period = PeriodDefinition(template=template, number=1, start=dt.time(8, 30), length=45)

    PeriodDefinition.objects.bulk_create([period])

    assert PeriodDefinition.objects.get().end == dt.time(9, 15)


def test_bulk_create_of_several_schools_revises_each_of_them(year) -> None:
    other = AcademicYearFactory.create()
    before = revision_of(year.school), revision_of(other.school)

    Break.objects.bulk_create([unsaved_break(year), unsaved_break(other)])

    assert (revision_of(year.school), revision_of(other.school)) == (before[0] + 1, before[1] + 1)


def test_bulk_create_of_schools_and_districts() -> None:
    district = District(name="Lake", slug="lake")
    District.objects.bulk_create([district])

    School.objects.bulk_create(
        [School(district=district, name=name, slug=name, timezone="UTC") for name in ("a", "b")]
    )

    assert list(School.objects.values_list("name", "revision")) == [("a", 1), ("b", 1)]
    assert District.objects.get().revision == 1


def test_bulk_update_writes_history_of_exactly_the_changed_rows(year, breaks) -> None:
    before = revision_of(year.school)
    breaks[1].name = "Z"

    count = Break.objects.bulk_update(breaks, ["name"])

    assert count == 3
    assert history_since(Break, before) == [("~", "Z", before + 1)]


def test_bulk_update_derives_the_end_of_a_period() -> None:
    period = PeriodDefinitionFactory.create(start=dt.time(8, 30), length=45)
    period.length = 60

    PeriodDefinition.objects.bulk_update([period], ["length"])

    assert PeriodDefinition.objects.get().end == dt.time(9, 30)


def test_bulk_update_derives_the_order_of_weekdays() -> None:
    rule = ScheduleRuleFactory.create()
    rule.weekdays = ["friday", "monday"]

    ScheduleRule.objects.bulk_update([rule], ["weekdays"])

    assert ScheduleRule.objects.get().weekdays == ["monday", "friday"]


@pytest.mark.parametrize("count", [querysets.BATCH_ROWS * 2 + 1])
def test_more_rows_than_one_batch_are_one_revision(year, count: int) -> None:
    before = revision_of(year.school)

    rows = Break.objects.bulk_create([unsaved_break(year, f"{n}") for n in range(count)])
    for row in rows:
        row.name += "!"
    updated = Break.objects.bulk_update(rows, ["name"])
    changed = Break.objects.update(kind="other")
    deleted, _by_model = Break.objects.all().delete()

    assert (updated, changed, deleted) == (count, count, count)
    assert revision_of(year.school) == before + 4
    written = history_since(Break, before)
    assert [each[0] for each in written] == ["+"] * count + ["~"] * count * 2 + ["-"] * count


def test_delete_leaves_a_tombstone_of_each_row_in_one_revision(year, breaks) -> None:
    before = revision_of(year.school)

    found = Break.objects.filter(name__in=["A", "B"]).delete()

    assert found == (2, {"scheduling.Break": 2})
    written = sorted(history_since(Break, before))
    assert written == [("-", "A", before + 1), ("-", "B", before + 1)]


def test_get_or_create_writes_once(year) -> None:
    before = revision_of(year.school)
    values = {"start_date": dt.date(2026, 11, 25), "end_date": dt.date(2026, 11, 27)}

    created = Break.objects.get_or_create(academic_year=year, name="A", defaults=values)
    found = Break.objects.get_or_create(academic_year=year, name="A", defaults=values)

    assert (created[1], found[1]) == (True, False)
    assert history_since(Break, before) == [("+", "A", before + 1)]
    assert revision_of(year.school) == before + 1


def test_update_or_create_writes_what_differs(year, breaks) -> None:
    before = revision_of(year.school)

    same = Break.objects.update_or_create(name="A", defaults={"kind": "vacation"})
    changed = Break.objects.update_or_create(name="A", defaults={"kind": "other"})

    assert (same[1], changed[1]) == (False, False)
    assert history_since(Break, before) == [("~", "A", before + 1)]
    assert Break.objects.get(name="A").kind == "other"


def test_update_or_create_creates_what_is_not_there() -> None:
    district, created = District.objects.update_or_create(slug="lake", defaults={"name": "Lake"})
    same, created_again = District.objects.update_or_create(slug="lake", defaults={"name": "Sea"})

    assert (created, created_again) == (True, False)
    assert (same.pk, same.name, same.revision) == (district.pk, "Sea", 2)


def test_update_or_create_stores_what_is_derived_from_the_defaults(year) -> None:
    AcademicYear.objects.update_or_create(pk=year.pk, defaults={"cycle_days": ["A", "B"]})
    period = PeriodDefinitionFactory.create(start=dt.time(8, 30), length=45)
    PeriodDefinition.objects.update_or_create(pk=period.pk, defaults={"length": 60})

    assert AcademicYear.objects.get().cycle_start == year.start_date
    assert PeriodDefinition.objects.get().end == dt.time(9, 30)


def test_a_reverse_add_writes_history(year) -> None:
    rule = ScheduleRuleFactory.create(academic_year=year)
    other = PeriodTemplateFactory.create(school=year.school)
    before = revision_of(year.school)

    other.schedule_rules.add(rule)

    assert ScheduleRule.objects.get().template == other
    written = ScheduleRule.history.filter(revision__gt=before)
    assert list(written.values_list("history_type", "revision")) == [("~", before + 1)]


def test_a_reverse_add_across_schools_is_refused(year) -> None:
    rule, other = ScheduleRuleFactory.create(academic_year=year), PeriodTemplateFactory.create()

    with pytest.raises(IntegrityError):
        other.schedule_rules.add(rule)

    assert ScheduleRule.objects.get().template != other


def test_a_school_may_change_its_district() -> None:
    school, district = SchoolFactory.create(), DistrictFactory.create()

    district.schools.add(school)

    assert School.objects.get().district == district
    assert school.history.first().district == district


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"ignore_conflicts": True}, id="ignored-conflicts"),
        pytest.param(
            {
                "update_conflicts": True,
                "update_fields": ["name"],
                "unique_fields": ["id"],
            },
            id="upsert",
        ),
    ],
)
def test_upserts_are_refused(year, options) -> None:
    with pytest.raises(NotImplementedError, match="look rows up"):
        Break.objects.bulk_create([unsaved_break(year)], **options)

    assert not Break.objects.exists()


def test_loaddata_is_refused(tmp_path) -> None:
    district = DistrictFactory.create()
    fixture = tmp_path / "fixture.json"
    fixture.write_text(serialize("json", [district]))

    with pytest.raises(RuntimeError, match="import a calendar document"):
        call_command("loaddata", str(fixture), verbosity=0)


def test_a_row_cannot_be_deleted_by_the_class() -> None:
    with pytest.raises(AttributeError):
        Break.objects.delete()  # type: ignore[attr-defined]


def test_date_ranges_are_asked_about_days_with_both_ends(year) -> None:
    holiday = BreakFactory.create(academic_year=year)
    eve, after = dt.date(2026, 11, 24), dt.date(2026, 11, 28)

    assert list(Break.objects.for_date(holiday.start_date)) == [holiday]
    assert list(Break.objects.for_date(holiday.end_date)) == [holiday]
    assert not Break.objects.for_date(eve) | Break.objects.for_date(after)
    assert list(Break.objects.overlapping(eve, holiday.start_date)) == [holiday]
    assert list(Break.objects.overlapping(holiday.end_date, after)) == [holiday]
    assert not Break.objects.overlapping(dt.date(2026, 11, 1), eve)
    assert not Break.objects.overlapping(after, dt.date(2026, 12, 1))


def test_public_schools_and_named_ones() -> None:
    school = SchoolFactory.create()
    SchoolFactory.create(is_public=False)

    assert list(School.objects.public()) == [school]
    assert list(School.objects.named(str(school.pk))) == [school]
    assert list(School.objects.named(school.slug)) == [school]
    assert not School.objects.named("nobody").exists()


def test_templates_come_with_their_periods_in_two_queries(django_assert_num_queries) -> None:
    template = PeriodTemplateFactory.create()
    periods = PeriodDefinitionFactory.create_batch(2, template=template)

    with django_assert_num_queries(2):
        found = [list(each.periods.all()) for each in PeriodTemplate.objects.with_periods()]

    assert found == [periods]


def test_a_bulk_insert_that_breaks_a_rule_leaves_nothing(year) -> None:
    override = DayOverrideFactory.create(academic_year=year)
    before = revision_of(year.school)
    clash = DayOverrideFactory.build(academic_year=year, start_date=override.start_date)

    with pytest.raises(IntegrityError), revise(year.school):
        type(override).objects.bulk_create([clash])

    assert revision_of(year.school) == before


@pytest.mark.django_db(transaction=True)
def test_update_or_create_beside_other_writers_never_deadlocks() -> None:
    year = AcademicYearFactory.create()
    holiday = BreakFactory.create(academic_year=year, name="Shared")

    def write(number: int) -> None:
        for turn in range(4):
            if number % 2:
                defaults = {"sourced_id": f"{number}-{turn}"}
                Break.objects.update_or_create(academic_year=year, name="Shared", defaults=defaults)
            else:
                Break.objects.filter(pk=holiday.pk).update(sourced_id=f"{number}-{turn}")

    assert race(write, threads=8) == [None] * 8


@pytest.mark.parametrize("shown", ["only", "defer", "values"])
def test_an_update_writes_history_whatever_the_queryset_shows(shown: str) -> None:
    school = SchoolFactory.create(name="Before")
    rows = getattr(School.objects.filter(pk=school.pk), shown)("slug")

    rows.update(name="After")

    assert school.history.order_by("-history_id").first().name == "After"


def test_an_update_tells_true_from_one() -> None:
    school = SchoolFactory.create(metadata={"flag": True})

    School.objects.filter(pk=school.pk).update(metadata={"flag": 1})

    assert school.history.count() == 2


def test_a_save_tells_true_from_one() -> None:
    school = SchoolFactory.create(metadata={"flag": True})

    school.metadata = {"flag": 1}
    school.save()

    assert School.objects.get(pk=school.pk).metadata["flag"] is not True
    assert school.history.count() == 2


@pytest.mark.parametrize("name", ["id", "pk"])
def test_an_update_cannot_change_ids(name: str) -> None:
    with pytest.raises(NotImplementedError, match="id of a row"):
        School.objects.update(**{name: uuid7()})
