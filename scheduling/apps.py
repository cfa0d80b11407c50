"""The domain: schools, their calendars and their bells."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class SchedulingConfig(AppConfig):
    """Districts, schools, academic years, bell schedules, and what they add up to."""

    name = "scheduling"

    @override
    def ready(self) -> None:
        import_module("scheduling.signals")
