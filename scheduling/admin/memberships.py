"""Who may do what where."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import get_application_model
from typing_extensions import override

from core.metadata import is_storable
from scheduling.admin.base import FormAdmin
from scheduling.forms import RowForm
from scheduling.models import District, Membership, Role, School


class NamedField(forms.ModelChoiceField[Any]):
    """A choice that is typed, in full: whoever looks at a page learns no names from it."""

    widget = forms.TextInput

    @override
    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or is_storable(value):
            return super().to_python(value)
        raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice")


class MembershipForm(RowForm):
    """A membership; people and programs are named in full."""

    user = NamedField(
        get_user_model().objects.filter(oauth2_provider_application__isnull=True),
        label=_("Person"),
        to_field_name="username",
        required=False,
        help_text=_("The name that the person logs in with. Leave it empty for a program."),
        error_messages={"invalid_choice": _("There is no person of this name.")},
    )
    application = NamedField(
        get_application_model().objects,
        label=_("Program"),
        to_field_name="client_id",
        required=False,
        help_text=_("The client id of the program. Leave it empty for a person."),
        error_messages={"invalid_choice": _("There is no program with this client id.")},
    )


@admin.register(Membership)
class MembershipAdmin(FormAdmin):
    """Roles. An admin gives them in the own school, or in the own district and its schools."""

    form = MembershipForm
    reader = writer = Role.ADMIN
    places = (School, District)
    list_display = ("__str__", "role", "user", "application", "school", "district")
    list_filter = (
        "role",
        ("school", admin.RelatedOnlyFieldListFilter),
        ("district", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("user", "application", "school", "district")
    search_fields = (
        "user__username",
        "application__name",
        "application__client_id",
        "school__name",
        "school__slug",
        "district__name",
        "district__slug",
    )
    autocomplete_fields = ("school", "district")
    fields = ("user", "application", "school", "district", "role")
