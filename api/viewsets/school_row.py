"""What the rows of a school have in common: an information system puts them under its own keys."""

from typing import Any

from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override

from api.authentication import actor_of
from api.conditions import require_match, require_new
from api.permissions import require_school_role, visible_schools
from api.serializers.base import ModelSerializer, Parameters
from api.serializers.items import KINDS_BY_MODEL, ItemReader, UpsertParameters, item_serializer
from api.viewsets.resource import ResourceViewSet
from core.revision import revise
from scheduling.documents import Item, apply_batch
from scheduling.models import School


def editable_school(request: Request, name: str) -> School:
    """Return a school that the caller may write. Raises NotFound or PermissionDenied."""
    school = visible_schools(request).named(name).first()
    if school is None:
        raise exceptions.NotFound
    require_school_role(request, school)
    return school


class SchoolRowViewSet(ResourceViewSet):
    """One kind of row below a school, known by its id here and by its sourced id elsewhere."""

    @action(
        detail=False,
        methods=["put"],
        url_path=r"by-sourced-id/(?P<school>[^/]+)/(?P<sourced_id>.+)",
        url_name="by-sourced-id",
    )
    def upsert(self, request: Request, **path: str) -> Response:
        """Create a row under its sourced id, or replace it: what the body leaves out is reset.

        Sent again, it changes nothing. A row without a sourced id that has the same name (the same
        type in its term, the same dates) is taken for it; one that was deleted comes back under its
        old id. Other rows are named by their sourced id or their id. Quarters that nobody has set
        follow their semester. `If-None-Match: *` only creates.
        """
        asked = self.parameters("upsert").read(path, request.query_params)
        school = editable_school(request, asked["school"])
        item = ItemReader(KINDS_BY_MODEL[self.model]).read(asked["sourced_id"], request.data)
        with revise(school.pk, actor=actor_of(request).user):
            [done] = apply_batch(school.pk, [item], precondition=self._require_state).results
            return self.created(done.id) if done.result == "created" else self.answered(done.id)

    @classmethod
    @override
    def parameters(cls, action: str) -> type[Parameters]:
        return UpsertParameters if action == "upsert" else super().parameters(action)

    @classmethod
    def upsert_serializer(cls) -> type[ModelSerializer[Any]]:
        """Return what reads the body of an upsert."""
        return item_serializer(KINDS_BY_MODEL[cls.serializer_class.Meta.model])

    def _require_state(self, _item: Item, row: Any) -> None:
        """Raise PreconditionFailed unless a row, or None, is what the headers ask for."""
        tag = None if row is None else self.serializer_class.tag(row)
        require_new(self.request, tag)
        require_match(self.request, tag)
