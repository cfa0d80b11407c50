import datetime as dt

import pytest

from scheduling.calendar import facts
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.days import Day
from tests.scheduling.calendar.builders import (
    FRI,
    MON,
    REGULAR,
    SILENT,
    STAFF_DAY,
    WED,
    date,
    days_off,
    override,
    quarter,
    rule,
    school,
    template,
    term,
    year,
)

LATE = template("late")
PEP = template("pep")
TEMPLATES = (REGULAR, STAFF_DAY, SILENT, LATE, PEP)

TERMS = (
    term("SEM1", "2026-09-07", "2026-10-01", quarter("Q1", "2026-09-07", "2026-09-16")),
    term("SEM2", "2026-10-05", "2026-10-30"),
)


def calendar(**given) -> Calendar:
    return Calendar(school(year(**given), templates=TEMPLATES))


def ask(day: str, *tracks: str, **given) -> Day:
    return calendar(**given).day(date(day), tracks).day


def told(day: Day) -> tuple[bool, str, str | None, str | None]:
    return day.is_school_day, day.reason, day.label, day.template and day.template.code


@pytest.mark.parametrize(
    ("day", "given", "expected"),
    [
        pytest.param("2026-09-06", {}, (False, "outside_year", None, None), id="eve"),
        pytest.param("2026-09-07", {}, (True, "default", None, "regular"), id="first-day"),
        pytest.param("2026-10-30", {}, (True, "default", None, "regular"), id="last-day"),
        pytest.param("2026-10-31", {}, (False, "outside_year", None, None), id="day-after"),
        pytest.param("2026-09-12", {}, (False, "weekend", None, None), id="weekend"),
        pytest.param(
            "2026-10-02", {"terms": TERMS}, (False, "between_terms", None, None), id="between-terms"
        ),
        pytest.param(
            "2026-10-03",
            {"terms": TERMS},
            (False, "between_terms", None, None),
            id="between-terms-beats-weekend",
        ),
        pytest.param(
            "2026-10-02",
            {"terms": TERMS, "breaks": (days_off("Fall", "2026-10-02"),)},
            (False, "break", "Fall", None),
            id="break-beats-between-terms",
        ),
        pytest.param(
            "2026-09-12",
            {"breaks": (days_off("Fair", "2026-09-11", "2026-09-14"),)},
            (False, "break", "Fair", None),
            id="break-beats-weekend",
        ),
        pytest.param(
            "2026-09-09",
            {
                "breaks": (days_off("Fair", "2026-09-09"),),
                "overrides": (override("Snow", "2026-09-09"),),
            },
            (False, "override", "Snow", None),
            id="closed-override-beats-break",
        ),
        pytest.param(
            "2026-10-02",
            {"terms": TERMS, "overrides": (override("Make-up", "2026-10-02", template="late"),)},
            (True, "override", "Make-up", "late"),
            id="override-opens-between-terms",
        ),
        pytest.param(
            "2026-09-12",
            {"overrides": (override("Make-up", "2026-09-12", template="late"),)},
            (True, "override", "Make-up", "late"),
            id="make-up-saturday",
        ),
        pytest.param(
            "2026-09-09",
            {"rules": (rule("late", {WED}),)},
            (True, "rule", None, "late"),
            id="rule-beats-default",
        ),
        pytest.param(
            "2026-09-09",
            {"rules": (rule("silent", {WED}),)},
            (True, "rule", None, "silent"),
            id="template-without-periods-is-a-school-day",
        ),
        pytest.param(
            "2026-09-09",
            {"rules": (rule("staff-day", {WED}),)},
            (False, "staff_only", None, "staff-day"),
            id="staff-only",
        ),
        pytest.param(
            "2026-09-09",
            {"overrides": (override("Training", "2026-09-09", template="staff-day"),)},
            (False, "staff_only", "Training", "staff-day"),
            id="staff-only-override",
        ),
    ],
)
def test_the_first_reason_that_holds_decides(day: str, given: dict, expected: tuple) -> None:
    assert told(ask(day, **given)) == expected


def test_an_open_day_without_a_template_is_a_school_day_without_bells() -> None:
    schedule = Calendar(school(year(), templates=(SILENT,))).day(date("2026-09-07"))
    assert told(schedule.day) == (True, "no_schedule", None, None)
    assert (schedule.starts_at, schedule.ends_at, schedule.periods) == (None, None, ())


def test_a_school_without_years_has_no_days() -> None:
    schedule = Calendar(school()).day(date("2026-09-07"))
    assert told(schedule.day) == (False, "outside_year", None, None)
    assert schedule.day.year is None


def test_the_staff_have_school_on_a_day_that_is_only_theirs() -> None:
    given = {"rules": (rule("staff-day", {WED}),)}
    assert told(ask("2026-09-09", "staff", **given)) == (True, "rule", None, "staff-day")
    assert told(ask("2026-09-10", "staff", **given)) == (True, "default", None, "regular")


def test_only_a_break_that_decides_is_named() -> None:
    fair = days_off("Fair", "2026-09-09", "2026-09-10")
    given = {"breaks": (fair,), "overrides": (override("Snow", "2026-09-10"),)}
    assert ask("2026-09-09", **given).school_break == fair
    assert ask("2026-09-10", **given).school_break is None


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param("2026-09-07", "regular", id="monday-a"),
        pytest.param("2026-09-08", "pep", id="cycle-day-beats-weekday"),
        pytest.param("2026-09-14", "late", id="monday-b-is-most-specific"),
        pytest.param("2026-09-10", "pep", id="cycle-day"),
        pytest.param("2026-09-09", "silent", id="weekday"),
    ],
)
def test_the_most_specific_rule_wins(day: str, code: str) -> None:
    rules = (
        rule("silent", {1, 2, MON}),
        rule("pep", cycle_day="B"),
        rule("late", {MON}, "B"),
        rule("regular", {MON}, "A"),
    )
    resolved = ask(day, rules=rules, cycle_days=("A", "B"))
    assert resolved.reason == "rule"
    assert resolved.template.code == code


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-09-11", "default"),
        ("2026-09-18", "rule"),
        ("2026-09-25", "rule"),
        ("2026-10-02", "default"),
    ],
)
def test_a_rule_holds_on_both_of_its_dates(day: str, reason: str) -> None:
    fridays = rule("late", {FRI}, since="2026-09-18", until="2026-09-25")
    assert ask(day, rules=(fridays,)).reason == reason


def test_a_rule_that_names_no_day_holds_on_all_but_yields_to_any_other() -> None:
    rules = (rule("pep"), rule("late", {WED}))
    assert ask("2026-09-08", rules=rules).template == PEP
    assert ask("2026-09-09", rules=rules).template == LATE


@pytest.mark.parametrize(
    ("day", "quarter_type", "terms"),
    [
        pytest.param("2026-09-16", "Q1", ["SEM1"], id="last-day-of-the-quarter"),
        pytest.param("2026-09-17", None, ["SEM1"], id="after-the-quarter"),
        pytest.param("2026-10-01", None, ["SEM1"], id="last-day-of-the-term"),
        pytest.param("2026-10-02", None, [], id="between-terms"),
    ],
)
def test_a_date_knows_its_quarter_and_its_terms(
    day: str, quarter_type: str | None, terms: list[str]
) -> None:
    resolved = ask(day, terms=TERMS)
    assert (resolved.quarter and resolved.quarter.quarter_type) == quarter_type
    assert [each.term_type for each in resolved.terms] == terms


def test_semesters_and_trimesters_run_side_by_side() -> None:
    terms = (term("TRI1", "2026-09-07", "2026-10-30"), *TERMS)
    assert [each.term_type for each in ask("2026-09-07", terms=terms).terms] == ["TRI1", "SEM1"]


def test_a_leap_day_is_a_day() -> None:
    leap = Calendar(school(year("2028-02-01", "2028-03-31")))
    assert told(leap.day(date("2028-02-29")).day) == (True, "default", None, "regular")


def test_a_year_may_be_a_single_day() -> None:
    one = Calendar(school(year("2026-09-07", "2026-09-07")))
    assert one.day(date("2026-09-07")).day.is_school_day
    assert [week.school_days for week in one.weeks(one.school.years[0])] == [1]


def test_each_date_is_answered_by_its_own_year() -> None:
    both = Calendar(school(year("2025-09-01", "2026-06-12"), year("2026-09-07", "2027-06-11")))
    names = [both.day(date(day)).day.year for day in ("2026-06-12", "2026-07-01", "2026-09-07")]
    assert names == [both.school.years[0], None, both.school.years[1]]


def test_a_weekday_has_its_english_name() -> None:
    assert ask("2026-09-12").weekday == "saturday"


def test_another_week_than_monday_to_friday() -> None:
    sunday_school = school(year(), weekdays=frozenset({6, 0, 1, 2, 3}))
    friday, sunday = Calendar(sunday_school).days(date("2026-09-11"), date("2026-09-13"))[::2]
    assert (friday.day.reason, sunday.day.reason) == ("weekend", "default")


def test_ranges_share_the_days_that_both_cover() -> None:
    range_ = days_off("Fair", "2026-09-09", "2026-09-11")
    shared = [
        range_.days_within(date(first), date(last))
        for first, last in [
            ("2026-09-01", "2026-09-08"),
            ("2026-09-11", "2026-09-30"),
            ("2026-09-10", "2026-09-10"),
            ("2026-09-01", "2026-09-30"),
        ]
    ]
    assert shared == [0, 1, 1, 3]
    assert list(facts.dates(date("2026-09-09"), date("2026-09-08"))) == []
    assert len(list(facts.dates(dt.date.max, dt.date.max))) == 1
