"""An academic year goes to an Ed-Fi host from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
import time_machine

from scheduling.edfi.resources import RESOURCES
from scheduling.models import AcademicYear
from tests.api.conftest import Maple, plant_maple
from tests.factories import AcademicYearFactory, SchoolFactory
from tests.scheduling.edfi.contract import faults
from tests.scheduling.management.test_calendar_commands import run

pytestmark = pytest.mark.django_db

SUMMARY = (
    "maple-high: 2026-2027: 2 gradingPeriods, 1 sessions, 1 calendars, "
    "93 calendarDates, 4 classPeriods, 4 bellSchedules\n"
)


@pytest.fixture
def maple(db) -> Maple:
    maple = plant_maple()
    maple.school.sourced_id = "1042"
    maple.school.save()
    return maple


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel("2026-11-23T18:00:00+00:00", tick=False):
        yield


def test_a_year_is_printed_as_one_document(maple: Maple) -> None:
    out, err, failure = run("export_edfi", "maple-high")
    exported = json.loads(out)
    assert (err, failure) == (SUMMARY, "")
    assert list(exported) == list(RESOURCES)
    assert faults(exported) == []
    assert run("export_edfi", str(maple.school.pk), "--year", "2026-2027")[0] == out


@pytest.mark.parametrize("name", ["export.json", "out", "deep/er"])
def test_a_year_is_written_to_a_file_or_to_one_for_each_resource(
    maple: Maple, tmp_path: Path, name: str
) -> None:
    path, printed = tmp_path / name, json.loads(run("export_edfi", "maple-high")[0])
    assert run("export_edfi", "maple-high", "--output", path) == (SUMMARY, "", "")
    if path.is_file():
        assert json.loads(path.read_text()) == printed
        return
    files = sorted(path.iterdir())
    assert [each.name for each in files] == [
        "1-gradingPeriods.json",
        "2-sessions.json",
        "3-calendars.json",
        "4-calendarDates.json",
        "5-classPeriods.json",
        "6-bellSchedules.json",
    ]
    assert [json.loads(each.read_text()) for each in files] == list(printed.values())


def test_a_host_is_told_as_it_wants_to_be(maple: Maple) -> None:
    options = "--namespace", "uri://tea.texas.gov", "--end-dates", "exclusive"
    exported = json.loads(run("export_edfi", "maple-high", *options)[0])
    assert exported["sessions"][0]["endDate"] == "2026-12-19"
    assert faults(exported, namespace="uri://tea.texas.gov", end_dates="exclusive") == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["nowhere"], "There is no school “nowhere”."),
        (["\0"], "There is no school “\0”."),
        (
            ["maple-high", "--year", "2020"],
            "maple-high has no academic year “2020”; it has: 2026-2027.",
        ),
        (["maple-high", "--namespace", "ed-fi"], "“ed-fi” is no URI such as uri://ed-fi.org."),
        (["maple-high", "--namespace", "uri://x/\n"], "“uri://x/\n” is no URI"),
        (["birch-high"], "birch-high has no academic year yet."),
        (["oak-high"], "The school has no number in Ed-Fi: set edfi_school_id in its metadata"),
        (["maple-high", "--output", "/dev/null/x.json"], "/dev/null/x.json cannot be written: Not"),
        (["maple-high", "--output", "/dev/null/x"], "/dev/null/x cannot be written: Not a dir"),
        (["maple-high", "--output", "a\0b"], "cannot be written: embedded null byte"),
    ],
)
def test_what_cannot_be_exported_is_told(maple: Maple, asked: list[str], told: str) -> None:
    SchoolFactory.create(slug="birch-high", metadata={"edfi_school_id": 7})
    AcademicYearFactory.create(school=SchoolFactory.create(slug="oak-high"))
    out, _err, failure = run("export_edfi", *asked)
    assert told in failure
    assert out == ""


def test_the_year_around_today_is_exported(maple: Maple) -> None:
    year: Any = {"name": "2027-2028", "start_date": "2027-08-12", "end_date": "2028-06-02"}
    AcademicYear.objects.create(school=maple.school, **year)
    with time_machine.travel("2027-07-01T18:00:00+00:00", tick=False):
        assert "2027-2028" in run("export_edfi", "maple-high")[1]
    with time_machine.travel("2030-07-01T18:00:00+00:00", tick=False):
        assert "2027-2028" in run("export_edfi", "maple-high")[1]
