"""The app that knows no table of the domain."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Validated, tracked and revised models; constraints; cached answers."""

    name = "core"
