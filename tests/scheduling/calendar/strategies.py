"""Schools as strange as their facts allow, around the days on which clocks change."""

import datetime as dt

from hypothesis import strategies as st

from scheduling.calendar import facts
from tests.scheduling.calendar.builders import (
    date,
    days_off,
    override,
    period,
    quarter,
    rule,
    school,
    template,
    term,
    year,
)

ZONES = ["America/Chicago", "Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"]
TRACKS = ["", "", "staff", "lunch-a", "lunch-b", "zero"]
CODES = ["regular", "late", "training", "silent"]
STARTS = ["2018-10-22", "2026-02-23", "2026-03-16", "2026-09-21", "2026-10-13"]

asked_tracks = st.sets(st.sampled_from(["none", "staff", "lunch-a", "lunch-b", "zero"]), max_size=4)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def periods(draw: st.DrawFn, number: int, tracks: list[str]) -> facts.Period:
    """A period at any time of the day; half of them at night, when clocks change."""
    start = draw(st.integers(0, 200) | st.integers(0, 23 * 60))
    end = draw(st.integers(start + 1, min(start + 120, 23 * 60 + 59)))
    return period(number, clock(start), clock(end), track=draw(st.sampled_from(tracks)))


@st.composite
def templates(draw: st.DrawFn) -> tuple[facts.Template, ...]:
    def bells(tracks: list[str]) -> list[facts.Period]:
        return [draw(periods(number, tracks)) for number in range(draw(st.integers(1, 5)))]

    return (
        template("regular", *bells(TRACKS), is_default=draw(st.booleans())),
        template("late", *bells(TRACKS)),
        template("training", *bells(["staff"])),
        template("silent"),
    )


@st.composite
def ranges(draw: st.DrawFn, first: dt.date, last: dt.date) -> tuple[str, str]:
    start = draw(st.dates(first, last))
    return str(start), str(min(last, start + dt.timedelta(draw(st.integers(0, 9)))))


@st.composite
def overrides(draw: st.DrawFn, first: dt.date, last: dt.date) -> tuple[facts.Override, ...]:
    codes = st.none() | st.sampled_from(CODES)
    days = draw(st.lists(st.dates(first, last), unique=True, max_size=6))
    return tuple(override(f"On {day}", str(day), template=draw(codes)) for day in days)


def terms_of(first: dt.date, last: dt.date) -> tuple[facts.Term, ...]:
    """A semester with a quarter that starts late, some days between terms, and a trimester."""
    middle = first + (last - first) / 2
    week = dt.timedelta(days=7)
    half = quarter("Q1", str(first + week), str(middle))
    return (
        term("TRI1", str(first), str(middle + dt.timedelta(days=2))),
        term("SEM1", str(first), str(middle), half),
        term("SEM2", str(middle + dt.timedelta(days=4)), str(last)),
    )


@st.composite
def years(draw: st.DrawFn, first: dt.date, length: int) -> facts.Year:
    last = first + dt.timedelta(days=length - 1)
    off = draw(st.lists(ranges(first, last), max_size=3))
    rules = st.builds(
        rule,
        st.sampled_from(CODES),
        st.sets(st.integers(0, 6), max_size=3),
        st.sampled_from(["", "A", "B"]),
    )
    return year(
        str(first),
        str(last),
        terms=terms_of(first, last) if length > 20 and draw(st.booleans()) else (),
        breaks=tuple(
            days_off(f"Off {start}", start, end, counts_weeks=draw(st.booleans()))
            for start, end in off
        ),
        rules=tuple(draw(st.lists(rules, max_size=3))),
        overrides=draw(overrides(first, last)),
        cycle_days=draw(st.sampled_from([(), ("A", "B"), ("A", "B", "C")])),
        cycle_start=draw(st.none() | st.dates(first, last)),
    )


@st.composite
def schools(draw: st.DrawFn) -> facts.School:
    """One or two years of up to five weeks each, that may touch."""
    first = date(draw(st.sampled_from(STARTS)))
    lengths = draw(st.lists(st.integers(1, 35), min_size=1, max_size=2))
    pause = draw(st.integers(0, 20))
    later = first + dt.timedelta(days=lengths[0] + pause)
    return school(
        *(
            draw(years(start, length))
            for start, length in zip([first, later], lengths, strict=False)
        ),
        templates=draw(templates()),
        timezone=draw(st.sampled_from(ZONES)),
        weekdays=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
    )
