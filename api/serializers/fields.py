"""Dates, times, names and other small values, as they are written in URLs and in JSON."""

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from typing_extensions import override

from core.models.abstracts import FIRST_YEAR, LAST_YEAR

TODAY = "today"
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(
    r"(?P<local>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?)"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)
SPACE_FOR_PLUS = re.compile(r" (?=[0-9]{2}:[0-9]{2}\Z)")

YEAR_OUT_OF_RANGE = _("The year must lie between 1900 and 2199.")


class DateField(serializers.DateField):
    """A date of a year that a calendar can be about, written YYYY-MM-DD and no other way."""

    default_error_messages = {
        "invalid": _("This is not a date. Write YYYY-MM-DD, such as 2026-11-23."),
        "year_out_of_range": YEAR_OUT_OF_RANGE,
    }

    @override
    def to_internal_value(self, value: Any) -> Any:
        if not DATE.fullmatch(value):
            self.fail("invalid")
        try:
            date = dt.date.fromisoformat(value)
        except ValueError:
            self.fail("year_out_of_range" if value.startswith("0000") else "invalid")
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            self.fail("year_out_of_range")
        return date


@extend_schema_field({"type": "string", "pattern": r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|today)$"})
class DateOrTodayField(DateField):
    """A date, or the word `today`, which is left for the school to say."""

    @override
    def to_internal_value(self, value: Any) -> Any:
        return TODAY if value == TODAY else super().to_internal_value(value)


class InstantField(serializers.DateTimeField):
    """An instant as RFC 3339 has it; it is written in UTC.

    A `+` in a query means a space, so a space is read as the `+` that the caller meant.
    """

    default_error_messages = {
        "invalid": _("This is not an instant. Write 2026-11-23T09:45:00-06:00 or end it in Z."),
        "year_out_of_range": YEAR_OUT_OF_RANGE,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=dt.UTC, **kwargs)

    @override
    def to_internal_value(self, value: Any) -> dt.datetime:
        written = INSTANT.fullmatch(SPACE_FOR_PLUS.sub("+", value))
        if written is None:
            self.fail("invalid")
        if not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
            self.fail("year_out_of_range")
        try:
            return dt.datetime.fromisoformat(written[0].upper()).astimezone(dt.UTC)
        except ValueError:
            self.fail("invalid")


@extend_schema_field({"type": "string", "format": "date-time"})
class LocalTimeField(serializers.Field[dt.datetime, Any, str, dt.datetime]):
    """An instant on the school's clock, with its offset.

    RFC 3339 writes offsets in minutes; where clocks once went by the sun, the nearest is taken.
    """

    @override
    def to_representation(self, value: dt.datetime) -> str:
        minutes = round((value.utcoffset() or dt.timedelta()) / dt.timedelta(minutes=1))
        return value.astimezone(dt.timezone(dt.timedelta(minutes=minutes))).isoformat()


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})
class ClockField(serializers.TimeField):
    """A time on the school's clock, HH:MM."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class SchoolKeyField(serializers.CharField):
    """The id or the slug of a school. One that names no school is not wrong, but not found."""

    def __init__(self) -> None:
        super().__init__(
            max_length=63,
            trim_whitespace=False,
            help_text=_("The school: its id or its slug."),
        )


class TrackField(serializers.RegexField):
    """The name of a track, or `none`, or `all`. A track that no period is on is fine."""

    default_error_messages = {
        "invalid_track": _("A track is 1 to 20 of small letters, digits and hyphens."),
    }

    def __init__(self) -> None:
        super().__init__(r"^[a-z0-9-]{1,20}\Z", trim_whitespace=False)

    @override
    def run_validation(self, data: Any = serializers.empty) -> Any:
        try:
            return super().run_validation(data)
        except serializers.ValidationError:
            self.fail("invalid_track")


class TracksField(serializers.ListField):
    """Whose day it is, from tracks asked for one by one."""

    def __init__(self, help_text: Any) -> None:
        super().__init__(child=TrackField(), default=list, max_length=20, help_text=help_text)


class RevisionField(serializers.IntegerField):
    """The revision of the school that an answer is of."""

    def __init__(self) -> None:
        super().__init__(
            source="school.revision", help_text=_("The revision of the school that says so.")
        )
