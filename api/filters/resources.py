"""The filters of each list."""

from django.utils.translation import gettext_lazy as _

from api.filters.base import (
    DateRangeFilter,
    FlagFilter,
    NamedRowFilter,
    ParameterFilter,
    ResourceFilter,
    RowFilter,
    choice,
)
from scheduling.models import (
    AcademicYear,
    Break,
    District,
    PeriodDefinition,
    PeriodTemplate,
    Quarter,
    School,
    Term,
)

SCHOOL = _("What belongs to this school: its id or its slug.")
YEAR = _("What belongs to this academic year.")
TEMPLATE = _("What rings, or rings by, this bell schedule.")


class DistrictFilter(ResourceFilter):
    """Filters for districts."""

    SEARCHED = ("name", "slug")


class SchoolFilter(ResourceFilter):
    """Filters for schools."""

    SEARCHED = ("name", "slug")

    district = NamedRowFilter(District, _("Schools of this district: its id or its slug."))
    is_public = FlagFilter(_("Whether anybody may read the calendar."))


class AcademicYearFilter(DateRangeFilter):
    """Filters for academic years."""

    SEARCHED = ("name",)

    school = NamedRowFilter(School, SCHOOL)


class TermFilter(DateRangeFilter):
    """Filters for terms."""

    SEARCHED = ("name",)

    school = NamedRowFilter(School, SCHOOL)
    academic_year = RowFilter(AcademicYear, YEAR)
    term_type = ParameterFilter(choice(Term.TermType.values, _("Terms of this type.")))


class BreakFilter(DateRangeFilter):
    """Filters for breaks."""

    SEARCHED = ("name",)

    school = NamedRowFilter(School, SCHOOL)
    academic_year = RowFilter(AcademicYear, YEAR)
    kind = ParameterFilter(choice(Break.Kind.values, _("Breaks of this kind.")))


class QuarterFilter(DateRangeFilter):
    """Filters for quarters."""

    SEARCHED = ("quarter_type",)

    school = NamedRowFilter(School, SCHOOL)
    academic_year = RowFilter(AcademicYear, YEAR, field_name="term__academic_year")
    term = RowFilter(Term, _("Quarters of this semester."))
    quarter_type = ParameterFilter(choice(Quarter.QuarterType.values, _("Quarters of this type.")))


class PeriodTemplateFilter(ResourceFilter):
    """Filters for bell schedules."""

    SEARCHED = ("name", "code")

    school = NamedRowFilter(School, SCHOOL)
    is_default = FlagFilter(_("Whether it rings on school days that no rule names."))
    is_archived = FlagFilter(_("Whether it is kept for the past alone."))


class PeriodDefinitionFilter(ResourceFilter):
    """Filters for periods."""

    SEARCHED = ("name",)

    school = NamedRowFilter(School, SCHOOL)
    template = RowFilter(PeriodTemplate, TEMPLATE)
    type = ParameterFilter(choice(PeriodDefinition.Type.values, _("Periods of this type.")))


class ScheduleRuleFilter(ResourceFilter):
    """Filters for schedule rules."""

    SEARCHED = ("template__name", "template__code")

    school = NamedRowFilter(School, SCHOOL)
    academic_year = RowFilter(AcademicYear, YEAR)
    template = RowFilter(PeriodTemplate, TEMPLATE)


class DayOverrideFilter(DateRangeFilter):
    """Filters for overrides of days."""

    SEARCHED = ("name",)

    school = NamedRowFilter(School, SCHOOL)
    academic_year = RowFilter(AcademicYear, YEAR)
    template = RowFilter(PeriodTemplate, TEMPLATE)
    closed = FlagFilter(_("Whether school is closed on these days."))
