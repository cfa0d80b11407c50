"""Whoever writes, and in whatever way: what was known of the school before is not told again.

Every write is a line of one table, with the lookups in which more than the revision changes. Where
a write leaves the token as it is, every lookup is caught.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from core import freshness
from core.revision import Revision, log_model, plain, revise, school_model
from scheduling import calendars, lookups, models
from scheduling.documents import export_document
from scheduling.services import replace_periods
from tests.api.calendars import caller
from tests.api.conftest import Maple, plant_maple
from tests.config.test_door import Service, Told, ask
from tests.factories import BreakFactory, DistrictFactory, UserFactory
from tests.scheduling.test_admin import run, submit, url

pytestmark = pytest.mark.django_db

BASE = "/api/v1/schools/maple-high"
LOOKUPS = {
    "quarter": "/api/v1/quarters/for-date?school=maple-high&date=2026-11-23",
    "day": f"{BASE}/days/2026-11-23",
    "days": f"{BASE}/days?from=2026-11-09&to=2026-11-27",
    "now": f"{BASE}/now?at=2026-11-23T15:45:00Z",
    "weeks": f"{BASE}/weeks",
    "minutes": f"{BASE}/instructional-minutes",
    "document": f"{BASE}/calendar",
}
TERM = {"term_type": "SEM1", "start_date": "2026-08-12", "end_date": "2026-12-18"}
YEAR = "the key of the year"


class Hands:
    """All the ways to write in Maple High."""

    def __init__(self, maple: Maple, folder: Path) -> None:
        self.maple = maple
        self.folder = folder
        self.api = APIClient(headers=caller(school=maple.school, role="admin"))
        self.admin = Client()
        self.admin.force_login(UserFactory.create(is_staff=True, is_superuser=True))

    def request(self, method: str, path: str, body: Any = None) -> None:
        answer = getattr(self.api, method)(f"/api/v1/{path}", body, format="json")
        assert answer.status_code < 300, answer.content

    def form(self, row: Any, page: str = "change", *more: Any, **typed: Any) -> None:
        answer = submit(self.admin, url(type(row), page, row.pk, *more), **typed)
        assert answer.status_code == 302, answer.context["adminform"].errors

    def document(self) -> dict[str, Any]:
        return json.loads(json.dumps(export_document(self.maple.school.pk), default=str))


# One function for each line


def save_a_name(hands: Hands) -> None:
    hands.maple.term.name = "Autumn"
    hands.maple.term.save()


def save_the_dates_of_a_quarter(hands: Hands) -> None:
    hands.maple.quarters[1].end_date = dt.date(2026, 11, 20)
    hands.maple.quarters[1].save()


def save_the_dates_of_a_term(hands: Hands) -> None:
    hands.maple.quarters[1].delete()
    hands.maple.term.end_date = dt.date(2026, 11, 13)
    hands.maple.term.save()


def save_the_dates_of_a_year(hands: Hands) -> None:
    hands.maple.year.end_date = dt.date(2027, 5, 28)
    hands.maple.year.save()


def save_metadata(hands: Hands) -> None:
    hands.maple.quarters[1].metadata = {"reporting_dates": {"grades_due": "2026-12-22"}}
    hands.maple.quarters[1].save()


def save_the_time_zone(hands: Hands) -> None:
    hands.maple.school.timezone = "America/Denver"
    hands.maple.school.save()


def save_the_name_of_the_district(hands: Hands) -> None:
    hands.maple.school.district.name = "Lakeside District"
    hands.maple.school.district.save()


def update_the_name_of_the_district(hands: Hands) -> None:
    models.District.objects.filter(schools=hands.maple.school).update(name="Lakeside District")


def move_to_another_district(hands: Hands) -> None:
    hands.maple.school.district = DistrictFactory.create()
    hands.maple.school.save()


def update(hands: Hands) -> None:
    models.PeriodTemplate.objects.filter(school=hands.maple.school).update(name="Bells")


def update_metadata(hands: Hands) -> None:
    models.Term.objects.filter(school=hands.maple.school).update(metadata={"room": "12"})


def bulk_create(hands: Hands) -> None:
    fog = BreakFactory.build(
        academic_year=hands.maple.year,
        name="Fog",
        start_date=dt.date(2026, 11, 23),
        end_date=dt.date(2026, 11, 23),
    )
    models.Break.objects.bulk_create([fog])


def bulk_update(hands: Hands) -> None:
    period = hands.maple.periods[1]
    period.name = "Homeroom"
    models.PeriodDefinition.objects.bulk_update([period], ["name"])


def delete_many(hands: Hands) -> None:
    models.Break.objects.filter(school=hands.maple.school).delete()


def delete_one(hands: Hands) -> None:
    models.DayOverride.objects.get(school=hands.maple.school).delete()


def delete_a_bell_schedule_with_its_periods(hands: Hands) -> None:
    hands.maple.regular.delete()


def delete_a_term_after_its_quarters(hands: Hands) -> None:
    with revise(hands.maple.school):
        models.Quarter.objects.filter(school=hands.maple.school).delete()
        hands.maple.term.delete()


def delete_a_year_after_all_of_it(hands: Hands) -> None:
    parts = (models.Quarter, models.Term, models.Break, models.ScheduleRule, models.DayOverride)
    with revise(hands.maple.school):
        for model in parts:
            model.objects.filter(school=hands.maple.school).delete()
        hands.maple.year.delete()


def replace_periods_at_once(hands: Hands) -> None:
    replace_periods(hands.maple.late_start, hands.maple.periods[:1])


def post(hands: Hands) -> None:
    year = str(hands.maple.year.pk)
    dates = {"start_date": "2026-11-23", "end_date": "2026-11-23"}
    hands.request("post", "breaks", {"academic_year": year, "name": "Fog", **dates})


def put(hands: Hands) -> None:
    year = str(hands.maple.year.pk)
    body = {**TERM, "academic_year": year, "name": "Autumn", "end_date": "2026-12-21"}
    hands.request("put", f"terms/{hands.maple.term.pk}", body)


def patch(hands: Hands) -> None:
    hands.request("patch", f"quarters/{hands.maple.quarters[1].pk}", {"start_date": "2026-11-24"})


def patch_metadata(hands: Hands) -> None:
    dates = {"reporting_dates": {"grades_due": "2026-12-22"}}
    hands.request("patch", f"quarters/{hands.maple.quarters[1].pk}", {"metadata": dates})


def delete(hands: Hands) -> None:
    hands.request("delete", f"quarters/{hands.maple.quarters[1].pk}")


def put_the_periods(hands: Hands) -> None:
    body = {"periods": [{"number": 1, "start": "10:00", "length": 45}]}
    hands.request("put", f"period-templates/{hands.maple.late_start.pk}/periods", body)


def generate_the_quarters(hands: Hands) -> None:
    models.Quarter.objects.filter(school=hands.maple.school).delete()
    hands.request("post", f"terms/{hands.maple.term.pk}/generate-quarters", {})


def generate_the_periods(hands: Hands) -> None:
    hands.maple.late_start.periods.all().delete()
    body = {"start": "10:00", "count": 3, "length": 45}
    hands.request("post", f"period-templates/{hands.maple.late_start.pk}/generate", body)


def post_a_batch(hands: Hands) -> None:
    fog = {"academic_year": YEAR, "name": "Fog", "start_date": "2026-11-23"}
    item = {"sourced_id": "fog", "data": {**fog, "end_date": "2026-11-23"}}
    hands.request("post", "schools/maple-high/batch", {"items": [{"resource": "breaks", **item}]})


def put_the_document(hands: Hands) -> None:
    document = hands.document()
    document["academic_years"][0]["terms"][0]["name"] = "Autumn"
    hands.request("put", "schools/maple-high/calendar", document)


def submit_a_form(hands: Hands) -> None:
    hands.form(hands.maple.term, name="Autumn")


def submit_dates(hands: Hands) -> None:
    hands.form(hands.maple.quarters[1], end_date="2026-11-20")


def confirm_a_deletion(hands: Hands) -> None:
    row = models.Break.objects.get(school=hands.maple.school)
    answer = hands.admin.post(url(type(row), "delete", row.pk), {"post": "yes"})
    assert answer.status_code == 302


def delete_what_is_selected(hands: Hands) -> None:
    run(hands.admin, "delete_selected", models.Break.objects.get(), post="yes")


def revert_in_the_admin(hands: Hands) -> None:
    first = hands.maple.late_start.history.earliest().history_id
    hands.form(hands.maple.late_start, "simple_history", first)


def import_a_document(hands: Hands) -> None:
    document = hands.document()
    document["period_templates"][0]["name"] = "Bells"
    path = hands.folder / "calendar.json"
    path.write_text(json.dumps(document))
    call_command("import_calendar", str(path), verbosity=0)


def import_closures(hands: Hands) -> None:
    days = "DTSTART;VALUE=DATE:20261123", "DTEND;VALUE=DATE:20261124"
    event = "BEGIN:VEVENT", "UID:fog@example.org", *days, "SUMMARY:Fog", "END:VEVENT"
    lines = "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-", *event, "END:VCALENDAR", ""
    path = hands.folder / "closures.ics"
    path.write_bytes("\r\n".join(lines).encode())
    call_command("import_ics", "maple-high", str(path), verbosity=0)


TABLE: dict[Callable[[Hands], None], str] = {
    save_a_name: "quarter day days minutes document",
    save_the_dates_of_a_quarter: "quarter day days weeks minutes document",
    save_the_dates_of_a_term: "quarter day days now weeks minutes document",
    save_the_dates_of_a_year: "weeks minutes document",
    save_metadata: "document",
    save_the_time_zone: "quarter day days now weeks minutes document",
    save_the_name_of_the_district: "document",
    update_the_name_of_the_district: "document",
    move_to_another_district: "document",
    update: "day days document",
    update_metadata: "document",
    bulk_create: "quarter day days now weeks minutes document",
    bulk_update: "day days now document",
    delete_many: "days now weeks minutes document",
    delete_one: "day days weeks minutes document",
    delete_a_bell_schedule_with_its_periods: "days now minutes document",
    delete_a_term_after_its_quarters: "quarter day days now weeks minutes document",
    delete_a_year_after_all_of_it: "quarter day days now weeks minutes document",
    replace_periods_at_once: "day days now minutes document",
    post: "quarter day days now weeks minutes document",
    put: "quarter day days now weeks minutes document",
    patch: "quarter day days weeks minutes document",
    patch_metadata: "document",
    delete: "quarter day days weeks minutes document",
    put_the_periods: "day days now minutes document",
    generate_the_quarters: "quarter day days minutes",
    generate_the_periods: "day days now minutes document",
    post_a_batch: "quarter day days now weeks minutes document",
    put_the_document: "quarter day days minutes document",
    submit_a_form: "quarter day days minutes document",
    submit_dates: "quarter day days weeks minutes document",
    confirm_a_deletion: "days now weeks minutes document",
    delete_what_is_selected: "days now weeks minutes document",
    revert_in_the_admin: "day days document",
    import_a_document: "day days document",
    import_closures: "quarter day days now weeks minutes document",
}
CAUGHT = (
    save_a_name,
    save_the_name_of_the_district,
    update,
    update_the_name_of_the_district,
    bulk_create,
    patch,
    post_a_batch,
    submit_a_form,
    put_the_document,
)
"""One line for each way down to the rows: the others come by one of these."""


def named(write: Callable[[Hands], None]) -> str:
    return write.__name__


@pytest.fixture
def hands(tmp_path) -> Hands:
    maple = plant_maple()
    maple.late_start.name = "Late"
    maple.late_start.save()  # so that it has a past
    maple.year.sourced_id = YEAR
    maple.year.save()
    return Hands(maple, tmp_path)


@pytest.fixture
def service(application, settings, monkeypatch) -> Iterator[Service]:
    """Yield a service that believes for an hour whatever nobody in its process has changed."""
    settings.REVISION_MAX_AGE = settings.CREDENTIAL_MAX_AGE = 3600
    monkeypatch.setattr(freshness, "connection", type("Outside", (), {"in_atomic_block": False}))
    # A test client would let every later request close the connection that the test still needs.
    monkeypatch.setattr("django.test.client.close_old_connections", lambda **_sent: None)
    from config.wsgi import django  # noqa: PLC0415  # it needs the settings

    freshness.forget_all()
    yield Service(django)
    freshness.forget_all()  # that the test was rolled back nobody tells


def told(service: Service, before: dict[str, Told] | None = None) -> dict[str, Told]:
    """Return what a caller is told who may hold the answers of before."""
    held = {name: answer.headers["ETag"] for name, answer in (before or {}).items()}
    tags = {name: {"If_None_Match": tag} for name, tag in held.items()}
    return {name: service.get(path, **tags.get(name, {})) for name, path in LOOKUPS.items()}


def computed(service: Service) -> dict[str, Told]:
    """Return what is told without any memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calendars, "_kept", calendars._Calendars())
        patch.setattr(lookups, "remembered", lambda _token, _name, fill: fill())
        answers = LOOKUPS.items()
        return {
            name: ask(service._application, path, Cache_Control="no-cache")
            for name, path in answers
        }


def contents(answer: Told) -> Any:
    """Return what an answer says, but for the revision."""
    body = json.loads(answer.body)
    for each in [body, *(body.get("days") or [])]:
        each.pop("revision", None)
    return body


def walk(service: Service, hands: Hands, write: Any, commit: Any) -> tuple[str, set[str]]:
    """Write, and return the lookups with new contents, and those that tell what is no longer so."""
    before = told(service)
    asked = service.asked
    told(service)
    assert service.asked == asked, "Nothing is remembered: this would prove nothing."
    with commit(execute=True):
        write(hands)
    after, right = told(service, before), computed(service)
    changed = [name for name in LOOKUPS if contents(right[name]) != contents(before[name])]
    wrong = {
        name
        for name in LOOKUPS
        if (after[name].status, after[name].body) != (200, right[name].body)
    }
    return " ".join(changed), wrong


@pytest.mark.parametrize("write", TABLE, ids=named)
def test_what_was_known_before_a_write_is_not_told_after_it(
    service, hands, write, django_capture_on_commit_callbacks
) -> None:
    changed, wrong = walk(service, hands, write, django_capture_on_commit_callbacks)
    assert (changed, wrong) == (TABLE[write], set())


def store_without_token(made: Revision) -> None:
    """Store a revision, but leave the school's token as it is."""
    plain(school_model()).filter(pk=made.school_id).update(revision=made.number)
    entry = {"school_id": made.school_id, "number": made.number, "token": made.token}
    log_model()(**entry, time=dt.datetime.now(dt.UTC)).save(force_insert=True)


@pytest.mark.parametrize("write", CAUGHT, ids=named)
def test_a_token_that_no_write_changes_is_caught(
    service, hands, write, django_capture_on_commit_callbacks, monkeypatch
) -> None:
    monkeypatch.setattr(Revision, "store", store_without_token)
    _changed, wrong = walk(service, hands, write, django_capture_on_commit_callbacks)
    assert wrong == set(LOOKUPS)
