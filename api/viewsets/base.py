"""What every question about a school has in common."""

from abc import abstractmethod
from hashlib import blake2b
from typing import Any, ClassVar
from uuid import UUID

from django.utils.http import parse_etags
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.permissions import visible_schools
from api.schema import LookupSchema
from api.serializers.base import Parameters
from api.serializers.fields import TODAY
from scheduling import cache_keys, lookups
from scheduling.models import School


class LookupView(APIView):
    """A question about one school, answered as of its last committed write.

    An answer that lasts as long as that state of the school has an ETag, made of the school's
    token, of what was asked and of the shape of answers: whoever holds it learns by a 304, for
    one query, that it still holds. Other answers are not to be kept.
    """

    schema = LookupSchema()
    parameters: ClassVar[type[Parameters]]

    def get(self, request: Request, **path: str) -> Response:
        """Read what is asked, find the school, and answer if the caller does not know by now."""
        asked = self.parameters.read(path, request.query_params)
        school = visible_schools(request).named(asked["school"]).get()
        asked = {
            name: lookups.today(school) if value == TODAY else value
            for name, value in asked.items()
        }
        if not self.is_lasting(asked):
            return Response(self.answer(school, asked), headers={"Cache-Control": "no-store"})
        headers = {"ETag": self.etag(school, asked), "Cache-Control": "no-cache"}
        if knows(request, headers["ETag"]):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(self.answer(school, asked), headers=headers)

    def is_lasting(self, _asked: dict[str, Any]) -> bool:
        """Return whether the answer stays the same until the school's next write."""
        return True

    def etag(self, school: School, asked: dict[str, Any]) -> str:
        """Return the name of the answer."""
        return etag(school.revision_token, self.request.path, asked)

    @abstractmethod
    def answer(self, school: School, asked: dict[str, Any]) -> Any:
        """Return the body."""


def etag(token: UUID, path: str, asked: dict[str, Any]) -> str:
    """Return the name of an answer. What is asked holds dates, where the URL may say `today`."""
    named = f"{cache_keys.SHAPE} {token} {path} {asked}"
    return f'"{blake2b(named.encode(), digest_size=16).hexdigest()}"'


def matches(request: Request, tag: str) -> bool:
    """Return whether `If-Match`, if there is one, names this ETag; a weak one names none."""
    given = request.headers.get("If-Match")
    return given is None or given.strip() == "*" or tag in parse_etags(given)


def knows(request: Request, tag: str) -> bool:
    """Return whether the caller holds the answer with this ETag."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in held or tag in (each.removeprefix("W/") for each in held)
