"""What HTML pages tell the browser."""

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from typing_extensions import override


class PagePolicy(CSPMiddleware):
    """Sends the Content-Security-Policy with HTML pages: nothing else loads anything."""

    @override
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
