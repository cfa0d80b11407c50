"""Who may do what."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from typing_extensions import override

from api.authentication import actor_of, reach_of
from api.conditions import asks_anew
from scheduling.access import READ, WRITE
from scheduling.models import District, Role, School
from scheduling.models.school import SchoolQuerySet
from scheduling.states import DistrictState, SchoolState, state_of


class InsufficientScope(exceptions.PermissionDenied):
    """A token that was not given for this; the answer names the scope to ask for (RFC 6750, 3)."""

    default_code = "insufficient_scope"
    default_detail = _("The token lacks the scope for this; ask for one that has it.")

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.auth_header = f'Bearer realm="schoolday", error="insufficient_scope", scope="{scope}"'


class HasScope(BasePermission):
    """Reading takes the scope `calendar.read`; writing takes `calendar.write`, and to be known."""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        if not hasattr(view, str(request.method).lower()):
            return True  # there is no such method here, which is told to anybody
        actor = actor_of(request)
        reads = request.method in SAFE_METHODS
        if not (reads or actor.is_known):
            raise exceptions.NotAuthenticated
        needed = READ if reads else WRITE
        if needed not in actor.scopes:
            raise InsufficientScope(needed)
        return True


class KnownReader(HasScope):
    """Everything takes the scope `calendar.read`, and to be known: for what tells the caller."""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        if not hasattr(view, str(request.method).lower()):
            return True
        actor = actor_of(request)
        if not actor.is_known:
            raise exceptions.NotAuthenticated
        if READ not in actor.scopes:
            raise InsufficientScope(READ)
        return True


def visible_schools(request: Request) -> SchoolQuerySet:
    """Return the schools whose calendars the caller may read; for the others there is a 404."""
    return School.objects.for_actor(actor_of(request))


def visible_school(request: Request, name: str, *, anew: bool = False) -> SchoolState:
    """Return the state of a school whose calendar the caller may read. Raises NotFound.

    `anew` asks the database for it, and so does `Cache-Control: no-cache`. Whether there is a
    hidden school of this name makes no difference to what is done.
    """
    reach = reach_of(request)
    school = state_of(name, anew=anew or asks_anew(request.META))
    if school is None or not reach.includes(school):
        raise exceptions.NotFound
    return school


def visible_district(request: Request, name: str) -> DistrictState:
    """Return the state of a district that the caller may read. Raises NotFound."""
    district = District.objects.for_actor(actor_of(request)).named(name).first()
    if district is None:
        raise exceptions.NotFound
    return DistrictState.of(district, visible_schools(request))


def require_school_role(request: Request, school: School | UUID, role: str = Role.EDITOR) -> None:
    """Raise PermissionDenied unless the caller has this role in a school it can see."""
    key = school.pk if isinstance(school, School) else school
    if not School.objects.for_actor(actor_of(request), role).filter(pk=key).exists():
        raise exceptions.PermissionDenied


def require_district_role(
    request: Request, district: District | UUID, role: str = Role.ADMIN
) -> None:
    """Raise PermissionDenied unless the caller has this role in a district it can see."""
    key = district.pk if isinstance(district, District) else district
    if not District.objects.for_actor(actor_of(request), role).filter(pk=key).exists():
        raise exceptions.PermissionDenied
