"""The append-only log of every committed state of a school."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.ids import uuid7
from scheduling.models.querysets import ReachedThroughSchool

LEAST_DAYS_KEPT = 400
"""For so many days history is kept, at least: clients are promised as much."""


class RevisionQuerySet(ReachedThroughSchool, models.QuerySet["Revision"]):
    """Ask for states of schools. That of a school which is gone, a superuser alone reaches."""


class Revision(models.Model):
    """One committed state of a school: its number grows by one, its token never names two states.

    `core.revision` writes the log, and nobody changes what it says. It outlives its school, so the
    key to the school is no constraint.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(
        "scheduling.School",
        models.DO_NOTHING,
        verbose_name=_("school"),
        related_name="revisions",
        db_constraint=False,
    )
    number = models.PositiveBigIntegerField(_("number"))
    token = models.UUIDField(_("token"), unique=True)
    time = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("actor"),
        related_name="+",
        null=True,
        blank=True,
    )
    checkpoint = models.PositiveBigIntegerField(null=True, editable=False)
    """The number of the first checkpoint that it is part of; see `scheduling.checkpoints`."""

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["school_id", "-number"]  # a join would hide what outlived its school
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="revision_number_per_school"),
        ]
        indexes = [
            models.Index(fields=["checkpoint", "school"], name="revision_by_checkpoint"),
        ]

    @override
    def __str__(self) -> str:
        return f"Revision {self.number}"
