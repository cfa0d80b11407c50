"""The one place that listens: what Django and its history can be told in no other way."""

from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_migrate, pre_save
from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record

from core.history import stamp
from core.models.abstracts import TrackedModel
from core.revision import revise, revision_ending
from scheduling import oneroster, webhooks
from scheduling.models import District, RosterOrg


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


@receiver(revision_ending)
def record_roster(touched: oneroster.Touched, **_kwargs: object) -> None:
    """Bring the roster in step with what has been written."""
    oneroster.record(touched)


@receiver(revision_ending)
def record_webhooks(touched: webhooks.Touched, **_kwargs: object) -> None:
    """Note what webhooks are to be told."""
    webhooks.record(touched)


@receiver(post_migrate)
def record_first_roster(sender: Any, **_kwargs: object) -> None:
    """Record what was there before there was a roster, unless that has just been migrated away."""
    if sender.name != "scheduling":
        return
    if RosterOrg._meta.db_table not in connection.introspection.table_names():
        return
    if District.objects.exists() and not RosterOrg.objects.exists():
        with revise():
            oneroster.record_all()
