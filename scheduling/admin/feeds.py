"""Feed tokens: addresses of calendar feeds, made and taken back."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from scheduling.admin.base import FormAdmin
from scheduling.forms import RowForm
from scheduling.models import FeedToken, Role

FEEDS = ("api:calendar-feed", "api:bells-feed")


class FeedTokenForm(RowForm):
    """A feed token; a new one has a key before the model judges it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = self.instance.give_key() if self.instance._state.adding else None  # noqa: SLF001


@admin.register(FeedToken)
class FeedTokenAdmin(FormAdmin):
    """Feed tokens, for the school's admins. Deleting one closes the feeds to who has its addresses.

    The addresses are on the page that follows a new token, and on no other.
    """

    form = FeedTokenForm
    reader = writer = Role.ADMIN
    list_display = ("name", "school", "created_at", "created_by")
    list_filter = (("school", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("school", "created_by")
    search_fields = ("name", "school__name", "school__slug")
    autocomplete_fields = ("school",)
    fields = ("school", "name")

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        if not change:
            obj.created_by, obj.key = request.user, form.key
        super().save_model(request, obj, form, change)

    @override
    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the addresses of a new token: no message or session ever holds them."""
        paths = (reverse(feed, args=[obj.school_id]) for feed in FEEDS)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Addresses of “%(name)s”") % {"name": obj},
            "opts": self.opts,
            "addresses": [request.build_absolute_uri(f"{path}?key={obj.key}") for path in paths],
        }
        return TemplateResponse(request, "admin/scheduling/feed_addresses.html", context)
