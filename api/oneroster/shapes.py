"""Objects as a caller is told of them: from what is kept, with the root of the request."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from api.credentials import Credential
from api.oneroster import queries
from api.oneroster.collections import ORGS, SESSIONS, Collection
from scheduling.oneroster import ORG, anchored, reference

Object = dict[str, Any]
Names = frozenset[str] | None


def listed(
    collection: Collection, bodies: Sequence[str], names: Names, caller: Credential, root: str
) -> bytes:
    """Return objects as the body of a list."""
    if _is_kept_as_told(collection, names, caller):
        text = ",".join(bodies)
    else:
        text = orjson.dumps(_objects(collection, bodies, names, caller)).decode()[1:-1]
    return anchored(f'{{"{collection.key}":[{text}]}}', root).encode()


def single(collection: Collection, body: str, names: Names, caller: Credential, root: str) -> bytes:
    """Return one object as the body of an answer."""
    if not _is_kept_as_told(collection, names, caller):
        body = orjson.dumps(_objects(collection, [body], names, caller)[0]).decode()
    return anchored(f'{{"{collection.single}":{body}}}', root).encode()


def _is_kept_as_told(collection: Collection, names: Names, caller: Credential) -> bool:
    return collection is SESSIONS and names is None and not caller.tells_last_day


def _objects(
    collection: Collection, bodies: Iterable[str], names: Names, caller: Credential
) -> list[Object]:
    objects: list[Object] = [orjson.loads(body) for body in bodies]
    if collection is ORGS:
        _add_children(objects, caller)
    elif caller.tells_last_day:
        for each in objects:
            each["endDate"] = dt.date.fromisoformat(each["endDate"]) - dt.timedelta(days=1)
    if names is None:
        return objects
    return [{key: each[key] for key in each if key in names} for each in objects]


def _add_children(objects: Iterable[Object], caller: Credential) -> None:
    """Add to districts the schools that the caller sees, each of which can be asked for."""
    districts = [each for each in objects if each["type"] == "district"]
    if not districts:
        return
    schools = queries.children(caller.reach, [each["sourcedId"] for each in districts])
    for each in districts:
        own = schools.get(each["sourcedId"])
        if own:
            each["children"] = [reference(ORG, name) for name in own]
