"""What every question about a school has in common."""

from abc import abstractmethod
from typing import Any, ClassVar

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.conditions import answer_tag, knows
from api.permissions import visible_schools
from api.schema import LookupSchema
from api.serializers.base import Parameters
from api.serializers.fields import TODAY
from scheduling import lookups
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
        return answer_tag(school.revision_token, self.request.path, asked)

    @abstractmethod
    def answer(self, school: School, asked: dict[str, Any]) -> Any:
        """Return the body."""
