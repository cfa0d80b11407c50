import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from oauth2_provider.models import Application

from scheduling.access import READ, WRITE, Actor
from scheduling.models import ClientScopes, Membership, School
from scheduling.models.client_roster import tells_last_day as tells_last_day_to
from scheduling.services import create_client
from tests.factories import ApplicationFactory, DistrictFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def create(*arguments: str, name: str = "The SIS") -> dict[str, str]:
    told = StringIO()
    call_command("create_client", "--name", name, *arguments, stdout=told)
    return json.loads(told.getvalue())


def nothing_was_created() -> bool:
    kept: list[Any] = [get_user_model(), Application, ClientScopes, Membership]
    return not any(model.objects.exists() for model in kept)


def test_a_program_gets_an_id_a_secret_and_an_account_of_its_own():
    told = create()

    application = Application.objects.get()
    assert told == {"client_id": application.client_id, "client_secret": told["client_secret"]}
    assert check_password(told["client_secret"], application.client_secret)
    assert application.name == "The SIS"
    assert application.client_type == "confidential"
    assert application.authorization_grant_type == "client-credentials"
    account = application.user
    assert account.username == "the-sis"
    assert not account.has_usable_password()
    assert (account.is_active, account.is_staff, account.is_superuser) == (True, False, False)
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("name", "username"),
    [
        pytest.param("The SIS", "the-sis-3", id="taken-twice"),
        pytest.param("the sis!", "the-sis-3", id="spelled-otherwise"),
        pytest.param("学校", "program", id="no-latin-letters"),
        pytest.param("x" * 255, "x" * 100, id="long"),
    ],
)
def test_accounts_have_names_that_nobody_has(name, username):
    UserFactory.create(username="the-sis")
    UserFactory.create(username="the-sis-2")
    create(name=name)
    assert Application.objects.get().user.username == username


@pytest.mark.parametrize(
    ("arguments", "scopes"),
    [
        pytest.param([], [READ], id="nothing-said"),
        pytest.param(["--school", "maple"], [READ], id="viewer"),
        pytest.param(["--school", "maple", "--role", "editor"], [READ, WRITE], id="editor"),
        pytest.param(["--school", "maple", "--role", "admin"], [READ, WRITE], id="admin"),
        pytest.param(["--superuser"], [READ, WRITE], id="superuser"),
        pytest.param(["--superuser", "--scope", READ], [READ], id="fewer"),
        pytest.param(["--scope", READ, WRITE], [READ, WRITE], id="together"),
        pytest.param(["--scope", WRITE, "--scope", READ], [WRITE, READ], id="repeated"),
        pytest.param(["--scope", READ, "--scope", READ], [READ], id="twice"),
    ],
)
def test_its_scopes_are_kept(arguments, scopes):
    SchoolFactory.create(slug="maple")
    create(*arguments)
    assert ClientScopes.objects.granted_to(Application.objects.get()) == scopes


def test_it_has_its_role_in_every_place_that_is_named():
    maple, oak = SchoolFactory.create(slug="maple"), SchoolFactory.create(slug="oak")
    harbor = DistrictFactory.create(slug="harbor")

    create(
        *("--school", "maple", "--school", str(oak.pk), "--school", "maple"),
        *("--district", "harbor", "--role", "editor"),
    )

    held = Membership.objects.filter(application=Application.objects.get(), role="editor")
    assert {(each.school, each.district) for each in held} == {
        (maple, None),
        (oak, None),
        (None, harbor),
    }
    assert Membership.objects.count() == 3


def test_a_superuser_may_do_everything():
    create("--superuser")
    application = Application.objects.get()
    school = SchoolFactory.create(is_public=False)
    actor = Actor(application.user, application)
    assert School.objects.for_actor(actor, "admin").get() == school
    assert not application.user.is_staff


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["--school", "ash", "--school", "maple"], "There is no school “ash”.", id="1"),
        pytest.param(
            ["--school", "ash", "--school", "elm"], "There is no school “ash”, “elm”.", id="2"
        ),
        pytest.param(["--district", "ash"], "There is no district “ash”.", id="district"),
        pytest.param(["--school", "\udcff"], "There is no school “\udcff”.", id="no-text"),
        pytest.param(
            ["--role", "editor"],
            "A role is held in a school or a district: name one with --school or --district.",
            id="role-without-a-place",
        ),
        pytest.param(["--role", "boss"], "argument --role: invalid choice: 'boss'", id="role"),
        pytest.param(["--scope", "everything"], "invalid choice: 'everything'", id="scope"),
    ],
)
def test_what_does_not_exist_is_named_and_nothing_is_created(arguments, told):
    SchoolFactory.create(slug="maple")
    with pytest.raises(CommandError) as refusal:
        create(*arguments)
    assert told in str(refusal.value)
    assert nothing_was_created()


@pytest.mark.parametrize("name", ["", "  ", "\udcff", "a\0b", "x" * 256])
def test_a_name_that_is_none_creates_nothing(name):
    with pytest.raises(CommandError):
        create(name=name)
    assert nothing_was_created()


def test_a_program_is_created_whole_or_not_at_all():
    with pytest.raises(ValidationError):
        create_client("The SIS", ["calendar.admin"])
    assert nothing_was_created()


def test_two_programs_may_have_one_name():
    first, second = create(), create()
    assert first["client_id"] != second["client_id"]
    assert len({each.user for each in Application.objects.all()}) == 2


def test_the_help_gives_examples(capsys):
    with pytest.raises(SystemExit):
        call_command("create_client", "--help")
    assert "create_client --name" in capsys.readouterr().out


# Scopes


@pytest.mark.parametrize(
    ("scopes", "code"),
    [
        pytest.param(["calendar.admin"], "unknown_scope", id="unknown"),
        pytest.param([["calendar.read"]], "unknown_scope", id="a-list-in-it"),
        pytest.param("calendar.read", "unknown_scope", id="text"),
        pytest.param([READ, READ], "repeated_scope", id="twice"),
        pytest.param([], "blank", id="none"),
    ],
)
def test_only_scopes_can_be_granted(scopes, code):
    row = ClientScopes(application=ApplicationFactory.create(), scopes=scopes)
    with pytest.raises(ValidationError) as refusal:
        row.save()
    assert {error.code for error in refusal.value.error_dict["scopes"]} == {code}


@pytest.mark.parametrize(
    ("arguments", "tells_last_day"),
    [
        pytest.param((), False, id="the-standard"),
        pytest.param(("--oneroster-end-date", "exclusive"), False, id="exclusive"),
        pytest.param(("--oneroster-end-date", "inclusive"), True, id="inclusive"),
    ],
)
def test_a_program_says_which_day_it_takes_an_end_date_for(arguments, tells_last_day):
    create(*arguments)
    assert tells_last_day_to(Application.objects.get()) is tells_last_day
