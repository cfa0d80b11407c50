"""What has changed in a school, over HTTP."""

import time
from collections import defaultdict
from threading import BoundedSemaphore
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from api import sync_tokens
from api.authentication import actor_of
from api.permissions import visible_school
from api.problems import SyncTokenExpired
from api.schema import AutoSchema
from api.serializers.changes import ChangesParameters, ChangesSerializer
from api.viewsets.academic_year import AcademicYearViewSet
from api.viewsets.breaks import BreakViewSet
from api.viewsets.day_override import DayOverrideViewSet
from api.viewsets.period_definition import PeriodDefinitionViewSet
from api.viewsets.period_template import PeriodTemplateViewSet
from api.viewsets.quarter import QuarterViewSet
from api.viewsets.schedule_rule import ScheduleRuleViewSet
from api.viewsets.school import SchoolViewSet
from api.viewsets.term import TermViewSet
from scheduling.changes import Change, Changes, Position, PositionLost, changes_of
from scheduling.states import SchoolState, state_of

SERIALIZERS = {
    "schools": SchoolViewSet.serializer_class,
    "academic-years": AcademicYearViewSet.serializer_class,
    "terms": TermViewSet.serializer_class,
    "quarters": QuarterViewSet.serializer_class,
    "breaks": BreakViewSet.serializer_class,
    "period-templates": PeriodTemplateViewSet.serializer_class,
    "period-definitions": PeriodDefinitionViewSet.serializer_class,
    "schedule-rules": ScheduleRuleViewSet.serializer_class,
    "day-overrides": DayOverrideViewSet.serializer_class,
}
OF_OTHER_ROWS = {"schools": ("etag", "revision"), "period-templates": ("etag", "periods")}
"""What changes with other rows, each of which comes by itself, and is not told here."""
LOOK_SECONDS = 0.25
"""How often somebody who waits looks whether there is news."""
WAITING = BoundedSemaphore(2)
"""Whoever waits holds one of a process's threads, of which there are four as a rule."""


class ChangesSchema(AutoSchema):
    """Describe the feed by the parameters that it declares."""

    view: Any

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        return self._parameters_of(self.view.parameters())


@extend_schema_view(
    get=extend_schema(
        operation_id="listChanges",
        tags=["Sync"],
        summary="What has changed in a school since the last look",
        responses=ChangesSerializer,
    )
)
class ChangesView(APIView):
    """Every row that was created, changed or deleted since the caller last looked.

    They come in commit order, each row once, in its newest state, so that whoever applies all of
    them has the calendar as it is. Without `since` every row there is comes first. `next` can be
    kept after any answer, and asked for as `since` at any later time: nothing is missed or lost in
    between. If `has_more`, ask again at once. A `since` of another school, from before a backup was
    restored, or of more than 400 days ago is a 410: drop the copy and begin without it.
    """

    schema = ChangesSchema()
    parameters = ChangesParameters

    def get(self, request: Request, **path: str) -> Response:
        """Answer the changes after a position; wait for one, if asked to and there is none."""
        asked = self.parameters.read(path, request.query_params)
        school = visible_school(request, asked["school"], anew=True)
        found = _changes(school, asked["since"], asked["limit"])
        may_wait = asked["wait"] and actor_of(request).is_known
        if may_wait and not found.changes and _waited(school, asked["wait"]):
            again = self.initialize_request(request._request)  # noqa: SLF001
            self.perform_authentication(again)  # what the caller showed may have been taken back
            self.check_permissions(again)
            school = visible_school(again, asked["school"], anew=True)
            found = _changes(school, asked["since"], asked["limit"])
        answer = {
            "changes": self._shown(found.changes),
            "next": sync_tokens.written(found.reached),
            "has_more": found.has_more,
        }
        return Response(answer, headers={"Cache-Control": "no-store"})

    def _shown(self, changes: list[Change]) -> list[dict[str, Any]]:
        rows: dict[str, list[Any]] = defaultdict(list)
        for change in changes:
            if change.row is not None:
                rows[change.kind].append(change.row)
        context = {"request": self.request, "expand": ()}
        objects = {
            (kind, shown["id"]): _own(kind, shown)
            for kind, found in rows.items()
            for shown in SERIALIZERS[kind](found, many=True, context=context).data
        }
        return [_entry(each, objects.get((each.kind, str(each.place.id)))) for each in changes]


def _own(kind: str, shown: dict[str, Any]) -> dict[str, Any]:
    others = OF_OTHER_ROWS.get(kind, ())
    return {name: value for name, value in shown.items() if name not in others}


def _entry(change: Change, shown: Any) -> dict[str, Any]:
    entry = {
        "op": "delete" if shown is None else "upsert",
        "resource": change.kind,
        "id": change.place.id,
        "sourced_id": change.sourced_id or None,
        "revision": change.place.revision,
        "changed_at": change.changed_at,
    }
    return entry if shown is None else {**entry, "object": shown}


def _changes(school: SchoolState, since: Position | None, limit: int) -> Changes:
    try:
        return changes_of(school, since, limit)
    except PositionLost as failure:
        raise SyncTokenExpired from failure


def _waited(school: SchoolState, seconds: int) -> bool:
    """Wait until a school is in another state; return False if nothing happened in time."""
    if not WAITING.acquire(blocking=False):
        return False
    try:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            if state_of(str(school.id), anew=True) != school:
                return True
        return False
    finally:
        WAITING.release()
