"""Answers are written quickly, and as REST framework would write them."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext_lazy
from rest_framework import renderers
from rest_framework.exceptions import ErrorDetail

from api.renderers import JSONRenderer
from scheduling.models import Quarter

INSTANT = dt.datetime(2026, 11, 23, 15, 45, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param({}, id="empty"),
        pytest.param({"a": [True, False, None, 0, -1, 2**53, 0.1]}, id="plain"),
        pytest.param([2**64, -(2**70)], id="large-numbers"),
        pytest.param({1: "a", None: "b", False: "c"}, id="odd-keys"),
        pytest.param('é 😀 "\\ / </script> \x00\x1f\x7f\b\f\n\r\t', id="odd-text"),
        pytest.param({"\u2028": "a\u2028b\u2029"}, id="line-ends"),
        pytest.param(UUID("0190a3c4-0000-7000-8000-0000000000ff"), id="id"),
        pytest.param([INSTANT, INSTANT.replace(microsecond=120)], id="instants"),
        pytest.param(INSTANT.astimezone(ZoneInfo("America/Chicago")), id="local-instant"),
        pytest.param([dt.date(2026, 11, 23), dt.time(9), dt.time(9, 0, 1, 5)], id="dates"),
        pytest.param([Decimal("1.50"), dt.timedelta(minutes=1)], id="spelled-by-the-encoder"),
        pytest.param([gettext_lazy("Yes"), ErrorDetail("No", "no")], id="messages"),
        pytest.param(Quarter.QuarterType.Q1, id="choice"),
        pytest.param((1, (2, [])), id="tuples"),
    ],
)
def test_what_is_written_is_what_rest_framework_writes(value: Any) -> None:
    assert JSONRenderer().render(value) == renderers.JSONRenderer().render(value)


def test_an_answer_may_be_indented() -> None:
    value = {"a": [1, {"b": None}]}
    for asked in ("application/json; indent=2", "application/json; indent=0"):
        expected = renderers.JSONRenderer().render(value, asked)
        assert JSONRenderer().render(value, asked) == expected
    assert b"\n  " in JSONRenderer().render(value, "application/json; indent=2")


def test_a_fraction_is_the_same_number_however_it_is_spelled() -> None:
    fractions = [1e-05, 1e-300, 5e-324, 1e16, 1.7976931348623157e308, -0.1, 1 / 3]
    assert json.loads(JSONRenderer().render(fractions)) == fractions
