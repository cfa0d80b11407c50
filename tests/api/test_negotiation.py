"""What a caller takes, and what it gets."""

import pytest
from rest_framework.test import APIClient

from api.problems import CONTENT_TYPE
from tests.factories import ApplicationFactory, MembershipFactory, PeriodTemplateFactory, bearer


@pytest.fixture
def editor(maple) -> APIClient:
    program = ApplicationFactory.create()
    MembershipFactory.create(application=program, school=maple.school, role="editor")
    return APIClient(headers=bearer(program))


@pytest.mark.parametrize("accept", [CONTENT_TYPE, "application/json", "*/*"])
def test_a_deletion_is_done_for_whoever_takes_problems(editor, maple, accept: str) -> None:
    template = PeriodTemplateFactory.create(school=maple.school)
    path = f"/api/v1/period-templates/{template.pk}"
    assert editor.delete(path, headers={"accept": accept}).status_code == 204


def test_a_deletion_is_not_done_for_whoever_cannot_be_told_of_a_problem(editor, maple) -> None:
    path = f"/api/v1/period-templates/{maple.regular.pk}"
    response = editor.delete(path, headers={"accept": "text/csv"})
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_a_row_is_not_written_as_a_problem(editor, maple) -> None:
    path = f"/api/v1/period-templates/{maple.regular.pk}"
    response = editor.get(path, headers={"accept": CONTENT_TYPE})
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("accept", ["", " ", "*/*", "text/csv, application/json"])
def test_whoever_says_nothing_takes_json(editor, maple, accept: str) -> None:
    path = f"/api/v1/period-templates/{maple.regular.pk}"
    response = editor.get(path, headers={"accept": accept})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
