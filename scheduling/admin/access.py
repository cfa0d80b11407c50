"""Whose pages show which rows: `for_actor()` decides in the admin, too."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from typing_extensions import override

from scheduling.access import ANYBODY, Actor
from scheduling.models import District, Role, School


def actor_of(request: HttpRequest) -> Actor:
    """Return the person who looks at a page; before the login that is anybody."""
    return Actor(request.user) if request.user.is_authenticated else ANYBODY


class ReachAdmin(admin.ModelAdmin[Any]):
    """Pages on which people meet the rows that they may reach, and no others.

    Memberships alone decide, as they do in the API: the permissions that Django can give to
    accounts and groups say nothing here. A superuser may do everything. Who is no staff does not
    come here at all.
    """

    reader: ClassVar[str] = Role.VIEWER
    writer: ClassVar[str] = Role.EDITOR
    places: ClassVar[tuple[type[School | District], ...]] = (School,)
    """To add a row, one has the role of a writer in one of these; a superuser needs none."""

    def reached(self, request: HttpRequest, role: str) -> QuerySet[Any]:
        """Return the rows that the person reaches with this role."""
        rows: Any = self.model._default_manager.all()
        return rows.for_actor(actor_of(request), role)  # type: ignore[no-any-return]

    def may(self, request: HttpRequest, row: Any, role: str) -> bool:
        """Return whether the person reaches a row with this role."""
        is_superuser = actor_of(request).is_superuser
        return is_superuser or self.reached(request, role).filter(pk=row.pk).exists()

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.for_actor(actor_of(request), self.reader)  # type: ignore[no-any-return]

    @override
    def has_module_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).is_known and self.has_view_permission(request)

    @override
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None:
            return self.may(request, obj, self.reader)
        return self.reader == Role.VIEWER or self.has_add_permission(request)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        is_superuser = actor_of(request).is_superuser
        return is_superuser or any(holds(request, place, self.writer) for place in self.places)

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None:
            return self.may(request, obj, self.writer)
        return holds(request, self.model, self.writer)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class SuperuserAdmin(admin.ModelAdmin[Any]):
    """Pages for superusers alone, whatever Django's own permissions say."""

    @override
    def has_module_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).is_superuser

    @override
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).is_superuser

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).is_superuser

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).is_superuser


def holds(request: HttpRequest, model: type[Model], role: str) -> bool:
    """Return whether the person reaches any row of a model with this role: asked once a page."""
    actor = actor_of(request)
    known: dict[Any, bool] = request.__dict__.setdefault("rows_held", {})
    if (model, role) not in known:
        rows: Any = model._default_manager.order_by()
        known[model, role] = actor.is_superuser or rows.for_actor(actor, role).exists()
    return known[model, role]
