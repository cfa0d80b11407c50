"""Feed tokens in the admin: their addresses are shown once."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from scheduling.models import FeedToken
from tests.factories import FeedTokenFactory, MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db

ADD = "admin:scheduling_feedtoken_add"
LIST = "admin:scheduling_feedtoken_changelist"


@pytest.fixture
def school() -> Any:
    return SchoolFactory.create(is_public=False)


@pytest.fixture
def secretary(client, school) -> Any:
    """Return the browser of an admin of the school."""
    person = UserFactory.create(is_staff=True)
    MembershipFactory.create(user=person, school=school, role="admin")
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def add(browser: Any, school: Any, name: str = "Families") -> Any:
    return browser.post(reverse(ADD), {"school": school.pk, "name": name})


def addresses(page: Any) -> list[str]:
    return re.findall(r"<code>(\S+)</code>", page.content.decode().replace("&amp;", "&"))


def test_a_new_token_is_followed_by_its_addresses(secretary, school) -> None:
    page = add(secretary, school)
    token = FeedToken.objects.get()
    assert (token.name, token.school) == ("Families", school)
    assert token.created_by == page.wsgi_request.user
    assert "no-store" in page.headers["Cache-Control"]
    told = addresses(page)
    assert [each.partition("?")[0].rpartition("/")[2] for each in told] == [
        "calendar.ics",
        "bells.ics",
    ]
    assert {APIClient().get(each).status_code for each in told} == {200}


def test_the_addresses_are_on_no_other_page(secretary, school) -> None:
    key = addresses(add(secretary, school))[0].partition("key=")[2]
    token = FeedToken.objects.get()
    change = reverse("admin:scheduling_feedtoken_change", args=[token.pk])
    for url in (reverse(LIST), change, reverse("admin:index")):
        page = secretary.get(url)
        assert page.status_code == 200
        assert key not in page.content.decode()
        assert token.digest not in page.content.decode()
    assert key not in str([each.get_decoded() for each in Session.objects.all()])
    assert key not in str(secretary.cookies)


def test_a_token_can_be_renamed_and_opens_the_same(secretary, school) -> None:
    token = FeedTokenFactory.create(school=school)
    change = reverse("admin:scheduling_feedtoken_change", args=[token.pk])
    other = SchoolFactory.create()
    response = secretary.post(change, {"name": "Staff", "school": other.pk, "digest": "x"})
    assert response.status_code == 302
    digest = token.digest
    token.refresh_from_db()
    assert (token.name, token.school, token.digest) == ("Staff", school, digest)


def test_a_deleted_token_opens_nothing(secretary, school) -> None:
    told = addresses(add(secretary, school))
    delete = reverse("admin:scheduling_feedtoken_delete", args=[FeedToken.objects.get().pk])
    assert secretary.post(delete, {"post": "yes"}).status_code == 302
    assert {APIClient().get(each).status_code for each in told} == {404}


def test_tokens_are_for_the_schools_admins(client, school) -> None:
    token = FeedTokenFactory.create(school=school)
    person = UserFactory.create(is_staff=True)
    MembershipFactory.create(user=person, school=school, role="editor")
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    change = reverse("admin:scheduling_feedtoken_change", args=[token.pk])
    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(change).status_code in {302, 403}
    assert add(client, school).status_code == 403


def test_a_token_for_a_school_of_others_is_refused(secretary) -> None:
    other = SchoolFactory.create(is_public=True)
    page = add(secretary, other)
    assert page.status_code == 200
    assert "school" in page.context["adminform"].form.errors
    assert not FeedToken.objects.exists()


def test_a_list_costs_as_many_queries_for_five_tokens_as_for_one(secretary, school) -> None:
    counts = []
    for more in (1, 4):
        FeedTokenFactory.create_batch(more, school=school)
        with CaptureQueriesContext(connection) as queries:
            secretary.get(reverse(LIST))
        counts.append(len(queries))
    assert counts[0] == counts[1]
