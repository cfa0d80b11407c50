"""Quarters, made from their semester."""

import datetime as dt
from typing import Literal

from core.revision import revise
from scheduling.calendar import splits
from scheduling.models import Quarter, Term
from scheduling.models.calendar_rows import calendar_of

Strategy = Literal["even", "balanced"]


def generate_quarters(term: Term, *, strategy: Strategy = "even") -> list[Quarter]:
    """Create the quarters that a semester lacks, and return them; those it has stay put.

    `even` halves the days; `balanced` cuts after the Sunday that best balances the school days.

    Raises ValidationError if the term is a trimester, or too short.
    """
    with revise(term.school_id):
        current = Term.objects.get(pk=term.pk)

        def balanced(start: dt.date, end: dt.date) -> splits.Halves:
            return splits.balanced(start, end, school_days(current))

        return current.create_missing_quarters(
            balanced if strategy == "balanced" else splits.halves
        )


def school_days(term: Term) -> list[dt.date]:
    """Return the dates of a term on which students have school."""
    calendar = calendar_of(term.school_id, term.start_date, term.end_date)
    schedules = calendar.days(term.start_date, term.end_date)
    return [each.day.date for each in schedules if each.day.is_school_day]
