"""What has changed in a school or in a district, over HTTP."""

import time
from abc import abstractmethod
from collections import defaultdict
from threading import BoundedSemaphore
from typing import Any, ClassVar, Generic, TypeVar

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from api import sync_tokens
from api.authentication import actor_of, reach_of
from api.permissions import visible_district, visible_school
from api.problems import SyncTokenExpired
from api.schema import AutoSchema
from api.serializers.base import Parameters
from api.serializers.changes import (
    ChangesParameters,
    ChangesSerializer,
    DistrictChangesParameters,
    DistrictChangesSerializer,
)
from api.viewsets.academic_year import AcademicYearViewSet
from api.viewsets.breaks import BreakViewSet
from api.viewsets.day_override import DayOverrideViewSet
from api.viewsets.district import DistrictViewSet
from api.viewsets.period_definition import PeriodDefinitionViewSet
from api.viewsets.period_template import PeriodTemplateViewSet
from api.viewsets.quarter import QuarterViewSet
from api.viewsets.schedule_rule import ScheduleRuleViewSet
from api.viewsets.school import SchoolViewSet
from api.viewsets.term import TermViewSet
from scheduling.changes import Change, Changes, PositionLost, changes_of
from scheduling.district_changes import changes_of_district
from scheduling.states import DistrictState, SchoolState

SERIALIZERS = {
    "districts": DistrictViewSet.serializer_class,
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

Asked = dict[str, Any]
StateT = TypeVar("StateT")


class ChangesSchema(AutoSchema):
    """Describe a feed by the parameters that it declares."""

    view: Any

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        return self._parameters_of(self.view.parameters())


class FeedView(APIView, Generic[StateT]):
    """What has changed since the caller last looked, in something that is in one state or another.

    `state()` finds it in the state that it is in now, and `changes()` tells what has led to that.
    """

    schema = ChangesSchema()
    parameters: ClassVar[type[Parameters]]

    @abstractmethod
    def state(self, request: Request, asked: Asked) -> StateT:
        """Return the state of what is asked about. Raises NotFound if it is out of sight."""

    @abstractmethod
    def changes(self, request: Request, state: StateT, asked: Asked) -> Changes[Any]:
        """Return what has changed after the position that was asked for. Raises PositionLost."""

    @abstractmethod
    def token(self, position: Any) -> str:
        """Return a position as the caller keeps it."""

    def entry(self, change: Change) -> dict[str, Any]:
        """Return what is told of a change, but for the row itself."""
        return {
            "op": "delete" if change.row is None else "upsert",
            "resource": change.kind,
            "id": change.place.id,
            "sourced_id": change.sourced_id or None,
            "revision": change.revision,
            "changed_at": change.changed_at,
        }

    def get(self, request: Request, **path: str) -> Response:
        """Answer the changes after a position; wait for one, if asked to and there is none."""
        asked = self.parameters.read(path, request.query_params)
        state = self.state(request, asked)
        found = self._found(request, state, asked)
        is_empty = not (found.changes or found.has_more)
        may_wait = asked["wait"] and actor_of(request).is_known
        if is_empty and may_wait and self._waited(request, state, asked):
            again = self.initialize_request(request._request)  # noqa: SLF001
            self.perform_authentication(again)  # what the caller showed may have been taken back
            self.check_permissions(again)
            found = self._found(again, self.state(again, asked), asked)
        answer = {
            "changes": self._shown(found.changes),
            "next": self.token(found.reached),
            "has_more": found.has_more,
        }
        return Response(answer, headers={"Cache-Control": "no-store"})

    def _found(self, request: Request, state: StateT, asked: Asked) -> Changes[Any]:
        try:
            return self.changes(request, state, asked)
        except PositionLost as failure:
            raise SyncTokenExpired from failure

    def _waited(self, request: Request, state: StateT, asked: Asked) -> bool:
        """Wait until it is in another state; return False if nothing happened in time."""
        if not WAITING.acquire(blocking=False):
            return False
        try:
            deadline = time.monotonic() + asked["wait"]
            while time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)
                if self.state(request, asked) != state:
                    return True
            return False
        finally:
            WAITING.release()

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
        return [
            self.entry(each) if each.row is None
            else {**self.entry(each), "object": objects[each.kind, str(each.place.id)]}
            for each in changes
        ]  # fmt: skip


def _own(kind: str, shown: dict[str, Any]) -> dict[str, Any]:
    others = OF_OTHER_ROWS.get(kind, ())
    return {name: value for name, value in shown.items() if name not in others}


@extend_schema_view(
    get=extend_schema(
        operation_id="listChanges",
        tags=["Sync"],
        summary="What has changed in a school since the last look",
        responses=ChangesSerializer,
    )
)
class ChangesView(FeedView[SchoolState]):
    """Every row that was created, changed or deleted since the caller last looked.

    They come in commit order, each row once, in its newest state, so that whoever applies all of
    them has the calendar as it is. Without `since` every row there is comes first. `next` can be
    kept after any answer, and asked for as `since` at any later time: nothing is missed or lost in
    between. If `has_more`, ask again at once. A `since` of another school, from before a backup was
    restored, or of more than 400 days ago is a 410: drop the copy and begin without it.
    """

    parameters = ChangesParameters

    @override
    def state(self, request: Request, asked: Asked) -> SchoolState:
        return visible_school(request, asked["school"], anew=True)

    @override
    def changes(self, request: Request, state: SchoolState, asked: Asked) -> Changes[Any]:
        return changes_of(state, asked["since"], asked["limit"])

    @override
    def token(self, position: Any) -> str:
        return sync_tokens.written(position)


@extend_schema_view(
    get=extend_schema(
        operation_id="listDistrictChanges",
        tags=["Sync"],
        summary="What has changed in all schools of a district since the last look",
        responses=DistrictChangesSerializer,
    )
)
class DistrictChangesView(FeedView[DistrictState]):
    """Every row of all schools that the caller may read that has changed since it last looked.

    They come school by school, and in commit order within each; the district itself comes first if
    it has changed. Without `since` every row there is comes first. A school that is new in the
    district, or to the caller, is told in full; one that has left the district, or that the caller
    may not read any more, is told as a deletion of `schools`, upon which everything of that school
    is to be dropped. `next` can be kept after any answer, and asked for as `since` at any later
    time. An answer may hold few changes, or none, and yet `has_more`: then ask again at once. A
    `since` of another district, from before a backup was restored, of more than 400 days ago, or
    from before the caller got or lost a role is a 410: drop the copy and begin without it.
    """

    parameters = DistrictChangesParameters

    @override
    def state(self, request: Request, asked: Asked) -> DistrictState:
        return visible_district(request, asked["district"])

    @override
    def changes(self, request: Request, state: DistrictState, asked: Asked) -> Changes[Any]:
        reach = reach_of(request)
        return changes_of_district(state.row, reach, asked["since"], asked["limit"])

    @override
    def token(self, position: Any) -> str:
        return sync_tokens.written_of_district(position)

    @override
    def entry(self, change: Change) -> dict[str, Any]:
        return {**super().entry(change), "school": change.school}
