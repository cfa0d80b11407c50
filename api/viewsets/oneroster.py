"""A district's roster as OneRoster's CSV files."""

from collections.abc import Collection
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from api.authentication import actor_of, reach_of
from api.conditions import knows
from api.permissions import visible_schools
from api.renderers import ZipRenderer
from api.schema import LookupSchema
from api.serializers.oneroster import OneRosterParameters
from scheduling.models import District
from scheduling.rosters import RosterExport, exported_roster

ZIP = ZipRenderer.media_type
LARGEST_BYTES = 100_000_000
"""More than any roster can have: it is for clients that want to be told a limit."""
DISPOSITION = OpenApiParameter(
    "Content-Disposition",
    str,
    OpenApiParameter.HEADER,
    description="What to call the file.",
    response=[200],
)


class OneRosterSchema(LookupSchema):
    """Describe a zip file."""

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        return [*super().described_parameters(), DISPOSITION]


@extend_schema_view(
    get=extend_schema(
        operation_id="getOneRosterFile",
        tags=["Sync"],
        summary="A district's roster as OneRoster's CSV files",
        responses={
            (200, ZIP): {"type": "string", "format": "binary", "maxLength": LARGEST_BYTES},
        },
        examples=[
            OpenApiExample(
                "A zip file", "PK…", media_type=ZIP, response_only=True, status_codes=["200"]
            )
        ],
    )
)
class OneRosterView(APIView):
    """The schools, school years, terms and quarters of a district, zipped (OneRoster 1.1 and 1.2).

    They are told as at OneRoster's own addresses, but only of the schools that the caller may read.
    What is gone with its school is told to those who have a role in the district.
    """

    schema = OneRosterSchema()
    parameters = OneRosterParameters
    renderer_classes = [ZipRenderer]

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        """Answer the zip file, or that the caller has it."""
        asked = self.parameters.read(path, request.query_params)
        districts = District.objects.for_actor(actor_of(request))
        district = districts.named(asked["district"]).first()
        if district is None:
            raise exceptions.NotFound
        export = RosterExport(asked["version"], asked["end_dates"], asked["since"])
        body = exported_roster(district.pk, export, _schools(request, district))
        tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if knows(request, tag):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        headers["Content-Disposition"] = f'attachment; filename="{district.slug}-oneroster.zip"'
        return HttpResponse(body, content_type=ZIP, headers=headers)


def _schools(request: Request, district: Any) -> Collection[UUID] | None:
    """Return the schools of a district that the caller may read; None if these are all."""
    reach = reach_of(request)
    if reach.everywhere or district.pk in reach.districts:
        return None
    own = visible_schools(request).filter(district=district).order_by()
    return list(own.values_list("pk", flat=True))
