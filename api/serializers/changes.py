"""What has changed in a school, as JSON."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from typing_extensions import override

from api import sync_tokens
from api.serializers import examples
from api.serializers.base import Parameters, Shape
from api.serializers.fields import DISTRICT_KEY, QueryNumberField, SchoolKeyField
from scheduling.changes import KINDS
from scheduling.district_changes import DISTRICTS

DEFAULT_LIMIT, LARGEST_LIMIT = 500, 1000
LONGEST_WAIT = 25
LONGEST_TOKEN = 200
RESOURCES = tuple(KINDS)
DISTRICT_RESOURCES = (DISTRICTS, *RESOURCES)


class SyncTokenField(serializers.CharField):
    """How far the caller has read: only what an earlier answer gave as `next` makes sense."""

    default_error_messages = {
        "invalid_sync_token": _("This is no sync token. Send what an answer gave as `next`."),
    }

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read
        super().__init__(
            default=None,
            max_length=LONGEST_TOKEN,
            trim_whitespace=False,
            help_text=_("What the last answer gave as `next`. Left out: everything there is."),
        )

    @override
    def run_validation(self, data: Any = serializers.empty) -> Any:
        token = super().run_validation(data)
        try:
            return None if token is None else self._read(token)
        except ValueError:
            self.fail("invalid_sync_token")


def limit_field() -> QueryNumberField:
    """Return how much is asked for."""
    text = _("How many changes an answer holds; 500 if left out.")
    return QueryNumberField(1, LARGEST_LIMIT, default=DEFAULT_LIMIT, help_text=text)


def wait_field() -> QueryNumberField:
    """Return how long the caller waits."""
    text = _(
        "For how many seconds to wait for a change if there is none. "
        "The answer may come sooner, and strangers get theirs at once."
    )
    return QueryNumberField(0, LONGEST_WAIT, default=0, help_text=text)


class ChangesParameters(Parameters):
    """A school, and how far its changes have been read."""

    school = SchoolKeyField()
    since = SyncTokenField(sync_tokens.read)
    limit = limit_field()
    wait = wait_field()


class DistrictChangesParameters(Parameters):
    """A district, and how far its changes have been read."""

    district = SchoolKeyField(DISTRICT_KEY)
    since = SyncTokenField(sync_tokens.read_of_district)
    limit = limit_field()
    wait = wait_field()


@extend_schema_field({"type": "object", "additionalProperties": True})
class RowField(serializers.Field[Any, Any, Any, Any]):
    """A row as its own resource shows it."""

    @override
    def to_representation(self, value: Any) -> Any:
        return value


class ChangeSerializer(Shape):
    """The newest state of one row."""

    op = serializers.ChoiceField(
        ("upsert", "delete"), help_text=_("`upsert`: it was created or changed.")
    )
    resource = serializers.ChoiceField(
        RESOURCES, help_text=_("The resource that the row is of, as in its address.")
    )
    id = serializers.UUIDField()
    sourced_id = serializers.CharField(
        allow_null=True, help_text=_("What the student information system calls the row.")
    )
    revision = serializers.IntegerField(help_text=_("The school's revision that changed it last."))
    changed_at = serializers.DateTimeField(help_text=_("When that was."))
    object = RowField(
        required=False,
        help_text=_(
            "The row as `GET /api/v1/{resource}/{id}` answers it, without what other rows say: the "
            "periods of a bell schedule come by themselves. None if it is gone."
        ),
    )


@extend_schema_serializer(
    examples=[OpenApiExample("A change and a deletion", examples.CHANGES, response_only=True)]
)
class ChangesSerializer(Shape):
    """Changes in commit order."""

    changes = ChangeSerializer(many=True)
    next = serializers.CharField(
        help_text=_("How far these changes reach: send it as `since` for what comes after them.")
    )
    has_more = serializers.BooleanField(help_text=_("Whether there is more by now."))


class DistrictChangeSerializer(ChangeSerializer):
    """The newest state of one row of a district."""

    school = serializers.UUIDField(
        allow_null=True,
        help_text=_("The school that the row is, or belongs to; null for the district itself."),
    )
    resource = serializers.ChoiceField(
        DISTRICT_RESOURCES, help_text=_("The resource that the row is of, as in its address.")
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("A change and a deletion", examples.DISTRICT_CHANGES, response_only=True)
    ]
)
class DistrictChangesSerializer(ChangesSerializer):
    """Changes school by school, and in commit order within each."""

    changes = DistrictChangeSerializer(many=True)
