"""An import costs batches, whatever the number of rows."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.documents import Item, apply_batch, import_document
from scheduling.documents.kinds import BREAKS
from scheduling.models import School
from tests.scheduling.documents.builders import (
    bent,
    document,
)

pytestmark = pytest.mark.django_db


def big(size: int) -> dict[str, Any]:
    """Return a document with so many rows of each kind, or twice or half as many."""
    years = [
        {
            "name": f"Year {n}",
            "start_date": f"{2000 + n}-08-01",
            "end_date": f"{2001 + n}-06-30",
            "terms": [
                {
                    "term_type": "SEM1",
                    "start_date": f"{2000 + n}-08-01",
                    "end_date": f"{2000 + n}-12-18",
                }
            ],
            "breaks": [{"name": "Winter", "start_date": f"{2000 + n}-12-20"}],
            "schedule_rules": [{"template": f"t-{n}", "weekdays": ["monday"]}],
            "day_overrides": [
                {"start_date": f"{2000 + n}-10-01", "name": "Test", "template": f"t-{n}"}
            ],
        }
        for n in range(size)
    ]
    templates = [
        {
            "code": f"t-{n}",
            "name": f"T {n}",
            "periods": [{"number": i, "start": f"{8 + i:02}:00", "length": 50} for i in range(3)],
        }
        for n in range(size)
    ]
    return document(period_templates=templates, academic_years=years)


def changed(doc: dict[str, Any]) -> dict[str, Any]:
    for template in doc["period_templates"]:
        template["name"] += "!"
        for period in template["periods"]:
            period["length"] = 45
    for year in doc["academic_years"]:
        year["terms"][0]["end_date"] = year["terms"][0]["end_date"].replace("-18", "-19")
        year["breaks"][0]["kind"] = "vacation"
        year["day_overrides"][0]["name"] = "Exam"
    return doc


def queries(doc: dict[str, Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        import_document(doc)
    return len(captured)


@pytest.mark.parametrize("what", ["create", "change", "nothing", "remove"])
def test_the_number_of_queries_does_not_grow_with_the_rows(what: str) -> None:
    import_document(document())  # the district is there
    counts = []
    for size in (2, 6):
        slug = f"school-{size}"
        if what != "create":
            import_document(bent(big(size), school__slug=slug))
        doc = {
            "change": changed(big(size)),
            "remove": document(period_templates=[], academic_years=[]),
        }
        counts.append(queries(bent(doc.get(what, big(size)), school__slug=slug)))
    assert counts[0] == counts[1]


def test_what_an_item_says_again_is_told_without_a_look_at_the_rest_of_the_school() -> None:
    import_document(big(6))
    school = School.objects.get()
    year = str(school.academic_years.get(name="Year 3").pk)
    fall = {"name": "Fall", "start_date": dt.date(2003, 10, 4), "end_date": dt.date(2003, 10, 5)}
    item = Item(BREAKS, "fall", fall, {"academic_year": year})

    first, again = (read_by(lambda: apply_batch(school.pk, [item])) for _time in range(2))
    assert "scheduling_perioddefinition" in first
    assert again == {"scheduling_school", "scheduling_break", "scheduling_academicyear"}


def read_by(write: Callable[[], Any]) -> set[str]:
    """Return the tables that a write reads."""
    with CaptureQueriesContext(connection) as captured:
        write()
    return {name for query in captured for name in re.findall(r'FROM "(\w+)"', query["sql"])}
