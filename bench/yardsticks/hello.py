"""A WSGI function that says a constant: as fast as the server can be from Python."""

from collections.abc import Callable, Iterable
from typing import Any

from bench.yardsticks.answers import ANSWERS

RESPONSES = {
    f"/{name}": (
        [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
        [body],
    )
    for name, body in ANSWERS.items()
}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer the constant of the path."""
    headers, body = RESPONSES[environ["PATH_INFO"]]
    start_response("200 OK", headers)
    return body
