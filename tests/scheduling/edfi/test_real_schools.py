"""Every real school, and the demo's, in a form that a strict host takes."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scheduling.demo import demo_documents
from scheduling.documents import import_document
from scheduling.edfi.conventions import Conventions
from scheduling.edfi.resources import RESOURCES, bodies
from scheduling.exports import edfi_source
from scheduling.importers.bell_schedules import YearSpan, convert
from scheduling.importers.lunch_waves import merge_waves
from scheduling.models import School
from scheduling.states import state_of
from tests.scheduling.edfi.contract import faults

DATA = Path(__file__).parents[2] / "data" / "bell_schedules.json"
SCHOOLS: dict[str, dict[str, Any]] = {each["id"]: each for each in json.loads(DATA.read_text())}
WAVES = {
    "dreyfoos": ("dreyfoos-a", "dreyfoos-b"),
    "martinhs": ("martinhs-a", "martinhs-b"),
    "nms": ("nms-1", "nms-2", "nms-3"),
}
TODAY = dt.date(2026, 11, 23)
CONVENTIONS = (Conventions(), Conventions("uri://state.example", "exclusive"))


def busiest_year(school: dict[str, Any]) -> YearSpan:
    """Return the school year with most of a school's special days."""
    starts = (dt.date.fromisoformat(each["start"]) for each in school["special_days"])
    falls = Counter(start.year - (start.month < 8) for start in starts)
    fall = falls.most_common(1)[0][0] if falls else 2018
    return YearSpan(f"{fall}-{fall + 1}", dt.date(fall, 8, 1), dt.date(fall + 1, 7, 31))


def terms(year: YearSpan) -> list[dict[str, Any]]:
    """Return two semesters, and three trimesters beside them."""
    spans = {
        "SEM1": ("08-01", "12-31"),
        "SEM2": ("01-01", "06-30"),
        "TRI1": ("08-20", "11-20"),
        "TRI2": ("11-25", "03-01"),
        "TRI3": ("03-02", "06-15"),
    }
    fall, spring = year.start_date.year, year.end_date.year
    return [
        {
            "term_type": kind,
            "start_date": f"{fall if start > '07' else spring}-{start}",
            "end_date": f"{fall if end > '07' else spring}-{end}",
        }
        for kind, (start, end) in spans.items()
    ]


def check(document: dict[str, Any]) -> None:
    """Import a school, and require of each of its years that a host takes it."""
    import_document(document)
    state = state_of(document["school"]["slug"], anew=True)
    assert state is not None
    school = School.objects.get(pk=state.id)
    for year in school.academic_years.values_list("pk", flat=True):
        for known in CONVENTIONS:
            _token, source = edfi_source(state, year, known)
            assert source is not None
            exported = {resource: bodies(resource, source) for resource in RESOURCES}
            assert faults(exported, namespace=known.namespace, end_dates=known.end_dates) == []
            assert all(exported.values())


@pytest.mark.django_db
@pytest.mark.parametrize("school", SCHOOLS.values(), ids=SCHOOLS)
def test_a_host_takes_a_real_school(school: dict[str, Any]) -> None:
    year = busiest_year(school)
    document = convert(school, years=[year], timezone="America/Chicago").document
    document["academic_years"][0]["terms"] = terms(year)
    document["school"]["sourced_id"] = "1042"
    check(document)


@pytest.mark.django_db
@pytest.mark.parametrize("ids", WAVES.values(), ids=WAVES)
def test_a_host_takes_a_school_with_lunch_waves(ids: tuple[str, ...]) -> None:
    waves = {f"lunch-{index}": SCHOOLS[id_] for index, id_ in enumerate(ids, start=1)}
    year = busiest_year(SCHOOLS[ids[0]])
    document = merge_waves(waves, years=[year], timezone="America/New_York").document
    document["academic_years"][0]["terms"] = terms(year)
    document["school"]["metadata"] = {"edfi_school_id": 1042}
    check(document)


@pytest.mark.django_db
@pytest.mark.parametrize("document", demo_documents(TODAY), ids=lambda each: each["school"]["slug"])
def test_a_host_takes_a_demo_school(document: dict[str, Any]) -> None:
    check(document)
