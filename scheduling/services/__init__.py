"""Writes that touch several rows, all or nothing; import services from here."""

from scheduling.services.clients import NewClient, create_client
from scheduling.services.closures import AddedBreaks, Holiday, add_breaks, suggested_holidays
from scheduling.services.period_set import require_sound
from scheduling.services.periods import (
    clone_template,
    free_code,
    generate_periods,
    replace_periods,
    used_by,
)
from scheduling.services.quarters import generate_quarters

__all__ = [
    "AddedBreaks",
    "Holiday",
    "NewClient",
    "add_breaks",
    "clone_template",
    "create_client",
    "free_code",
    "generate_periods",
    "generate_quarters",
    "replace_periods",
    "require_sound",
    "suggested_holidays",
    "used_by",
]
