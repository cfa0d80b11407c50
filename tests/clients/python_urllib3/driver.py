"""What an integrator does first, with the Python client that OpenAPI Generator has generated."""

import base64
import datetime as dt
import json
import os
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import urllib3
from schoolday_urllib3_client import (
    ApiClient,
    BellSchedulesApi,
    BreakRequest,
    BreaksApi,
    CalendarApi,
    Configuration,
    DailySchedule,
    PeriodsApi,
    PeriodTemplateRequest,
    Problem,
    School,
    SchoolsApi,
)
from schoolday_urllib3_client.exceptions import BadRequestException, NotFoundException

URL = os.environ["SCHOOLDAY_URL"]
SLUG = os.environ["SCHOOLDAY_SCHOOL"]


def main() -> None:
    configuration = Configuration(host=URL, access_token=access_token())
    with ApiClient(configuration) as client:
        school = find_school(client)
        day = read_lookups(client)
        follow_pages(client)
        create_and_delete(client, school)
        break_a_rule(client, day)


def access_token() -> str:
    credentials = f"{os.environ['SCHOOLDAY_CLIENT_ID']}:{os.environ['SCHOOLDAY_CLIENT_SECRET']}"
    headers = {
        "Authorization": f"Basic {base64.b64encode(credentials.encode()).decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    form = "grant_type=client_credentials"
    response = urllib3.request("POST", f"{URL}/oauth/token", body=form, headers=headers)
    assert response.status == 200, response.data
    return str(json.loads(response.data)["access_token"])


def find_school(client: ApiClient) -> School:
    (school,) = SchoolsApi(client).list_schools(search=SLUG).results
    assert school.slug == SLUG
    return school


def read_lookups(client: ApiClient) -> DailySchedule:
    calendar = CalendarApi(client)
    coming = calendar.get_now(SLUG).next_school_day
    assert coming is not None

    day = calendar.get_daily_schedule(SLUG, coming.var_date.isoformat())
    assert day.is_school_day
    first = day.periods[0]
    assert first.starts_at == coming.starts_at

    then = calendar.get_now(SLUG, at=first.starts_at)
    assert then.interval.period is not None
    assert then.interval.period.id == first.id

    answer = calendar.get_quarter_for_date(school=SLUG, var_date=coming.var_date.isoformat())
    assert answer.quarter == day.quarter
    return day


def follow_pages(client: ApiClient) -> None:
    periods = PeriodsApi(client)
    page = periods.list_period_definitions(school=SLUG, page_size=7)
    found = [period.id for period in page.results]
    while page.next is not None:
        cursor = parse_qs(urlsplit(page.next).query)["cursor"][0]
        page = periods.list_period_definitions(school=SLUG, page_size=7, cursor=cursor)
        found += [period.id for period in page.results]
    whole = periods.list_period_definitions(school=SLUG, page_size=1000)
    assert found == [period.id for period in whole.results]
    assert len(found) > 7


def create_and_delete(client: ApiClient, school: School) -> None:
    templates = BellSchedulesApi(client)
    body = PeriodTemplateRequest(
        school=school.slug, code=f"driver-{uuid4().hex[:8]}", name="Field day"
    )
    created = templates.create_period_template(body)
    assert templates.get_period_template(created.id) == created
    templates.delete_period_template(created.id)
    try:
        templates.get_period_template(created.id)
    except NotFoundException as refusal:
        problem = refusal.data
    assert isinstance(problem, Problem), problem
    assert (problem.status, problem.code) == (404, "not_found")


def break_a_rule(client: ApiClient, day: DailySchedule) -> None:
    assert day.academic_year is not None
    body = BreakRequest(
        academic_year=day.academic_year.id,
        name="Backwards",
        start_date=day.var_date,
        end_date=day.var_date - dt.timedelta(days=1),
    )
    try:
        BreaksApi(client).create_break(body)
    except BadRequestException as refusal:
        problem = refusal.data
    assert isinstance(problem, Problem), problem
    assert problem.status == 400
    assert [(error.pointer, error.code) for error in problem.errors] == [
        ("/end_date", "dates_out_of_order")
    ]


main()
