"""The document's examples tell of one school, and the service says the same of it."""

import json
import re
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from api.serializers import examples
from scheduling.documents import import_document

pytestmark = pytest.mark.django_db

SCHOOL = "/api/v1/schools/maple-high"
ANSWERS = [
    pytest.param(f"{SCHOOL}/days/2026-11-23", examples.DAILY_SCHEDULE, id="day"),
    pytest.param(f"{SCHOOL}/now", examples.NOW, id="now"),
    pytest.param(
        "/api/v1/quarters/for-date?school=maple-high&date=2026-11-23",
        examples.QUARTER_FOR_DATE,
        id="quarter",
    ),
    pytest.param(
        "/api/v1/quarters/for-date?school=maple-high&date=2027-01-02",
        examples.NO_QUARTER_FOR_DATE,
        id="no-quarter",
    ),
]
PARTS = [
    pytest.param(f"{SCHOOL}/weeks", examples.WEEKS, id="weeks"),
    pytest.param(f"{SCHOOL}/instructional-minutes", examples.INSTRUCTIONAL_MINUTES, id="minutes"),
]
"""Answers with long lists, of which the examples show some items."""


@pytest.fixture(autouse=True)
def _in_passing_time():
    with time_machine.travel(examples.NOW["at"], tick=False):
        yield


@pytest.mark.parametrize(("url", "shown"), ANSWERS)
def test_a_lookup_answers_as_its_example_says(url: str, shown: Any) -> None:
    assert asked(url) == without_ids(shown)


@pytest.mark.parametrize(("url", "shown"), PARTS)
def test_a_lookup_answers_with_all_that_its_example_says(url: str, shown: Any) -> None:
    answer, expected = asked(url), without_ids(shown)
    assert answer.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, list):
            assert [each for each in value if each not in answer[name]] == [], name
        else:
            assert answer[name] == value


@pytest.mark.parametrize(
    ("name", "shown"),
    [("calendar", examples.CALENDAR_FEED), ("bells", examples.BELLS_FEED)],
    ids=["calendar", "bells"],
)
def test_a_feed_tells_the_event_of_its_example(name: str, shown: str) -> None:
    import_document(examples.CALENDAR_DOCUMENT)
    feed = APIClient().get(f"{SCHOOL}/{name}.ics").content.decode()
    head, _, event = shown.partition("BEGIN:VEVENT\r\n")
    told = [each.partition("END:VEVENT")[0] for each in feed.split("BEGIN:VEVENT\r\n")[1:]]
    assert feed.startswith(head)
    assert unstamped(event.partition("END:VEVENT")[0]) in map(unstamped, told)


def unstamped(event: str) -> list[str]:
    """Leave out of an event what is another in every database: its id, and when it changed."""
    stamps = ("UID:", "DTSTAMP:", "LAST-MODIFIED:", "SEQUENCE:")
    return [line for line in event.split("\r\n") if not line.startswith(stamps)]


def asked(url: str) -> Any:
    """Return what the service says of the example of a calendar document."""
    import_document(examples.CALENDAR_DOCUMENT)
    return without_ids(APIClient().get(url).json())


def without_ids(answer: Any) -> Any:
    """Leave out what is another in every database: ids, and how often the school was revised."""
    text = re.sub(r'"(id|revision)": ("[^"]*"|\d+)', r'"\1": null', json.dumps(answer))
    return json.loads(text)
