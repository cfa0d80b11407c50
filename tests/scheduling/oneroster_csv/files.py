"""Roster files as other systems write them, right or wrong."""

import io
import warnings
import zipfile
from collections.abc import Mapping

from scheduling.oneroster_csv.layout import FILES

ORG_HEADER = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId"
SESSION_HEADER = (
    "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear"
)
SESSION_FILE = "academicSessions.csv"
LINKED_HEADER = f"{SESSION_HEADER},metadata.orgSourcedId"
ORGS = [
    ORG_HEADER,
    "d1,,,Harbor District,district,D1,",
    'sch1,,,"St. Mary\'s High, Upper School",school,1042,d1',
]
SESSIONS = [
    LINKED_HEADER,
    "y27,,,2026-2027,schoolYear,2026-08-17,2027-06-05,,2027,sch1",
    "sem1,,,Fall Semester,term,2026-08-17,2026-12-19,y27,2027,sch1",
    "q1,,,Q1,gradingPeriod,2026-08-17,2026-10-17,sem1,2027,sch1",
    "q2,,,Q2,gradingPeriod,2026-10-17,2026-12-19,sem1,2027,sch1",
    "sem2,,,Spring Semester,term,2027-01-04,2027-06-05,y27,2027,sch1",
]
WHEN = "active,2026-07-01T09:30:00.000Z"
"""Status and time of a line in a delta file."""
GONE = WHEN.replace("active", "tobedeleted")


def text(lines: list[str], end: str = "\r\n") -> bytes:
    return "".join(f"{line}{end}" for line in lines).encode()


def manifest(version: str = "1.2", **modes: str) -> list[str]:
    files = [f"file.{name},{modes.get(name, 'absent')}" for name in FILES[version]]
    return [
        "propertyName,value",
        "manifest.version,1.0",
        f"oneroster.version,{version}",
        *files,
        "source.systemName,Acme SIS",
        "source.systemCode,acme",
    ]


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of names that are used twice
        for name, content in files.items():
            archive.writestr(name.rstrip("*"), content)
    return buffer.getvalue()


def roster(
    orgs: list[str] | None = None,
    sessions: list[str] | None = None,
    mode: str = "bulk",
    version: str = "1.2",
) -> bytes:
    """Return a zip file with these lines; a file without any is absent."""
    files = {"orgs": orgs, "academicSessions": sessions}
    given = {name: lines for name, lines in files.items() if lines}
    modes = dict.fromkeys(given, mode)
    return zipped(
        {
            "manifest.csv": text(manifest(version, **modes)),
            **{f"{name}.csv": text(lines) for name, lines in given.items()},
        }
    )


def changed(lines: list[str], number: int, old: str, new: str) -> list[str]:
    """Return lines with one text for another in one of them, counted from 1."""
    assert old in lines[number - 1]
    return [
        line.replace(old, new, 1) if place == number else line
        for place, line in enumerate(lines, start=1)
    ]


def delta(*lines: str) -> list[str]:
    """Return session lines of a delta file."""
    return [LINKED_HEADER, *lines]
