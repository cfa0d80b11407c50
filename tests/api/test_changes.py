"""The change feed: complete, in commit order, and safe to stop and resume anywhere."""

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import AccessToken
from rest_framework.test import APIClient

from api.viewsets import changes as view
from core.revision import revise
from scheduling import changes
from scheduling.changes import KINDS
from scheduling.models import Break, District, PeriodTemplate, Quarter, Revision, School, Term
from scheduling.services.pruning import prune_history
from tests.api.conftest import Maple
from tests.factories import BreakFactory, SchoolFactory

FEED = "/api/v1/schools/maple-high/changes"
DISTRICT_FEED = "/api/v1/districts/maple-county/changes"

Answer = dict[str, Any]
Copy = dict[tuple[str, str], Any]


def ask(client: APIClient, **query: Any) -> Answer:
    response = client.get(FEED, query)
    assert response.status_code == 200, response.content
    assert response.headers["Cache-Control"] == "no-store"
    answer: Answer = response.json()
    return answer


def pages(client: APIClient, since: str | None = None, limit: int = 500) -> Iterator[Answer]:
    """Yield answers until there is no more."""
    while True:
        answer = ask(client, limit=limit, **({"since": since} if since else {}))
        yield answer
        since = answer["next"]
        if not answer["has_more"]:
            return


def follow(client: APIClient, copy: Copy, since: str | None = None, limit: int = 500) -> str:
    """Apply to a copy what has changed, and return how far that is."""
    for answer in pages(client, since, limit):
        for change in answer["changes"]:
            key = (change["resource"], change["id"])
            if change["op"] == "delete":
                copy.pop(key, None)
            else:
                copy[key] = change["object"]
        since = answer["next"]
    assert since
    return since


def everything(client: APIClient) -> Copy:
    """Return every row of the school as the lists of its resource tell it."""
    copy: Copy = {}
    for kind in KINDS:
        query = {} if kind == "schools" else {"school": "maple-high"}
        for row in client.get(f"/api/v1/{kind}", {**query, "page_size": 1000}).json()["results"]:
            others = view.OF_OTHER_ROWS.get(kind, ())
            copy[kind, row["id"]] = {name: row[name] for name in row if name not in others}
    return copy


def entries(answer: Answer) -> list[tuple[str, str, str]]:
    return [(each["op"], each["resource"], each["id"]) for each in answer["changes"]]


def test_without_a_position_every_row_there_is_comes_first(client, maple: Maple) -> None:
    copy: Copy = {}
    follow(client, copy)
    told = everything(client)
    assert {kind for kind, _ in copy} == {kind for kind, _ in told}
    assert copy == told


def test_nothing_has_changed_after_the_last_answer(
    client, maple, django_assert_num_queries
) -> None:
    since = ask(client)["next"]
    with django_assert_num_queries(3):  # the school, and whether history knows the position
        again = ask(client, since=since)
    assert again == {"changes": [], "next": again["next"], "has_more": False}
    assert ask(client, since=again["next"])["changes"] == []


def test_a_change_is_told_once_in_its_newest_state(client, maple: Maple) -> None:
    since = ask(client)["next"]
    maple.term.name = "Fall"
    maple.term.save()
    maple.term.name = "Autumn"
    maple.term.save()
    answer = ask(client, since=since)
    assert entries(answer) == [("upsert", "terms", str(maple.term.id))]
    change = answer["changes"][0]
    maple.school.refresh_from_db()
    assert change["object"] == client.get(f"/api/v1/terms/{maple.term.id}").json()
    assert change["revision"] == maple.school.revision
    assert change["changed_at"] == change["object"]["updated_at"]
    assert ask(client, since=answer["next"])["changes"] == []


def test_a_row_that_is_gone_is_told_by_its_id_and_sourced_id(client, maple: Maple) -> None:
    row = BreakFactory.create(academic_year=maple.year, sourced_id="b7")
    since = ask(client)["next"]
    row_id = str(row.id)
    row.delete()
    change = ask(client, since=since)["changes"][0]
    changed_at = change.pop("changed_at")
    maple.school.refresh_from_db()
    assert change == {
        "op": "delete",
        "resource": "breaks",
        "id": row_id,
        "sourced_id": "b7",
        "revision": maple.school.revision,
    }
    assert dt.datetime.fromisoformat(changed_at).tzinfo is not None


def test_a_client_that_begins_is_not_told_of_what_was_gone_before(client, maple: Maple) -> None:
    BreakFactory.create(academic_year=maple.year).delete()
    assert {each["op"] for answer in pages(client) for each in answer["changes"]} == {"upsert"}


def test_a_client_that_begins_is_told_what_goes_while_it_reads(client, maple: Maple) -> None:
    row = BreakFactory.create(academic_year=maple.year)
    copy: Copy = {}
    first = ask(client, limit=1000)
    half = ask(client, limit=len(first["changes"]) - 1)
    for change in half["changes"]:
        copy[change["resource"], change["id"]] = change["object"]
    assert half["has_more"]
    maple.periods[0].delete()
    row.delete()
    follow(client, copy, half["next"])
    assert copy == everything(client)


def test_a_row_that_comes_back_under_its_id_is_there(client, maple: Maple) -> None:
    row = BreakFactory.create(academic_year=maple.year)
    since = ask(client)["next"]
    row_id = row.id
    row.delete()
    BreakFactory.create(academic_year=maple.year, id=row_id)
    assert entries(ask(client, since=since)) == [("upsert", "breaks", str(row_id))]


def test_children_go_before_their_parents_and_come_after_them(client, maple: Maple) -> None:
    since = ask(client)["next"]
    with revise(maple.school):
        clone = PeriodTemplate.objects.create(school=maple.school, code="half", name="Half")
        clone.periods.create(number=1, name="One", type="class", start=dt.time(9), length=50)
    came = [kind for _, kind, _ in entries(ask(client, since=since))]
    since = ask(client, since=since)["next"]
    clone.delete()
    went = [kind for _, kind, _ in entries(ask(client, since=since))]
    assert came == ["period-templates", "period-definitions"]
    assert went == ["period-definitions", "period-templates"]


def test_the_school_itself_changes_only_with_its_own_row(client, maple: Maple) -> None:
    since = ask(client)["next"]
    maple.term.name = "Fall"
    maple.term.save()
    assert "schools" not in {kind for _, kind, _ in entries(ask(client, since=since))}
    School.objects.filter(pk=maple.school.pk).update(name="Maple Senior High")
    answer = ask(client, since=since)
    assert entries(answer)[-1] == ("upsert", "schools", str(maple.school.id))
    assert answer["changes"][-1]["object"]["name"] == "Maple Senior High"


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_pages_of_any_size_may_be_resumed_after_each(client, maple: Maple, limit) -> None:
    whole = [each for answer in pages(client) for each in entries(answer)]
    assert [each for answer in pages(client, limit=limit) for each in entries(answer)] == whole
    positions = [answer["next"] for answer in pages(client, limit=limit)]
    for read, position in enumerate(positions, start=1):
        rest = [each for answer in pages(client, position) for each in entries(answer)]
        assert rest == whole[read * limit :]


def test_answers_say_of_each_other_where_they_are(client, maple: Maple) -> None:
    places = [
        (each["revision"], answer["has_more"])
        for answer in pages(client, limit=3)
        for each in answer["changes"]
    ]
    assert places == sorted(places, key=lambda place: place[0])
    assert [more for _, more in places][-1] is False


def expired(client: APIClient, since: str, path: str = FEED) -> bool:
    response = client.get(path, {"since": since})
    assert response.status_code in (200, 410)
    if response.status_code == 410:
        assert response.json()["code"] == "sync_token_expired"
    return response.status_code == 410


def test_a_position_in_another_school_is_gone(client, maple: Maple) -> None:
    SchoolFactory.create(slug="elm-high")
    since = ask(client)["next"]
    assert not expired(client, since)
    assert expired(client, since, "/api/v1/schools/elm-high/changes")


def test_a_position_in_a_history_that_was_undone_is_gone(client, maple: Maple) -> None:
    before = ask(client)["next"]
    with transaction.atomic():  # what a backup that is restored lacks
        maple.term.name = "Fall"
        maple.term.save()
        undone = ask(client, since=before)["next"]
        transaction.set_rollback(True)
    assert not expired(client, before)
    assert expired(client, undone)
    maple.term.name = "Autumn"
    maple.term.save()  # the same number again, and another token
    assert expired(client, undone)
    assert not expired(client, before)


@pytest.mark.parametrize("feed", [FEED, DISTRICT_FEED])
@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("since=x", {("/since", "invalid_sync_token")}),
        ("since=v1.", {("/since", "invalid_sync_token")}),
        ("since=v1.AAAA", {("/since", "invalid_sync_token")}),
        ("since=v2.AAAA", {("/since", "invalid_sync_token")}),
        ("since=v1.%F0%9F%98%80", {("/since", "invalid_sync_token")}),
        ("since=" + "v1." + "_" * 98, {("/since", "invalid_sync_token")}),
        ("since=" + "v1." + "_" * 162, {("/since", "invalid_sync_token")}),
        ("since=" + "x" * 201, {("/since", "max_length")}),
        ("since=%00", {("/since", "invalid_characters")}),
        ("since=", {("/since", "blank")}),
        ("limit=0", {("/limit", "min_value")}),
        ("limit=1001", {("/limit", "max_value")}),
        ("limit=1e2", {("/limit", "invalid")}),
        ("limit=+5", {("/limit", "invalid")}),
        ("limit=5&limit=6", {("/limit", "repeated")}),
        ("wait=-1", {("/wait", "min_value")}),
        ("wait=26", {("/wait", "max_value")}),
        ("wait=soon", {("/wait", "invalid")}),
        ("cursor=x", {("/cursor", "unknown_parameter")}),
    ],
)
def test_what_cannot_be_read_is_refused(client, maple, feed, query, problems) -> None:
    District.objects.update(slug="maple-county")
    response = client.get(f"{feed}?{query}")
    assert response.status_code == 400
    told = {(each["pointer"], each["code"]) for each in response.json()["errors"]}
    assert told == problems


def test_a_position_that_nobody_gave_is_gone_and_not_an_error(client, maple: Maple) -> None:
    assert expired(client, "v1." + "A" * 98)
    assert expired(client, ask(client)["next"][:20] + "A" * 81)


def test_nobody_follows_a_school_that_is_hidden(client, maple: Maple) -> None:
    since = ask(client)["next"]
    School.objects.filter(pk=maple.school.pk).update(is_public=False)
    assert client.get(FEED, {"since": since}).status_code == 404


def waiting(monkeypatch, meanwhile: Callable[[float], Any]) -> None:
    """Let something happen whenever somebody who waits looks away, and 2 s pass each time."""
    clock = iter(range(0, 1000, 2))
    watch = SimpleNamespace(monotonic=lambda: next(clock), sleep=meanwhile)
    monkeypatch.setattr(view, "time", watch)


@pytest.fixture
def known(editor) -> APIClient:
    return APIClient(headers=editor)


def test_somebody_who_waits_is_told_when_something_happens(known, maple, monkeypatch) -> None:
    since = ask(known)["next"]
    rows = School.objects.filter(pk=maple.school.pk)
    waiting(monkeypatch, lambda _seconds: rows.update(name="Maple Senior High"))
    answer = ask(known, since=since, wait=25)
    assert entries(answer) == [("upsert", "schools", str(maple.school.id))]


def test_somebody_who_waits_in_vain_is_told_so(known, maple, monkeypatch) -> None:
    since = ask(known)["next"]
    slept: list[float] = []
    waiting(monkeypatch, slept.append)
    assert ask(known, since=since, wait=10)["changes"] == []
    assert len(slept) == 4


def test_a_token_that_is_taken_back_meanwhile_opens_nothing(known, maple, monkeypatch) -> None:
    since = ask(known)["next"]

    def take_back(_seconds: float) -> None:
        AccessToken.objects.all().delete()
        School.objects.filter(pk=maple.school.pk).update(name="Maple Senior High")

    waiting(monkeypatch, take_back)
    response = known.get(FEED, {"since": since, "wait": 25})
    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")


def test_only_a_few_may_wait(known, maple, monkeypatch) -> None:
    since = ask(known)["next"]
    waiting(monkeypatch, pytest.fail)
    for _ in range(2):
        assert view.WAITING.acquire(blocking=False)
    try:
        assert ask(known, since=since, wait=25)["changes"] == []
    finally:
        for _ in range(2):
            view.WAITING.release()


def test_strangers_do_not_wait(client, maple, monkeypatch) -> None:
    since = ask(client)["next"]
    waiting(monkeypatch, pytest.fail)
    assert ask(client, since=since, wait=25)["changes"] == []


def test_what_is_pruned_while_it_is_read_is_not_passed_over(client, maple, monkeypatch) -> None:
    row = BreakFactory.create(academic_year=maple.year)
    since = ask(client)["next"]
    row.delete()
    maple.term.name = "Fall"
    maple.term.save()
    find = changes.changes_in

    def prune_first(*asked: Any) -> Any:
        list(prune_history(timezone.now()))
        return find(*asked)

    monkeypatch.setattr(changes, "changes_in", prune_first)
    assert expired(client, since)


def test_the_school_is_not_told_of_before_its_turn(client, maple, monkeypatch) -> None:
    rows = School.objects.filter(pk=maple.school.pk)
    since = ask(client)["next"]
    rows.update(name="Maple Senior High")
    find = changes._newest_versions

    def rename_first(*asked: Any) -> Any:
        rows.update(name="Maple Junior High")
        return find(*asked)

    with monkeypatch.context() as patched:
        patched.setattr(changes, "_newest_versions", rename_first)
        first = ask(client, since=since)
    names = [each["object"]["name"] for each in first["changes"]]
    rest = ask(client, since=first["next"])["changes"]
    assert names == []
    assert [each["object"]["name"] for each in rest] == ["Maple Junior High"]


def test_every_resource_of_a_school_is_in_the_feed() -> None:
    assert view.SERIALIZERS.keys() == KINDS.keys() | {"districts"}
    rows = {Break, Term, Quarter, School}
    assert rows <= {each().model for each in KINDS.values()}
    tracked = {
        model
        for model in School._meta.apps.get_app_config("scheduling").get_models()
        if hasattr(model, "history") and model._meta.label != "scheduling.District"
    }
    assert tracked == {each().model for each in KINDS.values()}


def test_every_revision_has_a_change_in_the_feed(client, maple: Maple) -> None:
    told = {each["revision"] for answer in pages(client) for each in answer["changes"]}
    maple.school.refresh_from_db()
    assert maple.school.revision in told
    assert told <= set(Revision.objects.values_list("number", flat=True))
