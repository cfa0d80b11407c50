"""Importing and exporting in one line."""

from typing import Any

import pytest

from scheduling.models import AcademicYear, District, Quarter, School, Term
from scheduling.oneroster_csv.reading import read_roster
from scheduling.rosters import (
    RosterExport,
    RosterOptions,
    RosterReport,
    exported_roster,
    import_roster,
)
from tests.scheduling.oneroster_csv import contract
from tests.scheduling.oneroster_csv.files import ORGS, SESSIONS, roster

TWO_SCHOOLS = [*ORGS, "sch2,,,Oak High,school,,d1"]
OAK = [
    line.replace(",sch1", ",sch2").replace("y27", "o27").replace("sem2", "osem2")
    for line in (SESSIONS[1], SESSIONS[-1])
]


def imported(data: bytes, end_dates: str = "exclusive", **options: Any) -> RosterReport:
    """Import a file; new schools are in Chicago."""
    given = {"time_zone": "America/Chicago", **options}
    return import_roster(read_roster(data, end_dates=end_dates), RosterOptions(**given))


def exported(district: District | None = None, **asked: Any) -> bytes:
    """Export a district, and require that the file is what the standard asks for."""
    data = exported_roster((district or District.objects.get()).pk, RosterExport(**asked))
    contract.read(data)
    return data


def told(report: RosterReport) -> list[str]:
    """Return the faults of an import as they are printed."""
    return [str(fault) for fault in report.faults]


def notes(report: Any) -> list[str]:
    """Return the notes of an import, without their places."""
    return [str(note).partition(": ")[2] for note in report.notes]


def counts(report: RosterReport) -> dict[str, tuple[int, int, int]]:
    """Return what was created, changed and removed, where anything was."""
    found = {
        kind: (each.created, each.changed, each.removed) for kind, each in report.counts.items()
    }
    return {kind: each for kind, each in found.items() if any(each)}


def emptied() -> None:
    """Delete all that a roster tells of, as if it had never been."""
    for model in (Quarter, Term, AcademicYear, School, District):
        model.objects.all().delete()


@pytest.fixture
def harbor(db) -> School:
    """A district with one school, as the file of the tests tells of it."""
    report = imported(roster(ORGS, SESSIONS))
    assert told(report) == []
    return School.objects.get()
