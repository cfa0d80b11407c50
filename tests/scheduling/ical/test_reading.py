"""Calendar files as closures: what their events mean, and what is wrong with some."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.ical import reading
from scheduling.ical.events import DayEvent, Feed, Version
from scheduling.ical.reading import CalendarFileError, Span, read_closures
from scheduling.ical.writing import render

CHICAGO = ZoneInfo("America/Chicago")
YEAR = Span(dt.date(2026, 8, 12), dt.date(2027, 6, 3))
HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//District//EN\n"


def event(*lines: str, uid: str = "1", name: str = "Closed") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{name}", *lines, "END:VEVENT", ""])


def file(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + "END:VCALENDAR\n").encode()


def days(data: bytes, *spans: Span) -> list[tuple[str, str]]:
    """Return the first and the last day of every closure, in short."""
    inside, _outside = read_closures(data, CHICAGO, spans or [YEAR])
    return [(f"{each.first_day:%m-%d}", f"{each.last_day:%m-%d}") for each in inside]


def dates(data: bytes) -> list[str]:
    found = days(data)
    assert all(first == last for first, last in found)
    return [first for first, _last in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            ["DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261128"],
            [("11-26", "11-27")],
            id="the-end-is-not-part-of-it",
        ),
        pytest.param(["DTSTART;VALUE=DATE:20261126"], [("11-26", "11-26")], id="one-day"),
        pytest.param(
            ["DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261126"],
            [("11-26", "11-26")],
            id="an-end-that-was-meant-to-be-part-of-it",
        ),
        pytest.param(
            ["DTSTART;VALUE=DATE:20261126", "DURATION:P3D"], [("11-26", "11-28")], id="duration"
        ),
        pytest.param(
            [
                "DTSTART;TZID=America/Chicago:20261216T080000",
                "DTEND;TZID=America/Chicago:20261216T120000",
            ],
            [("12-16", "12-16")],
            id="some-hours",
        ),
        pytest.param(
            ["DTSTART:20261217T040000Z", "DTEND:20261217T060000Z"],
            [("12-16", "12-16")],
            id="tomorrow-in-utc-is-today-at-the-school",
        ),
        pytest.param(
            ["DTSTART:20261216T220000", "DTEND:20261217T020000"],
            [("12-16", "12-17")],
            id="without-a-zone-it-is-the-schools-clock",
        ),
        pytest.param(["DTSTART:20261216T080000"], [("12-16", "12-16")], id="an-instant"),
        pytest.param(
            ["DTSTART;TZID=Asia/Tokyo:20261217T080000", "DTEND;TZID=Asia/Tokyo:20261217T090000"],
            [("12-16", "12-16")],
            id="by-a-clock-elsewhere",
        ),
        pytest.param(
            ["DTSTART:20261101T050000Z", "DTEND:20261102T060000Z"],
            [("11-01", "11-01")],
            id="the-long-day-on-which-the-clock-goes-back",
        ),
        pytest.param(
            ["DTSTART;VALUE=DATE:20260601", "DTEND;VALUE=DATE:20260901"],
            [("06-01", "08-31")],
            id="begun-before-the-year",
        ),
        pytest.param(["STATUS:CANCELLED", "DTSTART;VALUE=DATE:20261126"], [], id="cancelled"),
    ],
)
def test_an_event_closes_the_days_that_it_touches(
    lines: list[str], expected: list[tuple[str, str]]
) -> None:
    other = event("DTSTART;VALUE=DATE:20270101", uid="other")
    assert days(file(event(*lines), other)) == [*expected, ("01-01", "01-01")]


def test_an_event_that_recurs_is_written_out_within_the_years() -> None:
    recurring = event(
        "DTSTART;VALUE=DATE:20250903",
        "RRULE:FREQ=MONTHLY;BYDAY=1WE",
        "EXDATE;VALUE=DATE:20261104",
        "RDATE;VALUE=DATE:20261230",
    )
    moved = event("RECURRENCE-ID;VALUE=DATE:20261202", "DTSTART;VALUE=DATE:20261203", name="Moved")
    assert dates(file(recurring, moved)) == [
        "09-02", "10-07", "12-03", "12-30", "01-06", "02-03", "03-03", "04-07", "05-05", "06-02",
    ]  # fmt: skip


def test_one_day_of_many_can_be_cancelled() -> None:
    weekly = event("DTSTART;VALUE=DATE:20261102", "RRULE:FREQ=WEEKLY;COUNT=3")
    cancelled = event(
        "RECURRENCE-ID;VALUE=DATE:20261109", "DTSTART;VALUE=DATE:20261109", "STATUS:CANCELLED"
    )
    assert dates(file(weekly, cancelled)) == ["11-02", "11-16"]


def test_events_of_one_uid_are_each_an_event() -> None:
    same = [event(f"DTSTART;VALUE=DATE:202611{day}", name=day) for day in ("02", "09")]
    assert dates(file(*same)) == ["11-02", "11-09"]


def test_years_are_looked_at_one_by_one() -> None:
    daily = event("DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY")
    spans = [
        Span(dt.date(2026, 12, 24), dt.date(2026, 12, 25)),
        Span(dt.date(2027, 12, 24), dt.date(2027, 12, 24)),
    ]
    inside, outside = read_closures(file(daily), CHICAGO, spans)
    assert [str(each.first_day) for each in inside] == ["2026-12-24", "2026-12-25", "2027-12-24"]
    assert outside == []


def test_what_lies_in_no_year_is_told_apart() -> None:
    before = event("DTSTART;VALUE=DATE:20250704", name="Independence Day")
    inside, outside = read_closures(file(before), CHICAGO, [YEAR])
    assert inside == []
    assert [(each.name, each.line) for each in outside] == [("Independence Day", 4)]


def test_folded_lines_are_one_and_the_line_is_that_of_the_event() -> None:
    folded = event(
        "DTSTART;VALUE=DA\n TE:20261126", name="Thanksgiving\n  and the\n\t day after, fréte"
    )
    second = event("DTSTART;VALUE=DATE:20261225", uid="2", name="Christmas\\, observed")
    inside, _outside = read_closures(file(folded, second).replace(b"\n", b"\r\n"), CHICAGO, [YEAR])
    assert [(each.name, each.line) for each in inside] == [
        ("Thanksgiving and the day after, fréte", 4),
        ("Christmas, observed", 12),
    ]


def test_a_file_may_begin_with_a_mark_and_hold_several_calendars() -> None:
    first = file(event("DTSTART;VALUE=DATE:20261126"))
    second = file(event("DTSTART;VALUE=DATE:20261225"))
    assert dates(b"\xef\xbb\xbf" + first + b"\n\n" + second) == ["11-26", "12-25"]


def test_an_event_without_uid_or_name_is_an_event() -> None:
    bare = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261126\nEND:VEVENT\n"
    inside, _outside = read_closures(file(bare, bare.replace("1126", "1127")), CHICAGO, [YEAR])
    assert [(each.name, str(each.first_day)) for each in inside] == [
        ("Closed", "2026-11-26"),
        ("Closed", "2026-11-27"),
    ]


def test_what_a_feed_writes_is_read_as_it_was() -> None:
    version = Version(dt.datetime(2026, 7, 1, tzinfo=dt.UTC), 1)
    events = (
        DayEvent(
            "1", "Fall; break, 2026\\27", dt.date(2026, 10, 12), dt.date(2026, 10, 16), version
        ),
        DayEvent(
            "2", "Ünder a very long name " * 4, dt.date(2026, 12, 1), dt.date(2026, 12, 1), version
        ),
    )
    inside, _outside = read_closures(render(Feed("Maple", CHICAGO.key, events)), CHICAGO, [YEAR])
    assert [(each.name, each.first_day, each.last_day) for each in inside] == [
        (each.name.strip(), each.first_day, each.last_day) for each in events
    ]


def faults(data: bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(CalendarFileError) as refusal:
        read_closures(data, CHICAGO, [YEAR])
    return [(each.line, each.detail) for each in refusal.value.faults]


NO_CALENDAR = "This is no calendar file: those begin with BEGIN:VCALENDAR."
OFTEN = "The event “Closed” recurs more often than daily, or by a rule unknown here."
BACKWARDS = "The event “Closed” ends before it begins, or mixes dates with times."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", [(1, NO_CALENDAR)], id="empty"),
        pytest.param(b"\n\n{}", [(3, NO_CALENDAR)], id="json"),
        pytest.param(b"PK\x03\x04", [(1, NO_CALENDAR)], id="zip"),
        pytest.param(b"BEGIN:VEVENT\nEND:VEVENT\n", [(1, NO_CALENDAR)], id="an-event-alone"),
        pytest.param(
            file(event("DTSTART;VALUE=DATE:20261126")).replace(b"Closed", b"Caf\xe9"),
            [(6, "The file is not text in UTF-8.")],
            id="latin-1",
        ),
        pytest.param(file(), [(None, "The file holds no event.")], id="no-event"),
        pytest.param(
            file(event("no colon", "DTSTART;VALUE=DATE:20261126", "Ünknown:1")),
            [
                (7, "“no colon” is no line of a calendar file."),
                (9, "“Ünknown:1” is no line of a calendar file."),
            ],
            id="lines-that-are-none",
        ),
        pytest.param(
            file(event("DTSTART;VALUE=DATE:20261126"))[:-30],
            [
                (4, "VEVENT begins here, but does not end: the file is cut."),
                (1, "VCALENDAR begins here, but does not end: the file is cut."),
            ],
            id="cut",
        ),
        pytest.param(
            file("BEGIN:VEVENT\nEND:VTODO\n"),
            [(5, "VTODO ends here, but has not begun.")],
            id="crossed",
        ),
        pytest.param(
            file(event("DTSTART;VALUE=DATE:20261126")) + b"END:VCALENDAR\n",
            [(10, "VCALENDAR ends here, but has not begun.")],
            id="ended-twice",
        ),
        pytest.param(
            file(event(), event("DTSTART;VALUE=DATE:20261126", uid="2")),
            [(4, "The event “Closed” has no DTSTART: nobody can tell when it is.")],
            id="no-start",
        ),
        pytest.param(
            file(event("DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261125")),
            [(4, BACKWARDS)],
            id="backwards",
        ),
        pytest.param(
            file(event("DTSTART;VALUE=DATE:20261126", "DTEND:20261126T100000Z")),
            [(4, BACKWARDS)],
            id="a-date-and-a-time",
        ),
        pytest.param(
            file(event("DTSTART:20261126T080000", "DTEND:20261126T200000Z")),
            [(4, BACKWARDS)],
            id="with-and-without-a-zone",
        ),
        pytest.param(
            file(event("DTSTART:20261126T080000", "RRULE:FREQ=SECONDLY")),
            [(4, OFTEN)],
            id="secondly",
        ),
        pytest.param(
            file(event("DTSTART:20261126T080000", "RRULE:FREQ=DAILY;BYSECOND=1,2")),
            [(4, OFTEN)],
            id="by-the-second",
        ),
        pytest.param(
            file(
                event("DTSTART:20261126T080000"),
                event("DTSTART:20261126T080000", "RRULE:FREQ=DAILY", "RRULE:FREQ=HOURLY", uid="2"),
            ),
            [(9, OFTEN)],
            id="one-of-two-rules",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_where(
    data: bytes, expected: list[tuple[int | None, str]]
) -> None:
    assert faults(data) == expected


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("DTSTART;VALUE=DATE:20261131", "DTSTART"),
        ("DTSTART;VALUE=DATE:2026-11-30", "DTSTART"),
        ("DTSTART:tomorrow", "DTSTART"),
        ("DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=SOMETIMES", "RRULE"),
        ("DTSTART;VALUE=DATE:20261126\nRRULE:INTERVAL=x", "RRULE"),
        ("DTSTART;VALUE=DATE:20261126\nEXDATE:x", "EXDATE"),
        ("DTSTART;VALUE=DATE:20261126\nDURATION:long", "DURATION"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_its_event(line: str, name: str) -> None:
    good = event("DTSTART;VALUE=DATE:20261126", uid="good")
    ((number, detail),) = faults(file(good, event(*line.split("\n"), name="Bad day")))
    assert number == 9
    assert detail.startswith(f"The event “Bad day”: {name} cannot be read: ")


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=DAILY;INTERVAL=0"],
        ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=YEARLY;BYDAY=XX"],
        ["DTSTART;VALUE=DATE:20261126", "RRULE:COUNT=3"],
        ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=DAILY;UNTIL=20261201T000000"],
        ["DTSTART:00010101T000000Z"],
        ["DTSTART:99991231T235959Z", "DURATION:P1D"],
        ["DTSTART;TZID=Nowhere/Land:20261126T080000"],
        ["DTSTART;VALUE=DATE:20261126", "DURATION:-P1D"],
        ["DTSTART;VALUE=DATE:20261126", "DURATION:PT5M"],
        ["DTSTART;VALUE=DATE:20261126", "RECURRENCE-ID;VALUE=DATE:20261126"],
        ["DTSTART;VALUE=DATE:20261126", "DTSTART;VALUE=DATE:20261127"],
        ["DTSTART;VALUE=DATE:20261126", "SUMMARY:Second"],
        ["DTSTART;VALUE=DATE:20261126", "UID:2"],
        ["DTSTART;VALUE=DATE:20261126", "STATUS:CANCELLED", "STATUS:CONFIRMED"],
        ["DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261127", "DTEND;VALUE=DATE:20261128"],
        ["DTSTART;VALUE=DATE:20261126", "RDATE;VALUE=PERIOD:20261130T080000Z/PT5H"],
        ["DTSTART;VALUE=DATE:20261126,20261127"],
        ["DTSTART;VALUE=PERIOD:20261130T080000Z/PT5H"],
        ["DTSTART;VALUE=TIME:080000"],
    ],
    ids=" ".join,
)
def test_an_odd_event_is_read_or_refused_with_its_line(lines: list[str]) -> None:
    data = file(event(*lines))
    try:
        read_closures(data, CHICAGO, [YEAR])
    except CalendarFileError as refusal:
        assert {each.line for each in refusal.faults} == {4}  # noqa: PT017


TORN = file(
    event(
        "DTSTART;VALUE=DATE:20250903", "RRULE:FREQ=MONTHLY;BYDAY=1WE", "EXDATE;VALUE=DATE:20261104"
    ),
    event("RECURRENCE-ID;VALUE=DATE:20261202", "DTSTART;VALUE=DATE:20261203"),
    event("DTSTART;TZID=America/Chicago:20261216T080000", "DURATION:PT5H", uid="2"),
)
PIECES = st.sampled_from(
    [
        *(b"", b"\n", b"\n ", b";", b":", b"=", b",", b'"', b"0", b"9999", b"Z", b"\xff", b"\x00"),
        *(b"END:VEVENT\n", b"BEGIN:VEVENT\n", b"TZID=X", b"BYSETPOS=0;", b"VALUE=PERIOD"),
    ]
)
TEARS = st.tuples(st.integers(0, len(TORN)), st.integers(0, 20), PIECES)


@settings(deadline=None)
@given(st.lists(TEARS, min_size=1, max_size=4))
def test_a_torn_file_is_read_or_refused(tears: list[tuple[int, int, bytes]]) -> None:
    data = TORN
    for start, length, piece in tears:
        data = data[:start] + piece + data[start + length :]
    try:
        read_closures(data, CHICAGO, [YEAR])
    except CalendarFileError as refusal:
        assert refusal.faults  # noqa: PT017


def test_what_the_library_trips_over_is_a_fault_of_the_file() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:A\nTZID:B\nEND:VTIMEZONE\n"
    ((line, detail),) = faults(file(zone, event("DTSTART;VALUE=DATE:20261126")))
    assert line is None
    assert detail.startswith("The file cannot be read: ")


def test_a_file_is_read_up_to_a_limit(monkeypatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_BYTES", 100)
    data = file(event("DTSTART;VALUE=DATE:20261126"))
    assert faults(data) == [(None, "The file has more than 100 bytes.")]
