"""Webhooks: whom the service tells that a calendar has changed."""

import datetime as dt
import re
from base64 import b64encode
from collections.abc import Collection, Iterator
from secrets import token_bytes
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.models.abstracts import ValidatedModel, problem
from core.outbound import target_of
from scheduling.access import Actor
from scheduling.models.abstracts import ID
from scheduling.models.district import District
from scheduling.models.membership import Membership, Role
from scheduling.models.school import School

SECRET_PREFIX = "whsec_"  # noqa: S105  # what secrets begin with is none
SECRET_BYTES = 32
BOTH_SECRETS = dt.timedelta(hours=24)
"""How long messages are signed with the secret of before as well."""
TAKEN = dt.timedelta(seconds=90)
"""How long a worker has for a turn: much longer than it may take."""
MOST_IN_A_PLACE = 50
LONGEST_URL, LONGEST_SECRET = 2000, 100


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Ask for webhooks."""

    def for_actor(self, actor: Actor, role: str = Role.VIEWER) -> Self:
        """Return the webhooks of the places whose admin the actor is.

        Unless `role` is an admin's, the actor's own as well, where it still has a role.
        """
        if actor.is_superuser:
            return self.all()
        reached = _where(actor, Role.ADMIN)
        if role == Role.VIEWER and actor.is_known:
            reached |= _where(actor, role) & _made_by(actor)
        return self.filter(reached)

    def named(self, key: str) -> Self:
        """Return the webhook with this id, if there is one."""
        return self.filter(pk=key) if re.match(ID, key.lower()) else self.none()

    def working(self) -> Self:
        """Return those that are told anything."""
        return self.filter(state=Webhook.State.ENABLED)

    def locked(self) -> Self:
        """Return the rows as they are now; nobody else changes them until the transaction ends."""
        return self.select_for_update(of=("self",), no_key=True)

    def about(self, school: UUID, districts: Collection[UUID]) -> Self:
        """Return those that are told of a school, or of all schools of these districts."""
        return self.filter(Q(school=school) | Q(district__in=districts))


def _where(actor: Actor, role: str) -> Q:
    """Return what is in a place in which an actor has a role: that it is public is none."""
    held = Membership.objects.of(actor, role).order_by()
    districts = held.filter(district__isnull=False).values("district")
    return (
        Q(school__in=held.filter(school__isnull=False).values("school"))
        | Q(school__district__in=districts)
        | Q(district__in=districts)
    )


def _made_by(actor: Actor) -> Q:
    if actor.application is not None:
        return Q(application=actor.application)
    return Q(created_by=actor.user, application__isnull=True)


def has_role_in(actor: Actor, place: School | District) -> bool:
    """Return whether an actor has a role in a school or a district: that it is public is none."""
    held = Membership.objects.of(actor)
    if isinstance(place, School):
        held = held.filter(Q(school=place) | Q(district=place.district_id))
    else:
        held = held.filter(district=place)
    return actor.is_superuser or held.exists()


def new_secret() -> str:
    """Return a secret to sign with."""
    return SECRET_PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode()


class Webhook(ValidatedModel):
    """An address that is told when a calendar changes: of one school, or of a district's schools.

    It is somebody's who has a role there, and works only as long as that is so. It is no part of
    the calendar: a new one leaves the school's revision as it is.
    """

    class State(models.TextChoices):
        """Whether anything is sent, and if not, why."""

        ENABLED = "enabled", _("Enabled")
        DISABLED = "disabled", _("Disabled by hand")
        GONE = "gone", _("Disabled: the receiver answered 410, it is gone")
        FAILING = "failing", _("Disabled: the receiver has failed for days")
        NO_ROLE = "no_role", _("Disabled: whose it is has no role here any more")

    FIXED = frozenset({"school", "district", "application"})
    UNTRACKED = frozenset({"created_at"})

    school = models.ForeignKey(
        School,
        models.CASCADE,
        verbose_name=_("school"),
        related_name="webhooks",
        null=True,
        blank=True,
    )
    district = models.ForeignKey(
        District,
        models.CASCADE,
        verbose_name=_("district"),
        related_name="webhooks",
        null=True,
        blank=True,
        help_text=_("Stands for all its schools."),
    )
    url = models.CharField(
        _("address"),
        max_length=LONGEST_URL,
        help_text=_("Where messages are sent, such as https://sis.example.org/schoolday."),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.ENABLED, editable=False
    )
    disabled_at = models.DateTimeField(_("disabled at"), null=True, blank=True, editable=False)
    secret = models.CharField(
        _("secret"), max_length=LONGEST_SECRET, default=new_secret, editable=False
    )
    previous_secret = models.CharField(
        _("previous secret"), max_length=LONGEST_SECRET, blank=True, default="", editable=False
    )
    previous_until = models.DateTimeField(
        _("previous secret valid until"), null=True, blank=True, editable=False
    )
    busy_until = models.DateTimeField(_("busy until"), default=timezone.now, editable=False)
    """Until then nothing is sent: somebody is sending, or the receiver is given a rest."""
    slow_answers = models.PositiveSmallIntegerField(_("slow answers"), default=0, editable=False)
    """How many answers in a row have asked for a rest."""
    last_success_at = models.DateTimeField(
        _("last success at"), null=True, blank=True, editable=False
    )
    owner_told_at = models.DateTimeField(_("owner told at"), null=True, blank=True, editable=False)
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        models.CASCADE,
        verbose_name=_("program"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    """The program whose it is, if it is a program's."""
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("created by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            CheckConstraint(
                name="webhook_of_school_or_district",
                condition=Q(school__isnull=True, district__isnull=False)
                | Q(school__isnull=False, district__isnull=True),
                violation_error_code="school_or_district",
                violation_error_message=_("Name either a school or a district."),
            ),
            CheckConstraint(name="webhook_has_address", condition=Q(url__startswith="http")),
            CheckConstraint(
                name="webhook_has_secret", condition=Q(secret__startswith=SECRET_PREFIX)
            ),
            CheckConstraint(
                name="webhook_state_is_dated",
                condition=Q(state="enabled", disabled_at__isnull=True)
                | Q(
                    state__in=["disabled", "gone", "failing", "no_role"],
                    disabled_at__isnull=False,
                ),
            ),
            CheckConstraint(
                name="webhook_previous_secret_ends",
                condition=Q(previous_secret="", previous_until__isnull=True)
                | Q(previous_secret__startswith=SECRET_PREFIX, previous_until__isnull=False),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.host

    @property
    def host(self) -> str:
        """The machine that is told; what follows it in the address may be a secret of theirs."""
        return self.url.partition("://")[2].partition("/")[0].partition("?")[0]

    @property
    def place(self) -> School | District:
        """What it is told of."""
        place = self.school or self.district
        assert place is not None  # noqa: S101  # a constraint
        return place

    @property
    def is_enabled(self) -> bool:
        """Whether anything is sent."""
        return self.state == self.State.ENABLED

    @override
    def problems(self) -> Iterator[ValidationError]:
        yield from super().problems()
        if self.knows("url"):
            try:
                target_of(self.url)
            except ValidationError as refusal:
                yield ValidationError({"url": refusal})
        if self._state.adding and self._neighbours() >= MOST_IN_A_PLACE:
            message = _("There are %(most)s webhooks here already; delete one first.")
            yield problem("__all__", message, "too_many", most=MOST_IN_A_PLACE)

    def _neighbours(self) -> int:
        return Webhook.objects.filter(school=self.school_id, district=self.district_id).count()

    def is_entitled(self) -> bool:
        """Return whether whoever it belongs to may still be told."""
        user: Any = self.created_by
        if user is not None and not user.is_active:
            return False
        actor = Actor(user, self.application)
        return not actor.is_known or has_role_in(actor, self.place)

    def note(self, **values: Any) -> None:
        """Note how the sending goes, whatever becomes of the rest of the row meanwhile."""
        for name, value in values.items():
            setattr(self, name, value)
        Webhook.objects.filter(pk=self.pk).update(**values)

    def switch(self, state: str) -> None:
        """Set whether anything is sent, and if not, why. To be saved."""
        if state != self.state:
            self.state = state
            self.disabled_at = None if self.is_enabled else timezone.now()
            self.slow_answers = 0

    def wake(self) -> None:
        """End a rest that the receiver has asked for; a worker keeps the turn that it has taken."""
        latest = timezone.now() + TAKEN
        resting = Webhook.objects.filter(pk=self.pk, busy_until__gt=latest)
        resting.update(busy_until=latest, slow_answers=0)

    def rotate_secret(self) -> None:
        """Give it a new secret. For a day messages are signed with the old one as well."""
        self.previous_secret, self.secret = self.secret, new_secret()
        self.previous_until = timezone.now() + BOTH_SECRETS

    def secrets(self, now: dt.datetime) -> list[str]:
        """Return the secrets to sign with, the newest first."""
        is_valid = self.previous_until is not None and now < self.previous_until
        return [self.secret, self.previous_secret] if is_valid else [self.secret]
