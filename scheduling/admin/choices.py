"""Choosing a parent by typing: each choice says which school it belongs to."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from typing_extensions import override

from core.ids import as_uuid
from core.metadata import is_storable
from scheduling.admin.access import actor_of


class ChoicesView(AutocompleteJsonView):
    """The rows that fit what was typed, described by the admin of their model.

    Offered is what the person may write to; the pages of the model that is written say with which
    role.
    """

    @override
    def process_request(self, request: HttpRequest) -> Any:
        """Read what is asked: what was typed, and for which field of which of our pages."""
        term, owner, field, to_field_name = super().process_request(request)
        if not (hasattr(owner, "offered") and owner.admin_site.is_registered(field.model)):
            raise PermissionDenied
        return term if is_storable(term) else "", owner, field, to_field_name

    @override
    def get_queryset(self) -> Any:
        owner: Any = self.model_admin
        asking: Any = owner.admin_site.get_model_admin(self.source_field.model)
        rows: Any = super().get_queryset().select_related(*owner.list_select_related)
        return owner.offered(rows.for_actor(actor_of(self.request), asking.writer))

    @override
    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        """Describe one row."""
        owner: Any = self.model_admin
        return {"id": str(obj.pk), "text": owner.description(obj)}


class ChoiceField(forms.ModelChoiceField[Any]):
    """A choice of one row, described like those that are offered."""

    def __init__(self, *args: Any, describe: Callable[[Any], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe = describe

    @override
    def label_from_instance(self, obj: models.Model) -> str:
        return self.describe(obj)


class ChoiceWidget(AutocompleteSelect):
    """A box to type into, which asks the admin of the chosen model."""

    @override
    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Show what is chosen; what was sent and is no id chooses nothing."""
        ids = [each for each in value if as_uuid(each)]
        return super().optgroups(name, ids, attr)

    @override
    def get_url(self) -> str:
        opts = self.field.remote_field.model._meta
        return reverse(f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_choices")
