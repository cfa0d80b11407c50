import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.revision import revise
from scheduling.models import PeriodDefinition, PeriodTemplate, Revision
from scheduling.services import (
    clone_template,
    free_code,
    generate_periods,
    replace_periods,
    used_by,
)
from tests.conftest import codes
from tests.factories import (
    DayOverrideFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    ScheduleRuleFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db

MORNING = dt.time(8, 30)


def period(number: int = 1, start: str = "08:30", length: int = 50, **values: Any):
    return PeriodDefinition(number=number, start=start, length=length, **values)


def shown(periods: Iterable[PeriodDefinition]) -> list[str]:
    return [f"{each.number} {each} {each.type} +{each.passing}" for each in periods]


def found(refusal: Any) -> set[tuple[str, str]]:
    errors = refusal.value.error_dict["periods"]
    return {(each.params["pointer"], each.code) for each in errors}


# generate_periods


def test_a_day_is_laid_out_with_its_breaks():
    template = PeriodTemplateFactory.create()

    periods = generate_periods(
        template, start=MORNING, count=4, length=45, passing=5, breaks={1: 10, 3: 30}
    )

    assert shown(periods) == [
        "1 Period 1 (08:30-09:15) class +0",
        "5 Break (09:15-09:25) break +5",
        "2 Period 2 (09:30-10:15) class +5",
        "3 Period 3 (10:20-11:05) class +0",
        "6 Lunch (11:05-11:35) lunch +5",
        "4 Period 4 (11:40-12:25) class +5",
    ]
    assert list(template.get_periods()) == periods


def test_a_generated_day_is_one_revision_and_few_queries(django_assert_max_num_queries):
    template = PeriodTemplateFactory.create()
    before = Revision.objects.count()

    with django_assert_max_num_queries(30):
        generate_periods(template, start=dt.time(6), count=20, length=30)

    assert Revision.objects.count() == before + 1


def test_a_schedule_with_periods_is_not_filled_again():
    template = PeriodDefinitionFactory.create().template

    with pytest.raises(ValidationError) as refusal:
        generate_periods(template, start=MORNING, count=4, length=45)

    assert refusal.value.code == "has_periods"
    assert template.periods.count() == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"count": 0}, {"count": {"count_out_of_range"}}, id="no-class"),
        pytest.param({"length": 29}, {"length": {"length_out_of_range"}}, id="short-class"),
        pytest.param({"passing": 31}, {"passing": {"max_value"}}, id="long-passing"),
        pytest.param({"passing": -1}, {"passing": {"min_value"}}, id="negative-passing"),
        pytest.param({"start": None}, {"start": {"null"}}, id="no-start"),
        pytest.param({"start": dt.time(8, 30, 15)}, {"start": {"not_on_the_minute"}}, id="seconds"),
        pytest.param({"breaks": {5: 10}}, {"breaks": {"unknown_period"}}, id="break-after-none"),
        pytest.param({"breaks": {1: 0}}, {"breaks": {"length_out_of_range"}}, id="no-break"),
        pytest.param({"count": 20}, {"count": {"past_midnight"}}, id="past-midnight"),
        pytest.param({"count": 10**12}, {"count": {"past_midnight"}}, id="endless"),
        pytest.param(
            {"count": 0, "length": 0, "breaks": {0: 481}},
            {
                "count": {"count_out_of_range"},
                "length": {"length_out_of_range"},
                "breaks": {"unknown_period", "length_out_of_range"},
            },
            id="all-at-once",
        ),
    ],
)
def test_an_impossible_day_is_refused_by_argument(changes, expected):
    template = PeriodTemplateFactory.create()
    arguments = {"start": MORNING, "count": 4, "length": 45, "passing": 5, **changes}

    with pytest.raises(ValidationError) as refusal:
        generate_periods(template, **arguments)

    assert codes(refusal.value) == expected
    assert not template.periods.exists()


def test_classes_may_be_short_when_they_are_irregular():
    template = PeriodTemplateFactory.create()

    periods = generate_periods(template, start=MORNING, count=7, length=24, irregular=True)

    assert {each.irregular for each in periods} == {True}


def test_a_day_may_end_at_the_last_minute():
    template = PeriodTemplateFactory.create()

    periods = generate_periods(
        template, start=dt.time(22, 29), count=2, length=30, passing=0, breaks={2: 30}
    )

    assert periods[-1].end == dt.time(23, 59)


# replace_periods


def test_the_rows_given_become_the_periods():
    template = PeriodTemplateFactory.create()
    for _ in range(3):
        PeriodDefinitionFactory.create(template=template)
    ids = {each.number: each.pk for each in template.periods.all()}

    periods = replace_periods(
        template, [period(1), period(2, "09:30", 40), period(20, "10:10", 30, type="lunch")]
    )

    assert shown(periods) == [
        "1 Period 1 (08:30-09:20) class +0",
        "2 Period 2 (09:30-10:10) class +0",
        "20 Period 20 (10:10-10:40) lunch +0",
    ]
    assert [each.pk for each in periods[:2]] == [ids[1], ids[2]]


def test_a_replacement_is_one_revision_and_leaves_equal_rows_alone():
    template = PeriodTemplateFactory.create()
    first = PeriodDefinitionFactory.create(template=template)
    PeriodDefinitionFactory.create(template=template)
    before = Revision.objects.count()

    first_now, _second = replace_periods(template, [period(1, passing=5), period(2, "09:30", 40)])

    assert Revision.objects.count() == before + 1
    assert first_now.revision == first.revision
    assert first.history.count() == 1


@pytest.mark.parametrize("count", [0, 3])
def test_putting_back_what_is_there_changes_nothing(count):
    template = PeriodTemplateFactory.create()
    PeriodDefinitionFactory.create_batch(count, template=template)
    before = Revision.objects.count()

    replace_periods(template, template.get_periods())

    assert Revision.objects.count() == before


def test_an_empty_set_empties_the_schedule():
    template = PeriodDefinitionFactory.create().template

    assert replace_periods(template, []) == []

    assert not template.periods.exists()


def test_periods_may_trade_places():
    template = PeriodTemplateFactory.create()
    replace_periods(
        template,
        [
            period(1, "08:30", sourced_id="a"),
            period(2, "09:30", sourced_id="b"),
            period(3, "10:30", sourced_id="c"),
        ],
    )

    periods = replace_periods(
        template,
        [
            period(2, "08:30", sourced_id="a"),
            period(1, "09:30", sourced_id="b"),
            period(4, "10:30", sourced_id="c"),
        ],
    )

    assert [(each.number, each.sourced_id) for each in periods] == [(2, "a"), (1, "b"), (4, "c")]


def test_tracks_may_overlap_but_not_everybody():
    template = PeriodTemplateFactory.create()
    waves = [period(1, track="a"), period(2, track="b")]

    assert len(replace_periods(template, waves)) == 2
    with pytest.raises(ValidationError) as refusal:
        replace_periods(template, [*waves, period(3, "09:19")])

    assert found(refusal) == {("/2", "overlap")}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([period(1), period(1, "10:00")], {("/1/number", "number_taken")}, id="twice"),
        pytest.param([period(2, "09:00"), period(1)], {("/0", "overlap")}, id="overlap"),
        pytest.param([period(1), period(2)], {("/1", "overlap")}, id="same-start"),
        pytest.param(
            [period(2, "09:25"), period(1, passing=10)],
            {("/1/passing", "passing_too_long")},
            id="passing",
        ),
        pytest.param(
            [period(1, "23:00", passing=30), period(2, "23:50", 9, type="after")],
            {("/0/passing", "passing_too_long")},
            id="passing-over-midnight",
        ),
        pytest.param(
            [period(1, length=20), period(2, "09:00", 121)],
            {("/0/length", "length_out_of_range"), ("/1/length", "length_out_of_range")},
            id="lengths",
        ),
        pytest.param([period(1, "23:30")], {("/0/length", "past_midnight")}, id="midnight"),
        pytest.param([period(1, "soon")], {("/0/start", "invalid")}, id="no-time"),
        pytest.param([period(1, track="all")], {("/0/track", "reserved_track")}, id="reserved"),
        pytest.param(
            [period(1, meta={"room": float("nan"), "a/b": ["\x00"]})],
            {("/0/meta/room", "not_finite"), ("/0/meta/a~1b/0", "invalid_characters")},
            id="meta",
        ),
        pytest.param(
            [PeriodDefinition()],
            {("/0/number", "null"), ("/0/start", "null"), ("/0/length", "null")},
            id="empty",
        ),
        pytest.param(
            [period(1, sourced_id="x"), period(2, "10:00", sourced_id="x")],
            {("/1/sourced_id", "sourced_id_taken")},
            id="sourced-id-twice",
        ),
    ],
)
def test_every_problem_is_found_with_its_place(rows, expected):
    template = PeriodDefinitionFactory.create(number=9).template

    with pytest.raises(ValidationError) as refusal:
        replace_periods(template, rows)

    assert found(refusal) == expected
    assert template.get_period(9) is not None


def test_a_problem_says_which_row_it_is_about_in_plain_words():
    template = PeriodTemplateFactory.create()

    with pytest.raises(ValidationError) as refusal:
        replace_periods(template, [period(1, name="100 %"), period(2)])

    (error,) = refusal.value.error_dict["periods"]
    assert error.params["index"] == 1
    assert error.messages == ["This overlaps 100 % (08:30-09:20)."]


def test_a_sourced_id_of_another_schedule_is_taken_but_only_in_its_school():
    template = PeriodTemplateFactory.create()
    elsewhere = PeriodTemplateFactory.create(school=template.school)
    PeriodDefinitionFactory.create(template=elsewhere, sourced_id="x")

    with pytest.raises(ValidationError) as refusal:
        replace_periods(template, [period(1, sourced_id="x")])

    assert found(refusal) == {("/0/sourced_id", "sourced_id_taken")}
    assert replace_periods(PeriodTemplateFactory.create(), [period(1, sourced_id="x")])


def test_a_replacement_costs_as_many_queries_for_many_periods(django_assert_max_num_queries):
    template = PeriodTemplateFactory.create()
    replace_periods(
        template, [period(n, f"{8 + n // 2:02}:{n % 2 * 30:02}", 30) for n in range(20)]
    )
    later = [period(n, f"{9 + n // 2:02}:{n % 2 * 30:02}", 30) for n in range(1, 21)]

    with django_assert_max_num_queries(40):
        replace_periods(template, later)


def test_a_replacement_joins_the_revision_that_is_open():
    template = PeriodTemplateFactory.create()
    before = Revision.objects.count()

    with revise(template.school):
        replace_periods(template, [period(1)])
        replace_periods(template, [period(1, length=40)])

    assert Revision.objects.count() == before + 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    days=st.lists(
        st.lists(
            st.tuples(
                st.integers(1, 6), st.integers(480, 700), st.integers(30, 90), st.sampled_from("ab")
            ),
            max_size=5,
            unique_by=lambda row: row[0],
        ),
        min_size=2,
        max_size=3,
    )
)
def test_memory_and_database_agree_on_what_is_a_day(days):
    template = PeriodTemplateFactory.create()

    for day in days:
        rows = [
            period(number, f"{minute // 60:02}:{minute % 60:02}", length, track=track.strip("b"))
            for number, minute, length, track in day
        ]
        try:  # an IntegrityError would mean that memory lets pass what the database does not
            replace_periods(template, rows)
        except ValidationError:
            continue
        assert {each.number for each in template.periods.all()} == {row.number for row in rows}


# clone_template


def test_a_clone_has_the_periods_and_is_neither_default_nor_archived():
    template = PeriodTemplateFactory.create(
        is_default=True, is_archived=True, metadata={"color": "red"}, sourced_id="t"
    )
    replace_periods(template, [period(1, sourced_id="p", meta={"room": 1})])
    before = Revision.objects.count()

    clone = clone_template(template, code="late-start", name="Late start")

    clone.refresh_from_db()
    assert (clone.code, clone.name, clone.metadata) == (
        "late-start",
        "Late start",
        {"color": "red"},
    )
    assert (clone.is_default, clone.is_archived, clone.sourced_id) == (False, False, "")
    (copy,) = clone.get_periods()
    assert (copy.number, copy.start, copy.meta, copy.sourced_id) == (1, MORNING, {"room": 1}, "")
    assert Revision.objects.count() == before + 1


def test_a_clone_needs_a_code_of_its_own():
    template = PeriodTemplateFactory.create(code="regular")

    with pytest.raises(ValidationError) as refusal:
        clone_template(template, code="regular", name="Again")

    assert codes(refusal.value) == {"": {"code_taken"}}
    assert PeriodTemplate.objects.count() == 1


def test_codes_of_clones_are_counted():
    template = PeriodTemplateFactory.create(code="regular")
    assert free_code(template) == "regular-copy"

    PeriodTemplateFactory.create(code="regular-copy")  # of another school
    PeriodTemplateFactory.create(school=template.school, code="regular-copy")

    assert free_code(template) == "regular-copy-2"


def test_the_code_of_a_clone_is_not_too_long():
    template = PeriodTemplateFactory.create(code="a" * 57 + "-" + "b" * 5)

    clone = clone_template(template, code=free_code(template), name="Copy")

    assert clone.code == "a" * 57 + "-copy"


# used_by


def test_what_uses_a_schedule_is_named():
    school = SchoolFactory.create()
    template = PeriodTemplateFactory.create(school=school)
    rule = ScheduleRuleFactory.create(template=template, academic_year__school=school)
    override = DayOverrideFactory.create(template=template, academic_year=rule.academic_year)

    assert used_by(template) == [rule, override]
    assert used_by(PeriodTemplateFactory.create(school=school)) == []
