"""The discovery document describes what is served, for anybody."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from tests.api.oneroster.conftest import HERE, ROOT_1_2, Reader

pytestmark = pytest.mark.django_db

DOCUMENTS = [
    "/discovery/onerosterv1p2rostersservice_openapi3_v1p0.json",
    "/discovery/imsorv1p2_rostering_openapi3_v1p0.json",
]
OPERATIONS = {
    "/orgs": "getAllOrgs",
    "/orgs/{sourcedId}": "getOrg",
    "/schools": "getAllSchools",
    "/schools/{sourcedId}": "getSchool",
    "/academicSessions": "getAllAcademicSessions",
    "/academicSessions/{sourcedId}": "getAcademicSession",
    "/terms": "getAllTerms",
    "/terms/{sourcedId}": "getTerm",
    "/gradingPeriods": "getAllGradingPeriods",
    "/gradingPeriods/{sourcedId}": "getGradingPeriod",
    "/schools/{schoolSourcedId}/terms": "getTermsForSchool",
    "/terms/{termSourcedId}/gradingPeriods": "getGradingPeriodsForTerm",
}
NAMED = {
    "/orgs/{sourcedId}": "d1",
    "/schools/{sourcedId}": "sch1",
    "/academicSessions/{sourcedId}": "y27",
    "/gradingPeriods/{sourcedId}": "q1",
    "/schools/{schoolSourcedId}/terms": "sch1",
}


@pytest.fixture
def document(client) -> dict:
    return client.get(f"{ROOT_1_2}{DOCUMENTS[0]}").json()


@pytest.mark.parametrize("path", DOCUMENTS)
def test_anybody_may_read_where_the_service_is(client, path: str) -> None:
    found = client.get(f"{ROOT_1_2}{path}").json()
    assert found["openapi"].startswith("3.0")
    assert found["servers"] == [{"url": f"{HERE}{ROOT_1_2}"}]
    (scheme,) = found["components"]["securitySchemes"].values()
    flow = scheme["flows"]["clientCredentials"]
    assert (scheme["type"], flow["tokenUrl"]) == ("oauth2", f"{HERE}/oauth/token")
    assert {scope.rpartition("/")[2] for scope in flow["scopes"]} == {
        "roster-core.readonly",
        "roster.readonly",
    }


def test_operations_have_their_official_names(document) -> None:
    paths = {path: item["get"]["operationId"] for path, item in document["paths"].items()}
    assert paths == OPERATIONS


def test_parts_take_the_larger_scope(document) -> None:
    for path, item in document["paths"].items():
        scopes = {scope for each in item["get"]["security"] for (scope,) in each.values()}
        names = {scope.rpartition("/")[2] for scope in scopes}
        is_part = "SourcedId}/" in path
        assert names == {"roster.readonly"} | (set() if is_part else {"roster-core.readonly"})


@pytest.mark.parametrize("path", OPERATIONS)
def test_answers_are_as_the_document_says(document, program, path: str) -> None:
    asked = re.sub(r"\{\w+\}", NAMED.get(path, "sem1"), path)
    shape = document["paths"][path]["get"]["responses"]
    for status, query in (("200", ""), ("400", "?fields=")):
        schema = shape[status]["content"]["application/json"]["schema"]
        schema = {**schema, "components": document["components"]}
        body = program.get(f"{asked}{query}", status=int(status)).json()
        assert [each.message for each in Draft202012Validator(schema).iter_errors(body)] == []


def test_every_reference_leads_somewhere(document) -> None:
    names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert names == set(document["components"]["schemas"])


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_document_is_only_read(client, path: str) -> None:
    reader = Reader({})
    response = reader.client.post(f"{ROOT_1_2}{path}")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_version_1_1_has_none() -> None:
    Reader({}, "/ims/oneroster/v1p1").get(DOCUMENTS[0], status=404)
