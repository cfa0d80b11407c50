"""Everything that a row has been, also one that is gone: a version for each revision that wrote it.

Who may read a school's calendar today may read what it was. Of a school that is gone, those may who
have a role in the district that it was in.
"""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from core.history import GONE, NEW, versions
from scheduling.access import Actor
from scheduling.models import District, Membership, Revision, Role, School


def versions_for(model: Any, actor: Actor) -> Any:
    """Return the versions of rows that an actor may read.

    Each says whether it `is_new`: whether its revision created the row; when it was `changed_at`,
    by the log, so that this moment and all later ones are of this version; and, as `names_person`,
    whether the actor may know who made it: an editor may.
    """
    may_know = _in_reach(model, actor, Role.EDITOR)
    return _one_a_revision(model).filter(_in_reach(model, actor, Role.VIEWER)).annotate(
        is_new=Exists(_same_revision(model).filter(history_type=NEW)),
        changed_at=_committed_at(model),
        names_person=Case(When(may_know, then=Value(True)), default=Value(False)),
    )  # fmt: skip


def _one_a_revision(model: Any) -> QuerySet[Any]:
    """Leave out what was written over before anybody could see it."""
    if model.ROOT is None:
        return versions(model)
    later = _same_revision(model).filter(history_id__gt=OuterRef("history_id"))
    return versions(model).filter(~Exists(later))


def _same_revision(model: Any) -> QuerySet[Any]:
    return versions(model).filter(id=OuterRef("id"), revision=OuterRef("revision"))


def _committed_at(model: Any) -> Any:
    """Return when a version came to be, as the log has it, if the log has it still."""
    if model.ROOT is None:
        return F("history_date")
    state = Revision.objects.filter(school=OuterRef(_root(model)), number=OuterRef("revision"))
    return Coalesce(Subquery(state.order_by().values("time")), F("history_date"))


def _root(model: Any) -> str:
    """Return the column of a version that names its school."""
    return "id" if model is School else "school_id"


def _in_reach(model: Any, actor: Actor, role: str) -> Q:
    """Return the condition that an actor has a role, or may read, where a version belongs."""
    if actor.is_superuser:
        return ~Q(pk__in=[])
    if model is District:
        return Q(id__in=District.objects.for_actor(actor, role).order_by().values("pk"))
    districts = Membership.objects.of(actor, role).order_by().filter(district__isnull=False)
    there = School.objects.for_actor(actor, role).order_by().values("pk")
    gone = (
        versions(School)
        .filter(history_type=GONE, district__in=districts.values("district"))
        .values("id")
    )
    root = _root(model)
    return Q(**{f"{root}__in": there}) | Q(**{f"{root}__in": gone})
