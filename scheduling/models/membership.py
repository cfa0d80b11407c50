"""Who may do what with which calendars."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import ValidatedModel
from scheduling.access import Actor


class Role(models.TextChoices):
    """Each role may do what those before it may."""

    VIEWER = "viewer", _("Viewer: reads the calendar")
    EDITOR = "editor", _("Editor: changes the calendar")
    ADMIN = "admin", _("Admin: changes the school or district itself, too")

    @classmethod
    def at_least(cls, role: str) -> list[str]:
        """Return the roles that may do what this role may."""
        return cls.values[cls.values.index(role) :]


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Ask for memberships."""

    def of(self, actor: Actor, role: str = Role.VIEWER) -> "MembershipQuerySet":
        """Return the actor's memberships with this role or a higher one; a stranger has none."""
        held = self.filter(role__in=Role.at_least(role))
        if actor.application is not None:
            return held.filter(application=actor.application)
        return held.none() if actor.user is None else held.filter(user=actor.user)

    def for_actor(self, actor: Actor, role: str = Role.ADMIN) -> "MembershipQuerySet":
        """Return the memberships in schools and districts in which the actor has this role.

        Whoever has it in a district has it in the district's schools, but not the other way round.
        """
        if actor.is_superuser:
            return self.all()
        school, district = (_place(name).for_actor(actor, role) for name in ("school", "district"))
        return self.filter(Q(school__in=school) | Q(district__in=district))


def _place(name: str) -> Any:
    """Return the rows that memberships are in; their models need this one."""
    model: Any = Membership._meta.get_field(name).related_model
    return model.objects.order_by()


class Membership(ValidatedModel):
    """The role of one person or one program in one school, or in a district and all its schools.

    Whose it is and where never changes: only the role does.
    """

    FIXED = frozenset({"user", "application", "school", "district"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("person"),
        related_name="memberships",
        null=True,
        blank=True,
    )
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        models.CASCADE,
        verbose_name=_("program"),
        related_name="memberships",
        null=True,
        blank=True,
        help_text=_("An OAuth client, such as a student information system."),
    )
    school = models.ForeignKey(
        "scheduling.School",
        models.CASCADE,
        verbose_name=_("school"),
        related_name="memberships",
        null=True,
        blank=True,
    )
    district = models.ForeignKey(
        "scheduling.District",
        models.CASCADE,
        verbose_name=_("district"),
        related_name="memberships",
        null=True,
        blank=True,
        help_text=_("Stands for all its schools."),
    )
    role = models.CharField(_("role"), max_length=6, choices=Role.choices, default=Role.VIEWER)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            CheckConstraint(
                name="membership_of_person_or_program",
                condition=Q(user__isnull=True, application__isnull=False)
                | Q(user__isnull=False, application__isnull=True),
                violation_error_code="person_or_program",
                violation_error_message=_("Name either a person or a program."),
            ),
            CheckConstraint(
                name="membership_in_school_or_district",
                condition=Q(school__isnull=True, district__isnull=False)
                | Q(school__isnull=False, district__isnull=True),
                violation_error_code="school_or_district",
                violation_error_message=_("Name either a school or a district."),
            ),
            CheckConstraint(
                name="membership_role_is_known",
                condition=Q(role__in=Role.values),
                violation_error_code="invalid_choice",
                violation_error_message=_("There is no such role."),
            ),
            *(
                UniqueConstraint(
                    fields=[member, place],
                    name=f"membership_{member}_{place}",
                    violation_error_code="membership_taken",
                    violation_error_message=_("There is a membership for these two already."),
                )
                for member in ("user", "application")
                for place in ("school", "district")
            ),
        ]

    @override
    def __str__(self) -> str:
        member: Any = self.user or self.application
        return f"{member}: {self.get_role_display()}"
