"""What is measured of every request, and where Prometheus reads it."""

import hmac
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

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
        told = ["500"]

        def listen(status: str, *rest: Any) -> Any:
            told[0] = status[:3]
            return start_response(status, *rest)

        try:
            return app(environ, listen)
        finally:
            method = environ["REQUEST_METHOD"]
            REQUESTS.labels(
                method if method in METHODS else "other", environ.get(ROUTE, ""), told[0]
            ).observe(time.perf_counter() - began)

    return application


def _may_read(environ: dict[str, Any]) -> bool:
    shown = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1", "replace")
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(shown, expected)
