"""How answers are written."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import renderers
from typing_extensions import override

from scheduling.documents import render_document
from scheduling.ical.writing import MEDIA_TYPE

LINE_ENDS = {"\u2028".encode(): rb"\u2028", "\u2029".encode(): rb"\u2029"}
"""What ends a line in JavaScript, and is escaped so that JSON stays a part of it."""


class JSONRenderer(renderers.JSONRenderer):
    """Write what REST framework's renderer does, many times as fast.

    Only an exponent is spelled otherwise. What is indented, or has a number or a key that the quick
    way does not know, goes the slow way.
    """

    @override
    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        if self.get_indent(accepted_media_type or "", dict(renderer_context or {})) is None:
            try:
                return _quickly(data, self.encoder_class().default)
            except TypeError:
                pass
        return super().render(data, accepted_media_type, renderer_context)


def _quickly(data: Any, default: Any) -> bytes:
    text = orjson.dumps(data, default, orjson.OPT_UTC_Z)
    for raw, escaped in LINE_ENDS.items():
        if raw in text:
            text = text.replace(raw, escaped)
    return text


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


class FileRenderer(renderers.BaseRenderer):
    """Let callers who accept files of one kind alone have them; the bytes come from elsewhere."""

    @override
    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b""  # of a 304


class FeedRenderer(FileRenderer):
    """Calendar files."""

    media_type = MEDIA_TYPE
    format = "ics"
    charset = "utf-8"


class ZipRenderer(FileRenderer):
    """Zip files."""

    media_type = "application/zip"
    format = "zip"
    charset = None
