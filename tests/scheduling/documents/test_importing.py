"""What an import makes of rows that are there: matched, kept or removed."""

import datetime as dt
from typing import Any

import pytest

from scheduling.calendar.splits import halves
from scheduling.documents import Counts, DocumentError, export_document, import_document, importing
from scheduling.models import (
    District,
    PeriodTemplate,
    Quarter,
    School,
    Term,
)
from tests.conftest import tracked_models
from tests.factories import UserFactory
from tests.scheduling.documents.builders import (
    QUARTERS,
    document,
    done,
    problems_of,
    without,
)

pytestmark = pytest.mark.django_db

YEAR = "academic_years__0__"


def exported() -> dict[str, Any]:
    return export_document(School.objects.get(slug="maple-high").pk)


def test_one_import_is_one_revision_with_its_actor() -> None:
    import_document(document())
    user = UserFactory.create()

    import_document(document(academic_years__0__breaks=[]), actor=user)

    school = School.objects.get()
    assert school.revision == 2
    assert school.revisions.get(number=2).actor == user
    assert {row.revision for row in Term.objects.all()} == {1}


def test_only_what_differs_is_written() -> None:
    import_document(document())

    report = import_document(
        document(
            school__name="Maple High School",
            period_templates__0__periods__0__length=50,
            academic_years__0__breaks__1__end_date="2026-09-08",
            academic_years__0__day_overrides__1__start_date="2027-02-02",
        )
    )

    assert done(report) == {
        "created": {"day_overrides 2026-2027/2027-02-02"},
        "changed": {
            "school maple-high",
            "periods regular/1",
            "breaks 2026-2027/Labor Day 2026-09-07",
        },
        "removed": {"day_overrides 2026-2027/2027-02-01"},
    }
    assert sum(m.history.model.objects.filter(revision=2).count() for m in tracked_models()) == 5


def test_a_report_is_plain_json() -> None:
    import_document(document())

    report = import_document(document(academic_years__0__breaks=[])).as_dict()

    assert report["school"] == "maple-high"
    assert report["counts"]["breaks"] == {
        "created": 0,
        "changed": 0,
        "removed": 2,
        "left_alone": 0,
    }
    assert report["touched"][0] == {
        "kind": "breaks",
        "key": "2026-2027/Winter break 2026-12-21",
        "action": "removed",
    }


def test_a_sourced_id_of_a_row_that_stays_is_taken() -> None:
    import_document(document())
    periods = [{"number": 1, "start": "10:00", "length": 45, "sourced_id": "p-2"}]
    doc = without(document(period_templates__1__periods=periods), "period_templates__0__periods")

    assert problems_of(doc) == {("/period_templates/1/periods/0/sourced_id", "sourced_id_taken")}
    doc["period_templates"].reverse()
    assert problems_of(doc) == {("/period_templates/1/periods/0/sourced_id", "sourced_id_taken")}


@pytest.mark.parametrize(
    "place",
    [
        "period_templates",
        "academic_years",
        "period_templates__0__periods",
        f"{YEAR}terms",
        f"{YEAR}terms__0__quarters",
        f"{YEAR}breaks",
        f"{YEAR}schedule_rules",
        f"{YEAR}day_overrides",
    ],
)
def test_rows_of_a_list_that_is_left_out_stay(place: str) -> None:
    import_document(document())
    before = exported()

    report = import_document(without(document(), place))

    assert report.touched == ()
    assert exported() == before


@pytest.mark.parametrize(
    "place",
    [
        "academic_years",
        "period_templates__0__periods",
        f"{YEAR}terms",
        f"{YEAR}terms__0__quarters",
        f"{YEAR}breaks",
        f"{YEAR}schedule_rules",
        f"{YEAR}day_overrides",
    ],
)
def test_rows_of_an_empty_list_are_removed(place: str) -> None:
    import_document(document())

    report = import_document(document(**{place: []}))

    assert set(done(report)) == {"removed"}
    assert import_document(document(**{place: []})).touched == ()


def test_an_empty_calendar_removes_everything_but_the_school() -> None:
    import_document(document())

    import_document(document(period_templates=[], academic_years=[]))

    assert exported()["academic_years"] == exported()["period_templates"] == []


def test_a_key_that_is_left_out_has_its_default() -> None:
    import_document(document())

    bare = without(document(), "period_templates__0__is_default")
    report = import_document(without(bare, f"{YEAR}breaks__0__kind"))

    assert done(report) == {
        "changed": {"period_templates regular", "breaks 2026-2027/Winter break 2026-12-21"}
    }
    assert not PeriodTemplate.objects.filter(is_default=True).exists()


def test_a_school_keeps_what_the_document_leaves_out() -> None:
    import_document(document(school__weekdays=["monday"], school__metadata={"a": 1}))

    import_document(document(school={"slug": "maple-high", "name": "M", "timezone": "UTC"}))

    school = School.objects.get()
    assert (school.name, school.timezone) == ("M", "UTC")
    assert (school.is_public, school.weekdays, school.metadata) == (True, ["monday"], {"a": 1})


def test_without_a_district_a_new_school_joins_the_default_one() -> None:
    import_document(without(document(), "district"))
    import_document(without(document(school__slug="oak-high"), "district"))

    assert [each.slug for each in District.objects.all()] == ["default"]
    assert District.objects.get().name == "Default district"


def test_a_school_stays_in_its_district_unless_another_is_named() -> None:
    import_document(document())
    assert import_document(without(document(), "district")).touched == ()

    report = import_document(document(district={"slug": "lake", "name": "Lake"}))

    assert done(report) == {"created": {"district lake"}, "changed": {"school maple-high"}}
    assert School.objects.get().district.slug == "lake"


def test_a_district_that_exists_is_left_as_it_is() -> None:
    import_document(document())

    report = import_document(document(district={"slug": "harbor", "name": "Renamed"}))

    assert report.counts["district"].left_alone == 1
    assert District.objects.get().name == "Harbor District"


def test_a_semester_without_quarters_gets_the_ones_it_lacks() -> None:
    import_document(document(academic_years__0__terms__0__quarters=QUARTERS[:1]))
    assert Quarter.objects.filter(term__term_type="SEM1").count() == 1

    report = import_document(without(document(), f"{YEAR}terms__0__quarters"))

    assert done(report) == {"created": {"quarters 2026-2027/SEM1/Q2"}}
    second = Quarter.objects.get(quarter_type="Q2")
    assert (str(second.start_date), str(second.end_date)) == ("2026-10-15", "2026-12-18")


def test_a_semester_too_short_for_quarters_is_refused_unless_it_has_none() -> None:
    short = {"term_type": "SEM2", "start_date": "2027-01-04", "end_date": "2027-01-07"}

    assert problems_of(document(academic_years__0__terms__1=short)) == {
        ("/academic_years/0/terms/1/end_date", "too_short")
    }
    assert not problems_of(document(academic_years__0__terms__1={**short, "quarters": []}))


def test_a_term_cannot_shrink_under_quarters_that_stay() -> None:
    import_document(document())
    doc = without(
        document(academic_years__0__terms__0__end_date="2026-12-01"), f"{YEAR}terms__0__quarters"
    )

    with pytest.raises(DocumentError) as refused:
        import_document(doc)

    assert [(each.pointer, each.code, each.detail) for each in refused.value.problems] == [
        (
            "/academic_years/0/terms/0/end_date",
            "rows_outside",
            (
                "Q2 (S1) (2026-10-12 to 2026-12-18) would lie outside. "
                'Give the term its "quarters", or [] for none.'
            ),
        )
    ]


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param(("2027-01-04", "2027-05-20"), id="shrinks"),
        pytest.param(("2026-12-28", "2027-06-03"), id="grows"),
        pytest.param(("2026-12-22", "2027-01-20"), id="leaves-a-quarter-behind"),
        pytest.param(("2027-03-01", "2027-06-03"), id="starts-late"),
    ],
)
def test_quarters_that_nobody_has_set_move_with_their_term(dates: tuple[str, str]) -> None:
    import_document(document())
    before = dict(Quarter.objects.filter(term__term_type="SEM2").values_list("sequence", "pk"))
    start, end = dates
    moved = document(**{f"{YEAR}terms__1__start_date": start, f"{YEAR}terms__1__end_date": end})

    report = import_document(moved)

    assert done(report) == {
        "changed": {
            "terms 2026-2027/SEM2",
            "quarters 2026-2027/SEM2/Q3",
            "quarters 2026-2027/SEM2/Q4",
        }
    }
    rows = Quarter.objects.filter(term__term_type="SEM2").order_by("sequence")
    assert {row.sequence: row.pk for row in rows} == before
    found = tuple((row.start_date, row.end_date) for row in rows)
    assert found == halves(dt.date.fromisoformat(start), dt.date.fromisoformat(end))
    assert import_document(moved).touched == ()


def test_a_quarter_that_somebody_has_set_keeps_both_where_they_are() -> None:
    import_document(document())
    third = Quarter.objects.get(quarter_type="Q3")
    third.end_date -= dt.timedelta(days=1)
    third.save()
    before = list(Quarter.objects.values("pk", "start_date", "end_date"))

    report = import_document(document(**{f"{YEAR}terms__1__start_date": "2026-12-28"}))

    assert done(report) == {"changed": {"terms 2026-2027/SEM2"}}
    assert list(Quarter.objects.values("pk", "start_date", "end_date")) == before


def test_half_of_a_semester_moves_and_the_other_is_made() -> None:
    import_document(document())
    Quarter.objects.get(quarter_type="Q4").delete()

    report = import_document(document(**{f"{YEAR}terms__1__end_date": "2027-05-20"}))

    assert done(report) == {
        "created": {"quarters 2026-2027/SEM2/Q4"},
        "changed": {"terms 2026-2027/SEM2", "quarters 2026-2027/SEM2/Q3"},
    }


def test_a_year_moves_with_the_quarters_that_it_was_given() -> None:
    doc = without(document(), f"{YEAR}terms__0__quarters")
    import_document(doc)
    years = doc["academic_years"][0]
    years.update(start_date="2027-08-12", end_date="2028-06-03")
    years["rotation"]["start"] = "2027-08-12"
    years.update(breaks=[], day_overrides=[], schedule_rules=[])
    for term in years["terms"]:
        for name in ("start_date", "end_date"):
            term[name] = f"{int(term[name][:4]) + 1}{term[name][4:]}"

    report = import_document(doc)

    assert report.counts["quarters"] == Counts(changed=4)
    assert import_document(doc).touched == ()


def test_quarters_of_a_term_that_becomes_too_short_stay_and_are_named() -> None:
    import_document(document())

    assert problems_of(document(**{f"{YEAR}terms__1__end_date": "2027-01-06"})) == {
        ("/academic_years/0/terms/1/end_date", "rows_outside")
    }


def test_a_year_cannot_shrink_under_rows_that_stay() -> None:
    import_document(document())
    doc = without(document(academic_years__0__end_date="2027-05-01"), f"{YEAR}terms")

    assert problems_of(doc) == {("/academic_years/0/end_date", "rows_outside")}


def test_a_bell_schedule_cannot_go_while_rows_that_stay_use_it() -> None:
    import_document(document())
    doc = without(document(), f"{YEAR}day_overrides")
    del doc["period_templates"][2]

    assert problems_of(doc) == {("/period_templates", "in_use")}


def test_a_bell_schedule_goes_with_the_override_that_used_it() -> None:
    import_document(document())
    doc = document(
        academic_years__0__day_overrides__0__template="finals-2",
        period_templates__2={"code": "finals-2", "name": "Finals 2"},
    )

    report = import_document(doc)

    assert done(report) == {
        "created": {"period_templates finals-2"},
        "changed": {"day_overrides 2026-2027/2026-12-16"},
        "removed": {"period_templates finals-1"},
    }


def test_equal_breaks_are_two_breaks() -> None:
    twin = {"name": "Fair", "start_date": "2026-10-01"}
    doc = document(**{f"{YEAR}breaks": [{**twin, "kind": "other"}, twin, twin]})
    import_document(doc)

    assert import_document(doc).touched == ()
    doc["academic_years"][0]["breaks"].reverse()
    assert import_document(doc).touched == ()


def test_other_schools_are_not_touched() -> None:
    import_document(document())
    import_document(document(school__slug="oak-high"))
    before = exported()

    import_document(document(school__slug="oak-high", period_templates=[], academic_years=[]))

    assert exported() == before


def test_a_school_that_another_import_creates_meanwhile_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_document(document())
    asked: list[str] = []

    def not_yet_there(model: Any, slug: str) -> Any:
        asked.append(slug)
        return None if len(asked) == 1 else with_slug(model, slug)

    with_slug = importing._with_slug
    monkeypatch.setattr(importing, "_with_slug", not_yet_there)

    assert import_document(document()).touched == ()


def test_a_school_that_cannot_be_created_is_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    import_document(document())
    asked: list[str] = []
    monkeypatch.setattr(importing, "_with_slug", lambda _model, slug: asked.append(slug))

    assert problems_of(without(document(), "district")) == {("/school", "slug_taken")}
    assert asked.count("maple-high") == 2
