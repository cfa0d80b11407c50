"""What tests of batches share: items in few words, and a school that has been sent once."""

from typing import Any

from rest_framework.test import APIClient

from scheduling.models import School

BATCH = "/api/v1/schools/oak/batch"


def put(resource: str, sourced_id: str, **data: Any) -> dict[str, Any]:
    return {"resource": resource, "sourced_id": sourced_id, "data": data}


def gone(resource: str, sourced_id: str) -> dict[str, Any]:
    return {"resource": resource, "sourced_id": sourced_id, "op": "delete"}


def days(start: str, end: str) -> dict[str, str]:
    return {"start_date": start, "end_date": end}


Y27 = put("academic-years", "y27", name="2026-2027", **days("2026-08-17", "2027-06-04"))
S1 = put("terms", "s1", academic_year="y27", term_type="SEM1", **days("2026-08-17", "2026-12-18"))
S2 = put("terms", "s2", academic_year="y27", term_type="SEM2", **days("2027-01-04", "2027-06-04"))
Q1 = put("quarters", "q1", term="s1", quarter_type="Q1", **days("2026-08-17", "2026-10-16"))
Q2 = put("quarters", "q2", term="s1", quarter_type="Q2", **days("2026-10-19", "2026-12-18"))
FALL = put(
    "breaks", "fall", academic_year="y27", name="Fall", kind="vacation",
    **days("2026-10-12", "2026-10-13"),
)  # fmt: skip
REGULAR = put("period-templates", "reg", code="regular", name="Regular", is_default=True)
SHORT = put("period-templates", "short", code="short", name="Short day")
FIRST = put(
    "period-definitions", "p1", template="reg", number=1, name="1", start="08:30", length=50
)
RULE = put("schedule-rules", "mon", academic_year="y27", template="short", weekdays=["monday"])
PARTY = put(
    "day-overrides", "party", academic_year="y27", name="Party", template="short",
    **days("2026-12-17", "2026-12-17"),
)  # fmt: skip
EVERYTHING = [PARTY, RULE, FIRST, Q2, Q1, S1, S2, FALL, SHORT, REGULAR, Y27]
"""One item of every kind, each before what it belongs to."""


def changed(item: dict[str, Any], **data: Any) -> dict[str, Any]:
    return {**item, "data": {**item["data"], **data}}


def lacking(item: dict[str, Any], name: str) -> dict[str, Any]:
    return {**item, "data": {key: each for key, each in item["data"].items() if key != name}}


def send(client: APIClient, *items: Any, query: str = "", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(f"{BATCH}{query}", {"items": list(items)}, format="json", headers=named)


def results(response: Any) -> dict[str, str]:
    assert response.status_code == 200, response.json()
    return {each["sourced_id"]: each["result"] for each in response.json()["items"]}


def now(school: School) -> School:
    return School.objects.get(pk=school.pk)
