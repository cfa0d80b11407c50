"""The one place that listens: what Django and its history can be told in no other way."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_save
from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record

from core.history import stamp
from core.models.abstracts import TrackedModel


@receiver(pre_create_historical_record)
def stamp_history(instance: TrackedModel, history_instance: Any, **_kwargs: object) -> None:
    """Give a history row its revision and its actor; refuse one outside `revise()`."""
    stamp(instance, history_instance)


@receiver(pre_save)
def refuse_fixtures(sender: type[Model], raw: bool, **_kwargs: object) -> None:
    """Refuse `loaddata`, which would go around every rule, the revision and the history."""
    if raw and sender._meta.app_label == "scheduling":
        message = "Fixtures go around the rules: import a calendar document instead."
        raise RuntimeError(message)
