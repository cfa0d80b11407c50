"""What a bearer token stands for, remembered for a moment."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.conf import settings
from oauth2_provider.models import get_access_token_model

from core.freshness import Memos
from scheduling.access import Actor, scopes_opened_by
from scheduling.models.client_roster import tells_last_day
from scheduling.reach import Reach

SCHEME = "bearer"


@dataclass(frozen=True)
class Credential:
    """A program's token, and what it opens."""

    token: Any
    actor: Actor

    @cached_property
    def reach(self) -> Reach:
        """The schools that the program reads; asked for once."""
        return Reach.of(self.actor)

    @cached_property
    def scopes(self) -> frozenset[str]:
        """What the token was given for, in the words of whoever asked."""
        return frozenset(self.token.scope.split())

    @cached_property
    def tells_last_day(self) -> bool:
        """Whether the program takes an end date of OneRoster for the last day."""
        return tells_last_day(self.token.application)

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return bool(self.token.is_expired())


def secret_of(authorization: str) -> str | None:
    """Return the token that an Authorization header shows, if it shows one."""
    scheme, _space, secret = authorization.partition(" ")
    return secret.strip() if scheme.lower() == SCHEME else None


def credential_of(secret: str, *, anew: bool = False) -> Credential | None:
    """Return what a token stands for; None if it is not, or no longer, good for anything.

    What is known of it is CREDENTIAL_MAX_AGE old at most, and asked for now if `anew`.
    """
    checksum = sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
    credential = _credentials.read(checksum, anew=anew)
    return None if credential is None or credential.is_expired else credential


def _ask(checksum: str) -> Credential | None:
    tokens = get_access_token_model().objects.select_related(
        "application__user", "application__client_roster"
    )
    token = tokens.filter(token_checksum=checksum, application__isnull=False).first()
    if token is None:
        return None
    user = token.application.user
    if user is not None and not user.is_active:
        return None
    scopes = scopes_opened_by(token.scope.split())
    return Credential(token, Actor(user, token.application, scopes))


_credentials = Memos(_ask, lambda: settings.CREDENTIAL_MAX_AGE)
