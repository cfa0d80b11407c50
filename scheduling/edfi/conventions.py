"""What two Ed-Fi hosts may see differently, and how long Ed-Fi lets a name be."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from uuid import UUID

from scheduling.calendar.facts import ONE_DAY, School, Template, Year

NAMESPACE = "uri://ed-fi.org"
NAMESPACE_PATTERN = r"^[a-z]{2,10}://[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*\Z"
LONGEST_NAMESPACE = 200
LONGEST_NAME = 60
LONGEST_LABEL, LONGEST_MARK = 30, 24
"""How much of a name is shown in the brackets after another."""
LONGEST_YEAR_NAME = 55
"""How much of a year's name is shown before the type of a term."""

Body = dict[str, Any]
"""What is sent in one POST. What is absent has no key."""

Row = TypeVar("Row", Template, Year)
EndDates = Literal["inclusive", "exclusive"]


@dataclass(frozen=True, slots=True)
class Conventions:
    """Whose descriptors are used, and whether an end date is the last day or the day after it."""

    namespace: str = NAMESPACE
    end_dates: EndDates = "inclusive"

    def descriptor(self, name: str, value: str) -> str:
        """Return a value of a descriptor as its URI."""
        return f"{self.namespace}/{name}Descriptor#{value}"

    def end_date(self, last_day: dt.date) -> str:
        """Return the end of a span whose last day is known."""
        return str(last_day if self.end_dates == "inclusive" else last_day + ONE_DAY)


def school_year(year: Year) -> int:
    """Return the calendar year in which an academic year ends: Ed-Fi's name for it."""
    return year.end_date.year


def year_names(school: School, year: Year, longest: int = LONGEST_YEAR_NAME) -> dict[UUID, str]:
    """Return the names of the academic years that end in the same calendar year, by their ids.

    The oldest comes first. No two are the same, and what is added later takes none from those that
    were there.
    """
    sharing = (each for each in school.years if school_year(each) == school_year(year))
    return distinct({each.id: (each.name, "") for each in oldest_first(sharing)}, longest)


def mark(school: School, year: Year) -> str:
    """Return what tells a year's names from those of the school year that it shares.

    Of the academic years that end in one calendar year, the one that was made first needs no mark,
    and keeps its names whatever comes to stand beside it.
    """
    names = year_names(school, year, LONGEST_MARK)
    return "" if year.id == next(iter(names)) else f" ({names[year.id]})"


def oldest_first(rows: Iterable[Row]) -> list[Row]:
    """Return rows in the order in which they were made: their ids tell it, and never change."""
    return sorted(rows, key=lambda each: each.id)


def cut(text: str, longest: int = LONGEST_NAME) -> str:
    """Return a text without needless space, and at most so long."""
    return " ".join(text.split())[:longest].rstrip()


def distinct(names: Mapping[Any, tuple[str, str]], longest: int = LONGEST_NAME) -> dict[Any, str]:
    """Return a name for each key, made of a text and what follows it; no two are the same.

    Only the text is cut where the whole would be too long. Names that differ in case alone are the
    same to some hosts; the second of equals gets a number.
    """
    taken: set[str] = set()
    found: dict[Any, str] = {}
    for key, (text, after) in names.items():
        name = next(
            each for each in _numbered(text, after, longest) if each.casefold() not in taken
        )
        taken.add(name.casefold())
        found[key] = name
    return found


def _numbered(text: str, after: str, longest: int) -> Iterator[str]:
    yield cut(text, longest - len(after)) + after
    number = 2
    while True:
        tail = f" {number}{after}"
        yield cut(text, longest - len(tail)) + tail
        number += 1
