"""The app that knows no table of the domain."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from typing_extensions import override


class CoreConfig(AppConfig):
    """Validated, tracked and revised models; constraints; cached answers."""

    name = "core"

    @override
    def ready(self) -> None:
        connection_created.connect(_read_instants_quickly)


def _read_instants_quickly(connection: Any, **_signal: Any) -> None:
    """Give a new connection its reader of instants; with SQLite there is nothing to prepare."""
    if connection.vendor != "postgresql":
        return
    from core.instants import InstantLoader  # noqa: PLC0415  # psycopg, which SQLite does without

    if connection.timezone == InstantLoader.timezone:
        connection.connection.adapters.register_loader("timestamptz", InstantLoader)
