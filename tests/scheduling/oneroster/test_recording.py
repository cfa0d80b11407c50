"""What is said of orgs and sessions follows from the rows, whatever is written in which way."""

import json

import pytest

from scheduling.models import RosterOrg, RosterSession
from tests.factories import TermFactory

pytestmark = pytest.mark.django_db


def test_a_semester_is_told_with_its_year_and_its_quarters() -> None:
    term = TermFactory.create(
        sourced_id="sem1",
        generate_quarters=True,
        academic_year__sourced_id="y27",
        academic_year__school__sourced_id="sch1",
    )
    for r in RosterSession.objects.all():
        print(json.dumps(json.loads(r.body)))
    for r in RosterOrg.objects.all():
        print(r.body)
    assert 0
