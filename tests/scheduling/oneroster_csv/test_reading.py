"""Which zip files are refused, why, and at which place; pure, so a line of a table is cheap."""

import io
import random
import struct
import zipfile
from collections.abc import Mapping

import pytest

from scheduling.oneroster_csv import unpacking
from scheduling.oneroster_csv.faults import RosterFileError
from scheduling.oneroster_csv.reading import read_roster
from tests.scheduling.oneroster_csv.files import (
    LINKED_HEADER,
    ORG_HEADER,
    ORGS,
    SESSION_HEADER,
    SESSIONS,
    WHEN,
    changed,
    delta,
    manifest,
    roster,
    text,
    zipped,
)

GOOD = {
    "manifest.csv": text(manifest(orgs="bulk", academicSessions="bulk")),
    "orgs.csv": text(ORGS),
    "academicSessions.csv": text(SESSIONS),
}


def faults(data: bytes) -> list[str]:
    """Return everything that is wrong with a file, as it is printed."""
    try:
        return [str(fault) for fault in read_roster(data).faults]
    except RosterFileError as error:
        return [str(fault) for fault in error.faults]


def given(files: Mapping[str, bytes | None]) -> bytes:
    """Return a good zip file with some files replaced, added, or left out."""
    return zipped({name: each for name, each in {**GOOD, **files}.items() if each is not None})


# What is read


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_is_read_however_its_lines_end(version: str, end: str, mark: bytes) -> None:
    modes = {"orgs": "bulk", "academicSessions": "bulk", "users": "bulk"}
    files = {
        "manifest.csv": mark + text(manifest(version, **modes), end),
        "orgs.csv": mark + text(ORGS, end).rstrip(),
        "academicSessions.csv": mark + text(SESSIONS, end) + 2 * end.encode(),
        "users.csv": b"\xff is not looked into",
    }
    read = read_roster(zipped(files))
    assert (read.version, read.faults) == (version, [])
    assert read.orgs.lines["sch1"].name == "St. Mary's High, Upper School"
    term = read.sessions.lines["sem1"]
    assert (term.number, term.parent, term.school, term.is_gone) == (3, "y27", "sch1", False)
    assert (str(term.first_day), str(term.last_day)) == ("2026-08-17", "2026-12-18")


def test_an_end_date_may_be_the_last_day() -> None:
    read = read_roster(roster(ORGS, SESSIONS), end_dates="inclusive")
    assert str(read.sessions.lines["sem1"].last_day) == "2026-12-19"


def test_a_session_of_one_day_may_begin_and_end_on_it_if_that_is_what_is_meant() -> None:
    lines = changed(SESSIONS, 4, "2026-10-17", "2026-08-17")
    assert not read_roster(roster(ORGS, lines), end_dates="inclusive").faults
    assert faults(roster(ORGS, lines)) == [
        (
            "academicSessions.csv: line 4: endDate: The end date is the day after the last one, so "
            "it must be after the start date, 2026-08-17. If it is the last day, import with "
            "--end-dates inclusive."
        )
    ]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@home", " a ", "a;b", "'x", "\tx", "é", "😀"]
)
def test_cells_are_plain_text(cell: str) -> None:
    lines = changed(ORGS, 2, "Harbor District", cell)
    assert read_roster(roster(lines)).orgs.lines["d1"].name == cell


def test_further_columns_come_last_and_have_names_of_their_own() -> None:
    lines = [f"{ORGS[0]},metadata.a,metadata.b c", f"{ORGS[1]},1,", f'{ORGS[2]},,"x""y"']
    assert faults(roster(lines)) == []


def test_what_is_gone_is_read_in_both_of_its_names() -> None:
    gone = [WHEN.replace("active", each) for each in ("active", "tobedeleted", "inactive")]
    lines = [f"s{n},{each},A,term,2026-08-17,2026-12-19,y,2027,sch1" for n, each in enumerate(gone)]
    read = read_roster(roster(None, delta(*lines), "delta"))
    assert [line.is_gone for line in read.sessions.lines.values()] == [False, True, True]


def test_a_session_that_is_gone_may_say_odd_things_of_its_days() -> None:
    line = f"q,{WHEN},Q,term,2026-08-17,2026-08-17,,2027,".replace("active", "tobedeleted")
    assert faults(roster(None, delta(line), "delta")) == []


def test_an_end_date_that_is_the_last_day_is_not_before_the_first() -> None:
    lines = changed(SESSIONS, 4, "2026-10-17", "2026-08-16")
    assert [
        str(each) for each in read_roster(roster(ORGS, lines), end_dates="inclusive").faults
    ] == [
        (
            "academicSessions.csv: line 4: endDate: The end date must not be before the start "
            "date, 2026-08-17."
        )
    ]


# Zip files


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        pytest.param(b"", "This is no zip file, or it is damaged: export it again.", id="empty"),
        pytest.param(b"PK\x03\x04 nothing", "This is no zip file, or it is damaged", id="no-zip"),
        pytest.param(given({})[:-300], "This is no zip file, or it is damaged", id="cut-off"),
        pytest.param(
            given({}).replace(b"PK\x01\x02", b"PK\x01\x03", 1), "This is no zip file", id="garbled"
        ),
        pytest.param(zipped({}), "The zip file holds no manifest.csv", id="no-files"),
        pytest.param(given({"manifest.csv": None}), "The zip file holds no man", id="no-manifest"),
        pytest.param(given({"a/": b""}), "“a/” is in a folder: zip the files", id="folder"),
        pytest.param(given({"harbor/users.csv": b""}), "“harbor/users.csv” is in a", id="inside"),
        pytest.param(given({"/etc/orgs.csv": b""}), "“/etc/orgs.csv” is in a fo", id="absolute"),
        pytest.param(given({"../orgs.csv": b""}), "“../orgs.csv” is in a folder", id="upwards"),
        pytest.param(given({"a\\users.csv": b""}), "“a\\users.csv” is in a folder", id="windows"),
        pytest.param(given({"C:\\users.csv": b""}), "“C:\\users.csv” is in a", id="drive"),
        pytest.param(
            given({"__MACOSX/._orgs.csv": b""}), "“__MACOSX/._orgs.csv” is in a folder", id="mac"
        ),
        pytest.param(given({".DS_Store": b""}), "“.DS_Store” is no file of a roster", id="hidden"),
        pytest.param(given({"Orgs.csv": b""}), "“Orgs.csv” is no file of a roster", id="case"),
        pytest.param(given({"orgs": b""}), "“orgs” is no file of a roster", id="no-ending"),
        pytest.param(given({"orgs.csv ": b""}), "“orgs.csv ” is no file of a roster", id="space"),
        pytest.param(given({"\u202egnp.csv": b""}), "“\\u202egnp.csv” is no file", id="unprinted"),
        pytest.param(
            given({"x" * 70: b""}), f"“{'x' * 60}…” is no file of a roster", id="long-name"
        ),
        pytest.param(
            given({"orgs.csv*": b"other"}), "The zip file holds “orgs.csv” 2 times.", id="twice"
        ),
        pytest.param(
            given({f"{n}.csv": b"" for n in range(62)}), "The zip file holds more than", id="many"
        ),
        pytest.param(
            given({"users.csv": b"x"}),
            "users.csv: The file is in the zip file, but the manifest tells it",
            id="absent-but-there",
        ),
        pytest.param(
            given({"orgs.csv": None}),
            "orgs.csv: The manifest tells it to be bulk, but the file is not",
            id="there-but-absent",
        ),
        pytest.param(
            zipped({"manifest.csv": text(manifest("1.1")), "roles.csv": b"x"}),
            "roles.csv: The file is in the zip file, but version 1.1 has no su",
            id="of-another-version",
        ),
    ],
)
def test_a_zip_file_that_is_none_of_a_roster_is_refused(data: bytes, fault: str) -> None:
    assert [each[: len(fault)] for each in faults(data)] == [fault]


def test_a_name_with_a_nul_is_not_cut_to_one_that_is_known() -> None:
    data = given({"users.csvXx": b""}).replace(b"users.csvXx", b"users.csv\0x")
    assert faults(data) == [
        "“users.csv\\x00x” is no file of a roster: take it out of the zip file."
    ]


def test_what_is_encrypted_or_packed_in_an_odd_way_is_refused() -> None:
    data = given({})
    at = data.index(b"PK\x01\x02")
    for place, value in ((8, 0x1), (10, zipfile.ZIP_BZIP2)):  # the flags, and the method
        odd = bytearray(data)
        struct.pack_into("<H", odd, at + place, value)
        assert faults(bytes(odd)) == [
            "manifest.csv: The file is encrypted, or packed in a way that is not read here."
        ]


def test_a_damaged_file_in_the_zip_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
    damaged = buffer.getvalue().replace(b"Harbor", b"Valley", 1)
    assert faults(damaged) == ["This is no zip file, or it is damaged: export it again."]


def test_whatever_byte_is_wrong_a_file_is_read_or_refused() -> None:
    chance = random.Random(5)
    data = given({})
    for _ in range(300):
        damaged = bytearray(data)
        damaged[chance.randrange(len(data))] = chance.randrange(256)
        assert all(isinstance(each, str) for each in faults(bytes(damaged)))


def test_limits_are_kept_while_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = given({"users.csv": b"0" * 30_000_000, "orgs.csv": b"0" * 30_000_000})
    assert len(bomb) < 100_000
    assert sorted(faults(bomb)) == [
        "orgs.csv: The file is larger than 25 MB.",
        "users.csv: The file is larger than 25 MB.",
    ]
    monkeypatch.setattr(unpacking, "LARGEST_ZIP_BYTES", len(bomb) - 1)
    assert faults(bomb) == ["The zip file is larger than 0 MB."]


def test_a_file_that_is_larger_than_it_says_is_not_unpacked() -> None:
    size = 30_000_000
    bomb = given({"orgs.csv": b"0" * size})
    lying = bomb.replace(struct.pack("<I", size), struct.pack("<I", 900))
    assert faults(lying) == ["This is no zip file, or it is damaged: export it again."]


# Manifests


@pytest.mark.parametrize(
    ("line", "old", "new", "fault"),
    [
        (1, "propertyName", "property", "manifest.csv: line 1: Column 1 must be “propertyName”"),
        (2, "1.0", "2.0", "manifest.csv: line 2: value: “2.0” is not known here: it is 1.0."),
        (3, "1.2", "2.0", "manifest.csv: line 3: value: “2.0” is not known here: it is 1.1 or 1.2"),
        (4, "bulk", "full", "manifest.csv: line 4: value: “full” is not known here: it is bulk or"),
        (4, "bulk", "", "manifest.csv: line 4: value: “” is not known here: it is bulk or delta"),
        (5, "categories", "cats", "manifest.csv: line 5: propertyName: “file.cats” is nothing"),
        (25, "source.systemName", "x", "manifest.csv: line 25: propertyName: “x” is nothing that"),
        (5, "file.categories,", "file.categories,absent,", "manifest.csv: line 5: The line has 3"),
    ],
)
def test_a_manifest_that_is_wrong_is_refused(line: int, old: str, new: str, fault: str) -> None:
    lines = changed(manifest(orgs="bulk", academicSessions="bulk"), line, old, new)
    assert fault in [each[: len(fault)] for each in faults(given({"manifest.csv": text(lines)}))]


def test_a_manifest_tells_each_file_once() -> None:
    lines = manifest(orgs="bulk", academicSessions="bulk")
    assert faults(given({"manifest.csv": text([*lines[:4], *lines[5:], lines[3]])})) == [
        "manifest.csv: line 26: propertyName: “file.academicSessions” is told twice.",
        "manifest.csv: The manifest does not tell “file.categories”.",
    ]
    assert faults(given({"manifest.csv": text(lines[:2])})) == [
        "manifest.csv: The manifest does not tell “oneroster.version”."
    ]


# Files


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(b"", "orgs.csv: line 1: The line is empty.", id="empty"),
        pytest.param(
            text([ORG_HEADER]), "orgs.csv: The file has no line below its header", id="no-lines"
        ),
        pytest.param(
            text(ORGS).replace(b"Harbor", b"Harb\xf6r"),
            "orgs.csv: line 2: The file is not text in UTF-8: save it as",
            id="latin-1",
        ),
        pytest.param(
            "\n".join(ORGS).encode("utf-16"), "orgs.csv: line 1: The file is not text", id="utf-16"
        ),
        pytest.param(
            text(ORGS, "\r"), "orgs.csv: line 1: There is a line break within the line", id="cr"
        ),
        pytest.param(
            text(changed(ORGS, 1, "sourcedId,", '"sourcedId,')),
            "orgs.csv: line 1: The quotes do not fit",
            id="quote",
        ),
        pytest.param(
            text([ORG_HEADER.replace(",identifier", ""), ORGS[1]]),
            "orgs.csv: line 1: Column 6 must be “identifier”, not “parentSourcedId”.",
            id="left-out",
        ),
        pytest.param(
            text([ORG_HEADER.removesuffix(",parentSourcedId"), ORGS[1]]),
            "orgs.csv: line 1: The column “parentSourcedId” is missing.",
            id="too-short",
        ),
        pytest.param(
            text(changed(ORGS, 1, "sourcedId", "SourcedId")),
            "orgs.csv: line 1: Column 1 must be “sourcedId”, not “SourcedId”.",
            id="case",
        ),
        pytest.param(
            text(changed(ORGS, 1, "name,type", "type,name")),
            "orgs.csv: line 1: Column 4 must be “name”, not “type”.",
            id="order",
        ),
        pytest.param(
            text([f"{ORG_HEADER},phone", *ORGS[1:]]),
            "orgs.csv: line 1: The column “phone” is not known: further ones begin with",
            id="unknown",
        ),
        pytest.param(
            text([f"{ORG_HEADER},metadata.", *ORGS[1:]]),
            "orgs.csv: line 1: The column “metadata.” is not known",
            id="unnamed",
        ),
        pytest.param(
            text([f"{ORG_HEADER},metadata.a,metadata.a", *ORGS[1:]]),
            "orgs.csv: line 1: There are two columns “metadata.a”.",
            id="twice",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused(content: bytes, fault: str) -> None:
    assert [each[: len(fault)] for each in faults(given({"orgs.csv": content}))] == [fault]


# Lines


@pytest.mark.parametrize(
    ("number", "old", "new", "fault"),
    [
        pytest.param(2, "Harbor", "Har\rbor", "name: There is a line break", id="cr"),
        pytest.param(2, "Harbor", "Har\0bor", "name: There is a NUL character", id="nul"),
        pytest.param(2, "Harbor", '"Har', "name: The quotes do not fit: a cell", id="open-quote"),
        pytest.param(2, "Harbor", '"Har"b', "name: The quotes do not fit", id="text-after-quote"),
        pytest.param(2, "Harbor", 'Har"b', "name: The quotes do not fit", id="quote-in-text"),
        pytest.param(2, "D1,", "D1", "The line has 6 cells, but the header has 7.", id="short"),
        pytest.param(2, "D1,", "D1,,", "The line has 8 cells, but the header has", id="long"),
        pytest.param(2, "D1,", 'D1,,"', "The quotes do not fit: a cell", id="beyond-the-header"),
        pytest.param(
            2, "D1", "1" * 100_001, "sourcedId: The line has more than 100,000", id="huge"
        ),
        pytest.param(2, "d1,", ",", "sourcedId: “” is no id: write 1 to 255", id="no-id"),
        pytest.param(2, "d1", "d 1", "sourcedId: “d 1” is no id: write 1", id="space-in-id"),
        pytest.param(2, "d1", "dé", "sourcedId: “dé” is no id: write 1 to", id="accent-in-id"),
        pytest.param(2, "d1", "d" * 256, f"sourcedId: “{'d' * 60}…” is no id", id="long-id"),
        pytest.param(2, "d1,,", "d1,active,", "status: This must be empty in a bulk", id="status"),
        pytest.param(2, "d1,,,", "d1,,2026,", "dateLastModified: This must be em", id="time"),
        pytest.param(2, "Harbor District", "", "name: This must not be empty.", id="no-name"),
        pytest.param(2, "Harbor District", "  ", "name: This must not be empty.", id="blank-name"),
        pytest.param(2, "Harbor", "x" * 250, "name: This has more than 255", id="long-name"),
        pytest.param(2, "district", "City", "type: “City” is no type: it is one of d", id="type"),
        pytest.param(2, "D1", "x" * 256, "identifier: This has more than 255 ch", id="identifier"),
        pytest.param(3, "d1", "d?", "parentSourcedId: “d?” is no id: write 1 to", id="parent-id"),
        pytest.param(3, "d1", "d2", "parentSourcedId: No line of the file has the", id="parent"),
        pytest.param(3, "sch1", "d1", "sourcedId: Line 2 has the id “d1” already", id="id-twice"),
    ],
)
def test_a_line_of_orgs_that_is_wrong_is_named(number: int, old: str, new: str, fault: str) -> None:
    lines = changed(ORGS, number, old, new)
    found = [
        each for each in faults(roster(lines)) if each.startswith(f"orgs.csv: line {number}: ")
    ]
    assert [each.split(": ", 2)[2][: len(fault)] for each in found] == [fault]


@pytest.mark.parametrize(
    ("number", "old", "new", "fault"),
    [
        pytest.param(3, "Fall Semester", "", "title: This must not be empty.", id="no-title"),
        pytest.param(3, ",term,", ",Term,", "type: “Term” is no type: it is one", id="type"),
        pytest.param(3, ",term,", ",,", "type: “” is no type: it is one of grad", id="no-type"),
        pytest.param(3, ",term,", ",ext:,", "type: “ext:” is no type", id="own-type"),
        pytest.param(3, "2026-08-17", "08/17/2026", "startDate: “08/17/2026” is no date", id="us"),
        pytest.param(
            3, "2026-08-17", "2026-8-17", "startDate: “2026-8-17” is no date", id="digits"
        ),
        pytest.param(3, "2026-08-17", "2026-02-30", "startDate: “2026-02-30” is no", id="unreal"),
        pytest.param(3, "2026-08-17", "", "startDate: “” is no date: write it as", id="no-date"),
        pytest.param(3, "2026-08-17", "1899-12-31", "startDate: The year must lie", id="long-ago"),
        pytest.param(3, "2026-12-19", "0001-01-01", "endDate: The year must lie be", id="first"),
        pytest.param(3, "2026-12-19", "2026-08-16", "endDate: The end date is the da", id="before"),
        pytest.param(3, "2027,sch1", "2026-2027,sch1", "schoolYear: “2026-2027” is no", id="years"),
        pytest.param(3, "2027,sch1", "0000,sch1", "schoolYear: The year must lie", id="year-zero"),
        pytest.param(3, ",sch1", ",sch 1", "metadata.orgSourcedId: “sch 1” is no id", id="school"),
        pytest.param(3, ",y27,", ",y28,", "parentSourcedId: No line of the file", id="parent"),
    ],
)
def test_a_line_of_sessions_that_is_wrong_is_named(
    number: int, old: str, new: str, fault: str
) -> None:
    lines = changed(SESSIONS, number, old, new)
    at = f"academicSessions.csv: line {number}: "
    assert [each[: len(at + fault)] for each in faults(roster(ORGS, lines))] == [at + fault]


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        (",", "status: “” is no status: write active or tobedeleted."),
        (WHEN.replace("active", "deleted"), "status: “deleted” is no status"),
        ("active,", "dateLastModified: “” is no time of a change: write it as 2026-07-01T09"),
        ("active,2026-07-01", "dateLastModified: “2026-07-01” is no time of a change"),
        ("active,2026-07-01T09:30:00Z", "dateLastModified: “2026-07-01T09:30:00Z” is no time"),
        ("active,2026-07-01T25:30:00.000Z", "dateLastModified: “2026-07-01T25:30:00.000Z” is no"),
    ],
)
def test_a_delta_tells_when_and_how_each_line_has_changed(state: str, fault: str) -> None:
    lines = delta(f"y27,{state},2026,schoolYear,2026-08-17,2027-06-05,,2027,sch1")
    found = faults(roster(None, lines, "delta"))
    assert fault in [each.split(": ", 2)[2][: len(fault)] for each in found]


def test_a_delta_may_name_parents_that_it_does_not_hold() -> None:
    line = f"q1,{WHEN},Q1,gradingPeriod,2026-08-17,2026-10-17,sem1,2027,sch1"
    assert faults(roster(None, delta(line), "delta")) == []


def test_types_of_ones_own_came_with_version_1_2() -> None:
    lines = changed(SESSIONS, 4, "gradingPeriod", "ext:week-1.a_b")
    assert faults(roster(ORGS, lines)) == []
    assert [each[:44] for each in faults(roster(ORGS, lines, version="1.1"))] == [
        "academicSessions.csv: line 4: type: “ext:wee"
    ]


def test_the_school_of_a_session_need_not_be_told() -> None:
    lines = [SESSION_HEADER, *(line.removesuffix(",sch1") for line in SESSIONS[1:])]
    assert faults(roster(ORGS, lines)) == []
    assert read_roster(roster(ORGS, lines)).sessions.lines["q1"].school == ""


def test_every_line_that_is_wrong_is_named_and_the_others_are_kept() -> None:
    lines = [
        LINKED_HEADER,
        "y27,,,2026-2027,schoolYear,2026-08-17,2027-06-05,,2027,sch1",
        "",
        "sem1,,,,Term,2026-08-17,2026-12-19,y27,27,sch1",
        'sem2,,,"Spring,term,2027-01-04,2027-06-05,y27,2027,sch1',
        "tri1,,,TRI1,term,2026-08-17,2026-12-19,y27,2027,sch1",
    ]
    read = read_roster(roster(ORGS, lines))
    assert [(fault.line, fault.column) for fault in read.faults] == [
        (3, "sourcedId"),
        (4, "title"),
        (4, "type"),
        (4, "schoolYear"),
        (5, "title"),
    ]
    assert list(read.sessions.lines) == ["y27", "tri1"]
    assert read.sessions.ids == {"y27", "sem1", "tri1"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(roster(ORGS, [LINKED_HEADER, *[""] * 2_000, "x"]), id="empty"),
        pytest.param(roster(ORGS, [LINKED_HEADER, *["," * 9] * 200]), id="no-values"),
        pytest.param(roster([ORG_HEADER, *["x"] * 501], [LINKED_HEADER, *["x"] * 500]), id="both"),
        pytest.param(given({"manifest.csv": text([*manifest(), *[","] * 2_000])}), id="manifest"),
        pytest.param(given({"orgs.csv": text([f"{ORG_HEADER}{',x' * 600}"])}), id="header"),
    ],
)
def test_a_file_with_more_faults_than_anybody_reads_is_read_no_further(data: bytes) -> None:
    with pytest.raises(RosterFileError) as refusal:
        read_roster(data)
    assert len(refusal.value.faults) == 1_001
    assert str(refusal.value.faults[-1]) == "… and more."


def test_as_many_faults_as_are_told_are_told() -> None:
    assert len(read_roster(roster([*ORGS, *["x"] * 1_000])).faults) == 1_000
