"""Who may see what."""

from rest_framework.request import Request

from scheduling.models import School
from scheduling.models.school import SchoolQuerySet


def visible_schools(_request: Request) -> SchoolQuerySet:
    """Return the schools whose calendars the caller may read; for the others there is a 404."""
    return School.objects.public()
