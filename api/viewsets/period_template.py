"""Bell schedules, over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.filters.resources import PeriodTemplateFilter
from api.idempotency import idempotent
from api.serializers.period_definition import PeriodsSerializer
from api.serializers.period_template import (
    CloneSerializer,
    GenerateSerializer,
    PeriodTemplateSerializer,
)
from api.viewsets.school_row import SchoolRowViewSet
from core.revision import revise
from scheduling.models import PeriodTemplate
from scheduling.services import clone_template, free_code, generate_periods, replace_periods


class PeriodTemplateViewSet(SchoolRowViewSet):
    """Bell schedules with their periods. What a rule or an override uses cannot be deleted."""

    queryset = PeriodTemplate.objects.with_periods()
    serializer_class = PeriodTemplateSerializer
    filterset_class = PeriodTemplateFilter
    ordering_fields = ("name", "code", "updated_at", "id")

    @extend_schema(
        operation_id="clonePeriodTemplate",
        summary="Copy a bell schedule with its periods",
        request=CloneSerializer,
        responses={201: PeriodTemplateSerializer},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def clone(self, request: Request, **_path: str) -> Response:
        """Copy a bell schedule with its periods; the copy is neither default nor archived."""
        template, asked = self._told("clone", CloneSerializer)
        with revise(template.school_id, actor=actor_of(request).user):
            original = self.locked(template)
            code = asked.get("code") or free_code(original)
            clone = clone_template(original, code=code, name=asked.get("name", original.name))
            return self.created(clone.pk)

    @extend_schema(
        operation_id="generatePeriods",
        summary="Fill an empty bell schedule with equal classes",
        request=GenerateSerializer,
        responses=PeriodTemplateSerializer,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def generate(self, request: Request, **_path: str) -> Response:
        """Fill an empty bell schedule with classes of one length, and breaks between them."""
        template, asked = self._told("generate", GenerateSerializer)
        breaks = {each["after"]: each["length"] for each in asked.pop("breaks")}
        with revise(template.school_id, actor=actor_of(request).user):
            generate_periods(self.locked(template), breaks=breaks, **asked)
            return self.answered(template.pk)

    @extend_schema(
        operation_id="replacePeriods",
        summary="Replace all periods of a bell schedule",
        request=PeriodsSerializer,
        responses=PeriodTemplateSerializer,
    )
    @action(detail=True, methods=["put"])
    def periods(self, request: Request, **_path: str) -> Response:
        """Replace all periods of a bell schedule, or none if anything is wrong.

        A period takes the place of the one of its number, and keeps its id.
        """
        self.parameters("periods").read({}, request.query_params)
        template = self.found()
        self.require_role(template)
        rows = PeriodsSerializer.rows(request.data, template)
        with revise(template.school_id, actor=actor_of(request).user):
            replace_periods(self.locked(template), rows)
            return self.answered(template.pk)

    def _told(self, name: str, serializer: Any) -> tuple[PeriodTemplate, dict[str, Any]]:
        """Return the bell schedule of the path and what the body says to do with it."""
        self.parameters(name).read({}, self.request.query_params)
        template = self.found()
        self.require_role(template)
        asked = serializer(data=self.request.data)
        asked.is_valid(raise_exception=True)
        return template, dict(asked.validated_data)
