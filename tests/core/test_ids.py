from uuid import UUID, uuid4

import pytest

from core.ids import as_uuid, uuid7


def test_ids_increase() -> None:
    ids = [uuid7() for _ in range(1000)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 1000


def test_ids_are_of_version_7() -> None:
    assert isinstance(uuid7(), UUID)
    assert uuid7().version == 7


def test_a_value_that_names_an_id_is_read() -> None:
    key = uuid4()

    assert as_uuid(key) is key
    assert as_uuid(str(key)) == as_uuid(key.hex) == key


@pytest.mark.parametrize("value", [None, "", "garbage", 5, 10**40, [], {}, "\ud800", 1.5])
def test_a_value_that_names_no_id_is_none(value: object) -> None:
    assert as_uuid(value) is None
