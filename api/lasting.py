"""How long an answer stays true, told to whoever may keep it."""

import math
from dataclasses import dataclass
from uuid import UUID

LASTING = "schoolday.lasting"
"""Where a request's META says how long the answer to it lasts; without, it is not to be kept."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, as Unix times: its start is in it, its end is not."""

    since: float = -math.inf
    until: float = math.inf


@dataclass(frozen=True, slots=True)
class Lasting:
    """An answer is true while a school is in one state, in a stretch of time.

    It is for everybody who may read the school's calendar, unless it needs a role.
    """

    school: str
    """The school's id or slug, as it was asked for."""
    token: UUID
    span: Span
    needs_role: bool = False
    """Whether it is for those with a role in the school alone, though its calendar be public."""
