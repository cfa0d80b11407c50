"""Closures on the command line: imported from calendar files, proposed from public holidays."""

from pathlib import Path
from typing import Any

import pytest
import time_machine

from scheduling.ical import reading
from scheduling.models import AcademicYear, Break, Revision, School
from tests.api.conftest import Maple
from tests.api.conftest import maple as planted_maple
from tests.factories import AcademicYearFactory, SchoolFactory
from tests.scheduling.ical.test_reading import event, file
from tests.scheduling.management.test_calendar_commands import run

pytestmark = pytest.mark.django_db

maple = planted_maple
WINTER = event(
    "DTSTART;VALUE=DATE:20261221", "DTEND;VALUE=DATE:20270102", name="Winter break, no school"
)
FRIDAYS = event(
    "DTSTART;TZID=America/Chicago:20270108T080000",
    "DTEND;TZID=America/Chicago:20270108T160000",
    "RRULE:FREQ=MONTHLY;BYDAY=2FR;COUNT=2",
    uid="2",
    name="Staff day",
)
OLD = event("DTSTART;VALUE=DATE:20250704", uid="3", name="Independence Day")
SUMMER = event(
    "DTSTART;VALUE=DATE:20270601", "DTEND;VALUE=DATE:20270801", uid="4", name="Summer break"
)


@pytest.fixture
def district(tmp_path: Path) -> Path:
    return written(tmp_path / "district.ics", file(WINTER, FRIDAYS, OLD, SUMMER))


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def breaks(year: AcademicYear) -> list[tuple[str, str, str, str]]:
    rows = year.breaks.exclude(name="Thanksgiving break").order_by("start_date", "name")
    return [(each.name, each.kind, str(each.start_date), str(each.end_date)) for each in rows]


SHOWN = """\
  2026-12-21 to 2027-01-01  Winter break, no school (vacation)
  2027-01-08 to 2027-01-08  Staff day (holiday)
  2027-02-12 to 2027-02-12  Staff day (holiday)
  2027-06-01 to 2027-06-03  Summer break (vacation)
  left out, in no academic year: 2025-07-04  Independence Day (line 17)
"""


def test_closures_become_breaks_in_one_revision(maple: Maple, district: Path) -> None:
    before = Revision.objects.filter(school=maple.school).count()
    assert run("import_ics", "maple-high", district) == (
        f"{SHOWN}maple-high: 4 added, 0 there already\n",
        "",
        "",
    )
    assert breaks(maple.year) == [
        ("Winter break, no school", "vacation", "2026-12-21", "2027-01-01"),
        ("Staff day", "holiday", "2027-01-08", "2027-01-08"),
        ("Staff day", "holiday", "2027-02-12", "2027-02-12"),
        ("Summer break", "vacation", "2027-06-01", "2027-06-03"),
    ]
    assert Revision.objects.filter(school=maple.school).count() == before + 1


def test_a_dry_run_shows_the_same_and_stores_nothing(maple: Maple, district: Path) -> None:
    state = School.objects.values_list("revision", "revision_token").get()
    assert run("import_ics", str(maple.school.pk), district, "--dry-run") == (
        f"{SHOWN}maple-high: 4 added, 0 there already (dry run: nothing was stored)\n",
        "",
        "",
    )
    assert breaks(maple.year) == []
    assert School.objects.values_list("revision", "revision_token").get() == state


def test_importing_a_file_again_changes_nothing(maple: Maple, district: Path) -> None:
    run("import_ics", "maple-high", district)
    state = School.objects.values_list("revision", "revision_token").get()
    out, _err, _failure = run("import_ics", "maple-high", district)
    assert out.endswith("maple-high: 0 added, 4 there already\n")
    assert School.objects.values_list("revision", "revision_token").get() == state


def test_only_what_is_wanted_is_taken_as_what_it_is(maple: Maple, district: Path) -> None:
    wanted = ["--only", "NO SCHOOL", "--only", "staff", "--kind", "staff_day"]
    out, _err, _failure = run("import_ics", "maple-high", district, *wanted)
    assert "Independence" not in out
    assert [each[:2] for each in breaks(maple.year)] == [
        ("Winter break, no school", "staff_day"),
        ("Staff day", "staff_day"),
        ("Staff day", "staff_day"),
    ]


def test_a_closure_over_the_end_of_a_year_is_in_both(maple: Maple, tmp_path: Path) -> None:
    following = AcademicYearFactory.create(
        school=maple.school, name="2027-2028", start_date="2027-06-04", end_date="2028-06-02"
    )
    path = written(tmp_path / "summer.ics", file(SUMMER, SUMMER.replace("UID:4", "UID:5"), FRIDAYS))
    out, _err, _failure = run("import_ics", "maple-high", path)
    assert out.endswith("maple-high: 4 added, 0 there already\n")
    assert breaks(maple.year)[2:] == [("Summer break", "vacation", "2027-06-01", "2027-06-03")]
    assert breaks(following) == [("Summer break", "vacation", "2027-06-04", "2027-07-31")]


def test_one_event_that_is_refused_refuses_the_file(maple: Maple, tmp_path: Path) -> None:
    long = event("DTSTART;VALUE=DATE:20270301", uid="long", name="x" * 101)
    nul = event("DTSTART;VALUE=DATE:20270302", uid="nul", name="a\0b")
    path = written(tmp_path / "odd.ics", file(WINTER, long, nul))
    out, err, failure = run("import_ics", "maple-high", path)
    assert out == ""
    assert [line.partition(" is refused: ")[0][:60] for line in err.splitlines()] == [
        f"{path}: line 10: The event “{'x' * 101}”"[:60],
        f"{path}: line 15: The event “a\0b”"[:60],
    ]
    assert failure == f"{path} could not be imported: nothing was stored."
    assert breaks(maple.year) == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"{}", "line 1: This is no calendar file: those begin with BEGIN:VCALENDAR."),
        (file(), "The file holds no event."),
        (
            file(WINTER, event("DTSTART;VALUE=DATE:20261340", name="Odd")),
            "line 10: The event “Odd”: DTSTART cannot be read: ",
        ),
    ],
    ids=["json", "empty", "date"],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(
    maple: Maple, tmp_path: Path, data: bytes, told: str
) -> None:
    path = written(tmp_path / "odd.ics", data)
    out, err, failure = run("import_ics", "maple-high", path)
    assert (out, failure) == ("", f"{path} could not be imported: nothing was stored.")
    assert err.startswith(f"{path}: {told}")
    assert breaks(maple.year) == []


def test_no_more_of_a_file_is_read_than_may_be_in_one(
    maple: Maple, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST_BYTES", 40)
    path = written(tmp_path / "large.ics", file(WINTER))
    _out, err, _failure = run("import_ics", "maple-high", path)
    assert err == f"{path}: The file has more than 40 bytes.\n"


@pytest.mark.parametrize("name", ["missing.ics", "folder", "nul\0.ics"])
def test_a_file_that_is_not_there_is_named(maple: Maple, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    out, _err, failure = run("import_ics", "maple-high", tmp_path / name)
    assert out == ""
    assert failure.startswith(f"{tmp_path / name}: The file cannot be read: ")


@pytest.mark.parametrize("command", ["import_ics", "suggest_breaks", "export_calendar"])
@pytest.mark.parametrize("school", ["nowhere", "a\0b"])
def test_a_school_that_is_not_there_is_named(district: Path, command: str, school: str) -> None:
    further: dict[str, list[Any]] = {
        "import_ics": [district],
        "suggest_breaks": ["--country", "US"],
        "export_calendar": [],
    }
    assert run(command, school, *further[command])[2] == f"There is no school “{school}”."


# Public holidays


@pytest.fixture
def _in_december() -> Any:
    with time_machine.travel("2026-12-02T18:00:00+00:00", tick=False):
        yield


HOLIDAYS = """\
  2026-09-07 Mon  Labor Day
  2026-10-12 Mon  Columbus Day
  2026-12-25 Fri  Christmas Day
  2027-01-01 Fri  New Year's Day
  2027-01-18 Mon  Martin Luther King Jr. Day
  2027-02-15 Mon  Washington's Birthday
  2027-05-31 Mon  Memorial Day
maple-high: 7 public holidays proposed; nothing was stored.
"""


@pytest.mark.usefixtures("_in_december")
def test_public_holidays_are_proposed_where_there_would_be_school(maple: Maple) -> None:
    before = Break.objects.count()
    assert run("suggest_breaks", "maple-high", "--country", "us") == (HOLIDAYS, "", "")
    assert Break.objects.count() == before  # and Thanksgiving and Veterans Day are there by now


@pytest.mark.usefixtures("_in_december")
def test_a_state_has_holidays_of_its_own(maple: Maple) -> None:
    place = ["--country", "US", "--subdivision", "IL"]
    out, _err, _failure = run("suggest_breaks", "maple-high", *place)
    assert "  2027-02-12 Fri  Lincoln's Birthday\n" in out


@pytest.mark.usefixtures("_in_december")
def test_years_that_are_over_are_left_out_unless_named(maple: Maple) -> None:
    AcademicYearFactory.create(
        school=maple.school, name="Before", start_date="2025-12-01", end_date="2025-12-31"
    )
    assert run("suggest_breaks", "maple-high", "--country", "US")[0] == HOLIDAYS
    out, _err, _failure = run("suggest_breaks", "maple-high", "--country", "US", "--year", "Before")
    assert out == (
        "  2025-12-25 Thu  Christmas Day\n"
        "maple-high: 1 public holiday proposed; nothing was stored.\n"
    )


@pytest.mark.usefixtures("_in_december")
def test_a_proposal_is_a_file_to_be_imported(maple: Maple, tmp_path: Path) -> None:
    path = tmp_path / "holidays.ics"
    run("suggest_breaks", "maple-high", "--country", "US", "--output", path)
    out, _err, failure = run("import_ics", "maple-high", path)
    assert not failure
    assert out.endswith("maple-high: 7 added, 0 there already\n")
    again = run("suggest_breaks", "maple-high", "--country", "US")[0]
    assert again == "maple-high: 0 public holidays proposed; nothing was stored.\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--country", "XX"], "There is no country “XX”; write a code of two letters, such as US."),
        (["--country", "ZW", "--subdivision", "A"], "ZW has no subdivision “A”; it has: none."),
        (
            ["--country", "US", "--year", "2030"],
            "maple-high has no academic year “2030”; it has: 2026-2027.",
        ),
        (
            ["--country", "US", "--year", "a\0"],
            "maple-high has no academic year “a\0”; it has: 2026-2027.",
        ),
    ],
    ids=["country", "subdivision", "year", "nul"],
)
@pytest.mark.usefixtures("_in_december")
def test_a_place_or_a_year_that_is_not_known_is_named(
    maple: Maple, options: list[str], told: str
) -> None:
    assert run("suggest_breaks", "maple-high", *options) == ("", "", told)


def test_a_school_without_years_has_nothing_to_propose() -> None:
    SchoolFactory.create(slug="oak-high")
    options = ["--country", "US", "--year", "2030"]
    assert run("suggest_breaks", "oak-high", "--country", "US")[0] == (
        "oak-high: 0 public holidays proposed; nothing was stored.\n"
    )
    assert run("suggest_breaks", "oak-high", *options)[2] == (
        "oak-high has no academic year “2030”; it has: none."
    )


@pytest.mark.parametrize("name", ["folder", "nul\0.ics"])
def test_a_file_that_cannot_be_written_is_named(maple: Maple, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    options = ["--country", "US", "--output", tmp_path / name]
    assert run("suggest_breaks", "maple-high", *options)[2].startswith(
        f"{tmp_path / name} cannot be written: "
    )
