"""The periods of one bell schedule, validated as a set and in memory: no query a row."""

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from core.constraints import OVERLAPS
from core.models.abstracts import problem
from scheduling import rules
from scheduling.models import PeriodDefinition, PeriodTemplate

Problem = tuple[PeriodDefinition, ValidationError]
"""A refusal, and the row that is refused."""


def require_sound(rows: Sequence[PeriodDefinition], template: PeriodTemplate) -> None:
    """Require the rows to be all the periods that a bell schedule can have.

    Raises ValidationError with every problem under `periods`. Each carries the row's place among
    the rows in `params["index"]`, and the JSON pointer into them in `params["pointer"]`.
    """
    problems = [
        *((row, refusal) for row in rows for refusal in own_problems(row)),
        *_repeated_numbers(rows),
        *_taken_sourced_ids(rows, template),
        *_clashes(rows),
    ]
    if problems:
        places = {row.pk: index for index, row in enumerate(rows)}
        located = [
            error for row, refusal in problems for error in _located(refusal, places[row.pk])
        ]
        raise ValidationError({"periods": located})


def own_problems(row: PeriodDefinition) -> Iterator[ValidationError]:
    """Find what is wrong with a row by itself; derive its columns."""
    try:
        row.clean_fields({"template"})
    except ValidationError as refusal:
        yield refusal
    row.derive()
    yield from rules.period_problems(row)


def _repeated_numbers(rows: Sequence[PeriodDefinition]) -> Iterator[Problem]:
    seen = set()
    for row in rows:
        if row.knows("number") and row.number in seen:
            message = _("Another period has the number %(number)s.")
            yield row, problem("number", message, "number_taken", number=row.number)
        elif row.knows("number"):
            seen.add(row.number)


def _taken_sourced_ids(
    rows: Sequence[PeriodDefinition], template: PeriodTemplate
) -> Iterator[Problem]:
    named = [row for row in rows if row.knows("sourced_id") and row.sourced_id]
    if not named:
        return
    others = PeriodDefinition.objects.filter(
        school=template.school_id, sourced_id__in=[row.sourced_id for row in named]
    ).exclude(template=template)
    taken = set(others.values_list("sourced_id", flat=True))
    for row in named:
        if row.sourced_id in taken:
            message = _("Another period has the sourced id “%(sourced_id)s”.")
            params = {"sourced_id": row.sourced_id}
            yield row, problem("sourced_id", message, "sourced_id_taken", **params)
        taken.add(row.sourced_id)


def _clashes(rows: Sequence[PeriodDefinition]) -> Iterator[Problem]:
    """Find the rows that one person cannot both attend, and passing time that is not there."""
    timed = sorted(filter(_has_times, rows), key=lambda row: row.start)
    for place, row in enumerate(timed):
        reach = rules.minute_of_day(row.start) + row.length + row.passing
        later = takewhile(
            lambda other, reach=reach: rules.minute_of_day(other.start) < reach,  # type: ignore[misc]
            islice(timed, place + 1, None),
        )
        for other in later:
            yield from _clash(row, other)


def _has_times(row: PeriodDefinition) -> bool:
    return row.knows("start", "length", "passing", "track") and row.start < row.end


def _clash(row: PeriodDefinition, later: PeriodDefinition) -> Iterator[Problem]:
    if not rules.share_a_person(row.track, later.track):
        return
    if later.start < row.end:
        yield later, ValidationError(OVERLAPS, "overlap", {"clash": row})
    for refusal in rules.passing_problems(row, [later]):
        yield row, refusal


def _located(refusal: ValidationError, index: int) -> Iterator[ValidationError]:
    for field, errors in refusal.update_error_dict({}).items():
        place = f"/{index}" if field == NON_FIELD_ERRORS else f"/{index}/{field}"
        for error in errors:
            params = error.params or {}
            pointer = place + params.get("pointer", "")
            text = error.messages[0].replace("%", "%%")
            yield ValidationError(text, error.code, {**params, "index": index, "pointer": pointer})
