"""Sending something to a machine that somebody else has named: carefully, and once.

The name is looked up with each request, every address that it leads to is judged, and one of these
is what is connected to: nobody looks the name up again. The certificate is still that of the name.
No redirect is followed, no proxy is asked, and no answer is waited for longer than DEADLINE_SECONDS
in all, however slowly it comes.
"""

import socket
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import anyio
import anyio.to_thread
import httpcore
from django.core.exceptions import ValidationError
from typing_extensions import override

from core.outbound import Target, may_connect, target_of

DEADLINE_SECONDS = 15.0
CONNECT_SECONDS = 5.0
"""For each of the addresses of a name: the next may answer."""
BODY_SECONDS = 2.0
"""How long the text of an answer is waited for, whose status is known by then."""
LARGEST_ANSWER = 64 * 1024
MOST_ADDRESSES = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered."""

    status: int
    retry_after: str
    text: bytes
    """How it begins."""


class NotAnswered(Exception):  # noqa: N818  # no fault of the program
    """Nobody answered, or nobody may be asked; the text says why, for people."""


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a body, and return the answer whatever it is. Raises NotAnswered."""
    try:
        target = target_of(url)
    except ValidationError as refusal:
        raise NotAnswered(refusal.messages[0]) from refusal
    return anyio.run(_post, target, headers, body)


@cache
def trusted() -> ssl.SSLContext:
    """Return what certificates are judged by: the authorities that this machine trusts."""
    return ssl.create_default_context()


async def _post(target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
    try:
        with anyio.fail_after(DEADLINE_SECONDS):
            return await _answer(target, headers, body, await _looked_up(target))
    except TimeoutError as error:
        message = f"There was no answer within {DEADLINE_SECONDS:.0f} seconds."
        raise NotAnswered(message) from error
    except httpcore.ConnectTimeout as error:
        message = "The machine cannot be reached."
        raise NotAnswered(message) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        message = f"The connection failed: {error}"
        raise NotAnswered(message) from error


async def _looked_up(target: Target) -> list[str]:
    """Return the addresses that a name leads to. Raises NotAnswered unless all may be asked."""
    ask: Any = partial(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
    try:
        found = await anyio.to_thread.run_sync(ask, abandon_on_cancel=True)
    except (OSError, UnicodeError) as error:
        message = f"There is no machine called {target.host}."
        raise NotAnswered(message) from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not all(map(may_connect, addresses)):
        message = f"{target.host} does not lead to a machine on the open internet."
        raise NotAnswered(message)
    return addresses


async def _answer(
    target: Target, headers: Mapping[str, str], body: bytes, addresses: Iterable[str]
) -> Answer:
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    named = [("host", target.authority), *headers.items()]
    timeouts = {"timeout": {"connect": CONNECT_SECONDS}}
    async with (
        httpcore.AsyncConnectionPool(trusted(), network_backend=_Pinned(addresses)) as pool,
        pool.stream("POST", url, headers=named, content=body, extensions=timeouts) as answer,
    ):
        told = {name.lower(): value for name, value in answer.headers}
        retry_after = told.get(b"retry-after", b"").decode("latin-1")
        return Answer(answer.status, retry_after, await _beginning(answer))


async def _beginning(answer: httpcore.Response) -> bytes:
    """Return the text of an answer as far as it comes soon and undisturbed."""
    text = b""
    with anyio.move_on_after(BODY_SECONDS), suppress(httpcore.NetworkError, httpcore.ProtocolError):
        async for part in answer.aiter_stream():
            text += part
            if len(text) >= LARGEST_ANSWER:
                break
    return text[:LARGEST_ANSWER]


class _Pinned(httpcore.AnyIOBackend):
    """Connects to addresses that have been judged, whatever the name leads to by now."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = list(addresses)[:MOST_ADDRESSES]

    @override
    async def connect_tcp(self, host: str, *args: Any, **kwargs: Any) -> Any:
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses:
            try:
                return await super().connect_tcp(address, *args, **kwargs)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure
