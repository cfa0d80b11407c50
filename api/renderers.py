"""Bodies of answers that are not written as all the others are."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer
from typing_extensions import override

from scheduling.documents import render_document
from scheduling.ical.writing import MEDIA_TYPE


class CalendarDocumentRenderer(JSONRenderer):
    """Write what `export_calendar` would: an answer that is kept as a file is the same file."""

    @override
    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else render_document(data).encode()


class FeedRenderer(BaseRenderer):
    """Let callers who accept calendar files alone have them; the bytes come from elsewhere."""

    media_type = MEDIA_TYPE
    format = "ics"
    charset = "utf-8"

    @override
    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b""  # of a 304
