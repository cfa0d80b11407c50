"""How much one caller may ask in a minute."""

import json
from collections.abc import Callable
from functools import lru_cache, wraps
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from typing_extensions import override

from api import problems
from api.authentication import actor_of
from api.headers import tell
from core.limits import take
from scheduling.access import Actor

GetResponse = Callable[..., HttpResponse]
AnyView = Callable[..., HttpResponseBase]

Meta = dict[str, Any]
"""A request's META: what the server says of it."""

WINDOW_SECONDS = 60
ADDRESSES_REMEMBERED = 10_000
COUNTED = "schoolday.counted"
"""Where a request's META says under which policy it was counted, and with what result."""


class TooManyRequests(exceptions.Throttled):
    """A caller that has used up its minute; it is told when the next one begins."""

    wait: int
    default_detail = _("That is too much for one minute.")
    extra_detail_singular = _("Try again in {wait} second.")  # type: ignore[assignment]
    extra_detail_plural = _("Try again in {wait} seconds.")  # type: ignore[assignment]


class CallerThrottle(BaseThrottle):
    """A known caller has one quota, wherever it asks from; everybody else has that of an address.

    A school's classrooms share an address, so an address may ask a lot.
    """

    @override
    def allow_request(self, request: Request, view: Any) -> bool:
        """Return True. Raises TooManyRequests, which says it better than REST framework would."""
        count_caller(request.META, actor_of(request))
        return True


def rate_limits(get_response: GetResponse) -> GetResponse:
    """Tell everybody whose request was counted what is left of the minute.

    Under /api all are counted. A request that was refused before its view could count it, for a
    token that is no good or a route that does not exist, counts for its address: nobody may guess
    tokens all day long.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if COUNTED not in request.META and request.path_info.startswith("/api/"):
            try:
                _count_address(request.META)
            except TooManyRequests as refusal:
                response = _refused(request, refusal)
        for name, value in limit_fields(request.META):
            tell(response, name, value)
        return response

    return middleware


def limited(view: AnyView) -> AnyView:
    """Let an address ask for tokens TOKEN_RATE_LIMIT_PER_MINUTE times a minute, and not more.

    Checking a secret is slow on purpose. A token lasts an hour, so the few dozen programs behind
    the one address of a district office stay far below, even when all of them start at once.
    """

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        limit = settings.TOKEN_RATE_LIMIT_PER_MINUTE
        try:
            _count(request.META, _address_name(client_address(request.META)), limit, policy="token")
        except TooManyRequests as refusal:
            return _refused(request, refusal)
        return view(request, *args, **kwargs)

    return counted


def count_caller(meta: Meta, actor: Actor) -> None:
    """Count a request for its sender, once. Raises TooManyRequests."""
    if actor.application is not None:
        _count(meta, f"application:{actor.application.pk}", settings.RATE_LIMIT_PER_MINUTE)
    elif actor.user is not None:
        _count(meta, f"user:{actor.user.pk}", settings.RATE_LIMIT_PER_MINUTE)
    else:
        _count_address(meta)


def limit_fields(meta: Meta) -> list[tuple[str, str]]:
    """Return the fields of draft-ietf-httpapi-ratelimit-headers, if the request was counted."""
    policy, taken = meta.get(COUNTED, ("", None))
    if taken is None:
        return []
    return [
        ("RateLimit-Policy", f'"{policy}";q={taken.limit};w={WINDOW_SECONDS}'),
        ("RateLimit", f'"{policy}";r={taken.remaining};t={taken.reset_seconds}'),
    ]


def client_address(meta: Meta) -> str:
    """Return the address that a request comes from; "" if nobody can tell.

    The last NUM_PROXIES addresses of X-Forwarded-For were added by proxies of ours, each of which
    saw the one it added. What stands before them anybody may have made up.
    """
    hops = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
    forwarded = hops[-settings.NUM_PROXIES :][0] if settings.NUM_PROXIES else ""
    return _first_address(forwarded, meta.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=ADDRESSES_REMEMBERED)
def _first_address(*texts: str) -> str:
    addresses = (_parsed(text) for text in texts)
    return str(next((each for each in addresses if each is not None), ""))


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, which some proxies write with a port: 192.0.2.1:5000, [2001:db8::1]:5000.

    IPv4 written as IPv6 is IPv4.
    """
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=ADDRESSES_REMEMBERED)
def _address_name(text: str) -> str:
    """Name an address; of IPv6 its network of 64 bits, for everybody has a whole one."""
    address = _parsed(text)
    if isinstance(address, IPv6Address):
        return f"address:{IPv6Network((int(address) >> 64 << 64, 64))}"
    return f"address:{address or 'unknown'}"


def _count_address(meta: Meta) -> None:
    _count(meta, _address_name(client_address(meta)), settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE)


def _count(meta: Meta, caller: str, limit: int, policy: str = "default") -> None:
    """Count a request that is not counted yet, unless the limit is 0, which is none.

    Raises TooManyRequests.
    """
    if COUNTED not in meta:
        taken = take(f"{policy}:{caller}", limit, WINDOW_SECONDS) if limit else None
        meta[COUNTED] = policy, taken
    _policy, taken = meta[COUNTED]
    if taken is not None and not taken.allowed:
        raise TooManyRequests(taken.reset_seconds)


def _refused(request: HttpRequest, refusal: TooManyRequests) -> HttpResponse:
    """Return the problem document for a request that no view of ours answers."""
    document = problems.problem(
        refusal.status_code,
        problems.code_of(refusal),
        detail=refusal.detail,
        instance=request.path,
    )
    return HttpResponse(
        json.dumps(document),
        status=refusal.status_code,
        content_type=problems.CONTENT_TYPE,
        headers={"Retry-After": str(refusal.wait)},
    )
