"""What every resource has in common: list, create, get, replace, update, delete."""

from collections.abc import Iterable, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin
from typing_extensions import override

from api.authentication import actor_of
from api.conditions import knows, require_match, tag_with_parents
from api.filters.base import ParameterFilter, ResourceFilter
from api.idempotency import idempotent
from api.pagination import CursorField, PageSizeField, page_of
from api.permissions import require_school_role
from api.schema import ResourceSchema
from api.serializers.base import ModelSerializer, Options, Parameters
from api.serializers.columns import part_of
from api.serializers.versions import HistoryParameters
from api.viewsets.history import RowHistory
from core.metadata import is_storable
from core.revision import revise
from scheduling.models import Role


class ResourceViewSet(RowHistory, ViewSetMixin, GenericAPIView[Any]):
    """One kind of row over HTTP. A subclass declares; what is valid is for the model to say.

    A caller reaches the rows that `for_actor()` lets it reach; for the others there is a 404.
    Every write is one revision, noted under the caller, and sees `If-Match` under the lock.
    """

    schema = ResourceSchema()
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"

    serializer_class: type[ModelSerializer[Any]]
    create_serializer_class: ClassVar[type[ModelSerializer[Any]] | None] = None
    filterset_class: ClassVar[type[ResourceFilter]]
    ordering_fields: ClassVar[Sequence[str]]
    """The columns that a list can go by, the first of them unless asked; none is nullable."""

    # Operations

    def list(self, request: Request) -> Response:
        """Answer a page of the rows that the filters keep."""
        asked = self.parameters("list").read({}, request.query_params)
        expand = asked.get("expand", ())
        kept = self.filterset_class(asked, self._rows(expand), request=request).qs
        shape = part_of(self.serializer_class, tuple(dict.fromkeys(expand)))
        if shape is None:
            page = page_of(kept, asked)
            results = self.shown(page.rows, expand, many=True)
        else:
            page = page_of(kept, asked, shape.columns)
            results = [shape.make(*row) for row in page.rows]
        url = page.next_url(request)
        headers = {"Link": f'<{url}>; rel="next"'} if url else {}
        return Response({"next": url, "results": results}, headers=headers)

    @idempotent
    def create(self, request: Request) -> Response:
        """Create a row and answer it."""
        self.parameters("create").read({}, request.query_params)
        kind = self.create_serializer_class or self.serializer_class
        serializer = kind(data=request.data, context=self.get_serializer_context())
        row = self.model()
        serializer.assemble(row, self.require_role)
        with revise(*row.revised_schools(), actor=actor_of(request).user):
            row.save(force_insert=True, **serializer.save_options())
            return self.created(row.pk)

    def retrieve(self, request: Request, **_path: str) -> Response:
        """Answer a row, or that the caller's copy still holds."""
        asked = self.parameters("retrieve").read({}, request.query_params)
        expand = asked.get("expand", ())
        row = self.found(expand)
        parents = [getattr(row, name) for name in expand]
        tag = tag_with_parents(self.serializer_class.tag(row), parents)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if knows(request, tag):
            return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(self.shown(row, expand), headers=headers)

    def update(self, request: Request, **_path: str) -> Response:
        """Replace a row: what the body leaves out is reset."""
        return self._change(request, partial=False)

    def partial_update(self, request: Request, **_path: str) -> Response:
        """Change what the body names."""
        return self._change(request, partial=True)

    def destroy(self, request: Request, **_path: str) -> Response:
        """Delete a row that nothing else uses."""
        self.parameters("destroy").read({}, request.query_params)
        found = self.found()
        self.require_role(found)
        with revise(*found.revised_schools(), actor=actor_of(request).user):
            self.locked(found).delete()
        return Response(status=HTTPStatus.NO_CONTENT)

    # What they are made of

    @property
    def model(self) -> type[Any]:
        """The model of the rows."""
        return self.serializer_class.Meta.model

    @override
    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows that the caller reaches."""
        rows: Any = super().get_queryset()
        return rows.for_actor(actor_of(self.request))  # type: ignore[no-any-return]

    @classmethod
    def parameters(cls, action: str) -> type[Parameters]:
        """Return what the query of an operation may say."""
        return _parameters(cls, action)

    def found(self, expand: Iterable[str] = ()) -> Any:
        """Return the row of the path. Raises Http404 if the caller does not reach it."""
        key = self.kwargs[self.lookup_url_kwarg]
        rows: Any = self._rows(expand)
        row = rows.named(key).first() if is_storable(key) else None
        if row is None:
            raise Http404
        return row

    def locked(self, found: Any) -> Any:
        """Return a row as it is now that its school is locked, if it is what `If-Match` names.

        Raises Http404 if it has gone, PreconditionFailed if it has changed.
        """
        rows = self.get_queryset().filter(pk=found.pk)
        if found.root_id is None:
            rows = rows.select_for_update(of=("self",))
        row = rows.first()
        if row is None:
            raise Http404
        require_match(self.request, self.serializer_class.tag(row))
        return row

    def require_role(self, row: Any) -> None:
        """Raise PermissionDenied unless the caller may write this row."""
        if row.root_id is None:
            row.revised_schools()  # fills the copy of a new row
        require_school_role(self.request, row.root_id, Role.EDITOR)

    def shown(self, rows: Any, expand: Iterable[str] = (), *, many: bool = False) -> Any:
        """Return a row, or many, as JSON has it."""
        context = {**self.get_serializer_context(), "expand": expand}
        return self.serializer_class(rows, many=many, context=context).data

    def answered(self, pk: Any, status: int = HTTPStatus.OK) -> Response:
        """Answer a row as a write leaves it, before another can follow."""
        row = self.get_queryset().get(pk=pk)
        return Response(self.shown(row), status, headers={"ETag": self.serializer_class.tag(row)})

    def created(self, pk: Any) -> Response:
        """Answer a new row likewise, and where it is."""
        response = self.answered(pk, HTTPStatus.CREATED)
        response.headers["Location"] = self.reverse_action("detail", args=[pk], request=None)
        return response

    def _change(self, request: Request, *, partial: bool) -> Response:
        self.parameters("update").read({}, request.query_params)
        found = self.found()
        self.require_role(found)
        with revise(*found.revised_schools(), actor=actor_of(request).user):
            row = self.locked(found)
            context = self.get_serializer_context()
            serializer = self.serializer_class(row, request.data, partial=partial, context=context)
            serializer.assemble(row, self.require_role)
            if row.root_id != found.root_id:
                row.full_clean()  # no row moves to another school, and the model says so
            row.save()
            return self.answered(row.pk)

    def _rows(self, expand: Iterable[str]) -> QuerySet[Any]:
        rows = self.get_queryset()
        return rows.select_related(*expand) if expand else rows


@cache
def _parameters(viewset: type[ResourceViewSet], action: str) -> type[Parameters]:
    if action == "history":
        return HistoryParameters
    readers: dict[str, Any] = {}
    if action == "list":
        filters = viewset.filterset_class.base_filters.items()
        readers |= {
            name: each.reader for name, each in filters if isinstance(each, ParameterFilter)
        }
        readers |= {
            "ordering": _ordering(viewset.ordering_fields),
            "page_size": PageSizeField(),
            "cursor": CursorField(),
        }
    expandable = viewset.serializer_class.EXPANDABLE
    if expandable and action in {"list", "retrieve"}:
        readers["expand"] = _expand(expandable)
    return type(f"{viewset.__name__}{action.title()}Parameters", (Options,), readers)


def _ordering(columns: Sequence[str]) -> serializers.ChoiceField:
    choices = [sign + column for column in columns for sign in ("", "-")]
    text = _("The column that the list goes by, backwards with a `-`. Equal rows go by their id.")
    return serializers.ChoiceField(choices, default=columns[0], help_text=text)


def _expand(names: Iterable[str]) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(list(names)),
        default=list,
        max_length=10,
        help_text=_("A parent to show along, under `expanded`; may be repeated."),
    )
