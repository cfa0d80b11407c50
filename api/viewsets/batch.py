"""Many rows of a school at once, over HTTP."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from api.authentication import actor_of
from api.idempotency import idempotent
from api.parsers import BatchParser
from api.schema import IDEMPOTENCY_KEY, REPLAYED, AutoSchema
from api.serializers.items import (
    BatchParameters,
    BatchReportSerializer,
    BatchSerializer,
    report_of,
)
from api.viewsets.school_row import editable_school
from scheduling.documents import Item, apply_batch
from scheduling.models import School


class BatchSchema(AutoSchema):
    """Describe a batch by the parameters that it declares."""

    view: Any

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        return [*self._parameters_of(self.view.parameters()), IDEMPOTENCY_KEY, REPLAYED]


@extend_schema_view(
    post=extend_schema(
        operation_id="applyBatch",
        tags=["Sync"],
        summary="Create, replace and delete many rows of a school at once",
        request=BatchSerializer,
        responses=BatchReportSerializer,
        examples=[
            OpenApiExample("A term and a quarter", BatchSerializer.EXAMPLE, request_only=True),
            OpenApiExample("What it did", BatchReportSerializer.EXAMPLE, response_only=True),
        ],
    )
)
class BatchView(APIView):
    """Up to 5,000 rows of a school, each under its sourced id: all are written, or none is.

    They may come in any order and name each other, and are judged together: two terms can swap
    their dates. What is not named stays as it is. Everything that is wrong is told with its place,
    what cannot be read before what breaks a rule. All of it is one revision; sent again, a batch
    finds everything `unchanged`, and there is none. A row that was deleted comes back under its old
    id, and one that has no sourced id yet but the same name is taken for the one that is meant.
    """

    schema = BatchSchema()
    parameters = BatchParameters
    parser_classes = [BatchParser]

    def post(self, request: Request, **path: str) -> Response:
        """Read the batch, and apply it or only try it."""
        asked = self.parameters.read(path, request.query_params)
        school = editable_school(request, asked["school"])
        batch = BatchSerializer(data=request.data)
        batch.is_valid(raise_exception=True)
        items = batch.read_items()
        act = self._tried if asked["dry_run"] else self._applied
        return act(request, school, items)

    @idempotent
    def _applied(self, request: Request, school: School, items: list[Item]) -> Response:
        outcome = apply_batch(school.pk, items, actor=actor_of(request).user)
        return Response(report_of(outcome, dry_run=False))

    def _tried(self, request: Request, school: School, items: list[Item]) -> Response:
        outcome = apply_batch(school.pk, items, actor=actor_of(request).user, dry_run=True)
        return Response(report_of(outcome, dry_run=True))
