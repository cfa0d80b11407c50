"""Feed tokens: whose they are, and what of them can never be."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from core.revision import revise
from scheduling.access import ANYBODY, Actor
from scheduling.models import FeedToken
from scheduling.models.feed_token import digest_of
from tests.conftest import codes
from tests.factories import FeedTokenFactory, MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_key_opens_the_school_that_it_was_made_for() -> None:
    token = FeedToken(school=SchoolFactory.create(), name="Families")
    key = token.give_key()
    token.save()
    assert FeedToken.objects.school_opened_by(key) == token.school_id
    assert token.digest == digest_of(key) != key
    assert FeedToken.objects.school_opened_by(token.digest) is None


def test_two_tokens_never_share_a_key() -> None:
    token = FeedTokenFactory.create()
    twin = FeedToken(school=SchoolFactory.create(), name="Twin", digest=token.digest)
    with pytest.raises(ValidationError) as refusal:
        twin.save()
    assert codes(refusal.value) == {"digest": {"unique"}}
    with pytest.raises(IntegrityError), revise():
        FeedToken.objects.bulk_create([twin])


def test_no_token_is_without_a_key() -> None:
    keyless = FeedToken(school=SchoolFactory.create(), name="Families")
    with pytest.raises(ValidationError) as refusal:
        keyless.save()
    assert codes(refusal.value) == {"": {"blank"}}
    with pytest.raises(IntegrityError), revise():
        FeedToken.objects.bulk_create([keyless])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"name": ""}, {"name": {"blank"}}, id="nameless"),
        pytest.param({"name": " "}, {"name": {"blank"}}, id="blank"),
        pytest.param({"name": "x" * 101}, {"name": {"max_length"}}, id="long"),
        pytest.param({"name": "a\0"}, {"name": {"invalid_characters"}}, id="nul"),
    ],
)
def test_a_token_has_a_name(changes, expected) -> None:
    token = FeedTokenFactory.create()
    for name, value in changes.items():
        setattr(token, name, value)
    with pytest.raises(ValidationError) as refusal:
        token.full_clean()
    assert codes(refusal.value) == expected


@pytest.mark.parametrize("column", ["school", "digest"])
def test_a_token_never_opens_something_else(column: str) -> None:
    token = FeedTokenFactory.create()
    setattr(token, column, SchoolFactory.create() if column == "school" else digest_of("other"))
    with pytest.raises(ValidationError) as refusal:
        token.save()
    assert codes(refusal.value) == {column: {"fixed"}}


@pytest.mark.parametrize(
    ("role", "seen"), [("viewer", False), ("editor", False), ("admin", True)], ids=str
)
def test_tokens_are_seen_by_admins_of_the_school_alone(role: str, seen: bool) -> None:
    token = FeedTokenFactory.create(school__is_public=True)
    FeedTokenFactory.create()
    actor = Actor(MembershipFactory.create(school=token.school, role=role).user)
    assert list(FeedToken.objects.for_actor(actor)) == ([token] if seen else [])


def test_nobody_in_particular_sees_no_tokens_and_a_superuser_sees_all() -> None:
    FeedTokenFactory.create_batch(2)
    assert not FeedToken.objects.for_actor(ANYBODY).exists()
    boss = Actor(UserFactory.create(is_superuser=True))
    assert FeedToken.objects.for_actor(boss).count() == 2
