"""Sending to a machine that somebody else has named: only there, and not for ever."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from select import select
from threading import Event
from typing import Any

import httpcore
import pytest
import trustme

from core import posting
from core.posting import NotAnswered, post
from tests.scheduling.webhooks.receiver import Receiver, receiving

NAME = "sis.example.org"


@pytest.fixture(autouse=True)
def _loopback(settings) -> None:
    settings.OUTBOUND_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def authority(monkeypatch, tmp_path) -> Iterator[trustme.CA]:
    """Yield an authority for certificates that this machine trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    posting.trusted.cache_clear()
    yield authority
    posting.trusted.cache_clear()


def context_of(authority: trustme.CA, name: str, seen: list[Any]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    context.sni_callback = lambda _socket, asked, _context: seen.append(asked)
    return context


def lead(monkeypatch: Any, *answers: list[str]) -> list[str]:
    """Let the name lead somewhere, each time it is looked up to something else."""
    asked: list[str] = []
    left = iter(answers)

    def look_up(host: str, port: int, **_named: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in next(left)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_the_name_is_looked_up_once_and_its_certificate_is_asked_for(
    authority, monkeypatch, settings
) -> None:
    seen: list[Any] = []
    with receiving(context_of(authority, NAME, seen)) as receiver:
        settings.OUTBOUND_PORTS = [receiver.port]
        asked = lead(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
        answer = post(f"https://{NAME}:{receiver.port}/hook?a=b", {"x-a": "b"}, b"{}")
        assert answer.status == 204
        with pytest.raises(NotAnswered, match="open internet"):
            post(f"https://{NAME}:{receiver.port}/hook", {}, b"{}")
    (message,) = receiver.messages
    assert (message.path, message.body) == ("/hook?a=b", b"{}")
    assert message.headers["host"] == f"{NAME}:{receiver.port}"
    assert message.headers["x-a"] == "b"
    assert seen == [NAME]
    assert asked == [NAME, NAME]


def test_the_certificate_of_another_is_refused(authority, monkeypatch, settings) -> None:
    with receiving(context_of(authority, "other.example.org", [])) as receiver:
        settings.OUTBOUND_PORTS = [receiver.port]
        lead(monkeypatch, ["127.0.0.1"])
        with pytest.raises(NotAnswered, match="certificate"):
            post(f"https://{NAME}:{receiver.port}/", {}, b"")
    assert receiver.messages == []


def test_a_certificate_of_nobody_known_is_refused(monkeypatch, settings) -> None:
    with receiving(context_of(trustme.CA(), NAME, [])) as receiver:
        settings.OUTBOUND_PORTS = [receiver.port]
        lead(monkeypatch, ["127.0.0.1"])
        with pytest.raises(NotAnswered, match="certificate"):
            post(f"https://{NAME}:{receiver.port}/", {}, b"")
    assert receiver.messages == []


def test_another_address_of_the_name_is_tried(receiver, monkeypatch) -> None:
    lead(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    assert post(f"http://localhost:{receiver.port}/", {}, b"").status == 204


def test_no_proxy_is_asked(receiver, monkeypatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(receiver.url, {}, b"").status == 204


def test_a_long_answer_is_cut(receiver) -> None:
    receiver.status, receiver.text = 200, b"x" * 1_000_000
    answer = post(receiver.url, {}, b"")
    assert answer.text == b"x" * 65_536


def drip(parts: Iterator[bytes]) -> Any:
    """Return what sends bytes one after the other, slowly, until nobody listens any more."""

    def react(request: Any) -> bool:
        with suppress(OSError):
            for part in parts:
                request.connection.sendall(part)
                if select([request.connection], [], [], 0.01)[0]:
                    break  # somebody has hung up
        return True

    return react


def endless(beginning: bytes) -> Iterator[bytes]:
    yield beginning
    while True:
        yield b"x"


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(receiver, monkeypatch) -> None:
    monkeypatch.setattr(posting, "DEADLINE_SECONDS", 0.2)
    receiver.react = drip(endless(b"HTTP/1.1 200 OK\r\nX: "))
    began = time.monotonic()
    with pytest.raises(NotAnswered, match="no answer within"):
        post(receiver.url, {}, b"")
    assert time.monotonic() - began < 5


def test_a_text_that_comes_byte_by_byte_is_not_waited_for_but_its_status_counts(
    receiver, monkeypatch
) -> None:
    monkeypatch.setattr(posting, "BODY_SECONDS", 0.1)
    receiver.react = drip(endless(b"HTTP/1.1 202 Accepted\r\nContent-Length: 9000\r\n\r\n"))
    answer = post(receiver.url, {}, b"")
    assert answer.status == 202
    assert set(answer.text) == {ord("x")}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        pytest.param([], "The connection failed", id="hangs-up"),
        pytest.param([b"220 mail.example.org ESMTP\r\n\r\n"], "The connection failed", id="mail"),
        pytest.param([b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000], "The connection", id="headers"),
    ],
)
def test_what_is_no_answer_is_told(receiver, sent: list[bytes], told: str) -> None:
    receiver.react = drip(iter(sent))
    with pytest.raises(NotAnswered, match=told):
        post(receiver.url, {}, b"")


def test_a_body_that_breaks_off_leaves_the_status(receiver) -> None:
    receiver.react = drip(iter([b"HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\nabc"]))
    assert post(receiver.url, {}, b"").status == 201


def test_a_name_that_nobody_knows_in_time_is_not_waited_for(monkeypatch) -> None:
    monkeypatch.setattr(posting, "DEADLINE_SECONDS", 0.05)
    end = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: end.wait(60))
    began = time.monotonic()
    with pytest.raises(NotAnswered, match="no answer within"):
        post("https://sis.example.org/", {}, b"")
    end.set()
    assert time.monotonic() - began < 30


def test_a_machine_that_does_not_answer_is_told(monkeypatch) -> None:
    async def connect(*_args: Any, **_named: Any) -> Any:
        raise httpcore.ConnectTimeout

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    with pytest.raises(NotAnswered, match="cannot be reached"):
        post("http://127.0.0.1:9/", {}, b"")


def test_a_name_without_an_address_is_told(monkeypatch) -> None:
    lead(monkeypatch, [])
    with pytest.raises(NotAnswered, match="has no address"):
        post("https://sis.example.org/", {}, b"")
