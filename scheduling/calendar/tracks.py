"""Whose day is asked for: everybody's, a person's, or all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduling.calendar.bells import Bell
from scheduling.calendar.facts import Period, Template

EVERYBODY = ""
STAFF = "staff"
NONE = "none"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Selection:
    """A person's tracks, everybody's `""` always among them, and whether to list all the others.

    Bounds, minutes and intervals follow from `person` alone, `lists_all` only shows more periods.
    """

    person: frozenset[str]
    lists_all: bool

    @property
    def is_staff(self) -> bool:
        """Whether school days are the staff's rather than the students'."""
        return STAFF in self.person

    def own(self, bells: tuple[Bell, ...]) -> tuple[Bell, ...]:
        """Return the bells of the person, in the same order; the very tuple if all are."""
        own = tuple([bell for bell in bells if bell.period.track in self.person])
        return bells if len(own) == len(bells) else own

    def listed(self, bells: tuple[Bell, ...]) -> tuple[Bell, ...]:
        """Return the bells to show, in the same order."""
        return bells if self.lists_all else self.own(bells)


def select(asked: Iterable[str], known: frozenset[str]) -> Selection:
    """Return whom the `asked` tracks mean: nobody in particular lists all, as `all` does.

    `none` is everybody's periods only. Tracks that no period is on change nothing.
    """
    wanted = frozenset(asked)
    return Selection(
        person=(wanted & known - {NONE, ALL}) | {EVERYBODY},
        lists_all=not wanted or ALL in wanted,
    )


def in_order(periods: Iterable[Period]) -> list[Period]:
    """Sort periods as they are shown: by start, end, track and number."""
    return sorted(periods, key=lambda each: (each.start, each.end, each.track, each.number))


def is_staff_only(template: Template | None) -> bool:
    """Return whether there are periods and all of them are the staff's."""
    periods = template.periods if template else ()
    return bool(periods) and all(each.track == STAFF for each in periods)
