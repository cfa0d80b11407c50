"""What is said when something is refused: the status documents of OneRoster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from api.oneroster.versions import Version


@dataclass
class Refusal(Exception):  # noqa: N818  # it is no error of ours
    """A request that is not answered, and why."""

    status: int
    minor: str
    """The code minor, as version 1.2 calls it."""
    description: str
    major: str = "failure"
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedResponse(HttpResponse):
    """An answer without a body: `status_documents` writes it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(status=refusal.status, headers=dict(refusal.headers))
        self.refusal = refusal


def invalid_data(description: str) -> Refusal:
    """Return the refusal of a parameter."""
    return Refusal(HTTPStatus.BAD_REQUEST, "invaliddata", description)


def unknown_object(description: str) -> Refusal:
    """Return the refusal of what is not there, or is nothing of the caller's."""
    return Refusal(HTTPStatus.NOT_FOUND, "unknownobject", description)


def busy(retry_after: int, status: int = HTTPStatus.SERVICE_UNAVAILABLE) -> Refusal:
    """Return the refusal of what may be asked again in a while."""
    description = f"Too much at once. Ask again after {retry_after} s."
    return Refusal(status, "server_busy", description, headers={"Retry-After": str(retry_after)})


def read_only() -> Refusal:
    """Return the refusal of a method that would write."""
    return Refusal(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "invaliddata",
        "Rosters are only read here: send GET.",
        major="unsupported",
        headers={"Allow": "GET, HEAD"},
    )


def refusal_of(response: HttpResponse) -> Refusal:
    """Return why a response refuses, as far as anybody has said."""
    told = getattr(response, "refusal", None)
    if isinstance(told, Refusal):
        return told
    status = response.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refusal(status, "internal_server_error", "Something went wrong here.")
    return Refusal(status, "invaliddata", "The request cannot be read.")


def status_document(refusal: Refusal, version: Version, request_id: str) -> dict[str, Any]:
    """Return the one object that an error consists of."""
    code = version.renamed_codes.get(refusal.minor, refusal.minor)
    named = {"imsx_messageRefIdentifier": request_id} if version.names_request else {}
    return {
        "imsx_codeMajor": refusal.major,
        "imsx_severity": "error",
        **named,
        "imsx_description": refusal.description,
        "imsx_CodeMinor": {
            "imsx_codeMinorField": [
                {
                    "imsx_codeMinorFieldName": "TargetEndSystem",
                    "imsx_codeMinorFieldValue": code,
                }
            ]
        },
    }
