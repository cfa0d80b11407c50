"""Which semester, trimester or quarter a title means; where it does not say, dates decide."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

SEM, TRI = "SEM", "TRI"
PARTS = {SEM: 2, TRI: 3}
"""How many of each a school year has."""
FIRST_QUARTERS = {"SEM1": 1, "SEM2": 3}

WORDS = re.compile(r"[^\W\d_]+|\d+")
STRUCTURES = {
    **dict.fromkeys(("sem", "semester", "semesters"), SEM),
    **dict.fromkeys(("tri", "trim", "trimester", "trimesters"), TRI),
}
NUMBERS = {
    **{str(number): number for number in range(1, 5)},
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
}
SHORT = re.compile(
    r"\b(s|sem|tri|q|qtr|quarter|mp|gp|marking period|grading period)[ .#-]?([1-4])\b"
)
SHORT_STRUCTURES = {"s": SEM, "sem": SEM, "tri": TRI}
SEASONS = {"fall": "first", "autumn": "first", "winter": "winter", "spring": "last"}


@dataclass(slots=True, eq=False)
class TermFacts:
    """What is known of a term of a school year; `type` is found out."""

    key: Any
    title: str
    first_day: dt.date
    last_day: dt.date
    structure: str = ""
    """SEM if it is known to be a semester."""
    stored: str = ""
    """The type that it has had so far."""
    type: str = ""
    number: int | None = None
    season: str = ""

    def overlaps(self, other: "TermFacts") -> bool:
        """Return whether the two share a day."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day


def name_terms(terms: Iterable[TermFacts]) -> None:
    """Give the terms of a year their types; one for which there is no number left gets none.

    A title may say both what it is and its number, as "Fall Semester" does, or one of them. What
    it does not say follows from the other terms: three are trimesters, and they go by their dates.
    """
    in_order = sorted(terms, key=lambda term: (term.first_day, term.last_day))
    for term in in_order:
        _read(term)
    _find_structures(in_order)
    for structure in PARTS:
        _number([term for term in in_order if term.structure == structure], structure)
    for term in in_order:
        term.type = f"{term.structure}{term.number}" if term.number else ""


def _read(term: TermFacts) -> None:
    """Take from the title what it says, and from the stored type what it does not."""
    structure, number = _meant(term.title)
    words = WORDS.findall(term.title.casefold())
    term.season = _only(SEASONS[word] for word in words if word in SEASONS) or ""
    if structure and not number:
        number = _of_season(term.season, structure)
    if term.stored and not (structure and number):
        structure, number = term.stored[:3], int(term.stored[-1])
    term.structure = structure or term.structure
    term.number = number


def _of_season(season: str, structure: str) -> int | None:
    return {"first": 1, "winter": 2, "last": PARTS[structure]}.get(season)


def _meant(title: str) -> tuple[str | None, int | None]:
    """Return the structure and the number that a title names."""
    short = SHORT.search(title.casefold())
    if short is not None and short[1] in SHORT_STRUCTURES:
        return SHORT_STRUCTURES[short[1]], int(short[2])
    words = WORDS.findall(title.casefold())
    structure = next((STRUCTURES[word] for word in words if word in STRUCTURES), None)
    return structure, _only(NUMBERS[word] for word in words if word in NUMBERS)


def _only(found: Iterable[Any]) -> Any:
    """Return what is the only one of its kind."""
    different = list(dict.fromkeys(found))
    return different[0] if len(different) == 1 else None


def _find_structures(terms: Sequence[TermFacts]) -> None:
    """Say which terms are semesters and which are trimesters, where nothing has told it."""
    known = [term for term in terms if term.structure]
    unknown = [term for term in terms if not term.structure]
    structures = {term.structure for term in known}
    usual = TRI if len(unknown) == PARTS[TRI] or structures == {TRI} else SEM
    for term in unknown:
        beside = {other.structure for other in known if other.overlaps(term)}
        term.structure = {frozenset({SEM}): TRI, frozenset({TRI}): SEM}.get(
            frozenset(beside), usual
        )
        known.append(term)


def _number(terms: Sequence[TermFacts], structure: str) -> None:
    """Number those that have no number, by their season or in order, by what is left."""
    numbers = range(1, PARTS[structure] + 1)
    for term in terms:
        term.number = term.number if term.number in numbers else None
    left = [each for each in numbers if each not in {term.number for term in terms}]
    for term in _unnumbered(terms):
        season = _of_season(term.season, structure)
        if season in left:
            left.remove(season)
            term.number = season
    for term in _unnumbered(terms)[: len(left)]:
        term.number = left.pop(0)


def _unnumbered(terms: Sequence[TermFacts]) -> list[TermFacts]:
    return [term for term in terms if term.number is None]


def quarter_numbers(term_type: str, quarters: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the types of a semester's quarters, in order of their dates; "" where none is left.

    Each is told by its title, and by the type that it has had so far. Where quarters are counted in
    each semester anew, the second semester has the third.
    """
    first = FIRST_QUARTERS.get(term_type, 0)
    own = [f"Q{first}", f"Q{first + 1}"] if first else []
    named = [_quarter(title, stored, own) for title, stored in quarters]
    left = [name for name in own if name not in named]
    for name in named:
        yield name or (left.pop(0) if left else "")


def _quarter(title: str, stored: str, own: Sequence[str]) -> str:
    text = title.casefold()
    short = SHORT.search(text)
    if short is not None and short[1] not in SHORT_STRUCTURES:
        number: int | None = int(short[2])
    else:
        number = _only(NUMBERS[word] for word in WORDS.findall(text) if word in NUMBERS)
    return next((name for name in (f"Q{number}", stored) if name in own), "")


def is_plain(title: str, kind: str) -> bool:
    """Return whether a title says just what is meant: "SEM1", "Semester 1" or "semester1"."""
    long = {"SEM": "semester", "TRI": "trimester", "Q": "quarter"}[kind[:-1]]
    return "".join(title.casefold().split()) in {kind.casefold(), f"{long}{kind[-1]}"}
