"""Districts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import MetadataModel
from core.querysets import RevisedQuerySet
from scheduling.models.abstracts import SLUG


class District(MetadataModel):
    """What schools belong to. It counts its own revisions, and cannot go while it has schools."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.CharField(_("slug"), **SLUG)

    objects = RevisedQuerySet["District"].as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="district_slug_taken",
                violation_error_code="slug_taken",
                violation_error_message=_("Another district has this slug."),
            ),
            models.UniqueConstraint(
                fields=["sourced_id"],
                condition=~models.Q(sourced_id=""),
                name="district_sourced_id_taken",
                violation_error_code="sourced_id_taken",
                violation_error_message=_("Another district has this sourced id."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name
