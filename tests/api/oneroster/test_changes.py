"""Delta reads: whoever asks for what has changed misses nothing, the deleted included."""

import pytest

from tests.api.oneroster.conftest import Reader
from tests.factories import QuarterFactory, SchoolFactory

pytestmark = pytest.mark.django_db


def newest(reader: Reader, path: str = "/academicSessions") -> str:
    return max(each["dateLastModified"] for each in reader.read(path))


def since(reader: Reader, moment: str, path: str = "/academicSessions") -> dict[str, str]:
    found = reader.read(path, filter=f"dateLastModified>'{moment}'")
    return {each["sourcedId"]: each["status"] for each in found}


def test_nothing_has_changed_since_the_last_change(reader) -> None:
    assert since(reader, newest(reader)) == {}


def test_a_session_that_is_new_has_changed_with_its_parent(reader, harbor) -> None:
    before = newest(reader)
    QuarterFactory.create(term=harbor.terms[1], sourced_id="q3")
    assert since(reader, before) == {"q3": "active", "sem2": "active"}


def test_a_session_that_is_gone_is_still_told(reader, harbor) -> None:
    before = newest(reader)
    harbor.quarters[1].delete()
    assert since(reader, before) == {"q2": "tobedeleted", "sem1": "active"}
    gone = reader.read("/academicSessions/q2")
    assert (gone["status"], gone["parent"]["sourcedId"]) == ("tobedeleted", "sem1")
    assert reader.ids("/terms/sem1/gradingPeriods") == ["q1", "q2"]
    assert reader.ids("/terms/sem1/gradingPeriods", filter="status='active'") == ["q1"]
    assert [each["sourcedId"] for each in reader.read("/terms/sem1")["children"]] == ["q1"]


def test_a_school_that_is_gone_is_still_told_with_its_terms(reader, harbor) -> None:
    before = newest(reader, "/orgs")
    for row in (*harbor.quarters, *harbor.terms, harbor.year, harbor.school):
        row.delete()
    assert since(reader, before, "/orgs") == {"d1": "active", "sch1": "tobedeleted"}
    assert "children" not in reader.read("/orgs/d1")
    assert reader.read("/schools/sch1")["parent"]["sourcedId"] == "d1"
    assert reader.ids("/schools/sch1/terms", filter="status='tobedeleted'") == ["sem1", "sem2"]
    assert reader.read("/terms/sem1")["status"] == "tobedeleted"


def test_a_district_has_changed_when_it_has_another_school(reader, harbor) -> None:
    before = newest(reader, "/orgs")
    SchoolFactory.create(district=harbor.district, sourced_id="sch2")
    assert since(reader, before, "/orgs") == {"d1": "active", "sch2": "active"}


def test_a_write_that_changes_nothing_is_no_change(reader, harbor) -> None:
    before = newest(reader)
    for row in (harbor.year, *harbor.terms, *harbor.quarters):
        row.save()
    harbor.school.is_public = True
    harbor.school.save()
    assert since(reader, before) == {}
