"""What a feed tells: whole days and periods, each with the version of the rows it is made of."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias


class Version(NamedTuple):
    """How far the rows that an event tells of have come: when they last changed, and how often.

    `changed_at` is aware; `number` only grows.
    """

    changed_at: dt.datetime
    number: int


def latest(versions: Iterable[Version]) -> Version:
    """Return the version of what is made of several rows: it moves when one of theirs does."""
    moments, numbers = zip(*versions, strict=True)
    return Version(max(moments), max(numbers))


class DayEvent(NamedTuple):
    """Something that lasts whole days, both included; `uid` is the same for ever."""

    uid: str
    name: str
    first_day: dt.date
    last_day: dt.date
    version: Version
    note: str = ""

    @property
    def order(self) -> tuple[str, str]:
        """Where it stands in a feed: by its start, then by its uid."""
        return self.first_day.isoformat(), self.uid


class TimedEvent(NamedTuple):
    """Something from one aware instant to another, which is not part of it."""

    uid: str
    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    version: Version
    note: str = ""

    @property
    def order(self) -> tuple[str, str]:
        """Where it stands in a feed: by its start, then by its uid."""
        return self.starts_at.astimezone(dt.UTC).isoformat(), self.uid


FeedEvent: TypeAlias = DayEvent | TimedEvent


class Feed(NamedTuple):
    """A calendar for other programs to show: its name, the school's time zone, its events."""

    name: str
    timezone: str
    events: tuple[FeedEvent, ...]
