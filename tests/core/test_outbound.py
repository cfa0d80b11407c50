"""Where the service may send to: judged when an address is given, and each time it is used."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.outbound import Target, is_public, may_connect, target_of
from core.posting import NotAnswered, post


@pytest.fixture(autouse=True)
def open_internet(settings) -> Any:
    settings.OUTBOUND_LOOPBACK = False
    settings.OUTBOUND_PORTS = []
    return settings


@pytest.mark.parametrize(
    ("url", "target", "authority"),
    [
        (
            "https://sis.example.org",
            Target("https", "sis.example.org", 443, "/"),
            "sis.example.org",
        ),
        (
            "https://SIS.example.org:443/a/b?c=d&e=%20",
            Target("https", "sis.example.org", 443, "/a/b?c=d&e=%20"),
            "sis.example.org",
        ),
        (
            "https://xn--bcher-kva.example?x",
            Target("https", "xn--bcher-kva.example", 443, "/?x"),
            "xn--bcher-kva.example",
        ),
        ("https://8.8.8.8/", Target("https", "8.8.8.8", 443, "/"), "8.8.8.8"),
        (
            "https://[2606:4700::1111]/",
            Target("https", "2606:4700::1111", 443, "/"),
            "[2606:4700::1111]",
        ),
    ],
)
def test_an_address_of_the_open_internet_is_read(url: str, target: Target, authority: str) -> None:
    assert target_of(url) == target
    assert target.authority == authority


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "invalid_url"),
        ("sis.example.org", "invalid_url"),
        ("//sis.example.org", "invalid_url"),
        ("ftp://sis.example.org", "invalid_url"),
        ("file:///etc/passwd", "invalid_url"),
        ("HTTPS://sis.example.org", "invalid_url"),
        ("https://", "invalid_url"),
        ("https:///path", "invalid_url"),
        ("https://sis.example.org/#fragment", "invalid_url"),
        ("https://sis.example.org/a b", "invalid_url"),
        ("https://sis.example.org\\@evil.example", "invalid_url"),
        ("https://sis.example.org/\r\nX: y", "invalid_url"),
        ("https://sis.example.org/\n", "invalid_url"),
        ("https://bücher.example", "invalid_url"),
        ("https://sis.example.org.", "invalid_url"),
        ("https://sis..example.org", "invalid_url"),
        ("https://-sis.example.org", "invalid_url"),
        ("https://" + "x" * 64 + ".example", "invalid_url"),
        ("https://sis.example.org:port/", "invalid_url"),
        ("https://sis.example.org:65536/", "invalid_url"),
        ("https://sis%2eexample.org/", "invalid_url"),
        ("https://[::1", "invalid_url"),
        ("https://intranet/", "invalid_url"),
        ("https://2130706433/", "invalid_url"),
        ("https://0x7f000001/", "invalid_url"),
        ("https://0x7f.1/", "invalid_url"),
        ("https://127.1/", "invalid_url"),
        ("https://0177.0.0.1/", "invalid_url"),
        ("https://1.2.3.4.5/", "invalid_url"),
        ("http://sis.example.org/", "https_required"),
        ("http://localhost/", "https_required"),
        ("https://user@sis.example.org/", "credentials_in_url"),
        ("https://user:password@sis.example.org/", "credentials_in_url"),
        ("https://sis.example.org@evil.example/", "credentials_in_url"),
        ("https://sis.example.org:8443/", "port_not_allowed"),
        ("https://sis.example.org:80/", "port_not_allowed"),
        ("https://sis.example.org:0/", "port_not_allowed"),
        ("https://localhost/", "address_not_public"),
        ("https://a.localhost/", "address_not_public"),
        ("https://printer.local/", "address_not_public"),
        ("https://metadata.google.internal/", "address_not_public"),
        ("https://router.home.arpa/", "address_not_public"),
        ("https://127.0.0.1/", "address_not_public"),
        ("https://169.254.169.254/latest/meta-data", "address_not_public"),
        ("https://[::1]/", "address_not_public"),
        ("https://[fe80::1%25eth0]/", "invalid_url"),
        ("https://[2606:4700::1111%eth0]/", "invalid_url"),
        ("https://[v1.foo]/", "invalid_url"),
        ("https://[::ffff:10.0.0.1]/", "address_not_public"),
    ],
)
def test_any_other_address_is_refused_with_the_reason(url: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        target_of(url)
    assert refusal.value.code == code
    assert refusal.value.messages[0].endswith(".")
    with pytest.raises(NotAnswered, match=r"\."):
        post(url, {}, b"")


NOT_PUBLIC = [
    "0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "192.0.0.8", "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::808:808", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:db8::1", "2001:20::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1",
    "5f00::1", "fc00::1", "fd00::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not may_connect(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_an_address_that_is_public_may_be_asked(address: str) -> None:
    assert may_connect(address)


def test_the_loopback_is_for_developers_alone(open_internet) -> None:
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert not may_connect(address)
    open_internet.OUTBOUND_LOOPBACK = True
    assert target_of("http://localhost:9000/x") == Target("http", "localhost", 9000, "/x")
    assert target_of("http://127.0.0.1:9000/x").authority == "127.0.0.1:9000"
    assert target_of("https://[::1]:9000/").authority == "[::1]:9000"
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert may_connect(address)
    for url in ("http://sis.example.org/", "http://10.0.0.1/", "http://a.localhost/"):
        with pytest.raises(ValidationError):
            target_of(url)
    assert not may_connect("10.0.0.1")


def test_a_port_can_be_allowed(open_internet) -> None:
    open_internet.OUTBOUND_PORTS = [8443]
    assert target_of("https://sis.example.org:8443/").authority == "sis.example.org:8443"
    assert target_of("https://sis.example.org/").port == 443


@pytest.mark.parametrize(
    "found",
    [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["8.8.8.8", "::1"], ["fe80::1%eth0"]],
    ids=str,
)
def test_a_name_that_leads_to_a_hidden_machine_is_asked_nothing(
    found: list[str], monkeypatch
) -> None:
    looked_up = [(0, 0, 0, "", (address, 443)) for address in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: looked_up)
    connected: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, place: connected.append(place))
    with pytest.raises(NotAnswered, match="does not lead to a machine on the open internet") as no:
        post("https://sis.example.org/", {}, b"")
    assert not any(address in str(no.value) for address in found)  # which is nobody's business
    assert connected == []
