"""What every question about a school has in common."""

import datetime as dt
import time
from abc import abstractmethod
from typing import Any, ClassVar
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import may_share
from api.conditions import answer_tag, knows
from api.headers import tell
from api.lasting import LASTING, Lasting, Span
from api.permissions import visible_school
from api.schema import LookupSchema
from api.serializers.base import Parameters
from api.serializers.fields import TODAY
from scheduling import lookups
from scheduling.past import PastState, state_as_of
from scheduling.states import SchoolState

Asked = dict[str, Any]


class LookupView(APIView):
    """A question about one school, answered as of its last committed write.

    A write of another process may be unseen for REVISION_MAX_AGE; `Cache-Control: no-cache` makes
    this one look. An answer that lasts as long as that state of the school has an ETag, made of the
    state's token, of what was asked and of the shape of answers: whoever holds it learns by a 304
    that it still holds. Other answers are not to be kept.

    With `as_of` the question is asked at an earlier moment: of the state that the school was in
    then, and `today` and now are those of then. So the answer, and its ETag, are what they were.
    """

    schema = LookupSchema()
    parameters: ClassVar[type[Parameters]]
    media_type = "application/json"
    caching = "no-cache"
    """What those may do who keep an answer that lasts: ask whether it still holds."""

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        """Read what is asked, find the school, and answer if the caller does not know by now."""
        asked = self.parameters.read(path, request.query_params)
        name = asked["school"]
        newest = self.school_of(request, asked)
        school = _state(newest, asked.pop("as_of", None))
        is_lasting = school is not newest or self.is_lasting(asked)
        asked, span = self.settled(school, asked)
        tag = self.etag(school.token, asked) if is_lasting else ""
        if is_lasting and knows(request, tag):
            token: UUID | None = school.token
            response: HttpResponse = Response(status=status.HTTP_304_NOT_MODIFIED)
        else:
            token, body = self.answer(school, asked)
            response = self._response(body)
            for header, value in self.further_headers(school, token, asked).items():
                response.headers[header] = value
        tell(response, "Cache-Control", self.caching if is_lasting and token else "no-store")
        if token is not None:
            if is_lasting:
                is_same = token == school.token
                tell(response, "ETag", tag if is_same else self.etag(token, asked))
            if may_share(request):
                request.META[LASTING] = _lasting(name, newest, school, token, span)
        return response

    def school_of(self, request: Request, asked: Asked) -> SchoolState:
        """Return the school that is asked about. Raises NotFound if the caller may not read it."""
        return visible_school(request, asked["school"])

    def is_lasting(self, _asked: Asked) -> bool:
        """Return whether the answer stays the same until the school's next write."""
        return True

    def settled(self, school: SchoolState, asked: Asked) -> tuple[Asked, Span]:
        """Return what is asked, with dates for `today`, and how long it means that."""
        if not any(value is TODAY for value in asked.values()):
            return asked, Span()
        today = lookups.today(school)
        dated = {name: today if value is TODAY else value for name, value in asked.items()}
        return dated, Span(time.time(), lookups.end_of(today, school))

    def etag(self, token: UUID, asked: Asked) -> str:
        """Return the name of the answer."""
        return answer_tag(token, self.request.path, asked)

    def further_headers(
        self, _school: SchoolState, _token: UUID | None, _asked: Asked
    ) -> dict[str, str]:
        """Return what else a body is sent with."""
        return {}

    @abstractmethod
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[Any]:
        """Return the body, as bytes or as data, with the token of the state that it shows."""

    def _response(self, body: Any) -> HttpResponse:
        if isinstance(body, bytes):
            return HttpResponse(body, content_type=self.media_type)
        return Response(body)


def _state(newest: SchoolState, as_of: dt.date | None) -> SchoolState:
    """Return the state that is asked about: the newest, or one of the past."""
    return newest if as_of is None else state_as_of(newest, as_of)


def _lasting(
    name: str, newest: SchoolState, shown: SchoolState, token: UUID, span: Span
) -> Lasting:
    """Return how long an answer may be given again.

    One about the past until the next write, which may hide the school or have been made at the
    very moment that is asked about, and as long as the past cannot be forgotten.
    """
    if isinstance(shown, PastState):
        return Lasting(name, newest.token, Span(until=shown.known_until.timestamp()))
    return Lasting(name, token, span)


def rendered(data: Any) -> bytes:
    """Return data as the bytes of a body."""
    return orjson.dumps(data, default=str)
