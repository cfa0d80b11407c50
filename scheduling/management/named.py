"""What people name on the command line."""

from django.core.management.base import CommandError

from core.metadata import is_storable
from scheduling.models import AcademicYear, District, School
from scheduling.states import SchoolState, state_of


def school_named(key: str) -> School:
    """Return the school with this slug or id. Raises CommandError if there is none."""
    school = School.objects.named(key).first() if is_storable(key) else None
    if school is None:
        raise _no_school(key)
    return school


def district_named(key: str) -> District:
    """Return the district with this slug or id. Raises CommandError if there is none."""
    district = District.objects.named(key).first() if is_storable(key) else None
    if district is None:
        message = f"There is no district “{key}”."
        raise CommandError(message)
    return district


def state_named(key: str) -> SchoolState:
    """Return how the school with this slug or id is now. Raises CommandError if there is none."""
    state = state_of(key, anew=True) if is_storable(key) else None
    if state is None:
        raise _no_school(key)
    return state


def year_named(school: School | SchoolState, name: str) -> AcademicYear:
    """Return the academic year of this name. Raises CommandError if the school has none."""
    years = AcademicYear.objects.filter(school=school.id).order_by("start_date")
    year = years.filter(name=name).first() if is_storable(name) else None
    if year is None:
        known = ", ".join(years.values_list("name", flat=True)) or "none"
        message = f"{school.slug} has no academic year “{name}”; it has: {known}."
        raise CommandError(message)
    return year


def _no_school(key: str) -> CommandError:
    return CommandError(f"There is no school “{key}”.")
