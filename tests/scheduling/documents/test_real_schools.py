"""Real schools go in whole, and come out again."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from scheduling.documents import export_document, import_document
from scheduling.importers.bell_schedules import YearSpan, convert
from scheduling.models import DayOverride, PeriodDefinition, School

DATA = Path(__file__).parents[2] / "data" / "bell_schedules.json"
SCHOOLS: list[dict[str, Any]] = json.loads(DATA.read_text("utf-8"))
YEARS = tuple(
    YearSpan(f"{fall}-{fall + 1}", dt.date(fall, 8, 1), dt.date(fall + 1, 7, 31))
    for fall in range(2016, 2027)
)


@pytest.mark.django_db
@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: str(school["id"]))
def test_a_published_school_is_imported_whole(school: dict[str, Any]) -> None:
    document = convert(school, years=YEARS, timezone="America/Chicago").document

    import_document(document)

    templates, years = document["period_templates"], document["academic_years"]
    assert PeriodDefinition.objects.count() == sum(len(each["periods"]) for each in templates)
    assert DayOverride.objects.count() == sum(len(each["day_overrides"]) for each in years)
    exported = export_document(School.objects.get().pk)
    assert import_document(exported).touched == ()
    assert import_document(document).touched == ()
