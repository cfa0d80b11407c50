"""What must hold of any calendar document, whatever is in it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.documents import (
    DocumentError,
    export_document,
    import_document,
    read_document,
    render_document,
)
from scheduling.models import School
from tests.scheduling.documents.strategies import documents

pytestmark = pytest.mark.django_db

quickly = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@contextmanager
def undone() -> Iterator[None]:
    """Leave no trace in the database: one example must not meet the last one's rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def exported() -> bytes:
    return render_document(export_document(School.objects.get().pk)).encode()


@quickly
@given(documents())
def test_an_export_is_complete_and_stable(document: dict[str, Any]) -> None:
    with undone():
        import_document(document)
        first = exported()

        assert import_document(document).touched == ()
        assert import_document(read_document(first)).touched == ()
        assert exported() == first

        empty = {**document, "period_templates": [], "academic_years": []}
        import_document(empty)
        import_document(read_document(first))
        assert exported() == first


@quickly
@given(documents(), documents())
def test_any_calendar_becomes_any_other(one: dict[str, Any], other: dict[str, Any]) -> None:
    with undone():
        import_document(other)
        wanted = exported()
    with undone():
        import_document(one)
        dry = import_document(read_document(wanted), dry_run=True)

        assert import_document(read_document(wanted)) == dry
        assert exported() == wanted


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
def test_no_bytes_crash_the_reader(raw: bytes) -> None:
    with suppress(DocumentError):
        read_document(raw)
