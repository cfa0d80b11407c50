"""A long history by chance: what is said today of any moment is what was said at that moment."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import Max, Min
from rest_framework.test import APIClient

from core.history import GONE, versions
from core.revision import revise
from scheduling import lookups, models
from scheduling.documents import export_document, import_document
from scheduling.models import sources
from tests.api.calendars import caller
from tests.api.conftest import Maple, plant_maple
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DistrictFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    TermFactory,
)
from tests.proofs import walking

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)
STEPS = 32

Write = Callable[[Maple, random.Random], None]


def school_now(maple: Maple, **columns: Any) -> None:
    models.School.objects.filter(pk=maple.school.pk).update(**columns)


# Writes


def move_to_another_zone(maple: Maple, chance: random.Random) -> None:
    zone = chance.choice(["America/Chicago", "Pacific/Auckland", "Asia/Kolkata"])
    school_now(maple, timezone=zone, slug=f"maple-{chance.randrange(99)}")


def change_the_week(maple: Maple, chance: random.Random) -> None:
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    school_now(maple, weekdays=days[: chance.randrange(4, 7)], passing_minutes_cap=3)


def rename_the_district(maple: Maple, chance: random.Random) -> None:
    district = models.School.objects.get(pk=maple.school.pk).district
    district.name = f"District {chance.randrange(99)}"
    district.save()


def join_another_district(maple: Maple, chance: random.Random) -> None:
    left = models.School.objects.get(pk=maple.school.pk).district
    school_now(maple, district=DistrictFactory.create(name=f"Valley {chance.randrange(99)}"))
    left.delete()


def let_a_break_go_and_come_back(maple: Maple, _chance: random.Random) -> None:
    row = models.Break.objects.filter(school=maple.school).first()
    if row is None:
        BreakFactory.create(academic_year=maple.year)
    else:
        pk = row.pk
        row.delete()
        BreakFactory.create(academic_year=maple.year, id=pk, name="Back again")


def write_twice_in_one_revision(maple: Maple, chance: random.Random) -> None:
    with revise(maple.school):
        for _time in range(2):
            template = models.PeriodTemplate.objects.get(pk=maple.late_start.pk)
            template.name = f"Late {chance.randrange(10**6)}"
            template.save()


def write_and_take_it_back(maple: Maple, chance: random.Random) -> None:
    with revise(maple.school):
        with revise(maple.school):
            walking.rename(maple, chance)
            transaction.set_rollback(True)
        walking.note_something(maple, chance)


def let_a_year_come_or_go(maple: Maple, chance: random.Random) -> None:
    years = models.AcademicYear.objects.filter(school=maple.school, name="Next")
    if not years:
        dates = {"start_date": dt.date(2027, 8, 11), "end_date": dt.date(2028, 6, 1)}
        year = AcademicYearFactory.create(school=maple.school, name="Next", **dates)
        term = {"start_date": dt.date(2027, 8, 11), "end_date": dt.date(2027, 12, 17)}
        TermFactory.create(academic_year=year, generate_quarters=True, **term)
        return
    with revise(maple.school):
        models.Quarter.objects.filter(term__academic_year__in=years).delete()
        models.Term.objects.filter(academic_year__in=years).delete()
        years.delete()


def let_bells_come_or_go(maple: Maple, _chance: random.Random) -> None:
    bells = models.PeriodTemplate.objects.filter(school=maple.school, code="spare")
    if bells:
        bells.delete()
        return
    spare = PeriodTemplateFactory.create(school=maple.school, code="spare", name="A spare")
    PeriodDefinitionFactory.create_batch(2, template=spare)


def make_others_the_default(maple: Maple, _chance: random.Random) -> None:
    with revise(maple.school):
        was = models.PeriodTemplate.objects.get(school=maple.school, is_default=True)
        models.PeriodTemplate.objects.filter(pk=was.pk).update(is_default=False)
        others = models.PeriodTemplate.objects.filter(school=maple.school).exclude(pk=was.pk)
        models.PeriodTemplate.objects.filter(pk=others.earliest("id").pk).update(is_default=True)


def put_a_document(maple: Maple, chance: random.Random) -> None:
    document = export_document(maple.school.pk)
    for template in document["period_templates"]:
        template["sourced_id"] = f"{template['code']}-{chance.randrange(99)}"
    document["academic_years"][0]["metadata"] = {"note": chance.randrange(99)}
    import_document(document)


WRITES: tuple[Write, ...] = (
    *walking.WRITES,
    move_to_another_zone,
    change_the_week,
    rename_the_district,
    join_another_district,
    let_a_break_go_and_come_back,
    write_twice_in_one_revision,
    write_and_take_it_back,
    let_a_year_come_or_go,
    let_bells_come_or_go,
    make_others_the_default,
    put_a_document,
)
QUESTIONS = (
    "days?from=2026-11-09&to=2026-11-30",
    "days/2026-11-23?track=lunch-a",
    "days/today",
    "now",
    "now?at=2026-11-23T15:45:00Z",
    "weeks",
    "instructional-minutes",
)


class Tape:
    """What was said at every moment, by address."""

    def __init__(self, maple: Maple, chance: random.Random) -> None:
        self.base = f"/api/v1/schools/{maple.school.pk}"
        self.quarter = f"/api/v1/quarters/for-date?school={maple.school.pk}&date=2026-11-23"
        self.client = APIClient(headers=caller(school=maple.school, role="viewer"))
        self.client.raise_request_exception = False
        self.chance = chance
        self.said: dict[dt.datetime, dict[str, Any]] = {}

    def record(self) -> None:
        """Ask for the document and something else; what was said at this very moment is over."""
        asked = self.chance.choice([self.quarter, *(f"{self.base}/{each}" for each in QUESTIONS)])
        urls = f"{self.base}/calendar", asked
        self.said[dt.datetime.now(dt.UTC)] = {url: self.client.get(url) for url in urls}

    def played_back(self, most: int = STEPS) -> Iterator[tuple[Any, Any]]:
        """Yield what was said at the last moments, and what is said now that was said then."""
        for moment, answers in [*self.said.items()][-most:]:
            for url, then in answers.items():
                join = "&" if "?" in url else "?"
                yield then, self.client.get(f"{url}{join}as_of={moment:%FT%T.%fZ}")


def by_the_clock(model: Any, revision: int, **kept: Any) -> Any:
    """Find versions as one would who goes by their timestamps."""
    school = kept.get("school", kept.get("id"))
    time = models.Revision.objects.get(school=school, number=revision).time
    told = versions(model).filter(history_date__lte=time, **kept)
    last = told.values("id").annotate(last=Max("history_date")).values("last", "id")
    pairs = {(each["id"], each["last"]) for each in last}
    found = told.values("id", "history_date").annotate(one=Min("history_id"))
    chosen = [each["one"] for each in found if (each["id"], each["history_date"]) in pairs]
    return versions(model).filter(history_id__in=chosen).exclude(history_type=GONE)


def lived(maple: Maple, chance: random.Random, clock: Any) -> Tape:
    """Let a history happen: some of it at one instant, some with days between."""
    tape = Tape(maple, chance)
    tape.record()
    for step in range(STEPS):
        if chance.random() < 0.6:
            clock.shift(chance.choice([0.000001, 1, 5_000, 200_000]))
        write = WRITES[step] if step < len(WRITES) else chance.choice(WRITES)
        write(maple, chance)
        tape.record()
    clock.shift(200_000)
    return tape


def test_every_answer_of_a_long_history_is_given_again(monkeypatch) -> None:
    with time_machine.travel(START, tick=False) as clock:
        maple = plant_maple()
        tape = lived(maple, random.Random(1), clock)
        monkeypatch.setattr(lookups, "remembered", lambda _token, _name, fill: fill())

        assert len(tape.said) < STEPS < models.School.objects.get(pk=maple.school.pk).revision
        for then, again in tape.played_back():
            assert (again.status_code, again.content) == (200, then.content)
            assert again.headers["ETag"] == then.headers.get("ETag", again.headers["ETag"])
        monkeypatch.setattr(sources, "as_of", by_the_clock)
        played = tape.played_back(4)
        wrong = [then for then, again in played if then.content != again.content]
        assert wrong, "going by the clock was expected to be wrong"
