"""The rows of a calendar, as an answer mentions them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.base import Shape
from scheduling.models import Break, Quarter, Term


class DistrictBriefSerializer(Shape):
    """The district of a school, in short."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class SchoolBriefSerializer(Shape):
    """The school whose calendar it is."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    timezone = serializers.CharField(help_text=_("An IANA name. Bells ring by this clock."))


class YearBriefSerializer(Shape):
    """An academic year, in short."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class TermBriefSerializer(Shape):
    """A semester or a trimester, in short."""

    id = serializers.UUIDField()
    term_type = serializers.ChoiceField(Term.TermType.choices)
    name = serializers.CharField()


class QuarterBriefSerializer(Shape):
    """A quarter, in short."""

    id = serializers.UUIDField()
    quarter_type = serializers.ChoiceField(Quarter.QuarterType.choices)
    full_label = serializers.CharField()


class WeekNumbersSerializer(Shape):
    """The numbers of a calendar week, from 1; null outside the span and in a week all off."""

    quarter = serializers.IntegerField(allow_null=True)
    term = serializers.IntegerField(
        allow_null=True,
        help_text=_("The semester's, where semesters and trimesters run side by side."),
    )
    year = serializers.IntegerField(allow_null=True)


class BreakBriefSerializer(Shape):
    """A break, in short."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Break.Kind.choices)
    start_date = serializers.DateField()
    end_date = serializers.DateField(help_text=_("The last day, included."))


class TemplateBriefSerializer(Shape):
    """A bell schedule, in short."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
