"""Every route of the API."""

from django.urls import path

from api.viewsets.calendar import DaysView, DayView, NowView, QuarterForDateView

app_name = "api"

urlpatterns = [
    path("quarters/for-date", QuarterForDateView.as_view(), name="quarter-for-date"),
    path("schools/<str:school>/days", DaysView.as_view(), name="days"),
    path("schools/<str:school>/days/<str:date>", DayView.as_view(), name="day"),
    path("schools/<str:school>/now", NowView.as_view(), name="now"),
]
