"""Documents that arrive at the same moment: one after the other, or refused with a reason."""

from typing import Any

import pytest

from scheduling.documents import DocumentError, Report, export_document, import_document
from scheduling.models import District, School
from tests.core.racing import race
from tests.scheduling.documents.builders import document, without

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


def test_a_school_that_several_create_at_once_is_created_once() -> None:
    results = race(lambda _number: import_document(document()), THREADS)

    school = School.objects.get()
    assert school.revision == 1
    assert [each for each in results if not isinstance(each, Report)] == []
    assert sorted(each.total.created for each in results) == [0] * (THREADS - 1) + [23]


def test_new_schools_share_a_district_that_is_new_too() -> None:
    results = race(lambda number: import_document(document(school__slug=f"s-{number}")), THREADS)

    assert [each for each in results if not isinstance(each, Report)] == []
    assert School.objects.count() == THREADS
    assert District.objects.count() == 1


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
