"""The one route of bare Django."""

from django.urls import path

from bench.yardsticks.constant import constant

urlpatterns = [path("<str:name>", constant)]
