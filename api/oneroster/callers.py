"""Who asks for a roster: a program with a token for it."""

from http import HTTPStatus

from django.http import HttpRequest

from api.credentials import Credential, credential_of, secret_of
from api.oneroster.errors import Refusal, busy
from api.oneroster.versions import Version
from api.throttling import TooManyRequests, count_caller
from scheduling.access import ANYBODY, Actor

CHALLENGE = 'Bearer realm="schoolday"'


def require_caller(request: HttpRequest, version: Version, *, is_core: bool) -> Credential:
    """Return what the caller shows, and count the request. Raises Refusal.

    A person's session is nothing here: rosters are for programs.
    """
    secret = secret_of(request.META.get("HTTP_AUTHORIZATION", ""))
    credential = None if secret is None else credential_of(secret)
    count(request, ANYBODY if credential is None else credential.actor)
    if secret is None:
        raise _unauthorised("Send an access token: Authorization: Bearer …", CHALLENGE)
    if credential is None:
        wrong = f'{CHALLENGE}, error="invalid_token"'
        raise _unauthorised("This token is not valid, or not any more.", wrong)
    needed = version.scopes(is_core=is_core)
    if not needed & credential.scopes:
        raise _forbidden(needed)
    return credential


def count(request: HttpRequest, actor: Actor) -> None:
    """Count a request for its sender. Raises Refusal if the minute is used up."""
    try:
        count_caller(request.META, actor)
    except TooManyRequests as refusal:
        raise busy(refusal.wait, HTTPStatus.TOO_MANY_REQUESTS) from refusal


def _unauthorised(description: str, challenge: str) -> Refusal:
    headers = {"WWW-Authenticate": challenge}
    return Refusal(HTTPStatus.UNAUTHORIZED, "unauthorisedrequest", description, headers=headers)


def _forbidden(needed: frozenset[str]) -> Refusal:
    scope = " ".join(sorted(needed))
    return Refusal(
        HTTPStatus.FORBIDDEN,
        "forbidden",
        f"The token needs one of these scopes: {scope}.",
        headers={"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'},
    )
