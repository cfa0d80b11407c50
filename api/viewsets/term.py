"""Terms, over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.filters.resources import TermFilter
from api.idempotency import idempotent
from api.serializers.quarter import QuarterSerializer
from api.serializers.term import (
    GenerateQuartersSerializer,
    TermCreateSerializer,
    TermQuartersSerializer,
    TermSerializer,
)
from api.viewsets.school_row import SchoolRowViewSet
from core.revision import revise
from scheduling.models import Quarter, Term
from scheduling.services import generate_quarters


class TermViewSet(SchoolRowViewSet):
    """Semesters and trimesters of academic years."""

    queryset = Term.objects.all()
    serializer_class = TermSerializer
    create_serializer_class = TermCreateSerializer
    filterset_class = TermFilter
    ordering_fields = ("start_date", "end_date", "name", "updated_at", "id")

    @extend_schema(
        operation_id="generateQuarters",
        summary="Make the quarters that a semester lacks",
        request=GenerateQuartersSerializer,
        responses=TermQuartersSerializer,
    )
    @action(detail=True, methods=["post"], url_path="generate-quarters")
    @idempotent
    def generate_quarters(self, request: Request, **_path: str) -> Response:
        """Make the quarters that a semester lacks; those that it has stay as they are."""
        self.parameters("generate_quarters").read({}, request.query_params)
        term = self.found()
        self.require_role(term)
        asked = GenerateQuartersSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with revise(term.school_id, actor=actor_of(request).user):
            generate_quarters(self.locked(term), strategy=asked.validated_data["strategy"])
            quarters = Quarter.objects.for_semester(term)
            return Response({"quarters": QuarterSerializer(quarters, many=True).data})
