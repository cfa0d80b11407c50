"""Real schools, whole: every published interval is a period, and every period obeys the rules."""

import copy
import datetime as dt
import json
import re
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from scheduling.importers.bell_schedules import Conversion, YearSpan, convert
from scheduling.importers.lunch_waves import merge_waves

DATA = Path(__file__).parents[2] / "data" / "bell_schedules.json"
SCHOOLS: dict[str, dict[str, Any]] = {each["id"]: each for each in json.loads(DATA.read_text())}
TYPES = {
    "class",
    "advisory",
    "lunch",
    "break",
    "assembly",
    "exam",
    "activity",
    "staff",
    "before",
    "after",
}
YEARS = tuple(
    YearSpan(f"{fall}-{fall + 1}", dt.date(fall, 8, 1), dt.date(fall + 1, 7, 31))
    for fall in range(2016, 2027)
)
ONE_YEAR = (YearSpan("2018-2019", dt.date(2018, 8, 1), dt.date(2019, 5, 31)),)
WAVES = {
    "dreyfoos": ("dreyfoos-a", "dreyfoos-b"),
    "martinhs": ("martinhs-a", "martinhs-b"),
    "nms": ("nms-1", "nms-2", "nms-3"),
}

each_school = pytest.mark.parametrize("school", SCHOOLS.values(), ids=SCHOOLS)
each_family = pytest.mark.parametrize("ids", WAVES.values(), ids=WAVES)


def converted(school: dict[str, Any], years: tuple[YearSpan, ...] = YEARS) -> Conversion:
    return convert(school, years=years, timezone="America/Chicago")


def waves_of(ids: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    return {f"lunch-{index}": SCHOOLS[id_] for index, id_ in enumerate(ids, start=1)}


def merged(ids: tuple[str, ...]) -> dict[str, Any]:
    return merge_waves(waves_of(ids), years=ONE_YEAR, timezone="America/New_York").document


def a_school(*intervals: tuple[str, str | None, str], **given: Any) -> dict[str, Any]:
    """Return a school that has one schedule and rings it on Mondays."""
    listed = [{"start": start, "end": end, "name": name} for start, end, name in intervals]
    return {
        "id": "small",
        "name": "Small School",
        "schedules": [
            {"id": "normal", "name": "Normal", "intervals": listed},
            {"id": "off", "name": "Holiday", "intervals": []},
        ],
        "default_week": dict.fromkeys(("Sun", "Tue", "Wed", "Thu", "Fri", "Sat"), "off")
        | {"Mon": "normal"},
        "special_days": [],
    } | given


def special(start: str, end: str, schedule: str, label: str = "") -> dict[str, str]:
    return {"start": start, "end": end, "schedule": schedule, "label": label}


def periods_of(school: dict[str, Any]) -> list[dict[str, Any]]:
    periods: list[dict[str, Any]] = converted(school).document["period_templates"][0]["periods"]
    return periods


def overrides_of(school: dict[str, Any]) -> list[dict[str, Any]]:
    document = converted(school, ONE_YEAR).document
    overrides: list[dict[str, Any]] = document["academic_years"][0]["day_overrides"]
    return overrides


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def begins(period: dict[str, Any]) -> int:
    hours, minutes = period["start"].split(":")
    return int(hours) * 60 + int(minutes)


def ends(period: dict[str, Any]) -> int:
    return begins(period) + int(period["length"])


def track(period: dict[str, Any]) -> str:
    return str(period.get("track", ""))


def share_a_person(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return track(one) == track(other) or "" in (track(one), track(other))


def real_intervals(schedule: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what takes place by the source: neither passing, nor free, nor without an end."""
    return [
        (each["name"].replace("{", "").replace("}", ""), each["start"], each["end"])
        for each in schedule["intervals"]
        if each["end"] is not None and not re.match(r"(?i)pass?ing to ", each["name"])
    ]


def timetable(periods: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(each["name"], each["start"], clock(ends(each))) for each in periods]


def assert_obeys_the_rules(periods: list[dict[str, Any]]) -> None:
    """Assert section 2.2 of the design for one template."""
    numbers = [each["number"] for each in periods]
    assert len(set(numbers)) == len(numbers)
    for each in periods:
        is_class = each["type"] == "class"
        assert each["type"] in TYPES
        assert each["name"] == each["name"].strip() != ""
        assert re.fullmatch(r"[0-2]\d:[0-5]\d", each["start"])
        assert 1 <= each["length"] <= 480
        assert 0 <= each["passing"] <= 30
        assert ends(each) <= 23 * 60 + 59
        assert each.get("irregular", False) == (is_class and not 30 <= each["length"] <= 120)
        assert re.fullmatch(r"[a-z0-9-]{0,20}", track(each))
        assert (track(each) == "staff") == (each["type"] == "staff")
    for earlier, later in combinations(sorted(periods, key=begins), 2):
        if share_a_person(earlier, later):
            assert ends(earlier) + earlier["passing"] <= begins(later)


def test_there_are_42_schools() -> None:
    assert len(SCHOOLS) == 42


def test_every_published_interval_is_a_period_with_its_start_and_end() -> None:
    count = 0

    for school in SCHOOLS.values():
        schedules = [each for each in school["schedules"] if real_intervals(each)]
        templates = converted(school).document["period_templates"]
        for schedule, template in zip(schedules, templates, strict=True):
            assert timetable(template["periods"]) == real_intervals(schedule)
            count += len(template["periods"])

    assert count == 1044


@each_school
def test_every_template_obeys_the_rules(school: dict[str, Any]) -> None:
    templates = converted(school).document["period_templates"]

    assert templates
    for template in templates:
        assert_obeys_the_rules(template["periods"])


@each_school
def test_codes_are_unique_slugs_and_one_template_is_the_default(school: dict[str, Any]) -> None:
    templates = converted(school).document["period_templates"]

    codes = [each["code"] for each in templates]
    assert len(set(codes)) == len(codes)
    assert max(map(len, codes)) <= 50
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in codes)
    assert [each["is_default"] for each in templates].count(True) == 1


@each_school
def test_the_week_rings_what_was_published(school: dict[str, Any]) -> None:
    document = converted(school, ONE_YEAR).document
    templates = {each["code"]: each for each in document["period_templates"]}
    default = next(each for each in templates.values() if each["is_default"])
    by_id = {each["id"]: each for each in school["schedules"]}

    rung = dict.fromkeys(document["school"]["weekdays"], default)
    for rule in document["academic_years"][0]["schedule_rules"]:
        rung |= dict.fromkeys(rule["weekdays"], templates[rule["template"]])

    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for name in names:
        published = real_intervals(by_id[school["default_week"][name[:3].title()]])
        assert timetable(rung[name]["periods"] if name in rung else []) == published


@each_school
def test_overrides_follow_the_special_days_and_share_no_date(school: dict[str, Any]) -> None:
    document = converted(school).document
    codes = {each["code"] for each in document["period_templates"]}

    for year in document["academic_years"]:
        for override in year["day_overrides"]:
            assert (
                year["start_date"]
                <= override["start_date"]
                <= override["end_date"]
                <= year["end_date"]
            )
            assert (override.get("template") in codes) != override.get("closed", False)
            assert override["name"]
        for earlier, later in pairwise(year["day_overrides"]):
            assert earlier["end_date"] < later["start_date"]


@each_school
def test_only_one_school_names_schedules_that_do_not_exist(school: dict[str, Any]) -> None:
    dangling = [note for note in converted(school).notes if "dangling" in note]

    assert len(dangling) == (149 if school["id"] == "lafreestylepm" else 0)


@each_school
def test_a_conversion_is_plain_json_and_leaves_its_source_alone(school: dict[str, Any]) -> None:
    before = copy.deepcopy(school)

    document = converted(school).document

    assert json.loads(json.dumps(document)) == document
    assert school == before


def test_a_whole_document() -> None:
    school = a_school(
        ("08:00", "08:05", "Passing to {Period 1}"),
        ("08:05", "08:55", "{Period 1}"),
        ("08:55", "09:00", "Pasing to Rally"),
        ("09:00", "09:20", "Rally"),
        ("09:20", None, "Free"),
        special_days=[special("2018-12-24", "2018-12-28", "off", "Winter break")],
    )

    conversion = converted(school, ONE_YEAR)

    assert conversion.notes == ()
    assert conversion.document == {
        "format": "schoolday/1",
        "school": {
            "slug": "small",
            "name": "Small School",
            "timezone": "America/Chicago",
            "weekdays": ["monday"],
        },
        "period_templates": [
            {
                "code": "normal",
                "name": "Normal",
                "is_default": True,
                "periods": [
                    {
                        "number": 1,
                        "name": "Period 1",
                        "type": "class",
                        "start": "08:05",
                        "length": 50,
                        "passing": 5,
                    },
                    {
                        "number": 20,
                        "name": "Rally",
                        "type": "assembly",
                        "start": "09:00",
                        "length": 20,
                        "passing": 0,
                    },
                ],
            }
        ],
        "academic_years": [
            {
                "name": "2018-2019",
                "start_date": "2018-08-01",
                "end_date": "2019-05-31",
                "terms": [],
                "breaks": [],
                "schedule_rules": [],
                "day_overrides": [
                    {
                        "start_date": "2018-12-24",
                        "end_date": "2018-12-28",
                        "name": "Winter break",
                        "closed": True,
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("{Period 3}", "class"),
        ("Beit Midrash", "class"),
        ("{A Lunch}", "lunch"),
        ("Dîner", "lunch"),
        ("Brunch", "break"),
        ("Transition Time", "break"),
        ('Advisory "Check-In"', "advisory"),
        ("Office Hours/Advisory", "advisory"),
        ("HR/Flight", "advisory"),
        ("HOF Rally", "assembly"),
        ("Freestyle Finals", "exam"),
        ("State Testing", "exam"),
        ("{FLEX}", "activity"),
        ("Teacher Office Hours", "activity"),
        ("Staff meeting", "staff"),
        ("Teacher Collaboration", "staff"),
        ("Arrival", "before"),
        ("Staggered Dismissal", "after"),
    ],
)
def test_the_name_tells_the_type(name: str, type_: str) -> None:
    [period] = periods_of(a_school(("08:00", "08:40", name)))

    assert period["type"] == type_


def test_a_class_on_a_day_of_finals_is_an_exam_of_any_length() -> None:
    intervals = [
        {"start": "08:00", "end": "10:10", "name": "{Period 1}"},
        {"start": "10:10", "end": "10:20", "name": "Brunch"},
    ]
    finals = {"id": "normal", "name": "Friday Finals", "intervals": intervals}

    periods = periods_of(a_school(schedules=[finals, {**finals, "id": "off", "intervals": []}]))

    assert [each["type"] for each in periods] == ["exam", "break"]
    assert not any("irregular" in each for each in periods)


@pytest.mark.parametrize(
    ("names", "numbers"),
    [
        (["Period 3", "1st Period", "3rd Hour", "Block 12"], [3, 1, 20, 12]),
        (["Period 0", "Period 2/A", "Period 2/B"], [0, 2, 20]),
        (["Lunch 8", "Period 8", "8th Gr. Lunch"], [20, 8, 21]),
        (["Period 1/2", "Block 2 (Part 1)", "Block 2 (Part 2)"], [20, 2, 21]),
        (["Lunch", "Period 20", "Period E1", "A"], [21, 20, 22, 23]),
    ],
)
def test_a_number_comes_from_the_name_once(names: list[str], numbers: list[int]) -> None:
    intervals = [
        (f"{8 + hour:02}:00", f"{8 + hour:02}:45", name) for hour, name in enumerate(names)
    ]

    periods = periods_of(a_school(*intervals))

    assert [each["number"] for each in periods] == numbers


@pytest.mark.parametrize(
    ("minutes", "irregular"), [(29, True), (30, False), (120, False), (121, True)]
)
def test_a_class_of_unusual_length_is_irregular(minutes: int, irregular: bool) -> None:
    [period] = periods_of(a_school(("08:00", clock(480 + minutes), "{Period 1}")))

    assert period.get("irregular", False) is irregular


@pytest.mark.parametrize(("until", "passing"), [("09:30", 30), ("09:31", 0)])
def test_more_than_30_minutes_of_passing_are_a_gap(until: str, passing: int) -> None:
    school = a_school(
        ("08:00", "09:00", "{Period 1}"),
        ("09:00", "09:10", "Passing to {Period 2}"),
        ("09:10", until, "passing to {Period 3}"),
        (until, "10:30", "{Period 3}"),
    )

    periods = periods_of(school)

    assert [each["passing"] for each in periods] == [passing, 0]
    assert any("gap" in note for note in converted(school).notes) == (passing == 0)


def test_what_cannot_be_a_period_is_reported() -> None:
    school = a_school(
        ("08:00", "09:00", "{Period 1}"),
        ("08:30", "09:30", "{Period 2}"),
        ("09:30", "09:30", "{Period 3}"),
        ("10:00", "18:01", "{Period 4}"),
        ("19:00", None, "{Period 5}"),
        ("19:00", None, "Free"),
    )

    conversion = converted(school)

    assert [each["name"] for each in periods_of(school)] == ["Period 1"]
    assert sorted(conversion.notes) == [
        "schedule normal: 'Period 2' overlaps what comes before it and is left out",
        "schedule normal: 'Period 3' of 0 minutes is left out",
        "schedule normal: 'Period 4' of 481 minutes is left out",
        "schedule normal: 'Period 5' has no end and is left out",
    ]


def test_the_staff_have_a_track_of_their_own() -> None:
    [period] = periods_of(a_school(("08:00", "08:40", "Staff meeting")))

    assert period["track"] == "staff"


def test_the_last_special_day_of_a_date_counts_and_splits_the_others() -> None:
    school = a_school(
        ("08:00", "09:00", "{Period 1}"),
        special_days=[
            special("2018-10-01", "2018-10-05", "off", "Fall break"),
            special("2018-10-03", "2018-10-03", "normal"),
        ],
    )

    overrides = overrides_of(school)

    assert overrides == [
        {
            "start_date": "2018-10-01",
            "end_date": "2018-10-02",
            "name": "Fall break",
            "closed": True,
        },
        {
            "start_date": "2018-10-03",
            "end_date": "2018-10-03",
            "name": "Normal",
            "template": "normal",
        },
        {
            "start_date": "2018-10-04",
            "end_date": "2018-10-05",
            "name": "Fall break",
            "closed": True,
        },
    ]
    assert converted(school, ONE_YEAR).notes == (
        "special day 2018-10-01 to 2018-10-05 (off): 2018-10-03 is taken by normal",
    )


def test_a_special_day_is_cut_to_the_year() -> None:
    school = a_school(
        ("08:00", "09:00", "{Period 1}"),
        special_days=[
            special("2018-07-01", "2018-08-01", "off", "Summer"),
            special("2019-06-01", "2019-06-02", "normal", "After"),
        ],
    )

    overrides = overrides_of(school)

    assert [(each["start_date"], each["end_date"]) for each in overrides] == [
        ("2018-08-01", "2018-08-01")
    ]
    assert converted(school, ONE_YEAR).notes == (
        "special day 2018-07-01 to 2018-08-01 (off): outside the years",
        "special day 2019-06-01 to 2019-06-02 (normal): outside the years",
    )


def test_a_week_without_bells_has_no_weekdays_and_no_default() -> None:
    week = dict.fromkeys(("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"), "gone")

    conversion = converted(a_school(("08:00", "09:00", "{Period 1}"), default_week=week))

    assert conversion.document["school"]["weekdays"] == []
    assert [each["is_default"] for each in conversion.document["period_templates"]] == [False]
    assert len(conversion.notes) == 7


def test_codes_stay_apart_when_ids_read_alike() -> None:
    intervals = [{"start": "08:00", "end": "09:00", "name": "{Period 1}"}]
    ids = ["Late Start", "late-start", "late_start!", "é", "x" * 60, "x" * 59, "y" * 49 + "-z"]
    schedules = [{"id": id_, "name": id_, "intervals": intervals} for id_ in ids]
    week = dict.fromkeys(("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"), "Late Start")

    document = converted(a_school(schedules=schedules, default_week=week)).document

    assert [each["code"] for each in document["period_templates"]] == [
        "late-start",
        "late-start-2",
        "late-start-3",
        "schedule",
        "x" * 50,
        "x" * 46 + "-2",
        "y" * 49,
    ]


@each_family
def test_merged_waves_obey_the_rules_of_tracks(ids: tuple[str, ...]) -> None:
    templates = merged(ids)["period_templates"]

    assert {track(each) for template in templates for each in template["periods"]} == {
        "",
        *waves_of(ids),
    }
    for template in templates:
        assert_obeys_the_rules(template["periods"])


@each_family
def test_the_day_of_one_wave_is_the_day_that_was_published(ids: tuple[str, ...]) -> None:
    templates = merged(ids)["period_templates"]

    for wave, school in waves_of(ids).items():
        schedules = [each for each in school["schedules"] if real_intervals(each)]
        for schedule, template in zip(schedules, templates, strict=True):
            own = [each for each in template["periods"] if track(each) in ("", wave)]
            assert timetable(own) == real_intervals(schedule)


def test_what_all_waves_share_is_everybodys() -> None:
    [template] = merged(WAVES["dreyfoos"])["period_templates"]

    assert [(each["name"], track(each)) for each in template["periods"]] == [
        ("Period 1/2", ""),
        ("Announcements", ""),
        ("Lunch", "lunch-1"),
        ("Period 3", "lunch-2"),
        ("Period 3", "lunch-1"),
        ("Lunch", "lunch-2"),
        ("Period 4/5", ""),
        ("Period 6/7", ""),
    ]


@pytest.mark.parametrize("name", ["", "none", "all", "staff", "Lunch A", "x" * 21])
def test_a_wave_needs_the_name_of_a_track(name: str) -> None:
    with pytest.raises(ValueError, match="name of a track"):
        merge_waves({name: SCHOOLS["nms-1"]}, years=ONE_YEAR, timezone="America/New_York")


def test_waves_of_different_schools_are_refused() -> None:
    waves = {"a": SCHOOLS["nms-1"], "b": SCHOOLS["dreyfoos-b"]}

    with pytest.raises(ValueError, match="waves of one school"):
        merge_waves(waves, years=ONE_YEAR, timezone="America/New_York")
