"""What is kept in the cache, by name, and the version of its shape."""

from typing import Any

SHAPE = 1
"""Names the shape of the answers, in ETags and in the keys of the cache.

Raise it when an answer, or anything else that is kept, changes its shape or its meaning while the
calendar stays the same: nobody is then told that the old body still holds.
"""

SHAPE_DIGEST = "c2a102791509ab9ed0e7f0a4c21e80fe"
"""Of what the OpenAPI document says of the lookups' answers in this shape; a test compares."""

KEYS = {
    "bells_feed": "bells_feed:{first_day}:{weeks}:{tracks}",
    "calendar_feed": "calendar_feed:{kinds}",
    "daily_schedule": "daily_schedule:{date}:{tracks}",
    "edfi": "edfi:{resource}:{year}:{end_dates}:{namespace}",
    "quarter_answer": "quarter_for_date:{date}:answer",
    "quarter_for_date": "quarter_for_date:{date}",
    "quarter_weeks": "quarter_weeks:{quarter}",
}


def key(name: str, **asked: Any) -> str:
    """Return the key, below a school's token, of what is kept under a name."""
    return f"{SHAPE}:{KEYS[name].format(**asked)}"
