"""Every route of OneRoster, under each of its roots. A slash at the end makes no difference."""

from collections.abc import Iterator, Mapping

from django.urls import URLPattern, re_path

from api.oneroster.collections import ORGS, SESSIONS
from api.oneroster.discovery import DOCUMENTED, DOCUMENTS, discovery_view
from api.oneroster.versions import ROOTS, Version
from api.oneroster.views import (
    Endpoint,
    collection_view,
    nowhere_view,
    parts_view,
    single_view,
)

ENDPOINTS: Mapping[str, Endpoint] = {
    "orgs": Endpoint("org", ORGS),
    "schools": Endpoint("school", ORGS, ("school",)),
    "academicSessions": Endpoint("academic session", SESSIONS),
    "terms": Endpoint("term", SESSIONS, ("term",)),
    "gradingPeriods": Endpoint("grading period", SESSIONS, ("gradingPeriod",)),
}
PARTS = (("schools", "terms"), ("terms", "gradingPeriods"))


def _routes(root: str, version: Version) -> Iterator[URLPattern]:
    below = root.removeprefix("/")
    for whole, parts in PARTS:
        view = parts_view(ENDPOINTS[whole], ENDPOINTS[parts], version, root)
        yield re_path(rf"^{below}/{whole}/(?P<sourced_id>.+)/{parts}/?\Z", view)
    for name, endpoint in ENDPOINTS.items():
        yield re_path(rf"^{below}/{name}/?\Z", collection_view(endpoint, version, root))
        view = single_view(endpoint, version, root)
        yield re_path(rf"^{below}/{name}/(?P<sourced_id>.+?)/?\Z", view)
    if root == DOCUMENTED:
        for name in DOCUMENTS:
            yield re_path(rf"^{below}/discovery/{name}\Z", discovery_view)
    yield re_path(rf"^{below}(?:/[\s\S]*)?\Z", nowhere_view)


urlpatterns = [route for root, version in ROOTS.items() for route in _routes(root, version)]
