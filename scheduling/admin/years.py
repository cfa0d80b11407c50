"""Academic years and what lies in them."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from typing_extensions import override

from scheduling.admin.base import Listed, RowAdmin
from scheduling.calendar.days import WEEKDAYS
from scheduling.models import AcademicYear, Break, DayOverride, Quarter, ScheduleRule, Term
from scheduling.services import generate_quarters

BY_SCHOOL = ("school", admin.RelatedOnlyFieldListFilter)


@admin.display(description=gettext_lazy("weekdays"))
def days(rule: ScheduleRule) -> str:
    """Return the weekdays of a rule in short."""
    names = (str(WEEKDAYS_ABBR[WEEKDAYS.index(day)]) for day in rule.weekdays)
    return ", ".join(names) or "-"


class Terms(Listed):
    """The terms of a year."""

    model = Term
    fields = ("name", "term_type", "start_date", "end_date")


class Breaks(Listed):
    """The breaks of a year."""

    model = Break
    fields = ("name", "kind", "start_date", "end_date", "counts_weeks")


class Rules(Listed):
    """The rules of a year."""

    model = ScheduleRule
    fields = ("template", "days", "cycle_day", "valid_from", "valid_to")
    readonly_fields = ("days",)

    days = staticmethod(days)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("template")


class Overrides(Listed):
    """The overrides of a year."""

    model = DayOverride
    fields = ("name", "start_date", "end_date", "closed", "template", "cycle_day", "holds_cycle")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("template")


class Quarters(Listed):
    """The quarters of a term."""

    model = Quarter
    fields = ("quarter_type", "start_date", "end_date")


@admin.register(AcademicYear)
class AcademicYearAdmin(RowAdmin):
    """Academic years, with all that lies in them."""

    list_display = ("name", "school", "start_date", "end_date", "rotation")
    list_filter = (BY_SCHOOL,)
    list_select_related = ("school",)
    search_fields = ("name", "school__name", "school__slug", "sourced_id")
    date_hierarchy = "start_date"
    autocomplete_fields = ("school",)
    fields = (
        "school",
        "name",
        "start_date",
        "end_date",
        "cycle_days",
        "cycle_policy",
        "cycle_start",
    )
    inlines = (Terms, Breaks, Rules, Overrides)

    @admin.display(description=gettext_lazy("rotation"), empty_value="-")
    def rotation(self, year: AcademicYear) -> str | None:
        """Name the rotation days."""
        return ", ".join(year.cycle_days) or None


@admin.register(Term)
class TermAdmin(RowAdmin):
    """Terms, with their quarters."""

    context = ("academic_year", "school")
    list_display = ("name", "term_type", "academic_year", "school", "start_date", "end_date")
    list_filter = ("term_type", BY_SCHOOL)
    list_select_related = ("academic_year", "school")
    search_fields = ("name", "academic_year__name", "school__name", "school__slug", "sourced_id")
    date_hierarchy = "start_date"
    autocomplete_fields = ("academic_year",)
    fields = ("academic_year", "term_type", "sequence", "name", "start_date", "end_date")
    inlines = (Quarters,)
    actions = ("generate_quarters",)

    @admin.action(description=gettext_lazy("Generate quarters"), permissions=["add"])
    def generate_quarters(self, request: HttpRequest, queryset: QuerySet[Term]) -> None:
        """Make the quarters that semesters lack; refuse trimesters one by one."""
        made = 0
        for term in queryset:
            if not term.is_semester:
                message = _("%(term)s has no quarters: only a semester has.")
                self.message_user(
                    request, message % {"term": self.description(term)}, messages.WARNING
                )
                continue
            quarters = self.written(request, term.school_id, partial(generate_quarters, term))
            made += len(quarters or ())
        message = ngettext("%(made)s quarter was made.", "%(made)s quarters were made.", made)
        self.message_user(request, message % {"made": made}, messages.SUCCESS)


@admin.register(Break)
class BreakAdmin(RowAdmin):
    """Breaks."""

    list_display = ("name", "kind", "academic_year", "school", "start_date", "end_date")
    list_filter = ("kind", "counts_weeks", BY_SCHOOL)
    list_select_related = ("academic_year", "school")
    search_fields = ("name", "academic_year__name", "school__name", "school__slug", "sourced_id")
    date_hierarchy = "start_date"
    autocomplete_fields = ("academic_year",)
    fields = ("academic_year", "name", "kind", "start_date", "end_date", "counts_weeks")


@admin.register(Quarter)
class QuarterAdmin(RowAdmin):
    """Quarters."""

    list_display = ("__str__", "term", "school", "start_date", "end_date")
    list_filter = ("quarter_type", BY_SCHOOL)
    list_select_related = ("term", "school")
    search_fields = ("quarter_type", "term__name", "school__name", "school__slug", "sourced_id")
    date_hierarchy = "start_date"
    autocomplete_fields = ("term",)
    fields = ("term", "quarter_type", "sequence", "start_date", "end_date")


@admin.register(ScheduleRule)
class ScheduleRuleAdmin(RowAdmin):
    """Schedule rules."""

    list_display = (
        "template",
        days,
        "cycle_day",
        "valid_from",
        "valid_to",
        "academic_year",
        "school",
    )
    list_filter = (BY_SCHOOL,)
    list_select_related = ("academic_year", "school", "template")
    search_fields = (
        "template__name",
        "template__code",
        "cycle_day",
        "academic_year__name",
        "school__name",
        "school__slug",
        "sourced_id",
    )
    autocomplete_fields = ("academic_year", "template")
    fields = ("academic_year", "template", "weekdays", "cycle_day", "valid_from", "valid_to")


@admin.register(DayOverride)
class DayOverrideAdmin(RowAdmin):
    """Day overrides."""

    list_display = (
        "name",
        "start_date",
        "end_date",
        "closed",
        "template",
        "cycle_day",
        "academic_year",
        "school",
    )
    list_filter = ("closed", "holds_cycle", BY_SCHOOL)
    list_select_related = ("academic_year", "school", "template")
    search_fields = (
        "name",
        "template__name",
        "academic_year__name",
        "school__name",
        "school__slug",
        "sourced_id",
    )
    date_hierarchy = "start_date"
    autocomplete_fields = ("academic_year", "template")
    fields = (
        "academic_year",
        "name",
        "start_date",
        "end_date",
        "closed",
        "template",
        "cycle_day",
        "holds_cycle",
    )
