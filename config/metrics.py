"""What is measured of every request, and where Prometheus reads it."""

import hmac
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.conf import settings
from prometheus_client import Histogram

from api.middleware import ROUTE
from core.metrics import CONTENT_TYPE, REQUESTS, exposition

App = Callable[[dict[str, Any], Any], Iterable[bytes]]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def measured(app: App) -> App:
    """Time each request until its answer begins; answer `/metrics` to whoever has METRICS_TOKEN.

    Without that setting there is no such address.
    """

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/metrics" and _may_read(environ):
            start_response("200 OK", [("Content-Type", CONTENT_TYPE)])
            return [exposition()]
        began = time.perf_counter()
        told = "500"

        def listen(status: str, *rest: Any) -> Any:
            nonlocal told
            told = status[:3]
            return start_response(status, *rest)

        try:
            return app(environ, listen)
        finally:
            took = time.perf_counter() - began
            method = environ["REQUEST_METHOD"]
            method = method if method in METHODS else "other"
            _times(method, environ.get(ROUTE, ""), told).observe(took)

    return application


@cache
def _times(method: str, route: str, status: str) -> Histogram:
    return REQUESTS.labels(method, route, status)


def _may_read(environ: dict[str, Any]) -> bool:
    shown = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1", "replace")
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(shown, expected)
