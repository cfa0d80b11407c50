"""Documents that arrive at the same moment: one after the other, or refused with a reason."""

from typing import Any

import pytest

from scheduling.documents import DocumentError, Report, export_document, import_document
from scheduling.models import School
from tests.core.racing import race
from tests.scheduling.documents.builders import document, without

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


def test_a_school_that_several_create_at_once_is_created_once() -> None:
    results = race(lambda _number: import_document(document()), THREADS)

    school = School.objects.get()
    assert school.revision == 1
    assert sum(isinstance(each, Report) and each.total.created == 23 for each in results) == 1
    for each in results:
        assert isinstance(each, Report) or {it.code for it in each.problems} <= {
            "conflict",
            "slug_taken",
        }


def test_changes_of_one_school_wait_for_each_other() -> None:
    import_document(document())

    results = race(lambda number: import_document(named(number)), THREADS)

    assert [each for each in results if isinstance(each, DocumentError)] == []
    school = School.objects.get()
    assert school.revision == 1 + THREADS
    exported = export_document(school.pk)
    assert exported["school"]["name"] == exported["academic_years"][0]["breaks"][0]["name"]


def named(number: int) -> dict[str, Any]:
    name = f"By {number}"
    breaks = [{"name": name, "start_date": "2026-12-21"}]
    return without(document(school__name=name, academic_years__0__breaks=breaks), "district")
