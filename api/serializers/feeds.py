"""Calendar feeds and the tokens that open them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.pagination import CursorField, PageSizeField
from api.serializers import examples
from api.serializers.base import Parameters, Shape, StrictShape
from api.serializers.fields import (
    InstantField,
    QueryNumberField,
    SchoolKeyField,
    TextField,
    TracksField,
)
from scheduling.feeds import KINDS

LONGEST_KEY = 100
DEFAULT_WEEKS, MOST_WEEKS = 4, 26


class KeyField(serializers.CharField):
    """The key of a feed token; a wrong one is not wrong, but opens nothing."""

    def __init__(self) -> None:
        super().__init__(
            default=None,
            max_length=LONGEST_KEY,
            trim_whitespace=False,
            help_text=_(
                "The key of a feed token, for programs that can send no headers. With it the feeds "
                "of a private school can be read; one that is wrong or revoked answers 404."
            ),
        )


class CalendarFeedParameters(Parameters):
    """What a school's calendar feed shows."""

    school = SchoolKeyField()
    key = KeyField()
    kind = serializers.ListField(
        child=serializers.ChoiceField(list(KINDS)),
        default=list,
        max_length=len(KINDS),
        help_text=_("What to show; may be repeated. Everything, if left out."),
    )


class BellsFeedParameters(Parameters):
    """Whose periods a school's bells feed shows, and for how long."""

    school = SchoolKeyField()
    key = KeyField()
    track = TracksField(
        _(
            "A track that the person is on; may be repeated. Left out, or with `none`, only "
            "everybody's periods are shown, with `all` every track's."
        )
    )
    weeks = QueryNumberField(
        1,
        MOST_WEEKS,
        default=DEFAULT_WEEKS,
        help_text=_("How many calendar weeks to show, this one first; 4 if left out."),
    )


class FeedTokensParameters(Parameters):
    """A page of a school's feed tokens."""

    school = SchoolKeyField()
    page_size = PageSizeField()
    cursor = CursorField()


class FeedTokenParameters(Parameters):
    """One feed token of a school, or a new one."""

    school = SchoolKeyField()


class FeedTokenSerializer(Shape):
    """A token that opens a school's feeds to whoever has their address. Its key is not told."""

    EXAMPLE = examples.FEED_TOKEN

    id = serializers.UUIDField()
    name = serializers.CharField(max_length=100, help_text=_("Whom the address is for."))
    created_at = InstantField()


class FeedTokenCreationSerializer(StrictShape):
    """What a new feed token is called."""

    EXAMPLE = {"name": examples.FEED_TOKEN["name"]}

    name = TextField(
        max_length=100, help_text=_("Whom the address is for, such as: Families, 2026-2027.")
    )


class NewFeedTokenSerializer(FeedTokenSerializer):
    """A new token with its key and the addresses to subscribe to, which are told this once."""

    EXAMPLE = examples.NEW_FEED_TOKEN

    key = serializers.CharField(
        max_length=LONGEST_KEY,
        help_text=_("The secret part of the addresses. It cannot be told again."),
    )
    calendar_url = serializers.URLField(help_text=_("The terms, quarters, breaks and overrides."))
    bells_url = serializers.URLField(help_text=_("The periods of the coming weeks."))
