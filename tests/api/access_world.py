"""Two districts, three schools and everybody who may ask: the world that access is tested in."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import time_machine
from django.db import transaction
from rest_framework.test import APIClient

from scheduling import models, webhooks
from scheduling.access import READ, WRITE
from tests.factories import (
    AcademicYearFactory,
    ApplicationFactory,
    BreakFactory,
    DayOverrideFactory,
    DistrictFactory,
    FeedTokenFactory,
    MembershipFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
    UserFactory,
    WebhookFactory,
    bearer,
)

NOW = dt.datetime(2026, 11, 23, 15, 45, tzinfo=dt.UTC)
CSRF_TOKEN = "a" * 32

# Years of a few weeks: this is about who sees a day, and not about how many there are.
YEAR = {"start_date": dt.date(2026, 11, 2), "end_date": dt.date(2026, 12, 18)}
EMPTY_YEAR = {"start_date": dt.date(2027, 9, 1), "end_date": dt.date(2027, 9, 30)}
TERM = {"start_date": dt.date(2026, 11, 2), "end_date": dt.date(2026, 11, 27)}
EMPTY_TERM = {"start_date": dt.date(2026, 11, 30), "end_date": dt.date(2026, 12, 18)}

BELOW_A_SCHOOL = (
    models.DayOverride,
    models.ScheduleRule,
    models.Break,
    models.Quarter,
    models.Term,
    models.PeriodDefinition,
    models.PeriodTemplate,
    models.AcademicYear,
)
"""What a school consists of, in an order in which it can be deleted."""


@dataclass(frozen=True)
class Place:
    """A school with its district and rows of every kind, by name.

    The rows called `empty` hold nothing and are held by nothing, so that they can go.
    """

    rows: dict[str, Any]

    def __getitem__(self, name: str) -> str:
        """Return the id of a row."""
        return str(self.rows[name].pk)

    @property
    def school(self) -> models.School:
        return self.rows["school"]

    @property
    def slugs(self) -> dict[str, str]:
        """Return the slugs of what has one, by id."""
        return {self[name]: self.rows[name].slug for name in ("school", "district")}

    @property
    def missing(self) -> dict[str, str]:
        """Return ids and slugs that nothing has, as long as those of the rows and by them."""
        ids = {self[name]: _another_id(self[name]) for name in self.rows}
        return ids | {slug: f"no{slug[2:]}" for slug in self.slugs.values()}

    def clear(self) -> None:
        """Delete everything below the school."""
        for model in BELOW_A_SCHOOL:
            model.objects.filter(school=self.school).delete()


def _another_id(name: str) -> str:
    return str(UUID(int=UUID(name).int ^ 0xFFFF))


def place(name: str, district: models.District, *, is_public: bool = False) -> Place:
    """Make a school with a row of every kind."""
    school = SchoolFactory.create(
        slug=name,
        name=name.title(),
        district=district,
        is_public=is_public,
        metadata={"edfi_school_id": 1042},
    )
    year = AcademicYearFactory.create(school=school, **YEAR)
    term = TermFactory.create(academic_year=year, **TERM)
    template = PeriodTemplateFactory.create(school=school, is_default=True)
    webhook = WebhookFactory.create(school=school)
    return Place(
        {
            "district": district,
            "school": school,
            "year": year,
            "empty year": AcademicYearFactory.create(school=school, name="Next", **EMPTY_YEAR),
            "term": term,
            "empty term": TermFactory.create(academic_year=year, term_type="SEM2", **EMPTY_TERM),
            "quarter": QuarterFactory.create(term=term),
            "break": BreakFactory.create(academic_year=year),
            "template": template,
            "feed token": FeedTokenFactory.create(school=school),
            "webhook": webhook,
            "delivery": webhooks.send_test(webhook),
            "empty template": PeriodTemplateFactory.create(school=school),
            "period": PeriodDefinitionFactory.create(template=template),
            "rule": ScheduleRuleFactory.create(academic_year=year, template=template),
            "override": DayOverrideFactory.create(
                academic_year=year, template=template, name="Assembly"
            ),
        }
    )


@dataclass(frozen=True)
class World:
    """The places, and everybody who may ask, by name."""

    places: dict[str, Place]
    clients: dict[str, APIClient]


def program(place: Any, role: str, *scopes: str) -> APIClient:
    """Return a program with a role in a school or a district."""
    application = ApplicationFactory.create()
    field = "school" if isinstance(place, models.School) else "district"
    MembershipFactory.create(application=application, role=role, **{field: place})
    return APIClient(headers=bearer(application, *scopes))


def person(user: Any) -> APIClient:
    """Return a browser in which somebody has logged in, with the CSRF token for writes."""
    browser = APIClient(enforce_csrf_checks=True, headers={"x-csrftoken": CSRF_TOKEN})
    browser.force_login(user)
    browser.cookies["csrftoken"] = CSRF_TOKEN
    return browser


def everybody(own: models.School, foreign: models.School) -> dict[str, APIClient]:
    """Return everybody in the table."""
    editor = MembershipFactory.create(school=own, role="editor").user
    return {
        "anybody": APIClient(),
        "stranger: viewer": program(foreign, "viewer"),
        "stranger: editor": program(foreign, "editor"),
        "stranger: admin": program(foreign, "admin"),
        "viewer": program(own, "viewer"),
        "editor": program(own, "editor"),
        "admin": program(own, "admin"),
        "district": program(own.district, "admin"),
        "superuser": person(UserFactory.create(is_superuser=True)),
        "person": person(editor),
        "reader": program(own, "admin", READ),
        "writer": program(own, "admin", WRITE),
    }


@contextmanager
def built() -> Iterator[World]:
    """Make the world for as long as it is needed: it is made once, and every test rolls back."""
    with time_machine.travel(NOW, tick=False), transaction.atomic():
        ours, theirs = (DistrictFactory.create(slug=slug) for slug in ("harbor", "valley"))
        places = {
            "own": place("own-high", ours),
            "public": place("public-high", ours, is_public=True),
            "foreign": place("foreign-high", theirs),
        }
        yield World(places, everybody(places["own"].school, places["foreign"].school))
        transaction.set_rollback(True)
