"""Programs: what they are called, and what they may ask for."""

from typing import Any, ClassVar

from axes.admin import AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin
from django.http import HttpRequest
from oauth2_provider import admin as oauth_admin
from typing_extensions import override

from scheduling.access import SCOPES
from scheduling.admin.access import SuperuserAdmin
from scheduling.admin.base import Listed
from scheduling.forms import RowForm
from scheduling.models import ClientRoster, ClientScopes, Membership

# The libraries have registered pages by now. They show tokens, which are hashes, grants, of which
# there are none, and logs that nobody keeps. Their page of locked logins stays.
admin.site.unregister(
    [
        oauth_admin.application_model,
        oauth_admin.access_token_model,
        oauth_admin.grant_model,
        oauth_admin.id_token_model,
        oauth_admin.refresh_token_model,
        AccessLog,
        AccessFailureLog,
    ]
)


class ScopesField(forms.MultipleChoiceField):
    """A list of scopes, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Take what a JSON column hands to its form field."""
        super().__init__(choices=list(SCOPES.items()), **kwargs)


class ClientScopesForm(RowForm):
    """What a program may ask for."""

    class Meta(RowForm.Meta):
        model = ClientScopes
        fields = ("scopes",)
        field_classes: ClassVar[dict[str, Any]] = {"scopes": ScopesField}


class OfAProgram(admin.StackedInline[Any, Any]):
    """One row of a program, for whoever may see the page, which is superusers."""

    can_delete = False

    @override
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    @override
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class Scopes(OfAProgram):
    """What a program may ask for: without a row, reading."""

    model = ClientScopes
    form = ClientScopesForm


class Roster(OfAProgram):
    """What a program understands of OneRoster: without a row, the standard."""

    model = ClientRoster
    form = RowForm
    fields = ("oneroster_end_date",)


class Memberships(Listed):
    """Where a program has which role."""

    model = Membership
    fields = ("school", "district", "role")

    @override
    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("school", "district")


@admin.register(oauth_admin.application_model)
class ApplicationAdmin(SuperuserAdmin):
    """Programs, for superusers. `manage.py create_client` makes one and tells its secret.

    Deleting a program takes its tokens back at once; what it wrote stays in the history.
    """

    list_display = ("name", "client_id", "user", "created")
    list_select_related = ("user",)
    search_fields = ("name", "client_id", "user__username")
    ordering = ("name", "pk")
    fields = ("name", "client_id", "user", "created")
    readonly_fields = ("client_id", "user", "created")
    inlines = (Scopes, Roster, Memberships)
