"""Forgetting what the calendar was long ago, so that history does not grow for ever."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import OperationalError
from django.db.models import Exists, OuterRef, Q

from core.history import GONE
from core.models.abstracts import TrackedModel
from core.revision import revise
from scheduling.checkpoints import forget_before, newest_checkpoint
from scheduling.models import Revision, School


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was forgotten of one school."""

    school: UUID
    states: int = 0
    versions: int = 0
    is_busy: bool = False
    """Somebody is writing the school: nothing of it was forgotten this time."""


def prune_history(until: dt.datetime) -> Iterator[Pruned]:
    """Forget every school's history before its state at an instant, one school after the other.

    That state and all later ones can still be told, and every change since. Positions in the
    change feeds from before it are lost. Of a school that was gone by then nothing is kept.
    """
    for school in Revision.objects.order_by().values_list("school", flat=True).distinct():
        try:
            yield _pruned(school, until)
        except OperationalError:
            yield Pruned(school, is_busy=True)


def _pruned(school: UUID, until: dt.datetime) -> Pruned:
    with revise(school):
        newest_checkpoint()  # every state is part of one now
        log = Revision.objects.filter(school=school)
        kept = log.filter(time__lte=until).order_by("-number").first()
        if kept is None:
            return Pruned(school)
        is_gone = not School.objects.filter(pk=school).exists() and not log.filter(
            number__gt=kept.number
        )
        first = kept.number + 1 if is_gone else kept.number
        versions = sum(_forget(model, school, first) for model in _tracked_models())
        states, _ = log.filter(number__lt=first).delete()
        if states:
            forget_before(kept.checkpoint)  # type: ignore[arg-type]  # it is part of one
        return Pruned(school, states, versions)


def _forget(model: Any, school: UUID, first: int) -> int:
    """Forget the versions of rows that were over before a revision, and return how many."""
    history = model.history.model.objects
    own = {"id": school} if model is School else {"school": school}
    later = history.filter(
        id=OuterRef("id"), history_id__gt=OuterRef("history_id"), revision__lte=first
    )
    over = history.filter(**own, revision__lt=first).filter(Q(history_type=GONE) | Exists(later))
    deleted, _ = over.delete()
    return int(deleted)


def _tracked_models() -> Iterator[type[TrackedModel]]:
    """Yield the models of what belongs to a school."""
    for model in apps.get_app_config("scheduling").get_models():
        if issubclass(model, TrackedModel) and model.ROOT is not None:
            yield model
