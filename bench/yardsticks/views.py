"""Views as REST framework's tutorial has them: no cache, ModelSerializers over rows."""

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from api.throttling import COUNTED
from bench.yardsticks.answers import ANSWERS
from bench.yardsticks.serializers import DailyScheduleSerializer, QuarterSerializer
from scheduling.models import AcademicYear, DayOverride, PeriodTemplate, Quarter, School

PAGE_SIZE = 1_000


class GuardedView(APIView):
    """A constant document, behind the service's authentication, permission and rate limit."""

    renderer_classes = (JSONRenderer,)
    document = json.loads(ANSWERS["day"])

    def get(self, _request: Request) -> Response:
        """Answer the document."""
        return Response(self.document)


class OpenView(GuardedView):
    """The same document for anybody, counted by nobody: the middleware takes it for counted."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    @override
    def get(self, request: Request) -> Response:
        """Answer the document."""
        request.META[COUNTED] = ("", None)
        return super().get(request)


class QuartersYardstick(APIView):
    """The first thousand quarters."""

    renderer_classes = (JSONRenderer,)

    def get(self, _request: Request) -> Response:
        """Answer them as the service's own list does."""
        rows = Quarter.objects.select_related("term").order_by("start_date", "id")[:PAGE_SIZE]
        return Response({"next": None, "results": QuarterSerializer(rows, many=True).data})


class DayYardstick(APIView):
    """The daily schedule of an ordinary date, from eight queries."""

    renderer_classes = (JSONRenderer,)

    def get(self, _request: Request, slug: str, date: str) -> Response:
        """Answer what the service answers, found the plain way."""
        day = dt.date.fromisoformat(date)
        school = get_object_or_404(School, slug=slug)
        year = school.academic_years.for_date(day).get()
        template = _template(year, day)
        found = SimpleNamespace(
            school=school,
            date=day,
            academic_year=year,
            terms=year.terms.for_date(day),
            quarter=Quarter.objects.filter(term__academic_year=year).for_date(day).first(),
            template=template,
            periods=template.periods.order_by("start", "number"),
            revision=school.revision,
        )
        context: dict[str, Any] = {"school": school, "date": day}
        return Response(DailyScheduleSerializer(found, context=context).data)


def _template(year: AcademicYear, day: dt.date) -> PeriodTemplate:
    """Return the bell schedule of a date: an override's, a rule's, or the default one."""
    override = DayOverride.objects.filter(academic_year=year).for_date(day).first()
    if override is not None and override.template is not None:
        return override.template
    weekday = day.strftime("%A").lower()
    for rule in year.schedule_rules.select_related("template"):
        if weekday in rule.weekdays:
            return rule.template
    return PeriodTemplate.objects.get(school=year.school_id, is_default=True)
