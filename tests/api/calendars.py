"""What tests of the calendar document share: programs with a role, and how a document is put."""

from typing import Any

from rest_framework.test import APIClient

from scheduling.models import Revision
from tests.conftest import tracked_models
from tests.factories import ApplicationFactory, MembershipFactory, bearer

URL = "/api/v1/schools/maple-high/calendar"
YEAR = "academic_years__0__"


def caller(*scopes: str, **membership: Any) -> dict[str, str]:
    """Return the headers of a program with this one role, for these scopes or for all of them."""
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, **membership)
    return bearer(application, *scopes)


def put(client: APIClient, body: Any, headers: Any = None, url: str = URL, **more: str) -> Any:
    return client.put(url, body, format="json", headers={**(headers or {}), **more})


def everything() -> dict[str, int]:
    """Return how many rows there are, and how many states of schools there have been."""
    counts = {model.__name__: model.history.model.objects.count() for model in tracked_models()}
    return {**counts, "Revision": Revision.objects.count()}
