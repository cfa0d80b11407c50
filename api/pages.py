"""HTML pages: what they may load, and where somebody logs in from."""

from typing import Any

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from typing_extensions import override

from api.people import is_for_people
from api.throttling import client_address


def login_address(request: HttpRequest) -> str | None:
    """Return the address that somebody logs in from; wrong passwords are counted by it."""
    return client_address(request.META) or None


class PagePolicy(CSPMiddleware):
    """Sends the Content-Security-Policy with HTML pages: nothing else loads anything."""

    @override
    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if is_for_people(request) else self.get_response(request)

    @override
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
