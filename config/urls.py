"""Every route of the service."""

from django.contrib import admin
from django.urls import include, path

from api.viewsets.schema import SchemaView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("api/v1/", include("api.urls")),
]
