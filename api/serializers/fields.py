"""Dates, times, names and other small values, as they are written in URLs and in JSON."""

import datetime as dt
import re
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from typing_extensions import override

from api.authentication import actor_of
from core.models.abstracts import FIRST_YEAR, LAST_YEAR
from scheduling.calendar.days import WEEKDAYS
from scheduling.models.abstracts import ID

DATE_OR_TODAY = r"^((19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])|today)$"
DATE_OR_INSTANT = (
    r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"(T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$"
)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(
    r"(?P<local>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?)"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})",
    re.IGNORECASE,
)
DIGITS = re.compile(r"-?[0-9]+")
CLOCK = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
SPACE_FOR_PLUS = re.compile(r" (?=[0-9]{2}:?[0-9]{2}\Z)")

SCHOOL_KEY = _("The school: its id or its slug.")
DISTRICT_KEY = _("The district: its id or its slug.")
YEAR_OUT_OF_RANGE = _("The year must lie between 1900 and 2199.")


class _Word(str):
    """A word that is itself alone: the same text, said of something else, is not it."""

    __slots__ = ()


TODAY = _Word("today")
"""Stands for a date that only the school can tell."""


class DateField(serializers.DateField):
    """A date of a year that a calendar can be about, written YYYY-MM-DD and no other way."""

    default_error_messages = {
        "invalid": _("This is not a date. Write YYYY-MM-DD, such as 2026-11-23."),
        "year_out_of_range": YEAR_OUT_OF_RANGE,
    }

    @override
    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not DATE.fullmatch(value):
            self.fail("invalid")
        try:
            date = dt.date.fromisoformat(value)
        except ValueError:
            self.fail("year_out_of_range" if value.startswith("0000") else "invalid")
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            self.fail("year_out_of_range")
        return date


@extend_schema_field({"type": "string", "pattern": DATE_OR_TODAY})
class DateOrTodayField(DateField):
    """A date, or the word `today`, which is left for the school to say."""

    @override
    def to_internal_value(self, value: Any) -> Any:
        return TODAY if value == TODAY else super().to_internal_value(value)


class InstantField(serializers.DateTimeField):
    """An instant as RFC 3339 has it, or without the colon of its offset; it is written in UTC.

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
        written = INSTANT.fullmatch(SPACE_FOR_PLUS.sub("+", str(value)))
        if written is None:
            self.fail("invalid")
        if not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
            self.fail("year_out_of_range")
        try:
            return dt.datetime.fromisoformat(written[0].upper()).astimezone(dt.UTC)
        except ValueError:
            self.fail("invalid")


@extend_schema_field({"type": "string", "pattern": DATE_OR_INSTANT})
class AsOfField(serializers.Field[Any, Any, Any, Any]):
    """The moment that an answer is to be of: a date, which means its end, or an instant."""

    default_error_messages = {
        "invalid": _(
            "This is neither a date nor an instant. Write 2026-11-23 or 2026-11-23T09:45:00-06:00."
        ),
    }

    def __init__(self) -> None:
        super().__init__(
            default=None,
            help_text=_(
                "What did we say then? A date, at whose end on the school's clock, or an RFC 3339 "
                "instant at which the question is asked: the answer, and what `today` and now are, "
                "is what it was at that moment."
            ),
        )

    @override
    def to_internal_value(self, data: Any) -> dt.date:
        if DATE.fullmatch(data):
            return DateField().run_validation(data)  # type: ignore[no-any-return]
        if not INSTANT.fullmatch(SPACE_FOR_PLUS.sub("+", data)):
            self.fail("invalid")
        return InstantField().run_validation(data)  # type: ignore[no-any-return]


@extend_schema_field({"type": "string", "format": "date-time"})
class LocalTimeField(serializers.Field[dt.datetime, Any, str, dt.datetime]):
    """An instant on the school's clock, with its offset.

    RFC 3339 writes offsets in minutes; where clocks once went by the sun, the nearest is taken.
    """

    @override
    def to_representation(self, value: dt.datetime) -> str:
        minutes = round((value.utcoffset() or dt.timedelta()) / dt.timedelta(minutes=1))
        return value.astimezone(dt.timezone(dt.timedelta(minutes=minutes))).isoformat()


@extend_schema_field({"type": "string", "pattern": CLOCK.pattern})
class ClockField(serializers.TimeField):
    """A time on the school's clock, written HH:MM and no other way."""

    default_error_messages = {"invalid": _("This is not a time. Write HH:MM, such as 08:30.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)

    @override
    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not CLOCK.fullmatch(value):
            self.fail("invalid")
        return dt.time.fromisoformat(value)


class TextField(serializers.CharField):
    """A JSON string, kept as it is written."""

    default_error_messages = {"invalid": _("This must be text.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    @override
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeNumberField(serializers.IntegerField):
    """A JSON number without a fraction: "5" is none."""

    default_error_messages = {"invalid": _("This must be a whole number.")}

    def __init__(self, least: int = 0, most: int = 2**53, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        bounds = {"type": "integer", "minimum": least, "maximum": most}
        set_override(self, "field", bounds)  # to be told: the model asks

    @override
    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class FlagField(serializers.BooleanField):
    """`true` or `false`: "true" and 1 are neither."""

    default_error_messages = {"invalid": _("This must be true or false.")}

    @override
    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and not isinstance(data, bool):
            self.fail("null" if data is None else "invalid")
        return super().run_validation(data)


class QueryFlagField(serializers.BooleanField):
    """`true` or `false`, and no other word."""

    default_error_messages = {"invalid": _("Write true or false.")}

    @override
    def to_internal_value(self, data: Any) -> bool:
        if data not in {"true", "false"}:
            self.fail("invalid")
        return bool(data == "true")


@extend_schema_field({"type": "object", "additionalProperties": {}})
class ObjectField(serializers.JSONField):
    """A JSON object; what may be in it is for the model to say."""

    default_error_messages = {"invalid": _("This must be a JSON object.")}

    @override
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            self.fail("invalid")
        return data


class ShortListField(serializers.ListField):
    """A JSON list; one that is too long is refused before anybody looks into it."""

    @override
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list):
            self.run_validators(data)
        return super().to_internal_value(data)


class WeekdaysField(ShortListField):
    """Weekdays by name; they are kept from Monday to Sunday."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.ChoiceField(WEEKDAYS), max_length=7, **kwargs)


class IdField(serializers.UUIDField):
    """An id in a URL: with its hyphens, in small letters or in capitals."""

    default_error_messages = {"invalid": _("This is not an id.")}

    @override
    def to_internal_value(self, data: Any) -> UUID:
        if not re.match(ID, data.lower()):
            self.fail("invalid")
        return UUID(data)


class RowKeyField(serializers.PrimaryKeyRelatedField[Any]):
    """The id of a row that the caller can reach; any other is not found, even if it exists."""

    default_error_messages = {
        "invalid": _("This is not an id."),
        "not_found": _("There is no such row."),
    }

    @override
    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data == "":
            self.fail("invalid")  # it is not null
        return super().run_validation(data)

    @override
    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.for_actor(actor_of(self.context["request"]))

    @override
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not re.match(ID, data.lower()):
            self.fail("invalid")
        return self._found(self.get_queryset().filter(pk=data))

    def _found(self, rows: Any) -> Any:
        row = rows.first()
        if row is None:
            self.fail("not_found")
        return row


class NamedKeyField(RowKeyField):
    """The id or the slug of a row that the caller can reach; it is answered as the id."""

    default_error_messages = {"invalid": _("This is neither an id nor a slug.")}

    @override
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return self._found(self.get_queryset().named(data))


class QueryNumberField(serializers.IntegerField):
    """A whole number of a query, in plain digits and no other way."""

    def __init__(self, smallest: int, largest: int, *, default: int, help_text: Any) -> None:
        super().__init__(
            min_value=smallest, max_value=largest, default=default, help_text=help_text
        )

    @override
    def to_internal_value(self, data: Any) -> int:
        if len(data) <= self.MAX_STRING_LENGTH and not DIGITS.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class SchoolKeyField(serializers.CharField):
    """The id or the slug of a school. One that names no school is not wrong, but not found."""

    def __init__(self, help_text: Any = SCHOOL_KEY) -> None:
        super().__init__(max_length=63, trim_whitespace=False, help_text=help_text)


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
