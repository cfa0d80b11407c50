"""The one place that listens: what django-simple-history can be told in no other way."""

from typing import Any

from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record

from core.history import stamp
from core.models.abstracts import TrackedModel


@receiver(pre_create_historical_record)
def stamp_history(instance: TrackedModel, history_instance: Any, **_kwargs: object) -> None:
    """Give a history row its revision and its actor; refuse one outside `revise()`."""
    stamp(instance, history_instance)
