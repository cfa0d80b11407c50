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
from scheduling.access import SCOPES, Actor
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
    tokens = get_access_token_model().objects.select_related("application__user")
    good = tokens.filter(token_checksum__in=checksums, application__isnull=False).exclude(
        application__user__is_active=False
    )
    return {checksums[token.token_checksum]: _credential(token) for token in good}


def _credential(token: Any) -> Credential:
    scopes = frozenset(token.scope.split()) & frozenset(SCOPES)
    return Credential(token, Actor(token.application.user, token.application, scopes))


def _checksum(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


_credentials = Memos(_ask, lambda: settings.CREDENTIAL_MAX_AGE)
