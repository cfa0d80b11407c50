"""One school that was published once for each of its lunch waves, put together again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from scheduling.importers.bell_periods import Period, Schedule
from scheduling.importers.bell_schedules import Conversion, compose, read_schedules
from scheduling.importers.special_days import YearSpan

_TRACK = re.compile(r"[a-z0-9-]{1,20}")
_RESERVED = frozenset({"none", "all", "staff"})


def merge_waves(
    waves: Mapping[str, Mapping[str, Any]], *, years: Sequence[YearSpan], timezone: str
) -> Conversion:
    """Return one calendar of schools that differ by their bells only, each wave a track.

    What all waves do at the same time is everybody's, the rest is each wave's own: everybody's
    periods and those of one track are that wave's day, period by period. The id, the names, the
    week and the special days are those of the first wave.
    """
    _require_one_school(waves)
    read = {track: read_schedules(school) for track, school in waves.items()}
    first = next(iter(waves.values()))
    merged = {
        source["id"]: _merged({track: read[track][source["id"]] for track in waves})
        for source in first["schedules"]
    }
    return compose(first, merged, years=years, timezone=timezone)


def _require_one_school(waves: Mapping[str, Mapping[str, Any]]) -> None:
    """Require tracks that can be tracks, and waves that have the same kinds of days."""
    unusable = [track for track in waves if not _TRACK.fullmatch(track) or track in _RESERVED]
    if unusable:
        raise ValueError(f"Not the name of a track: {', '.join(unusable)}")
    if len({_days_of(school) for school in waves.values()}) != 1:
        raise ValueError("The waves of one school have the same schedules, week and special days.")


def _days_of(school: Mapping[str, Any]) -> str:
    ids = sorted(source["id"] for source in school["schedules"])
    return repr((ids, sorted(school["default_week"].items()), school["special_days"]))


def _merged(waves: Mapping[str, Schedule]) -> Schedule:
    """Return the day of all waves, in order of time and track."""
    shared = _shared([schedule.periods for schedule in waves.values()])
    own = [
        replace(period, track=track)
        for track, schedule in waves.items()
        for period in schedule.periods
        if _alike(period) not in shared
    ]
    periods = sorted([*shared.values(), *own], key=lambda each: (each.start, each.track))
    notes = (note for schedule in waves.values() for note in schedule.notes)
    first = next(iter(waves.values()))
    return replace(first, periods=tuple(periods), notes=tuple(dict.fromkeys(notes)))


def _alike(period: Period) -> Period:
    """Return what has to be equal for a period to be everybody's: all but its passing."""
    return replace(period, passing=0)


def _shared(days: Iterable[Sequence[Period]]) -> dict[Period, Period]:
    """Return the periods that every day has, each with the shortest of its passing times.

    Whoever has longer to walk still has it: the gap stays. The shortest never runs into a period.
    """
    by_likeness = [{_alike(period): period for period in day} for day in days]
    first, *others = by_likeness
    return {
        alike: replace(period, passing=min(day[alike].passing for day in by_likeness))
        for alike, period in first.items()
        if all(alike in day for day in others)
    }
