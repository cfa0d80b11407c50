"""What the lists of a calendar document hold: which rows, told apart by what, from which keys."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduling.models import (
    AcademicYear,
    Break,
    DayOverride,
    PeriodDefinition,
    PeriodTemplate,
    Quarter,
    ScheduleRule,
    Term,
)

FORMAT = "schoolday/1"
MISSING = object()


@dataclass(frozen=True, eq=False)
class Kind:
    """The rows of one list: `key` is the list's key, and the parent's name for these rows.

    `columns` maps each column to its place in a row's object, in the order of the schema.
    """

    key: str
    model: type[Any]
    parent: str
    """The column of the row that holds the list."""
    columns: Mapping[str, str]
    named_by: tuple[str, ...]
    """The columns that tell a row from the others of its parent."""
    sorted_by: tuple[str, ...]
    """The columns that order an export."""
    kept: tuple[str, ...] = ()
    """The columns that no update changes: with another value, it is another row."""
    like: Mapping[str, str] = field(default_factory=dict)
    """The columns that take the value of another one where the document leaves them out."""
    shown_as: Mapping[str, str] = field(default_factory=dict)
    """The places at which problems of derived columns are shown."""
    children: tuple["Kind", ...] = ()

    @property
    def refers_to_template(self) -> bool:
        """Whether the rows name a bell schedule by its code."""
        return "template" in self.columns

    def place_of(self, column: str) -> str:
        """Return the pointer, within a row's object, of what a column is read from."""
        place = self.columns.get(column) or self.shown_as.get(column)
        return f"/{place}" if place else ""

    def name_of(self, row: Any) -> tuple[Any, ...]:
        """Return the values that tell the row from the others of its parent."""
        return tuple(hashable(getattr(row, column)) for column in self.named_by)


def hashable(value: Any) -> Any:
    """Return a value as part of a name; lists of weekdays name the same in any order."""
    return tuple(sorted(value)) if isinstance(value, list) else value


def _same(*columns: str) -> dict[str, str]:
    return {column: column for column in columns}


PERIODS = Kind(
    key="periods",
    model=PeriodDefinition,
    parent="template",
    columns=_same(
        "number",
        "name",
        "type",
        "start",
        "length",
        "passing",
        "track",
        "irregular",
        "sourced_id",
        "meta",
    ),
    named_by=("number",),
    sorted_by=("start", "number"),
    shown_as={"end": "length"},
)
TEMPLATES = Kind(
    key="period_templates",
    model=PeriodTemplate,
    parent="school",
    columns=_same("code", "name", "is_default", "is_archived", "sourced_id", "metadata"),
    named_by=("code",),
    sorted_by=("code",),
    children=(PERIODS,),
)
QUARTERS = Kind(
    key="quarters",
    model=Quarter,
    parent="term",
    columns=_same("quarter_type", "start_date", "end_date", "sourced_id", "metadata"),
    named_by=("quarter_type",),
    sorted_by=("quarter_type",),
    kept=("quarter_type",),
    shown_as={"sequence": "quarter_type"},
)
TERMS = Kind(
    key="terms",
    model=Term,
    parent="academic_year",
    columns=_same("term_type", "name", "start_date", "end_date", "sourced_id", "metadata"),
    named_by=("term_type",),
    sorted_by=("start_date", "term_type"),
    kept=("term_type",),
    shown_as={"sequence": "term_type"},
    children=(QUARTERS,),
)
BREAKS = Kind(
    key="breaks",
    model=Break,
    parent="academic_year",
    columns=_same(
        "name", "kind", "start_date", "end_date", "counts_weeks", "sourced_id", "metadata"
    ),
    named_by=("name", "start_date"),
    sorted_by=("start_date", "end_date", "name"),
    like={"end_date": "start_date"},
)
RULES = Kind(
    key="schedule_rules",
    model=ScheduleRule,
    parent="academic_year",
    columns=_same(
        "template", "weekdays", "cycle_day", "valid_from", "valid_to", "sourced_id", "metadata"
    ),
    named_by=("template_id", "weekdays", "cycle_day", "valid_from", "valid_to"),
    sorted_by=("template", "weekdays", "cycle_day", "valid_from", "valid_to"),
)
OVERRIDES = Kind(
    key="day_overrides",
    model=DayOverride,
    parent="academic_year",
    columns=_same(
        "start_date",
        "end_date",
        "name",
        "closed",
        "template",
        "cycle_day",
        "holds_cycle",
        "sourced_id",
        "metadata",
    ),
    named_by=("start_date",),
    sorted_by=("start_date",),
    like={"end_date": "start_date"},
)
YEARS = Kind(
    key="academic_years",
    model=AcademicYear,
    parent="school",
    columns={
        **_same("name", "start_date", "end_date", "sourced_id", "metadata"),
        "cycle_days": "rotation/cycle_days",
        "cycle_policy": "rotation/policy",
        "cycle_start": "rotation/start",
    },
    named_by=("name",),
    sorted_by=("start_date",),
    children=(TERMS, BREAKS, RULES, OVERRIDES),
)

SCHOOL_COLUMNS = (
    "slug",
    "name",
    "timezone",
    "weekdays",
    "is_public",
    "passing_minutes_cap",
    "sourced_id",
    "metadata",
)
DISTRICT_COLUMNS = ("slug", "name", "sourced_id", "metadata")


def _below(kinds: tuple[Kind, ...]) -> Iterator[Kind]:
    for kind in kinds:
        yield kind
        yield from _below(kind.children)


KINDS = tuple(_below((TEMPLATES, YEARS)))
"""Every kind, a parent before its children."""


def find(item: Mapping[str, Any], place: str) -> Any:
    """Return what stands at a place such as "rotation/policy", or MISSING."""
    value: Any = item
    for key in place.split("/"):
        value = value.get(key, MISSING)
        if value is MISSING:
            break
    return value
