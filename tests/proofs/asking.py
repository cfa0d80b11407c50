"""Callers of a running service, and what they were told."""

import http.client
import time
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

SECONDS = 60


class Told(NamedTuple):
    """An answer, and when it was asked for, by the monotonic clock."""

    began: float
    status: int
    headers: dict[str, str]
    """By their names in small letters."""
    body: str

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")


class Caller:
    """One caller of one service, with one connection."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Told:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        began = time.monotonic()
        self._connection.request(method, path, body or None, sent)
        answer = self._connection.getresponse()
        given = {name.lower(): value for name, value in answer.getheaders()}
        return Told(began, answer.status, given, answer.read().decode())
