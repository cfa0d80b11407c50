"""What schemathesis is told about the service: which rows there are, and what fits together.

No schema can say that a term lies within its year, or which ids there are. Left alone, nearly all
that schemathesis makes up is refused before anything is written.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count, cycle
from random import Random
from typing import Any

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.parameters import ParameterLocation

URL = f"{os.environ['SCHOOLDAY_URL']}/api/v1"
HEADERS = {"Authorization": f"Bearer {os.environ['SCHOOLDAY_TOKEN']}"}
FIELD = os.environ["SCHOOLDAY_FIELD"]
"""The slug of the school in which rows are made and changed."""
MOST = 0.9
"""How often what is made up is made to fit; the rest stays as it is, and finds its refusal."""

random = Random(os.environ["SCHOOLDAY_SEED"])
numbers = count(1)

FIRST, LAST = dt.datetime(1900, 1, 2), dt.datetime(2199, 12, 30)  # noqa: DTZ001
schemathesis.openapi.format("date", st.dates(FIRST.date(), LAST.date()).map(str))
schemathesis.openapi.format(
    "date-time", st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC)).map(dt.datetime.isoformat)
)

COLLECTIONS = {
    "academic_year": "academic-years",
    "district": "districts",
    "school": "schools",
    "template": "period-templates",
    "term": "terms",
}
"""Where the rows are that a parameter of this name names."""


@schemathesis.hook("before_call")
def forget_long_etags(_context: Any, case: Any, _kwargs: Any) -> None:
    """Cut what the service may ignore: an ETag that is too long is not wrong, but unknown."""
    if "If-None-Match" in case.headers:
        case.headers["If-None-Match"] = case.headers["If-None-Match"][:1000]


@schemathesis.hook("before_call")
def fit(_context: Any, case: Any, _kwargs: Any) -> None:
    """Let most of the requests that keep to the document be about rows that there are."""
    if _keeps_to_it(case, ParameterLocation.PATH) and case.meta.phase.name != "stateful":
        _fit_path(case)
    if _keeps_to_it(case, ParameterLocation.QUERY):
        _fit_query(case.query)
    if _keeps_to_it(case, ParameterLocation.HEADER) and _mostly():
        _fit_headers(case.headers)
    if _keeps_to_it(case, ParameterLocation.BODY) and isinstance(case.body, dict) and _mostly():
        case.body.update(_fitting(case))


def _keeps_to_it(case: Any, location: ParameterLocation) -> bool:
    """Return whether a part of a request is as the document wants it; a probe has no parts."""
    parts = case.meta.components if case.meta else {}
    return location in parts and not case.meta.is_negative_at(location)


def _mostly() -> bool:
    return random.random() < MOST


def _fit_path(case: Any) -> None:
    """Name a row of the path's collection; what is to be deleted only a link names."""
    if "date" in case.path_parameters:
        case.path_parameters["date"] = random.choice(["today", "2026-11-23", "2027-02-09"])
    if case.path.endswith("/calendar") and case.method == "PUT":
        case.path_parameters["school"] = f"{FIELD}-spare"
    elif case.method != "DELETE" and _mostly():
        collection = case.path.removeprefix("/api/v1/").partition("/")[0]
        for name in case.path_parameters.keys() & {"id", "district", "school"}:
            if rows := _rows(collection):
                case.path_parameters[name] = random.choice(rows)["id"]


def _fit_query(query: dict[str, Any]) -> None:
    query.pop("cursor", None)  # only an answer can know one
    query.pop("since", None)
    query.pop("wait", None)  # somebody would wait
    if "as_of" in query:
        query["as_of"] = dt.datetime.now(dt.UTC).isoformat()  # the schools are young
    for name in query.keys() & {"search", "sourced_id"}:
        query[name] = str(query[name]).replace("\0", "0")  # which no text may hold
    for name in query.keys() & COLLECTIONS.keys():
        query[name] = random.choice(_rows(COLLECTIONS[name]))["id"]
    if "date" in query:
        query["date"] = random.choice(["today", "2026-11-23", "2027-02-09"])
    if {"from", "to"} <= query.keys():
        first = dt.date.fromisoformat(query["from"])
        query["to"] = str(min(first + dt.timedelta(days=random.randrange(400)), LAST.date()))


def _fit_headers(headers: dict[str, str]) -> None:
    headers.pop("If-Match", None)
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = f"{FIELD}-{next(numbers)}"


def _fitting(case: Any) -> dict[str, Any]:
    """Return the fields that have to fit something that no schema knows."""
    fit = FITS.get(case.operation.definition.raw["operationId"])
    if fit is not None:
        number = next(numbers)
        key = {"sourced_id": f"{FIELD}-{number}"} if "sourced_id" in case.body else {}
        return {**key, **fit(number)}
    row = _get(case.formatted_path.removeprefix("/api/v1/"))
    kept = sorted(row.keys() & case.body.keys())
    return {name: row[name] for name in kept if name in COLLECTIONS or _mostly()}


def _get(path: str, **query: Any) -> Any:
    answer = requests.get(f"{URL}/{path}", query, headers=HEADERS, timeout=10)
    return answer.json() if answer.ok else {}


@cache
def _rows(collection: str) -> list[dict[str, Any]]:
    """Return rows as they were when they were first asked for: those of the field, if any are."""
    within = {} if collection in {"districts", "schools"} else {"school": FIELD}
    return _get(collection, page_size=1000, **within)["results"]


@cache
def _turns(collection: str, _purpose: str) -> Iterator[dict[str, Any]]:
    return cycle(_rows(collection))


def _next(collection: str, purpose: str) -> dict[str, Any]:
    """Return a row that has not served the purpose yet, as long as there is one."""
    return next(_turns(collection, purpose))


def _field() -> str:
    return next(row["id"] for row in _rows("schools") if row["slug"] == FIELD)


def _year_for(purpose: str, first: int, last: int) -> dict[str, Any]:
    """Return an academic year, and dates so many days after its start."""
    year = _next("academic-years", purpose)
    return {"academic_year": year["id"], **_dates(year, first, last)}


def _dates(parent: dict[str, Any], first: int, last: int) -> dict[str, str]:
    start = dt.date.fromisoformat(parent["start_date"])
    names = {"start_date": first, "end_date": last}
    return {name: str(start + dt.timedelta(days=days)) for name, days in names.items()}


def _term(_number: int) -> dict[str, Any]:
    kind = random.choice(["SEM2", "TRI1", "TRI2", "TRI3"])
    return {"term_type": kind, "sequence": int(kind[-1]), **_year_for("term", 160, 280)}


def _quarter(_number: int) -> dict[str, Any]:
    term = _next("terms", "quarter")
    return {"term": term["id"], "quarter_type": "Q1", "sequence": 1, **_dates(term, 0, 60)}


def _rule(_number: int) -> dict[str, Any]:
    return {
        "academic_year": _next("academic-years", "rule")["id"],
        "template": random.choice(_rows("period-templates"))["id"],
        "weekdays": ["monday", "friday"],
        "cycle_day": "",
        "valid_from": None,
        "valid_to": None,
    }


def _override(_number: int) -> dict[str, Any]:
    rings = {"closed": True, "template": None, "cycle_day": "", "holds_cycle": False}
    return {**rings, **_year_for("override", 40, 41)}


def _year(number: int) -> dict[str, Any]:
    dates = {"start_date": f"{2030 + number}-01-01", "end_date": f"{2030 + number}-12-31"}
    return {"school": _field(), "cycle_days": ["A", "B"], "cycle_start": None, **dates}


def _school(number: int) -> dict[str, Any]:
    district = random.choice(_rows("districts"))["id"]
    return {"district": district, "slug": f"{FIELD}-{number}", "timezone": "America/Chicago"}


def _template(number: int) -> dict[str, Any]:
    return {"school": _field(), "code": f"made-{number}", "is_default": False}


def _period(_number: int) -> dict[str, Any]:
    bell = {"start": "08:00", "length": 45, "track": ""}
    return {"template": _next("period-templates", "period")["id"], **bell}


def _spare(_number: int) -> dict[str, Any]:
    return {"school": {"slug": f"{FIELD}-spare", "name": "Spare", "timezone": "America/Chicago"}}


def _webhook(number: int) -> dict[str, Any]:
    school = random.choice(_rows("schools"))["id"]
    return {"school": school, "district": None, "url": f"https://sis.example.org/{number}"}


FITS: dict[str, Callable[[int], dict[str, Any]]] = {
    "createAcademicYear": _year,
    "createBreak": lambda _number: _year_for("break", 20, 25),
    "createDayOverride": _override,
    "createDistrict": lambda number: {"slug": f"{FIELD}-{number}"},
    "createPeriodDefinition": _period,
    "createPeriodTemplate": _template,
    "createQuarter": _quarter,
    "createScheduleRule": _rule,
    "createSchool": _school,
    "createTerm": _term,
    "createWebhook": _webhook,
    "clonePeriodTemplate": lambda number: {"code": f"clone-{number}"},
    "generatePeriods": lambda _number: {"start": "08:00", "count": 3, "length": 45, "breaks": []},
    "generateQuarters": lambda _number: {},
    "replaceCalendar": _spare,
    "replacePeriods": lambda _number: {"periods": [{"number": 1, "start": "08:00", "length": 45}]},
}
"""The fields of what is made, by operation; the number is one that no other row has."""


@schemathesis.check
def status_is_named(_ctx: Any, response: Any, case: Any) -> None:
    """Require that the document names the status; `default` is for those that nobody foresees."""
    named = case.operation.definition.raw["responses"]
    if str(response.status_code) not in named and response.status_code != 405:
        message = f"{response.status_code} is not among {', '.join(named)}."
        raise AssertionError(message)
