"""The short way: past what Django does for people alone.

A program shows a token, and anybody may read a public school; neither has a session, a form to
forge or a page to leave a message on. So whatever asks the API without a cookie, at an allowed
name and as securely as is demanded, goes from `short_way_in` straight to `short_way_out`, past all
middleware between them: that would find nothing to do, and the headers which it gives to every
answer are given by `api.headers`. Nobody can tell which way a request took.
"""

from collections.abc import Callable
from threading import local

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.headers import are_usual_for

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PROGRAMS_PATH = "/api/v1/"


def is_for_people(request: HttpRequest) -> bool:
    """Return whether a request may be a person's: it has a cookie, or is not for the API."""
    is_for_api = request.path_info.startswith(PROGRAMS_PATH)
    return not is_for_api or bool(request.META.get("HTTP_COOKIE"))


def short_way_in(get_response: GetResponse) -> GetResponse:
    """Let programs go past the middleware up to `short_way_out`."""
    beyond: GetResponse = _loading.beyond

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return (get_response if _has_to_stop(request) else beyond)(request)

    return middleware


def short_way_out(get_response: GetResponse) -> GetResponse:
    """Mark where programs join the others. Django builds this before `short_way_in`."""
    _loading.beyond = get_response
    return get_response


def _has_to_stop(request: HttpRequest) -> bool:
    """Return whether the long way may have something to say."""
    if is_for_people(request) or not are_usual_for(request):
        return True
    try:
        request.get_host()
    except DisallowedHost:
        return True
    return False


_loading = local()
"""What this thread has built last of the chain that it is loading."""
