"""The yardsticks that run within the service: under /api, so that its middleware is the same."""

from django.urls import include, path

from bench.yardsticks.constant import constant
from bench.yardsticks.views import DayYardstick, GuardedView, OpenView, QuartersYardstick

urlpatterns = [
    path("api/v1/bench/constant/<str:name>", constant),
    path("api/v1/bench/open", OpenView.as_view()),
    path("api/v1/bench/guarded", GuardedView.as_view()),
    path("api/v1/bench/quarters", QuartersYardstick.as_view()),
    path("api/v1/bench/schools/<str:slug>/days/<str:date>", DayYardstick.as_view()),
    path("", include("config.urls")),
]
