"""Which pages of other origins may use the API (CORS)."""

from typing import Any

from corsheaders.middleware import CorsMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from typing_extensions import override

from api.headers import tell


class Origins(CorsMiddleware):
    """Answers browsers; a program, which names no origin, only learns that browsers may differ."""

    @override
    def __call__(self, request: HttpRequest) -> Any:
        if request.META.get("HTTP_ORIGIN") or request.method == "OPTIONS":
            return super().__call__(request)
        response: HttpResponseBase = self.get_response(request)  # type: ignore[assignment]
        if self.is_enabled(request):
            _vary_by_origin(response)
        return response


def _vary_by_origin(response: HttpResponseBase) -> None:
    if response.has_header("Vary"):
        patch_vary_headers(response, ("origin",))
    else:
        tell(response, "Vary", "origin")
