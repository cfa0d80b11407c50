"""Feed tokens: an admin of a school makes them, looks at them and takes them back."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from api.authentication import actor_of
from api.pagination import page_of
from api.permissions import require_school_role, visible_school
from api.schema import LINK, AutoSchema, page_shape
from api.serializers.base import Parameters
from api.serializers.feeds import (
    FeedTokenCreationSerializer,
    FeedTokenParameters,
    FeedTokenSerializer,
    FeedTokensParameters,
    NewFeedTokenSerializer,
)
from core.metadata import is_storable
from scheduling.models import FeedToken, Role

ID = OpenApiParameter("id", UUID, OpenApiParameter.PATH, description="Its id.")
NEWEST_FIRST = "-created_at"


class FeedTokenSchema(AutoSchema):
    """Describe each method by its own parameters."""

    view: Any

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        asked = self._parameters_of(self.view.parameters[self.method]())
        key = [ID] if "{id}" in self.path else []
        return [*asked, *key, *([LINK] if self.method == "GET" else [])]

    @override
    def get_description(self) -> str:  # type: ignore[override]
        return get_doc(getattr(self.view, self.method.lower()))


class FeedTokenRows(APIView):
    """What has to do with the feed tokens of one school: it is for the school's admins."""

    schema = FeedTokenSchema()
    parameters: ClassVar[dict[str, type[Parameters]]]

    def asked(self, school: str) -> dict[str, Any]:
        """Return what the address says. Raises ValidationError."""
        parameters = self.parameters[str(self.request.method)]
        return parameters.read({"school": school}, self.request.query_params)

    def administered(self, name: str) -> UUID:
        """Return the id of a school that the caller is an admin of.

        Raises NotFound, or if the caller sees the school, NotAuthenticated or PermissionDenied.
        """
        school = visible_school(self.request, name)
        if not actor_of(self.request).is_known:
            raise exceptions.NotAuthenticated
        require_school_role(self.request, school.id, Role.ADMIN)
        return school.id


@extend_schema_view(
    get=extend_schema(
        operation_id="listFeedTokens",
        tags=["Feeds"],
        summary="List the feed tokens of a school",
        responses=page_shape(FeedTokenSerializer, "FeedTokens"),
        examples=[
            OpenApiExample(
                "Feed tokens",
                {"next": None, "results": [FeedTokenSerializer.EXAMPLE]},
                response_only=True,
                status_codes=["200"],
            )
        ],
    ),
    post=extend_schema(
        operation_id="createFeedToken",
        tags=["Feeds"],
        summary="Create a feed token",
        request=FeedTokenCreationSerializer,
        responses={201: NewFeedTokenSerializer},
        examples=[
            OpenApiExample("Feed token", FeedTokenCreationSerializer.EXAMPLE, request_only=True),
            OpenApiExample(
                "New feed token",
                NewFeedTokenSerializer.EXAMPLE,
                response_only=True,
                status_codes=["201"],
            ),
        ],
    ),
)
class FeedTokensView(FeedTokenRows):
    """The feed tokens of a school."""

    parameters = {
        "GET": FeedTokensParameters,
        "HEAD": FeedTokensParameters,
        "POST": FeedTokenParameters,
    }

    def get(self, request: Request, school: str) -> Response:
        """Answer a page of the tokens that open the school's feeds, the newest first.

        Their keys are not told: only hashes of them are stored.
        """
        asked = self.asked(school)
        rows = FeedToken.objects.filter(school=self.administered(asked["school"]))
        page = page_of(rows, {**asked, "ordering": NEWEST_FIRST})
        url = page.next_url(request)
        shown = FeedTokenSerializer(page.rows, many=True)
        headers = {"Link": f'<{url}>; rel="next"'} if url else {}
        return Response({"next": url, "results": shown.data}, headers=headers)

    def post(self, request: Request, school: str) -> Response:
        """Create a token, and answer the addresses that it is part of.

        They are told this once: a token whose addresses are lost is deleted, and a new one made.
        Whoever has an address reads the school's feeds, even if the school is private. That is
        why this takes no `Idempotency-Key`: an answer that is kept would keep the key.
        """
        pk = self.administered(self.asked(school)["school"])
        told = FeedTokenCreationSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        maker = actor_of(request).user
        token = FeedToken(school_id=pk, created_by=maker, **told.validated_data)
        key = token.give_key()
        token.save()
        row = FeedTokenSerializer(token).data
        answer = {**row, "key": key, **_addresses(request, pk, key)}
        return Response(answer, HTTPStatus.CREATED, headers={"Cache-Control": "no-store"})


@extend_schema_view(
    delete=extend_schema(
        operation_id="deleteFeedToken",
        tags=["Feeds"],
        summary="Delete a feed token",
        responses={204: None},
    )
)
class FeedTokenView(FeedTokenRows):
    """One feed token of a school."""

    parameters = {"DELETE": FeedTokenParameters}

    def delete(self, _request: Request, school: str, **path: str) -> Response:
        """Take a token back: its addresses answer 404 from now on."""
        key, school_id = path["id"], self.administered(self.asked(school)["school"])
        rows = FeedToken.objects.filter(school=school_id)
        token = rows.named(key).first() if is_storable(key) else None
        if token is None:
            raise Http404
        token.delete()
        return Response(status=HTTPStatus.NO_CONTENT)


def _addresses(request: Request, school_id: UUID, key: str) -> dict[str, str]:
    """Return the addresses that a key is part of; they hold if the school gets another slug."""
    names = {"calendar_url": "api:calendar-feed", "bells_url": "api:bells-feed"}
    return {
        name: request.build_absolute_uri(f"{reverse(route, args=[school_id])}?key={key}")
        for name, route in names.items()
    }
