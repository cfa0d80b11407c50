"""Who sees and changes what in the admin: two schools that must not know of each other."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oauth2_provider.models import Application

from scheduling import models
from scheduling.admin.access import ReachAdmin, SuperuserAdmin
from scheduling.models import ClientScopes, Membership
from tests.factories import (
    AcademicYearFactory,
    ApplicationFactory,
    BreakFactory,
    DistrictFactory,
    MembershipFactory,
    PeriodDefinitionFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

BELOW_A_SCHOOL = [
    models.AcademicYear,
    models.Term,
    models.Break,
    models.Quarter,
    models.PeriodTemplate,
    models.PeriodDefinition,
    models.ScheduleRule,
    models.DayOverride,
]

FOR_ADMINS = [models.FeedToken, models.Webhook, Membership]
"""What lets others in."""

EACH_KIND = [models.District, models.School, models.Term, models.PeriodDefinition]
"""What is no row of a school, a school, and rows below it: the pages of one kind are alike."""


def by_name(value: Any) -> str:
    return getattr(value, "__name__", str(value))


def url(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def row_of(model: Any, school: models.School) -> Any:
    """Return a row of one of EACH_KIND, in a school."""
    if model is models.District:
        return school.district
    if model is models.School:
        return school
    if model is models.Term:
        return TermFactory.create(academic_year__school=school)
    return PeriodDefinitionFactory.create(template__school=school)


@dataclass
class Schools:
    """One's own school, one that nobody may see, and one that anybody may read."""

    own: models.School
    foreign: models.School
    public: models.School


@pytest.fixture
def schools() -> Schools:
    return Schools(
        SchoolFactory.create(name="Maple High", is_public=False),
        SchoolFactory.create(name="Hidden High", is_public=False, district__name="Far District"),
        SchoolFactory.create(name="Open High", is_public=True),
    )


def staff(role: str = "", **place: Any) -> Any:
    person = UserFactory.create(is_staff=True)
    if role:
        MembershipFactory.create(user=person, role=role, **place)
    return person


def log_in(client: Any, person: Any) -> Any:
    client.force_login(person)
    return client


def typed(response: Any, **changes: Any) -> dict[str, Any]:
    """Return what a browser would send back from a page, with changes."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields} | changes
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def submit(client: Any, address: str, **changes: Any) -> Any:
    return client.post(address, typed(client.get(address), **changes))


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def boss(client) -> Any:
    return log_in(client, UserFactory.create(is_staff=True, is_superuser=True))


# Permissions


def test_every_page_asks_memberships_or_is_for_superusers() -> None:
    registered: Any = admin.site._registry
    ours = {model for model in registered if model._meta.app_label != "auth"} - {AccessAttempt}
    assert {model for model in ours if isinstance(registered[model], ReachAdmin)} == {
        *BELOW_A_SCHOOL,
        models.District,
        models.School,
        models.Revision,
        models.FeedToken,
        models.Webhook,
        models.WebhookDelivery,
        Membership,
    }
    assert {model for model in ours if isinstance(registered[model], SuperuserAdmin)} == {
        Application
    }
    assert len(ours) == len(BELOW_A_SCHOOL) + 8


def rights(person: Any, row: Any) -> str:
    """Return the first letters of what a person may do with a row: view, change, delete."""
    request = RequestFactory().get("/")
    request.user = person
    pages: Any = admin.site.get_model_admin(type(row))
    verbs = ("view", "change", "delete")
    return "".join(
        verb[0] for verb in verbs if getattr(pages, f"has_{verb}_permission")(request, row)
    )


def adds(person: Any) -> set[Any]:
    request = RequestFactory().get("/")
    request.user = person
    registered: Any = admin.site._registry
    ours = (model for model in registered if model._meta.app_label == "scheduling")
    return {model for model in ours if registered[model].has_add_permission(request)}


@pytest.mark.parametrize(
    ("role", "place", "row", "school", "district", "membership"),
    [
        pytest.param("", "", "", "", "", "", id="nobody"),
        pytest.param("viewer", "school", "v", "v", "v", "", id="viewer"),
        pytest.param("editor", "school", "vcd", "v", "v", "", id="editor"),
        pytest.param("admin", "school", "vcd", "vcd", "v", "vcd", id="admin"),
        pytest.param("viewer", "district", "v", "v", "v", "", id="viewer-of-the-district"),
        pytest.param("editor", "district", "vcd", "v", "v", "", id="editor-of-the-district"),
        pytest.param("admin", "district", "vcd", "vcd", "vcd", "vcd", id="admin-of-the-district"),
    ],
)
def test_a_role_gives_rights_in_ones_own_place_alone(
    schools, role, place, row, school, district, membership
):
    own, foreign, public = (
        TermFactory.create(academic_year__school=each)
        for each in (schools.own, schools.foreign, schools.public)
    )
    places = {"school": schools.own, "district": schools.own.district}
    person = staff(role, **{place: places[place]} if place else {})
    in_own, in_district, in_foreign = (
        MembershipFactory.create(**where)
        for where in (
            {"school": schools.own},
            {"district": schools.own.district},
            {"school": schools.foreign},
        )
    )

    assert [rights(person, each) for each in (own, schools.own, schools.own.district)] == [
        row,
        school,
        district,
    ]
    assert rights(person, in_own) == membership
    assert rights(person, in_district) == (membership if place == "district" else "")
    unreached = (foreign, schools.foreign, schools.foreign.district, in_foreign)
    assert [rights(person, each) for each in unreached] == ["", "", "", ""]
    readable = (public, schools.public, schools.public.district)
    assert [rights(person, each) for each in readable] == ["v", "v", "v"]


@pytest.mark.parametrize(
    ("role", "place", "added"),
    [
        pytest.param("", "", set(), id="nobody"),
        pytest.param("viewer", "district", set(), id="viewer"),
        pytest.param("editor", "school", {*BELOW_A_SCHOOL}, id="editor"),
        pytest.param("admin", "school", {*BELOW_A_SCHOOL, *FOR_ADMINS}, id="admin"),
        pytest.param(
            "admin", "district", {*BELOW_A_SCHOOL, models.School, *FOR_ADMINS}, id="district"
        ),
    ],
)
def test_a_role_says_what_can_be_added(schools, role, place, added):
    places = {"school": schools.own, "district": schools.own.district}
    person = staff(role, **{place: places[place]} if place else {})
    assert adds(person) == added


def test_a_superuser_may_do_everything(schools):
    boss = UserFactory.create(is_staff=True, is_superuser=True)
    rows = [row_of(model, schools.foreign) for model in EACH_KIND]
    assert {rights(boss, row) for row in rows} == {"vcd"}
    assert adds(boss) == {*BELOW_A_SCHOOL, models.District, models.School, *FOR_ADMINS}


def test_permissions_of_djangos_own_give_nothing(client, schools):
    person = staff()
    person.user_permissions.set(Permission.objects.all())
    term = TermFactory.create(academic_year__school=schools.foreign)

    assert rights(person, term) == ""
    assert adds(person) == set()
    log_in(client, person)
    assert client.get(url(Application, "changelist")).status_code == 403
    assert str(term.pk) not in client.get(url(models.Term, "changelist")).content.decode()


def test_a_program_on_the_account_of_a_person_gives_the_person_nothing(schools):
    person = staff()
    MembershipFactory.create(
        application=ApplicationFactory.create(user=person), school=schools.own, role="admin"
    )
    assert rights(person, schools.own) == ""


# Reading


@pytest.mark.parametrize("model", EACH_KIND, ids=by_name)
def test_nothing_tells_a_foreign_row_from_one_that_is_not_there(client, schools, model):
    own, foreign, public = (
        row_of(model, each) for each in (schools.own, schools.foreign, schools.public)
    )
    log_in(client, staff("admin", school=schools.own))

    listed = client.get(url(model, "changelist")).content.decode()
    assert [str(row.pk) in listed for row in (own, foreign, public)] == [True, False, True]

    def tried(pk: Any) -> list[tuple[int, str, str]]:
        pages = [url(model, page, pk) for page in ("change", "delete", "history")]
        pages.append(url(model, "simple_history", pk, 1))
        answers = [client.get(page) for page in pages]
        answers += [client.post(page, {"post": "yes"}) for page in pages]
        told = [
            (each.status_code, each.headers.get("Location", ""), each.content.decode())
            for each in answers
        ]
        shown = client.get(url(models.District, "changelist"))
        told.append((shown.status_code, "", " ".join(map(str, shown.context["messages"]))))
        return [(status, to, text.replace(str(pk), "…")) for status, to, text in told]

    assert tried(foreign.pk) == tried(uuid4())
    assert model.objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize("model", EACH_KIND, ids=by_name)
def test_the_pages_of_a_public_school_are_only_to_be_read(client, schools, model):
    row = row_of(model, schools.public)
    log_in(client, staff("admin", district=schools.own.district))
    version, versions = row.history.first().history_id, row.history.count()

    for page in (url(model, "change", row.pk), url(model, "history", row.pk)):
        assert client.get(page).status_code == 200
    assert client.get(url(model, "simple_history", row.pk, version)).status_code == 200
    for page in ("change", "delete"):
        assert client.post(url(model, page, row.pk), {"post": "yes"}).status_code == 403
    assert client.post(url(model, "simple_history", row.pk, version)).status_code == 403
    assert (model.objects.filter(pk=row.pk).count(), row.history.count()) == (1, versions)


def test_the_history_of_a_row_that_is_gone_is_for_those_who_could_see_it(client, schools):
    own, foreign = (
        TermFactory.create(academic_year__school=each) for each in (schools.own, schools.foreign)
    )
    pages = [url(models.Term, "history", term.pk) for term in (own, foreign)]
    for term in (own, foreign):
        term.delete()
    log_in(client, staff("viewer", school=schools.own))

    assert [client.get(page).status_code for page in pages] == [200, 404]


def test_a_district_lists_the_schools_that_one_may_see(client, schools):
    district = schools.own.district
    hidden = SchoolFactory.create(district=district, name="Next Door", is_public=False)
    log_in(client, staff("admin", school=schools.own))

    page = client.get(url(models.District, "change", district.pk)).content.decode()

    assert schools.own.name in page
    assert hidden.name not in page


def test_the_log_shows_the_schools_that_one_may_see(client, schools):
    log = {each.school: each for each in models.Revision.objects.all()}
    log_in(client, staff("viewer", school=schools.own))

    page = client.get(url(models.Revision, "changelist")).content.decode()
    found = {school: str(log[school].token) in page for school in log}
    shown = {
        school: client.get(url(models.Revision, "change", log[school].pk)).status_code == 200
        for school in log
    }

    assert found == shown == {schools.own: True, schools.foreign: False, schools.public: True}


def test_filters_and_searches_find_no_foreign_row(client, schools):
    own, _public, foreign = (
        TermFactory.create(academic_year__school=school)
        for school in (schools.own, schools.public, schools.foreign)
    )
    log_in(client, staff("viewer", school=schools.own))

    everything = client.get(url(models.Term, "changelist")).content.decode()
    assert f"?school__id__exact={schools.own.pk}" in everything
    assert f"?school__id__exact={schools.foreign.pk}" not in everything
    for query in ({"q": "Hidden"}, {"school__id__exact": schools.foreign.pk}):
        page = client.get(url(models.Term, "changelist"), query).content.decode()
        assert str(foreign.pk) not in page
        assert str(own.pk) not in page


def test_the_index_lists_what_one_may_see(client, schools):
    log_in(client, staff("editor", school=schools.own))

    (calendars,) = client.get(reverse("admin:index")).context["app_list"]

    assert calendars["app_label"] == "scheduling"
    assert {each["model"] for each in calendars["models"]} == {
        *BELOW_A_SCHOOL,
        models.District,
        models.School,
        models.Revision,
    }


# Writing


def test_an_editor_writes_the_own_calendar(client, schools):
    term = TermFactory.create(academic_year__school=schools.own)
    person = staff("editor", school=schools.own)
    log_in(client, person)

    response = submit(client, url(models.Term, "change", term.pk), name="Autumn")

    assert response.status_code == 302
    term.refresh_from_db()
    assert (term.name, term.updated_by) == ("Autumn", person)


def test_a_parent_that_one_may_not_write_to_is_refused_like_one_that_is_not_there(client, schools):
    own, foreign, public = (
        ScheduleRuleFactory.create(academic_year__school=school)
        for school in (schools.own, schools.foreign, schools.public)
    )
    log_in(client, staff("editor", school=schools.own))
    add, change = url(models.PeriodDefinition, "add"), url(models.ScheduleRule, "change", own.pk)
    added = typed(client.get(add), number=1, start="08:30", length=50)
    changed = typed(client.get(change))
    refusal = {
        "template": ["Select a valid choice. That choice is not one of the available choices."]
    }

    for key in (uuid4(), foreign.template_id, public.template_id):
        for address, form in ((add, added), (change, changed)):
            assert errors(client.post(address, {**form, "template": key})) == refusal
    assert client.post(add, {**added, "template": own.template_id}).status_code == 302
    assert models.PeriodDefinition.objects.get().template == own.template


@pytest.mark.parametrize(
    ("role", "offered"), [("viewer", []), ("editor", ["Regular (Maple High)"])]
)
def test_only_parents_that_one_may_write_to_are_offered(client, schools, role, offered):
    for school in (schools.own, schools.foreign, schools.public):
        ScheduleRuleFactory.create(academic_year__school=school)
    log_in(client, staff(role, school=schools.own))

    asked = {"app_label": "scheduling", "model_name": "perioddefinition", "field_name": "template"}
    response = client.get(url(models.PeriodTemplate, "choices"), asked)

    assert [each["text"] for each in response.json()["results"]] == offered


@pytest.mark.parametrize(
    ("model", "field"),
    [("term", "created_by"), ("historicalterm", "school"), ("term", "name"), ("nothing", "x")],
)
def test_choices_are_for_the_fields_of_our_pages_alone(boss, model, field):
    asked = {"app_label": "scheduling", "model_name": model, "field_name": field}
    assert boss.get(url(models.School, "choices"), asked).status_code == 403


def test_what_no_database_finds_is_not_asked_for(boss):
    asked = {"app_label": "scheduling", "model_name": "school", "field_name": "district"}
    response = boss.get(url(models.District, "choices"), {**asked, "term": "\0"})
    assert response.status_code == 200


def test_a_list_costs_an_editor_as_many_queries_for_five_rows_as_for_one(client, schools):
    log_in(client, staff("editor", school=schools.own))
    year = AcademicYearFactory.create(school=schools.own)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(models.Break, "changelist")).status_code == 200
        return len(queries)

    def add(day: int) -> None:
        on = dt.date(2026, 12, day)
        BreakFactory.create(academic_year=year, start_date=on, end_date=on)

    add(1)
    cost()  # fills what Django remembers
    for_one = cost()
    for day in range(2, 6):
        add(day)
    assert cost() == for_one


def test_actions_leave_a_public_school_alone(client, schools):
    term = TermFactory.create(academic_year__school=schools.public)
    template = ScheduleRuleFactory.create(academic_year=term.academic_year).template
    TermFactory.create(academic_year__school=schools.own)
    log_in(client, staff("editor", school=schools.own))

    for action, row in (("generate_quarters", term), ("clone", template)):
        data = {"action": action, "_selected_action": [row.pk]}
        response = client.post(url(type(row), "changelist"), data, follow=True)
        assert told(response)[0] == "You may read the calendar of Open High, but not change it."
    data = {"action": "delete_selected", "_selected_action": [term.pk], "post": "yes"}
    assert client.post(url(models.Term, "changelist"), data).status_code == 403

    assert not models.Quarter.objects.exists()
    assert (models.PeriodTemplate.objects.count(), models.Term.objects.count()) == (1, 2)


def test_who_may_only_read_is_offered_no_action_that_writes(client, schools):
    TermFactory.create(academic_year__school=schools.own)
    log_in(client, staff("viewer", school=schools.own))
    assert "Generate quarters" not in client.get(url(models.Term, "changelist")).content.decode()


def test_who_may_only_look_cannot_revert(client, schools):
    term = TermFactory.create(academic_year__school=schools.own)
    log_in(client, staff("viewer", school=schools.own))
    address = url(models.Term, "simple_history", term.pk, term.history.get().history_id)

    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "Fall"}).status_code == 403


# Schools and districts


def test_an_admin_changes_the_school_but_not_its_district(client, schools):
    elsewhere = DistrictFactory.create()
    log_in(client, staff("admin", school=schools.own))

    response = submit(
        client, url(models.School, "change", schools.own.pk), name="Oak", district=elsewhere.pk
    )

    assert response.status_code == 302
    school = models.School.objects.get(pk=schools.own.pk)
    assert (school.name, school.district) == ("Oak", schools.own.district)


@pytest.mark.parametrize(("is_admin_there", "moved"), [(False, False), (True, True)])
def test_a_school_moves_between_districts_of_ones_own(client, schools, is_admin_there, moved):
    person = staff("admin", district=schools.own.district)
    there = schools.foreign.district
    if is_admin_there:
        MembershipFactory.create(user=person, role="admin", district=there)
    log_in(client, person)

    submit(client, url(models.School, "change", schools.own.pk), district=there.pk)

    assert (models.School.objects.get(pk=schools.own.pk).district == there) is moved


def test_a_school_is_added_to_a_district_of_ones_own(client, schools):
    log_in(client, staff("admin", district=schools.own.district))
    school = {"name": "Elm", "slug": "elm", "timezone": "America/Chicago", "weekdays": ["monday"]}

    foreign = submit(
        client, url(models.School, "add"), **school, district=schools.foreign.district_id
    )
    own = submit(client, url(models.School, "add"), **school, district=schools.own.district_id)

    assert (list(errors(foreign)), own.status_code) == (["district"], 302)
    assert models.School.objects.get(slug="elm").district == schools.own.district


# Memberships


def give(client: Any, **fields: Any) -> Any:
    return client.post(url(Membership, "add"), {"role": "viewer", **fields})


def test_an_admin_gives_a_person_a_role(client, schools):
    someone = UserFactory.create(username="miss-moon")
    log_in(client, staff("admin", school=schools.own))

    response = give(client, user="miss-moon", school=schools.own.pk, role="admin")

    assert response.status_code == 302
    given = Membership.objects.get(user=someone)
    assert (given.school, given.role) == (schools.own, "admin")


def test_an_admin_gives_a_program_a_role(client, schools):
    program = ApplicationFactory.create(client_id="the-sis")
    log_in(client, staff("admin", district=schools.own.district))

    response = give(client, application="the-sis", district=schools.own.district_id)

    assert response.status_code == 302
    assert Membership.objects.get(application=program).district == schools.own.district


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        pytest.param({"user": "nobody"}, {"user": ["There is no person of this name."]}, id="name"),
        pytest.param({"user": "a\0"}, {"user": ["There is no person of this name."]}, id="nul"),
        pytest.param(
            {"user": "the-sis"}, {"user": ["There is no person of this name."]}, id="a-program"
        ),
        pytest.param(
            {"application": "x"},
            {"application": ["There is no program with this client id."]},
            id="client-id",
        ),
        pytest.param({}, {"__all__": ["Name either a person or a program."]}, id="neither"),
        pytest.param(
            {"user": "miss-moon", "application": "the-sis"},
            {"__all__": ["Name either a person or a program."]},
            id="both",
        ),
        pytest.param(
            {"user": "mister-sun"},
            {"__all__": ["There is a membership for these two already."]},
            id="twice",
        ),
    ],
)
def test_a_membership_that_is_none_is_refused(client, schools, fields, refused):
    UserFactory.create(username="miss-moon")
    MembershipFactory.create(user=UserFactory.create(username="mister-sun"), school=schools.own)
    ApplicationFactory.create(client_id="the-sis", user__username="the-sis")
    log_in(client, staff("admin", school=schools.own))

    response = give(client, school=schools.own.pk, **fields)

    assert errors(response) == refused
    assert Membership.objects.count() == 2


@pytest.mark.parametrize("place", ["foreign", "public", "above"])
def test_a_membership_is_given_in_ones_own_place_alone(client, schools, place):
    UserFactory.create(username="miss-moon")
    log_in(client, staff("admin", school=schools.own))
    places = {
        "foreign": {"school": schools.foreign.pk},
        "public": {"school": schools.public.pk},
        "above": {"district": schools.own.district_id},
    }

    response = give(client, user="miss-moon", **places[place])

    assert list(errors(response)) == [*places[place]]
    assert Membership.objects.count() == 1


def test_of_a_membership_the_role_alone_changes(client, schools):
    held = MembershipFactory.create(school=schools.own)
    log_in(client, staff("admin", school=schools.own))
    other = UserFactory.create()

    address = url(Membership, "change", held.pk)
    response = client.post(
        address, {"role": "editor", "user": other.username, "school": schools.public.pk}
    )

    assert response.status_code == 302
    changed = Membership.objects.get(pk=held.pk)
    assert (changed.role, changed.user, changed.school) == ("editor", held.user, schools.own)


def test_memberships_elsewhere_are_not_there(client, schools):
    foreign = MembershipFactory.create(school=schools.foreign)
    above = MembershipFactory.create(district=schools.own.district)
    public = MembershipFactory.create(school=schools.public)
    own = MembershipFactory.create(school=schools.own)
    log_in(client, staff("admin", school=schools.own))

    page = client.get(url(Membership, "changelist"), {"q": "user"}).content.decode()

    assert str(own.pk) in page
    for each in (foreign, above, public):
        assert str(each.pk) not in page
        assert client.post(url(Membership, "delete", each.pk), {"post": "yes"}).status_code == 302
    assert Membership.objects.count() == 5


def test_who_is_no_admin_sees_no_memberships(client, schools):
    log_in(client, staff("editor", school=schools.own))
    for page in ("changelist", "add"):
        assert client.get(url(Membership, page)).status_code == 403


# Programs


def test_a_superuser_looks_after_programs(boss):
    program = MembershipFactory.create(application=ApplicationFactory.create()).application
    row = ClientScopes(application=program)
    row.save()
    address = url(Application, "change", program.pk)
    assert str(program.client_id) in boss.get(url(Application, "changelist")).content.decode()
    assert "Maple High" in boss.get(address).content.decode()

    response = boss.post(
        address,
        {
            "name": "The SIS",
            "client_scopes-TOTAL_FORMS": 1,
            "client_scopes-INITIAL_FORMS": 1,
            "client_scopes-0-id": row.pk,
            "client_scopes-0-application": program.pk,
            "client_scopes-0-scopes": ["calendar.read", "calendar.write"],
            "client_roster-TOTAL_FORMS": 1,
            "client_roster-INITIAL_FORMS": 0,
            "client_roster-0-application": program.pk,
            "client_roster-0-oneroster_end_date": "inclusive",
        },
    )

    assert response.status_code == 302
    changed = Application.objects.get()
    assert (changed.name, changed.client_secret) == ("The SIS", program.client_secret)
    assert ClientScopes.objects.granted_to(program) == ["calendar.read", "calendar.write"]
    assert changed.client_roster.oneroster_end_date == "inclusive"


def test_a_program_is_made_by_the_command_alone_and_deleted_here(boss):
    program = ApplicationFactory.create()

    assert boss.get(url(Application, "add")).status_code == 403
    boss.post(url(Application, "delete", program.pk), {"post": "yes"})

    assert not Application.objects.exists()


def test_pages_of_the_libraries_that_make_no_sense_here_are_not_there(boss):
    shown = {
        each["object_name"]
        for app in boss.get(reverse("admin:index")).context["app_list"]
        for each in app["models"]
        if app["app_label"] != "scheduling"
    }
    assert shown == {"AccessAttempt", "Application", "Group", "User"}


def test_the_admin_leads_to_no_page_outside(client) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    for row in ("1/nonsense/", "0/1/", f"10/{uuid4()}/", "x"):
        assert client.get(f"/admin/r/{row}").status_code == 404, row
