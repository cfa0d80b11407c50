import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.forms import ModelChoiceField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scheduling import models
from scheduling.services import generate_quarters
from tests import factories
from tests.factories import (
    AcademicYearFactory,
    DistrictFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TRACKED = [
    models.District,
    models.School,
    models.AcademicYear,
    models.Term,
    models.Break,
    models.Quarter,
    models.PeriodTemplate,
    models.PeriodDefinition,
    models.ScheduleRule,
    models.DayOverride,
]
EVERY = [*TRACKED, models.Revision]
LOCK = re.compile(r'SELECT "scheduling_school"."id" AS "pk", \S+ AS "revision" FROM')


@pytest.fixture
def admin_client(client):
    client.force_login(UserFactory.create(username="boss", is_staff=True, is_superuser=True))
    return client


def by_name(model: Any) -> str:
    return model.__name__


def make(model: Any) -> Any:
    """Create a row, in a school of its own, with a little of everything around it."""
    if model is models.Revision:
        return models.Revision.objects.filter(school=SchoolFactory.create()).get()
    row = getattr(factories, f"{model.__name__}Factory").create()
    if model is models.AcademicYear:
        surround(row)
    if model is models.Term:
        generate_quarters(row)
    if model is models.PeriodTemplate:
        PeriodDefinitionFactory.create_batch(3, template=row)
    return row


def surround(year: models.AcademicYear) -> None:
    rule = ScheduleRuleFactory.create(academic_year=year, weekdays=["monday", "friday"])
    factories.TermFactory.create(academic_year=year)
    factories.BreakFactory.create(academic_year=year)
    factories.DayOverrideFactory.create(academic_year=year, template=rule.template)


def url(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:scheduling_{model.__name__.lower()}_{page}", args=args)


def typed(response: Any, **changes: Any) -> dict[str, Any]:
    """Return what a browser would send back from a page, with changes."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields} | changes
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def submit(client: Any, address: str, **changes: Any) -> Any:
    return client.post(address, typed(client.get(address), **changes))


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


def run(client: Any, action: str, *rows: Any, **extra: Any) -> Any:
    data = {"action": action, "_selected_action": [row.pk for row in rows], **extra}
    return client.post(url(type(rows[0]), "changelist"), data, follow=True)


@contextmanager
def meanwhile(happens: Callable[[], Any]) -> Iterator[None]:
    """Let something happen just before the next write locks its school, once."""
    waiting = [happens]

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if waiting and LOCK.match(sql):
            waiting.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert not waiting, "nothing locked a school"


@contextmanager
def failing(start: str, error: Exception) -> Iterator[None]:
    """Let the database fail at statements that start like this."""

    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(start):
            raise error
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


# Every page


@pytest.mark.parametrize("model", EVERY, ids=by_name)
def test_every_list_can_be_read_searched_and_filtered(admin_client, model):
    row = make(model)
    address = url(model, "changelist")

    for query in ({"q": "maple harbor"}, {"q": "q1"}):
        assert admin_client.get(address, query).status_code == 200
    everything = admin_client.get(address)
    assert str(row.pk) in everything.content.decode()
    shown = everything.context["cl"]
    links = {link["query_string"] for each in shown.filter_specs for link in each.choices(shown)}
    for link in links - {"?"}:
        assert admin_client.get(address + link).status_code == 200


@pytest.mark.parametrize("model", EVERY, ids=by_name)
@pytest.mark.parametrize("page", ["change", "history"])
def test_every_row_can_be_read_with_its_history(admin_client, model, page):
    assert admin_client.get(url(model, page, make(model).pk)).status_code == 200


@pytest.mark.parametrize("model", TRACKED, ids=by_name)
def test_every_kind_of_row_can_be_added_deleted_and_seen_as_it_was(admin_client, model):
    row = make(model)
    version = row.history.first().history_id

    assert admin_client.get(url(model, "add")).status_code == 200
    assert admin_client.get(url(model, "delete", row.pk)).status_code == 200
    assert admin_client.get(url(model, "simple_history", row.pk, version)).status_code == 200


@pytest.mark.parametrize("model", TRACKED, ids=by_name)
def test_an_unchanged_page_is_saved_without_a_revision(admin_client, model):
    row = make(model)
    before = models.Revision.objects.count()

    response = submit(admin_client, url(model, "change", row.pk))

    assert response.status_code == 302
    assert row.history.count() == 1
    assert models.Revision.objects.count() == before


@pytest.mark.parametrize("model", EVERY, ids=by_name)
def test_a_list_costs_as_many_queries_for_five_rows_as_for_one(admin_client, model):
    address = url(model, "changelist")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(address).status_code == 200
        return len(queries)

    make(model)
    cost()  # fills what Django remembers
    for_one = cost()
    for _ in range(4):
        make(model)

    assert cost() == for_one


def test_the_page_of_a_year_costs_as_many_queries_for_five_rows_as_for_one(admin_client):
    year = make(models.AcademicYear)
    address = url(models.AcademicYear, "change", year.pk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(address).status_code == 200
        return len(queries)

    cost()
    for_one = cost()
    for n, weekday in enumerate(["tuesday", "wednesday", "thursday", "saturday"]):
        rule = ScheduleRuleFactory.create(academic_year=year, weekdays=[weekday])
        factories.BreakFactory.create(academic_year=year)
        factories.DayOverrideFactory.create(
            academic_year=year, template=rule.template, start_date=dt.date(2026, 12, 1 + n)
        )

    assert cost() == for_one


@pytest.mark.parametrize("model", EVERY, ids=by_name)
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_a_stranger_is_asked_to_log_in(client, model, page):
    response = client.get(url(model, page))
    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("page", ["history", "delete", "change"])
def test_an_id_that_is_none_is_no_error_of_ours(admin_client, page):
    response = admin_client.get(url(models.Term, page, "garbage"))
    assert response.status_code in {302, 404}


@pytest.mark.parametrize("version", ["abc", "99999999999999999999", "0"])
def test_a_version_that_is_not_there_is_not_found(admin_client, version):
    term = TermFactory.create()
    address = url(models.Term, "simple_history", term.pk, version)
    assert admin_client.get(address).status_code == 404


# Writing


def test_what_is_added_carries_the_actor_in_one_revision(admin_client):
    template = PeriodTemplateFactory.create()
    before = models.Revision.objects.count()

    response = submit(
        admin_client,
        url(models.PeriodDefinition, "add"),
        template=template.pk,
        number=1,
        start="08:30",
        length=50,
    )

    assert response.status_code == 302
    period = template.periods.get()
    assert period.name == "Period 1"
    assert period.created_by.username == period.updated_by.username == "boss"
    assert period.history.get().history_user.username == "boss"
    assert models.Revision.objects.count() == before + 1
    log = models.Revision.objects.get(school=template.school, number=period.revision)
    assert log.actor.username == "boss"


def test_what_is_changed_carries_the_actor_in_one_revision(admin_client):
    term = TermFactory.create()
    before = models.Revision.objects.count()

    submit(admin_client, url(models.Term, "change", term.pk), name="Autumn")

    term.refresh_from_db()
    assert term.name == "Autumn"
    assert term.created_by is None
    assert term.updated_by.username == "boss"
    assert [each.history_user and each.history_user.username for each in term.history.all()] == [
        "boss",
        None,
    ]
    assert models.Revision.objects.count() == before + 1


def test_a_district_is_written_without_a_school(admin_client):
    submit(admin_client, url(models.District, "add"), name="Harbor", slug="harbor")

    district = models.District.objects.get()
    assert district.created_by.username == "boss"
    assert not models.Revision.objects.exists()


def test_a_semester_is_added_with_its_quarters_in_one_revision(admin_client):
    year = AcademicYearFactory.create()
    before = models.Revision.objects.count()

    submit(
        admin_client,
        url(models.Term, "add"),
        academic_year=year.pk,
        term_type="SEM2",
        start_date="2027-01-04",
        end_date="2027-06-03",
    )

    quarters = models.Quarter.objects.all()
    assert {(each.quarter_type, each.created_by.username) for each in quarters} == {
        ("Q3", "boss"),
        ("Q4", "boss"),
    }
    assert models.Revision.objects.count() == before + 1


def test_a_school_and_a_year_are_filled_in_by_people(admin_client):
    district = DistrictFactory.create()
    submit(
        admin_client,
        url(models.School, "add"),
        district=district.pk,
        name="Maple",
        slug="maple",
        timezone="America/Chicago",
        weekdays=["sunday", "monday"],
    )
    school = models.School.objects.get()
    submit(
        admin_client,
        url(models.AcademicYear, "add"),
        school=school.pk,
        name="2026-2027",
        start_date="2026-08-12",
        end_date="2027-06-03",
        cycle_days="A\nB",
    )

    assert school.weekdays == ["monday", "sunday"]
    assert school.academic_years.get().cycle_days == ["A", "B"]


def test_a_parent_is_shown_and_cannot_be_changed(admin_client):
    term = TermFactory.create()
    other = AcademicYearFactory.create()

    response = submit(
        admin_client, url(models.Term, "change", term.pk), academic_year=other.pk, name="Autumn"
    )

    assert response.status_code == 302
    assert models.Term.objects.get(name="Autumn").academic_year == term.academic_year


def test_listed_rows_cannot_be_written_from_their_parent(admin_client):
    period = PeriodDefinitionFactory.create()
    address = url(models.PeriodTemplate, "change", period.template_id)

    submit(
        admin_client,
        address,
        name="Late",
        **{
            "periods-TOTAL_FORMS": "7",
            "periods-INITIAL_FORMS": "3",
            "periods-0-id": period.pk,
            "periods-0-number": 9,
            "periods-0-DELETE": "on",
        },
    )

    assert models.PeriodTemplate.objects.get().name == "Late"
    assert models.PeriodDefinition.objects.get().number == 1


def test_the_log_is_only_to_be_read(admin_client):
    log = make(models.Revision)

    assert admin_client.get(url(models.Revision, "add")).status_code == 403
    assert admin_client.post(url(models.Revision, "change", log.pk)).status_code == 403
    assert admin_client.post(url(models.Revision, "delete", log.pk)).status_code == 403


def test_the_log_of_a_school_that_is_gone_can_still_be_read(admin_client):
    log = make(models.Revision)
    log.school.delete()

    response = admin_client.get(url(models.Revision, "changelist"))

    assert str(log.token) in response.content.decode()
    assert admin_client.get(url(models.Revision, "change", log.pk)).status_code == 200


# Refusals


def test_an_overlap_is_an_error_in_the_form(admin_client):
    period = PeriodDefinitionFactory.create()

    response = submit(
        admin_client,
        url(models.PeriodDefinition, "add"),
        template=period.template_id,
        number=2,
        start="09:00",
        length=50,
    )

    assert response.status_code == 200
    assert errors(response) == {"__all__": ["This overlaps Period 1 (08:30-09:20)."]}


@pytest.mark.parametrize("model", TRACKED[1:], ids=by_name)
def test_a_choice_that_is_no_id_is_an_error_in_the_form(admin_client, model):
    address = url(model, "add")
    fields = admin_client.get(address).context["adminform"].form.fields
    chosen = [name for name, field in fields.items() if isinstance(field, ModelChoiceField)]

    for sent in ("x", "\x00"):
        response = admin_client.post(address, dict.fromkeys(chosen, sent))

        assert response.status_code == 200
        assert errors(response).keys() >= {*chosen}
    assert chosen


def test_an_error_in_metadata_says_where(admin_client):
    quarter = QuarterFactory.create()

    response = submit(
        admin_client,
        url(models.Quarter, "change", quarter.pk),
        metadata='{"reporting_dates": {"grades_due": "soon"}}',
    )

    (error,) = errors(response)["metadata"]
    assert error.startswith("/reporting_dates/grades_due: ")


def test_what_the_model_refuses_only_when_it_is_saved_is_an_error_in_the_form(admin_client):
    year = AcademicYearFactory.create()

    response = submit(
        admin_client,
        url(models.Term, "add"),
        academic_year=year.pk,
        term_type="SEM1",
        start_date="2026-08-12",
        end_date="2026-08-14",
    )

    assert response.status_code == 200
    assert errors(response) == {
        "end_date": ["The term is too short for two quarters of at least two days each."]
    }
    assert not models.Term.objects.exists()


def test_who_comes_second_is_shown_the_form_again(admin_client):
    template = PeriodTemplateFactory.create()
    address = url(models.PeriodDefinition, "add")
    data = typed(
        admin_client.get(address), template=template.pk, number=5, start="08:30", length=40
    )

    with meanwhile(lambda: PeriodDefinitionFactory.create(template=template, number=1)):
        response = admin_client.post(address, data)

    assert response.status_code == 200
    assert errors(response) == {"__all__": ["This overlaps Period 1 (08:30-09:20)."]}
    assert response.context["adminform"].form["length"].value() == "40"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(IntegrityError("unique"), "Somebody else changed this", id="conflict"),
        pytest.param(OperationalError("locked"), "The database is busy", id="busy"),
    ],
)
def test_what_the_database_refuses_is_an_error_in_the_form(admin_client, error, expected):
    with failing('INSERT INTO "scheduling_district"', error):
        response = submit(admin_client, url(models.District, "add"), name="Harbor", slug="harbor")

    assert errors(response)["__all__"][0].startswith(expected)
    assert not models.District.objects.exists()


def test_a_term_with_quarters_cannot_be_deleted_and_the_page_names_them(admin_client):
    quarter = QuarterFactory.create()
    address = url(models.Term, "delete", quarter.term_id)

    response = admin_client.post(address, {"post": "yes"})

    assert response.status_code == 200
    assert "Q1 (S1)" in "".join(response.context["protected"])
    assert models.Term.objects.exists()


def test_a_schedule_in_use_cannot_be_deleted_and_the_page_names_its_users(admin_client):
    rule = ScheduleRuleFactory.create()
    address = url(models.PeriodTemplate, "delete", rule.template_id)

    response = admin_client.post(address, {"post": "yes"})

    assert "Regular: monday" in "".join(response.context["protected"])
    assert models.PeriodTemplate.objects.exists()


def test_a_use_that_begins_while_a_row_is_deleted_is_named_in_a_message(admin_client):
    year = AcademicYearFactory.create()
    template = PeriodTemplateFactory.create(school=year.school)

    def begin() -> None:
        for weekday in ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]:
            ScheduleRuleFactory.create(template=template, academic_year=year, weekdays=[weekday])

    with meanwhile(begin):
        response = admin_client.post(
            url(models.PeriodTemplate, "delete", template.pk), {"post": "yes"}, follow=True
        )

    (message,) = messages(response)
    assert message.startswith("This is still in use by schedule rule “Regular: monday”, ")
    assert message.endswith(", 1 more.")
    assert models.PeriodTemplate.objects.exists()


def test_a_page_that_cannot_be_read_is_not_asked_for_again(admin_client):
    term = TermFactory.create()

    with (
        failing('SELECT "scheduling_term"', OperationalError("away")),
        pytest.raises(OperationalError),
    ):
        admin_client.get(url(models.Term, "delete", term.pk))


# Deleting


def test_a_tombstone_names_who_deleted_the_row(admin_client):
    template = make(models.PeriodTemplate)
    before = models.Revision.objects.count()

    admin_client.post(url(models.PeriodTemplate, "delete", template.pk), {"post": "yes"})

    periods = models.PeriodDefinition.history.filter(history_type="-")
    assert [each.history_user.username for each in periods] == ["boss"] * 3
    assert models.PeriodTemplate.history.latest("history_id").history_user.username == "boss"
    assert models.Revision.objects.count() == before + 1


@pytest.mark.parametrize("model", [models.Break, models.District], ids=by_name)
def test_rows_of_several_schools_are_deleted_together(admin_client, model):
    rows = [make(model), make(model)]

    run(admin_client, "delete_selected", *rows, post="yes")

    assert not model.objects.exists()
    tombstones = model.history.filter(history_type="-")
    assert {each.history_user.username for each in tombstones} == {"boss"}


def test_together_all_rows_are_deleted_or_none(admin_client):
    free, used = TermFactory.create(), TermFactory.create()

    with meanwhile(lambda: QuarterFactory.create(term=used)):
        response = run(admin_client, "delete_selected", free, used, post="yes")

    assert messages(response) == ["This is still in use by quarter “Q1 (S1)”."]
    assert models.Term.objects.count() == 2


# Actions


def test_quarters_are_generated_for_semesters_and_refused_for_trimesters(admin_client):
    semester, trimester = TermFactory.create(), TermFactory.create(term_type="TRI1")
    short = TermFactory.create(end_date=dt.date(2026, 8, 14))

    response = run(admin_client, "generate_quarters", semester, trimester, short)

    assert sorted(messages(response)) == [
        "2 quarters were made.",
        "The term is too short for two quarters of at least two days each.",
        "Trimester 1 (2026-2027, Maple High) has no quarters: only a semester has.",
    ]
    assert {each.created_by.username for each in semester.quarters.all()} == {"boss"}


def test_quarters_are_not_generated_twice(admin_client):
    term = make(models.Term)

    response = run(admin_client, "generate_quarters", term)

    assert messages(response) == ["0 quarters were made."]


def test_clones_get_codes_of_their_own(admin_client):
    template = make(models.PeriodTemplate)

    for _ in range(2):
        response = run(admin_client, "clone", template)

    assert messages(response) == [f"Regular (Maple High) was cloned as {template.code}-copy-2."]
    clones = template.school.period_templates.filter(name="Regular (copy)")
    assert {(each.code, each.periods.count()) for each in clones} == {
        (f"{template.code}-copy", 3),
        (f"{template.code}-copy-2", 3),
    }
    assert {each.created_by.username for each in clones} == {"boss"}


def test_a_clone_that_is_refused_is_a_message(admin_client):
    template = PeriodTemplateFactory.create()

    with failing('INSERT INTO "scheduling_periodtemplate"', IntegrityError("unique")):
        response = run(admin_client, "clone", template)

    assert messages(response)[0].startswith("Somebody else changed this")
    assert models.PeriodTemplate.objects.count() == 1


# History


def test_a_row_can_be_made_what_it_was(admin_client):
    term = TermFactory.create(name="Autumn")
    term.name = "Fall"
    term.save()

    response = submit(
        admin_client,
        url(models.Term, "simple_history", term.pk, term.history.earliest("history_id").history_id),
    )

    assert response.status_code == 302
    term.refresh_from_db()
    assert (term.name, term.updated_by.username) == ("Autumn", "boss")
    assert term.history.latest("history_id").history_user.username == "boss"


def test_a_row_cannot_be_made_what_the_rules_no_longer_allow(admin_client):
    period = PeriodDefinitionFactory.create()
    period.start = dt.time(12)
    period.save()
    PeriodDefinitionFactory.create(template=period.template, number=7, start=dt.time(9))
    version = period.history.earliest("history_id").history_id

    response = submit(
        admin_client, url(models.PeriodDefinition, "simple_history", period.pk, version)
    )

    assert response.status_code == 200
    assert errors(response) == {"__all__": ["This overlaps Period 7 (09:00-09:50)."]}


def test_a_history_shows_what_changed_and_at_which_revision(admin_client):
    term = TermFactory.create(name="Autumn")
    term.name = "Fall"
    term.save()

    page = admin_client.get(url(models.Term, "history", term.pk)).content.decode()

    assert "Autumn" in page
    assert f"<td>{term.revision}</td>" in page.replace("\n", "").replace(" ", "")


# Choices


def choices(client: Any, source: Any, field: str, parent: Any, **query: str) -> Any:
    query |= {
        "app_label": "scheduling",
        "model_name": source.__name__.lower(),
        "field_name": field,
    }
    return client.get(url(parent, "choices"), query)


def test_a_choice_says_where_a_row_belongs(admin_client, django_assert_num_queries):
    term = TermFactory.create()
    TermFactory.create(academic_year__school__name="Oak High", academic_year__school__slug="oak")

    response = choices(admin_client, models.Quarter, "term", models.Term, term="semester maple")

    assert response.json()["results"] == [
        {"id": str(term.pk), "text": "Semester 1 (2026-2027, Maple High)"}
    ]
    district = choices(admin_client, models.School, "district", models.District).json()
    assert {each["text"] for each in district["results"]} == {"Harbor District"}


def test_choices_cost_as_many_queries_for_many_rows(admin_client, django_assert_num_queries):
    for _ in range(5):
        TermFactory.create()

    with django_assert_num_queries(4):  # session, user, count, rows
        choices(admin_client, models.Quarter, "term", models.Term)


def test_an_archived_schedule_is_not_offered(admin_client):
    PeriodTemplateFactory.create(is_archived=True)
    offered = PeriodTemplateFactory.create()

    response = choices(admin_client, models.ScheduleRule, "template", models.PeriodTemplate)

    assert [UUID(each["id"]) for each in response.json()["results"]] == [offered.pk]


def test_choices_are_not_for_strangers(client):
    response = choices(client, models.Quarter, "term", models.Term)
    assert response.status_code == 302


def test_a_form_asks_the_chosen_model_and_describes_what_is_chosen(admin_client):
    rule = ScheduleRuleFactory.create()

    page = admin_client.get(url(models.ScheduleRule, "change", rule.pk)).content.decode()

    assert f'data-ajax--url="{url(models.PeriodTemplate, "choices")}"' in page
    assert "Regular (Maple High)</option>" in page
