"""Who sends a request: a program with a bearer token, or a person with a session."""

from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import get_access_token_model
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request
from typing_extensions import override

from scheduling.access import ANYBODY, SCOPES, Actor

SCHEME = "bearer"


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
        token = _token(secret)
        return token.application.user or AnonymousUser(), token

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
    scheme, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return secret.strip() if scheme.lower() == SCHEME else None


def _token(secret: str) -> Any:
    tokens = get_access_token_model().objects.select_related("application__user")
    checksum = sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
    token = tokens.filter(token_checksum=checksum, application__isnull=False).first()
    if token is None or token.is_expired():
        raise InvalidToken
    user = token.application.user
    if user is not None and not user.is_active:
        raise InvalidToken
    return token


def actor_of(request: Request) -> Actor:
    """Return who sends a request."""
    user = request.user if request.user.is_authenticated else None
    token: Any = request.auth
    if token is not None:
        scopes = frozenset(token.scope.split()) & frozenset(SCOPES)
        return Actor(user, token.application, scopes)
    return ANYBODY if user is None else Actor(user)
