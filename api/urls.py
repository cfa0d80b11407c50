"""Every route of the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from api.viewsets.academic_year import AcademicYearViewSet
from api.viewsets.batch import BatchView
from api.viewsets.breaks import BreakViewSet
from api.viewsets.calendar import (
    DaysView,
    DayView,
    InstructionalMinutesView,
    NowView,
    QuarterForDateView,
    WeeksView,
)
from api.viewsets.changes import ChangesView, DistrictChangesView
from api.viewsets.day_override import DayOverrideViewSet
from api.viewsets.district import DistrictViewSet
from api.viewsets.document import CalendarDocumentView
from api.viewsets.edfi import VIEWS as EDFI_VIEWS
from api.viewsets.feed_tokens import FeedTokensView, FeedTokenView
from api.viewsets.feeds import BellsFeedView, CalendarFeedView
from api.viewsets.oneroster import OneRosterView
from api.viewsets.period_definition import PeriodDefinitionViewSet
from api.viewsets.period_template import PeriodTemplateViewSet
from api.viewsets.quarter import QuarterViewSet
from api.viewsets.schedule_rule import ScheduleRuleViewSet
from api.viewsets.school import SchoolViewSet
from api.viewsets.term import TermViewSet
from api.viewsets.webhooks import (
    DeliveriesView,
    ReplayView,
    SecretView,
    TestView,
    WebhooksView,
    WebhookView,
)

app_name = "api"

RESOURCES = {
    "districts": DistrictViewSet,
    "schools": SchoolViewSet,
    "academic-years": AcademicYearViewSet,
    "terms": TermViewSet,
    "breaks": BreakViewSet,
    "quarters": QuarterViewSet,
    "period-templates": PeriodTemplateViewSet,
    "period-definitions": PeriodDefinitionViewSet,
    "schedule-rules": ScheduleRuleViewSet,
    "day-overrides": DayOverrideViewSet,
}

router = SimpleRouter(trailing_slash=False)
for name, viewset in RESOURCES.items():
    router.register(name, viewset, basename=name)

urlpatterns = [
    # Routes are tried in turn: first what is asked all day long, then the rest by their names.
    path("schools/<str:school>/days/<str:date>", DayView.as_view(), name="day"),
    path("schools/<str:school>/now", NowView.as_view(), name="now"),
    path("quarters/for-date", QuarterForDateView.as_view(), name="quarter-for-date"),
    path(
        "districts/<str:district>/changes", DistrictChangesView.as_view(), name="district-changes"
    ),
    path("districts/<str:district>/oneroster.zip", OneRosterView.as_view(), name="oneroster"),
    path("schools/<str:school>/changes", ChangesView.as_view(), name="changes"),
    path("schools/<str:school>/batch", BatchView.as_view(), name="batch"),
    path("schools/<str:school>/bells.ics", BellsFeedView.as_view(), name="bells-feed"),
    path("schools/<str:school>/calendar.ics", CalendarFeedView.as_view(), name="calendar-feed"),
    path("schools/<str:school>/calendar", CalendarDocumentView.as_view(), name="calendar"),
    path("schools/<str:school>/days", DaysView.as_view(), name="days"),
    *(
        path(
            f"schools/<str:school>/edfi/{view.resource}",
            view.as_view(),
            name=f"edfi-{view.resource}",
        )
        for view in EDFI_VIEWS
    ),
    path("schools/<str:school>/feed-tokens", FeedTokensView.as_view(), name="feed-tokens"),
    path("schools/<str:school>/feed-tokens/<str:id>", FeedTokenView.as_view(), name="feed-token"),
    path(
        "schools/<str:school>/instructional-minutes",
        InstructionalMinutesView.as_view(),
        name="instructional-minutes",
    ),
    path("schools/<str:school>/weeks", WeeksView.as_view(), name="weeks"),
    path("webhooks", WebhooksView.as_view(), name="webhooks"),
    path("webhooks/<str:id>", WebhookView.as_view(), name="webhook"),
    path("webhooks/<str:id>/deliveries", DeliveriesView.as_view(), name="deliveries"),
    path("webhooks/<str:id>/deliveries/<str:delivery>/replay", ReplayView.as_view(), name="replay"),
    path("webhooks/<str:id>/rotate-secret", SecretView.as_view(), name="rotate-secret"),
    path("webhooks/<str:id>/test", TestView.as_view(), name="test-webhook"),
    *router.urls,
]
