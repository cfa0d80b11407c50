"""The requests that known clients send, one after another, and what they rely on."""

import base64
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from scheduling.access import ROSTER_SCOPES
from scheduling.models import ClientScopes
from tests.api.oneroster.conftest import ROOT_1_1, ROOT_1_2, Reader
from tests.factories import CLIENT_SECRET, ApplicationFactory, MembershipFactory

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PURL = "https://purl.imsglobal.org/spec/or"
CORE_1_1, FULL_1_1, CORE_1_2, FULL_1_2 = ROSTER_SCOPES
GRADEBOOK = [f"{PURL}/v1p2/scope/gradebook.{name}" for name in ("readonly", "createput", "delete")]


@pytest.fixture
def program(harbor) -> Any:
    program = ApplicationFactory.create(client_id="the-client")
    MembershipFactory.create(application=program, district=harbor.district)
    return program


def token(*scopes: str, path: str = "/oauth/token", basic: bool = True) -> Any:
    form = {"grant_type": "client_credentials"}
    if scopes:
        form["scope"] = " ".join(scopes)
    headers = {}
    if basic:
        pair = f"the-client:{CLIENT_SECRET}".encode()
        headers["authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    else:
        form |= {"client_id": "the-client", "client_secret": CLIENT_SECRET}
    return APIClient().generic("POST", path, urlencode(form), content_type=FORM, headers=headers)


def reader(answer: Any, root: str) -> Reader:
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer.json()["expires_in"] > 0
    return Reader({"authorization": f"Bearer {answer.json()['access_token']}"}, root)


# Tokens


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ([CORE_1_2], [CORE_1_2]),
        ([FULL_1_2, *GRADEBOOK], [FULL_1_2]),
        ([FULL_1_1], [FULL_1_1]),
        ([CORE_1_1, FULL_1_1, "calendar.read"], [CORE_1_1, FULL_1_1, "calendar.read"]),
        ([FULL_1_2, "calendar.write"], [FULL_1_2]),
        ([], ["calendar.read"]),
    ],
)
@pytest.mark.parametrize("path", ["/oauth/token", "/token"])
def test_a_token_is_for_what_a_program_may_have_of_what_it_asks_for(
    program, path: str, asked: list, given: list
) -> None:
    answer = token(*asked, path=path)
    assert answer.status_code == 200
    assert answer.json()["scope"].split() == given


@pytest.mark.parametrize("asked", [GRADEBOOK, [f"{PURL}/v1p2/scope/roster"], ["calendar.write"]])
def test_a_token_for_nothing_is_refused(program, asked: list) -> None:
    answer = token(*asked)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_who_may_not_read_gets_no_roster(program) -> None:
    ClientScopes(application=program, scopes=["calendar.write"]).save()
    assert token(FULL_1_2).json()["error"] == "invalid_scope"
    writer = reader(token(), ROOT_1_2)
    writer.get("/orgs", status=403)


def test_a_token_for_rosters_reads_the_calendar_too(program, harbor) -> None:
    known = reader(token(CORE_1_2), ROOT_1_2)
    path = f"/api/v1/schools/{harbor.school.slug}/days/2026-11-23"
    assert known.client.get(path).status_code == 200
    assert known.client.post("/api/v1/terms", {}).status_code == 403


# Clients


def test_a_classroom_suite_imports_grading_periods(program) -> None:
    client = reader(token(FULL_1_2, *GRADEBOOK), ROOT_1_2)
    for term in client.read("/terms", limit=10000):
        periods = client.read(f"/terms/{term['sourcedId']}/gradingPeriods", limit=10000)
        assert {each["type"] for each in periods} <= {"gradingPeriod"}
        for each in periods:
            assert {"sourcedId", "title", "startDate", "endDate", "schoolYear"} <= each.keys()
    assert client.ids("/terms/sem1/gradingPeriods", limit=10000) == ["q1", "q2"]


def test_a_directory_sync_reads_everything_and_then_what_has_changed(program, harbor) -> None:
    client = reader(token(FULL_1_1), ROOT_1_1)
    active = "offset=0&limit=5000&filter=status%3D%27active%27"
    assert len(client.read(f"/academicSessions?{active}")) == 5
    assert len(client.read(f"/orgs?{active}")) == 2
    newest = max(each["dateLastModified"] for each in client.read("/academicSessions"))
    harbor.terms[0].name = "Fall"
    harbor.terms[0].save()
    delta = f"offset=0&limit=5000&filter=dateLastModified>'{newest}'"
    assert client.ids(f"/academicSessions?{delta}") == ["sem1"]


@pytest.mark.parametrize("root", [ROOT_1_1, ROOT_1_2])
def test_a_learning_platform_counts_pages_until_a_short_one(program, root: str) -> None:
    scopes = {
        ROOT_1_1: [FULL_1_1],
        ROOT_1_2: [FULL_1_2, CORE_1_2, f"{PURL}/v1p2/scope/roster-demographics.readonly"],
    }[root]
    client = reader(token(*scopes), root)
    asked = "filter=dateLastModified>'2020-01-01' AND status='active'&sort=sourcedId&orderBy=asc"
    found: list[str] = []
    for offset in range(0, 100, 2):
        page = client.ids(f"/academicSessions?{asked}&limit=2&offset={offset}")
        found += page
        if len(page) < 2:
            break
    assert found == ["q1", "q2", "sem1", "sem2", "y27"]


def test_a_tutor_without_a_scope_stops_by_links_and_asks_more_than_the_standard(program) -> None:
    client = reader(token(basic=False), ROOT_1_2)
    response = client.get(
        "/academicSessions", filter="(type='term' OR type='gradingPeriod') AND schoolYear=2027"
    )
    assert 'rel="next"' not in response["Link"]
    assert response["X-Total-Count"] == "4"


def test_a_strict_client_finds_nothing_to_complain_of(program) -> None:
    answer = token(CORE_1_2, FULL_1_2)
    assert set(answer.json()["scope"].split()) == {CORE_1_2, FULL_1_2}
    client = reader(answer, ROOT_1_2)
    for path in ("/orgs", "/schools", "/academicSessions", "/terms", "/gradingPeriods"):
        response = client.get(path, limit=1)  # the shapes are held against strict schemas
        assert all(
            re.fullmatch(r'\s*<https?://[^<>,\s]+>; rel="(first|prev|next|last)"', part)
            for part in response["Link"].split(",")
        )
        assert response["X-Total-Count"].isdigit()
