"""What rows have been, over HTTP."""

import re
from typing import Any

from django.http import Http404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.pagination import page_of
from api.serializers.versions import shown_versions
from scheduling.models.abstracts import ID
from scheduling.versions import versions_for


class RowHistory:
    """Mixed into a resource, tells everything that one of its rows has been."""

    @action(detail=True)
    def history(self: Any, request: Request, **_path: str) -> Response:
        """Answer what a row has been, the newest first: one version for each revision.

        A row that is gone is found by its id, as long as its history is kept.
        """
        asked = self.parameters("history").read({}, request.query_params)
        key = self.kwargs[self.lookup_url_kwarg]
        pk = key.lower() if re.match(ID, key.lower()) else str(self.found().pk)
        told = versions_for(self.model, actor_of(request)).filter(id=pk)
        rows = told.select_related("history_user")
        page = page_of(rows, {**asked, "ordering": "-history_id", "row": pk})
        if not page.rows and not told.exists():
            raise Http404
        before = None
        if page.next_cursor is not None:
            earlier = told.filter(history_id__lt=page.rows[-1].history_id)
            before = earlier.order_by("-history_id").first()
        serializer = self.serializer_class(context=self.get_serializer_context())
        url = page.next_url(request)
        headers = {"Cache-Control": "no-store"}  # it may name people
        if url is not None:
            headers["Link"] = f'<{url}>; rel="next"'
        results = shown_versions(serializer, page.rows, before)
        return Response({"next": url, "results": results}, headers=headers)
