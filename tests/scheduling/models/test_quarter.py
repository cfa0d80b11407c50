import datetime as dt
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from core.cache import cached
from scheduling.calendar.splits import halves
from scheduling.models import Break, Quarter, School, Term
from tests.conftest import codes
from tests.factories import (
    TERM_DATES,
    AcademicYearFactory,
    BreakFactory,
    DayOverrideFactory,
    QuarterFactory,
    SchoolFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

ONE_DAY = dt.timedelta(days=1)


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture
def term() -> Term:
    """A first semester from 2026-08-12 to 2026-12-18, without quarters."""
    return TermFactory.create()


@pytest.fixture
def quarter(term: Term) -> Quarter:
    """Q1, from 2026-08-12 to 2026-10-14: Wednesday to Wednesday."""
    return QuarterFactory.create(term=term)


def refused(**values: Any) -> dict[str, set[str]]:
    with pytest.raises(ValidationError) as refusal:
        QuarterFactory.create(**values)
    return codes(refusal.value)


# Creation and validation


def test_a_quarter_of_a_semester_is_created_with_its_type(quarter: Quarter, term: Term) -> None:
    stored = Quarter.objects.get()

    assert (stored.quarter_type, stored.sequence, stored.term) == ("Q1", 1, term)
    assert (stored.school, stored.term_type) == (term.school, "SEM1")
    assert (stored.term_start, stored.term_end) == (term.start_date, term.end_date)


@pytest.mark.parametrize(
    ("term_type", "sequence", "quarter_type"),
    [("SEM1", 1, "Q1"), ("SEM1", 2, "Q2"), ("SEM2", 1, "Q3"), ("SEM2", 2, "Q4")],
)
@pytest.mark.parametrize("given", ["sequence", "quarter_type"])
def test_the_type_says_the_sequence_and_the_other_way_round(
    term_type: str, sequence: int, quarter_type: str, given: str
) -> None:
    term = TermFactory.create(term_type=term_type)
    dates = dict(zip(("start_date", "end_date"), TERM_DATES[term_type], strict=True))
    value = {"sequence": sequence, "quarter_type": quarter_type}[given]

    quarter = Quarter.objects.create(term=term, **dates, **{given: value})

    assert (quarter.sequence, quarter.quarter_type) == (sequence, quarter_type)


def test_a_quarter_needs_a_type_or_a_sequence(term: Term) -> None:
    assert refused(
        term=term, sequence=None, start_date=term.start_date, end_date=term.end_date
    ) == {"quarter_type": {"required"}}


@pytest.mark.parametrize("term_type", ["TRI1", "TRI2", "TRI3"])
def test_a_trimester_has_no_quarters(term_type: str) -> None:
    term = TermFactory.create(term_type=term_type)

    assert refused(term=term, quarter_type="Q1")["term"] == {"requires_semester"}


@pytest.mark.parametrize(
    ("term_type", "values", "expected"),
    [
        pytest.param(
            "SEM1", {"quarter_type": "Q3"}, {"quarter_type": {"type_and_sequence"}}, id="q3-in-sem1"
        ),
        pytest.param(
            "SEM2", {"quarter_type": "Q1"}, {"quarter_type": {"type_and_sequence"}}, id="q1-in-sem2"
        ),
        pytest.param(
            "SEM1", {"quarter_type": "Q2"}, {"sequence": {"type_and_sequence"}}, id="q2-is-second"
        ),
        pytest.param(
            "SEM2",
            {"quarter_type": "Q3", "sequence": 2},
            {"sequence": {"type_and_sequence"}},
            id="q3-is-first",
        ),
        pytest.param(
            "SEM1", {"quarter_type": "Q5"}, {"quarter_type": {"invalid_choice"}}, id="no-such-type"
        ),
    ],
)
def test_type_sequence_and_term_fit(
    term_type: str, values: dict[str, Any], expected: dict[str, set[str]]
) -> None:
    term = TermFactory.create(term_type=term_type)
    start, end = halves(term.start_date, term.end_date)[0]

    assert refused(term=term, **{"start_date": start, "end_date": end, **values}) == expected


@pytest.mark.parametrize("sequence", [0, 3])
def test_a_term_has_no_third_quarter(term: Term, sequence: int) -> None:
    dates = {"start_date": term.start_date, "end_date": term.end_date}

    found = refused(term=term, sequence=sequence, quarter_type="Q1", **dates)

    assert found == {"sequence": {"type_and_sequence"}}


@pytest.mark.parametrize("quarter_type", ["", "Q1"])
def test_a_third_quarter_is_refused_beside_two(term: Term, quarter_type: str) -> None:
    term.create_missing_quarters(halves)

    with pytest.raises(ValidationError):
        Quarter.objects.create(
            term=term,
            sequence=3,
            quarter_type=quarter_type,
            start_date=term.start_date,
            end_date=term.end_date,
        )

    assert Quarter.objects.count() == 2


def test_a_quarter_comes_once_in_its_term(quarter: Quarter) -> None:
    dates = {"start_date": date("2026-10-20"), "end_date": date("2026-12-18")}

    found = refused(term=quarter.term, **dates)

    assert found == {"": {"sequence_taken", "type_taken"}}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2026-08-12", "2026-12-18", {}, id="the-whole-term"),
        pytest.param("2026-08-12", "2026-08-13", {}, id="two-days"),
        pytest.param("2026-08-11", "2026-09-30", {"start_date": {"outside_term"}}, id="early"),
        pytest.param("2026-08-12", "2026-12-19", {"end_date": {"outside_term"}}, id="late"),
        pytest.param(
            "2026-08-11",
            "2026-12-19",
            {"start_date": {"outside_term"}, "end_date": {"outside_term"}},
            id="both",
        ),
        pytest.param(
            "2026-08-12", "2026-08-12", {"end_date": {"dates_out_of_order"}}, id="one-day"
        ),
        pytest.param("2026-09-30", "2026-08-12", {"end_date": {"dates_out_of_order"}}, id="back"),
        pytest.param(
            "1899-12-31",
            "2200-01-01",
            {"start_date": {"year_out_of_range"}, "end_date": {"year_out_of_range"}},
            id="typing-errors",
        ),
    ],
)
def test_a_quarter_lies_within_its_term(
    term: Term, start: str, end: str, expected: dict[str, set[str]]
) -> None:
    values = {"term": term, "start_date": date(start), "end_date": date(end)}

    if expected:
        assert refused(**values) == expected
    else:
        assert QuarterFactory.create(**values).pk


def test_a_one_day_quarter_is_told_that_its_end_must_be_after_its_start(term: Term) -> None:
    with pytest.raises(ValidationError, match="must be after the start date"):
        QuarterFactory.create(term=term, start_date=term.start_date, end_date=term.start_date)


@pytest.mark.parametrize(
    ("days", "overlaps"),
    [pytest.param(0, True, id="a-shared-day"), pytest.param(1, False, id="the-day-after")],
)
def test_quarters_of_a_term_do_not_overlap(quarter: Quarter, days: int, overlaps: bool) -> None:
    start = quarter.end_date + dt.timedelta(days=days)
    values = {"term": quarter.term, "sequence": 2, "start_date": start, "end_date": start + ONE_DAY}

    if overlaps:
        assert refused(**values) == {"": {"overlap"}}
    else:
        assert QuarterFactory.create(**values).pk


def test_the_overlap_names_the_other_quarter(quarter: Quarter) -> None:
    with pytest.raises(ValidationError, match=r"This overlaps Q1 \(S1\)\."):
        QuarterFactory.create(term=quarter.term, sequence=2, start_date=quarter.end_date)


def test_quarters_of_two_schools_may_have_the_same_dates(quarter: Quarter) -> None:
    assert QuarterFactory.create().start_date == quarter.start_date


def test_the_term_cannot_change(quarter: Quarter) -> None:
    quarter.term = TermFactory.create(academic_year=quarter.academic_year, term_type="SEM2")

    with pytest.raises(ValidationError) as refusal:
        quarter.save()

    assert codes(refusal.value)["term"] == {"fixed"}


@pytest.mark.parametrize(
    ("metadata", "pointers"),
    [
        pytest.param({"reporting_dates": {"grades_due": "2026-10-14"}}, [], id="a-date"),
        pytest.param({"assessment_weeks": [4, 8], "theme": "rivers"}, [], id="more"),
        pytest.param(
            {"reporting_dates": {"grades_due": "soon"}}, ["/reporting_dates/grades_due"], id="text"
        ),
        pytest.param(
            {"assessment_weeks": [0], "reporting_dates": {"x": "2026-10-14"}},
            ["/assessment_weeks/0", "/reporting_dates"],
            id="all-at-once",
        ),
        pytest.param([], [""], id="no-object"),
        pytest.param(None, [""], id="null"),
    ],
)
def test_metadata_fits_its_schema(term: Term, metadata: Any, pointers: list[str]) -> None:
    if not pointers:
        assert QuarterFactory.create(term=term, metadata=metadata).metadata == metadata
        return
    with pytest.raises(ValidationError) as refusal:
        QuarterFactory.create(term=term, metadata=metadata)

    assert set(refusal.value.error_dict) == {"metadata"}
    found = [each.params["pointer"] for each in refusal.value.error_dict["metadata"]]
    assert found == pointers


def test_every_problem_is_told_at_once() -> None:
    term = TermFactory.create()

    found = refused(
        term=term,
        quarter_type="Q3",
        start_date=date("2026-08-01"),
        end_date=date("2026-12-31"),
        metadata={"assessment_weeks": [99]},
        sourced_id="\x00",
    )

    assert found == {
        "quarter_type": {"type_and_sequence"},
        "start_date": {"outside_term"},
        "end_date": {"outside_term"},
        "metadata": {"schema"},
        "sourced_id": {"invalid_characters"},
    }


# What a quarter says


def test_labels_and_parents(quarter: Quarter) -> None:
    third = QuarterFactory.create(
        term=TermFactory.create(academic_year=quarter.academic_year, term_type="SEM2")
    )

    assert (quarter.full_label, str(quarter), quarter.semester_number) == ("Q1 (S1)", "Q1 (S1)", 1)
    assert (third.full_label, third.semester_number) == ("Q3 (S2)", 2)
    assert quarter.academic_year == quarter.term.academic_year
    assert quarter.days == 64
    assert quarter.covers(quarter.start_date)
    assert quarter.covers(quarter.end_date)
    assert not quarter.covers(quarter.end_date + ONE_DAY)


def test_the_quarters_of_a_semester_come_in_order(quarter: Quarter) -> None:
    second = QuarterFactory.create(term=quarter.term, sequence=2)
    QuarterFactory.create()

    assert list(Quarter.objects.for_semester(quarter.term)) == [quarter, second]


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, {}),
        ({"reporting_dates": {}}, {}),
        (
            {"reporting_dates": {"grades_due": "2026-10-14", "publish_date": "2026-10-21"}},
            {"grades_due": dt.date(2026, 10, 14), "publish_date": dt.date(2026, 10, 21)},
        ),
    ],
    ids=["none", "empty", "two"],
)
def test_reporting_deadlines_are_dates(
    metadata: dict[str, Any], expected: dict[str, dt.date]
) -> None:
    quarter = QuarterFactory.create(metadata=metadata)

    assert Quarter.objects.get(pk=quarter.pk).get_reporting_deadlines() == expected


def test_an_unchecked_null_has_no_deadlines() -> None:
    assert Quarter(metadata={"reporting_dates": None}).get_reporting_deadlines() == {}


def test_the_breaks_of_a_term_are_those_of_the_year_that_touch_it(term: Term) -> None:
    def pause(start: str, end: str) -> Break:
        dates = {"start_date": date(start), "end_date": date(end)}
        return BreakFactory.create(academic_year=term.academic_year, **dates)

    first_day = pause("2026-08-12", "2026-08-12")
    across_the_end = pause("2026-12-18", "2027-01-03")
    pause("2026-12-19", "2027-01-03")
    BreakFactory.create()

    assert list(term.breaks) == [first_day, across_the_end]


# Made with their term


@pytest.mark.parametrize(
    ("term_type", "expected"), [("SEM1", ["Q1", "Q2"]), ("SEM2", ["Q3", "Q4"]), ("TRI1", [])]
)
@pytest.mark.parametrize("how", ["create", "save"])
def test_a_semester_is_created_with_two_quarters_a_trimester_with_none(
    term_type: str, expected: list[str], how: str
) -> None:
    start, end = TERM_DATES[term_type]
    year = AcademicYearFactory.create()
    values = {"academic_year": year, "term_type": term_type, "start_date": start, "end_date": end}

    if how == "create":
        Term.objects.create(**values)
    else:
        Term(**values).save()

    types = Quarter.objects.order_by("sequence").values_list("quarter_type", flat=True)
    assert list(types) == expected


@pytest.mark.parametrize("how", ["create", "save", "related"])
def test_a_semester_is_created_without_quarters_if_so_told(how: str) -> None:
    start, end = TERM_DATES["SEM1"]
    year = AcademicYearFactory.create()
    values = {"term_type": "SEM1", "start_date": start, "end_date": end}

    if how == "create":
        Term.objects.create(academic_year=year, generate_quarters=False, **values)
    elif how == "save":
        Term(academic_year=year, **values).save(generate_quarters=False)
    else:
        year.terms.create(generate_quarters=False, **values)

    assert Term.objects.count() == 1
    assert not Quarter.objects.exists()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(
            "2026-08-12",
            "2026-12-18",
            [("2026-08-12", "2026-10-14"), ("2026-10-15", "2026-12-18")],
            id="129-days",
        ),
        pytest.param(
            "2026-08-12",
            "2026-12-17",
            [("2026-08-12", "2026-10-13"), ("2026-10-14", "2026-12-17")],
            id="128-days",
        ),
        pytest.param(
            "2026-08-12",
            "2026-08-16",
            [("2026-08-12", "2026-08-13"), ("2026-08-14", "2026-08-16")],
            id="the-shortest",
        ),
    ],
)
def test_the_split_puts_the_longer_half_last(
    start: str, end: str, expected: list[tuple[str, str]]
) -> None:
    TermFactory.create(start_date=date(start), end_date=date(end), generate_quarters=True)

    found = Quarter.objects.order_by("sequence").values_list("start_date", "end_date")
    assert [(str(first), str(last)) for first, last in found] == expected


@pytest.mark.parametrize("days", [1, 2, 3, 4])
def test_a_term_too_short_for_two_quarters_is_refused_whole(days: int) -> None:
    end = date("2026-08-12") + dt.timedelta(days=days - 1)
    year = AcademicYearFactory.create()

    with pytest.raises(ValidationError) as refusal:
        TermFactory.create(academic_year=year, end_date=end, generate_quarters=True)

    assert codes(refusal.value) == {"end_date": {"too_short"}}
    assert not Term.objects.exists()
    assert TermFactory.create(academic_year=year, end_date=end).pk


def test_a_term_refused_as_too_short_can_be_set_right_and_saved() -> None:
    dates = {"start_date": date("2026-08-12"), "end_date": date("2026-08-13")}
    term = Term(academic_year=AcademicYearFactory.create(), term_type="SEM1", **dates)
    with pytest.raises(ValidationError):
        term.save()

    term.end_date = date("2026-12-18")
    term.save()

    assert Quarter.objects.count() == 2


def test_generating_again_changes_nothing() -> None:
    term = TermFactory.create(generate_quarters=True)
    revision = School.objects.get().revision

    assert term.create_missing_quarters(halves) == []
    assert Quarter.objects.count() == 2
    assert School.objects.get().revision == revision


def test_generating_again_never_moves_dates() -> None:
    term = TermFactory.create(generate_quarters=True)
    first = term.quarters.get(sequence=1)
    first.end_date = date("2026-10-09")
    first.save()

    term.end_date = date("2026-12-22")
    term.save()
    term.create_missing_quarters(halves)

    found = term.quarters.order_by("sequence").values_list("start_date", "end_date")
    assert [(str(start), str(end)) for start, end in found] == [
        ("2026-08-12", "2026-10-09"),
        ("2026-10-15", "2026-12-18"),
    ]


@pytest.mark.parametrize(
    ("sequence", "start", "end", "expected"),
    [
        pytest.param(
            1, "2026-08-12", "2026-10-30", ("2026-10-31", "2026-12-18"), id="beside-a-long-first"
        ),
        pytest.param(
            1, "2026-08-12", "2026-10-02", ("2026-10-15", "2026-12-18"), id="beside-a-short-first"
        ),
        pytest.param(
            2, "2026-10-05", "2026-12-18", ("2026-08-12", "2026-10-04"), id="beside-a-long-second"
        ),
        pytest.param(
            2, "2026-11-02", "2026-12-18", ("2026-08-12", "2026-10-14"), id="beside-a-short-second"
        ),
    ],
)
def test_a_missing_quarter_fills_in_beside_the_other(
    term: Term, sequence: int, start: str, end: str, expected: tuple[str, str]
) -> None:
    kept = QuarterFactory.create(
        term=term, sequence=sequence, start_date=date(start), end_date=date(end)
    )

    (made,) = term.create_missing_quarters(halves)

    assert made.sequence == 3 - sequence
    assert (str(made.start_date), str(made.end_date)) == expected
    kept.refresh_from_db()
    assert (str(kept.start_date), str(kept.end_date)) == (start, end)


def test_a_missing_quarter_without_room_is_refused(term: Term) -> None:
    QuarterFactory.create(term=term, end_date=term.end_date)

    with pytest.raises(ValidationError):
        term.create_missing_quarters(halves)

    assert Quarter.objects.count() == 1


def test_no_quarters_are_generated_for_a_trimester() -> None:
    term = TermFactory.create(term_type="TRI1")

    with pytest.raises(ValidationError, match="Only a semester has quarters"):
        term.create_missing_quarters(halves)


def test_a_trimester_that_becomes_a_semester_gets_quarters_when_asked() -> None:
    term = TermFactory.create(term_type="TRI1")
    term.term_type = "SEM1"
    term.save()

    assert [each.quarter_type for each in term.create_missing_quarters(halves)] == ["Q1", "Q2"]


# From the term's end


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"start_date": date("2026-08-13")}, {"start_date": {"rows_outside"}}, id="later-start"
        ),
        pytest.param(
            {"end_date": date("2026-10-13")}, {"end_date": {"rows_outside"}}, id="earlier-end"
        ),
        pytest.param(
            {"term_type": "TRI1"}, {"term_type": {"has_quarters"}}, id="no-semester-any-more"
        ),
        pytest.param(
            {"term_type": "SEM2", "sequence": 2}, {"term_type": {"has_quarters"}}, id="the-other"
        ),
    ],
)
def test_a_term_is_not_changed_under_its_quarters(
    quarter: Quarter, changes: dict[str, Any], expected: dict[str, set[str]]
) -> None:
    term = quarter.term
    for name, value in changes.items():
        setattr(term, name, value)

    with pytest.raises(ValidationError) as refusal:
        term.save()

    assert codes(refusal.value) == expected


def test_a_term_may_shrink_to_its_quarters(quarter: Quarter) -> None:
    term = quarter.term
    term.end_date = quarter.end_date
    term.save()

    assert Quarter.objects.get().term_end == quarter.end_date


def test_a_term_with_quarters_is_protected(quarter: Quarter) -> None:
    with pytest.raises(ProtectedError):
        quarter.term.delete()
    quarter.delete()
    Term.objects.get().delete()

    assert not Term.objects.exists()


# Weeks


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-08-11", None, id="the-day-before"),
        pytest.param("2026-08-12", 1, id="the-first-day"),
        pytest.param("2026-08-16", 1, id="its-sunday"),
        pytest.param("2026-08-17", 2, id="the-next-monday"),
        pytest.param("2026-10-11", 9, id="the-last-sunday"),
        pytest.param("2026-10-14", 10, id="the-last-day"),
        pytest.param("2026-10-15", None, id="the-day-after"),
    ],
)
def test_weeks_are_numbered_from_one(quarter: Quarter, day: str, expected: int | None) -> None:
    assert quarter.get_week_number(date(day)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2026-09-07", "2026-09-13", [4, None, 5], id="a-week-off"),
        pytest.param("2026-09-07", "2026-09-11", [4, None, 5], id="its-school-days-off"),
        pytest.param("2026-09-07", "2026-09-10", [4, 5, 6], id="but-friday"),
        pytest.param("2026-08-31", "2026-09-13", [None, None, 4], id="two-weeks-off"),
        pytest.param("2026-09-12", "2026-09-13", [4, 5, 6], id="a-weekend"),
    ],
)
def test_a_week_that_is_all_break_has_no_number(
    quarter: Quarter, start: str, end: str, expected: list[int | None]
) -> None:
    dates = {"start_date": date(start), "end_date": date(end)}
    BreakFactory.create(academic_year=quarter.academic_year, **dates)

    mondays = [date("2026-08-31"), date("2026-09-07"), date("2026-09-14")]

    assert [quarter.get_week_number(monday) for monday in mondays] == expected


def test_a_break_that_counts_weeks_numbers_them(quarter: Quarter) -> None:
    dates = {"start_date": date("2026-09-07"), "end_date": date("2026-09-11")}
    BreakFactory.create(academic_year=quarter.academic_year, counts_weeks=True, **dates)

    assert quarter.get_week_number(date("2026-09-09")) == 5


def test_weeks_of_the_second_quarter_begin_at_one_again(quarter: Quarter) -> None:
    second = QuarterFactory.create(term=quarter.term, sequence=2)

    assert second.get_week_number(date("2026-10-15")) == 1
    assert second.get_week_number(date("2026-10-19")) == 2


# The cached lookups


def test_of_a_datetime_its_date_counts(quarter: Quarter) -> None:
    evening = dt.datetime(2026, 10, 14, 23, 30, tzinfo=ZoneInfo("America/Chicago"))

    with patch("scheduling.models.quarter.cached", wraps=cached) as asked:
        for moment in (evening, evening.replace(tzinfo=None), evening.date()):
            assert Quarter.objects.get_for_date(moment, quarter.school) == quarter

    (name,) = {call.args[1] for call in asked.call_args_list}
    assert " " not in name


def for_date(day: str, school: School) -> str | None:
    found = Quarter.objects.get_for_date(date(day), school)
    return None if found is None else found.quarter_type


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-08-11", None),
        ("2026-08-12", "Q1"),
        ("2026-10-14", "Q1"),
        ("2026-10-15", "Q2"),
        ("2026-12-18", "Q2"),
        ("2026-12-19", None),
    ],
)
def test_the_quarter_of_a_date(day: str, expected: str | None) -> None:
    term = TermFactory.create(generate_quarters=True)
    TermFactory.create(generate_quarters=True)

    assert for_date(day, term.school) == expected


def test_a_day_between_two_quarters_is_in_none(quarter: Quarter) -> None:
    QuarterFactory.create(term=quarter.term, sequence=2, start_date=date("2026-10-20"))

    assert for_date("2026-10-16", quarter.school) is None


@pytest.mark.parametrize(("day", "queries"), [("2026-09-01", 2), ("2026-07-01", 1)])
def test_a_second_lookup_costs_the_token_and_the_row(
    quarter: Quarter, day: str, queries: int, django_assert_num_queries: Any
) -> None:
    first = for_date(day, quarter.school)

    with django_assert_num_queries(queries):
        second = for_date(day, quarter.school)

    assert first == second


def test_a_second_week_number_costs_the_token(
    quarter: Quarter, django_assert_num_queries: Any
) -> None:
    quarter.get_week_number(date("2026-08-12"))

    with django_assert_num_queries(1):
        assert quarter.get_week_number(date("2026-10-14")) == 10
    with django_assert_num_queries(0):
        assert quarter.get_week_number(date("2026-10-15")) is None


def save_dates(quarter: Quarter) -> None:
    quarter.end_date = date("2026-09-15")
    quarter.save()


def update_dates(quarter: Quarter) -> None:
    Quarter.objects.filter(pk=quarter.pk).update(end_date=date("2026-09-15"))


def delete(quarter: Quarter) -> None:
    Quarter.objects.filter(pk=quarter.pk).delete()


def replace(quarter: Quarter) -> None:
    Quarter.objects.filter(pk=quarter.pk).delete()
    QuarterFactory.create(
        term=quarter.term, sequence=2, start_date=date("2026-09-16"), end_date=date("2026-12-18")
    )


@pytest.mark.parametrize(
    ("write", "expected"),
    [(save_dates, None), (update_dates, None), (delete, None), (replace, "Q2")],
)
def test_the_quarter_of_a_date_follows_every_write(
    quarter: Quarter, write: Any, expected: str | None
) -> None:
    before = for_date("2026-10-01", quarter.school)
    write(quarter)

    assert (before, for_date("2026-10-01", quarter.school)) == ("Q1", expected)


def test_the_quarter_of_a_date_carries_its_new_metadata(quarter: Quarter) -> None:
    Quarter.objects.get_for_date(date("2026-10-01"), quarter.school)
    quarter.metadata = {"assessment_weeks": [3]}
    quarter.save()

    found = Quarter.objects.get_for_date(date("2026-10-01"), quarter.school)

    assert found is not None
    assert found.metadata == {"assessment_weeks": [3]}


def add_break(quarter: Quarter) -> None:
    dates = {"start_date": date("2026-08-17"), "end_date": date("2026-08-21")}
    BreakFactory.create(academic_year=quarter.academic_year, **dates)


def add_override(quarter: Quarter) -> None:
    dates = {"start_date": date("2026-08-17"), "end_date": date("2026-08-21")}
    DayOverrideFactory.create(academic_year=quarter.academic_year, **dates)


def start_later(quarter: Quarter) -> None:
    quarter.start_date = date("2026-08-17")
    quarter.save()


def have_school_on_mondays_only(quarter: Quarter) -> None:
    quarter.school.weekdays = ["monday"]
    quarter.school.save()


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        pytest.param(add_break, 2, id="a-break"),
        pytest.param(add_override, 2, id="an-override"),
        pytest.param(start_later, 2, id="its-dates"),
        pytest.param(have_school_on_mondays_only, 2, id="the-weekdays"),
    ],
)
def test_week_numbers_follow_every_write(quarter: Quarter, write: Any, expected: int) -> None:
    before = quarter.get_week_number(date("2026-08-24"))
    write(quarter)

    after = Quarter.objects.get(pk=quarter.pk).get_week_number(date("2026-08-24"))

    assert (before, after) == (3, expected)


def test_a_quarter_in_hand_from_before_a_write_does_not_spoil_the_cache(quarter: Quarter) -> None:
    old = Quarter.objects.select_related("school").get(pk=quarter.pk)
    have_school_on_mondays_only(Quarter.objects.get(pk=quarter.pk))
    fresh = Quarter.objects.get(pk=quarter.pk)
    fresh.end_date = date("2026-10-16")
    fresh.save()
    old.get_week_number(date("2026-08-24"))

    assert fresh.get_week_number(date("2026-08-24")) == 2
    assert fresh.get_week_number(date("2026-10-16")) == 9


def test_a_narrowed_queryset_does_not_spoil_the_cache(quarter: Quarter) -> None:
    other = TermFactory.create(academic_year=quarter.academic_year, term_type="SEM2")

    assert other.quarters.get_for_date(date("2026-10-01"), quarter.school) is None
    assert for_date("2026-10-01", quarter.school) == "Q1"


def test_a_school_without_a_calendar_has_no_quarter() -> None:
    assert for_date("2026-10-01", SchoolFactory.create()) is None
