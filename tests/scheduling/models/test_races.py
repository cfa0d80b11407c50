"""Sixteen writers at once: one wins, the others are told why, and nothing overlaps."""

import datetime as dt
from collections.abc import Callable, Iterator
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection

from core import revision
from core.cache import cached
from core.constraints import NoOverlap
from core.models.abstracts import TrackedModel
from scheduling.calendar.splits import halves
from scheduling.models import (
    AcademicYear,
    DayOverride,
    PeriodDefinition,
    PeriodTemplate,
    Quarter,
    Revision,
    School,
    Term,
)
from tests.core.racing import SECONDS, THREADS, race
from tests.factories import (
    TERM_DATES,
    AcademicYearFactory,
    PeriodTemplateFactory,
    SchoolFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

START, END = TERM_DATES["SEM1"]

Insert = Callable[[int], Any]


def quarters() -> Insert:
    term = TermFactory.create()
    dates = {"start_date": START, "end_date": END}
    return lambda number: Quarter.objects.create(term=term, sequence=number % 2 + 1, **dates)


def periods() -> Insert:
    template = PeriodTemplateFactory.create()
    return lambda number: PeriodDefinition.objects.create(
        template=template, number=number, start=dt.time(8, 30), length=60, track="a" * (number % 2)
    )


def overrides() -> Insert:
    year = AcademicYearFactory.create()
    day = dt.date(2026, 11, 11)
    dates = {"start_date": day, "end_date": day}
    return lambda number: DayOverride.objects.create(
        academic_year=year, name=f"Snow {number}", closed=True, **dates
    )


def terms() -> Insert:
    year = AcademicYearFactory.create()
    dates = {"start_date": START, "end_date": END}
    types = ["SEM1", "SEM2"]
    return lambda number: Term.objects.create(
        academic_year=year, term_type=types[number % 2], generate_quarters=False, **dates
    )


def years() -> Insert:
    school = SchoolFactory.create()
    dates = {"start_date": START, "end_date": END}
    return lambda number: AcademicYear.objects.create(school=school, name=f"{number}", **dates)


RACES = [
    pytest.param(quarters, Quarter, id="quarters"),
    pytest.param(periods, PeriodDefinition, id="periods"),
    pytest.param(overrides, DayOverride, id="overrides"),
    pytest.param(terms, Term, id="terms"),
    pytest.param(years, AcademicYear, id="years"),
]


def overlaps(model: type[TrackedModel]) -> int:
    """Return how many rows overlap an earlier one."""
    (rule,) = [each for each in model._meta.constraints if isinstance(each, NoOverlap)]
    names = [*rule.group, rule.start, rule.end, *filter(None, [rule.track])]
    return sum(
        rule.overlapping(
            model.objects.filter(pk__lt=row.pk), {n: getattr(row, n) for n in names}
        ).exists()
        for row in model.objects.all()
    )


@pytest.mark.parametrize(("prepare", "model"), RACES)
def test_of_sixteen_overlapping_inserts_exactly_one_wins(
    prepare: Callable[[], Insert], model: type[TrackedModel]
) -> None:
    insert = prepare()
    before = School.objects.get().revision

    outcomes = race(insert)

    assert [type(each) for each in outcomes].count(model) == 1
    assert [type(each) for each in outcomes].count(ValidationError) == THREADS - 1
    assert model.objects.count() == 1
    assert overlaps(model) == 0
    assert School.objects.get().revision == before + 1


def test_a_semester_created_by_sixteen_gets_two_quarters() -> None:
    year = AcademicYearFactory.create()
    values = {"term_type": "SEM1", "start_date": START, "end_date": END}

    outcomes = race(lambda _number: Term.objects.create(academic_year=year, **values))

    assert [type(each) for each in outcomes].count(Term) == 1
    assert Quarter.objects.count() == 2


def test_quarters_generated_by_sixteen_are_two() -> None:
    term = TermFactory.create()

    outcomes = race(lambda _number: len(term.create_missing_quarters(halves)))

    assert sorted(outcomes) == [0] * (THREADS - 1) + [2]
    assert Quarter.objects.count() == 2


def test_sixteen_write_the_default_template_and_one_is_it() -> None:
    school = SchoolFactory.create()

    race(
        lambda number: PeriodTemplate.objects.create(
            school=school, code=f"code-{number}", name="Regular", is_default=True
        )
    )

    assert PeriodTemplate.objects.count() == 1


def test_readers_beside_a_writer_never_keep_an_old_answer_under_a_new_token() -> None:
    school = SchoolFactory.create(name="0")

    def name_now() -> str:
        return School.objects.values_list("name", flat=True).get(pk=school.pk)

    def work(number: int) -> list[str]:
        if number == 0:
            for turn in range(1, 31):
                School.objects.filter(pk=school.pk).update(name=str(turn))
            return []
        return [cached(school.pk, "name", name_now) for _turn in range(60)]

    _writer, *readers = race(work, threads=4)

    assert all(seen == sorted(seen, key=int) for seen in readers)
    assert cached(school.pk, "name", name_now) == "30"


# The control: what the lock and the constraints are for.


def read_without_locking(ids: Any) -> dict[Any, int]:
    rows = revision.plain(revision.school_model()).filter(pk__in=ids)
    return dict(rows.values_list("pk", "revision"))


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Take the lock away, and let nobody write before everybody has validated."""
    monkeypatch.setattr(revision, "_lock", read_without_locking)
    return monkeypatch


def meet_before_writing(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    everybody, stamp = Barrier(threads), TrackedModel.stamp

    def wait_and_stamp(row: TrackedModel, now: dt.datetime) -> None:
        everybody.wait(SECONDS)
        stamp(row, now)

    monkeypatch.setattr(TrackedModel, "stamp", wait_and_stamp)


@pytest.fixture
def without_overlap_rule() -> Iterator[None]:
    (rule,) = [each for each in PeriodDefinition._meta.constraints if isinstance(each, NoOverlap)]
    with connection.schema_editor() as editor:
        editor.remove_constraint(PeriodDefinition, rule)
    yield
    PeriodDefinition.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(PeriodDefinition, rule)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")
def test_without_the_lock_and_the_rule_all_sixteen_overlap(
    no_lock: pytest.MonkeyPatch, without_overlap_rule: None
) -> None:
    insert = periods()
    with no_lock.context() as patch:
        meet_before_writing(patch, THREADS)
        patch.setattr(revision.Revision, "store", lambda _revision: None)  # the log is a fence too

        outcomes = race(insert)

    assert [type(each) for each in outcomes] == [PeriodDefinition] * THREADS
    assert overlaps(PeriodDefinition) > 0


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")
def test_without_the_lock_the_rule_is_the_second_fence(no_lock: pytest.MonkeyPatch) -> None:
    insert = periods()
    with no_lock.context() as patch:
        meet_before_writing(patch, 2)

        outcomes = race(insert, threads=2)

    lost = [each for each in outcomes if not isinstance(each, PeriodDefinition)]
    assert lost
    assert all(isinstance(each, IntegrityError | OperationalError) for each in lost)
    assert overlaps(PeriodDefinition) == 0


def test_the_log_has_no_gap_after_a_race() -> None:
    insert = periods()

    race(insert)

    numbers = Revision.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]
