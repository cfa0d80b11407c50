"""What a filter finds, and what is said of one that cannot be read."""

import pytest

from api.oneroster.errors import Refusal
from tests.factories import TermFactory

pytestmark = pytest.mark.django_db

ALL = ["q1", "q2", "sem1", "sem2", "y27"]
STATUS = "status='active'"


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (STATUS, ALL),
        ("status!='active'", []),
        ("status='inactive'", []),
        ("sourcedId='sem1'", ["sem1"]),
        ("sourcedId='SEM1'", []),
        ("sourcedId>='sem1'", ["sem1", "sem2", "y27"]),
        ("sourcedId>'sem1'", ["sem2", "y27"]),
        ("sourcedId<'q2'", ["q1"]),
        ("sourcedId<='q2'", ["q1", "q2"]),
        ("sourcedId~'em'", ["sem1", "sem2"]),
        ("sourcedId~'EM'", []),
        ("sourcedId~'%'", []),
        ("sourcedId~'_'", []),
        ("type='term'", ["sem1", "sem2"]),
        ("type!='term'", ["q1", "q2", "y27"]),
        ("type~'Year'", ["y27"]),
        ("title='semester 1'", ["sem1"]),
        ("title~'EMEST'", ["sem1", "sem2"]),
        ("title!='SEMESTER 1'", ["q1", "q2", "sem2", "y27"]),
        ("title>'r'", ["sem1", "sem2"]),
        ("startDate>='2027-01-04'", ["sem2"]),
        ("startDate<'2026-08-13'", ["q1", "sem1", "y27"]),
        ("startDate~'2027'", ["sem2"]),
        ("endDate='2026-12-19'", ["q2", "sem1"]),
        ("endDate='2026-12-18'", []),
        ("schoolYear=2027", ALL),
        ("schoolYear='2027'", ALL),
        ("schoolYear>2027", []),
        ("parent.sourcedId='sem1'", ["q1", "q2"]),
        ("parent.sourcedId!='sem1'", ["sem1", "sem2", "y27"]),
        ("parent.sourcedId=''", ["y27"]),
        ("children='q1,q2'", ["sem1"]),
        ("children='q2,q1'", []),
        ("children='q1'", []),
        ("children=''", ["q1", "q2", "sem2"]),
        ("children!='q1,q2'", ["q1", "q2", "sem2", "y27"]),
        ("children~'q2'", ["sem1"]),
        ("children.sourcedId~'sem2'", ["y27"]),
        ("children~'q'", []),
        ("metadata.orgSourcedId='sch1'", ALL),
        ("dateLastModified>'2026-07-01'", ALL),
        ("dateLastModified>'2126-07-01'", []),
        (f"type='term' AND {STATUS}", ["sem1", "sem2"]),
        ("type='term' OR type='schoolYear'", ["sem1", "sem2", "y27"]),
        ("type='schoolYear' OR type='term' AND title~'2'", ["sem2", "y27"]),
        ("type='term' AND title~'2' OR type='schoolYear'", ["sem2", "y27"]),
        ("(type='schoolYear' OR type='term') AND title~'2'", ["sem2", "y27"]),
        ("(type='term' OR type='gradingPeriod') AND schoolYear=2027", ALL[:4]),
        ("((type='term'))  AND  ((title~'1'))", ["sem1"]),
        (" OR ".join(["type='term'"] * 10), ["sem1", "sem2"]),
        ("title='x'' OR ''1''=''1'", []),
        ("title=''' OR 1=1 --'", []),
        ("title='ÉTÉ'", []),
    ],
)
def test_a_filter_finds(program, asked: str, ids: list[str]) -> None:
    assert program.ids("/academicSessions", filter=asked) == ids


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("name~'ST. MARY''S'", ["sch1"]),
        ("name='harbor district'", ["d1"]),
        ("identifier='SCH1'", ["sch1"]),
        ("type='school'", ["sch1"]),
        ("parent.sourcedId='d1'", ["sch1"]),
    ],
)
def test_a_filter_finds_orgs(reader, asked: str, ids: list[str]) -> None:
    assert reader.ids("/orgs", filter=asked) == ids


@pytest.mark.parametrize("title", ["Été", "STRASSE", "İstanbul"])
def test_case_makes_no_difference_in_any_alphabet(program, harbor, title: str) -> None:
    TermFactory.create(academic_year=harbor.year, term_type="TRI1", sourced_id="t", name=title)
    for spelled in (title, title.casefold(), title.lower()):
        assert program.ids("/terms", filter=f"title='{spelled}'") == ["t"]


@pytest.mark.parametrize(
    "moment",
    [
        "{day}T{time}Z",
        "{day}T{time}+00:00",
        "{day}T{time} 00:00",
        "{day} {time}",
        "{day}T{time}",
        "{day}T{time}+0000",
        "{day}T{time}999Z",
    ],
)
def test_a_time_is_the_same_however_it_is_written(program, moment: str) -> None:
    told = program.read("/academicSessions/q2")["dateLastModified"]
    spelled = moment.format(day=told[:10], time=told[11:23])
    assert "q2" in program.ids("/academicSessions", filter=f"dateLastModified='{spelled}'")
    assert "q2" not in program.ids("/academicSessions", filter=f"dateLastModified>'{spelled}'")
    assert "q2" in program.ids("/academicSessions", filter=f"dateLastModified>='{spelled}'")


def test_a_time_of_another_zone_is_that_moment(program) -> None:
    later = "dateLastModified>'2026-06-30T23:00:00-01:00'"
    assert program.ids("/terms", filter=later) == ["sem1", "sem2"]


BAD = [
    ("", 1, "the name of a field"),
    ("status", 7, "one of = != > >= < <= ~"),
    ("status=", 8, "a value in single quotes"),
    ("status=active", 8, "a value in single quotes"),
    ('status="active"', 8, "a value in single quotes"),
    ("status='active", 8, "no closing quote"),
    ("status=='active'", 8, "a value in single quotes"),
    ("status<>'active'", 8, "a value in single quotes"),
    ("status 'active'", 7, "one of = != > >= < <= ~"),
    ("status = 'active'", 7, "one of = != > >= < <= ~"),
    ("status='active' ", 16, "' AND ', ' OR ' or the end"),
    (" status='active'", 1, "the name of a field"),
    ("status='a'AND status='b'", 11, "' AND ', ' OR ' or the end"),
    ("status='a' and status='b'", 11, "' AND ', ' OR ' or the end"),
    ("status='a' XOR status='b'", 11, "' AND ', ' OR ' or the end"),
    ("status='a' AND ", 16, "the name of a field"),
    ("status='a' AND", 11, "' AND ', ' OR ' or the end"),
    ("status='a' AND AND status='b'", 16, "no field 'AND'"),
    ("status='a';", 11, "' AND ', ' OR ' or the end"),
    ("nope='x'", 1, "no field 'nope'"),
    ("href='x'", 1, "no field 'href'"),
    ("parent='x'", 1, "no field 'parent'"),
    ("parent.='x'", 1, "no field 'parent'"),
    ("status.='x'", 7, "one of = != > >= < <= ~"),
    ("parent.type='x'", 1, "no field 'parent.type'"),
    ("status.x='x'", 1, "no field 'status.x'"),
    ("sourced_id='x'", 1, "no field 'sourced_id'"),
    ("SourcedId='x'", 1, "no field 'SourcedId'"),
    ("status='a' OR nope='x'", 15, "no field 'nope'"),
    ("(status='a'", 12, "' AND ', ' OR ' or ')'"),
    ("status='a')", 11, "' AND ', ' OR ' or the end"),
    ("()", 2, "the name of a field"),
    ("(" * 11 + "status='a'" + ")" * 11, 12, "too many parentheses"),
    (" OR ".join(["status='a'"] * 11), 141, "more than 10 comparisons"),
    ("startDate>'2026-13-01'", 11, "there is no such date"),
    ("startDate>'20260801'", 11, "write a date as YYYY-MM-DD"),
    ("startDate>'2026-08-01T00:00:00Z'", 11, "write a date as YYYY-MM-DD"),
    ("startDate=2026", 11, "write a date as YYYY-MM-DD"),
    ("endDate='٢٢٢٢-٢٢-٢٢'", 9, "write a date as YYYY-MM-DD"),
    ("dateLastModified>'yesterday'", 18, "write a time as"),
    ("dateLastModified>'2026-08-01T25:00Z'", 18, "there is no such time"),
    ("dateLastModified>'0001-01-01T00:00+10:00'", 18, "there is no such time"),
    ("dateLastModified>'2026-08-01T00:00+99:00'", 18, "there is no such time"),
    ("children>'q1'", 9, "a list is compared by = != or ~"),
]


def test_a_filter_that_cannot_be_read_is_refused_with_its_place(reader) -> None:
    told = {}
    for asked, position, problem in BAD:
        body = reader.get("/academicSessions", filter=asked, status=400).json()
        (field,) = body["imsx_CodeMinor"]["imsx_codeMinorField"]
        assert field["imsx_codeMinorFieldValue"] == "invalid_filter_field"
        text = body["imsx_description"]
        if f" character {position}: " not in text or problem not in text:
            told[asked] = text
    assert told == {}


@pytest.mark.parametrize("query", ["filter=title='%00'", "filter=title~'%ED%A0%80%00'"])
def test_text_that_no_database_holds_is_refused(reader, query: str) -> None:
    response = reader.client.get(f"{reader.root}/terms?{query}")
    assert response.status_code == 400


def test_two_filters_are_refused(reader) -> None:
    reader.get("/terms", filter=[STATUS, STATUS], status=400)


def test_a_refusal_says_what_it_is() -> None:
    assert Refusal(400, "invaliddata", "No.").major == "failure"
