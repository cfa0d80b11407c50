"""What an answer is written in: what the caller's `Accept` allows."""

from collections.abc import Iterable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.mediatypes import media_type_matches
from typing_extensions import override

from api.problems import CONTENT_TYPE

CHOICES_REMEMBERED = 200
ANYTHING = "*/*"


class ContentNegotiation(DefaultContentNegotiation):
    """Whoever deletes gets no body, so taking problem documents alone is enough.

    Generated clients accept just what an operation may answer with. An empty `Accept` says nothing.
    """

    @override
    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> Any:
        """Return how to write the answer. Raises NotAcceptable if the caller takes none of it."""
        offered = list(renderers)
        accept = request.META.get("HTTP_ACCEPT", "").strip() or ANYTHING
        chosen = _chosen(accept, tuple(each.media_type for each in offered))
        if chosen is not None:
            position, media_type = chosen
            return offered[position], media_type
        if request.method == "DELETE" and any(map(_takes_problems, _listed(accept))):
            return offered[0], offered[0].media_type
        raise NotAcceptable(available_renderers=offered)


class _Choice(DefaultContentNegotiation):
    """REST framework's own choice, which looks at nothing of a request but what it accepts."""

    @override
    def get_accept_list(self, request: Any) -> list[str]:
        return _listed(request.accept)


@lru_cache(maxsize=CHOICES_REMEMBERED)  # a few clients ask all day long, and all in the same words
def _chosen(accept: str, media_types: tuple[str, ...]) -> tuple[int, str] | None:
    """Return which of the media types is chosen, by its place, and how the answer calls it."""
    offered: Any = [
        SimpleNamespace(media_type=media_type, position=position)
        for position, media_type in enumerate(media_types)
    ]
    request: Any = SimpleNamespace(accept=accept, query_params={})
    try:
        renderer: Any
        renderer, media_type = _Choice().select_renderer(request, offered)
    except NotAcceptable:
        return None
    return renderer.position, media_type


def _listed(accept: str) -> list[str]:
    return [each.strip() for each in accept.split(",")]


def _takes_problems(media_type: str) -> bool:
    return bool(media_type_matches(CONTENT_TYPE, media_type))
