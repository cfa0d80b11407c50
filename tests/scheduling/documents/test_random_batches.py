"""Random batches: whatever the database would refuse has been told before, with its place."""

import datetime as dt
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from scheduling.documents import (
    DocumentError,
    Item,
    apply_batch,
    batches,
    export_document,
    import_document,
)
from scheduling.documents.kinds import (
    BREAKS,
    OVERRIDES,
    PERIODS,
    QUARTERS,
    RULES,
    TEMPLATES,
    TERMS,
    YEARS,
)
from scheduling.documents.unchanged_items import results_if_unchanged
from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db

FIRST_DAY = dt.date(2026, 8, 3)
BATCHES = 60


def lasting(start: dt.date, days: int) -> dict[str, dt.date]:
    return {"start_date": start, "end_date": start + dt.timedelta(days=days)}


def dates(random: Random, weeks: int, longest: int) -> dict[str, dt.date]:
    start = FIRST_DAY + dt.timedelta(weeks=random.randrange(weeks))
    return lasting(start, random.randrange(longest))


def one_of(random: Random, *letters: str) -> str:
    return random.choice(letters) + str(random.randrange(3))


def year(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    start = FIRST_DAY + dt.timedelta(days=random.choice([0, 0, 0, 7, 360, 367, 730]))
    dated = lasting(start, random.choice([300, 358]))
    return {**dated, "name": one_of(random, "Year ")}, {}


def term(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    kind = random.choice(["SEM1", "SEM1", "SEM2", "TRI1"])
    weeks = 20 if kind == "SEM2" else 0
    start = FIRST_DAY + dt.timedelta(weeks=weeks + random.randrange(4))
    dated = lasting(start, random.choice([1, 60, 100, 120]))
    return {"term_type": kind, "sequence": None, "name": "", **dated}, {
        "academic_year": one_of(random, "y")
    }


def quarter(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    half = random.choice([0, 1])
    start = FIRST_DAY + dt.timedelta(weeks=random.randrange(4) + 8 * half)
    dated = lasting(start, random.choice([20, 50]))
    return {"quarter_type": "", "sequence": half + 1, **dated}, {"term": one_of(random, "t")}


def pause(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    values = {"name": one_of(random, "Break "), "kind": "vacation", **dates(random, 30, 5)}
    return values, {"academic_year": one_of(random, "y")}


def template(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    is_default = random.random() < 0.3
    code = one_of(random, "bells-")
    return {"code": code, "name": code, "is_default": is_default}, {}


def period(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    start = dt.time(random.randrange(8, 12), random.choice([0, 30]))
    values = {"number": random.randrange(4), "name": "P", "start": start, "passing": 5}
    return {**values, "length": random.choice([40, 55])}, {"template": one_of(random, "b")}


def rule(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    values = {"weekdays": [random.choice(["monday", "friday"])], "cycle_day": ""}
    return values, {"academic_year": one_of(random, "y"), "template": one_of(random, "b")}


def override(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    is_closed = random.random() < 0.5
    values = {"name": "Day", "closed": is_closed, **dates(random, 30, 3)}
    named = {"template": None if is_closed else one_of(random, "b")}
    return values, {"academic_year": one_of(random, "y"), **named}


SAYS = {
    YEARS: ("y", year),
    TERMS: ("t", term),
    QUARTERS: ("q", quarter),
    BREAKS: ("x", pause),
    TEMPLATES: ("b", template),
    PERIODS: ("p", period),
    RULES: ("r", rule),
    OVERRIDES: ("o", override),
}


def item(random: Random, index: int) -> Item:
    kind = random.choice([*SAYS, QUARTERS, PERIODS, PERIODS, TERMS, BREAKS, RULES])
    letter, says = SAYS[kind]
    key = one_of(random, letter)
    if random.random() < 0.2:
        return Item(kind, key, None, index=index, pointer=f"/items/{index}")
    values, named = says(random)
    gets_quarters = random.random() < 0.5
    pointer = f"/items/{index}"
    return Item(kind, key, values, named, index, pointer, "/data", gets_quarters)


BEGINNING = [
    Item(YEARS, "y0", {"name": "Year 0", **lasting(FIRST_DAY, 358)}),
    Item(TERMS, "t0", {"term_type": "SEM1", **lasting(FIRST_DAY, 120)}, {"academic_year": "y0"}),
    *(Item(TEMPLATES, f"b{n}", {"code": f"bells-{n}", "name": "Bells"}) for n in range(3)),
]


@pytest.mark.parametrize("seed", range(4))
def test_no_batch_is_refused_by_the_database_alone(seed: int) -> None:
    random, school = Random(seed), SchoolFactory.create(slug="oak")
    apply_batch(school.pk, BEGINNING)
    done, codes = 0, set()
    for _ in range(BATCHES):
        chosen = {
            each.key: each for each in (item(random, n) for n in range(random.choice([1, 4])))
        }
        try:
            outcome = apply_batch(school.pk, list(chosen.values()))
        except DocumentError as refusal:
            told = {(problem.code, problem.pointer) for problem in refusal.problems}
            assert all(pointer.startswith("/items/") for _code, pointer in told), told
            codes |= {code for code, _pointer in told}
        else:
            done += 1
            again = apply_batch(school.pk, list(chosen.values()))
            assert again.counts["unchanged"] == len(chosen)
            assert again.revision == outcome.revision
    assert "conflict" not in codes
    assert done >= 8
    assert import_document(export_document(school.pk)).total.changed == 0


@pytest.mark.parametrize("seed", range(4))
def test_what_changes_nothing_is_told_from_the_rows_that_are_named(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, school = Random(seed), SchoolFactory.create(slug="oak")
    apply_batch(school.pk, BEGINNING)
    told, said = {True: 0, False: 0}, list(BEGINNING)
    for turn in range(BATCHES):
        sent = [item(random, turn) if turn % 2 else random.choice(said), random.choice(said)]
        items = list({each.key: each for each in sent}.values())
        cheaply = results_if_unchanged(school.pk, items, lambda _item, _row: None)
        with monkeypatch.context() as patched, suppress(DocumentError):
            patched.setattr(batches, "results_if_unchanged", lambda *_asked: None)
            thoroughly = apply_batch(school.pk, items, dry_run=random.random() < 0.5)
            changes_nothing = thoroughly.counts["unchanged"] == len(items)
            assert (cheaply is not None) is changes_nothing
            assert cheaply is None or cheaply == thoroughly.results
            told[changes_nothing] += 1
            said += items
    assert min(told.values()) >= 5
