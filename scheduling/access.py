"""Who asks: a person, a program, or anybody."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

READ, WRITE = "calendar.read", "calendar.write"
SCOPES = {
    READ: "Read the calendars that the client has a role for.",
    WRITE: "Change the calendars that the client is an editor or an admin of.",
}
"""What a token may be used for, and how it is explained."""

ROSTER_SCOPES = {
    f"https://purl.imsglobal.org/spec/or/{version}/scope/{name}.readonly": READ
    for version in ("v1p1", "v1p2")
    for name in ("roster-core", "roster")
}
"""What reading is called in OneRoster: who may have the one may have the other."""


def scopes_opened_by(granted: Collection[str]) -> frozenset[str]:
    """Return the scopes of ours that a token's scopes stand for."""
    ours = {ROSTER_SCOPES.get(scope, scope) for scope in granted}
    return frozenset(ours) & frozenset(SCOPES)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and what for.

    A person has a `user`. A program has an `application` and the `user` that its writes are noted
    under. Anybody else has neither. What an actor may do with a row is a matter of memberships;
    `scopes` only narrow that. A superuser may do everything.
    """

    user: Any = None
    application: Any = None
    scopes: frozenset[str] = frozenset(SCOPES)

    @property
    def is_known(self) -> bool:
        """Whether the actor has shown who it is."""
        return self.user is not None or self.application is not None

    @property
    def is_superuser(self) -> bool:
        """Whether everything is open to the actor."""
        return self.user is not None and self.user.is_active and self.user.is_superuser


ANYBODY = Actor()
