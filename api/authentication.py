"""Who sends a request: a program with a bearer token, or a person with a session."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from typing_extensions import override

from api.credentials import Credential, credential_of, secret_of
from scheduling.access import ANYBODY, READ, Actor
from scheduling.reach import Reach


class InvalidToken(exceptions.AuthenticationFailed):
    """A bearer token that is not, or is no longer, good for anything."""

    default_code = "invalid_token"
    default_detail = _("This token is not valid, or not any more. Ask for a new one.")


class BearerAuthentication(BaseAuthentication):
    """A program shows the access token that `/oauth/token` gave it (RFC 6750).

    A bad token is refused even where anybody may read: the program should know. What the program
    writes is noted under its application's user.
    """

    @override
    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        secret = _secret(request)
        if secret is None:
            return None
        # A write is nothing to do on the word of what was known a moment ago.
        credential = credential_of(secret, anew=request.method not in SAFE_METHODS)
        if credential is None:
            raise InvalidToken
        return credential.actor.user or AnonymousUser(), credential

    @override
    def authenticate_header(self, request: Request) -> str:
        challenge = 'Bearer realm="schoolday"'
        return challenge if _secret(request) is None else f'{challenge}, error="invalid_token"'


class ForgedRequest(exceptions.PermissionDenied):
    """A write with a person's session, but without proof that a page of ours sends it."""

    default_code = "csrf_failed"
    default_detail = _(
        "Send the CSRF token in the header X-CSRFToken; the cookie csrftoken has it."
    )


class PersonAuthentication(SessionAuthentication):
    """A person who has logged in; writes need the CSRF token."""

    @override
    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as failure:
            raise ForgedRequest from failure


def _secret(request: Request) -> str | None:
    """Return the token that a request shows, if it shows one."""
    return secret_of(request.META.get("HTTP_AUTHORIZATION", ""))


def actor_of(request: Request) -> Actor:
    """Return who sends a request."""
    if isinstance(request.auth, Credential):
        return request.auth.actor
    return Actor(request.user) if request.user.is_authenticated else ANYBODY


NOBODY = Credential(None, ANYBODY)
"""What those show who show nothing."""


def reach_of(request: Request) -> Reach:
    """Return the schools whose calendars the sender reads."""
    if isinstance(request.auth, Credential):
        return request.auth.reach
    return Reach.of(actor_of(request))


def reading_credential(meta: dict[str, Any]) -> Credential | None:
    """Return what a request without a session shows, if it may read anything at all."""
    secret = secret_of(meta.get("HTTP_AUTHORIZATION", ""))
    if secret is None:
        return NOBODY
    credential = credential_of(secret)
    return credential if credential and READ in credential.actor.scopes else None


def may_share(request: Request) -> bool:
    """Return whether an answer may be kept for others who ask the same, or show the same token.

    What a person gets by a session is theirs alone.
    """
    return isinstance(request.auth, Credential) or not request.user.is_authenticated
