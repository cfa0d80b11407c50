"""A school all of whose parts carry one number: an answer tells which state it shows, or which two.

Each write gives every part the next number, in one revision. So the number of a state and its
revision go up together, and names of two numbers in one answer are parts of two states.
"""

import json
import re
from dataclasses import dataclass
from uuid import UUID

from core.revision import revise
from scheduling.models import (
    AcademicYear,
    Break,
    DayOverride,
    PeriodDefinition,
    PeriodTemplate,
    School,
    Term,
)
from tests.api.conftest import plant_maple

PARTS = (AcademicYear, Term, Break, DayOverride, PeriodTemplate, PeriodDefinition)
NAME = re.compile(r'"name": ?"Number (\d+)"')

BASE = "/api/v1/schools/maple-high"
DAY = f"{BASE}/days/2026-11-23"
QUARTER = "/api/v1/quarters/for-date?school=maple-high&date=2026-11-23"
CALENDAR = f"{BASE}/calendar"
QUESTIONS = (
    DAY,
    f"{BASE}/days/2026-11-25?track=lunch-a",
    f"{BASE}/days?from=2026-11-09&to=2026-11-27",
    f"{BASE}/now?at=2026-11-23T15:45:00Z",
    f"{BASE}/weeks",
    f"{BASE}/instructional-minutes",
    QUARTER,
    CALENDAR,
)
"""Every answer names the school and some of its parts."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A school in the test's database; its parts carry 0."""

    id: UUID
    offset: int
    """The revision of number 0."""

    def numbers(self, body: str) -> set[int]:
        """Return the numbers of the states whose parts an answer shows; there should be one."""
        told = json.loads(body)
        revision = told.get("revision") if isinstance(told, dict) else None
        by_revision = set() if revision is None else {revision - self.offset}
        return {int(number) for number in NAME.findall(body)} | by_revision


def plant() -> Numbered:
    """Create the school."""
    school = plant_maple().school
    renumber(school.pk, 0)
    school.refresh_from_db()
    return Numbered(school.pk, school.revision)


def renumber(school: UUID, number: int) -> None:
    """Give every part of a school a number, in one revision."""
    name = f"Number {number}"
    with revise(school):
        School.objects.filter(pk=school).update(name=name)
        for model in PARTS:
            model.objects.filter(school=school).update(name=name)
