"""What has been said of orgs and sessions in OneRoster: kept as it is sent, the deleted too."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from typing_extensions import override

from core.ids import uuid7

ACTIVE, TO_BE_DELETED = "active", "tobedeleted"


class CodePointField(models.CharField[str, str]):
    """Text that every database compares and sorts by code points."""

    @override
    def db_type(self, connection: Any) -> str | None:
        plain = super().db_type(connection)
        return f'{plain} COLLATE "C"' if connection.vendor == "postgresql" else plain


class RosterRecord(models.Model):
    """One object of a district's roster, as `scheduling.oneroster` last brought it in step.

    Its `sourced_id` was decided when it was made, and never changes. It outlives the row that it
    is about, as a tombstone, and is nobody's to write: the row is. All of it is text as it is sent,
    so that what a filter compares is what the caller has read. What is absent is "".
    """

    TYPES: ClassVar[tuple[str, ...]]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    district_id = models.UUIDField()
    row_id = models.UUIDField()
    sourced_id = CodePointField(max_length=255)
    status = CodePointField(max_length=11)
    date_last_modified = CodePointField(max_length=24)
    """In whole milliseconds, UTC: moves forward whenever `body` changes, and only then."""
    type = CodePointField(max_length=13)
    parent_sourced_id = CodePointField(max_length=255)
    body = models.TextField()
    """The object as JSON, with "~" for the root in addresses; see `oneroster.objects`."""

    class Meta:
        abstract = True
        constraints: ClassVar[list[Any]] = [
            UniqueConstraint(fields=["district_id", "sourced_id"], name="%(class)s_sourced_id"),
            UniqueConstraint(fields=["district_id", "row_id"], name="%(class)s_row"),
            CheckConstraint(
                name="%(class)s_status_is_known", condition=Q(status__in=[ACTIVE, TO_BE_DELETED])
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.sourced_id


class RosterOrg(RosterRecord):
    """A district or a school. The body of a district is without its children."""

    TYPES = "district", "school"

    name = CodePointField(max_length=100)
    name_key = CodePointField(max_length=300)
    """The name without case, for filters."""
    identifier = CodePointField(max_length=255)
    identifier_key = CodePointField(max_length=765)

    class Meta(RosterRecord.Meta):
        constraints = [
            *RosterRecord.Meta.constraints,
            CheckConstraint(
                name="rosterorg_type_is_known", condition=Q(type__in=["district", "school"])
            ),
        ]
        indexes = [models.Index(fields=["row_id"], name="rosterorg_by_row")]


class RosterSession(RosterRecord):
    """A school year, a term or a grading period of a school."""

    TYPES = "schoolYear", "term", "gradingPeriod"

    school_id = models.UUIDField()
    year_id = models.UUIDField()
    """The academic year that the row is, or is part of."""
    title = CodePointField(max_length=50)
    title_key = CodePointField(max_length=150)
    """The title without case, for filters."""
    start_date = CodePointField(max_length=10)
    end_date = CodePointField(max_length=10)
    """The day after the last one."""
    last_day = CodePointField(max_length=10)
    school_year = CodePointField(max_length=4)
    """The year in which the school year ends."""
    children = models.TextField()
    """The ids of what it consists of, each between two SEPARATORs; "" without any."""
    org_sourced_id = CodePointField(max_length=255)

    SEPARATOR: ClassVar[str] = "\x1f"

    class Meta(RosterRecord.Meta):
        constraints = [
            *RosterRecord.Meta.constraints,
            CheckConstraint(
                name="rostersession_type_is_known",
                condition=Q(type__in=["schoolYear", "term", "gradingPeriod"]),
            ),
        ]
        indexes = [
            models.Index(fields=["year_id"], name="rostersession_by_year"),
            models.Index(fields=["row_id"], name="rostersession_by_row"),
            models.Index(
                fields=["school_id", "date_last_modified"], name="rostersession_by_change"
            ),
        ]
