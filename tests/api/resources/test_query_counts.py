"""How many queries an answer costs: as many for twenty rows as for one."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.resources.kinds import Kind, every_kind, kind_of

pytestmark = pytest.mark.django_db

TOKEN, PERIODS = 1, 1


def queries(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@every_kind
def test_a_list_and_a_row_cost_as_much_whatever_the_number_of_rows(
    client, admin, maple, kind: Kind
) -> None:
    one = f"{kind.url}/{client.get(kind.url).json()['results'][0]['id']}"
    expand = "?" + "&".join(f"expand={name}" for name in kind.expandable)
    cost = 1 + PERIODS if kind.path == "period-templates" else 1
    for more in (0, 19):
        kind.many(maple, more)
        for url in (kind.url, kind.url + expand, one, one + expand):
            assert queries(client, url) == cost, (more, url)
            assert queries(admin, url) == cost + TOKEN, (more, url)


def test_a_filter_by_a_row_costs_one_query_more(client, maple) -> None:
    filters = ["", f"academic_year={maple.year.id}", "school=maple-high&on=2026-11-23&search=s"]
    urls = [f"/api/v1/terms?{query}" for query in filters]
    assert [queries(client, url) for url in urls] == [1, 2, 2]


def test_a_bell_schedule_costs_as_much_whatever_the_number_of_its_periods(client, maple) -> None:
    url = f"/api/v1/period-templates/{maple.late_start.id}"
    assert queries(client, url) == 1 + PERIODS
    kind_of("period-definitions").many(maple, 20)
    assert queries(client, url) == 1 + PERIODS


def test_what_the_caller_holds_is_confirmed_for_as_little(client, maple) -> None:
    url = f"/api/v1/terms/{maple.term.id}"
    etag = client.get(url).headers["ETag"]
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    assert len(captured) == 1


def test_a_change_costs_as_much_whatever_the_number_of_rows(admin, maple) -> None:
    url = f"/api/v1/breaks/{maple.year.breaks.get().id}"
    assert admin.patch(url, {"name": "Noted under the caller from now on"}).status_code == 200
    for more in (0, 20):
        kind_of("breaks").many(maple, more)
        with CaptureQueriesContext(connection) as captured:
            assert admin.patch(url, {"name": f"Changed {more}"}).status_code == 200
        assert len(captured) == 22
