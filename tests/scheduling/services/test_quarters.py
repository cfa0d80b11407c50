import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from scheduling.models import Quarter, Revision
from scheduling.services import generate_quarters
from tests.conftest import codes
from tests.factories import BreakFactory, QuarterFactory, TermFactory

pytestmark = pytest.mark.django_db


def dates(quarters: list[Quarter]) -> list[tuple[dt.date, dt.date]]:
    return [(quarter.start_date, quarter.end_date) for quarter in quarters]


def test_a_semester_gets_two_even_quarters():
    term = TermFactory.create()

    quarters = generate_quarters(term)

    assert [quarter.quarter_type for quarter in quarters] == ["Q1", "Q2"]
    assert dates(quarters) == [
        (dt.date(2026, 8, 12), dt.date(2026, 10, 14)),
        (dt.date(2026, 10, 15), dt.date(2026, 12, 18)),
    ]


def test_balanced_quarters_meet_after_a_sunday_and_have_as_many_school_days():
    term = TermFactory.create()
    BreakFactory.create(
        academic_year=term.academic_year,
        start_date=dt.date(2026, 11, 2),
        end_date=dt.date(2026, 11, 27),
    )

    quarters = generate_quarters(term, strategy="balanced")

    assert dates(quarters) == [  # 38 and 35 school days, a week earlier 33 and 40
        (dt.date(2026, 8, 12), dt.date(2026, 10, 4)),
        (dt.date(2026, 10, 5), dt.date(2026, 12, 18)),
    ]


def test_both_quarters_are_one_revision():
    term = TermFactory.create()
    before = Revision.objects.count()

    generate_quarters(term)

    assert Revision.objects.count() == before + 1


@pytest.mark.parametrize("strategy", ["even", "balanced"])
def test_a_second_time_nothing_is_made_or_moved(strategy):
    term = TermFactory.create()
    generate_quarters(term)
    before = dates(list(Quarter.objects.all()))

    assert generate_quarters(term, strategy=strategy) == []

    assert dates(list(Quarter.objects.all())) == before


def test_a_missing_quarter_is_made_beside_the_one_that_a_person_has_moved():
    term = TermFactory.create()
    first = QuarterFactory.create(term=term, end_date=dt.date(2026, 11, 6))

    quarters = generate_quarters(term, strategy="balanced")

    assert dates(quarters) == [(dt.date(2026, 11, 7), dt.date(2026, 12, 18))]
    first.refresh_from_db()
    assert first.end_date == dt.date(2026, 11, 6)


def test_a_term_that_was_moved_meanwhile_is_split_as_it_is_now():
    stale = TermFactory.create()
    moved = type(stale).objects.get(pk=stale.pk)
    moved.end_date = dt.date(2026, 9, 30)
    moved.save()

    quarters = generate_quarters(stale)

    assert quarters[-1].end_date == dt.date(2026, 9, 30)


def test_a_trimester_has_no_quarters():
    with pytest.raises(ValidationError) as refusal:
        generate_quarters(TermFactory.create(term_type="TRI1"))
    assert refusal.value.code == "requires_semester"


def test_a_term_of_three_days_is_too_short():
    term = TermFactory.create(end_date=dt.date(2026, 8, 14))

    with pytest.raises(ValidationError) as refusal:
        generate_quarters(term)

    assert codes(refusal.value) == {"end_date": {"too_short"}}
