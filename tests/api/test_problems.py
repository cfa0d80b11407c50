"""How failures become problem documents."""

from typing import Any

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from api.problems import CONTENT_TYPE
from core.revision import SchoolNotOpenError
from scheduling.models import School


class FailingView(APIView):
    authentication_classes = permission_classes = ()
    failure: Exception | None = None

    def post(self, request) -> Response:
        if self.failure is not None:
            raise self.failure
        return Response(request.data)


def post(failure: Exception | None = None, body: str = "{}", **headers: str) -> Response:
    request = APIRequestFactory().generic(
        "POST", "/api/v1/things", body, "application/json", headers=headers
    )
    if "content_type" in headers:
        request.META["CONTENT_TYPE"] = headers["content_type"]
    response = FailingView.as_view(failure=failure)(request)
    return response.render()


def caused(error: Exception, sqlstate: str) -> Exception:
    error.__cause__ = type("DriverError", (Exception,), {"sqlstate": sqlstate})()
    return error


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        pytest.param(Http404(), 404, "not_found", id="404"),
        pytest.param(School.DoesNotExist(), 404, "not_found", id="no-school"),
        pytest.param(PermissionDenied(), 403, "permission_denied", id="403"),
        pytest.param(exceptions.NotAuthenticated(), 403, "not_authenticated", id="nobody"),
        pytest.param(exceptions.Throttled(9), 429, "throttled", id="429"),
        pytest.param(exceptions.ValidationError(), 400, "invalid", id="400"),
        pytest.param(ModelError("No."), 400, "invalid", id="model"),
        pytest.param(IntegrityError(), 409, "conflict", id="constraint"),
        pytest.param(SchoolNotOpenError(), 409, "conflict", id="school-not-open"),
        pytest.param(ProtectedError("No.", set()), 409, "in_use", id="protected"),
        pytest.param(RestrictedError("No.", set()), 409, "in_use", id="restricted"),
        pytest.param(caused(OperationalError(), "40P01"), 409, "conflict", id="deadlock"),
        pytest.param(caused(OperationalError(), "40001"), 409, "conflict", id="serialization"),
        pytest.param(caused(OperationalError(), "55P03"), 503, "unavailable", id="lock-timeout"),
        pytest.param(OperationalError("database is locked"), 503, "unavailable", id="locked"),
        pytest.param(InterfaceError("closed"), 503, "unavailable", id="database-away"),
    ],
)
def test_a_failure_has_its_status_and_code(failure: Exception, status: int, code: str) -> None:
    response = post(failure)
    assert (response.status_code, response.data["status"], response.data["code"]) == (
        status,
        status,
        code,
    )
    assert response.headers["Content-Type"] == CONTENT_TYPE
    assert list(response.data) == [
        "type", "title", "status", "code", "detail", "instance", "errors",
    ]  # fmt: skip


def test_a_lost_race_is_told_whole() -> None:
    assert post(IntegrityError("UNIQUE constraint failed: secret")).data == {
        "type": "/problems/conflict",
        "title": "Somebody else was faster.",
        "status": 409,
        "code": "conflict",
        "detail": "Another write was made at the same moment. Read again, then retry.",
        "instance": "/api/v1/things",
        "errors": [],
    }


def test_a_failure_is_told_in_its_own_words_if_it_has_any() -> None:
    assert (
        post(exceptions.PermissionDenied("Only on Mondays.")).data["detail"] == "Only on Mondays."
    )
    assert post(PermissionDenied("secret")).data["detail"] == "Your role does not allow this."


def test_an_absent_database_says_when_to_come_back() -> None:
    assert post(OperationalError("database is locked")).headers["Retry-After"] == "2"


def test_an_unexpected_failure_is_left_to_django() -> None:
    with pytest.raises(ZeroDivisionError):
        post(ZeroDivisionError())


def test_a_body_that_is_no_json_is_told() -> None:
    response = post(body="{")
    assert (response.status_code, response.data["code"]) == (400, "invalid")
    assert response.data["errors"][0]["code"] == "malformed_json"


def test_a_body_of_another_type_is_told() -> None:
    response = post(body="a,b", content_type="text/csv")
    assert (response.status_code, response.data["code"]) == (415, "unsupported_media_type")


class PeriodSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()


class TemplateSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    weekdays = serializers.ListField(child=serializers.CharField())
    periods = PeriodSerializer(many=True)


def refusal(serializer: serializers.Serializer[Any]) -> exceptions.ValidationError:
    with pytest.raises(exceptions.ValidationError) as refused:
        serializer.is_valid(raise_exception=True)
    return refused.value


def told(response: Response) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in response.data["errors"]]


def test_errors_point_into_nested_bodies() -> None:
    data = {"weekdays": ["monday", []], "periods": [{"name": "1"}, {}]}
    assert told(post(refusal(TemplateSerializer(data=data)))) == [
        ("/code", "required"),
        ("/weekdays/1", "invalid"),
        ("/periods/1/name", "required"),
    ]


def test_a_body_that_is_no_object_is_pointed_at_whole() -> None:
    assert told(post(refusal(TemplateSerializer(data=[])))) == [("", "invalid")]


def test_a_models_refusals_point_at_their_fields() -> None:
    failure = ModelError(
        {
            "end_date": ModelError("Ends before it starts.", "dates_out_of_order"),
            NON_FIELD_ERRORS: [ModelError("Taken by %(who)s.", "taken", {"who": "Q1"}), "Bad."],
            "metadata": ModelError("No date.", "format", {"pointer": "/a~1b/0"}),
        }
    )
    assert post(failure).data["errors"] == [
        {"pointer": "/end_date", "code": "dates_out_of_order", "detail": "Ends before it starts."},
        {"pointer": "", "code": "taken", "detail": "Taken by Q1."},
        {"pointer": "", "code": "invalid", "detail": "Bad."},
        {"pointer": "/metadata/a~1b/0", "code": "format", "detail": "No date."},
    ]


def test_a_models_single_refusal_is_of_the_whole() -> None:
    assert told(post(ModelError("Only a semester has quarters.", "requires_semester"))) == [
        ("", "requires_semester")
    ]
