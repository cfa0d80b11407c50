"""What the pages of every model share: access, choices, refusals, the actor, the history."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from typing_extensions import override

from core.revision import revise
from scheduling.admin.access import ReachAdmin, actor_of
from scheduling.admin.choices import ChoiceField, ChoicesView, ChoiceWidget
from scheduling.admin.refusals import REFUSALS, explained, sentence
from scheduling.forms import RowForm
from scheduling.models import School

WrittenT = TypeVar("WrittenT")

RECORD = ("id", "revision", "created_at", "created_by", "updated_at", "updated_by")


class FormAdmin(ReachAdmin):
    """Pages with forms that a model judges.

    Validation in a form happens before the lock is taken, so that a save may still be refused:
    then the form is shown again and says so.
    """

    form = RowForm
    list_per_page = 50

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = list(super().get_readonly_fields(request, obj))
        return own if obj is None else [*own, *sorted(self.model.FIXED)]

    @override
    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        parents: Any = self.admin_site.get_model_admin(db_field.related_model)
        kwargs["form_class"] = partial(ChoiceField, describe=parents.description)
        kwargs["widget"] = ChoiceWidget(db_field, self.admin_site)
        kwargs["queryset"] = parents.reached(request, self.writer)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @override
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _shown_again(request, partial(super().changeform_view, request, *args, **kwargs))

    @override
    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    @override
    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except REFUSALS as refusal:
            if request.method != "POST":
                raise
            self.message_user(request, sentence(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    @override
    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().response_action(request, *args, **kwargs)
        except REFUSALS as refusal:
            self.message_user(request, sentence(refusal), messages.ERROR)
            return None


class RowAdmin(FormAdmin, SimpleHistoryAdmin):  # type: ignore[misc]
    """The pages of one model. Whatever they write is one revision of the person who writes."""

    object_history_list_template = "admin/scheduling/history_list.html"
    details: ClassVar[tuple[str, ...]] = ("sourced_id", "metadata")
    """The fields that a person seldom needs."""
    context: ClassVar[tuple[str, ...]] = ("school",)
    """What tells apart rows of one name."""

    @override
    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fieldsets: list[Any] = [
            (None, {"fields": self.get_fields(request, obj)}),
            (_("Details"), {"fields": self.details, "classes": ["collapse"]}),
        ]
        if obj is not None:
            fieldsets.append((_("Record"), {"fields": RECORD, "classes": ["collapse"]}))
        return fieldsets

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = super().get_readonly_fields(request, obj)
        return own if obj is None else [*own, *RECORD]

    @override
    def may(self, request: HttpRequest, row: Any, role: str) -> bool:
        """Return whether the person reaches a row with this role, even if the row is gone."""
        if row.root_id is None:
            return super().may(request, row, role)
        return self.may_in(request, row.root_id, role)

    def may_in(self, request: HttpRequest, school_id: UUID, role: str) -> bool:
        """Return whether the person has this role in a school."""
        actor = actor_of(request)
        schools = School.objects.for_actor(actor, role)
        return actor.is_superuser or schools.filter(pk=school_id).exists()

    # Choices

    def description(self, row: Any) -> str:
        """Return a row's name where rows of all schools are offered."""
        context = ", ".join(str(getattr(row, name)) for name in self.context)
        return f"{row} ({context})" if context else str(row)

    def offered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows that can be chosen for something new."""
        return rows

    @override
    def get_urls(self) -> list[Any]:
        opts = self.model._meta
        view = self.admin_site.admin_view(ChoicesView.as_view(admin_site=self.admin_site))
        choices = path("choices/", view, name=f"{opts.app_label}_{opts.model_name}_choices")
        return [choices, *super().get_urls()]

    # Writes

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        with revise(*obj.revised_schools(), actor=request.user):
            super().save_model(request, obj, form, change)

    @override
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with revise(*obj.revised_schools(), actor=request.user):
            super().delete_model(request, obj)

    @override
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        root = self.model.ROOT
        schools = queryset.order_by().values_list(root, flat=True).distinct() if root else ()
        with revise(*schools, actor=request.user):
            super().delete_queryset(request, queryset)

    def written(
        self, request: HttpRequest, school_id: UUID, write: Callable[[], WrittenT]
    ) -> WrittenT | None:
        """Write to a school for a person; if it is refused, say why and return None."""
        if not self.may_in(request, school_id, self.writer):
            school = School.objects.get(pk=school_id)
            message = _("You may read the calendar of %(school)s, but not change it.")
            self.message_user(request, message % {"school": school}, messages.ERROR)
            return None
        try:
            with revise(school_id, actor=request.user):
                return write()
        except REFUSALS as refusal:
            self.message_user(request, sentence(refusal), messages.ERROR)
            return None

    # History

    @override
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        self._seen(request, object_id)
        return super().history_view(request, object_id, extra_context)

    @override
    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show a row as it was; saving it makes it so again, if the rules still allow it."""
        row = self._seen(request, object_id)
        if not version_id.isdecimal():
            raise Http404
        if request.method == "POST" and not self.has_change_permission(request, row):
            raise PermissionDenied  # the library asks only who may look
        view = partial(super().history_form_view, request, object_id, version_id, extra_context)
        return _shown_again(request, view)

    def _seen(self, request: HttpRequest, object_id: str) -> Any:
        """Return a row, or what it last was; for those who may not see it, it is not there."""
        _require_id(object_id)
        newest = self.model.history.filter(id=object_id).order_by("history_id").last()
        if newest is None or not self.has_view_permission(request, newest.instance):
            raise Http404
        return newest.instance


def _shown_again(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a form; if saving it is refused, show it once more with the reason in it."""
    try:
        return view()
    except REFUSALS as refusal:
        request.refusal = explained(refusal)  # type: ignore[attr-defined]
        return view()


def _require_id(object_id: str) -> None:
    try:
        UUID(object_id)
    except ValueError as error:
        raise Http404 from error


class ListedFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Rows to look at: whatever is posted, nothing of them is read or written."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        super().__init__(**kwargs)
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []

    @override
    def is_valid(self) -> bool:
        return True

    @override
    def save(self, commit: bool = True) -> list[Any]:
        return []


class Listed(admin.TabularInline[Any, Any]):
    """List the rows below a row; each is edited on its own page.

    An inline formset validates its rows before any of them is saved, so two new rows that
    overlap each other would both pass.
    """

    formset = ListedFormSet
    show_change_link = True
    can_delete = False
    extra = max_num = 0

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.for_actor(actor_of(request))  # type: ignore[no-any-return]

    @override
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    @override
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
