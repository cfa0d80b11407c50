import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from core.revision import revise
from scheduling.models import PeriodDefinition, PeriodTemplate, School
from tests.conftest import codes
from tests.factories import (
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db


def at(clock: str) -> dt.time:
    return dt.time.fromisoformat(clock)


@pytest.fixture
def template() -> PeriodTemplate:
    return PeriodTemplateFactory.create()


@pytest.fixture
def first(template: PeriodTemplate) -> PeriodDefinition:
    """Everybody's, from 08:30 to 09:20, and 5 minutes of passing."""
    return PeriodDefinitionFactory.create(template=template)


def outcome(**values: Any) -> dict[str, set[str]]:
    try:
        PeriodDefinitionFactory.create(**values)
    except ValidationError as refusal:
        return codes(refusal)
    return {}


LENGTH = {"length": {"length_out_of_range"}}
PAST_MIDNIGHT = {"length": {"past_midnight"}}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"length": 29}, LENGTH, id="class-29"),
        pytest.param({"length": 30}, {}, id="class-30"),
        pytest.param({"length": 120}, {}, id="class-120"),
        pytest.param({"length": 121}, LENGTH, id="class-121"),
        pytest.param({"length": 0, "irregular": True}, LENGTH, id="irregular-0"),
        pytest.param({"length": 1, "irregular": True}, {}, id="irregular-1"),
        pytest.param({"length": 29, "irregular": True}, {}, id="irregular-29"),
        pytest.param({"length": 480, "irregular": True}, {}, id="irregular-480"),
        pytest.param({"length": 481, "irregular": True}, LENGTH, id="irregular-481"),
        pytest.param({"length": 0, "type": "lunch"}, LENGTH, id="lunch-0"),
        pytest.param({"length": 1, "type": "lunch"}, {}, id="lunch-1"),
        pytest.param({"length": 480, "type": "exam"}, {}, id="exam-480"),
        pytest.param({"length": 481, "type": "exam"}, LENGTH, id="exam-481"),
    ],
)
def test_a_class_lasts_30_to_120_minutes_others_1_to_480(
    values: dict[str, Any], expected: dict[str, set[str]]
) -> None:
    assert outcome(start=at("08:00"), **values) == expected


def test_the_refusal_of_a_short_class_names_the_escape() -> None:
    with pytest.raises(ValidationError) as refusal:
        PeriodDefinitionFactory.create(length=24)

    assert refusal.value.message_dict == {
        "length": [
            "A class lasts 30 to 120 minutes. If this one really lasts 24, mark it as irregular."
        ]
    }


@pytest.mark.parametrize("kind", [kind for kind in PeriodDefinition.Type if kind != "class"])
def test_every_other_type_may_be_short(kind: str) -> None:
    assert outcome(type=kind, length=10) == {}


def test_the_types_fit_their_column() -> None:
    assert max(len(kind) for kind in PeriodDefinition.Type.values) <= 10
    assert outcome(type="recess") == {"type": {"invalid_choice"}}


@pytest.mark.parametrize(
    ("passing", "expected"), [(0, {}), (30, {}), (31, {"passing": {"max_value"}})]
)
def test_passing_is_at_most_30_minutes(passing: int, expected: dict[str, set[str]]) -> None:
    assert outcome(passing=passing) == expected


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        pytest.param("23:14", 45, {}, id="ends-23:59"),
        pytest.param("23:15", 45, PAST_MIDNIGHT, id="ends-24:00"),
        pytest.param("23:30", 45, PAST_MIDNIGHT, id="ends-00:15"),
        pytest.param("00:00", 45, {}, id="begins-at-midnight"),
    ],
)
def test_a_period_ends_by_23_59(start: str, length: int, expected: dict[str, set[str]]) -> None:
    assert outcome(start=at(start), length=length) == expected


@pytest.mark.parametrize("start", [dt.time(8, 30, 1), dt.time(8, 30, 0, 1), "08:30:59"])
def test_a_bell_rings_on_a_whole_minute(start: Any) -> None:
    assert outcome(start=start) == {"start": {"not_on_the_minute"}}


@pytest.mark.parametrize(
    ("track", "expected"),
    [
        pytest.param("", {}, id="everybody"),
        pytest.param("lunch-a", {}, id="lunch-wave"),
        pytest.param("staff", {}, id="staff"),
        pytest.param("a" * 20, {}, id="20-characters"),
        pytest.param("a" * 21, {"track": {"max_length"}}, id="21-characters"),
        pytest.param("none", {"track": {"reserved_track"}}, id="none"),
        pytest.param("all", {"track": {"reserved_track"}}, id="all"),
        pytest.param("Lunch A", {"track": {"invalid_track"}}, id="capitals"),
        pytest.param("lunch_a", {"track": {"invalid_track"}}, id="underscore"),
        pytest.param("lunch\n", {"track": {"invalid_track"}}, id="newline"),
    ],
)
def test_a_track_is_a_short_word(track: str, expected: dict[str, set[str]]) -> None:
    assert outcome(track=track) == expected


OVERLAP = {"": {"overlap"}}


@pytest.mark.parametrize(
    ("start", "length", "overlaps"),
    [
        pytest.param("09:25", 45, False, id="after-the-passing"),
        pytest.param("09:19", 45, True, id="its-last-minute"),
        pytest.param("07:46", 45, True, id="its-first-minute"),
        pytest.param("07:45", 45, False, id="touching-before"),
        pytest.param("08:30", 50, True, id="the-same"),
        pytest.param("08:40", 30, True, id="inside"),
        pytest.param("08:00", 90, True, id="around"),
    ],
)
def test_periods_of_one_person_do_not_overlap(
    first: PeriodDefinition, start: str, length: int, overlaps: bool
) -> None:
    found = outcome(template=first.template, number=2, start=at(start), length=length, passing=0)

    assert found == (OVERLAP if overlaps else {})


@pytest.mark.parametrize(
    ("one", "two", "overlap"),
    [
        ("", "", True),
        ("", "a", True),
        ("a", "", True),
        ("a", "a", True),
        ("a", "b", False),
        ("a", "a-b", False),
        ("a", "aa", False),
    ],
)
def test_tracks_decide_who_meets_both_periods(
    template: PeriodTemplate, one: str, two: str, overlap: bool
) -> None:
    PeriodDefinitionFactory.create(template=template, track=one)

    found = outcome(template=template, number=2, start=at("08:40"), track=two)

    assert found == (OVERLAP if overlap else {})


def test_touching_is_allowed_without_passing(template: PeriodTemplate) -> None:
    PeriodDefinitionFactory.create(template=template, passing=0)

    assert outcome(template=template, number=2, start=at("09:20")) == {}


def test_periods_of_two_templates_may_overlap(first: PeriodDefinition) -> None:
    other = PeriodTemplateFactory.create(school=first.template.school)

    assert outcome(template=other) == {}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"start": at("09:25")}, {}, id="when-it-is-over"),
        pytest.param(
            {"start": at("09:24")}, {"start": {"passing_too_long"}}, id="a-minute-too-soon"
        ),
        pytest.param({"start": at("09:20")}, {"start": {"passing_too_long"}}, id="while-it-begins"),
        pytest.param(
            {"start": at("07:30"), "length": 50, "passing": 10}, {}, id="before-with-just-enough"
        ),
        pytest.param(
            {"start": at("07:30"), "length": 50, "passing": 11},
            {"passing": {"passing_too_long"}},
            id="before-with-too-much",
        ),
        pytest.param(
            {"start": at("09:20"), "track": "a"},
            {"start": {"passing_too_long"}},
            id="of-a-track-after-everybody's",
        ),
    ],
)
def test_passing_does_not_run_into_the_next_period(
    first: PeriodDefinition, values: dict[str, Any], expected: dict[str, set[str]]
) -> None:
    assert outcome(template=first.template, number=2, **values) == expected


def test_passing_may_run_beside_a_period_of_another_track(template: PeriodTemplate) -> None:
    PeriodDefinitionFactory.create(template=template, track="a")

    assert outcome(template=template, number=2, start=at("09:20"), track="b") == {}


def test_a_longer_passing_is_refused_on_the_earlier_period(first: PeriodDefinition) -> None:
    PeriodDefinitionFactory.create(template=first.template)
    first.passing = 6

    with pytest.raises(ValidationError) as refusal:
        first.save()

    assert refusal.value.message_dict == {
        "passing": ["Period 1 has 6 minutes of passing; Period 2 starts sooner."]
    }


# The derived columns


def save(period: PeriodDefinition) -> None:
    period.save()


def save_length_alone(period: PeriodDefinition) -> None:
    period.save(update_fields=["length"])


def bulk_update(period: PeriodDefinition) -> None:
    PeriodDefinition.objects.bulk_update([period], ["length"])


def update_or_create(period: PeriodDefinition) -> None:
    defaults = {"length": period.length}
    PeriodDefinition.objects.update_or_create(pk=period.pk, defaults=defaults)


def full_clean_and_save(period: PeriodDefinition) -> None:
    period.full_clean()
    period.save()


@pytest.mark.parametrize(
    "write", [save, save_length_alone, bulk_update, update_or_create, full_clean_and_save]
)
def test_the_end_is_derived_whatever_writes(first: PeriodDefinition, write: Any) -> None:
    first.length = 60

    write(first)

    stored = PeriodDefinition.objects.get()
    assert (stored.end, stored.get_end_time()) == (at("09:30"), at("09:30"))


def test_an_update_that_forgets_the_end_is_refused(first: PeriodDefinition) -> None:
    with pytest.raises(IntegrityError, match="period_end_fits_length"):
        PeriodDefinition.objects.filter(pk=first.pk).update(length=60)

    PeriodDefinition.objects.filter(pk=first.pk).update(length=60, end=at("09:30"))
    assert PeriodDefinition.objects.get().length == 60


def test_a_wrong_end_is_set_right(first: PeriodDefinition) -> None:
    first.end = at("12:00")
    first.name = "Renamed"

    first.save()

    assert PeriodDefinition.objects.get().end == at("09:20")


@pytest.mark.parametrize(("number", "name"), [(0, "Period 0"), (7, "Period 7")])
def test_the_name_is_taken_from_the_number(number: int, name: str) -> None:
    assert PeriodDefinitionFactory.create(number=number, start=at("08:30")).name == name


def test_numbers_have_holes_and_need_not_follow_time(template: PeriodTemplate) -> None:
    for number, start in ((9, "08:30"), (0, "10:00"), (4, "11:00")):
        PeriodDefinitionFactory.create(template=template, number=number, start=at(start))

    assert [period.number for period in template.get_periods()] == [9, 0, 4]


@pytest.mark.parametrize(
    ("number", "expected"), [(32_767, {}), (32_768, {"number": {"max_value"}})]
)
def test_a_number_fits_every_database(number: int, expected: dict[str, set[str]]) -> None:
    assert outcome(number=number, start=at("08:30")) == expected


def test_a_number_comes_once_in_a_template(first: PeriodDefinition) -> None:
    found = outcome(template=first.template, number=1, start=at("12:00"))

    assert found == {"": {"number_taken"}}


def test_a_period_reads_as_its_name_and_times(first: PeriodDefinition) -> None:
    assert str(first) == "Period 1 (08:30-09:20)"


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"room": "12", "nested": {"a": [1]}}, {}),
        ([], {"meta": {"not_an_object"}}),
        ({"a": "\x00"}, {"meta": {"invalid_characters"}}),
    ],
    ids=["any-object", "a-list", "a-nul"],
)
def test_meta_is_any_object(meta: Any, expected: dict[str, set[str]]) -> None:
    assert outcome(meta=meta) == expected


def test_the_template_cannot_change(first: PeriodDefinition) -> None:
    first.template = PeriodTemplateFactory.create(school=first.template.school)

    with pytest.raises(ValidationError) as refusal:
        first.save()

    assert codes(refusal.value) == {"template": {"fixed"}}


def test_every_problem_is_told_at_once() -> None:
    found = outcome(
        number=-1, start=dt.time(23, 50, 1), length=500, passing=31, track="all", type="recess"
    )

    assert found == {
        "number": {"min_value"},
        "start": {"not_on_the_minute"},
        "length": {"past_midnight"},
        "passing": {"max_value"},
        "track": {"reserved_track"},
        "type": {"invalid_choice"},
    }


# What a period says


@pytest.mark.parametrize(
    ("start", "length", "passing", "end", "following"),
    [
        ("08:30", 50, 5, "09:20", "09:25"),
        ("08:30", 50, 0, "09:20", "09:20"),
        ("23:00", 59, 30, "23:59", "00:29"),
    ],
)
def test_a_period_says_when_it_ends_and_what_may_follow(
    start: str, length: int, passing: int, end: str, following: str
) -> None:
    period = PeriodDefinition(start=at(start), length=length, passing=passing)

    assert period.get_end_time() == at(end)
    assert period.get_next_start_time() == at(following)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        pytest.param({"start": at("09:00")}, "overlap", id="overlap"),
        pytest.param({"start": at("09:20")}, "passing_too_long", id="passing"),
        pytest.param({"start": at("09:25")}, None, id="neither"),
        pytest.param({"start": at("09:00"), "track": "a"}, "overlap", id="of-a-track"),
    ],
)
def test_an_unsaved_period_can_be_asked_for_overlaps(
    first: PeriodDefinition, values: dict[str, Any], code: str | None
) -> None:
    period = PeriodDefinition(template=first.template, number=2, length=45, **values)

    if code is None:
        period.validate_overlap()
        return
    with pytest.raises(ValidationError) as refusal:
        period.validate_overlap()
    found = refusal.value
    assert code in {each.code for each in getattr(found, "error_list", [])} | {
        each.code for errors in getattr(found, "error_dict", {}).values() for each in errors
    }


@pytest.mark.parametrize(
    ("zone", "on", "expected"),
    [
        pytest.param("UTC", "2026-10-30", "2026-10-30T13:30:00+00:00", id="before-the-change"),
        pytest.param("UTC", "2026-11-02", "2026-11-02T14:30:00+00:00", id="after-the-change"),
        pytest.param(
            "Europe/Berlin", "2026-10-28", "2026-10-28T14:30:00+01:00", id="only-one-has-changed"
        ),
        pytest.param(
            "Pacific/Auckland", "2026-10-30", "2026-10-31T02:30:00+13:00", id="the-next-day"
        ),
        pytest.param("America/Chicago", "2026-11-02", "2026-11-02T08:30:00-06:00", id="its-own"),
    ],
)
@pytest.mark.parametrize("as_zone", [str, ZoneInfo], ids=["by-name", "by-tzinfo"])
def test_the_start_is_told_in_another_zone(
    first: PeriodDefinition, zone: str, on: str, expected: str, as_zone: Any
) -> None:
    local = first.get_local_start(as_zone(zone), dt.date.fromisoformat(on))

    assert local.isoformat() == expected


def test_the_start_is_told_in_a_fixed_offset(first: PeriodDefinition) -> None:
    local = first.get_local_start(dt.timezone(dt.timedelta(hours=2)), dt.date(2026, 10, 30))

    assert local.isoformat() == "2026-10-30T15:30:00+02:00"


# Bell schedules


def test_a_template_gives_its_periods_by_their_start(template: PeriodTemplate) -> None:
    late = PeriodDefinitionFactory.create(template=template, number=1, start=at("12:00"))
    early = PeriodDefinitionFactory.create(template=template, number=2, start=at("08:00"))
    PeriodDefinitionFactory.create()

    assert list(template.get_periods()) == [early, late]
    assert template.get_period(1) == late
    assert template.get_period(3) is None


def test_a_school_has_one_default_template(template: PeriodTemplate) -> None:
    PeriodTemplateFactory.create(school=template.school, is_default=True)

    with pytest.raises(ValidationError) as refusal:
        PeriodTemplateFactory.create(school=template.school, is_default=True)

    assert codes(refusal.value) == {"": {"default_taken"}}
    assert PeriodTemplateFactory.create(is_default=True).pk


def test_a_code_comes_once_in_a_school(template: PeriodTemplate) -> None:
    with pytest.raises(ValidationError) as refusal:
        PeriodTemplateFactory.create(school=template.school, code=template.code)

    assert codes(refusal.value) == {"": {"code_taken"}}
    assert PeriodTemplateFactory.create(code=template.code).pk


def test_the_default_moves_in_one_revision(template: PeriodTemplate) -> None:
    old = PeriodTemplateFactory.create(school=template.school, is_default=True)
    before = School.objects.get().revision

    with revise(template.school):
        old.is_default = False
        old.save()
        template.is_default = True
        template.save()

    assert School.objects.get().revision == before + 1
    assert PeriodTemplate.objects.get(is_default=True) == template


def test_the_school_of_a_template_cannot_change(template: PeriodTemplate) -> None:
    other = SchoolFactory.create()
    template.school = other

    with revise(template.school, other), pytest.raises(ValidationError) as refusal:
        template.save()

    assert codes(refusal.value) == {"school": {"fixed"}}


def test_a_template_reads_as_its_name(template: PeriodTemplate) -> None:
    assert str(template) == "Regular"
