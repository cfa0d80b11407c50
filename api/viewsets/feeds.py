"""Calendar feeds: what phones and desktop calendars subscribe to."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.http import http_date
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from rest_framework import exceptions
from rest_framework.request import Request
from typing_extensions import override

from api.conditions import asks_anew
from api.lasting import LASTING, Span
from api.renderers import FeedRenderer
from api.schema import LookupSchema
from api.serializers import examples
from api.serializers.feeds import BellsFeedParameters, CalendarFeedParameters
from api.viewsets.base import Asked, LookupView
from scheduling import feeds, lookups
from scheduling.ical.writing import MEDIA_TYPE
from scheduling.models import FeedToken
from scheduling.states import SchoolState, state_of

LARGEST_BYTES = 100_000_000
"""More than any feed can have: it is for clients that want to be told a limit."""
LAST_MODIFIED = OpenApiParameter(
    "Last-Modified",
    str,
    OpenApiParameter.HEADER,
    description="When the feed last changed; ask again by its ETag, which is exact.",
    response=[200],
)
REFERRER_POLICY = OpenApiParameter(
    "Referrer-Policy",
    str,
    OpenApiParameter.HEADER,
    description="Always `no-referrer`: the address may hold a key.",
    response=[200, 304],
)


class FeedSchema(LookupSchema):
    """Describe a feed."""

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        return [*super().described_parameters(), LAST_MODIFIED, REFERRER_POLICY]


class FeedView(LookupView):
    """A school's calendar as a file that a program polls.

    A program that can send no headers shows a feed token's key in the address instead. Who does is
    told by the key alone: what such a request gets is kept by nobody else, so that a key which is
    taken back opens nothing from then on.
    """

    schema = FeedSchema()
    renderer_classes = [FeedRenderer]
    media_type = f"{MEDIA_TYPE}; charset=utf-8"
    caching = "private, no-cache"

    @override
    def get(self, request: Request, **path: str) -> HttpResponseBase:
        response = super().get(request, **path)
        if "key" in request.query_params:
            request.META.pop(LASTING, None)
        return response

    @override
    def finalize_response(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Let no page that an address is followed from, or to, learn the address."""
        response = super().finalize_response(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @override
    def school_of(self, request: Request, asked: Asked) -> SchoolState:
        """Return the school that the key opens, or that the caller may read without one."""
        key = asked["key"]
        if key is None:
            return super().school_of(request, asked)
        opened = FeedToken.objects.school_opened_by(key)
        school = state_of(asked["school"], anew=asks_anew(request.META))
        if school is None or school.id != opened:
            raise exceptions.NotFound
        return school

    @override
    def etag(self, token: UUID, asked: Asked) -> str:
        """Return the name of the feed, whoever asks for it."""
        return super().etag(token, {name: each for name, each in asked.items() if name != "key"})

    @override
    def further_headers(
        self, school: SchoolState, token: UUID | None, asked: Asked
    ) -> dict[str, str]:
        changed_at = token and feeds.changed_at(token)
        if not changed_at:
            return {}
        moment = max(changed_at.timestamp(), self.began_at(school, asked))
        return {"Last-Modified": http_date(moment)}

    def began_at(self, _school: SchoolState, _asked: Asked) -> float:
        """Return the Unix time at which the feed came to be about what it is about."""
        return 0


def _feed_schema(operation_id: str, summary: str, example: str) -> Any:
    shown = OpenApiExample(
        "Part of a feed", example, media_type=MEDIA_TYPE, response_only=True, status_codes=["200"]
    )
    return extend_schema_view(
        get=extend_schema(
            operation_id=operation_id,
            tags=["Feeds"],
            summary=summary,
            responses={(200, MEDIA_TYPE): {"type": "string", "maxLength": LARGEST_BYTES}},
            examples=[shown],
        )
    )


@_feed_schema(
    "getCalendarFeed", "A school's calendar for calendar programs", examples.CALENDAR_FEED
)
class CalendarFeedView(FeedView):
    """The terms, quarters, breaks and overrides of a school as all-day events (iCalendar).

    To be subscribed to. Each event keeps its UID; what is deleted leaves the feed.
    """

    parameters = CalendarFeedParameters

    @override
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[bytes]:
        return feeds.calendar_feed(school, asked["kind"])


@_feed_schema("getBellsFeed", "A school's periods for calendar programs", examples.BELLS_FEED)
class BellsFeedView(FeedView):
    """Every period that rings in this calendar week and the following ones (iCalendar).

    To be subscribed to. Times are the school's; what a person hears is chosen by `track`.
    """

    parameters = BellsFeedParameters

    @override
    def settled(self, school: SchoolState, asked: Asked) -> tuple[Asked, Span]:
        """The first day is this week's Monday, until the week ends."""
        today = lookups.today(school)
        monday = today - dt.timedelta(days=today.weekday())
        sunday = monday + dt.timedelta(days=6)
        settled = {**asked, "first_day": monday}
        return settled, Span(self.began_at(school, settled), lookups.end_of(sunday, school))

    @override
    def began_at(self, school: SchoolState, asked: Asked) -> float:
        """Return when this week began."""
        return lookups.end_of(asked["first_day"] - dt.timedelta(days=1), school)

    @override
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[bytes]:
        return feeds.bells_feed(school, asked["first_day"], asked["weeks"], asked["track"])
