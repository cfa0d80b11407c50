"""What may stand in a cell: each check returns what is wrong, or nothing."""

import datetime as dt
import re
from collections.abc import Callable

from scheduling.oneroster_csv.faults import shown
from scheduling.oneroster_csv.layout import BULK, ID_PATTERN

Check = Callable[[str], str | None]

ID = re.compile(ID_PATTERN)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
YEAR = re.compile(r"[0-9]{4}")
OWN_TYPE = re.compile(r"ext:[A-Za-z0-9._-]+")
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years that a calendar can be about."""
LONGEST_TEXT = 255

STATUSES = {"active": False, "tobedeleted": True, "inactive": True}
"""Whether what has a status is gone. Only older versions know the last one."""
ORG_TYPES = ("department", "district", "local", "national", "school", "state")
SESSION_TYPES = ("gradingPeriod", "semester", "schoolYear", "term")


def is_id(text: str) -> str | None:
    """Check an id."""
    if ID.fullmatch(text):
        return None
    return f"{shown(text)} is no id: write 1 to 255 of the letters a to z, digits and . / @ _ -."


def is_text(text: str) -> str | None:
    """Check a text that people read."""
    if not text.strip():
        return "This must not be empty."
    return None if len(text) <= LONGEST_TEXT else f"This has more than {LONGEST_TEXT} characters."


def is_date(text: str) -> str | None:
    """Check a date."""
    if DATE.fullmatch(text) and _is_real(text):
        return _has_known_year(text)
    return f"{shown(text)} is no date: write it as 2026-08-17."


def is_year(text: str) -> str | None:
    """Check a school year."""
    if YEAR.fullmatch(text):
        return _has_known_year(text)
    return f"{shown(text)} is no year: write the one in which the school year ends, such as 2027."


def _has_known_year(text: str) -> str | None:
    if FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return None
    return f"The year must lie between {FIRST_YEAR} and {LAST_YEAR}."


def _is_real(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def optional(check: Check) -> Check:
    """Return a check that lets a cell be empty."""
    return lambda text: check(text) if text else None


def status_in(mode: str) -> Check:
    """Return the check of a status in a bulk or a delta file."""
    if mode == BULK:
        return _is_empty
    return lambda text: (
        None if text in STATUSES else f"{shown(text)} is no status: write active or tobedeleted."
    )


def moment_in(mode: str) -> Check:
    """Return the check of the time of a change in a bulk or a delta file."""
    return _is_empty if mode == BULK else _is_moment


def _is_empty(text: str) -> str | None:
    return "This must be empty in a bulk file, which holds only what is there." if text else None


def _is_moment(text: str) -> str | None:
    if MOMENT.fullmatch(text) and _is_real(text):
        return None
    return f"{shown(text)} is no time of a change: write it as 2026-07-01T09:30:00.000Z."


def type_in(version: str, known: tuple[str, ...]) -> Check:
    """Return the check of a type: from 1.2 on, anybody may have their own."""

    def check(text: str) -> str | None:
        if text in known or (version != "1.1" and OWN_TYPE.fullmatch(text)):
            return None
        return f"{shown(text)} is no type: it is one of {', '.join(known)}."

    return check
