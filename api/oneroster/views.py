"""The endpoints: a token is read, a page or an object is found, and told."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from api.conditions import asks_anew
from api.credentials import Credential
from api.lasting import LASTING, Lasting, Span
from api.oneroster import queries, shapes
from api.oneroster.addresses import absolute
from api.oneroster.callers import count, require_caller
from api.oneroster.collections import ORGS, Collection, fields_for
from api.oneroster.conditions import Condition, every
from api.oneroster.errors import Refusal, RefusedResponse, busy, read_only, unknown_object
from api.oneroster.kept import Page, kept
from api.oneroster.pages import links, read_names, read_page
from api.oneroster.versions import Version
from api.problems import RETRY_AFTER_SECONDS
from core.metadata import is_storable
from scheduling.access import ANYBODY
from scheduling.oneroster import roster_state

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Call:
    """A request that may be answered."""

    request: HttpRequest
    caller: Credential
    root: str
    """The address that every other begins with."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One name in addresses: what of which collection it shows."""

    name: str
    """What one of its objects is called to people."""
    collection: Collection
    types: tuple[str, ...] = ()
    """The types that it shows; all if it names none."""


def collection_view(endpoint: Endpoint, version: Version, path: str) -> View:
    """Return the view of a collection."""

    def answer(call: Call) -> HttpResponse:
        return _page(call, endpoint.collection, queries.typed(*endpoint.types))

    return _reading(answer, version, path)


def single_view(endpoint: Endpoint, version: Version, path: str) -> View:
    """Return the view of one object, by its id."""

    def answer(call: Call, sourced_id: str) -> HttpResponse:
        collection = endpoint.collection
        names = read_names(call.request.GET, collection)
        found = _require(call, endpoint, sourced_id)
        if collection is not ORGS:  # an org names others, which are not the same for all
            _keep(call, found)
        body = shapes.single(collection, found.body, names, call.caller, call.root)
        return _answer(body)

    return _reading(answer, version, path)


def parts_view(whole: Endpoint, parts: Endpoint, version: Version, path: str) -> View:
    """Return the view of the sessions that an object has: a school's terms, a term's periods."""

    def answer(call: Call, sourced_id: str) -> HttpResponse:
        found = _require(call, whole, sourced_id)
        own = every([queries.parts_of(whole.collection, found), queries.typed(*parts.types)])
        return _page(call, parts.collection, own)

    return _reading(answer, version, path, is_core=False)


@csrf_exempt
def nowhere_view(request: HttpRequest) -> HttpResponse:
    """Refuse an address that is none, and count it."""
    try:
        count(request, ANYBODY)
    except Refusal as refusal:
        return RefusedResponse(refusal)
    return RefusedResponse(unknown_object("There is nothing at this address."))


def _reading(
    answer: Callable[..., HttpResponse], version: Version, path: str, *, is_core: bool = True
) -> View:
    """Return a view that only reads, for programs with the scope."""

    @csrf_exempt
    def view(request: HttpRequest, **named: str) -> HttpResponse:
        try:
            if request.method not in {"GET", "HEAD"}:
                count(request, ANYBODY)
                raise read_only()
            caller = require_caller(request, version, is_core=is_core)
            return answer(Call(request, caller, absolute(request, path)), **named)
        except Refusal as refusal:
            return RefusedResponse(refusal)
        except (OperationalError, InterfaceError):
            return RefusedResponse(busy(RETRY_AFTER_SECONDS))

    return view


def _page(call: Call, collection: Collection, condition: Condition) -> HttpResponse:
    """Answer a page: one that is kept, if the roster is still in the state that it shows."""
    request, caller = call.request, call.caller
    if caller.reach.everywhere:  # a state of everything takes longer than a page
        return _told(_made(call, collection, condition))
    state = roster_state(caller.reach, anew=asks_anew(request.META))
    asked = (call.root, request.path_info, request.META.get("QUERY_STRING", ""))
    found = kept(
        (state, caller.reach, caller.tells_last_day, *asked),
        lambda: _made(call, collection, condition),
    )
    return _told(found)


def _told(page: Page) -> HttpResponse:
    response = _answer(page.body)
    response.headers["X-Total-Count"] = str(page.total)
    response.headers["Link"] = page.links
    return response


def _made(call: Call, collection: Collection, condition: Condition) -> Page:
    query, caller = call.request.GET, call.caller
    fields = fields_for(collection, tells_last_day=caller.tells_last_day)
    asked = read_page(query, collection, fields)
    shown = every([queries.visible(collection, caller.reach), condition])
    bodies, total = queries.page(collection, shown, asked)
    body = shapes.listed(collection, bodies, asked.names, caller, call.root)
    address = absolute(call.request, call.request.path_info)
    return Page(body, total, links(address, query, asked, total))


def _require(call: Call, endpoint: Endpoint, sourced_id: str) -> queries.Found:
    """Return an object that the caller may see. Raises Refusal."""
    collection = endpoint.collection
    shown = [queries.visible(collection, call.caller.reach), queries.typed(*endpoint.types)]
    found = queries.one(collection, every(shown), sourced_id) if is_storable(sourced_id) else None
    if found is None:
        message = f"No {endpoint.name} with sourcedId '{sourced_id}'."
        raise unknown_object(message)
    return found


def _keep(call: Call, found: queries.Found) -> None:
    """Let the door give the answer again, as long as the token's roles are believed.

    The state was read with the object.
    """
    if found.school_id is not None and found.token is not None:
        now = time.time()
        span = Span(now, now + settings.CREDENTIAL_MAX_AGE)
        call.request.META[LASTING] = Lasting(
            str(found.school_id), found.token, span, needs_role=True
        )


def _answer(body: bytes) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/json", headers=headers)
