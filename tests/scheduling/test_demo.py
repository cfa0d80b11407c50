"""The demo schools are believable, and today is always a date of theirs."""

import datetime as dt
import re
from functools import cache
from itertools import combinations, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduling.demo import demo_documents
from scheduling.demo_years import school_years

# Every third day: all weekdays, and each change of the seasons from close by.
THREE_YEARS = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(0, 3 * 365, 3)]
# Every calendar there is (28 years), seen from winter, June and July.
EVERY_SHAPE = [
    dt.date(year, month, day)
    for year in range(2024, 2052)
    for month, day in ((1, 1), (6, 15), (7, 15))
]
SHAPES = pytest.mark.parametrize("today", EVERY_SHAPE, ids=str)
KINDS = {"holiday", "vacation", "staff_day", "weather", "other"}

documents = cache(demo_documents)


def demo(slug: str, today: dt.date) -> dict[str, Any]:
    return next(each for each in documents(today) if each["school"]["slug"] == slug)


def years_of(today: dt.date) -> list[dict[str, Any]]:
    return [year for document in documents(today) for year in document["academic_years"]]


def days(row: dict[str, Any]) -> tuple[dt.date, dt.date]:
    start = row["start_date"]
    return dt.date.fromisoformat(start), dt.date.fromisoformat(row.get("end_date", start))


def lies_in(row: dict[str, Any], outer: dict[str, Any]) -> bool:
    (start, end), (first, last) = days(row), days(outer)
    return first <= start <= end <= last


def share_no_date(rows: list[dict[str, Any]]) -> bool:
    spans = sorted(days(row) for row in rows)
    return all(earlier[1] < later[0] for earlier, later in pairwise(spans))


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def test_today_lies_in_the_second_of_three_years() -> None:
    for today in THREE_YEARS:
        for document in documents(today):
            years = document["academic_years"]
            start, end = days(years[1])
            assert len(years) == 3
            assert start <= today <= end


def test_today_lies_in_a_quarter_but_for_the_days_between() -> None:
    for today in THREE_YEARS:
        year = documents(today)[0]["academic_years"][1]
        spans = [days(quarter) for term in year["terms"] for quarter in term["quarters"]]
        off = [days(each) for each in year["breaks"]]
        is_open = today.weekday() < 5 and not any(first <= today <= last for first, last in off)
        assert not is_open or any(first <= today <= last for first, last in spans)


@pytest.mark.parametrize(
    ("today", "start", "end"),
    [
        ("2026-06-04", "2025-08-13", "2026-06-04"),
        ("2026-06-05", "2025-08-13", "2026-06-30"),
        ("2026-06-30", "2025-08-13", "2026-06-30"),
        ("2026-07-01", "2026-07-01", "2027-06-03"),
        ("2026-08-11", "2026-07-01", "2027-06-03"),
        ("2026-08-12", "2026-08-12", "2027-06-03"),
        ("2026-12-31", "2026-08-12", "2027-06-03"),
        ("2027-01-01", "2026-08-12", "2027-06-03"),
    ],
)
def test_a_year_is_stretched_to_reach_a_day_in_summer(today: str, start: str, end: str) -> None:
    last, this, following = school_years(dt.date.fromisoformat(today))

    assert (this.start_date.isoformat(), this.end_date.isoformat()) == (start, end)
    assert last.end_date < this.start_date <= this.end_date < following.start_date
    assert this.name == f"{start[:4]}-{end[:4]}"


def test_the_same_day_gives_the_same_documents() -> None:
    today = dt.date(2026, 11, 23)

    assert demo_documents(today) == demo_documents(today)


def test_the_schools_are_public_and_say_where_their_bells_are_from() -> None:
    today = dt.date(2026, 11, 23)

    found = [(each["school"]["slug"], each["school"]["timezone"]) for each in documents(today)]

    assert found == [
        ("maple-high", "America/Chicago"),
        ("cedar-arts", "America/Los_Angeles"),
        ("harbor-middle", "America/New_York"),
    ]
    for document in documents(today):
        assert document["format"] == "schoolday/1"
        assert document["district"] == {"slug": "demo", "name": "Demo district"}
        assert document["school"]["is_public"]
        assert ZoneInfo(document["school"]["timezone"])
        assert "Copyright (c) 2019 Nicolas Chan" in document["school"]["metadata"]["attribution"]


@SHAPES
def test_terms_and_quarters_lie_inside_each_other(today: dt.date) -> None:
    for year in years_of(today):
        assert [term["term_type"] for term in year["terms"]] == ["SEM1", "SEM2"]
        assert share_no_date(year["terms"])
        quarters = [quarter for term in year["terms"] for quarter in term["quarters"]]
        assert [quarter["quarter_type"] for quarter in quarters] == ["Q1", "Q2", "Q3", "Q4"]
        assert share_no_date(quarters)
        for term in year["terms"]:
            assert lies_in(term, year)
            assert all(lies_in(quarter, term) for quarter in term["quarters"])


@SHAPES
def test_the_quarters_of_this_year_say_when_reports_are_due(today: dt.date) -> None:
    for document in documents(today):
        for index, year in enumerate(document["academic_years"]):
            quarters = [quarter for term in year["terms"] for quarter in term["quarters"]]
            assert all(("metadata" in quarter) == (index == 1) for quarter in quarters)
            for quarter in quarters if index == 1 else []:
                due = quarter["metadata"]["reporting_dates"]
                assert list(due) == ["grades_due", "reports_due", "publish_date"]
                assert quarter["end_date"] < due["grades_due"] < due["reports_due"]
                assert due["reports_due"] < due["publish_date"]


@SHAPES
def test_breaks_and_overrides_lie_inside_the_year_and_apart(today: dt.date) -> None:
    for year in years_of(today):
        rows = [*year["breaks"], *year["day_overrides"]]
        assert all(lies_in(row, year) for row in rows)
        assert share_no_date(rows)
        assert {row["kind"] for row in year["breaks"]} <= KINDS
        assert len({row["name"] for row in year["breaks"]}) == len(year["breaks"]) >= 9


@SHAPES
def test_overrides_are_on_weekdays_but_for_the_make_up_day(today: dt.date) -> None:
    for year in years_of(today):
        on_weekends = {row["name"] for row in year["day_overrides"] if days(row)[0].weekday() >= 5}
        assert on_weekends <= {"Make-up day"}


@SHAPES
def test_overrides_and_rules_name_templates_that_exist(today: dt.date) -> None:
    for document in documents(today):
        codes = {template["code"] for template in document["period_templates"]}
        for year in document["academic_years"]:
            rotation = year.get("rotation", {"cycle_days": []})
            assert all(rule["template"] in codes for rule in year["schedule_rules"])
            for override in year["day_overrides"]:
                assert (override.get("template") in codes) != override.get("closed", False)
            for row in [*year["schedule_rules"], *year["day_overrides"]]:
                assert row.get("cycle_day", "A") in [*rotation["cycle_days"], "A"]


def test_the_breaks_of_a_year_are_those_of_the_almanac() -> None:
    year = demo("maple-high", dt.date(2026, 11, 23))["academic_years"][1]

    found = {row["name"]: (row["start_date"], row["end_date"]) for row in year["breaks"]}

    assert found == {
        "Labor Day": ("2026-09-07", "2026-09-07"),
        "Indigenous Peoples' Day": ("2026-10-12", "2026-10-12"),
        "Thanksgiving break": ("2026-11-25", "2026-11-27"),
        "Winter break": ("2026-12-21", "2027-01-01"),
        "Teacher workday": ("2027-01-04", "2027-01-04"),
        "Martin Luther King Jr. Day": ("2027-01-18", "2027-01-18"),
        "Presidents' Day": ("2027-02-15", "2027-02-15"),
        "Spring break": ("2027-03-15", "2027-03-19"),
        "Memorial Day": ("2027-05-31", "2027-05-31"),
    }


@pytest.mark.parametrize(
    ("today", "name", "date"),
    [
        ("2026-07-10", "Independence Day", "2026-07-03"),
        ("2027-07-10", "Independence Day", "2027-07-05"),
        ("2028-07-10", "Independence Day", "2028-07-04"),
        ("2027-06-10", "Juneteenth", "2027-06-18"),
    ],
)
def test_a_holiday_on_a_weekend_is_kept_beside_it(today: str, name: str, date: str) -> None:
    year = demo("maple-high", dt.date.fromisoformat(today))["academic_years"][1]

    found = [row["start_date"] for row in year["breaks"] if row["name"] == name]

    assert found == [date]


@pytest.mark.parametrize(("today", "years"), [("2027-02-08", 1), ("2027-02-09", 2)])
def test_nobody_foresees_snow(today: str, years: int) -> None:
    document = demo("maple-high", dt.date.fromisoformat(today))

    names = [{row["name"] for row in year["day_overrides"]} for year in document["academic_years"]]

    assert sum("Snow day" in each for each in names) == years
    assert sum("Make-up day" in each for each in names) == years


def test_maple_high_starts_late_on_mondays() -> None:
    document = demo("maple-high", dt.date(2026, 11, 23))

    rules = document["academic_years"][1]["schedule_rules"]

    assert rules == [{"template": "late-start", "weekdays": ["monday"]}]
    assert {each["template"] for each in document["academic_years"][1]["day_overrides"][:3]} == {
        "assembly",
        "early-release",
    }


def test_cedar_arts_takes_turns_except_on_wednesdays() -> None:
    year = demo("cedar-arts", dt.date(2026, 11, 23))["academic_years"][1]

    assert year["rotation"] == {
        "cycle_days": ["A", "B"],
        "policy": "pause",
        "start": "2026-08-12",
    }
    for weekday in ("monday", "tuesday", "wednesday", "thursday", "friday"):
        rules = [rule for rule in year["schedule_rules"] if weekday in rule["weekdays"]]
        expected = [None] if weekday == "wednesday" else ["A", "B"]
        assert [rule.get("cycle_day") for rule in rules] == expected


def test_harbor_middle_eats_in_three_waves() -> None:
    for template in demo("harbor-middle", dt.date(2026, 11, 23))["period_templates"]:
        lunches = [each["track"] for each in template["periods"] if each["type"] == "lunch"]
        assert lunches == ["lunch-1", "lunch-2", "lunch-3"]


def test_every_bell_is_on_the_clock_and_nobody_is_in_two_places() -> None:
    for document in documents(dt.date(2026, 11, 23)):
        templates = document["period_templates"]
        assert [each["is_default"] for each in templates].count(True) == 1
        for template in templates:
            periods = sorted(template["periods"], key=lambda each: str(each["start"]))
            assert len({each["number"] for each in periods}) == len(periods)
            assert all(re.fullmatch(r"[01]\d:[0-5]\d", each["start"]) for each in periods)
            for earlier, later in combinations(periods, 2):
                tracks = {earlier.get("track", ""), later.get("track", "")}
                if "" in tracks or len(tracks) == 1:
                    end = minutes(earlier["start"]) + earlier["length"] + earlier["passing"]
                    assert end <= minutes(later["start"])
