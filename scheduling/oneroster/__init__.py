"""OneRoster: what orgs and sessions are called there, and what has been said of them."""

from scheduling.oneroster.objects import ORG, anchored, reference, wire_time
from scheduling.oneroster.recording import Touched, record, record_all

__all__ = [
    "ORG",
    "Touched",
    "anchored",
    "record",
    "record_all",
    "reference",
    "wire_time",
]
