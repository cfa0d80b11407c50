"""HTML pages: what they may load, and where somebody logs in from."""

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from typing_extensions import override

from api.people import ForPeople
from api.throttling import client_address


def login_address(request: HttpRequest) -> str | None:
    """Return the address that somebody logs in from; wrong passwords are counted by it."""
    return client_address(request.META) or None


class PagePolicy(ForPeople, CSPMiddleware):
    """Sends the Content-Security-Policy with HTML pages: nothing else loads anything."""

    @override
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
