"""Districts, schools, and the log of their revisions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from typing_extensions import override

from scheduling.admin.access import ReachAdmin, actor_of
from scheduling.admin.base import Listed, RowAdmin
from scheduling.models import AcademicYear, District, PeriodTemplate, Revision, Role, School


class Schools(Listed):
    """The schools of a district."""

    model = School
    fields = ("name", "slug", "timezone", "is_public")


class Years(Listed):
    """The academic years of a school."""

    model = AcademicYear
    fields = ("name", "start_date", "end_date")
    ordering = ("-start_date",)


class Templates(Listed):
    """The bell schedules of a school."""

    model = PeriodTemplate
    fields = ("name", "code", "is_default", "is_archived")


@admin.register(District)
class DistrictAdmin(RowAdmin):
    """Districts, with their schools. Superusers make them."""

    writer = Role.ADMIN
    places = ()
    context = ()
    list_display = ("name", "slug", "sourced_id")
    list_select_related = ()
    search_fields = ("name", "slug", "sourced_id")
    fields = ("name", "slug")
    inlines = (Schools,)


@admin.register(School)
class SchoolAdmin(RowAdmin):
    """Schools, with their years and bell schedules.

    The admin of a district adds schools to it; to move one, one is admin of both districts.
    """

    writer = Role.ADMIN
    places = (District,)
    context = ("district",)
    list_display = ("name", "slug", "district", "timezone", "is_public", "revision")
    list_filter = ("is_public", ("district", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("district",)
    search_fields = ("name", "slug", "sourced_id", "district__name")
    autocomplete_fields = ("district",)
    fields = (
        "district",
        "name",
        "slug",
        "timezone",
        "weekdays",
        "is_public",
        "passing_minutes_cap",
    )
    inlines = (Years, Templates)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = super().get_readonly_fields(request, obj)
        districts = District.objects.for_actor(actor_of(request), self.writer)
        moves = obj is None or districts.filter(pk=obj.district_id).exists()
        return own if moves else [*own, "district"]


@admin.register(Revision)
class RevisionAdmin(ReachAdmin):
    """The log: to be read, never to be written."""

    list_display = ("number", "school", "time", "actor", "token")
    list_filter = (("school", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("actor",)
    search_fields = ("school__name", "school__slug", "actor__username", "token")
    date_hierarchy = "time"
    ordering = ("-time", "-id")
    show_full_result_count = False

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """Fetch the schools apart: a join would hide the log of a school that is gone."""
        return super().get_queryset(request).prefetch_related("school")

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
