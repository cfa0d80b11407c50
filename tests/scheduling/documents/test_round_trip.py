"""What goes in comes out: imports are idempotent, exports complete, dry runs honest."""

import json

import pytest

from scheduling.documents import (
    export_document,
    import_document,
    read_document,
    render_document,
)
from scheduling.models import School
from tests.conftest import tracked_models
from tests.scheduling.documents.builders import document, done

pytestmark = pytest.mark.django_db


def history_rows() -> int:
    return sum(model.history.model.objects.count() for model in tracked_models())


def exported(slug: str = "maple-high") -> str:
    return render_document(export_document(School.objects.get(slug=slug).pk))


def test_a_document_becomes_a_school() -> None:
    report = import_document(document())

    assert {kind: each.created for kind, each in report.counts.items()} == {
        "district": 1,
        "school": 1,
        "period_templates": 3,
        "periods": 4,
        "academic_years": 1,
        "terms": 3,
        "quarters": 4,
        "breaks": 2,
        "schedule_rules": 2,
        "day_overrides": 2,
    }
    assert School.objects.get(slug="maple-high").revision == 1


def test_a_second_import_changes_nothing() -> None:
    import_document(document())
    rows, revision = history_rows(), School.objects.get().revision

    report = import_document(document())

    assert report.touched == ()
    assert (report.total.created, report.total.changed, report.total.removed) == (0, 0, 0)
    assert report.total.left_alone == 23
    assert (history_rows(), School.objects.get().revision) == (rows, revision)


def test_an_export_put_back_changes_nothing() -> None:
    import_document(document())
    first = exported()

    report = import_document(read_document(first.encode()))

    assert report.touched == ()
    assert exported() == first


def test_an_export_makes_the_same_school_elsewhere() -> None:
    import_document(document())
    first = exported()
    copy = json.loads(first)
    copy["school"]["slug"] = "oak-high"

    import_document(copy)

    assert exported("oak-high") == first.replace('"maple-high"', '"oak-high"')


@pytest.mark.parametrize("stored_before", [False, True])
def test_a_dry_run_stores_nothing_and_reports_the_same(stored_before: bool) -> None:
    if stored_before:
        import_document(document())
    changed = document(
        academic_years__0__terms__0__name="Fall",
        academic_years__0__day_overrides=[],
        period_templates__1__code="later-start",
        academic_years__0__schedule_rules=[{"template": "later-start", "cycle_day": "A"}],
    )
    rows = history_rows()

    dry = import_document(changed, dry_run=True)

    assert history_rows() == rows
    assert School.objects.filter(slug="maple-high").exists() == stored_before
    assert dry == import_document(changed)
    assert done(dry)


@pytest.mark.parametrize(
    "number", [2**53 - 1, 1 - 2**53, 2.0**53 - 1, 1e15, 0.1, 1.5e-7, 5e-324, 1.7e-308, 0, 0.0, True]
)
def test_every_number_that_is_taken_comes_back(number: float) -> None:
    doc = document(school__metadata={"a": [number]}, period_templates__0__metadata={"b": number})
    import_document(doc)

    stored = export_document(School.objects.get().pk)

    assert repr(stored["school"]["metadata"]["a"][0]) == repr(number)
    assert import_document(doc).touched == ()
    assert import_document(stored).touched == ()
