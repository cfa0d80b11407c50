"""Rows that change places: the database refuses what lies in between, the import gets through."""

from typing import Any

import pytest

from scheduling.documents import export_document, import_document
from scheduling.models import (
    PeriodDefinition,
    PeriodTemplate,
    School,
)
from tests.scheduling.documents.builders import (
    bent,
    document,
    done,
)

pytestmark = pytest.mark.django_db


def stored(model: Any) -> dict[str, Any]:
    return {row.sourced_id: row for row in model.objects.exclude(sourced_id="")}


def exported() -> dict[str, Any]:
    return export_document(School.objects.get(slug="maple-high").pk)


def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give every row, and what it holds, a sourced id."""
    for index, row in enumerate(rows):
        row["sourced_id"] = f"s-{row.get('code') or row.get('name') or row.get('number')}-{index}"
    return rows


def test_rows_follow_their_sourced_ids() -> None:
    doc = document()
    named(doc["period_templates"])
    named(doc["academic_years"])
    import_document(doc)
    templates, year = stored(PeriodTemplate), School.objects.get().academic_years.get()

    report = import_document(
        bent(
            doc,
            period_templates__1__code="later",
            academic_years__0__name="This year",
            academic_years__0__schedule_rules__0__template="later",
            academic_years__0__schedule_rules__1__template="later",
        )
    )

    assert done(report)["changed"] == {"period_templates later", "academic_years This year"}
    assert stored(PeriodTemplate)["s-late-start-1"].pk == templates["s-late-start-1"].pk
    assert School.objects.get().academic_years.get().pk == year.pk


def test_a_sourced_id_can_be_given_later_and_taken_back() -> None:
    import_document(document())
    before = {
        row.number: row.pk for row in PeriodDefinition.objects.filter(template__code="regular")
    }

    for sourced_id in ("p-1", ""):
        import_document(document(period_templates__0__periods__0__sourced_id=sourced_id))
        row = PeriodDefinition.objects.get(template__code="regular", number=1)
        assert (row.sourced_id, row.pk) == (sourced_id, before[1])


def test_two_periods_swap_their_numbers_and_times() -> None:
    doc = document()
    named(doc["period_templates"][0]["periods"])
    import_document(doc)
    before = stored(PeriodDefinition)
    first, second = doc["period_templates"][0]["periods"][:2]
    for key in ("number", "start"):
        first[key], second[key] = second[key], first[key]

    report = import_document(doc)

    assert report.counts["periods"].changed == 2
    after = stored(PeriodDefinition)
    for own, other in (("s-Period 1-0", "s-2-1"), ("s-2-1", "s-Period 1-0")):
        assert (after[own].pk, after[own].number) == (before[own].pk, before[other].number)
    assert import_document(doc).touched == ()


def test_two_bell_schedules_swap_code_default_and_sourced_id() -> None:
    doc = document()
    named(doc["period_templates"])
    import_document(doc)
    before = stored(PeriodTemplate)
    first, second = doc["period_templates"][:2]
    second["is_default"], first["is_default"] = True, False
    first["code"], second["code"] = second["code"], first["code"]

    report = import_document(doc)

    assert report.counts["period_templates"].changed == 2
    after = stored(PeriodTemplate)
    assert after["s-regular-0"].pk == before["s-regular-0"].pk
    assert [(each.code, each.is_default) for each in after.values()].count(("regular", True)) == 1
    assert import_document(doc).touched == ()


def test_sourced_ids_swap_between_rows_of_different_parents() -> None:
    doc = document(
        period_templates__0__periods__0__sourced_id="a",
        period_templates__1__periods__0__sourced_id="b",
    )
    import_document(doc)

    swapped = bent(
        doc,
        period_templates__0__periods__0__sourced_id="b",
        period_templates__1__periods__0__sourced_id="a",
    )

    assert import_document(swapped).counts["periods"].changed == 2
    assert import_document(swapped).touched == ()


def test_the_code_of_a_bell_schedule_that_goes_can_be_taken_at_once() -> None:
    doc = document()
    named(doc["period_templates"])
    import_document(doc)
    del doc["period_templates"][0]
    doc["period_templates"][0] |= {"code": "regular", "is_default": True}
    for rule in doc["academic_years"][0]["schedule_rules"]:
        rule["template"] = "regular"

    report = import_document(doc)

    assert {"period_templates regular"} <= done(report)["changed"]
    tombstone = PeriodTemplate.history.get(history_type="-")
    assert (tombstone.code, tombstone.is_default) == ("regular", True)
    assert import_document(doc).touched == ()


def test_years_move_with_everything_in_them() -> None:
    doc = document()
    next_year = {"name": "2027-2028", "start_date": "2027-08-12", "end_date": "2028-06-03"}
    semester = {"term_type": "SEM1", "start_date": "2027-08-12", "end_date": "2027-12-18"}
    doc["academic_years"].append({**next_year, "terms": [semester]})
    import_document(doc)
    known = exported()
    for year in named(known["academic_years"]):
        for row in (*year["breaks"], *year["day_overrides"]):
            row["sourced_id"] = f"{row['name']} {row['start_date']}"
    import_document(known)

    report = import_document(_shifted(known))

    assert report.total.created == report.total.removed == 0
    assert {kind: each.changed for kind, each in report.counts.items() if each.changed} == {
        "academic_years": 2,
        "terms": 4,
        "quarters": 6,
        "breaks": 2,
        "day_overrides": 2,
    }
    assert exported() == _shifted(known)


def _shifted(value: Any) -> Any:
    """Move every date by a year; names and sourced ids stay."""
    if isinstance(value, dict):
        kept = {"name", "sourced_id", "valid_from", "valid_to"}
        return {key: each if key in kept else _shifted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_shifted(each) for each in value]
    for year in (2028, 2027, 2026):
        if isinstance(value, str) and value.startswith(f"{year}-"):
            return value.replace(f"{year}-", f"{year + 1}-", 1)
    return value


def test_a_boundary_between_quarters_moves() -> None:
    import_document(document())
    doc = document(
        academic_years__0__terms__0__quarters__0__end_date="2026-10-16",
        academic_years__0__terms__0__quarters__1__start_date="2026-10-17",
    )

    assert import_document(doc).counts["quarters"].changed == 2


def test_a_term_that_changes_its_type_is_another_term() -> None:
    doc = document(academic_years__0__terms__2__sourced_id="t")
    import_document(doc)

    report = import_document(bent(doc, academic_years__0__terms__2__term_type="TRI2"))

    assert done(report) == {
        "created": {"terms 2026-2027/TRI2"},
        "removed": {"terms 2026-2027/TRI1"},
    }


def test_semesters_swap_by_removing_and_creating() -> None:
    doc = document()
    named(doc["academic_years"][0]["terms"])
    import_document(doc)
    first, second = doc["academic_years"][0]["terms"][:2]
    first["term_type"], second["term_type"] = "SEM2", "SEM1"
    first["quarters"], second["quarters"] = [], []

    report = import_document(doc)

    assert (report.counts["terms"].created, report.counts["terms"].removed) == (0, 0)
    assert import_document(doc).touched == ()
