"""Districts, schools, years, terms, breaks, rules and overrides: the rules between rows."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from scheduling.models import (
    AcademicYear,
    Break,
    DayOverride,
    District,
    PeriodTemplate,
    ScheduleRule,
    School,
    Term,
)
from tests.conftest import codes
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


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def outcome(factory: Any, **values: Any) -> dict[str, set[str]]:
    try:
        factory.create(**values)
    except ValidationError as refusal:
        return codes(refusal)
    return {}


def saved(row: Any, **changes: Any) -> dict[str, set[str]]:
    for name, value in changes.items():
        setattr(row, name, value)
    try:
        row.save()
    except ValidationError as refusal:
        return codes(refusal)
    return {}


@pytest.fixture
def year() -> AcademicYear:
    """From 2026-08-12 to 2027-06-03, with the rotation days A and B."""
    return AcademicYearFactory.create(cycle_days=["A", "B"])


@pytest.fixture
def template(year: AcademicYear) -> PeriodTemplate:
    return PeriodTemplateFactory.create(school=year.school)


# Districts and schools


@pytest.mark.parametrize(
    ("slug", "is_valid"),
    [
        ("maple-high", True),
        ("a", True),
        ("7", True),
        ("a" * 63, True),
        ("a" * 64, False),
        ("Maple", False),
        ("maple--high", False),
        ("-maple", False),
        ("maple-", False),
        ("maple_high", False),
        ("maple\n", False),
        ("", False),
        ("0190a2b4-0000-7000-8000-000000000000", False),
    ],
)
@pytest.mark.parametrize(
    ("factory", "name"),
    [(SchoolFactory, "slug"), (DistrictFactory, "slug"), (PeriodTemplateFactory, "code")],
    ids=["school", "district", "template"],
)
def test_a_slug_is_small_letters_digits_and_hyphens(
    factory: Any, name: str, slug: str, is_valid: bool
) -> None:
    assert (outcome(factory, **{name: slug}) == {}) == is_valid


@pytest.mark.parametrize("factory", [SchoolFactory, DistrictFactory])
def test_a_slug_comes_once(factory: Any) -> None:
    taken = factory.create()

    assert outcome(factory, slug=taken.slug) == {"": {"slug_taken"}}


@pytest.mark.parametrize(
    ("timezone", "expected"),
    [
        ("America/Chicago", {}),
        ("UTC", {}),
        ("Chicago", {"timezone": {"unknown_timezone"}}),
        ("localtime", {"timezone": {"unknown_timezone"}}),
        ("Factory", {"timezone": {"unknown_timezone"}}),
        ("america/chicago", {"timezone": {"unknown_timezone"}}),
        ("../etc/passwd", {"timezone": {"unknown_timezone"}}),
        ("", {"timezone": {"blank"}}),
    ],
)
def test_a_time_zone_is_one_of_the_database(timezone: str, expected: dict[str, set[str]]) -> None:
    assert outcome(SchoolFactory, timezone=timezone) == expected


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        (["monday", "saturday"], {}),
        (["monday", "monday"], {"weekdays": {"repeated_weekday"}}),
        (["Monday"], {"weekdays": {"unknown_weekday"}}),
        ([1], {"weekdays": {"unknown_weekday"}}),
        ("monday", {"weekdays": {"unknown_weekday"}}),
        ({"monday": 1}, {"weekdays": {"unknown_weekday"}}),
        ([["monday"]], {"weekdays": {"unknown_weekday"}}),
        ([], {"weekdays": {"blank"}}),
    ],
)
def test_weekdays_are_a_list_of_names(weekdays: Any, expected: dict[str, set[str]]) -> None:
    assert outcome(SchoolFactory, weekdays=weekdays) == expected


def test_weekdays_are_kept_in_the_order_of_the_week() -> None:
    school = SchoolFactory.create(weekdays=["friday", "monday"])

    assert School.objects.get(pk=school.pk).weekdays == ["monday", "friday"]


def test_another_order_of_the_same_weekdays_is_no_change() -> None:
    school = SchoolFactory.create()
    school.weekdays = list(reversed(school.weekdays))
    school.save()

    assert School.objects.get().revision == 1


def test_a_school_is_held_monday_to_friday_unless_told() -> None:
    assert SchoolFactory.create().weekdays == [
        "monday", "tuesday", "wednesday", "thursday", "friday",
    ]  # fmt: skip


@pytest.mark.parametrize(("cap", "expected"), [(0, {}), (30, {}), (31, {"max_value"})])
def test_the_passing_cap_is_at_most_30_minutes(cap: int, expected: Any) -> None:
    found = outcome(SchoolFactory, passing_minutes_cap=cap)

    assert found.get("passing_minutes_cap", {}) == expected


def test_schools_and_districts_read_as_their_names() -> None:
    school = SchoolFactory.create()

    assert (str(school), str(school.district)) == ("Maple High", "Harbor District")


# Academic years


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2027-06-04", "2028-06-01", {}, id="the-day-after"),
        pytest.param("2027-06-03", "2028-06-01", {"": {"overlap"}}, id="a-shared-day"),
        pytest.param("2025-08-01", "2026-08-11", {}, id="the-day-before"),
        pytest.param("2027-08-12", "2027-08-12", {}, id="one-day"),
        pytest.param(
            "2027-08-12", "2027-08-11", {"end_date": {"dates_out_of_order"}}, id="reversed"
        ),
        pytest.param("2028-01-01", "2031-01-03", {"end_date": {"too_long"}}, id="over-three-years"),
    ],
)
def test_years_of_a_school_follow_one_another(
    year: AcademicYear, start: str, end: str, expected: dict[str, set[str]]
) -> None:
    dates = {"start_date": date(start), "end_date": date(end)}

    found = outcome(AcademicYearFactory, school=year.school, name="Another", **dates)

    assert found == expected


def test_the_years_of_two_schools_may_have_the_same_dates(year: AcademicYear) -> None:
    assert outcome(AcademicYearFactory) == {}


def test_a_year_may_end_on_a_leap_day() -> None:
    dates = {"start_date": date("2027-08-12"), "end_date": date("2028-02-29")}

    assert AcademicYearFactory.create(**dates).covers(date("2028-02-29"))


def test_the_name_of_a_year_comes_once_in_a_school(year: AcademicYear) -> None:
    dates = {"start_date": date("2027-08-12"), "end_date": date("2028-06-01")}

    found = outcome(AcademicYearFactory, school=year.school, **dates)

    assert found == {"": {"name_taken"}}


@pytest.mark.parametrize(
    ("cycle_days", "code"),
    [
        (["A", "A"], "repeated_cycle_day"),
        ([""], "invalid_cycle_days"),
        ([" "], "invalid_cycle_days"),
        (["x" * 21], "invalid_cycle_days"),
        ([1], "invalid_cycle_days"),
        ("AB", "invalid_cycle_days"),
        ({"A": 1}, "invalid_cycle_days"),
        (["\x00"], "invalid_characters"),
        (["\ud800"], "invalid_characters"),
        ({}, "invalid"),
        ("", "invalid"),
        (None, "invalid"),
    ],
)
def test_rotation_days_are_a_list_of_short_names(cycle_days: Any, code: str) -> None:
    assert outcome(AcademicYearFactory, cycle_days=cycle_days) == {"cycle_days": {code}}


@pytest.mark.parametrize(
    ("cycle_start", "expected"),
    [
        pytest.param(None, {}, id="the-first-day"),
        pytest.param("2026-08-12", {}, id="first"),
        pytest.param("2027-06-03", {}, id="last"),
        pytest.param("2026-08-11", {"cycle_start": {"outside_year"}}, id="before"),
        pytest.param("2027-06-04", {"cycle_start": {"outside_year"}}, id="after"),
    ],
)
def test_the_rotation_starts_within_the_year(
    cycle_start: str | None, expected: dict[str, set[str]]
) -> None:
    start = None if cycle_start is None else date(cycle_start)

    assert outcome(AcademicYearFactory, cycle_days=["A"], cycle_start=start) == expected


def test_the_rotation_starts_on_the_first_day_unless_told(year: AcademicYear) -> None:
    assert AcademicYear.objects.get().cycle_start == year.start_date
    assert AcademicYearFactory.create().cycle_start is None


SHRUNK = [
    pytest.param({"start_date": date("2026-11-26")}, {"start_date": {"rows_outside"}}, id="start"),
    pytest.param({"end_date": date("2026-11-10")}, {"end_date": {"rows_outside"}}, id="end"),
]


@pytest.mark.parametrize(("changes", "expected"), SHRUNK)
@pytest.mark.parametrize("factory", [TermFactory, BreakFactory, DayOverrideFactory])
def test_a_year_does_not_shrink_under_its_rows(
    factory: Any, changes: dict[str, Any], expected: dict[str, set[str]]
) -> None:
    row = factory.create()

    assert saved(row.academic_year, **changes) == expected


def test_a_year_may_shrink_to_its_rows() -> None:
    term = TermFactory.create()

    assert saved(term.academic_year, end_date=term.end_date) == {}


def test_a_year_may_not_shrink_past_its_rotation_start(year: AcademicYear) -> None:
    found = saved(year, start_date=date("2026-08-13"))

    assert found == {"cycle_start": {"outside_year"}}


@pytest.mark.parametrize("factory", [ScheduleRuleFactory, DayOverrideFactory])
def test_a_year_keeps_the_rotation_days_that_its_rows_name(
    year: AcademicYear, template: PeriodTemplate, factory: Any
) -> None:
    factory.create(academic_year=year, template=template, cycle_day="B")

    assert saved(year, cycle_days=["A"]) == {"cycle_days": {"cycle_day_in_use"}}
    assert saved(AcademicYear.objects.get(), cycle_days=["B", "C"]) == {}


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (AcademicYearFactory.create, "school"),
        (TermFactory.create, "academic_year"),
        (BreakFactory.create, "academic_year"),
        (ScheduleRuleFactory.create, "academic_year"),
        (DayOverrideFactory.create, "academic_year"),
    ],
    ids=["year", "term", "break", "rule", "override"],
)
def test_a_parent_cannot_change(build: Any, field: str) -> None:
    row, other = build(), build()

    assert "fixed" in saved(row, **{field: getattr(other, field)})[field]


# Terms


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"start_date": date("2026-08-12")}, {}, id="first-day"),
        pytest.param(
            {"start_date": date("2026-08-11")}, {"start_date": {"outside_year"}}, id="day-before"
        ),
        pytest.param({"end_date": date("2027-06-03")}, {}, id="last-day"),
        pytest.param(
            {"end_date": date("2027-06-04")}, {"end_date": {"outside_year"}}, id="day-after"
        ),
        pytest.param(
            {"end_date": date("2026-08-11")}, {"end_date": {"dates_out_of_order"}}, id="reversed"
        ),
        pytest.param({"sequence": 2}, {"sequence": {"type_and_sequence"}}, id="sequence"),
        pytest.param({"sequence": 1, "name": "Autumn"}, {}, id="told"),
        pytest.param(
            {
                "term_type": "SEM3",
                "start_date": date("2026-08-12"),
                "end_date": date("2026-12-18"),
            },
            {"term_type": {"invalid_choice"}},
            id="no-such-type",
        ),
    ],
)
def test_a_term_lies_in_its_year_and_its_sequence_in_its_type(
    values: dict[str, Any], expected: dict[str, set[str]]
) -> None:
    assert outcome(TermFactory, **values) == expected


@pytest.mark.parametrize(
    ("term_type", "sequence", "structure", "name"),
    [
        ("SEM1", 1, "SEM", "Semester 1"),
        ("SEM2", 2, "SEM", "Semester 2"),
        ("TRI1", 1, "TRI", "Trimester 1"),
        ("TRI3", 3, "TRI", "Trimester 3"),
    ],
)
def test_a_term_is_described_by_its_type(
    term_type: str, sequence: int, structure: str, name: str
) -> None:
    TermFactory.create(term_type=term_type)

    stored = Term.objects.get()
    assert (stored.sequence, stored.structure, stored.name) == (sequence, structure, name)
    assert str(stored) == name
    assert stored.is_semester == (structure == "SEM")


def test_semesters_and_trimesters_run_side_by_side(year: AcademicYear) -> None:
    for term_type in Term.TermType:
        TermFactory.create(academic_year=year, term_type=term_type)

    assert year.terms.count() == 5


def test_terms_of_one_structure_do_not_overlap(year: AcademicYear) -> None:
    TermFactory.create(academic_year=year)

    start = date("2026-12-18")

    assert outcome(TermFactory, academic_year=year, term_type="SEM2", start_date=start) == {
        "": {"overlap"}
    }


def test_a_type_comes_once_in_a_year(year: AcademicYear) -> None:
    TermFactory.create(academic_year=year)
    dates = {"start_date": date("2027-01-04"), "end_date": date("2027-06-03")}

    found = outcome(TermFactory, academic_year=year, **dates)

    assert found == {"": {"type_taken"}}


# Breaks and overrides


@pytest.mark.parametrize("factory", [BreakFactory, DayOverrideFactory])
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-08-12", "2026-08-12", {}),
        ("2027-06-03", "2027-06-03", {}),
        ("2026-08-11", "2026-08-12", {"start_date": {"outside_year"}}),
        ("2027-06-03", "2027-06-04", {"end_date": {"outside_year"}}),
        ("2026-11-12", "2026-11-11", {"end_date": {"dates_out_of_order"}}),
    ],
)
def test_breaks_and_overrides_lie_in_their_year(
    factory: Any, start: str, end: str, expected: dict[str, set[str]]
) -> None:
    assert outcome(factory, start_date=date(start), end_date=date(end)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"closed": True}, {}, id="closed"),
        pytest.param({"closed": False}, {"": {"closed_or_template"}}, id="neither"),
        pytest.param({"closed": True, "open": True}, {"": {"closed_or_template"}}, id="both"),
        pytest.param({"open": True}, {}, id="open"),
        pytest.param({"open": True, "cycle_day": "A"}, {}, id="forced"),
        pytest.param({"open": True, "holds_cycle": True}, {}, id="held"),
        pytest.param({"closed": True, "holds_cycle": True}, {}, id="closed-and-held"),
        pytest.param(
            {"open": True, "cycle_day": "A", "holds_cycle": True},
            {"cycle_day": {"cycle_day_without_day"}},
            id="forced-and-held",
        ),
        pytest.param(
            {"closed": True, "cycle_day": "A"},
            {"cycle_day": {"cycle_day_without_day"}},
            id="forced-while-closed",
        ),
        pytest.param(
            {"open": True, "cycle_day": "C"}, {"cycle_day": {"unknown_cycle_day"}}, id="unknown"
        ),
    ],
)
def test_an_override_closes_the_day_or_gives_it_a_template(
    year: AcademicYear, template: PeriodTemplate, values: dict[str, Any], expected: Any
) -> None:
    if values.pop("open", False):
        values = {"template": template, **values}

    assert outcome(DayOverrideFactory, academic_year=year, **values) == expected


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        ("2026-11-10", "2026-11-10", False),
        ("2026-11-10", "2026-11-11", True),
        ("2026-11-11", "2026-11-11", True),
        ("2026-11-12", "2026-11-12", False),
        ("2026-11-09", "2026-11-13", True),
    ],
)
def test_no_two_overrides_meet_on_a_date(
    year: AcademicYear, start: str, end: str, overlaps: bool
) -> None:
    DayOverrideFactory.create(academic_year=year)
    dates = {"start_date": date(start), "end_date": date(end)}

    found = outcome(DayOverrideFactory, academic_year=year, **dates)

    assert found == ({"": {"overlap"}} if overlaps else {})


@pytest.mark.parametrize("factory", [ScheduleRuleFactory, DayOverrideFactory])
def test_a_template_of_another_school_is_refused(year: AcademicYear, factory: Any) -> None:
    template = PeriodTemplateFactory.create()

    found = outcome(factory, academic_year=year, template=template)

    assert found == {"template": {"foreign_parent"}}


def test_breaks_overrides_and_years_read_as_their_names() -> None:
    assert str(AcademicYearFactory.create()) == "2026-2027"
    assert str(BreakFactory.create()) == "Thanksgiving break"
    assert str(DayOverrideFactory.create()) == "Veterans Day"


# Schedule rules

AMBIGUOUS = {"": {"ambiguous_rule"}}


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param({"weekdays": ["monday"]}, {"weekdays": ["tuesday"]}, {}, id="other-weekday"),
        pytest.param(
            {"weekdays": ["monday"]},
            {"weekdays": ["friday", "monday"]},
            AMBIGUOUS,
            id="shared-weekday",
        ),
        pytest.param({"cycle_day": "A"}, {"cycle_day": "B"}, {}, id="other-cycle-day"),
        pytest.param({"cycle_day": "A"}, {"cycle_day": "A"}, AMBIGUOUS, id="same-cycle-day"),
        pytest.param({"weekdays": ["monday"]}, {"cycle_day": "A"}, {}, id="weekday-and-cycle-day"),
        pytest.param(
            {"weekdays": ["monday"]},
            {"weekdays": ["monday"], "cycle_day": "A"},
            {},
            id="more-specific",
        ),
        pytest.param(
            {"weekdays": ["monday"], "cycle_day": "A"},
            {"cycle_day": "A"},
            {},
            id="less-specific",
        ),
        pytest.param(
            {"weekdays": ["monday"], "cycle_day": "A"},
            {"weekdays": ["monday"], "cycle_day": "B"},
            {},
            id="both-with-other-cycle-days",
        ),
        pytest.param(
            {"weekdays": ["monday"], "cycle_day": "A"},
            {"weekdays": ["monday"], "cycle_day": "A"},
            AMBIGUOUS,
            id="both-the-same",
        ),
        pytest.param(
            {"weekdays": ["monday"], "valid_to": date("2026-12-31")},
            {"weekdays": ["monday"], "valid_from": date("2027-01-01")},
            {},
            id="one-after-the-other",
        ),
        pytest.param(
            {"weekdays": ["friday"], "valid_to": date("2027-01-01")},
            {"weekdays": ["friday"], "valid_from": date("2027-01-01")},
            AMBIGUOUS,
            id="one-friday-in-both",
        ),
        pytest.param(
            {"weekdays": ["monday"], "valid_to": date("2027-01-03")},
            {"weekdays": ["monday"], "valid_from": date("2027-01-01")},
            {},
            id="no-monday-in-both",
        ),
        pytest.param(
            {"cycle_day": "A", "valid_to": date("2027-01-01")},
            {"cycle_day": "A", "valid_from": date("2027-01-01")},
            AMBIGUOUS,
            id="one-day-in-both",
        ),
        pytest.param(
            {"weekdays": ["monday"], "valid_from": date("2027-07-01")},
            {"weekdays": ["monday"], "valid_from": date("2027-07-01")},
            {},
            id="after-the-year",
        ),
    ],
)
def test_no_two_rules_of_one_specificity_meet_on_a_date(
    year: AcademicYear, template: PeriodTemplate, one: Any, two: Any, expected: Any
) -> None:
    values = {"academic_year": year, "template": template}
    ScheduleRuleFactory.create(**values, **{"weekdays": [], **one})

    assert outcome(ScheduleRuleFactory, **values, **{"weekdays": [], **two}) == expected


def test_an_ambiguity_names_the_day_and_the_rule() -> None:
    rule = ScheduleRuleFactory.create()

    with pytest.raises(ValidationError) as refusal:
        ScheduleRuleFactory.create(academic_year=rule.academic_year, template=rule.template)

    message = "On 2026-08-17 the rule “Regular: monday” would apply as well."
    assert refusal.value.message_dict == {"__all__": [message]}


@pytest.mark.parametrize(
    ("rule", "changes", "day"),
    [
        pytest.param(
            {"valid_from": date("2027-07-01")},
            {"end_date": date("2027-07-31")},
            "2027-07-05",
            id="end",
        ),
        pytest.param(
            {"valid_to": date("2026-08-03")},
            {"start_date": date("2026-08-01")},
            "2026-08-03",
            id="start",
        ),
    ],
)
def test_a_year_does_not_grow_over_rules_that_would_meet(
    year: AcademicYear, template: PeriodTemplate, rule: Any, changes: Any, day: str
) -> None:
    for _number in range(2):
        ScheduleRuleFactory.create(academic_year=year, template=template, **rule)

    assert saved(year, **changes) == {name: {"ambiguous_rule"} for name in changes}

    name = "Regular: monday"
    message = f"On {day} the rules “{name}” and “{name}” would both apply."
    (problem,) = year.date_problems()
    assert problem.messages == [message]


def test_a_year_grows_over_rules_that_do_not_meet(
    year: AcademicYear, template: PeriodTemplate
) -> None:
    for weekday in ("monday", "tuesday"):
        ScheduleRuleFactory.create(
            academic_year=year,
            template=template,
            weekdays=[weekday],
            valid_from=date("2027-07-01"),
        )

    assert saved(year, end_date=date("2027-07-31")) == {}


def test_a_rule_is_not_ambiguous_with_itself() -> None:
    rule = ScheduleRuleFactory.create()

    assert saved(rule, weekdays=["monday", "friday"]) == {}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"weekdays": []}, {"weekdays": {"required"}}, id="no-day"),
        pytest.param({"weekdays": ["Monday"]}, {"weekdays": {"unknown_weekday"}}, id="capital"),
        pytest.param({"cycle_day": "C"}, {"cycle_day": {"unknown_cycle_day"}}, id="unknown-day"),
        pytest.param(
            {"valid_from": date("2026-10-02"), "valid_to": date("2026-10-01")},
            {"": {"dates_out_of_order"}},
            id="reversed",
        ),
        pytest.param(
            {"valid_from": date("2026-10-01"), "valid_to": date("2026-10-01")}, {}, id="one-day"
        ),
    ],
)
def test_a_rule_names_days_that_exist(
    year: AcademicYear, template: PeriodTemplate, values: Any, expected: Any
) -> None:
    found = outcome(ScheduleRuleFactory, academic_year=year, template=template, **values)

    assert found == expected


# What protects what


@pytest.mark.parametrize(
    "factory", [TermFactory, BreakFactory, ScheduleRuleFactory, DayOverrideFactory]
)
def test_a_year_with_anything_in_it_is_protected(factory: Any) -> None:
    year = factory.create().academic_year

    with pytest.raises(ProtectedError):
        year.delete()
    with pytest.raises(ProtectedError):
        AcademicYear.objects.all().delete()

    assert AcademicYear.objects.count() == 1


@pytest.mark.parametrize("factory", [AcademicYearFactory, PeriodTemplateFactory])
def test_a_school_with_a_calendar_is_protected(factory: Any) -> None:
    school = factory.create().school

    with pytest.raises(ProtectedError):
        school.delete()


def test_a_district_with_schools_is_protected() -> None:
    district = SchoolFactory.create().district

    with pytest.raises(ProtectedError):
        district.delete()
    School.objects.get().delete()
    district.delete()

    assert not District.objects.exists()


@pytest.mark.parametrize("factory", [ScheduleRuleFactory, DayOverrideFactory])
def test_a_template_in_use_is_protected(
    year: AcademicYear, template: PeriodTemplate, factory: Any
) -> None:
    PeriodDefinitionFactory.create(template=template)
    row = factory.create(academic_year=year, template=template)

    with pytest.raises(ProtectedError):
        template.delete()
    row.delete()
    template.delete()

    assert not PeriodTemplate.objects.exists()


# What every model has


@pytest.mark.parametrize(
    "factory",
    [
        AcademicYearFactory,
        TermFactory,
        QuarterFactory,
        BreakFactory,
        PeriodTemplateFactory,
        PeriodDefinitionFactory,
        ScheduleRuleFactory,
        DayOverrideFactory,
    ],
)
def test_a_sourced_id_may_come_again_in_another_school(factory: Any) -> None:
    factory.create(sourced_id="sis-1")

    assert outcome(factory, sourced_id="") == {}
    assert outcome(factory, sourced_id="sis-1") == {}


def test_a_sourced_id_of_a_district_comes_once() -> None:
    DistrictFactory.create(sourced_id="sis-1")

    assert outcome(DistrictFactory, sourced_id="sis-1") == {"": {"sourced_id_taken"}}


def test_a_sourced_id_taken_in_the_school_is_refused(year: AcademicYear) -> None:
    BreakFactory.create(academic_year=year, sourced_id="sis-1")

    assert outcome(BreakFactory, academic_year=year, sourced_id="sis-1") == {
        "": {"sourced_id_taken"}
    }
    assert outcome(DayOverrideFactory, academic_year=year, sourced_id="sis-1") == {}


def test_a_sourced_id_of_a_school_comes_once_in_its_district() -> None:
    school = SchoolFactory.create(sourced_id="sis-1")

    assert outcome(SchoolFactory, district=school.district, sourced_id="sis-1") == {
        "": {"sourced_id_taken"}
    }
    assert outcome(SchoolFactory, sourced_id="sis-1") == {}


def test_the_school_is_the_parents_whatever_was_given(year: AcademicYear) -> None:
    dates = {"start_date": date("2026-11-25"), "end_date": date("2026-11-27")}

    Break(academic_year=year, school=SchoolFactory.create(), name="Mine", **dates).save()

    assert Break.objects.get().school == year.school


def test_a_row_from_a_form_that_says_the_same_is_unchanged() -> None:
    pause = BreakFactory.create()
    before = School.objects.get().revision
    pause.start_date, pause.counts_weeks = "2026-11-25", "False"

    pause.save()

    assert School.objects.get().revision == before


def test_update_fields_store_and_record_those_columns_alone() -> None:
    pause = BreakFactory.create()
    pause.name, pause.kind = "Renamed", "other"

    pause.save(update_fields=["name"])

    stored = Break.objects.get()
    assert (stored.name, stored.kind) == ("Renamed", "vacation")
    assert (stored.history.first().name, stored.history.first().kind) == ("Renamed", "vacation")


def test_update_fields_without_a_change_are_no_write() -> None:
    pause = BreakFactory.create()
    pause.kind = "other"

    pause.save(update_fields=["name"])

    assert Break.objects.get().kind == "vacation"
    assert pause.history.count() == 1


def test_update_fields_are_validated_too() -> None:
    pause = BreakFactory.create()
    pause.end_date = date("2027-07-01")

    with pytest.raises(ValidationError):
        pause.save(update_fields=["end_date"])


def test_a_row_with_deferred_columns_is_saved_whole() -> None:
    BreakFactory.create()
    pause = Break.objects.only("name").get()
    pause.name = "Renamed"

    pause.save()

    assert Break.objects.get().history.first().name == "Renamed"


def test_every_problem_of_a_year_is_told_at_once() -> None:
    school = SchoolFactory.create()

    found = outcome(
        AcademicYearFactory,
        school=school,
        name="",
        cycle_days=["A", "A"],
        cycle_policy="skip",
        start_date=date("1026-08-12"),
        metadata=[],
    )

    assert found == {
        "name": {"blank"},
        "cycle_days": {"repeated_cycle_day"},
        "cycle_policy": {"invalid_choice"},
        "start_date": {"year_out_of_range"},
        "metadata": {"not_an_object"},
    }


def test_a_missing_parent_is_told_with_the_rest() -> None:
    override = DayOverride(name="", closed=True)

    with pytest.raises(ValidationError) as refusal:
        override.save()

    found = codes(refusal.value)
    assert {name: found[name] for name in ("academic_year", "name", "start_date", "end_date")} == {
        "academic_year": {"null"},
        "name": {"blank"},
        "start_date": {"null"},
        "end_date": {"null"},
    }


def test_a_rule_reads_as_its_template_and_days(
    year: AcademicYear, template: PeriodTemplate
) -> None:
    rule = ScheduleRule(template=template, weekdays=["monday"], cycle_day="A")

    assert str(rule) == "Regular: monday, A"


@pytest.mark.parametrize(
    "factory", [SchoolFactory, AcademicYearFactory, BreakFactory, DayOverrideFactory]
)
def test_a_name_of_white_space_is_no_name(factory: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        factory.create(name=" \t")

    assert codes(refusal.value) == {"name": {"blank"}}


@pytest.mark.parametrize("text", [" ", "\t", "\u3000\n"])
def test_what_may_be_empty_is_no_white_space_either(text: str) -> None:
    found = outcome(TermFactory, name=text, sourced_id=text)

    assert found == {"name": {"blank"}, "sourced_id": {"blank"}}


@pytest.mark.parametrize("term_type", ["", "SEM", "SEM3", "TRI", "Q1"])
def test_a_term_of_no_known_type_is_refused_by_its_type(term_type: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        TermFactory.create(
            term_type=term_type, start_date=dt.date(2026, 9, 1), end_date=dt.date(2026, 12, 1)
        )

    assert set(codes(refusal.value)) == {"term_type"}


def test_a_term_whose_form_lacks_the_type_has_no_rule_to_break() -> None:
    term = Term(
        academic_year=AcademicYearFactory.create(),
        term_type="",
        start_date=dt.date(2026, 9, 1),
        end_date=dt.date(2026, 12, 1),
    )

    term.full_clean(exclude=["term_type"], validate_constraints=False)
