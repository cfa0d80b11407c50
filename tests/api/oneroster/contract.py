"""What OneRoster 1.1 and 1.2 say of the objects that are served here, as JSON Schemas of our own.

They restate, in our own words, the data models of the 1EdTech OneRoster specification, versions 1.1
and 1.2 (1EdTech Consortium, https://www.imsglobal.org/activity/onerosterlis), narrowed to what this
service promises: absent values are left out, texts are never empty, times are in UTC.
"""

from typing import Any

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}


def thing(required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def reference(kind: str) -> dict[str, Any]:
    address = {"type": "string", "pattern": r"^https?://[^/]+/\S+$"}
    return thing({"href": address, "sourcedId": TEXT, "type": {"const": kind}}, {})


HEAD = {
    "sourcedId": TEXT,
    "status": {"enum": ["active", "tobedeleted"]},
    "dateLastModified": TIME,
}


def family(kind: str) -> dict[str, Any]:
    children = {"type": "array", "items": reference(kind), "minItems": 1}
    return {"parent": reference(kind), "children": children, "metadata": {"type": "object"}}


SESSION = thing(
    {
        **HEAD,
        "title": TEXT,
        "type": {"enum": ["gradingPeriod", "semester", "schoolYear", "term"]},
        "startDate": DAY,
        "endDate": DAY,
        "schoolYear": {"type": "string", "pattern": r"^\d{4}$"},
    },
    family("academicSession"),
)
ORG = thing(
    {
        **HEAD,
        "name": TEXT,
        "type": {"enum": ["department", "district", "local", "national", "school", "state"]},
        "identifier": TEXT,
    },
    family("org"),
)
CODES_1_1 = [
    "invalid_filter_field",
    "invalid_selection_field",
    "invaliddata",
    "targetreadfailure",
    "unauthorisedrequest",
    "unknownobject",
]
CODES_1_2 = [
    "forbidden",
    "internal_server_error",
    "invalid_filter_field",
    "invalid_selection_field",
    "invaliddata",
    "server_busy",
    "unauthorisedrequest",
    "unknownobject",
]


def status(codes: list[str], **more: Any) -> dict[str, Any]:
    field = thing(
        {
            "imsx_codeMinorFieldName": {"const": "TargetEndSystem"},
            "imsx_codeMinorFieldValue": {"enum": codes},
        },
        {},
    )
    fields = {"type": "array", "items": field, "minItems": 1, "maxItems": 1}
    return thing(
        {
            "imsx_codeMajor": {"enum": ["failure", "unsupported"]},
            "imsx_severity": {"const": "error"},
            "imsx_description": TEXT,
            "imsx_CodeMinor": thing({"imsx_codeMinorField": fields}, {}),
            **more,
        },
        {},
    )


def several(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def chosen(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an object of which a caller has chosen some keys."""
    return {**schema, "required": []}


OBJECTS = {"academicSession": SESSION, "org": ORG}
SCHEMAS = {
    "status 1.1": status(CODES_1_1, imsx_messageRefIdentifier=TEXT),
    "status 1.2": status(CODES_1_2),
    **{key: thing({key: schema}, {}) for key, schema in OBJECTS.items()},
    **{f"{key}s": thing({f"{key}s": several(each)}, {}) for key, each in OBJECTS.items()},
    **{f"{key} selected": thing({key: chosen(each)}, {}) for key, each in OBJECTS.items()},
    **{
        f"{key}s selected": thing({f"{key}s": several(chosen(each))}, {})
        for key, each in OBJECTS.items()
    },
}
