"""What titles mean."""

import datetime as dt

import pytest

from scheduling.oneroster_csv.titles import TermFacts, is_plain, name_terms, quarter_numbers

START = dt.date(2026, 8, 17)


def facts(
    title: str, week: int, weeks: int = 10, structure: str = "", stored: str = ""
) -> TermFacts:
    first = START + dt.timedelta(weeks=week)
    last = first + dt.timedelta(weeks=weeks, days=-1)
    return TermFacts(title, title, first, last, structure, stored)


def named(*terms: TermFacts) -> list[str]:
    name_terms(reversed(terms))
    return [term.type for term in terms]


@pytest.mark.parametrize(
    ("titles", "types"),
    [
        (["SEM1", "SEM2"], ["SEM1", "SEM2"]),
        (["Semester 1", "semester 2"], ["SEM1", "SEM2"]),
        (["S1", "S2"], ["SEM1", "SEM2"]),
        (["2026-27 S-1", "2026-27 S-2"], ["SEM1", "SEM2"]),
        (["Fall Semester", "Spring Semester"], ["SEM1", "SEM2"]),
        (["Autumn semester 2026", "Spring semester 2027"], ["SEM1", "SEM2"]),
        (["1st Semester", "2nd Semester"], ["SEM1", "SEM2"]),
        (["Semester I", "Semester II"], ["SEM1", "SEM2"]),
        (["Fall", "Spring"], ["SEM1", "SEM2"]),
        (["Term 1", "Term 2"], ["SEM1", "SEM2"]),
        (["Hawks", "Owls"], ["SEM1", "SEM2"]),
        (["Spring"], ["SEM2"]),
        (["Second Semester"], ["SEM2"]),
        (["Hawks"], ["SEM1"]),
        (["TRI1", "TRI2", "TRI3"], ["TRI1", "TRI2", "TRI3"]),
        (["Trimester One", "Trimester Two", "Trimester Three"], ["TRI1", "TRI2", "TRI3"]),
        (["Fall", "Winter", "Spring"], ["TRI1", "TRI2", "TRI3"]),
        (["Fall Trimester", "Winter Trimester", "Spring Trimester"], ["TRI1", "TRI2", "TRI3"]),
        (["T1", "T2", "T3"], ["TRI1", "TRI2", "TRI3"]),
        (["Hawks", "Owls", "Crows"], ["TRI1", "TRI2", "TRI3"]),
        (["3rd trimester"], ["TRI3"]),
        (["Semester 4", "Owls"], ["SEM1", "SEM2"]),
        (["Semester 1 of 2", "Owls"], ["SEM1", "SEM2"]),
        (["SEM1", "Semester 1"], ["SEM1", "SEM1"]),
        (["a", "b", "c", "d"], ["SEM1", "SEM2", "", ""]),
    ],
)
def test_a_title_or_the_order_says_which_term_it_is(titles: list[str], types: list[str]) -> None:
    assert named(*(facts(title, 10 * place) for place, title in enumerate(titles))) == types


def test_terms_side_by_side_are_of_both_structures() -> None:
    semesters = [facts("Fall Semester", 0, 18), facts("Second half", 18, 18)]
    trimesters = [facts("Hawks", 0, 12), facts("Owls", 12, 12), facts("Crows", 24, 12)]
    assert named(*semesters, *trimesters) == ["SEM1", "SEM2", "TRI1", "TRI2", "TRI3"]
    semesters = [facts("Fall Semester", 0, 18), facts("Spring Semester", 18, 18)]
    trimesters = [facts("Hawks", 0, 12), facts("Owls", 12, 12), facts("Crows", 24, 12)]
    assert named(*semesters, *trimesters) == ["SEM1", "SEM2", "TRI1", "TRI2", "TRI3"]
    assert named(facts("Tri 1", 0, 12), facts("Hawks", 0, 18)) == ["TRI1", "SEM1"]
    assert named(facts("Tri 1", 0, 12), facts("Hawks", 12, 12)) == ["TRI1", "TRI2"]


def test_what_has_quarters_is_a_semester() -> None:
    assert named(facts("a", 0, structure="SEM"), facts("b", 10), facts("c", 20)) == [
        "SEM1",
        "SEM2",
        "",
    ]


def test_a_term_stays_what_it_was_unless_its_title_says_otherwise() -> None:
    assert named(facts("Hawks", 0, stored="TRI2"), facts("Owls", 10)) == ["TRI2", "TRI1"]
    assert named(facts("Semester", 0, stored="TRI2")) == ["TRI2"]
    assert named(facts("Semester 2", 0, stored="TRI2")) == ["SEM2"]


@pytest.mark.parametrize(
    ("term", "titles", "types"),
    [
        ("SEM1", ["Q1", "Q2"], ["Q1", "Q2"]),
        ("SEM1", ["Quarter 1", "quarter 2"], ["Q1", "Q2"]),
        ("SEM1", ["1st Nine Weeks", "2nd Nine Weeks"], ["Q1", "Q2"]),
        ("SEM1", ["MP 2"], ["Q2"]),
        ("SEM2", ["Third quarter", "Fourth quarter"], ["Q3", "Q4"]),
        ("SEM2", ["Marking Period 4"], ["Q4"]),
        ("SEM2", ["Q1", "Q2"], ["Q3", "Q4"]),
        ("SEM2", ["Early", "Late"], ["Q3", "Q4"]),
        ("SEM2", ["Late", "Q3"], ["Q4", "Q3"]),
        ("SEM1", ["Q1 (S2)", "x"], ["Q1", "Q2"]),
        ("SEM1", ["a", "b", "c"], ["Q1", "Q2", ""]),
        ("TRI1", ["Q1"], [""]),
        ("", ["Q1"], [""]),
    ],
)
def test_a_title_or_the_order_says_which_quarter_it_is(
    term: str, titles: list[str], types: list[str]
) -> None:
    assert list(quarter_numbers(term, [(title, "") for title in titles])) == types


def test_a_quarter_stays_what_it_was_unless_its_title_says_otherwise() -> None:
    assert list(quarter_numbers("SEM1", [("Early", "Q2"), ("Late", "")])) == ["Q2", "Q1"]
    assert list(quarter_numbers("SEM1", [("Q1", "Q2")])) == ["Q1"]


@pytest.mark.parametrize(
    ("title", "kind", "expected"),
    [
        ("SEM1", "SEM1", True),
        ("Semester 1", "SEM1", True),
        ("q1", "Q1", True),
        ("Quarter 1", "Q1", True),
        ("Trimester 3", "TRI3", True),
        ("Fall Semester", "SEM1", False),
        ("Quarter 1", "Q3", False),
    ],
)
def test_what_is_plain_is_not_guessed(title: str, kind: str, expected: bool) -> None:
    assert is_plain(title, kind) == expected
