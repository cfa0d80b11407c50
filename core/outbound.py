"""Where the service may send to: the open internet, by names that are looked up each time.

Whoever may name an address could otherwise make the service ask machines that only it can reach.
An address is judged when somebody gives it, and again with every request: what a name leads to can
change at any moment. See docs/adr/0012.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

Address = IPv4Address | IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
WRITTEN = re.compile(r"https?://[!$-;=?-\[\]_a-z~]+")
"""What an address is made of: ASCII without spaces, quotes, backslashes or a fragment."""
NAME = re.compile(r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}")
"""A name with a dot in it whose last label is no number, in whatever way numbers are written."""
NEVER_PUBLIC = re.compile(r"(.*\.)?(localhost|local|internal|home\.arpa)")
NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # of protocols
        "192.88.99.0/24",  # relays of 6to4
        "::/96",  # IPv4 in an old spelling
        "64:ff9b::/96",  # NAT64: IPv4 of whatever kind
        "64:ff9b:1::/48",
        "2001::/23",  # of protocols, among them Teredo
        "2002::/16",  # 6to4: IPv4 of whatever kind
        "3fff::/20",  # of documents
        "5f00::/16",  # of routers
        "fec0::/10",  # of sites, once
    )
)
"""What `is_global` calls public, in one release of Python or another, and is not."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an address says, read once: nobody reads it a second time in another way."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query."""

    @property
    def authority(self) -> str:
        """Return the host as requests name it, with the port if that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """Return what an address says. Raises ValidationError if nothing may be sent there."""
    parts = _split(url)
    host, port = _host_of(parts), _port_of(parts)
    is_here = settings.OUTBOUND_LOOPBACK and _is_this_machine(host)
    if parts.scheme != "https" and not is_here:
        message = _("The address must begin with https://, so that nobody reads along.")
        raise ValidationError(message, "https_required")
    if port not in {443, *settings.OUTBOUND_PORTS} and not is_here:
        message = _("The port %(port)s is not allowed; use 443, or ask who runs this service.")
        raise ValidationError(message, "port_not_allowed", {"port": port})
    if not is_here:
        _require_public_name(host)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Target(parts.scheme, host, port, path)


def may_connect(address: str) -> bool:
    """Return whether the service may connect to what a name leads to."""
    ip = ip_address(address)
    return is_public(ip) or (settings.OUTBOUND_LOOPBACK and _unwrapped(ip).is_loopback)


def is_public(ip: Address) -> bool:
    """Return whether an address is one of the open internet, and of one machine."""
    ip = _unwrapped(ip)
    is_special = ip.is_multicast or ip.is_reserved or any(ip in each for each in NOT_PUBLIC)
    return ip.is_global and not is_special


def _unwrapped(ip: Address) -> Address:
    return getattr(ip, "ipv4_mapped", None) or ip


def _split(url: str) -> SplitResult:
    if not WRITTEN.fullmatch(url):
        raise _unreadable()
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # reading it is the check
    except ValueError as error:
        raise _unreadable() from error
    if "@" in parts.netloc:
        message = _("The address must hold no user name and no password.")
        raise ValidationError(message, "credentials_in_url")
    return parts


def _host_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    is_readable = NAME.fullmatch(host) or _literal(host) or NEVER_PUBLIC.fullmatch(host)
    is_in_brackets = "[" in parts.netloc
    if not is_readable or "%" in host or is_in_brackets != (":" in host):
        raise _unreadable()
    return host


def _port_of(parts: SplitResult) -> int:
    return DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port


def _literal(host: str) -> Any:
    """Return the address that a host is written as, or None if it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_this_machine(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" if literal is None else literal.is_loopback


def _require_public_name(host: str) -> None:
    literal = _literal(host)
    is_hidden = NEVER_PUBLIC.fullmatch(host) if literal is None else not is_public(literal)
    if is_hidden:
        message = _("The address must lead to a machine on the open internet; %(host)s does not.")
        raise ValidationError(message, "address_not_public", {"host": host})


def _unreadable() -> ValidationError:
    message = _("This is not an address. Write https://, the name of a machine, and a path.")
    return ValidationError(message, "invalid_url")
