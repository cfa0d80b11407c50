"""What people name on the command line."""

from django.core.management.base import CommandError

from core.metadata import is_storable
from scheduling.models import District, School


def school_named(key: str) -> School:
    """Return the school with this slug or id. Raises CommandError if there is none."""
    school = School.objects.named(key).first() if is_storable(key) else None
    if school is None:
        message = f"There is no school “{key}”."
        raise CommandError(message)
    return school


def district_named(key: str) -> District:
    """Return the district with this slug or id. Raises CommandError if there is none."""
    district = District.objects.named(key).first() if is_storable(key) else None
    if district is None:
        message = f"There is no district “{key}”."
        raise CommandError(message)
    return district
