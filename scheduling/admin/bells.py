"""Bell schedules and their periods."""

from functools import partial

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from scheduling.admin.base import Listed, RowAdmin
from scheduling.forms import PeriodDefinitionForm
from scheduling.models import PeriodDefinition, PeriodTemplate
from scheduling.services import clone_template, free_code

BY_SCHOOL = ("school", admin.RelatedOnlyFieldListFilter)


@admin.display(description=gettext_lazy("time"), ordering="start")
def bells(period: PeriodDefinition) -> str:
    """Return when a period starts and ends."""
    return f"{period.start:%H:%M}-{period.end:%H:%M}"


class Periods(Listed):
    """The periods of a bell schedule."""

    model = PeriodDefinition
    fields = ("number", "name", "type", "bells", "length", "passing", "track")
    readonly_fields = ("bells",)

    bells = staticmethod(bells)


@admin.register(PeriodTemplate)
class PeriodTemplateAdmin(RowAdmin):
    """Bell schedules, with their periods."""

    list_display = ("name", "code", "school", "is_default", "is_archived")
    list_filter = ("is_default", "is_archived", BY_SCHOOL)
    list_select_related = ("school",)
    search_fields = ("name", "code", "school__name", "school__slug", "sourced_id")
    autocomplete_fields = ("school",)
    fields = ("school", "code", "name", "is_default", "is_archived")
    inlines = (Periods,)
    actions = ("clone",)

    @override
    def offered(self, rows: QuerySet[PeriodTemplate]) -> QuerySet[PeriodTemplate]:
        return rows.filter(is_archived=False)

    @admin.action(description=gettext_lazy("Clone template"), permissions=["add"])
    def clone(self, request: HttpRequest, queryset: QuerySet[PeriodTemplate]) -> None:
        """Copy bell schedules with their periods, each under a free code."""
        for template in queryset:
            clone = self.written(request, template.school_id, partial(_copied, template))
            if clone is not None:
                message = _("%(template)s was cloned as %(code)s.")
                params = {"template": self.description(template), "code": clone.code}
                self.message_user(request, message % params, messages.SUCCESS)


def _copied(template: PeriodTemplate) -> PeriodTemplate:
    longest = PeriodTemplate._meta.get_field("name").max_length
    name = _("%s (copy)") % template.name
    return clone_template(template, code=free_code(template), name=name[:longest])


@admin.register(PeriodDefinition)
class PeriodDefinitionAdmin(RowAdmin):
    """Periods."""

    form = PeriodDefinitionForm
    details = ("sourced_id", "meta")
    list_display = (
        "number",
        "name",
        bells,
        "length",
        "passing",
        "type",
        "track",
        "template",
        "school",
    )
    list_display_links = ("number", "name")
    list_filter = ("type", BY_SCHOOL)
    list_select_related = ("template", "school")
    search_fields = (
        "name",
        "track",
        "template__name",
        "template__code",
        "school__name",
        "school__slug",
        "sourced_id",
    )
    autocomplete_fields = ("template",)
    fields = (
        "template",
        "number",
        "name",
        "type",
        "start",
        "length",
        "passing",
        "track",
        "irregular",
    )
