"""What the filters of every list are made of.

The text of each is read by a field of the serializers, together with all other parameters of the
URL, so that a date is a date everywhere; a filter says what the value means for the rows.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from typing_extensions import override

from api.authentication import actor_of
from api.serializers.fields import (
    DateField,
    IdField,
    InstantField,
    QueryFlagField,
    SchoolKeyField,
)


class ParameterFilter(django_filters.Filter):  # type: ignore[misc]
    """Compare a column with the value of a parameter, which `reader` reads from the URL."""

    def __init__(
        self, reader: Any, field_name: str | None = None, lookup_expr: str = "exact", **kwargs: Any
    ) -> None:
        super().__init__(field_name, lookup_expr, **kwargs)
        self.reader = reader


class FlagFilter(ParameterFilter):
    """`true` or `false`."""

    def __init__(self, help_text: Any, **kwargs: Any) -> None:
        super().__init__(QueryFlagField(help_text=help_text), **kwargs)


class RowFilter(ParameterFilter):
    """Keep the rows that belong to a row, which the caller must be able to reach.

    One that the caller does not reach is not found, whether it exists or not.
    """

    def __init__(self, model: Any, help_text: Any, **kwargs: Any) -> None:
        super().__init__(kwargs.pop("reader", IdField(help_text=help_text)), **kwargs)
        self.model_asked = model

    @override
    def filter(self, qs: Any, value: Any) -> Any:
        if value is None:
            return qs
        row = self.found(self.model_asked.objects.for_actor(actor_of(self.parent.request)), value)
        if row is None:
            missing = ErrorDetail(str(_("There is no such row.")), "not_found")
            raise serializers.ValidationError({self.parameter: [missing]})
        return qs.filter(**{str(self.field_name): row})

    def found(self, rows: Any, value: Any) -> Any:
        """Return the row that is named, if there is one."""
        return rows.filter(pk=value).first()


class NamedRowFilter(RowFilter):
    """The same, where a row may be named by its slug."""

    def __init__(self, model: Any, help_text: Any, **kwargs: Any) -> None:
        super().__init__(model, help_text, reader=SchoolKeyField(help_text), **kwargs)

    @override
    def found(self, rows: Any, value: str) -> Any:
        return rows.named(value).first()


NOT_A_SPACE = r"[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""Whatever Python does not strip, in the words of every dialect: `\\S` is another set in each."""


@extend_schema_field({"type": "string", "pattern": NOT_A_SPACE})
class WordsField(serializers.CharField):
    """At least one word."""


class ResourceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of every list."""

    SEARCHED: tuple[str, ...] = ()
    """The columns in which `search` looks."""

    base_filters: Any

    search = ParameterFilter(
        WordsField(
            max_length=100, help_text=_("Words, each of which a name of the row must contain.")
        ),
        method="filter_search",
    )
    sourced_id = ParameterFilter(
        serializers.CharField(
            max_length=255,
            trim_whitespace=False,
            help_text=_("The key of the row in the student information system."),
        )
    )
    updated_since = ParameterFilter(
        InstantField(help_text=_("Rows that were changed at this instant or later.")),
        field_name="updated_at",
        lookup_expr="gte",
    )

    @classmethod
    @override
    def get_filters(cls) -> Any:
        """Return the filters by parameter: one whose name is taken in Python ends in `_`."""
        named = {name.removesuffix("_"): each for name, each in super().get_filters().items()}
        for name, each in named.items():
            each.parameter = name
        return named

    def __init__(self, data: Mapping[str, Any], queryset: Any, *, request: Request) -> None:
        """Narrow `queryset` by values that the parameters' readers have read."""
        asked = {name: each for name, each in self.base_filters.items() if name in data}
        self.base_filters = asked  # which are copied: most are not asked
        super().__init__(data, queryset, request=request)

    @property
    @override
    def qs(self) -> Any:
        """The rows that are left. Raises ValidationError with all the rows that are not found."""
        return self.filter_queryset(self.queryset)

    @override
    def filter_queryset(self, queryset: Any) -> Any:
        """Apply the filters. What has been read needs no form to read it again."""
        missing: dict[str, Any] = {}
        for name, each in self.filters.items():
            try:
                queryset = each.filter(queryset, self.data[name])
            except serializers.ValidationError as refusal:
                missing.update(refusal.detail)  # type: ignore[arg-type]
        if missing:
            raise serializers.ValidationError(missing)
        return queryset

    def filter_search(self, queryset: Any, _name: str, text: str) -> Any:
        """Keep the rows that contain every word in one of the searched columns."""
        for word in text.split():
            anywhere = Q()
            for column in self.SEARCHED:
                anywhere |= Q(**{f"{column}__icontains": word})
            queryset = queryset.filter(anywhere)
        return queryset


class DateRangeFilter(ResourceFilter):
    """The filters of what covers days, both ends included."""

    on = ParameterFilter(DateField(help_text=_("What covers this date.")), method="filter_on")
    from_ = ParameterFilter(
        DateField(help_text=_("What ends on this date or later.")),
        field_name="end_date",
        lookup_expr="gte",
    )
    to = ParameterFilter(
        DateField(help_text=_("What starts on this date or earlier.")),
        field_name="start_date",
        lookup_expr="lte",
    )
    starts_after = ParameterFilter(
        DateField(help_text=_("What starts after this date.")),
        field_name="start_date",
        lookup_expr="gt",
    )
    ends_before = ParameterFilter(
        DateField(help_text=_("What ends before this date.")),
        field_name="end_date",
        lookup_expr="lt",
    )

    def filter_on(self, queryset: Any, _name: str, day: dt.date) -> Any:
        """Keep what covers the day."""
        return queryset.for_date(day)


def choice(choices: Iterable[Any], help_text: Any) -> serializers.ChoiceField:
    """Return a reader of one of some words."""
    return serializers.ChoiceField(list(choices), help_text=help_text)
