"""New feed tokens."""

from secrets import token_urlsafe

from scheduling.models import FeedToken
from scheduling.models.feed_token import digest_of

KEY_BYTES = 32


def create_feed_token(token: FeedToken) -> str:
    """Store a new token, and return its key: nobody can tell it again. Raises ValidationError."""
    key = token_urlsafe(KEY_BYTES)
    token.digest = digest_of(key)
    token.save(force_insert=True)
    return key
