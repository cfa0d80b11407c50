"""One factory for each model, valid without arguments: fixed dates, no chance, no today."""

import datetime as dt
from typing import Any

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory
from oauth2_provider.models import AccessToken, Application, set_token_value

from scheduling import models
from scheduling.access import SCOPES
from scheduling.calendar.splits import halves
from scheduling.models.feed_token import digest_of
from scheduling.rules import clock_after

TERM_DATES = {
    "SEM1": (dt.date(2026, 8, 12), dt.date(2026, 12, 18)),
    "SEM2": (dt.date(2027, 1, 4), dt.date(2027, 6, 3)),
    "TRI1": (dt.date(2026, 8, 12), dt.date(2026, 11, 6)),
    "TRI2": (dt.date(2026, 11, 9), dt.date(2027, 2, 26)),
    "TRI3": (dt.date(2027, 3, 1), dt.date(2027, 6, 3)),
}


class UserFactory(DjangoModelFactory):
    username = factory.Sequence(lambda n: f"user-{n}")

    class Meta:
        model = get_user_model()


class DistrictFactory(DjangoModelFactory):
    name = "Harbor District"
    slug = factory.Sequence(lambda n: f"harbor-{n}")

    class Meta:
        model = models.District


class SchoolFactory(DjangoModelFactory):
    district = factory.SubFactory(DistrictFactory)
    name = "Maple High"
    slug = factory.Sequence(lambda n: f"maple-high-{n}")
    timezone = "America/Chicago"
    is_public = True

    class Meta:
        model = models.School


class AcademicYearFactory(DjangoModelFactory):
    school = factory.SubFactory(SchoolFactory)
    name = "2026-2027"
    start_date = dt.date(2026, 8, 12)
    end_date = dt.date(2027, 6, 3)

    class Meta:
        model = models.AcademicYear


class TermFactory(DjangoModelFactory):
    """A first semester, without the quarters that it would get by itself."""

    academic_year = factory.SubFactory(AcademicYearFactory)
    term_type = "SEM1"
    start_date = factory.LazyAttribute(lambda term: TERM_DATES[term.term_type][0])
    end_date = factory.LazyAttribute(lambda term: TERM_DATES[term.term_type][1])
    generate_quarters = False

    class Meta:
        model = models.Term


class QuarterFactory(DjangoModelFactory):
    """A half of its term, by its sequence."""

    term = factory.SubFactory(TermFactory)
    sequence = 1
    start_date = factory.LazyAttribute(lambda quarter: _half(quarter)[0])
    end_date = factory.LazyAttribute(lambda quarter: _half(quarter)[1])

    class Meta:
        model = models.Quarter


def _half(quarter: Any) -> tuple[dt.date, dt.date]:
    return halves(quarter.term.start_date, quarter.term.end_date)[quarter.sequence - 1]


class BreakFactory(DjangoModelFactory):
    academic_year = factory.SubFactory(AcademicYearFactory)
    name = "Thanksgiving break"
    kind = "vacation"
    start_date = dt.date(2026, 11, 25)
    end_date = dt.date(2026, 11, 27)

    class Meta:
        model = models.Break


class PeriodTemplateFactory(DjangoModelFactory):
    school = factory.SubFactory(SchoolFactory)
    code = factory.Sequence(lambda n: f"regular-{n}")
    name = "Regular"

    class Meta:
        model = models.PeriodTemplate


class PeriodDefinitionFactory(DjangoModelFactory):
    """The next period of its bell schedule: 50 minutes and 5 of passing, from 08:30 on."""

    template = factory.SubFactory(PeriodTemplateFactory)
    number = factory.LazyAttribute(lambda period: period.template.periods.count() + 1)
    start = factory.LazyAttribute(
        lambda period: clock_after(dt.time(8, 30), 55 * (period.number - 1))
    )
    length = 50
    passing = 5

    class Meta:
        model = models.PeriodDefinition


class ScheduleRuleFactory(DjangoModelFactory):
    academic_year = factory.SubFactory(AcademicYearFactory)
    template = factory.SubFactory(
        PeriodTemplateFactory, school=factory.SelfAttribute("..academic_year.school")
    )
    weekdays = factory.LazyFunction(lambda: ["monday"])

    class Meta:
        model = models.ScheduleRule


class DayOverrideFactory(DjangoModelFactory):
    academic_year = factory.SubFactory(AcademicYearFactory)
    name = "Veterans Day"
    start_date = dt.date(2026, 11, 11)
    end_date = factory.SelfAttribute("start_date")
    closed = factory.LazyAttribute(lambda override: override.template is None)
    template = None

    class Meta:
        model = models.DayOverride


CLIENT_SECRET = "the-secret-of-every-program-in-tests"  # noqa: S105


class ApplicationFactory(DjangoModelFactory):
    """A program with an account of its own; its secret is CLIENT_SECRET."""

    name = factory.Sequence(lambda n: f"sis-{n}")
    user = factory.SubFactory(UserFactory)
    client_type = Application.CLIENT_CONFIDENTIAL
    client_secret = CLIENT_SECRET
    authorization_grant_type = Application.GRANT_CLIENT_CREDENTIALS

    class Meta:
        model = Application


class MembershipFactory(DjangoModelFactory):
    """Somebody's role in a school: name an `application`, or a `district`, for those instead."""

    application = None
    user = factory.Maybe("application", None, factory.SubFactory(UserFactory))
    district = None
    school = factory.Maybe("district", None, factory.SubFactory(SchoolFactory))
    role = "viewer"

    class Meta:
        model = models.Membership


class FeedTokenFactory(DjangoModelFactory):
    """A token for a school's feeds; `key` is what addresses would hold, and is not stored."""

    school = factory.SubFactory(SchoolFactory)
    name = "Families"
    key = factory.Sequence(lambda n: f"key-{n}")

    class Meta:
        model = models.FeedToken

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        key = kwargs.pop("key")
        token = model_class(*args, **kwargs, digest=digest_of(key))
        token.save()
        token.key = key
        return token


class WebhookFactory(DjangoModelFactory):
    """A webhook of a school that nobody in particular has made; name a `district` instead."""

    district = None
    school = factory.Maybe("district", None, factory.SubFactory(SchoolFactory))
    url = "https://sis.example.org/schoolday"

    class Meta:
        model = models.Webhook


class AccessTokenFactory(DjangoModelFactory):
    """A token for all scopes; `secret` is what a program would send, and is not stored."""

    application = factory.SubFactory(ApplicationFactory)
    scope = " ".join(SCOPES)
    expires = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    secret = factory.Sequence(lambda n: f"token-{n}")

    class Meta:
        model = AccessToken

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        secret = kwargs.pop("secret")
        token = model_class(*args, **kwargs)
        set_token_value(token, secret)
        token.save()
        token.secret = secret
        return token


def bearer(application: Any, *scopes: str) -> dict[str, str]:
    """Return the headers of a program with a token for these scopes, or for all of them."""
    token = AccessTokenFactory.create(application=application, scope=" ".join(scopes or SCOPES))
    return {"authorization": f"Bearer {token.secret}"}
