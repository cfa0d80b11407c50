"""Where the clock skips a whole date, the bells of two dates ring at once: Samoa, 30 Dec. 2011."""

from scheduling.calendar.answers import Now
from scheduling.calendar.calendar import Calendar
from tests.scheduling.calendar.builders import (
    ALL_DAYS,
    REGULAR,
    override,
    period,
    school,
    template,
    utc,
    year,
)

LONG = template("long", period(7, "08:00", "12:00"))


def told(now: Now) -> tuple[str, str, str, str | None]:
    found, following = now.interval, now.next_school_day
    return (
        found.name,
        f"{found.starts_at:%d %H:%M}",
        f"{found.ends_at:%d %H:%M}",
        following and f"{following.starts_at:%d %H:%M}",
    )


def test_a_session_that_begins_too_early_waits_until_the_one_before_has_ended() -> None:
    long_day = override("Long", "2011-12-31", template="long")
    samoa = school(
        year("2011-12-26", "2011-12-31", overrides=(long_day,)),
        templates=(REGULAR, LONG),
        timezone="Pacific/Apia",
        weekdays=ALL_DAYS,
    )
    calendar = Calendar(samoa)
    first, second = calendar.now(utc("2011-12-30T20:00")), calendar.now(utc("2011-12-30T21:00"))
    assert told(first) == ("Period 2", "30 19:36", "30 20:36", "30 20:36")
    assert first.next_period is None  # it has rung by now
    assert told(second) == ("Period 7", "30 20:36", "30 22:00", None)


def test_a_year_that_begins_ends_what_is_left_of_the_one_before() -> None:
    years = year("2011-12-26", "2011-12-30"), year("2011-12-31", "2012-01-01")
    samoa = school(*years, timezone="Pacific/Apia", weekdays=ALL_DAYS)
    now = Calendar(samoa).now(utc("2011-12-30T19:00"))
    assert told(now) == ("Period 1", "30 18:30", "30 19:30", "31 18:30")
    assert (now.interval.period.date.day, now.school_days_left) == (31, 2)
