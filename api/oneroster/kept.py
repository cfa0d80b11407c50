"""Pages that this process keeps, each under the state of the roster that it shows.

A page is never deleted for being out of date: after a write its state is nobody's any more, and it
is among those that nobody asks for. Those go first when all take more than ROSTER_PAGES_BYTES.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from django.conf import settings

OVERHEAD_BYTES = 2000
"""What a page takes beside its body and its links, about."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is sent."""

    body: bytes
    total: int
    links: str

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        return len(self.body) + 2 * len(self.links) + OVERHEAD_BYTES


def kept(key: Hashable, make: Callable[[], Page]) -> Page:
    """Return the page of a key, which names a state; it is made if it is not kept."""
    with _lock:
        page = _pages.get(key)
        if page is not None:
            _pages.move_to_end(key)
            return page
    page = make()
    _keep(key, page)
    return page


def _keep(key: Hashable, page: Page) -> None:
    global _bytes  # noqa: PLW0603
    with _lock:
        if key not in _pages:
            _pages[key] = page
            _bytes += page.size
        while _bytes > settings.ROSTER_PAGES_BYTES:
            _bytes -= _pages.popitem(last=False)[1].size


_pages: "OrderedDict[Hashable, Page]" = OrderedDict()
_bytes = 0
_lock = Lock()
