"""Tokens for programs: OAuth 2.0 client credentials (RFC 6749, 4.4) and revocation (RFC 7009)."""

import json
from abc import abstractmethod
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.oauth2 import InvalidRequestError, OAuth2Error
from typing_extensions import override

from api.oauth import PARAMETERS, VISIBLE
from api.problems import RETRY_AFTER_SECONDS

FORM = "application/x-www-form-urlencoded"


@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(sensitive_post_parameters("client_secret", "token"), name="dispatch")
class OAuthView(OAuthLibMixin, View):  # type: ignore[misc]
    """An endpoint for programs: a form comes in, JSON goes out whatever happens, and is not kept.

    Errors are OAuth's own, not problem documents: it is OAuth's clients that read them.
    """

    http_method_names = ("post",)

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except OAuth2Error as refusal:
            response = JsonResponse(dict(refusal.twotuples), status=refusal.status_code)
        except (OperationalError, InterfaceError):
            response = _unavailable()
        response.headers["Cache-Control"] = "no-store"
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read the form, and answer it."""
        check_form(request)
        _url, _headers, body, status = self.answer(request)
        response = JsonResponse(json.loads(body or "{}"), status=status)
        if status == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = 'Basic realm="schoolday"'
        return response

    @abstractmethod
    def answer(self, request: HttpRequest) -> tuple[Any, Any, str, int]:
        """Return what the library says: an address, headers, a body and a status."""

    @override
    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        allowed = super().http_method_not_allowed(request, *args, **kwargs).headers["Allow"]
        refusal = InvalidRequestError("Send a form with POST.")
        return JsonResponse(
            dict(refusal.twotuples),
            status=HTTPStatus.METHOD_NOT_ALLOWED,
            headers={"Allow": allowed},
        )


class TokenView(OAuthView):
    """Gives a program a token for its id and secret."""

    @override
    def answer(self, request: HttpRequest) -> tuple[Any, Any, str, int]:
        return self.create_token_response(request)  # type: ignore[no-any-return]


class RevokeView(OAuthView):
    """Takes a token back; whether there was such a token is not told."""

    @override
    def answer(self, request: HttpRequest) -> tuple[Any, Any, str, int]:
        return self.create_revocation_response(request)  # type: ignore[no-any-return]


def check_form(request: HttpRequest) -> None:
    """Require a form whose parameters are each given once, in characters that OAuth knows.

    Raises InvalidRequestError.
    """
    form = _form(request)
    for name in PARAMETERS:
        values = form.getlist(name)
        if len(values) > 1:
            raise InvalidRequestError(f"The parameter {name} is given twice.")
        if not all(VISIBLE.fullmatch(value) for value in values):
            raise InvalidRequestError(f"The parameter {name} has characters it cannot have.")
    if "client_secret" in form and "Authorization" in request.headers:
        raise InvalidRequestError("Show the secret in one way: in the header or in the form.")


def _form(request: HttpRequest) -> QueryDict:
    if request.content_type != FORM:
        raise InvalidRequestError(f"Send the parameters as {FORM}.")
    if request.META.get("QUERY_STRING"):
        raise InvalidRequestError("Send the parameters in the body, not in the address.")
    try:
        return request.POST
    except (BadRequest, SuspiciousOperation) as error:
        raise InvalidRequestError("The form cannot be read.") from error


def _unavailable() -> HttpResponse:
    body = {
        "error": "temporarily_unavailable",
        "error_description": "The database does not answer. Try again in a moment.",
    }
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return JsonResponse(body, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
