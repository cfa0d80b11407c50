"""Calendar documents that obey the rules, some of them strange."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

FIRST = dt.date(2026, 8, 1)
CODES = ["regular", "late", "finals"]

names = st.text("aé✓ '\"\\/", min_size=1, max_size=5).map(lambda text: f"n{text}")
metadata = st.dictionaries(
    st.sampled_from(["a", "b", "Z/1", "é"]),
    st.none() | st.booleans() | st.integers(-9, 9) | st.lists(names, max_size=2),
    max_size=2,
)


def optional(draw: st.DrawFn, **keys: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Return some of the keys."""
    return {key: draw(values) for key, values in keys.items() if draw(st.booleans())}


@st.composite
def periods(draw: st.DrawFn) -> list[dict[str, Any]]:
    numbers = draw(st.lists(st.integers(0, 99), unique=True, max_size=5))
    return [
        {
            "number": number,
            "start": f"{7 + hour:02}:{draw(st.integers(0, 9)):02}",
            "length": draw(st.integers(30, 45)),
            **optional(
                draw,
                name=names,
                type=st.sampled_from(["class", "lunch", "staff"]),
                track=st.sampled_from(["", "staff", "lunch-a"]),
                passing=st.integers(0, 5),
                irregular=st.booleans(),
                meta=metadata,
            ),
        }
        for hour, number in enumerate(numbers)
    ]


@st.composite
def templates(draw: st.DrawFn) -> list[dict[str, Any]]:
    default = draw(st.sampled_from([None, *CODES]))
    return [
        {
            "code": code,
            "name": draw(names),
            "is_default": code == default,
            "periods": draw(periods()),
            **optional(draw, is_archived=st.booleans(), metadata=metadata),
        }
        for code in draw(st.permutations(CODES))
    ]


@st.composite
def terms(draw: st.DrawFn, start: dt.date) -> list[dict[str, Any]]:
    middle = start + dt.timedelta(days=draw(st.integers(20, 100)))
    end = start + dt.timedelta(days=draw(st.integers(130, 200)))
    return [
        {
            "term_type": term_type,
            "start_date": str(first),
            "end_date": str(last),
            **optional(draw, name=names, metadata=metadata, quarters=st.just([])),
        }
        for term_type, first, last in (
            ("SEM2", middle + dt.timedelta(days=1), end),
            ("SEM1", start, middle),
            ("TRI1", start, end),
        )
        if term_type != "TRI1" or draw(st.booleans())
    ]


@st.composite
def years(draw: st.DrawFn, start: dt.date) -> dict[str, Any]:
    def day(offset: int) -> str:
        return str(start + dt.timedelta(days=offset))

    cycle = draw(st.sampled_from([[], ["A", "B"], ["é"]]))
    offsets = draw(st.lists(st.integers(0, 58), unique=True, max_size=4))
    return {
        "name": f"Year {start.year}",
        "start_date": str(start),
        "end_date": day(300),
        "rotation": {"cycle_days": cycle, **optional(draw, start=st.just(day(3)))},
        "terms": draw(terms(start)),
        "breaks": [
            {"name": draw(names), "start_date": day(offset), **optional(draw, metadata=metadata)}
            for offset in draw(st.lists(st.integers(0, 300), max_size=4))
        ],
        "schedule_rules": [
            {"template": draw(st.sampled_from(CODES)), "weekdays": weekdays}
            for weekdays in draw(st.sampled_from([[], [["sunday", "monday"], ["friday"]]]))
        ]
        + [{"template": "late", "cycle_day": name, "valid_to": day(9)} for name in cycle],
        "day_overrides": [
            {"start_date": day(5 * offset), "end_date": day(5 * offset + 2), "name": draw(names)}
            | draw(st.sampled_from([{"closed": True}, *({"template": code} for code in CODES)]))
            for offset in offsets
        ],
    }


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "format": "schoolday/1",
        "school": {
            "slug": "maple-high",
            "name": draw(names),
            "timezone": draw(st.sampled_from(["UTC", "America/Chicago"])),
            **optional(draw, is_public=st.booleans(), metadata=metadata),
        },
        "period_templates": draw(templates()),
        "academic_years": [
            draw(years(FIRST.replace(year=2026 + n))) for n in range(draw(st.integers(0, 2)))
        ],
    }
