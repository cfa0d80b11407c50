"""Request bodies, read strictly."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.parsers import BaseParser
from typing_extensions import override

from scheduling.documents import LARGEST_BYTES, read_document


class TooLarge(exceptions.APIException):
    """A body that is larger than anything that is sent here."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _("The body is too large.")


class StrictJSONParser(BaseParser):
    """Read a JSON body; one that no other reader would understand the same way is refused.

    Raises DocumentError for keys that an object gives twice, numbers that are not finite and
    characters that no database stores, each by its place.
    """

    media_type = "application/json"
    largest_bytes: ClassVar[int] = 2 * 1024 * 1024

    @override
    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(self.largest_bytes + 1)
        if len(raw) > self.largest_bytes:
            raise TooLarge
        return read_document(raw)


class CalendarDocumentParser(StrictJSONParser):
    """Read a calendar document, which may be much larger than any other body."""

    largest_bytes = LARGEST_BYTES


class BatchParser(StrictJSONParser):
    """Read a batch: its rows may each say as much as a row that comes alone mostly does."""

    largest_bytes = 16 * 1024 * 1024
