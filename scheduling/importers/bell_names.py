"""What the name of an interval says about it, in the words that schools use."""

import re

UNNUMBERED = 20  # the first number of a period whose name holds none

_FREE = re.compile(r"free|none|no school|weekend|holiday", re.IGNORECASE)
_FINALS = re.compile(r"\bfinals?\b", re.IGNORECASE)
_PASSING = re.compile(r"pass?ing\b", re.IGNORECASE)
_IN_PARENTHESES = re.compile(r"\([^)]*\)")
_INTEGER = re.compile(r"\d+")
_NUMBERED = re.compile(
    r"\b(?:period|block|hour)\s+\d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)\s+(?:period|block|hour)\b",
    re.IGNORECASE,
)

# The first that occurs in the name decides; a name without any of them is a class.
_TYPE_WORDS = (
    ("lunch", r"lunch|d[iî]ner"),
    ("exam", r"\bfinals?\b|\bexams?\b|\btesting\b"),
    ("staff", r"\bstaff\b|\bfaculty\b|\bteacher (?:prep|work|collab)"),
    ("before", r"\barrival\b"),
    ("after", r"\bdismissal\b"),
    ("break", r"\bbreak\b|brunch|nutrition|recess|transition"),
    ("advisory", r"advisory|home ?room|\bhr\b|\bcheck-in\b|community time|titan time"),
    ("assembly", r"assembly|rally|announcements|celebration|party"),
    (
        "activity",
        (
            r"tutorial|flex|office hours|support|collab|\bclubs?\b|activit|\btrip\b|photo|service"
            r"|infocus|\bsoar\b|learning lab|self care|routine|reflective|kabbalat"
        ),
    ),
)
_TYPES = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _TYPE_WORDS)


def plain_name(name: str) -> str:
    """Return the name without the braces that mark what a student may rename."""
    return name.replace("{", "").replace("}", "").strip()


def is_free(name: str) -> bool:
    """Return whether the name says that nothing takes place."""
    return _FREE.fullmatch(plain_name(name)) is not None


def is_passing(name: str) -> bool:
    """Return whether the name says that people walk to the next room."""
    return _PASSING.match(plain_name(name)) is not None


def is_finals(name: str) -> bool:
    """Return whether a day of this name is one of final exams."""
    return _FINALS.search(name) is not None


def period_type(name: str) -> str:
    """Return the type of the period of this name; what is not known to be else is a class."""
    return next((kind for kind, words in _TYPES if words.search(name)), "class")


def period_number(name: str) -> int | None:
    """Return the number that the name gives a period, `None` unless it gives exactly one.

    A part of a period ("Block 2 (Part 1)") has the number of the whole; two periods at once
    ("Period 1/2") have none.
    """
    whole = _IN_PARENTHESES.sub("", name)
    if _NUMBERED.search(whole) is None:
        return None
    integers = _INTEGER.findall(whole)
    return int(integers[0]) if len(integers) == 1 else None


def distinct_numbers(names: list[str]) -> list[int]:
    """Return a number for each name, no number twice, the same for the same names.

    A period has the number in its name if it is the first to claim it, else the next free one
    from `UNNUMBERED` up.
    """
    claims = [period_number(name) for name in names]
    taken = {claim for claim in claims if claim is not None}
    spare = (number for number in range(UNNUMBERED, UNNUMBERED + 1000) if number not in taken)
    return [
        claim if claim is not None and claim not in claims[:index] else next(spare)
        for index, claim in enumerate(claims)
    ]
