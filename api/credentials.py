"""What a bearer token stands for, remembered for a moment."""

import time
from collections.abc import Collection
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
    def expires(self) -> float:
        """When its time is over, as a Unix time."""
        return float(self.token.expires.timestamp())

    @cached_property
    def scopes(self) -> frozenset[str]:
        """What the token was given for, in the words of whoever asked."""
        return frozenset(self.token.scope.split())

    @cached_property
    def tells_last_day(self) -> bool:
        """Whether the program takes an end date of OneRoster for the last day."""
        return tells_last_day(self.token.application)


def secret_of(authorization: str) -> str | None:
    """Return the token that an Authorization header shows, if it shows one."""
    scheme, _space, secret = authorization.partition(" ")
    return secret.strip() if scheme.lower() == SCHEME else None


def credential_of(secret: str, *, anew: bool = False) -> Credential | None:
    """Return what a token stands for; None if it is not, or no longer, good for anything.

    What is known of it is CREDENTIAL_MAX_AGE old at most, and asked for now if `anew`.
    """
    credential = _credentials.read(secret, anew=anew)
    return None if credential is None or credential.expires <= time.time() else credential


def _ask(secrets: Collection[str]) -> dict[str, Credential]:
    checksums = {_checksum(secret): secret for secret in secrets}
    tokens = get_access_token_model().objects.select_related(
        "application__user", "application__client_roster"
    )
    good = tokens.filter(token_checksum__in=checksums, application__isnull=False).exclude(
        application__user__is_active=False
    )
    return {checksums[token.token_checksum]: _credential(token) for token in good}


def _credential(token: Any) -> Credential:
    scopes = scopes_opened_by(token.scope.split())
    return Credential(token, Actor(token.application.user, token.application, scopes))


def _checksum(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


_credentials = Memos(_ask, lambda: settings.CREDENTIAL_MAX_AGE)
