"""Pages: whatever happens between two of them, no row that stays is skipped or repeated."""

from itertools import chain
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.models import Break, School
from tests.api.resources.kinds import KINDS, Kind, every_kind, kind_of
from tests.factories import AcademicYearFactory, BreakFactory, SchoolFactory

pytestmark = pytest.mark.django_db

BREAKS = "/api/v1/breaks"


def page(client: Any, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200, response.json()
    return response.json()


def walk(client: Any, url: str) -> list[list[str]]:
    """Return the ids of each page, from one to the last."""
    pages: list[list[str]] = []
    following: str | None = url
    while following is not None:
        body = page(client, following)
        pages.append([row["id"] for row in body["results"]])
        following = body["next"]
    return pages


def rows(client: Any, url: str) -> list[str]:
    """Return the ids on all pages, from one to the last."""
    return list(chain.from_iterable(walk(client, url)))


def cursor_of(client: Any, url: str) -> str:
    return parse_qs(urlsplit(page(client, url)["next"]).query)["cursor"][0]


def refused(client: Any, url: str) -> set[tuple[str, str]]:
    response = client.get(url)
    assert response.status_code == 400
    return {(error["pointer"], error["code"]) for error in response.json()["errors"]}


# Every row once


@every_kind
def test_pages_hold_every_row_once_in_every_order(superuser, maple, kind: Kind) -> None:
    kind.many(maple, 3)
    for ordering in kind.orderings:
        url = f"{kind.url}?ordering={ordering}"
        (whole,) = walk(superuser, f"{url}&page_size=1000")
        pages = walk(superuser, f"{url}&page_size=2")
        assert [len(ids) for ids in pages[:-1]] == [2] * (len(pages) - 1), ordering
        assert list(chain.from_iterable(pages)) == whole, ordering
        assert len(set(whole)) == len(whole) == kind.model.objects.count()


@pytest.mark.parametrize("ordering", ["start_date", "-start_date", "name", "-updated_at", "-id"])
def test_rows_that_share_a_sort_value_go_by_their_id(client, maple, ordering: str) -> None:
    maple.year.breaks.all().delete()
    with time_machine.travel("2026-11-23T15:45:00Z", tick=False):
        kind_of("breaks").many(maple, 7)
    ids = sorted(str(pk) for pk in Break.objects.values_list("id", flat=True))
    for size, lengths in ((1, [1] * 7), (3, [3, 3, 1]), (7, [7]), (1000, [7])):
        pages = walk(client, f"{BREAKS}?ordering={ordering}&page_size={size}")
        assert [len(page) for page in pages] == lengths
        assert list(chain.from_iterable(pages)) == (ids[::-1] if ordering[0] == "-" else ids)


def test_a_list_goes_by_its_first_column_unless_asked(superuser, maple) -> None:
    for kind in KINDS:
        kind.many(maple, 2)
        asked = page(superuser, f"{kind.url}?ordering={kind.orderings[0]}")
        assert page(superuser, kind.url) == asked, kind.path


def test_text_is_compared_as_the_database_orders_it(client, maple) -> None:
    names = ["zoo", "Zoo", "É", "e", "Älg", "a b", "a-b", "ab", "", "~", "ß", "1", "10", "2"]
    Break.objects.bulk_create(
        Break(
            academic_year=maple.year,
            name=name,
            start_date=maple.year.start_date,
            end_date=maple.year.start_date,
        )
        for name in names
    )
    for ordering in ("name", "-name"):
        url = f"{BREAKS}?ordering={ordering}"
        assert rows(client, f"{url}&page_size=1") == rows(client, url)
    assert len(rows(client, BREAKS)) == len(names) + 1


def test_the_longest_names_fit_into_a_cursor(client, maple) -> None:
    for smile in ("\U0001f600", "\U0001f601"):
        BreakFactory.create(academic_year=maple.year, name=smile * 100)
    pages = walk(client, f"{BREAKS}?ordering=name&page_size=1")
    assert [len(ids) for ids in pages] == [1, 1, 1]


def test_a_page_holds_a_hundred_rows_unless_asked(client, maple) -> None:
    kind_of("breaks").many(maple, 100)
    assert [len(ids) for ids in walk(client, BREAKS)] == [100, 1]
    assert [len(ids) for ids in walk(client, f"{BREAKS}?page_size=101")] == [101]


def test_a_list_of_nothing_is_one_page(client, maple) -> None:
    assert page(client, f"{BREAKS}?search=nothing") == {"next": None, "results": []}


# While rows change


@pytest.mark.parametrize("sign", ["", "-"])
def test_no_row_that_stays_is_skipped_or_repeated(admin, maple, sign: str) -> None:
    def named(name: str) -> str:
        return str(BreakFactory.create(academic_year=maple.year, name=name).id)

    maple.year.breaks.all().delete()
    ids = [named(name) for name in ("b", "d", "d", "d", "f", "h")]
    ids = ids if not sign else ids[::-1]
    url = f"{BREAKS}?ordering={sign}name&page_size=2"
    first = page(admin, url)
    seen = [row["id"] for row in first["results"]]
    assert seen == ids[:2]
    for gone in (seen[1], ids[3]):  # the row that the cursor names, and one to come
        assert admin.delete(f"{BREAKS}/{gone}").status_code == 204
    before, after = (named("a"), named("e")) if not sign else (named("z"), named("c"))
    assert admin.patch(f"{BREAKS}/{ids[4]}", {"kind": "other"}).status_code == 200
    rest = rows(admin, first["next"])
    assert rest == ([ids[2], ids[4], after, ids[5]] if sign else [ids[2], after, *ids[4:]])
    assert before not in rest


def test_a_row_changed_while_pages_go_by_change_is_met_again(admin, maple) -> None:
    maple.year.breaks.all().delete()
    ids = [str(BreakFactory.create(academic_year=maple.year).id) for _n in range(4)]
    first = page(admin, f"{BREAKS}?ordering=updated_at&page_size=2")
    assert admin.patch(f"{BREAKS}/{ids[0]}", {"name": "Changed"}).status_code == 200
    assert rows(admin, first["next"]) == [ids[2], ids[3], ids[0]]


def test_a_page_after_the_last_row_is_empty(admin, maple) -> None:
    kind_of("breaks").many(maple, 1)
    following = page(admin, f"{BREAKS}?page_size=1")["next"]
    for pk in Break.objects.values_list("id", flat=True):
        assert admin.delete(f"{BREAKS}/{pk}").status_code == 204
    assert page(admin, following) == {"next": None, "results": []}


# Next


def test_next_is_absolute_and_asks_in_the_same_words(client, maple) -> None:
    kind_of("breaks").many(maple, 3)
    asked = {
        "school": "maple-high",
        "from": "2026-08-12",
        "search": "Snow",
        "ordering": "-name",
        "expand": ["school", "academic_year"],
        "page_size": "2",
    }
    response = client.get(f"{BREAKS}?{urlencode(asked, doseq=True)}")
    url = response.json()["next"]
    assert response.headers["Link"] == f'<{url}>; rel="next"'
    assert url.startswith(f"http://testserver{BREAKS}?")
    query = parse_qs(urlsplit(url).query)
    del query["cursor"]
    lists = {name: text if isinstance(text, list) else [text] for name, text in asked.items()}
    assert query == lists
    last = client.get(url)
    assert last.json()["next"] is None
    assert "Link" not in last.headers
    assert len(last.json()["results"]) == 1


def test_a_page_may_be_of_another_size_and_show_other_parents(client, maple) -> None:
    kind_of("breaks").many(maple, 4)
    cursor = cursor_of(client, f"{BREAKS}?page_size=1")
    rest = page(client, f"{BREAKS}?page_size=9&expand=school&cursor={cursor}")
    assert len(rest["results"]) == 4
    assert all(row["expanded"]["school"]["slug"] == "maple-high" for row in rest["results"])


# Cursors that no page of the list gave


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("ordering=-name&page_size=1", id="backwards"),
        pytest.param("page_size=1", id="another-column"),
        pytest.param("ordering=name&search=Snow", id="a-filter-more"),
        pytest.param("ordering=name&school=maple-high", id="another-school"),
    ],
)
def test_a_cursor_goes_with_its_filters_and_its_order(client, maple, query: str) -> None:
    kind_of("breaks").many(maple, 2)
    cursor = cursor_of(client, f"{BREAKS}?ordering=name&page_size=1")
    assert refused(client, f"{BREAKS}?{query}&cursor={cursor}") == {("/cursor", "invalid_cursor")}


def test_a_cursor_goes_with_its_list(client, maple) -> None:
    kind_of("breaks").many(maple, 2)
    cursor = cursor_of(client, f"{BREAKS}?ordering=name&page_size=1")
    for path in ("terms", "academic-years", "schools", "period-templates"):
        url = f"/api/v1/{path}?ordering=name&cursor={cursor}"
        assert refused(client, url) == {("/cursor", "invalid_cursor")}


def test_a_cursor_of_a_school_that_is_hidden_opens_nothing(client, maple) -> None:
    hidden = SchoolFactory.create(is_public=True)
    year = AcademicYearFactory.create(school=hidden)
    secrets = [BreakFactory.create(academic_year=year, name=f"Secret {n}") for n in range(2)]
    asked = f"ordering=name&page_size=1&school={hidden.slug}"
    cursor = cursor_of(client, f"{BREAKS}?{asked}")
    unfiltered = cursor_of(client, f"{BREAKS}?ordering=-name&page_size=2")
    School.objects.filter(pk=hidden.pk).update(is_public=False)
    assert client.get(f"{BREAKS}?{asked}&cursor={cursor}").status_code == 404
    for query in ("ordering=name", "ordering=name&school=maple-high"):
        url = f"{BREAKS}?{query}&cursor={cursor}"
        assert refused(client, url) == {("/cursor", "invalid_cursor")}
    rest = client.get(f"{BREAKS}?ordering=-name&cursor={unfiltered}")
    assert {row["id"] for row in rest.json()["results"]}.isdisjoint(str(s.id) for s in secrets)


def test_a_cursor_that_was_tampered_with_is_refused(client, maple) -> None:
    kind_of("breaks").many(maple, 2)
    cursor = cursor_of(client, f"{BREAKS}?page_size=1")
    value, signature = cursor.split(".")
    odd = ["x", "AAAA", ".", "é", "null", value, f"{value}.", f".{signature}", f"{cursor}="]
    odd += [f"{value[1:]}.{signature}", f"{value}.{signature[:-1]}", "\x00", "9" * 999]
    odd += [
        "WyJzdGFydF9kYXRlIiwiMjAyNi0xMS0yNSIsIjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMCJd"
    ]
    for each in odd:
        told = refused(client, f"{BREAKS}?{urlencode({'cursor': each})}")
        assert told in ({("/cursor", "invalid_cursor")}, {("/cursor", "invalid_characters")}), each
    assert refused(client, f"{BREAKS}?cursor={'A' * 1001}") == {("/cursor", "max_length")}


# Bounds and costs


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("page_size=0", {("/page_size", "min_value")}),
        ("page_size=-1", {("/page_size", "min_value")}),
        ("page_size=1001", {("/page_size", "max_value")}),
        (f"page_size={'9' * 30}", {("/page_size", "max_value")}),
        (f"page_size={'9' * 5000}", {("/page_size", "max_value")}),
        ("page_size=", {("/page_size", "blank")}),
        ("page_size=ten", {("/page_size", "invalid")}),
        ("page_size=1.5", {("/page_size", "invalid")}),
        ("page_size=1e2", {("/page_size", "invalid")}),
        ("page_size=1&page_size=2", {("/page_size", "repeated")}),
        ("cursor=", {("/cursor", "blank")}),
        ("ordering=", {("/ordering", "blank")}),
        ("ordering=kind", {("/ordering", "invalid_choice")}),
        ("ordering=name,id", {("/ordering", "invalid_choice")}),
        ("ordering=--name", {("/ordering", "invalid_choice")}),
        ("ordering=school__name", {("/ordering", "invalid_choice")}),
        ("page=2&limit=5", {("/page", "unknown_parameter"), ("/limit", "unknown_parameter")}),
        ("expand=metadata", {("/expand/0", "invalid_choice")}),
        ("page_size=x&on=y&expand=z", None),
    ],
)
def test_a_page_that_cannot_be_is_refused(client, maple, query: str, errors: Any) -> None:
    everything = {("/page_size", "invalid"), ("/on", "invalid"), ("/expand/0", "invalid_choice")}
    assert refused(client, f"{BREAKS}?{query}") == (errors or everything)


def test_the_largest_page_is_one(client, maple) -> None:
    kind_of("breaks").many(maple, 3)
    assert [len(ids) for ids in walk(client, f"{BREAKS}?page_size=1000")] == [4]


def test_nothing_is_counted(client, maple) -> None:
    kind_of("breaks").many(maple, 3)
    with CaptureQueriesContext(connection) as captured:
        walk(client, f"{BREAKS}?page_size=2&school=maple-high&search=s")
    assert len(captured) == 4
    assert not [query["sql"] for query in captured if "COUNT(" in query["sql"].upper()]
