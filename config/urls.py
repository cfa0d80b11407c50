"""Every route of the service."""

from typing import Never

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import include, path
from django.views.generic import RedirectView

from api.throttling import limited
from api.viewsets.docs import DocsView
from api.viewsets.oauth import RevokeView, TokenView
from api.viewsets.schema import SchemaView


def nowhere(_request: HttpRequest, **_path: str) -> Never:
    """Raise Http404: no row has a page outside the admin that the admin could lead to."""
    raise Http404


urlpatterns = [
    path("api/v1/", include("api.urls")),  # first of all, for routes are tried in turn
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/r/<path:row>", nowhere),  # "view on site" fails on what is no UUID
    path("admin/", admin.site.urls),
    path("api/docs", DocsView.as_view(), name="docs"),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("", include("api.oneroster.urls")),
    path("oauth/token", limited(TokenView.as_view()), name="token"),
    path("token", limited(TokenView.as_view())),  # where clients of OneRoster look for it
    path("oauth/revoke", limited(RevokeView.as_view()), name="revoke"),
]
