"""The whole number by which an Ed-Fi host knows a school."""

import re
from collections.abc import Mapping
from typing import Any

EDFI_SCHOOL_ID = "edfi_school_id"
"""The key of a school's metadata that holds it."""
HIGHEST_ID = 2**53 - 1
"""The largest number that every reader of JSON tells from its neighbours."""

_WHOLE = re.compile(r"([0-9]{1,16})(\.0)?")


def edfi_school_id(metadata: Mapping[str, Any], sourced_id: str) -> int | None:
    """Return what a school's metadata say, or else its `sourced_id` where that is such a number."""
    for given in (metadata.get(EDFI_SCHOOL_ID), sourced_id):
        written = _WHOLE.fullmatch(str(given))
        if written is not None and 1 <= int(written[1]) <= HIGHEST_ID:
            return int(written[1])
    return None
