"""Every route of the service."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from api.viewsets.schema import SchemaView

urlpatterns = [
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("api/v1/", include("api.urls")),
]
