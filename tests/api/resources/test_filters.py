"""What each parameter of a list keeps, and what it does not."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from api.urls import RESOURCES
from scheduling.models import School
from tests.api.conftest import Maple
from tests.api.resources.kinds import KINDS, kind_of
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DayOverrideFactory,
    DistrictFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

NOBODY = "01a200e1-0249-734a-8483-7747be4a39ed"
IN_EVERY_LIST = {"search", "sourced_id", "updated_since"}
OF_DATES = {"on", "from", "to", "starts_after", "ends_before"}
OF_EVERY_PAGE = {"ordering", "page_size", "cursor", "expand"}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def dates(start: str, end: str) -> dict[str, dt.date]:
    return {"start_date": day(start), "end_date": day(end)}


def found(client: Any, url: str, name: str) -> set[str]:
    response = client.get(url)
    assert response.status_code == 200, (url, response.json())
    return {row[name] for row in response.json()["results"]}


def answers(client: Any, path: str, name: str, wanted: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return what each of these queries finds, by one field of the rows."""
    return {query: found(client, f"/api/v1/{path}?{query}", name) for query in wanted}


def elm(maple: Maple) -> Maple:
    """Return a second public school, with a row of each kind."""
    school = SchoolFactory.create(slug="elm", name="Elm")
    year = AcademicYearFactory.create(school=school, name="Elm year")
    term = TermFactory.create(academic_year=year, name="Elm term")
    bells = PeriodTemplateFactory.create(school=school, code="elm-bells", name="Elm bells")
    return Maple(
        school=school,
        year=year,
        term=term,
        quarters=[QuarterFactory.create(term=term)],
        regular=bells,
        late_start=bells,
        periods=[PeriodDefinitionFactory.create(template=bells, name="Elm period")],
    )


def test_the_filters_of_every_list() -> None:
    own = {
        "districts": set(),
        "schools": {"district", "is_public"},
        "academic-years": {"school", *OF_DATES},
        "terms": {"school", "academic_year", "term_type", *OF_DATES},
        "breaks": {"school", "academic_year", "kind", *OF_DATES},
        "quarters": {"school", "academic_year", "term", "quarter_type", *OF_DATES},
        "period-templates": {"school", "is_default", "is_archived"},
        "period-definitions": {"school", "template", "type"},
        "schedule-rules": {"school", "academic_year", "template"},
        "day-overrides": {"school", "academic_year", "template", "closed", *OF_DATES},
    }
    known = {path: set(each.parameters("list")().fields) for path, each in RESOURCES.items()}
    expand = {path: {"expand"} if kind_of(path).expandable else set() for path in RESOURCES}
    assert known == {
        path: names | IN_EVERY_LIST | (OF_EVERY_PAGE - {"expand"}) | expand[path]
        for path, names in own.items()
    }


def test_districts(superuser, maple) -> None:
    DistrictFactory.create(name="Lake District", slug="lake", sourced_id="D-1")
    maple.school.district.slug = "bay"
    maple.school.district.save()
    wanted = {
        "": {"lake", "bay"},
        "search=LAKE": {"lake"},
        "search=harb dist": {"bay"},
        "search=bay": {"bay"},
        "search=sea": set(),
        "sourced_id=D-1": {"lake"},
        "sourced_id=d-1": set(),
    }
    assert answers(superuser, "districts", "slug", wanted) == wanted


def test_schools(superuser, maple) -> None:
    lake = DistrictFactory.create(slug="lake")
    SchoolFactory.create(district=lake, name="Elm 100% (A_B)", slug="elm", is_public=False)
    wanted = {
        "": {"maple-high", "elm"},
        "district=lake": {"elm"},
        f"district={lake.id}": {"elm"},
        f"district={str(lake.id).upper()}": {"elm"},
        f"district={maple.school.district_id}": {"maple-high"},
        "is_public=true": {"maple-high"},
        "is_public=false": {"elm"},
        "district=lake&is_public=true": set(),
        "search=high maple": {"maple-high"},
        "search=100%25": {"elm"},
        "search=%25": {"elm"},
        "search=a_b": {"elm"},
        "search=_": {"elm"},
        "search=\\": set(),
        "search='": set(),
    }
    assert answers(superuser, "schools", "slug", wanted) == wanted


def test_academic_years(client, maple) -> None:
    elm(maple)
    later = dates("2027-08-11", "2028-06-01")
    AcademicYearFactory.create(school=maple.school, name="Next", sourced_id="y 2", **later)
    wanted = {
        "": {"2026-2027", "Next", "Elm year"},
        "school=maple-high": {"2026-2027", "Next"},
        f"school={maple.school.id}": {"2026-2027", "Next"},
        "school=maple-high&on=2026-08-11": set(),
        "school=maple-high&on=2026-08-12": {"2026-2027"},
        "school=maple-high&on=2027-06-03": {"2026-2027"},
        "school=maple-high&on=2027-06-04": set(),
        "on=2027-08-11": {"Next"},
        "from=2027-06-03&school=maple-high": {"2026-2027", "Next"},
        "from=2027-06-04": {"Next"},
        "to=2027-08-10&school=elm": {"Elm year"},
        "from=2027-06-04&to=2027-08-10": set(),
        "from=2027-06-03&to=2027-08-11&school=maple-high": {"2026-2027", "Next"},
        "starts_after=2026-08-11": {"2026-2027", "Next", "Elm year"},
        "starts_after=2026-08-12": {"Next"},
        "ends_before=2027-06-03": set(),
        "ends_before=2027-06-04&search=year": {"Elm year"},
        "sourced_id=y 2": {"Next"},
        "sourced_id= y 2": set(),
        "search=next": {"Next"},
    }
    assert answers(client, "academic-years", "name", wanted) == wanted


def test_terms(client, maple) -> None:
    other = elm(maple)
    TermFactory.create(academic_year=maple.year, term_type="TRI2", name="Winter")
    wanted = {
        "": {"Semester 1", "Winter", "Elm term"},
        "school=elm": {"Elm term"},
        f"academic_year={maple.year.id}": {"Semester 1", "Winter"},
        f"academic_year={str(other.year.id).upper()}": {"Elm term"},
        f"academic_year={other.year.id}&school=maple-high": set(),
        "term_type=TRI2": {"Winter"},
        "term_type=SEM1": {"Semester 1", "Elm term"},
        "term_type=SEM2": set(),
        "on=2026-12-18&school=maple-high": {"Semester 1", "Winter"},
        "on=2026-12-19": {"Winter"},
        "search=sem": {"Semester 1"},
    }
    assert answers(client, "terms", "name", wanted) == wanted


def test_breaks(client, maple) -> None:
    elm(maple)
    days = dates("2026-12-21", "2027-01-01")
    BreakFactory.create(academic_year=maple.year, name="Winter", kind="holiday", **days)
    wanted = {
        "": {"Thanksgiving break", "Winter"},
        "school=elm": set(),
        f"academic_year={maple.year.id}": {"Thanksgiving break", "Winter"},
        "kind=holiday": {"Winter"},
        "kind=weather": set(),
        "on=2026-11-27": {"Thanksgiving break"},
        "on=2026-11-28": set(),
        "from=2026-11-27&to=2026-12-21": {"Thanksgiving break", "Winter"},
        "from=2026-11-28&to=2026-12-20": set(),
    }
    assert answers(client, "breaks", "name", wanted) == wanted


def test_quarters(client, maple) -> None:
    other = elm(maple)
    first, second = (str(quarter.id) for quarter in maple.quarters)
    third = str(other.quarters[0].id)
    wanted = {
        "": {first, second, third},
        "school=maple-high": {first, second},
        f"academic_year={maple.year.id}": {first, second},
        f"term={other.term.id}": {third},
        f"term={other.term.id}&school=maple-high": set(),
        "quarter_type=Q1": {first, third},
        "quarter_type=Q4": set(),
        "quarter_type=Q2&on=2026-12-18": {second},
        "search=q2": {second},
    }
    assert answers(client, "quarters", "id", wanted) == wanted


def test_period_templates(client, maple) -> None:
    elm(maple)
    PeriodTemplateFactory.create(school=maple.school, code="old", name="Pep", is_archived=True)
    wanted = {
        "": {"regular", "late-start", "old", "elm-bells"},
        "school=maple-high": {"regular", "late-start", "old"},
        "is_default=true": {"regular"},
        "is_default=false&school=maple-high": {"late-start", "old"},
        "is_archived=true": {"old"},
        "is_archived=false&school=elm": {"elm-bells"},
        "search=late": {"late-start"},
        "search=pep old": {"old"},
    }
    assert answers(client, "period-templates", "code", wanted) == wanted


def test_period_definitions(client, maple) -> None:
    other = elm(maple)
    wanted = {
        "": {"Period 1", "Period 2", "Lunch A", "Elm period"},
        "school=elm": {"Elm period"},
        f"template={maple.late_start.id}": {"Period 1", "Period 2", "Lunch A"},
        f"template={maple.regular.id}": {"Period 1"},
        f"template={other.regular.id}&type=lunch": set(),
        "type=lunch": {"Lunch A"},
        "type=class&school=maple-high": {"Period 1", "Period 2"},
        "search=lunch": {"Lunch A"},
    }
    assert answers(client, "period-definitions", "name", wanted) == wanted


def test_schedule_rules(client, maple) -> None:
    other = elm(maple)
    monday = str(maple.year.schedule_rules.get().id)
    rule = ScheduleRuleFactory.create(academic_year=other.year, template=other.regular)
    wanted = {
        "": {monday, str(rule.id)},
        "school=maple-high": {monday},
        f"academic_year={other.year.id}": {str(rule.id)},
        f"template={maple.late_start.id}": {monday},
        f"template={maple.regular.id}": set(),
        "search=late": {monday},
        "search=elm-bells": {str(rule.id)},
    }
    assert answers(client, "schedule-rules", "id", wanted) == wanted


def test_day_overrides(client, maple) -> None:
    elm(maple)
    days = dates("2026-12-16", "2026-12-17")
    DayOverrideFactory.create(
        academic_year=maple.year, name="Finals", template=maple.regular, **days
    )
    wanted = {
        "": {"Veterans Day", "Finals"},
        "school=elm": set(),
        f"academic_year={maple.year.id}&closed=true": {"Veterans Day"},
        "closed=false": {"Finals"},
        f"template={maple.regular.id}": {"Finals"},
        f"template={maple.late_start.id}": set(),
        "on=2026-12-17": {"Finals"},
        "search=veterans": {"Veterans Day"},
    }
    assert answers(client, "day-overrides", "name", wanted) == wanted


def test_updated_since_keeps_what_was_changed_at_that_instant_or_later(admin, maple) -> None:
    for kind in KINDS:
        rows = admin.get(kind.url).json()["results"]
        changed = rows[-1]["id"]
        with time_machine.travel("2030-01-01T12:00:00Z", tick=False):
            response = admin.patch(f"{kind.url}/{changed}", {"sourced_id": "changed"})
        assert response.status_code == 200, kind.path
        instants = [
            "2030-01-01T12:00:00Z",
            "2030-01-01T06:00:00-06:00",
            "2030-01-01T13:00:00 01:00",
        ]
        for instant in instants:
            assert found(admin, f"{kind.url}?updated_since={instant}", "id") == {changed}
        assert not found(admin, f"{kind.url}?updated_since=2030-01-01T12:00:00.000001Z", "id")
        assert found(admin, f"{kind.url}?sourced_id=changed", "id") == {changed}
        everything = {row["id"] for row in rows}
        assert found(admin, f"{kind.url}?updated_since=1900-01-01T00:00:00Z", "id") == everything


def test_a_row_that_the_caller_does_not_reach_is_not_found(client, maple) -> None:
    other = elm(maple)
    School.objects.filter(pk=other.school.pk).update(is_public=False)
    other.school.district.slug = "hidden"
    other.school.district.save()
    hidden = {
        "schools": {"district": ["hidden", other.school.district_id, NOBODY, "%00", "x" * 63]},
        "academic-years": {"school": ["elm", other.school.id, NOBODY, "unknown"]},
        "terms": {"academic_year": [other.year.id, NOBODY], "school": ["elm"]},
        "quarters": {"term": [other.term.id, NOBODY], "academic_year": [other.year.id]},
        "period-definitions": {"template": [other.regular.id, NOBODY]},
        "day-overrides": {"template": [other.regular.id], "academic_year": [maple.term.id]},
    }
    for path, parameters in hidden.items():
        for name, keys in parameters.items():
            for key in keys:
                response = client.get(f"/api/v1/{path}?{name}={key}")
                body = response.json()
                codes = {(error["pointer"], error["code"]) for error in body["errors"]}
                if key == "%00":
                    assert (response.status_code, codes) == (
                        400,
                        {(f"/{name}", "invalid_characters")},
                    )
                    continue
                assert (response.status_code, body["code"]) == (404, "not_found"), (path, name, key)
                assert codes == {(f"/{name}", "not_found")}


def test_all_rows_that_are_not_found_are_told_at_once(client, maple) -> None:
    response = client.get(f"/api/v1/quarters?school=unknown&term={NOBODY}&quarter_type=Q1")
    assert response.status_code == 404
    pointers = {error["pointer"] for error in response.json()["errors"]}
    assert pointers == {"/school", "/term"}


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("academic_year=2026-2027", {("/academic_year", "invalid")}),
        (f"academic_year={{{NOBODY}}}", {("/academic_year", "invalid")}),
        (f"academic_year={NOBODY.replace('-', '')}", {("/academic_year", "invalid")}),
        (f"academic_year={NOBODY}%20", {("/academic_year", "invalid")}),
        ("academic_year=", {("/academic_year", "blank")}),
        (f"school={'x' * 64}", {("/school", "max_length")}),
        ("school=a&school=b", {("/school", "repeated")}),
        ("kind=Holiday", {("/kind", "invalid_choice")}),
        ("counts_weeks=true", {("/counts_weeks", "unknown_parameter")}),
        ("on=tomorrow", {("/on", "invalid")}),
        ("on=0000-01-01", {("/on", "year_out_of_range")}),
        ("from=2026-13-01&to=9999-12-31", {("/from", "invalid"), ("/to", "year_out_of_range")}),
        ("updated_since=2026-11-23", {("/updated_since", "invalid")}),
        ("updated_since=0001-01-01T00:00:00%2B14:00", {("/updated_since", "year_out_of_range")}),
        (f"search={'x' * 101}", {("/search", "max_length")}),
        ("search=%20", {("/search", "blank")}),
        ("search=%00", {("/search", "invalid_characters")}),
        ("sourced_id=%00", {("/sourced_id", "invalid_characters")}),
        (f"sourced_id={'x' * 256}", {("/sourced_id", "max_length")}),
        ("metadata__room=1&school__name=x", None),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(client, maple, query: str, errors: Any) -> None:
    unknown = {(f"/{name}", "unknown_parameter") for name in ("metadata__room", "school__name")}
    response = client.get(f"/api/v1/breaks?{query}")
    assert response.status_code == 400
    told = {(error["pointer"], error["code"]) for error in response.json()["errors"]}
    assert told == (errors or unknown)


@pytest.mark.parametrize("flag", ["True", "1", "yes", "TRUE", "null"])
def test_a_flag_is_true_or_false(client, maple, flag: str) -> None:
    for path, name in (
        ("schools", "is_public"),
        ("period-templates", "is_default"),
        ("period-templates", "is_archived"),
        ("day-overrides", "closed"),
    ):
        response = client.get(f"/api/v1/{path}?{name}={flag}")
        assert response.status_code == 400
        assert response.json()["errors"][0]["pointer"] == f"/{name}"


def test_expanded_rows_show_their_parents_and_nothing_private(client, maple) -> None:
    district = maple.school.district
    in_short = {
        "district": {"id": str(district.id), "slug": district.slug, "name": district.name},
        "school": maple.as_told,
        "academic_year": {"id": str(maple.year.id), "name": "2026-2027"},
        "term": {"id": str(maple.term.id), "term_type": "SEM1", "name": "Semester 1"},
        "template": {"id": str(maple.late_start.id), "code": "late-start", "name": "Late start"},
    }
    for kind in KINDS[1:]:
        query = "&".join(f"expand={name}" for name in kind.expandable)
        rows = client.get(f"{kind.url}?{query}").json()["results"]
        for row in rows:
            expanded = row.pop("expanded")
            assert list(expanded) == kind.expandable
            for name, parent in expanded.items():
                is_other = row.get(name) not in {None, in_short[name]["id"]}
                assert is_other or parent == (in_short[name] if row.get(name) else None), kind.path
        assert rows == client.get(kind.url).json()["results"]
        one = client.get(f"{kind.url}/{rows[0]['id']}?{query}").json()
        assert one.pop("expanded").keys() == set(kind.expandable)
        assert one == rows[0]


def test_a_parent_may_be_asked_for_twice(client, maple) -> None:
    rows = client.get("/api/v1/terms?expand=school&expand=school").json()["results"]
    assert [row["expanded"] for row in rows] == [{"school": maple.as_told}]


def test_districts_have_no_parents_to_show(client, maple) -> None:
    for url in ("/api/v1/districts", f"/api/v1/districts/{maple.school.district_id}"):
        response = client.get(f"{url}?expand=school")
        assert response.status_code == 400
        assert response.json()["errors"][0]["code"] == "unknown_parameter"
