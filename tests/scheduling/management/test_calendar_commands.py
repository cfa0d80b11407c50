"""Calendars in and out of files, from the command line."""

import io
import json
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError

from scheduling.management.commands import import_calendar
from scheduling.models import School
from tests.scheduling.documents.builders import document

pytestmark = pytest.mark.django_db


def run(*args: Any, **options: Any) -> tuple[str, str, str]:
    """Return what a command writes to both outputs, and with what it fails."""
    out, err, failure = io.StringIO(), io.StringIO(), ""
    try:
        call_command(*map(str, args), stdout=out, stderr=err, **options)
    except CommandError as error:
        failure = str(error)
    return out.getvalue(), err.getvalue(), failure


@pytest.fixture
def maple(tmp_path: Path) -> Path:
    return written(tmp_path / "maple.json", document())


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), "utf-8")
    return path


def test_a_file_is_imported_and_summed_up(maple: Path) -> None:
    assert run("import_calendar", maple) == (
        (
            f"{maple}: maple-high: 23 created, 0 changed, 0 removed, 0 left alone\n"
            "Total of 1 file: 23 created, 0 changed, 0 removed, 0 left alone, 0 refused\n"
        ),
        "",
        "",
    )
    assert School.objects.get().slug == "maple-high"


def test_a_dry_run_says_so_and_stores_nothing(maple: Path) -> None:
    out, _err, failure = run("import_calendar", "--dry-run", maple)

    assert out.endswith("0 refused (dry run: nothing was stored)\n")
    assert not failure
    assert not School.objects.exists()


def test_a_refused_file_does_not_keep_the_next_from_being_imported(
    tmp_path: Path, maple: Path
) -> None:
    bad = written(tmp_path / "bad.json", document(school__slug="oak", school__timezone="Mars"))
    garbled = tmp_path / "garbled.json"
    garbled.write_bytes(b"{\xff")
    missing = tmp_path / "missing.json"

    out, err, failure = run("import_calendar", bad, garbled, missing, maple)

    assert err.splitlines() == [
        (
            f"{bad}: /school/timezone: There is no time zone “Mars”. "
            "Use an IANA name: America/Chicago."
        ),
        f"{garbled}: The text is not UTF-8: byte 1 does not belong there.",
        f"{missing}: The file cannot be read: No such file or directory.",
    ]
    assert out.splitlines()[-1].startswith("Total of 4 files: 23 created")
    assert failure == "3 of 4 files could not be imported."
    assert [each.slug for each in School.objects.all()] == ["maple-high"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OperationalError("connection refused\nIs the server running?"), "connection refused"),
        (
            OperationalError("canceling statement due to lock timeout."),
            "canceling statement due to lock timeout",
        ),
        (InterfaceError(), "no reason given"),
    ],
)
def test_a_database_that_does_not_answer_is_one_sentence(
    maple: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    monkeypatch.setattr(import_calendar, "import_document", Mock(side_effect=error))

    out, err, failure = run("import_calendar", maple)

    assert err == f"{maple}: The database did not answer ({reason}); import the file again.\n"
    assert out.endswith("1 refused\n")
    assert failure == "1 of 1 file could not be imported."


def test_a_dash_reads_standard_input(maple: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with maple.open() as file:
        monkeypatch.setattr("sys.stdin", file)
        out, _err, failure = run("import_calendar", "-")

    assert out.startswith("-: maple-high: 23 created")
    assert not failure


def test_an_export_is_a_file_that_import_takes(maple: Path, tmp_path: Path) -> None:
    run("import_calendar", maple)
    backup = tmp_path / "backup.json"

    assert run("export_calendar", "maple-high", "--output", backup) == ("", "", "")
    printed, _err, _failure = run("export_calendar", School.objects.get().pk)

    assert printed == backup.read_text("utf-8")
    assert ": 0 created, 0 changed, 0 removed, 23 left" in run("import_calendar", backup)[0]


def test_an_unknown_school_cannot_be_exported() -> None:
    assert run("export_calendar", "nowhere")[2] == "There is no school “nowhere”."


def test_a_file_that_cannot_be_written_is_named(maple: Path, tmp_path: Path) -> None:
    run("import_calendar", maple)

    failure = run("export_calendar", "maple-high", "--output", tmp_path)[2]

    assert failure == f"{tmp_path} cannot be written: Is a directory."


@pytest.mark.parametrize("command", ["import_calendar", "export_calendar", "seed_demo"])
def test_help_says_how(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command(command, "--help")

    assert len(capsys.readouterr().out) > 600
