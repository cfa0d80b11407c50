"""New feed tokens."""

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from scheduling.models import FeedToken, School
from scheduling.models.feed_token import digest_of

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewFeedToken:
    """A token with its key, which is told once: only its hash is stored."""

    token: FeedToken
    key: str


def create_feed_token(school: School, *, name: str, actor: Any = None) -> NewFeedToken:
    """Create a token for a school's feeds. Raises ValidationError."""
    key = token_urlsafe(KEY_BYTES)
    token = FeedToken(school=school, name=name, digest=digest_of(key), created_by=actor)
    token.save(force_insert=True)
    return NewFeedToken(token, key)
