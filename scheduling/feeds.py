"""Calendar feeds of schools: their rows as events, rendered and kept under the revision token.

The same row has the same UID at whatever address it is read, and an event's version is that of the
rows that it tells of: nothing depends on who asks, or when.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.cache import Answer, filled, remembered
from core.revision import is_revising
from scheduling import cache_keys
from scheduling.calendar.bells import Bell, heard
from scheduling.calendar.facts import quarter_label
from scheduling.calendar.tracks import NONE
from scheduling.ical.events import DayEvent, Feed, TimedEvent, Version, latest
from scheduling.ical.writing import render
from scheduling.models import Break, DayOverride, PeriodDefinition, Quarter, Revision, School, Term
from scheduling.models.calendar_rows import calendar_of
from scheduling.states import SchoolState

DOMAIN = "schoolday"
"""The right side of UIDs. A host name would tie them to where the service runs today."""


def calendar_feed(school: SchoolState, kinds: Collection[str] = ()) -> Answer:
    """Return the terms, quarters, breaks and overrides of a school, or only those `kinds`."""
    wanted = [kind for kind in KINDS if not kinds or kind in kinds]
    name = cache_keys.key("calendar_feed", kinds=",".join(wanted))
    return _kept(school, name, lambda: _calendar(school.id, wanted))


def bells_feed(
    school: SchoolState, first_day: dt.date, weeks: int, tracks: Collection[str] = ()
) -> Answer:
    """Return every period that rings in so many weeks from a date on.

    Without tracks it is everybody's periods only.
    """
    asked = sorted(set(tracks)) or [NONE]
    digest = blake2b(",".join(asked).encode(), digest_size=16).hexdigest()
    name = cache_keys.key("bells_feed", first_day=first_day, weeks=weeks, tracks=digest)
    last_day = first_day + dt.timedelta(weeks=weeks) - dt.timedelta(days=1)
    return _kept(school, name, lambda: _bells(school.id, first_day, last_day, asked))


def changed_at(token: UUID) -> dt.datetime | None:
    """Return when the state that a token names was committed, if the log still tells."""
    return Revision.objects.filter(token=token).values_list("time", flat=True).first()


def _kept(school: SchoolState, name: str, compute: Callable[[], Feed]) -> Answer:
    def fill() -> Answer:
        return filled(school.id, lambda: render(compute()))

    return fill() if is_revising(school.id) else remembered(school.token, name, fill)


# Whole days


def _calendar(school_id: UUID, kinds: Sequence[str]) -> Feed:
    school = School.objects.get(pk=school_id)
    events = tuple(event for kind in kinds for event in KINDS[kind](school_id))
    return Feed(school.name, school.timezone, events)


def _terms(school_id: UUID) -> Iterator[DayEvent]:
    for row in Term.objects.filter(school=school_id).order_by():
        yield _days("term", row, row.name)


def _quarters(school_id: UUID) -> Iterator[DayEvent]:
    rows = Quarter.objects.filter(school=school_id).order_by().select_related("term")
    for row in rows:
        yield _days("quarter", row, quarter_label(row.quarter_type, row.term.term_type), row.term)


def _breaks(school_id: UUID) -> Iterator[DayEvent]:
    for row in Break.objects.filter(school=school_id).order_by():
        yield _days("break", row, row.name, note=row.get_kind_display())


def _overrides(school_id: UUID) -> Iterator[DayEvent]:
    rows = DayOverride.objects.filter(school=school_id).order_by().select_related("template")
    for row in rows:
        if row.template is None:
            yield _days("override", row, row.name, note=_("No school"))
        else:
            yield _days("override", row, row.name, row.template, note=_bells_of(row.template.name))


KINDS: Mapping[str, Callable[[UUID], Iterator[DayEvent]]] = {
    "terms": _terms,
    "quarters": _quarters,
    "breaks": _breaks,
    "overrides": _overrides,
}
"""What the calendar feed can hold."""


def _days(kind: str, row: Any, name: str, *shown_too: Any, note: str = "") -> DayEvent:
    """Return a row as an event that tells of other rows, too."""
    version = latest(Version(each.updated_at, each.revision) for each in (row, *shown_too))
    uid = f"{kind}-{row.pk}@{DOMAIN}"
    return DayEvent(uid, name, row.start_date, row.end_date, version, note)


def _bells_of(template: str) -> str:
    return _("Bell schedule: %(name)s") % {"name": template}


# Periods


def _bells(school_id: UUID, first_day: dt.date, last_day: dt.date, tracks: list[str]) -> Feed:
    calendar = calendar_of(school_id, first_day, last_day)
    versions = _versions(school_id)
    events = tuple(
        _bell(bell, day.day.template.name, versions[bell.period.id])
        for day in calendar.days(first_day, last_day, tracks)
        if day.day.template
        for bell in heard(day.periods)
    )
    name = _("%(school)s: bells") % {"school": calendar.school.name}
    return Feed(name, calendar.school.timezone, events)


def _versions(school_id: UUID) -> dict[UUID, Version]:
    """Return the version of each period's events: its own, its template's, its school's clock's."""
    rows = PeriodDefinition.objects.filter(school=school_id).order_by().values_list(
        "pk",
        "updated_at", "revision",
        "template__updated_at", "template__revision",
        "school__updated_at",
    )  # fmt: skip
    return {
        pk: latest([Version(own, number), Version(template, its_number), Version(school, 0)])
        for pk, own, number, template, its_number, school in rows
    }


def _bell(bell: Bell, template: str, version: Version) -> TimedEvent:
    return TimedEvent(
        uid=f"bell-{bell.period.id}-{bell.date:%Y%m%d}@{DOMAIN}",
        name=bell.period.name,
        starts_at=bell.starts_at,
        ends_at=bell.ends_at,
        version=version,
        note=_bells_of(template),
    )
