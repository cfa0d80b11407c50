"""What an Ed-Fi host demands of an export, written down once more and from nothing of ours."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

Export = Mapping[str, list[dict[str, Any]]]

ID = {"type": "integer", "minimum": 1}
YEAR = {"type": "integer", "minimum": 1900, "maximum": 2199}
COUNT = {"type": "integer", "minimum": 0}
NAME = {"type": "string", "minLength": 1, "maxLength": 60, "pattern": r"^\S(.*\S)?$"}
DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "format": "date"}
TIME = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$"}

TERMS = ["Fall Semester", "Spring Semester"]
TRIMESTERS = ["First Trimester", "Second Trimester", "Third Trimester"]
NINE_WEEKS = ["First Nine Weeks", "Second Nine Weeks", "Third Nine Weeks", "Fourth Nine Weeks"]
INSTRUCTIONAL = ["Instructional day", "Make-up day", "Student late arrival/early dismissal"]
DAYS_OFF = ["Holiday", "Non-instructional day", "Teacher only day", "Weather day"]
VALUES = {
    "Term": [*TERMS, *TRIMESTERS],
    "GradingPeriod": [*NINE_WEEKS, "First Semester", "Second Semester", *TRIMESTERS],
    "CalendarType": ["School"],
    "CalendarEvent": [*INSTRUCTIONAL, *DAYS_OFF],
}


def thing(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the schema of an object that has these keys and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def some(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}


def descriptor(name: str, namespace: str) -> dict[str, Any]:
    return {"enum": [f"{namespace}/{name}Descriptor#{value}" for value in VALUES[name]]}


def shapes(namespace: str) -> dict[str, dict[str, Any]]:
    """Return the schema of each resource, in the order in which a host takes them."""
    school = {"schoolReference": thing({"schoolId": ID})}
    of_a_year = {**school, "schoolYearTypeReference": thing({"schoolYear": YEAR})}
    year_key = {"schoolId": ID, "schoolYear": YEAR}
    span = {"beginDate": DATE, "endDate": DATE, "totalInstructionalDays": COUNT}
    graded = {
        "gradingPeriodDescriptor": descriptor("GradingPeriod", namespace),
        "gradingPeriodName": NAME,
    }
    event = thing({"calendarEventDescriptor": descriptor("CalendarEvent", namespace)})
    return {
        "gradingPeriods": thing(
            {**graded, **of_a_year, **span},
            {"periodSequence": {"type": "integer", "minimum": 1, "maximum": 4}},
        ),
        "sessions": thing(
            {
                "sessionName": NAME,
                **of_a_year,
                **span,
                "termDescriptor": descriptor("Term", namespace),
            },
            {"gradingPeriods": some(thing({"gradingPeriodReference": thing(graded | year_key)}))},
        ),
        "calendars": thing(
            {
                "calendarCode": NAME,
                **of_a_year,
                "calendarTypeDescriptor": descriptor("CalendarType", namespace),
            }
        ),
        "calendarDates": thing(
            {
                "calendarReference": thing({"calendarCode": NAME, **year_key}),
                "date": DATE,
                "calendarEvents": some(event),
            }
        ),
        "classPeriods": thing(
            {"classPeriodName": NAME, **school},
            {"meetingTimes": some(thing({"startTime": TIME, "endTime": TIME}))},
        ),
        "bellSchedules": thing(
            {
                "bellScheduleName": NAME,
                **school,
                "classPeriods": some(
                    thing(
                        {"classPeriodReference": thing({"classPeriodName": NAME, "schoolId": ID})}
                    )
                ),
            },
            {
                "dates": some(thing({"date": DATE})),
                "startTime": TIME,
                "endTime": TIME,
                "totalInstructionalTime": COUNT,
                "alternateDayName": {"type": "string", "minLength": 1, "maxLength": 20},
            },
        ),
    }


KEYS = {
    "gradingPeriods": ["gradingPeriodDescriptor", "gradingPeriodName", "schoolId", "schoolYear"],
    "sessions": ["sessionName", "schoolId", "schoolYear"],
    "calendars": ["calendarCode", "schoolId", "schoolYear"],
    "calendarDates": ["calendarCode", "schoolId", "schoolYear", "date"],
    "classPeriods": ["classPeriodName", "schoolId"],
    "bellSchedules": ["bellScheduleName", "schoolId"],
}
REFERENCES = {
    "gradingPeriodReference": "gradingPeriods",
    "calendarReference": "calendars",
    "classPeriodReference": "classPeriods",
}


def faults(
    export: Export, *, namespace: str = "uri://ed-fi.org", end_dates: str = "inclusive"
) -> list[str]:
    """Return all that a host would refuse; each check asks of what has passed those before it."""
    known = shapes(namespace)
    wrong = [] if list(export) == list(known) else ["these are not the resources, in their order"]
    for name in export.keys() & known.keys():
        wrong += shape_faults(name, known[name], export[name])
    if wrong:
        return wrong
    after_last = dt.timedelta(days=end_dates == "exclusive")
    wrong = [*key_faults(export), *reference_faults(export)]
    return wrong or [*span_faults(export, after_last), *bell_faults(export)]


def shape_faults(name: str, shape: dict[str, Any], bodies: Any) -> list[str]:
    whole = {"type": "array", "items": shape}
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    return [
        f"{name}{error.instance_path}: {error.message}" for error in validator.iter_errors(bodies)
    ]


def flat(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body's own values with those of its references."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        found |= value if isinstance(value, dict) else {name: value}
    return found


def key(resource: str, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the natural key of a body, or of a reference to one: hosts may ignore its case."""
    values = flat(body)
    return tuple(str(values[name]).casefold() for name in KEYS[resource])


def key_faults(export: Export) -> Iterator[str]:
    for resource, bodies in export.items():
        counts = Counter(key(resource, body) for body in bodies)
        yield from (f"{resource}: {each} comes twice" for each in counts if counts[each] > 1)


def reference_faults(export: Export) -> Iterator[str]:
    """Find what refers to something that was not pushed before it."""
    pushed: dict[str, set[Any]] = {}
    for resource, bodies in export.items():
        for name, given in references_in(bodies):
            target = REFERENCES.get(name)
            if target and key(target, given) not in pushed.get(target, set()):
                yield f"{resource}: there is no {name} {given}"
        pushed[resource] = {key(resource, body) for body in bodies}
    schools = {given["schoolId"] for bodies in export.values() for given in school_keys(bodies)}
    if len(schools) > 1:
        yield f"more than one school: {schools}"


def references_in(part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, list):
        for each in part:
            yield from references_in(each)
    if isinstance(part, dict):
        for name, value in part.items():
            if name.endswith("Reference"):
                yield name, value
            yield from references_in(value)


def school_keys(part: Any) -> Iterator[dict[str, Any]]:
    return (given for _name, given in references_in(part) if "schoolId" in given)


def is_instructional(body: Mapping[str, Any]) -> bool:
    events = (each["calendarEventDescriptor"] for each in body["calendarEvents"])
    return any(each.partition("#")[2] in INSTRUCTIONAL for each in events)


def span_faults(export: Export, after_last: dt.timedelta) -> Iterator[str]:
    held = [each["date"] for each in export["calendarDates"] if is_instructional(each)]
    for body in (*export["gradingPeriods"], *export["sessions"]):
        first, end = body["beginDate"], dt.date.fromisoformat(body["endDate"])
        last = str(end - after_last)
        count = sum(first <= date <= last for date in held)
        if first > last:
            yield f"{first} to {last} is backwards"
        if body["totalInstructionalDays"] != count:
            yield f"{first} to {last} has {count} instructional days"


def bell_faults(export: Export) -> Iterator[str]:
    held = {each["date"] for each in export["calendarDates"] if is_instructional(each)}
    times = {each["classPeriodName"]: each["meetingTimes"] for each in export["classPeriods"]}
    rung = Counter(day["date"] for each in export["bellSchedules"] for day in each["dates"])
    yield from (f"{date} has bells, but no instruction" for date in rung.keys() - held)
    yield from (f"{date} has several bell schedules" for date in rung if rung[date] > 1)
    for body in export["bellSchedules"]:
        names = [each["classPeriodReference"]["classPeriodName"] for each in body["classPeriods"]]
        meetings = [each for name in names for each in times[name]]
        bounds = (
            min(each["startTime"] for each in meetings),
            max(each["endTime"] for each in meetings),
        )
        if bounds != (body["startTime"], body["endTime"]):
            yield f"{body['bellScheduleName']} does not last from {bounds[0]} to {bounds[1]}"
    for name, meetings in times.items():
        if any(each["startTime"] >= each["endTime"] for each in meetings):
            yield f"{name} ends before it starts"
    used = {
        given["classPeriodName"]
        for _n, given in references_in(export["bellSchedules"])
        if "classPeriodName" in given
    }
    yield from (f"{name} is rung by no bell schedule" for name in times.keys() - used)
