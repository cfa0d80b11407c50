"""The door and rosters: it gives a session again, and nothing that is about more than a school."""

import time

import pytest
import time_machine

from api.lasting import LASTING
from core.freshness import forget_all
from scheduling.models import AcademicYear, Quarter, School, Term
from tests.api.oneroster.conftest import ROOT_1_2, Harbor, plant, reader_of
from tests.config.test_door import Service
from tests.factories import ApplicationFactory, MembershipFactory, bearer

pytestmark = pytest.mark.django_db

KEPT_SECONDS = 3600


@pytest.fixture(autouse=True)
def memory(settings) -> None:
    """Believe what was read for as long as a test takes."""
    settings.REVISION_MAX_AGE = settings.CREDENTIAL_MAX_AGE = KEPT_SECONDS


@pytest.fixture
def harbor() -> Harbor:
    return plant("d1", "sch1")


def test_the_door_gives_a_session_again_until_something_changes(harbor, application) -> None:
    from config.wsgi import django  # noqa: PLC0415  # it needs the settings

    service = Service(django)
    program = ApplicationFactory.create()
    MembershipFactory.create(application=program, district=harbor.district)
    headers = bearer(program, "calendar.read")
    path = f"{ROOT_1_2}/academicSessions/sem1"

    first = service.get(path, **headers)
    assert (service.get(path, **headers).body, service.asked) == (first.body, 1)
    harbor.terms[0].name = "Fall"
    harbor.terms[0].save()
    assert b'"Fall"' in service.get(path, **headers).body
    assert service.asked == 2
    with time_machine.travel(time.time() + KEPT_SECONDS + 60):
        service.get(path, **headers)
    assert service.asked == 3
    assert service.get(path).status == 401


def test_the_door_is_shut_to_a_role_that_is_taken_back(harbor, application) -> None:
    from config.wsgi import django  # noqa: PLC0415  # it needs the settings

    School.objects.update(is_public=True)  # which opens the calendar, and no roster
    service, program = Service(django), ApplicationFactory.create()
    membership = MembershipFactory.create(application=program, district=harbor.district)
    headers = bearer(program, "calendar.read")
    path = f"{ROOT_1_2}/academicSessions/sem1"
    assert [service.get(path, **headers).status for _ in range(2)] == [200, 200]
    membership.delete()
    forget_all()  # as five seconds would
    assert (service.get(path, **headers).status, service.asked) == (404, 2)


def test_the_door_keeps_neither_lists_nor_orgs_nor_what_has_no_school(harbor) -> None:
    reader = reader_of(harbor.district)
    for path in ("/orgs/sch1", "/orgs", "/terms", "/schools/sch1/terms"):
        assert LASTING not in reader.get(path).wsgi_request.META
    assert LASTING in reader.get("/terms/sem1").wsgi_request.META
    for model in (Quarter, Term, AcademicYear, School):
        model.objects.all().delete()
    assert LASTING not in reader.get("/terms/sem1").wsgi_request.META
