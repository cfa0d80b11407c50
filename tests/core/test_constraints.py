import datetime as dt
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from core.constraints import (
    TIMES,
    MatchesParent,
    NoOverlap,
    ReferencedKey,
    at_the_end,
    copied_columns,
    copy_from_parents,
)
from core.revision import NoOpenRevisionError, revise
from scheduling.models import (
    AcademicYear,
    Break,
    DayOverride,
    District,
    PeriodDefinition,
    Quarter,
    ScheduleRule,
)
from tests.conftest import tracked_models
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DayOverrideFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    ScheduleRuleFactory,
    TermFactory,
)

ONE_DAY = dt.timedelta(days=1)

OVERLAP = NoOverlap(name="rule", group=["term"])
PARENT = MatchesParent(name="rule", parent="term", copies=[("school", "school")])


def period_rule() -> NoOverlap:
    return next(each for each in PeriodDefinition._meta.constraints if isinstance(each, NoOverlap))


@pytest.mark.parametrize(
    "constraint",
    [
        pytest.param(constraint, id=constraint.name.replace("%(class)s", ""))
        for model in tracked_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, NoOverlap | MatchesParent)
    ],
)
def test_a_constraint_equals_its_clone_and_what_a_migration_writes(constraint) -> None:
    path, args, kwargs = constraint.deconstruct()

    assert path == f"core.constraints.{type(constraint).__name__}"
    assert type(constraint)(*args, **kwargs) == constraint
    assert constraint.clone() == constraint


@pytest.mark.parametrize(
    ("constraint", "other"),
    [
        pytest.param(OVERLAP, NoOverlap(name="other", group=["term"]), id="name"),
        pytest.param(OVERLAP, NoOverlap(name="rule", group=["year"]), id="group"),
        pytest.param(OVERLAP, NoOverlap(name="rule", group=["term"], start="a"), id="start"),
        pytest.param(OVERLAP, NoOverlap(name="rule", group=["term"], end="a"), id="end"),
        pytest.param(OVERLAP, NoOverlap(name="rule", group=["term"], kind=TIMES), id="kind"),
        pytest.param(OVERLAP, NoOverlap(name="rule", group=["term"], track="a"), id="track"),
        pytest.param(
            PARENT, MatchesParent(name="rule", parent="year", copies=PARENT.copies), id="parent"
        ),
        pytest.param(
            PARENT, MatchesParent(name="rule", parent="term", copies=[("a", "a")]), id="copies"
        ),
        pytest.param(
            PARENT,
            MatchesParent(name="rule", parent="term", copies=PARENT.copies, cascade=True),
            id="cascade",
        ),
        pytest.param(OVERLAP, PARENT, id="no-overlap-and-parent"),
        pytest.param(PARENT, OVERLAP, id="parent-and-no-overlap"),
        pytest.param(OVERLAP, "rule", id="something-else"),
    ],
)
def test_constraints_that_differ_are_not_equal(constraint, other) -> None:
    assert constraint != other


def test_only_what_is_said_is_written_into_a_migration() -> None:
    assert set(OVERLAP.deconstruct()[2]) == {
        "name",
        "group",
        "violation_error_code",
        "violation_error_message",
    }


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (District, set()),
        (Break, {"school", "year_start", "year_end"}),
        (Quarter, {"school", "term_type", "term_start", "term_end"}),
        (ScheduleRule, {"school"}),
    ],
)
def test_the_copied_columns_are_those_that_constraints_name(model, expected: set[str]) -> None:
    assert copied_columns(model) == expected


@pytest.mark.django_db
def test_copies_of_many_rows_cost_a_query_a_parent(django_assert_num_queries) -> None:
    year, other = AcademicYearFactory.create_batch(2)
    rows = [Break(academic_year_id=str(each.pk)) for each in (year, other, year)]

    with django_assert_num_queries(1):
        copy_from_parents(rows)

    assert [row.school_id for row in rows] == [year.school_id, other.school_id, year.school_id]
    assert {row.year_start for row in rows} == {year.start_date}


@pytest.mark.django_db
@pytest.mark.parametrize("parent", [None, "garbage", 5])
def test_a_row_without_a_parent_keeps_its_copies(parent) -> None:
    row = Break(academic_year_id=parent, year_start=dt.date(2026, 1, 1))

    copy_from_parents([row])
    copy_from_parents([])

    assert row.year_start == dt.date(2026, 1, 1)


@pytest.mark.django_db
def test_the_message_names_what_it_overlaps() -> None:
    override = DayOverrideFactory.create()

    with pytest.raises(ValidationError) as refusal:
        DayOverrideFactory.create(academic_year=override.academic_year, name="Second")

    assert refusal.value.message_dict == {"__all__": ["This overlaps Veterans Day."]}


@pytest.mark.django_db
def test_the_first_of_several_clashes_is_named() -> None:
    year = AcademicYearFactory.create()
    for day in (13, 12):
        DayOverrideFactory.create(
            academic_year=year, start_date=dt.date(2026, 11, day), name=f"The {day}th"
        )

    with pytest.raises(ValidationError, match="This overlaps The 12th"):
        DayOverrideFactory.create(academic_year=year, end_date=dt.date(2026, 11, 14))


@pytest.mark.django_db
def test_a_row_does_not_overlap_itself() -> None:
    override = DayOverrideFactory.create()
    override.end_date = dt.date(2026, 11, 12)

    override.save()

    assert DayOverride.objects.get().end_date == dt.date(2026, 11, 12)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"start": None}, id="no-start"),
        pytest.param({"template_id": None}, id="no-group"),
        pytest.param({"track": None}, id="no-track"),
        pytest.param({"end": dt.time(8)}, id="reversed"),
    ],
)
def test_an_unfinished_row_is_not_compared(values) -> None:
    period = PeriodDefinitionFactory.create()
    row = PeriodDefinition(
        **{"template": period.template, "start": period.start, "end": period.end} | values
    )

    period_rule().validate(PeriodDefinition, row)
    with pytest.raises(ValidationError):
        period_rule().validate(
            PeriodDefinition,
            PeriodDefinition(template=period.template, start=period.start, end=period.end),
        )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["start", "end", "template", "track"])
def test_an_excluded_column_switches_the_rule_off(name: str) -> None:
    period = PeriodDefinitionFactory.create()
    row = PeriodDefinition(template=period.template, start=period.start, end=period.end)

    period_rule().validate(PeriodDefinition, row, exclude={name})


@pytest.mark.django_db
def test_a_parent_of_another_school_is_refused_on_its_own_field() -> None:
    rule = ScheduleRuleFactory.create()

    with pytest.raises(ValidationError) as refusal:
        ScheduleRuleFactory.create(
            academic_year=rule.academic_year,
            template=PeriodTemplateFactory.create(),
            weekdays=["friday"],
        )

    message = "This bell schedule belongs to another school."
    assert refusal.value.message_dict == {"template": [message]}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["template", "school"])
def test_an_excluded_parent_is_not_compared(name: str) -> None:
    rule = ScheduleRuleFactory.create()
    rule.template = PeriodTemplateFactory.create()
    constraint = next(
        each
        for each in ScheduleRule._meta.constraints
        if isinstance(each, MatchesParent) and each.parent == "template"
    )

    constraint.validate(ScheduleRule, rule, exclude={name})
    with pytest.raises(ValidationError):
        constraint.validate(ScheduleRule, rule)


@pytest.mark.django_db
def test_a_referenced_key_asks_nothing(django_assert_num_queries) -> None:
    keys = [each for each in AcademicYear._meta.constraints if isinstance(each, ReferencedKey)]

    with django_assert_num_queries(0):
        for key in keys:
            key.validate(AcademicYear, AcademicYear())

    assert len(keys) == 2


def quarters_that_touch() -> tuple[Quarter, Quarter]:
    term = TermFactory.create()
    return QuarterFactory.create(term=term), QuarterFactory.create(term=term, sequence=2)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [7, -7])
def test_a_boundary_moves_between_two_rows_at_the_end(days: int) -> None:
    first, second = quarters_that_touch()
    first.end_date += dt.timedelta(days=days)
    second.start_date += dt.timedelta(days=days)

    with revise(first.school), at_the_end(Quarter):
        Quarter.objects.bulk_update([second, first], ["start_date", "end_date"])

    stored = Quarter.objects.order_by("sequence")
    assert stored[0].end_date + ONE_DAY == stored[1].start_date == second.start_date


@pytest.mark.django_db
def test_two_periods_change_places_at_the_end() -> None:
    template = PeriodTemplateFactory.create()
    first, second = PeriodDefinitionFactory.create_batch(2, template=template)
    first.start, second.start = second.start, first.start

    with revise(template.school), at_the_end(PeriodDefinition):
        PeriodDefinition.objects.bulk_update([first, second], ["start"])

    assert [each.number for each in template.get_periods()] == [2, 1]


@pytest.mark.django_db
def test_an_overlap_at_the_end_is_refused_and_leaves_nothing() -> None:
    first, _second = quarters_that_touch()
    boundary = first.end_date
    first.end_date += dt.timedelta(days=7)

    with (
        pytest.raises(IntegrityError, match="quarter_no_overlap"),
        revise(first.school),
        at_the_end(Quarter),
    ):
        Quarter.objects.bulk_update([first], ["end_date"])

    assert Quarter.objects.get(pk=first.pk).end_date == boundary


@pytest.mark.django_db
@pytest.mark.parametrize("fails", [False, True], ids=["after-success", "after-failure"])
def test_the_rule_is_on_again_after_the_end(fails: bool) -> None:
    first, _second = quarters_that_touch()
    first.end_date += dt.timedelta(days=7)
    if fails:
        with pytest.raises(IntegrityError), revise(first.school), at_the_end(Quarter):
            Quarter.objects.bulk_update([first], ["end_date"])
    else:
        with revise(first.school), at_the_end(Quarter):
            pass

    with pytest.raises(IntegrityError, match="quarter_no_overlap"), revise(first.school):
        Quarter.objects.bulk_update([first], ["end_date"])


@pytest.mark.django_db
def test_an_insert_is_refused_whether_at_the_end_or_at_once() -> None:
    override = DayOverrideFactory.create()
    clash = DayOverrideFactory.build(academic_year=override.academic_year)

    with (
        pytest.raises(IntegrityError, match="dayoverride_no_overlap"),
        revise(override.school),
        at_the_end(DayOverride),
    ):
        DayOverride.objects.bulk_create([clash])


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no such triggers")
def test_every_rule_has_its_two_triggers_on_sqlite() -> None:
    rules = [
        rule
        for model in tracked_models()
        for rule in model._meta.constraints
        if isinstance(rule, NoOverlap)
    ]

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name for (name,) in cursor.fetchall()}

    assert triggers == {rule.trigger(event) for rule in rules for event in ("INSERT", "UPDATE")}


@pytest.mark.django_db
def test_breaks_may_overlap() -> None:
    year = AcademicYearFactory.create()

    BreakFactory.create_batch(2, academic_year=year)

    assert Break.objects.count() == 2


@pytest.mark.django_db
def test_a_block_that_fails_leaves_the_rule_in_force() -> None:
    first, second = quarters_that_touch()
    with revise(first.school_id), suppress(ValueError), at_the_end(Quarter):
        raise ValueError

    with pytest.raises(IntegrityError), revise(first.school_id):
        Quarter.objects.filter(pk=first.pk).update(end_date=second.start_date)


@pytest.mark.django_db
def test_a_block_within_a_block_waits_for_the_outer_one() -> None:
    first, second = quarters_that_touch()
    middle = second.start_date + dt.timedelta(days=7)

    with revise(first.school_id), at_the_end(Quarter):
        with at_the_end(Quarter):
            Quarter.objects.filter(pk=first.pk).update(end_date=middle)
        Quarter.objects.filter(pk=second.pk).update(start_date=middle + dt.timedelta(days=1))

    assert Quarter.objects.get(pk=first.pk).end_date == middle


@pytest.mark.django_db
def test_a_block_needs_an_open_revision() -> None:
    with pytest.raises(NoOpenRevisionError), at_the_end(Quarter):
        pytest.fail("The block was entered.")
