"""The admin: every model on pages for a school secretary."""

from django.contrib import admin

from scheduling.admin import bells, clients, feeds, memberships, schools, webhooks, years

__all__ = ["bells", "clients", "feeds", "memberships", "schools", "webhooks", "years"]

admin.site.site_header = admin.site.site_title = "Schoolday"
admin.site.index_title = "School calendars"
