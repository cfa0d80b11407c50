"""Terms and quarters as sessions and grading periods."""

from collections.abc import Iterator

from scheduling.calendar.facts import Quarter, Term
from scheduling.edfi.conventions import Body, cut
from scheduling.edfi.source import Source

TERMS = {
    "SEM1": "Fall Semester",
    "SEM2": "Spring Semester",
    "TRI1": "First Trimester",
    "TRI2": "Second Trimester",
    "TRI3": "Third Trimester",
}
GRADING_PERIODS = {
    "Q1": "First Nine Weeks",
    "Q2": "Second Nine Weeks",
    "Q3": "Third Nine Weeks",
    "Q4": "Fourth Nine Weeks",
    "SEM1": "First Semester",
    "SEM2": "Second Semester",
    "TRI1": "First Trimester",
    "TRI2": "Second Trimester",
    "TRI3": "Third Trimester",
}
"""What is graded: the quarters of a term, or else the term itself."""


def sessions(source: Source) -> Iterator[Body]:
    """Yield a session for each term."""
    for term in source.year.terms:
        graded = [_grading_period_key(source, each) for each in _graded(term)]
        yield {
            "sessionName": cut(f"{source.year_name} {term.term_type}"),
            **source.school_and_year,
            "termDescriptor": source.conventions.descriptor("Term", TERMS[term.term_type]),
            **source.span(term),
            "gradingPeriods": [
                {"gradingPeriodReference": {**key, **source.year_key}} for key in graded
            ],
        }


def grading_periods(source: Source) -> Iterator[Body]:
    """Yield a grading period for each quarter, and for each term that has none."""
    for term in source.year.terms:
        for graded in _graded(term):
            yield {
                **_grading_period_key(source, graded),
                **source.school_and_year,
                **source.span(graded),
                "periodSequence": int(_type(graded)[-1]),
            }


def _graded(term: Term) -> tuple[Term | Quarter, ...]:
    return term.quarters or (term,)


def _type(graded: Term | Quarter) -> str:
    return graded.term_type if isinstance(graded, Term) else graded.quarter_type


def _grading_period_key(source: Source, graded: Term | Quarter) -> Body:
    kind = _type(graded)
    descriptor = source.conventions.descriptor("GradingPeriod", GRADING_PERIODS[kind])
    return {
        "gradingPeriodDescriptor": descriptor,
        "gradingPeriodName": f"{kind}{source.mark}",
    }
