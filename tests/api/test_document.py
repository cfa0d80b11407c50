"""The OpenAPI document is served, and what it says of the answers is true."""

import json

import pytest
import yaml

from tests.test_openapi import committed, faults


@pytest.mark.parametrize("accept", ["application/json", "application/vnd.oai.openapi+json"])
def test_the_document_is_served_as_json(client, accept: str) -> None:
    assert json.loads(client.get("/api/schema", headers={"accept": accept}).content) == committed()


@pytest.mark.parametrize("accept", ["*/*", "application/yaml", "application/vnd.oai.openapi"])
def test_the_document_is_served_as_yaml(client, accept: str) -> None:
    response = client.get("/api/schema", headers={"accept": accept})
    assert yaml.safe_load(response.content) == committed()


@pytest.mark.parametrize("name", ["x", "lang", "format", "version"])
def test_the_document_has_no_parameters(client, name: str) -> None:
    response = client.get(f"/api/schema?{name}=json", headers={"accept": "application/yaml"})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    (error,) = response.json()["errors"]
    assert (error["pointer"], error["code"]) == (f"/{name}", "unknown_parameter")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/api/v1/schools/maple-high/days/2026-11-23", "DailySchedule"),
        ("/api/v1/schools/maple-high/days/2026-11-26", "DailySchedule"),
        ("/api/v1/schools/maple-high/days/1999-11-23", "DailySchedule"),
        ("/api/v1/schools/maple-high/days?from=2026-08-01&to=2027-08-01", "DailySchedules"),
        ("/api/v1/schools/maple-high/now?at=2026-11-23T15:20:00Z", "Now"),
        ("/api/v1/schools/maple-high/now?at=2026-11-23T15:45:00Z", "Now"),
        ("/api/v1/schools/maple-high/now?at=1999-11-23T15:45:00Z", "Now"),
        ("/api/v1/quarters/for-date?school=maple-high&date=2026-11-23", "QuarterForDate"),
        ("/api/v1/quarters/for-date?school=maple-high&date=2026-12-31", "QuarterForDate"),
        ("/api/v1/quarters/for-date?date=x", "Problem"),
        ("/api/v1/schools/maple-high/weeks", "Weeks"),
        ("/api/v1/schools/maple-high/instructional-minutes", "InstructionalMinutes"),
        ("/api/v1/schools/maple-high/calendar", "CalendarDocument"),
        ("/api/v1/schools/maple-high", "School"),
        ("/api/v1/terms?expand=school", "TermsPage"),
        ("/api/v1/period-templates", "PeriodTemplatesPage"),
        ("/api/v1/schedule-rules?expand=template", "ScheduleRulesPage"),
        ("/api/v1/day-overrides?expand=template", "DayOverridesPage"),
    ],
)
def test_answers_have_the_shape_that_the_document_tells(client, maple, url: str, name: str) -> None:
    shape = {"$ref": f"#/components/schemas/{name}"}
    assert faults(client.get(url).json(), shape) == []
