"""How much one caller may ask in a minute."""

import json
from collections.abc import Callable
from functools import wraps
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
from core.limits import Taken, take

GetResponse = Callable[..., HttpResponse]
AnyView = Callable[..., HttpResponseBase]

WINDOW_SECONDS = 60
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
        actor = actor_of(request)
        if actor.application is not None:
            _count(request, f"application:{actor.application.pk}", settings.RATE_LIMIT_PER_MINUTE)
        elif actor.user is not None:
            _count(request, f"user:{actor.user.pk}", settings.RATE_LIMIT_PER_MINUTE)
        else:
            _count_address(request)
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
                _count_address(request)
            except TooManyRequests as refusal:
                response = _refused(request, refusal)
        policy, taken = request.META.get(COUNTED, ("", None))
        return response if taken is None else _told(response, policy, taken)

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
            _count(request, _address_name(request), limit, policy="token")
        except TooManyRequests as refusal:
            return _refused(request, refusal)
        return view(request, *args, **kwargs)

    return counted


def client_address(request: HttpRequest | Request) -> str:
    """Return the address that a request comes from; "" if nobody can tell.

    The last NUM_PROXIES addresses of X-Forwarded-For were added by proxies of ours, each of which
    saw the one it added. What stands before them anybody may have made up.
    """
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    forwarded = hops[-settings.NUM_PROXIES :][0] if settings.NUM_PROXIES else ""
    address = _parsed(forwarded) or _parsed(request.META.get("REMOTE_ADDR", ""))
    return "" if address is None else str(address)


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


def _address_name(request: HttpRequest | Request) -> str:
    """Name an address; of IPv6 its network of 64 bits, for everybody has a whole one."""
    address = _parsed(client_address(request))
    if isinstance(address, IPv6Address):
        return f"address:{IPv6Network((int(address) >> 64 << 64, 64))}"
    return f"address:{address or 'unknown'}"


def _count_address(request: HttpRequest | Request) -> None:
    _count(request, _address_name(request), settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE)


def _count(
    request: HttpRequest | Request, caller: str, limit: int, policy: str = "default"
) -> None:
    """Count a request, unless the limit is 0, which is none. Raises TooManyRequests."""
    taken = take(f"{policy}:{caller}", limit, WINDOW_SECONDS) if limit else None
    request.META[COUNTED] = policy, taken
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


def _told(response: HttpResponse, policy: str, taken: Taken) -> HttpResponse:
    """Add the fields of draft-ietf-httpapi-ratelimit-headers."""
    response.headers["RateLimit-Policy"] = f'"{policy}";q={taken.limit};w={WINDOW_SECONDS}'
    response.headers["RateLimit"] = f'"{policy}";r={taken.remaining};t={taken.reset_seconds}'
    return response
