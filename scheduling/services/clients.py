"""New programs: OAuth clients with an account and roles of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.text import slugify
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_application_model

from core.revision import revise
from scheduling.models import ClientRoster, ClientScopes, District, Membership, Role, School
from scheduling.models.client_roster import EndDate

LONGEST_STEM = 100


@dataclass(frozen=True, slots=True)
class NewClient:
    """What a program is told once: the secret is stored as a hash."""

    client_id: str
    client_secret: str


def create_client(
    name: str,
    scopes: Sequence[str],
    *,
    places: Iterable[School | District] = (),
    role: str = Role.VIEWER,
    superuser: bool = False,
    oneroster_end_date: str = EndDate.EXCLUSIVE,
) -> NewClient:
    """Create a program that may ask for these scopes and has this role in these places.

    `oneroster_end_date` says which day it takes an end date of OneRoster for.
    The program gets an account, which nobody can log in to, under which its writes are noted.
    Raises ValidationError, and creates nothing, if any part of it is refused.
    """
    secret = generate_client_secret()
    with revise():
        application = get_application_model()(
            name=name,
            user=_account(name, superuser=superuser),
            client_type="confidential",
            authorization_grant_type="client-credentials",
            client_secret=secret,
        )
        application.full_clean()
        application.save()
        ClientScopes(application=application, scopes=list(scopes)).save()
        if oneroster_end_date != EndDate.EXCLUSIVE:
            ClientRoster(application=application, oneroster_end_date=oneroster_end_date).save()
        for place in places:
            field = "school" if isinstance(place, School) else "district"
            Membership(application=application, role=role, **{field: place}).save()
    return NewClient(application.client_id, secret)


def _account(name: str, *, superuser: bool) -> Any:
    account = get_user_model()(username=_free_username(name), is_superuser=superuser)
    account.set_unusable_password()
    account.full_clean()
    account.save()
    return account


def _free_username(name: str) -> str:
    """Return a username that says whose it is and that nobody has."""
    stem = slugify(name)[:LONGEST_STEM].strip("-") or "program"
    users = get_user_model().objects
    taken = set(users.filter(username__startswith=stem).values_list("username", flat=True))
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(each for each in names if each not in taken)
