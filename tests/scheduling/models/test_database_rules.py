"""Every rule that the database itself holds: broken alone, behind Django's back."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models
from django.utils import timezone

from core.constraints import ReferencedKey, copied_columns, copy_from_parents
from core.revision import plain, revise
from scheduling.models import (
    AcademicYear,
    Break,
    ClientRoster,
    DayOverride,
    District,
    FeedToken,
    Membership,
    PeriodDefinition,
    PeriodTemplate,
    Quarter,
    Revision,
    RosterOrg,
    RosterSession,
    ScheduleRule,
    School,
    Term,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEvent,
)
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DayOverrideFactory,
    DistrictFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

SQLITE = connection.vendor == "sqlite"
NOON = dt.time(12)


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# Each builder makes what the row needs and returns the row, unsaved and valid but for the copies.


def district() -> District:
    DistrictFactory.create(slug="taken", sourced_id="taken")
    return District(name="Lake", slug="lake")


def school() -> School:
    other = SchoolFactory.create(slug="taken", sourced_id="taken")
    return School(district=other.district, name="Oak", slug="oak", timezone="UTC")


def year() -> AcademicYear:
    other = AcademicYearFactory.create(sourced_id="taken")
    dates = {"start_date": date("2027-08-12"), "end_date": date("2028-06-02")}
    return AcademicYear(school=other.school, name="2027-2028", **dates)


def term() -> Term:
    other = TermFactory.create(sourced_id="taken")
    return Term(
        academic_year=other.academic_year,
        term_type="SEM2",
        start_date=date("2027-01-04"),
        end_date=date("2027-06-03"),
    )


def lone_term() -> Term:
    dates = {"start_date": date("2026-08-12"), "end_date": date("2026-12-18")}
    return Term(academic_year=AcademicYearFactory.create(), term_type="SEM1", **dates)


def quarter() -> Quarter:
    other = QuarterFactory.create(sourced_id="taken")
    dates = {"start_date": date("2026-10-16"), "end_date": date("2026-12-18")}
    return Quarter(term=other.term, sequence=2, **dates)


def lone_quarter() -> Quarter:
    dates = {"start_date": date("2026-10-16"), "end_date": date("2026-12-18")}
    return Quarter(term=TermFactory.create(), sequence=2, **dates)


def pause() -> Break:
    other = BreakFactory.create(sourced_id="taken")
    dates = {"start_date": date("2026-12-21"), "end_date": date("2027-01-01")}
    return Break(academic_year=other.academic_year, name="Winter break", **dates)


def template() -> PeriodTemplate:
    other = PeriodTemplateFactory.create(code="taken", sourced_id="taken", is_default=True)
    return PeriodTemplate(school=other.school, code="late-start", name="Late start")


def period() -> PeriodDefinition:
    """The other one is everybody's and lasts from 08:30 to 09:20."""
    other = PeriodDefinitionFactory.create(sourced_id="taken")
    return PeriodDefinition(template=other.template, number=2, start=NOON, length=45)


def tracked_period() -> PeriodDefinition:
    """The other one is of track b and lasts from 08:30 to 09:20."""
    other = PeriodDefinitionFactory.create(track="b")
    return PeriodDefinition(template=other.template, number=2, start=NOON, length=45, track="a")


def lunch() -> PeriodDefinition:
    row = period()
    row.type = "lunch"
    return row


def irregular() -> PeriodDefinition:
    row = period()
    row.irregular = True
    return row


def schedule_rule() -> ScheduleRule:
    other = ScheduleRuleFactory.create(sourced_id="taken")
    parents = {"academic_year": other.academic_year, "template": other.template}
    dates = {"valid_from": date("2026-09-01"), "valid_to": date("2026-09-30")}
    return ScheduleRule(**parents, **dates, weekdays=["friday"])


def override() -> DayOverride:
    other = DayOverrideFactory.create(sourced_id="taken")
    day = date("2026-12-04")
    dates = {"start_date": day, "end_date": day}
    return DayOverride(academic_year=other.academic_year, name="Snow", closed=True, **dates)


def open_override() -> DayOverride:
    row = override()
    row.closed = False
    row.template = PeriodTemplateFactory.create(school=row.academic_year.school)
    return row


def revision() -> Revision:
    school = SchoolFactory.create()
    return Revision(school=school, number=2, token=uuid4(), time=timezone.now())


def foreign_school() -> dict[str, Any]:
    return {"school_id": SchoolFactory.create().pk}


def foreign_template() -> dict[str, Any]:
    return {"template_id": PeriodTemplateFactory.create().pk}


def some_template(row: Any) -> dict[str, Any]:
    return {"template_id": PeriodTemplateFactory.create(school=row.academic_year.school).pk}


def the_other(row: models.Model) -> Any:
    return plain(type(row)).exclude(pk=row.pk).get()


TAKEN = {"sourced_id": "taken"}
Changes = dict[str, Any] | Callable[..., dict[str, Any]]

# What breaks exactly one rule: the name of the rule, the valid row, and what is changed in it.
CASES: list[tuple[str, Callable[[], Any], Changes]] = [
    ("district_slug_taken", district, {"slug": "taken"}),
    ("district_sourced_id_taken", district, TAKEN),
    ("school_slug_taken", school, {"slug": "taken"}),
    ("school_sourced_id_taken", school, TAKEN),
    ("scheduling_academicyear_dates_in_order", year, {"end_date": date("2027-08-11")}),
    ("academicyear_sourced_id_taken", year, TAKEN),
    ("academicyear_name_taken", year, {"name": "2026-2027"}),
    ("academicyear_no_overlap", year, {"start_date": date("2027-06-03")}),
    ("academicyear_no_overlap", year, {"start_date": date("2026-01-01")}),
    ("scheduling_term_dates_in_order", lone_term, {"end_date": date("2026-08-11")}),
    ("term_sourced_id_taken", term, TAKEN),
    ("term_matches_year", lone_term, {"year_start": date("2026-08-01")}),
    ("term_matches_year", lone_term, {"year_end": date("2027-06-04")}),
    ("term_matches_year", lone_term, foreign_school),
    ("term_within_year", lone_term, {"start_date": date("2026-08-11")}),
    ("term_within_year", term, {"end_date": date("2027-06-04")}),
    ("term_type_fits_sequence", lone_term, {"sequence": 2}),
    ("term_type_fits_sequence", lone_term, {"structure": "TRI"}),
    ("term_type_fits_sequence", lone_term, {"term_type": "SEM3", "sequence": 3}),
    ("term_type_taken", term, {"term_type": "SEM1", "sequence": 1}),
    ("term_no_overlap", term, {"start_date": date("2026-12-18")}),
    ("term_no_overlap", term, {"start_date": date("2026-08-12")}),
    ("valid_quarter_dates", lone_quarter, {"end_date": date("2026-10-16")}),
    ("valid_quarter_dates", lone_quarter, {"end_date": date("2026-10-15")}),
    ("quarter_sourced_id_taken", quarter, TAKEN),
    ("quarter_matches_term", lone_quarter, {"term_start": date("2026-08-11")}),
    ("quarter_matches_term", lone_quarter, {"term_end": date("2026-12-19")}),
    ("quarter_matches_term", lone_quarter, {"term_type": "SEM2", "quarter_type": "Q4"}),
    ("quarter_matches_term", lone_quarter, foreign_school),
    ("quarter_requires_semester", lone_quarter, {"term_type": "TRI1"}),
    ("quarter_within_term", lone_quarter, {"start_date": date("2026-08-11")}),
    ("quarter_within_term", lone_quarter, {"end_date": date("2026-12-19")}),
    ("quarter_type_fits_sequence", lone_quarter, {"quarter_type": "Q1"}),
    ("quarter_type_fits_sequence", lone_quarter, {"quarter_type": "Q4"}),
    ("quarter_type_fits_sequence", lone_quarter, {"sequence": 3, "quarter_type": "Q3"}),
    ("quarter_sequence_taken", quarter, {"sequence": 1, "quarter_type": "Q1"}),
    ("quarter_no_overlap", quarter, {"start_date": date("2026-10-14")}),
    ("scheduling_break_dates_in_order", pause, {"end_date": date("2026-12-20")}),
    ("break_sourced_id_taken", pause, TAKEN),
    ("break_matches_year", pause, {"year_start": date("2026-08-01")}),
    ("break_matches_year", pause, foreign_school),
    ("break_within_year", pause, {"start_date": date("2026-08-11")}),
    ("break_within_year", pause, {"end_date": date("2027-06-04")}),
    ("periodtemplate_sourced_id_taken", template, TAKEN),
    ("periodtemplate_code_taken", template, {"code": "taken"}),
    ("periodtemplate_default_taken", template, {"is_default": True}),
    ("perioddefinition_sourced_id_taken", period, TAKEN),
    ("period_matches_template", period, foreign_school),
    ("valid_period_length", period, {"length": 29, "end": dt.time(12, 29)}),
    ("valid_period_length", period, {"length": 121, "end": dt.time(14, 1)}),
    ("valid_period_length", irregular, {"length": 481, "end": dt.time(20, 1)}),
    ("valid_period_length", lunch, {"length": 481, "end": dt.time(20, 1)}),
    ("valid_passing_time", period, {"passing": 31}),
    ("period_start_on_the_minute", period, {"start": dt.time(12, 0, 1)}),
    ("period_start_on_the_minute", period, {"start": dt.time(12, 0, 0, 1)}),
    ("period_end_fits_length", period, {"end": dt.time(12, 46)}),
    ("period_end_fits_length", period, {"end": dt.time(12, 45, 30)}),
    ("period_ends_by_midnight", period, {"start": dt.time(23, 15), "end": dt.time(0)}),
    ("period_ends_by_midnight", period, {"start": dt.time(23, 30), "end": dt.time(0, 15)}),
    ("period_track_not_reserved", period, {"track": "none"}),
    ("period_track_not_reserved", period, {"track": "all"}),
    ("period_number_taken", period, {"number": 1}),
    ("period_no_overlap", period, {"start": dt.time(9, 19), "end": dt.time(10, 4)}),
    ("period_no_overlap", period, {"start": dt.time(7, 46), "end": dt.time(8, 31)}),
    ("period_no_overlap", period, {"start": dt.time(8, 31), "end": dt.time(9, 16)}),
    ("period_no_overlap", period, {"track": "a", "start": dt.time(9), "end": dt.time(9, 45)}),
    (
        "period_no_overlap",
        tracked_period,
        {"track": "b", "start": dt.time(9), "end": dt.time(9, 45)},
    ),
    (
        "period_no_overlap",
        tracked_period,
        {"track": "", "start": dt.time(9), "end": dt.time(9, 45)},
    ),
    ("schedulerule_sourced_id_taken", schedule_rule, TAKEN),
    ("schedulerule_matches_year", schedule_rule, foreign_school),
    ("schedulerule_matches_template", schedule_rule, foreign_template),
    ("schedulerule_dates_in_order", schedule_rule, {"valid_to": date("2026-08-31")}),
    ("scheduling_dayoverride_dates_in_order", override, {"end_date": date("2026-12-03")}),
    ("dayoverride_sourced_id_taken", override, TAKEN),
    ("dayoverride_matches_year", override, {"year_end": date("2027-06-04")}),
    ("dayoverride_matches_year", override, foreign_school),
    ("dayoverride_within_year", override, {"start_date": date("2026-08-11")}),
    ("dayoverride_within_year", override, {"end_date": date("2027-06-04")}),
    ("dayoverride_matches_template", open_override, foreign_template),
    ("dayoverride_closed_or_template", override, {"closed": False}),
    ("dayoverride_closed_or_template", override, some_template),
    ("dayoverride_no_overlap", override, {"start_date": date("2026-11-11")}),
    ("revision_number_per_school", revision, {"number": 1}),
]
# These two cannot be broken alone: a taken type is a taken sequence, or does not fit it.
NOT_ALONE = {"quarter_type_taken"}


def case_id(case: tuple[str, Any, Changes]) -> str:
    name, _build, changes = case
    return f"{name}-{'-'.join(changes) if isinstance(changes, dict) else changes.__name__}"


every_case = pytest.mark.parametrize(
    ("name", "build", "changes"), [pytest.param(*case, id=case_id(case)) for case in CASES]
)


def prepared(build: Callable[[], Any]) -> Any:
    row = build()
    if not isinstance(row, Revision):
        copy_from_parents([row])
        row.derive()
        row.created_at = row.updated_at = timezone.now()
    return row


def changed(row: Any, changes: Changes) -> dict[str, Any]:
    if isinstance(changes, dict):
        return changes
    return changes(row) if changes is some_template else changes()


def schools_of(row: Any) -> list[School]:
    new = [row] if isinstance(row, School) else []
    return [] if isinstance(row, District) else [*School.objects.all(), *new]


def adapted(row: models.Model, names: Any) -> dict[str, Any]:
    """Return what the database is sent, by column."""
    fields = [row._meta.get_field(name) for name in names]
    return {
        field.column: field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in fields
    }


def insert(row: models.Model) -> None:
    values = adapted(row, [field.attname for field in row._meta.concrete_fields])
    columns = ", ".join(f'"{column}"' for column in values)
    places = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{row._meta.db_table}" ({columns}) VALUES ({places})',
            list(values.values()),
        )


def update(row: models.Model, names: Any) -> None:
    values = adapted(row, names)
    columns = ", ".join(f'"{column}" = %s' for column in values)
    (pk,) = adapted(row, ["id"]).values()
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{row._meta.db_table}" SET {columns} WHERE "id" = %s', [*values.values(), pk]
        )


def told(error: IntegrityError) -> str | None:
    """Return the constraint that the engine names; SQLite does not name keys."""
    if not SQLITE:
        return error.__cause__.diag.constraint_name
    message = str(error)
    return message.rpartition(": ")[2] if message.startswith(("CHECK", "constraint")) else None


def is_key(name: str) -> bool:
    """Return whether SQLite holds the rule with an index or a foreign key."""
    return isinstance(RULES[name], models.UniqueConstraint) or "_matches_" in name


OUTSIDE = {
    *(ClientRoster, FeedToken, Membership, RosterOrg, RosterSession),
    *(Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent),
}
RULES = {
    constraint.name: constraint
    for model in apps.get_app_config("scheduling").get_models()
    for constraint in model._meta.constraints
    if not isinstance(constraint, ReferencedKey) and model not in OUTSIDE
}
"""Of what lies in a calendar; the others have tests of their own."""


BROKEN_TOO = {"schedulerule_matches_year": {"schedulerule_matches_template"}}
"""What a row of another school than both of its parents breaks as well.

PostgreSQL tells of the key whose trigger has the lesser name, and that ends in a running number.
"""


def assert_refused_by(name: str, refusal: pytest.ExceptionInfo[IntegrityError]) -> None:
    if SQLITE and is_key(name):
        assert told(refusal.value) is None
    else:
        assert told(refusal.value) in {name, *BROKEN_TOO.get(name, ())}


def copied(row: models.Model) -> set[str]:
    """Return the attributes that set-wise writes set right from the parents."""
    return {row._meta.get_field(name).attname for name in copied_columns(type(row))}


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} | NOT_ALONE == set(RULES)


@every_case
def test_an_insert_in_bulk_and_a_raw_one_are_refused(
    name: str, build: Any, changes: Changes
) -> None:
    row = prepared(build)
    changes = changed(row, changes)
    for column, value in changes.items():
        setattr(row, column, value)
    repaired = set() if isinstance(row, Revision) else type(row).DERIVED | copied(row)
    rows = type(row).objects if repaired.isdisjoint(changes) else plain(type(row))

    with pytest.raises(IntegrityError) as refusal, revise(*schools_of(row)):
        rows.bulk_create([row])
    with pytest.raises(IntegrityError) as raw_refusal, revise(*schools_of(row)):
        insert(row)

    assert_refused_by(name, refusal)
    assert_refused_by(name, raw_refusal)


@every_case
def test_a_raw_update_is_refused(name: str, build: Any, changes: Changes) -> None:
    row = prepared(build)
    with revise(*schools_of(row)):
        row.save()  # valid so far
    changes = changed(row, changes)
    for column, value in changes.items():
        setattr(row, column, value)

    with pytest.raises(IntegrityError) as refusal, revise(*schools_of(row)):
        update(row, changes)

    assert_refused_by(name, refusal)


@pytest.mark.parametrize("build", [period, irregular, lunch])
def test_a_period_of_no_length_is_refused(build: Any) -> None:
    row = prepared(build)
    row.length, row.end = 0, row.start

    with pytest.raises(IntegrityError), revise(*schools_of(row)):
        insert(row)


def test_a_type_is_taken_once_a_term() -> None:
    constraint = RULES["quarter_type_taken"]

    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Quarter._meta.db_table)

    assert found[constraint.name]["unique"]
    assert found[constraint.name]["columns"] == ["term_id", "quarter_type"]


# The same rules from the other end: the parent is changed under its rows.


def year_of_term() -> AcademicYear:
    return TermFactory.create().academic_year


def year_of_break() -> AcademicYear:
    return BreakFactory.create().academic_year


def year_of_override() -> AcademicYear:
    return DayOverrideFactory.create().academic_year


def year_of_rule() -> AcademicYear:
    return ScheduleRuleFactory.create().academic_year


def term_of_quarter() -> Term:
    return QuarterFactory.create().term


def template_of_period() -> PeriodTemplate:
    return PeriodDefinitionFactory.create().template


def template_of_rule() -> PeriodTemplate:
    return ScheduleRuleFactory.create().template


def template_of_override() -> PeriodTemplate:
    year = AcademicYearFactory.create()
    template = PeriodTemplateFactory.create(school=year.school)
    DayOverrideFactory.create(academic_year=year, template=template)
    return template


TRIMESTER = {"term_type": "TRI1", "sequence": 1, "structure": "TRI"}
SECOND_SEMESTER = {"term_type": "SEM2", "sequence": 2}


@pytest.mark.parametrize(
    ("build", "changes", "name"),
    [
        (year_of_term, {"start_date": date("2026-08-13")}, "term_within_year"),
        (year_of_term, {"end_date": date("2026-12-17")}, "term_within_year"),
        (year_of_break, {"start_date": date("2026-11-26")}, "break_within_year"),
        (year_of_break, {"end_date": date("2026-11-26")}, "break_within_year"),
        (year_of_override, {"start_date": date("2026-11-12")}, "dayoverride_within_year"),
        (year_of_override, {"end_date": date("2026-11-10")}, "dayoverride_within_year"),
        (year_of_rule, foreign_school, "schedulerule_matches_year"),
        (term_of_quarter, {"start_date": date("2026-08-13")}, "quarter_within_term"),
        (term_of_quarter, {"end_date": date("2026-10-13")}, "quarter_within_term"),
        (term_of_quarter, TRIMESTER, "quarter_requires_semester"),
        (term_of_quarter, SECOND_SEMESTER, "quarter_type_fits_sequence"),
        (template_of_period, foreign_school, "period_matches_template"),
        (template_of_rule, foreign_school, "schedulerule_matches_template"),
        (template_of_override, foreign_school, "dayoverride_matches_template"),
    ],
)
def test_a_parent_is_not_changed_under_its_rows(build: Any, changes: Changes, name: str) -> None:
    parent = build()
    changes = changed(parent, changes)
    for column, value in changes.items():
        setattr(parent, column, value)

    with pytest.raises(IntegrityError) as refusal, revise(*School.objects.all()):
        update(parent, changes)

    assert told(refusal.value) in {name, None if SQLITE and is_key(name) else name}


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL has types")
@pytest.mark.parametrize("value", ["garbage", "", "8:30", "08:30", "25:00:00", 830])
@pytest.mark.parametrize("column", ["start", "end"])
def test_sqlite_takes_no_garbage_for_a_time(column: str, value: Any) -> None:
    row = PeriodDefinitionFactory.create()

    with (
        pytest.raises(IntegrityError, match="period_"),
        revise(row.school),
        connection.cursor() as cursor,
    ):
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET "{column}" = %s', [value])


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL has types")
@pytest.mark.parametrize("value", ["garbage", "-1"])
def test_sqlite_takes_no_garbage_for_a_length(value: str) -> None:
    row = PeriodDefinitionFactory.create()

    with (
        pytest.raises(IntegrityError),
        revise(row.school),
        connection.cursor() as cursor,
    ):
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET "length" = %s', [value])
