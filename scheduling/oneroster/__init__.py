"""OneRoster: what orgs and sessions are called there, and what has been said of them."""

from scheduling.oneroster.objects import ORG, anchored, reference, wire_time
from scheduling.oneroster.recording import Touched, record, record_all
from scheduling.oneroster.states import roster_state

__all__ = [
    "ORG",
    "Touched",
    "anchored",
    "record",
    "record_all",
    "reference",
    "roster_state",
    "wire_time",
]
