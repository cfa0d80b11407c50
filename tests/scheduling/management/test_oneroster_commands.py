"""Rosters in and out of files, from the command line."""

import io
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError

from scheduling.management.commands import import_oneroster
from scheduling.models import District, School, Term
from tests.factories import SchoolFactory, TermFactory
from tests.scheduling.oneroster_csv import contract
from tests.scheduling.oneroster_csv.files import ORGS, SESSIONS, changed, roster

pytestmark = pytest.mark.django_db

CHICAGO = ("--time-zone", "America/Chicago")


def run(*args: Any) -> tuple[str, str, str]:
    """Return what a command writes to both outputs, and with what it fails."""
    out, err, failure = io.StringIO(), io.StringIO(), ""
    try:
        call_command(*map(str, args), stdout=out, stderr=err)
    except CommandError as error:
        failure = str(error)
    return out.getvalue(), err.getvalue(), failure


@pytest.fixture
def harbor(tmp_path: Path) -> Path:
    path = tmp_path / "harbor.zip"
    path.write_bytes(roster(ORGS, SESSIONS))
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.zip"
    path.write_bytes(roster(ORGS, changed(SESSIONS, 6, "2027-06-05", "2027-06-06")))
    return path


def test_a_file_is_imported_told_of_and_summed_up(harbor: Path) -> None:
    out, err, failure = run("import_oneroster", harbor, *CHICAGO)
    assert (err, failure) == ("", "")
    assert out.splitlines() == [
        f"{harbor}: academicSessions.csv: line 3: “Fall Semester” is taken for SEM1.",
        f"{harbor}: academicSessions.csv: line 6: “Spring Semester” is taken for SEM2.",
        "  districts: 1 created, 0 changed, 0 removed, 0 left alone",
        "  schools: 1 created, 0 changed, 0 removed, 0 left alone",
        "  academic years: 1 created, 0 changed, 0 removed, 0 left alone",
        "  terms: 2 created, 0 changed, 0 removed, 0 left alone",
        "  quarters: 2 created, 0 changed, 0 removed, 0 left alone",
        f"{harbor}: 7 created, 0 changed, 0 removed, 0 left alone",
    ]
    assert Term.objects.count() == 2
    again = run("import_oneroster", harbor)[0]
    assert again.endswith(f"{harbor}: 0 created, 0 changed, 0 removed, 7 left alone\n")


def test_a_dry_run_says_so_and_stores_nothing(harbor: Path) -> None:
    out, _err, failure = run("import_oneroster", harbor, "--dry-run", *CHICAGO)
    assert out.endswith("0 left alone (dry run: nothing was stored)\n")
    assert (failure, District.objects.count()) == ("", 0)


def test_what_is_wrong_is_named_and_nothing_is_stored(bad: Path, tmp_path: Path) -> None:
    fault = (
        f"{bad}: academicSessions.csv: line 6: endDate: The dates must lie within 2026-2027 "
        "(2026-08-17 to 2027-06-04).\n"
    )
    failure = f"{bad} could not be imported: nothing was stored."
    _out, err, told = run("import_oneroster", bad, *CHICAGO)
    assert (err, told, District.objects.count()) == (fault, failure, 0)
    out, err, told = run("import_oneroster", bad, "--skip-bad", *CHICAGO)
    assert (err, told, Term.objects.count()) == (fault, "", 1)
    assert out.endswith(f"{bad}: 6 created, 0 changed, 0 removed, 0 left alone, 1 refused\n")


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "text.zip"
    path.write_text("no zip")
    assert run("import_oneroster", path) == (
        "",
        f"{path}: This is no zip file, or it is damaged: export it again.\n",
        f"{path} could not be imported: nothing was stored.",
    )
    missing = tmp_path / "missing.zip"
    reason = "The file cannot be read: No such file or directory."
    assert run("import_oneroster", missing)[2] == f"{missing}: {reason}"
    assert "null byte" in run("import_oneroster", "a\0b")[2]


@pytest.mark.parametrize(
    ("options", "failure"),
    [
        (["--district", "nowhere"], "There is no district “nowhere”."),
        (["--school", "nowhere"], "There is no school “nowhere”."),
        (["--time-zone", "Mars"], "Error: argument --time-zone: There is no time zone “Mars”."),
        (["--end-dates", "last"], "Error: argument --end-dates: invalid choice: 'last'"),
    ],
)
def test_an_option_that_cannot_be_is_told(harbor: Path, options: list[str], failure: str) -> None:
    assert run("import_oneroster", harbor, *options)[2][: len(failure)] == failure


def test_a_district_and_a_school_are_named_by_their_slugs(harbor: Path) -> None:
    school = SchoolFactory.create(district__slug="lake", sourced_id="sch1")
    options = ("--district", "lake", "--school", school.slug)
    assert run("import_oneroster", harbor, *options)[2] == ""
    assert (School.objects.count(), Term.objects.filter(school=school).count()) == (1, 2)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OperationalError("connection refused\nIs it running?"), "connection refused"),
        (InterfaceError(), "no reason given"),
    ],
)
def test_a_database_that_does_not_answer_is_one_sentence(
    harbor: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    monkeypatch.setattr(import_oneroster, "import_roster", Mock(side_effect=error))
    told = f"The database did not answer ({reason}); import the file again."
    assert run("import_oneroster", harbor)[2] == told


def test_an_export_is_a_file_that_the_standard_and_import_take(
    harbor: Path, tmp_path: Path
) -> None:
    run("import_oneroster", harbor, *CHICAGO)
    path = tmp_path / "out.zip"
    export = ("export_oneroster", "harbor-district", "--output", path)
    assert run(*export, "--version", "1.1", "--end-dates", "inclusive") == ("", "", "")
    sessions = contract.read(path.read_bytes())["academicSessions"]
    assert sessions[0]["endDate"] == "2027-06-04"
    assert "7 left alone" in run("import_oneroster", path, "--end-dates", "inclusive")[0]
    assert run(*export, "--mode", "delta", "--since", "2026-01-01")[2] == ""
    assert contract.read(path.read_bytes())["orgs"][0]["status"] == "active"


@pytest.mark.parametrize(
    ("options", "failure"),
    [
        (["--mode", "delta"], "A delta needs --since, and nothing else has it."),
        (["--since", "2026-01-01"], "A delta needs --since, and nothing else has it."),
        (["--since", "today"], "Error: argument --since: “today” is no instant"),
        (["--since", "0001-01-01T00:00:00+14:00"], "Error: argument --since: “0001-01-01T"),
        (["--version", "2.0"], "Error: argument --version: invalid choice: '2.0'"),
    ],
)
def test_an_export_that_cannot_be_is_told(tmp_path: Path, options: list[str], failure: str) -> None:
    term = TermFactory.create()
    slug = term.school.district.slug
    told = run("export_oneroster", slug, "--output", tmp_path / "out.zip", *options)[2]
    assert told[: len(failure)] == failure


def test_an_export_of_nothing_or_to_nowhere_is_told(tmp_path: Path) -> None:
    assert run("export_oneroster", "a\0", "--output", tmp_path)[2] == "There is no district “a\0”."
    slug = SchoolFactory.create().district.slug
    failure = f"{tmp_path} cannot be written: Is a directory."
    assert run("export_oneroster", slug, "--output", tmp_path)[2] == failure


@pytest.mark.parametrize("command", ["import_oneroster", "export_oneroster"])
def test_help_says_how(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    assert len(capsys.readouterr().out) > 600
