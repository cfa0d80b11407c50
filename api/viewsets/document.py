"""A school's calendar document, over HTTP."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override

from api.parsers import CalendarDocumentParser
from api.renderers import CalendarDocumentRenderer
from api.schema import LookupSchema
from api.serializers.calendar_document import (
    CalendarDocumentSerializer,
    CalendarParameters,
    CalendarReportSerializer,
    ReplaceCalendarParameters,
)
from api.viewsets.base import Asked, LookupView
from api.viewsets.replacement import Replacement, calendar_etag
from scheduling.documents import Report, exported, exported_as_of, import_document
from scheduling.lookups import Shown
from scheduling.past import PastState
from scheduling.states import SchoolState

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the document as the caller read it: if the school has changed since, "
    "a 412 tells.",
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="Names the document that a read would now answer with.",
    response=[200, 201],
)
LOCATION = OpenApiParameter(
    "Location",
    str,
    OpenApiParameter.HEADER,
    description="Where the new school's document is.",
    response=[201],
)


class DocumentSchema(LookupSchema):
    """Describe how a document is read, as a lookup is, and how it is replaced."""

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        if self.can_still_hold():
            return super().described_parameters()
        asked = self._parameters_of(ReplaceCalendarParameters())
        return [*asked, IF_MATCH, ETAG, LOCATION]

    @override
    def can_still_hold(self) -> bool:
        return bool(self.method == "GET")

    @override
    def get_description(self) -> str:  # type: ignore[override]
        return get_doc(getattr(self.view, self.method.lower()))


@extend_schema_view(
    get=extend_schema(
        operation_id="getCalendar",
        tags=["Calendar"],
        summary="The whole calendar of a school as one document",
        responses=CalendarDocumentSerializer,
    ),
    put=extend_schema(
        operation_id="replaceCalendar",
        tags=["Calendar"],
        summary="Replace the whole calendar of a school",
        request=CalendarDocumentSerializer,
        responses={200: CalendarReportSerializer, 201: CalendarReportSerializer},
    ),
)
class CalendarDocumentView(LookupView):
    """The whole calendar of a school: to be kept, edited, put back, or put somewhere else."""

    schema = DocumentSchema()
    parameters = CalendarParameters
    parser_classes = [CalendarDocumentParser]
    renderer_classes = [CalendarDocumentRenderer]

    @override
    def get(self, request: Request, **path: str) -> HttpResponseBase:
        """Answer the whole calendar of a school: years, bell schedules and all, but no ids.

        It is a document of the published JSON Schema `urn:schoolday:calendar-document:1`, to be
        kept, edited and put back; what is put back as it was changes nothing.
        """
        return super().get(request, **path)

    def put(self, request: Request, **path: str) -> Response:
        """Make a school's calendar what a document says, or leave it if anything is wrong.

        The answer tells what was created, changed, removed and left alone. Editors may replace a
        calendar; what the document says of the school itself only its admins may change. An admin
        of the document's district creates the school, if there is none of the slug.
        """
        asked = ReplaceCalendarParameters.read(path, request.query_params)
        replacement = Replacement(request, asked["school"])
        replacement.permit_any()
        report = import_document(
            request.data,
            actor=replacement.actor.user,
            dry_run=asked["dry_run"],
            precondition=replacement.permit,
        )
        return self._told(report, is_created=bool(report.counts["school"].created))

    @override
    def etag(self, token: UUID, asked: Asked) -> str:
        return calendar_etag(token)

    @override
    def answer(self, school: SchoolState, asked: Asked) -> Shown[dict[str, Any]]:
        return exported_as_of(school) if isinstance(school, PastState) else exported(school.id)

    def _told(self, report: Report, *, is_created: bool) -> Response:
        """Answer a report with the ETag of what is stored now, if there is anything."""
        if report.token is None:
            return Response(report.as_dict())
        response = Response(report.as_dict(), headers={"ETag": calendar_etag(report.token)})
        if is_created:
            response.status_code = HTTPStatus.CREATED
            response.headers["Location"] = self.request.path
        return response
