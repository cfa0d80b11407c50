"""Feed tokens: addresses of calendar feeds, made and taken back."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from scheduling.admin.base import FormAdmin
from scheduling.models import FeedToken, Role
from scheduling.services import create_feed_token

FEEDS = ("api:calendar-feed", "api:bells-feed")


@admin.register(FeedToken)
class FeedTokenAdmin(FormAdmin):
    """Feed tokens, for the school's admins. Deleting one closes the feeds to who has its addresses.

    The addresses are on the page that follows a new token, and on no other.
    """

    reader = writer = Role.ADMIN
    list_display = ("name", "school", "created_at", "created_by")
    list_filter = (("school", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("school", "created_by")
    search_fields = ("name", "school__name", "school__slug")
    autocomplete_fields = ("school",)
    fields = ("school", "name")

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.created_by = request.user
        obj.key = create_feed_token(obj)

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
