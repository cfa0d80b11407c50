"""A strict reader of roster files, written from the standard and not from our own code.

It restates what the CSV bindings of 1EdTech OneRoster 1.1 and 1.2 ask of a zip file and of the
three files that are written here (1EdTech Consortium, https://www.imsglobal.org/activity/onerosterlis).
"""

import io
import re
import zipfile
from typing import Any

OLD = [
    *("academicSessions", "categories", "classes", "classResources", "courses", "courseResources"),
    *("demographics", "enrollments", "lineItems", "orgs", "resources", "results", "users"),
]
NEW = [
    *("lineItemLearningObjectiveIds", "lineItemScoreScales", "resultLearningObjectiveIds"),
    *("resultScoreScales", "roles", "scoreScales", "userProfiles", "userResources"),
]
LISTED = {"1.1": {*OLD}, "1.2": {*OLD, *NEW}}
HEADERS = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,"
    "parentSourcedId,schoolYear,metadata.orgSourcedId",
}
REQUIRED = {
    "orgs": {"sourcedId", "name", "type"},
    "academicSessions": {"sourcedId", "title", "type", "startDate", "endDate", "schoolYear"},
}
TYPES = {
    "orgs": {"district", "school"},
    "academicSessions": {"schoolYear", "term", "gradingPeriod"},
}
ID = re.compile(r"[0-9A-Za-z./@_-]{1,255}")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^",]*))(,|\Z)')

Row = dict[str, str]


def read(data: bytes) -> dict[str, list[Row]]:
    """Return the rows of a roster's files, and require that all of it is as the standard has it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode("utf-8") for name in names if "/" not in name}
    assert sorted(texts) == sorted(names)
    assert all("\ufeff" not in text for text in texts.values())
    manifest = require_manifest(texts.pop("manifest.csv"))
    version = manifest["oneroster.version"]
    modes = {name: manifest[f"file.{name}"] for name in LISTED[version]}
    assert {name for name, mode in modes.items() if mode != "absent"} == {
        name.removesuffix(".csv") for name in texts
    }
    return {
        name.removesuffix(".csv"): require_file(
            name.removesuffix(".csv"), text, modes[name.removesuffix(".csv")]
        )
        for name, text in texts.items()
    }


def require_manifest(text: str) -> dict[str, str]:
    header, *rows = lines_of(text)
    assert header == ["propertyName", "value"]
    told = dict(rows)
    assert len(told) == len(rows)
    assert told["manifest.version"] == "1.0"
    files = {name.removeprefix("file.") for name in told if name.startswith("file.")}
    assert files == LISTED[told["oneroster.version"]]
    assert {told[f"file.{name}"] for name in files} <= {"bulk", "delta", "absent"}
    return told


def require_file(name: str, text: str, mode: str) -> list[Row]:
    header, *cells = lines_of(text)
    assert ",".join(header) == HEADERS[name]
    assert cells
    rows = [dict(zip(header, each, strict=True)) for each in cells]
    ids = [row["sourcedId"] for row in rows]
    assert len(set(ids)) == len(ids)
    for row in rows:
        require_row(name, row, mode)
        assert row["parentSourcedId"] in {"", *ids}
    return rows


def require_row(name: str, row: Row, mode: str) -> None:
    if mode == "bulk":
        assert (row["status"], row["dateLastModified"]) == ("", "")
    else:
        assert row["status"] in {"active", "tobedeleted"}
        assert TIME.fullmatch(row["dateLastModified"])
    assert all(row[column] for column in REQUIRED[name])
    assert row["type"] in TYPES[name]
    for column, shape in {"sourcedId": ID, "parentSourcedId": ID, "startDate": DATE}.items():
        assert not row.get(column) or shape.fullmatch(row[column])
    assert DATE.fullmatch(row.get("endDate", "2026-01-01"))
    assert re.fullmatch(r"\d{4}", row.get("schoolYear", "2026"))


def lines_of(text: str) -> list[list[str]]:
    """Return the cells of lines that end in CRLF, by RFC 4180 and without a break in a cell."""
    assert text.endswith("\r\n")
    lines = text[:-2].split("\r\n")
    assert not any("\r" in line or "\n" in line for line in lines)
    return [cells_of(line) for line in lines]


def cells_of(line: str) -> list[str]:
    cells: list[str] = []
    place = 0
    while True:
        found: Any = CELL.match(line, place)
        assert found, line
        quoted, plain, end = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        if not end:
            return cells
        place = found.end()
