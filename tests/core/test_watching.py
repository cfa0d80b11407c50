"""The two fixtures that watch every test: they are on, and they see."""

from typing import Any

import pytest
from django.db import connection

from core.revision import revise
from scheduling.models import Break
from tests.conftest import _history, _rows
from tests.factories import BreakFactory, DistrictFactory

RAW = f'UPDATE "{Break._meta.db_table}" SET "name" = %s'

pytestmark = pytest.mark.django_db


def test_both_watch_a_test_that_uses_the_database(request: Any) -> None:
    assert {"guard", "drift"} <= set(request.fixturenames)


def test_a_write_outside_a_revision_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"Written outside revise\(\)"):
        Break._base_manager.all()._raw_delete("default")


def test_a_raw_write_inside_a_revision_is_seen_as_drift() -> None:
    pause = BreakFactory.create()

    with revise(pause.school), connection.cursor() as cursor:
        cursor.execute(RAW, ["Raw"])
        differs = _history(Break) != _rows(Break)
        cursor.execute(RAW, [pause.name])

    assert differs
    assert _history(Break) == _rows(Break)


def test_the_guard_lists_the_tables_that_were_written(guard: set[str]) -> None:
    DistrictFactory.create()

    assert guard == {"scheduling_district", "scheduling_historicaldistrict"}
