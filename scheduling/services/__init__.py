"""Writes that touch several rows, all or nothing; import services from here."""

from scheduling.services.periods import (
    clone_template,
    free_code,
    generate_periods,
    replace_periods,
    used_by,
)
from scheduling.services.quarters import generate_quarters

__all__ = [
    "clone_template",
    "free_code",
    "generate_periods",
    "generate_quarters",
    "replace_periods",
    "used_by",
]
