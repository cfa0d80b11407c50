"""What an integrator does first, with the client that openapi-python-client has generated."""

import datetime as dt
import os
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
from schoolday_client import AuthenticatedClient
from schoolday_client.api.bell_schedules import (
    create_period_template,
    delete_period_template,
    get_period_template,
)
from schoolday_client.api.breaks import create_break
from schoolday_client.api.calendar import get_daily_schedule, get_now, get_quarter_for_date
from schoolday_client.api.periods import list_period_definitions
from schoolday_client.api.schools import list_schools
from schoolday_client.models import (
    BreakRequest,
    DailySchedule,
    Now,
    PeriodDefinitionsPage,
    PeriodTemplate,
    PeriodTemplateRequest,
    Problem,
    QuarterForDate,
    School,
    SchoolsPage,
)
from schoolday_client.types import UNSET

URL = os.environ["SCHOOLDAY_URL"]
SLUG = os.environ["SCHOOLDAY_SCHOOL"]


def main() -> None:
    with AuthenticatedClient(base_url=URL, token=access_token()) as client:
        school = find_school(client)
        day = read_lookups(client)
        follow_pages(client)
        create_and_delete(client, school)
        break_a_rule(client, day)


def access_token() -> str:
    credentials = os.environ["SCHOOLDAY_CLIENT_ID"], os.environ["SCHOOLDAY_CLIENT_SECRET"]
    form = {"grant_type": "client_credentials"}
    response = httpx.post(f"{URL}/oauth/token", data=form, auth=credentials)
    return str(response.raise_for_status().json()["access_token"])


def find_school(client: AuthenticatedClient) -> School:
    page = list_schools.sync(client=client, search=SLUG)
    assert isinstance(page, SchoolsPage), page
    (school,) = page.results
    assert school.slug == SLUG
    return school


def read_lookups(client: AuthenticatedClient) -> DailySchedule:
    now = get_now.sync(SLUG, client=client)
    assert isinstance(now, Now), now
    assert now.next_school_day is not None
    date = now.next_school_day.date

    day = get_daily_schedule.sync(SLUG, date.isoformat(), client=client)
    assert isinstance(day, DailySchedule), day
    assert day.is_school_day
    first = day.periods[0]
    assert first.starts_at == now.next_school_day.starts_at

    then = get_now.sync(SLUG, client=client, at=first.starts_at)
    assert isinstance(then, Now), then
    assert then.interval.period is not None
    assert then.interval.period.id == first.id

    answer = get_quarter_for_date.sync(client=client, school=SLUG, date=date.isoformat())
    assert isinstance(answer, QuarterForDate), answer
    assert answer.quarter == day.quarter
    return day


def follow_pages(client: AuthenticatedClient) -> None:
    numbers, cursor = [], UNSET
    while cursor is not None:
        page = list_period_definitions.sync(client=client, school=SLUG, page_size=7, cursor=cursor)
        assert isinstance(page, PeriodDefinitionsPage), page
        numbers += [period.id for period in page.results]
        cursor = parse_qs(urlsplit(page.next_).query)["cursor"][0] if page.next_ else None
    whole = list_period_definitions.sync(client=client, school=SLUG, page_size=1000)
    assert isinstance(whole, PeriodDefinitionsPage), whole
    assert numbers == [period.id for period in whole.results]
    assert len(numbers) > 7


def create_and_delete(client: AuthenticatedClient, school: School) -> None:
    body = PeriodTemplateRequest(
        school=school.slug, code=f"driver-{uuid4().hex[:8]}", name="Field day"
    )
    created = create_period_template.sync(client=client, body=body)
    assert isinstance(created, PeriodTemplate), created
    assert get_period_template.sync(created.id, client=client) == created

    gone = delete_period_template.sync_detailed(created.id, client=client)
    assert gone.status_code == 204

    problem = get_period_template.sync(created.id, client=client)
    assert isinstance(problem, Problem), problem
    assert (problem.status, problem.code) == (404, "not_found")


def break_a_rule(client: AuthenticatedClient, day: DailySchedule) -> None:
    assert day.academic_year is not None
    body = BreakRequest(
        academic_year=day.academic_year.id,
        name="Backwards",
        start_date=day.date,
        end_date=day.date - dt.timedelta(days=1),
    )
    problem = create_break.sync(client=client, body=body)
    assert isinstance(problem, Problem), problem
    assert problem.status == 400
    assert [(error.pointer, error.code) for error in problem.errors] == [
        ("/end_date", "dates_out_of_order")
    ]


main()
