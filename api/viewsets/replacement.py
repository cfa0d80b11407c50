"""Who may put which calendar document in place of which school's calendar."""

import re
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request

from api.authentication import actor_of
from api.conditions import answer_tag, require_match
from api.permissions import require_school_role, visible_schools
from api.problems import PreconditionFailed
from scheduling.documents import DocumentError, Problem
from scheduling.models import District, Role, School
from scheduling.models.abstracts import ID
from scheduling.models.district import DistrictQuerySet


def calendar_etag(token: UUID) -> str:
    """Return the name of a school's calendar document, however its address names the school."""
    return answer_tag(token, "calendar", {})


class Replacement:
    """A calendar document that takes the place of a school's calendar, and who sends it.

    Whoever could not put any document there is refused before one is read. What the document may
    say of the school is asked by `permit()` when the school is locked and nothing moves any more.
    """

    def __init__(self, request: Request, key: str) -> None:
        self.request = request
        self.actor = actor_of(request)
        self.key = key
        self.school = visible_schools(request).named(key).first()

    def permit_any(self) -> None:
        """Raise NotFound or PermissionDenied if the caller can put no document at all there."""
        if self.school is not None:
            require_school_role(self.request, self.school)
        elif re.match(ID, self.key.lower()) or not self._is_admin_anywhere():
            raise exceptions.NotFound  # an id is not for the caller to choose

    def permit(self, school: School, changes: Sequence[str]) -> None:
        """Raise what is to be answered unless the caller may make this of the school.

        `school` is the locked one that the document names, and `changes` are its own columns that
        the document changes. A change of another district is asked of that one's admins, too.
        """
        self._require_own_name(school)
        stored = visible_schools(self.request).filter(pk=school.pk).first()
        if stored is None:
            self._permit_creation(school)
        else:
            self._permit_change(stored, changes)
            if "district" in changes:
                self._permit_district(school.district)
                self._permit_leaving(stored.district)
        self._require_match(stored)

    def _require_own_name(self, school: School) -> None:
        is_own = school.slug == self.key if self.school is None else school.pk == self.school.pk
        if not is_own:
            slug = self.key if self.school is None else self.school.slug
            detail = _("The address names another school than this: “%(slug)s”.") % {"slug": slug}
            raise DocumentError([Problem("/school/slug", "other_school", str(detail))])

    def _permit_creation(self, school: School) -> None:
        """Whoever may not create the school is not told whether there is one of this name."""
        if school.stored() is not None or not self._is_admin_of(school.district):
            raise exceptions.NotFound

    def _permit_change(self, school: School, changes: Sequence[str]) -> None:
        require_school_role(self.request, school)
        admins = School.objects.for_actor(self.actor, Role.ADMIN)
        if changes and not admins.filter(pk=school.pk).exists():
            detail = _("Only an admin of the school may change what is said of it: %(columns)s.")
            raise exceptions.PermissionDenied(detail % {"columns": ", ".join(changes)})

    def _permit_leaving(self, district: District) -> None:
        if not self._is_admin_of(district):
            detail = _("Only an admin of its district lets a school go to another.")
            raise exceptions.PermissionDenied(detail)

    def _permit_district(self, district: District) -> None:
        """A district that the caller does not reach is not found, whether it exists or not."""
        if self._is_admin_of(district):
            return
        if self._districts(Role.VIEWER).filter(pk=district.pk).exists():
            raise exceptions.PermissionDenied(_("Only an admin of a district adds schools to it."))
        detail = _("There is no district with this slug.")
        raise DocumentError([Problem("/district/slug", "not_found", str(detail))])

    def _is_admin_anywhere(self) -> bool:
        return self.actor.is_superuser or self._districts(Role.ADMIN).exists()

    def _is_admin_of(self, district: District) -> bool:
        """Return whether the caller may add to a district, or create it: a superuser may."""
        admins = self._districts(Role.ADMIN)
        return self.actor.is_superuser or admins.filter(pk=district.pk).exists()

    def _districts(self, role: str) -> DistrictQuerySet:
        return District.objects.for_actor(self.actor, role)

    def _require_match(self, stored: School | None) -> None:
        if stored is not None:
            require_match(self.request, calendar_etag(stored.revision_token))
        elif self.request.headers.get("If-Match") is not None:
            raise PreconditionFailed
