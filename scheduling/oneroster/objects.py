"""An org and a session as OneRoster writes them.

An address is stored as `"href":"~/…"`, for the root is that of the request. No text in a JSON
document can hold these characters: a quote inside of text has a backslash before it.
"""

import datetime as dt
from typing import Any
from urllib.parse import quote

import orjson

from scheduling.models.roster import ACTIVE, RosterOrg, RosterRecord, RosterSession

_ANCHOR = '"href":"~/'
ORG, SESSION = "org", "academicSession"
_COLLECTIONS = {ORG: "orgs", SESSION: "academicSessions"}
_PARTS = {"terms", "gradingPeriods"}
"""What an address that ends so asks for."""
ONE_DAY = dt.timedelta(days=1)


def anchored(body: str, root: str) -> str:
    """Return a body with the addresses of a root."""
    return body.replace(_ANCHOR, f'"href":"{root}/')


def wire_time(moment: dt.datetime) -> str:
    """Return a moment as it is sent: UTC, cut to whole milliseconds."""
    return f"{moment.astimezone(dt.UTC).isoformat(timespec='milliseconds')[:23]}Z"


def later_than(told: str | None, now: dt.datetime) -> str:
    """Return now, or the first millisecond after what was told last."""
    if not told:
        return wire_time(now)
    after = dt.datetime.fromisoformat(told) + dt.timedelta(milliseconds=1)
    return max(wire_time(now), wire_time(after))


def is_addressable(sourced_id: str) -> bool:
    """Return whether an id can be asked for, whatever clients and proxies do to an address.

    They take `.`, `..` and empty steps out of it; and what ends in `/terms` asks for terms.
    """
    steps = sourced_id.split("/")
    clear = sourced_id.isprintable() and not any(step.strip(".") == "" for step in steps)
    return clear and not (len(steps) > 1 and steps[-1] in _PARTS)


def reference(kind: str, sourced_id: str) -> dict[str, str]:
    """Return a GUIDRef."""
    href = f"~/{_COLLECTIONS[kind]}/{quote(sourced_id, safe='')}"
    return {"href": href, "sourcedId": sourced_id, "type": kind}


def session_body(record: RosterSession) -> str:
    """Return a session as JSON, with an exclusive end date; what is absent is left out."""
    parent, children = record.parent_sourced_id, children_of(record)
    return _text(
        {
            **_head(record),
            "title": record.title,
            "type": record.type,
            "startDate": record.start_date,
            "endDate": record.end_date,
            "schoolYear": record.school_year,
            **({"parent": reference(SESSION, parent)} if parent else {}),
            **({"children": [reference(SESSION, each) for each in children]} if children else {}),
            "metadata": {"orgSourcedId": record.org_sourced_id},
        }
    )


def org_body(record: RosterOrg) -> str:
    """Return an org as JSON, without children: which ones there are depends on who asks."""
    parent = record.parent_sourced_id
    return _text(
        {
            **_head(record),
            "name": record.name,
            "type": record.type,
            "identifier": record.identifier,
            **({"parent": reference(ORG, parent)} if parent else {}),
        }
    )


def children_of(record: RosterSession) -> list[str]:
    """Return the ids of a session's parts."""
    return [each for each in record.children.split(record.SEPARATOR) if each]


def joined(sourced_ids: list[str]) -> str:
    """Return ids as they are stored."""
    mark = RosterSession.SEPARATOR
    return f"{mark}{mark.join(sourced_ids)}{mark}" if sourced_ids else ""


def is_active(record: RosterRecord) -> bool:
    """Return whether a record is about something that is there."""
    return record.status == ACTIVE


def _head(record: RosterRecord) -> dict[str, str]:
    return {
        "sourcedId": record.sourced_id,
        "status": record.status,
        "dateLastModified": record.date_last_modified,
    }


def _text(data: dict[str, Any]) -> str:
    return orjson.dumps(data).decode()
