"""Whole bell schedules: fill one, replace its periods, copy it, see what uses it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from itertools import count as count_from

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.conditions import same_value
from core.constraints import at_the_end
from core.models.abstracts import problem
from core.revision import revise
from scheduling import rules
from scheduling.models import DayOverride, PeriodDefinition, PeriodTemplate, ScheduleRule
from scheduling.services.period_set import own_problems, require_sound

LUNCH_MINUTES = 25
"""A generated break of so many minutes is lunch. Of 189 published ones, three say otherwise."""

MIDNIGHT = dt.time(0)
LAST_MINUTE = 23 * 60 + 59

GIVEN = sorted(
    field.name
    for field in PeriodDefinition._meta.concrete_fields
    if field.editable and field.name != "template"
)
"""The columns of a period that a person can set."""


def generate_periods(
    template: PeriodTemplate,
    *,
    start: dt.time,
    count: int,
    length: int,
    passing: int = 5,
    breaks: Mapping[int, int] | None = None,
    irregular: bool = False,
) -> list[PeriodDefinition]:
    """Fill an empty bell schedule with classes 1 to `count`, and return its periods.

    `breaks` gives the minutes of a break by the number of the class before it. A break begins
    when that class ends, the passing time follows it, and its own number is above the classes'.

    Raises ValidationError, by argument; of the row (`has_periods`) if it is not empty.
    """
    breaks = breaks or {}
    sample = PeriodDefinition(
        number=1, start=start, length=length, passing=passing, irregular=irregular
    )
    _raise_all(_argument_problems(sample, count, breaks))
    _raise_all(_end_problems(sample, count, breaks))
    with revise(template.school_id):
        if PeriodDefinition.objects.filter(template=template).exists():
            message = _("%(template)s has periods already: replace them, or delete them first.")
            raise ValidationError(message, "has_periods", {"template": template})
        return replace_periods(template, _lay_out(sample, count, breaks))


def replace_periods(
    template: PeriodTemplate, periods: Iterable[PeriodDefinition]
) -> list[PeriodDefinition]:
    """Make copies of these rows the periods of a bell schedule, all or nothing, and return them.

    A row takes the place of the period of its number, which stays the same row in the eyes of a
    client; what does not differ is not touched.

    Raises ValidationError with every problem under `periods`; see `require_sound`.
    """
    rows = [_copied(each, template) for each in periods]
    with revise(template.school_id):
        require_sound(rows, template)
        current = PeriodDefinition.objects.filter(template=template)
        _write({row.number: row for row in current}, {row.number: row for row in rows})
        return list(current.all())


def clone_template(template: PeriodTemplate, *, code: str, name: str) -> PeriodTemplate:
    """Create a bell schedule with copies of the periods: neither default nor archived.

    Raises ValidationError if the code is taken.
    """
    with revise(template.school_id):
        clone = PeriodTemplate.objects.create(
            school_id=template.school_id,
            code=code,
            name=name,
            metadata=deepcopy(template.metadata),
        )
        periods = list(PeriodDefinition.objects.filter(template=template))
        for period in periods:
            period.sourced_id = ""  # it names the original
        replace_periods(clone, periods)
    return clone


def free_code(template: PeriodTemplate) -> str:
    """Return a code for a clone that its school has not given yet: late-start-copy, -copy-2."""
    longest = PeriodTemplate._meta.get_field("code").max_length or 0
    templates = PeriodTemplate.objects.filter(school=template.school_id)
    taken = set(templates.values_list("code", flat=True))
    endings = ("-copy" if number == 1 else f"-copy-{number}" for number in count_from(1))
    codes = (template.code[: longest - len(end)].rstrip("-") + end for end in endings)
    return next(code for code in codes if code not in taken)


def used_by(template: PeriodTemplate) -> list[ScheduleRule | DayOverride]:
    """Return the rules and overrides that protect a bell schedule from being deleted."""
    return [
        *template.schedule_rules.select_related("academic_year", "template"),
        *template.day_overrides.select_related("academic_year", "template"),
    ]


def _raise_all(problems: Iterable[ValidationError]) -> None:
    errors: dict[str, list[ValidationError]] = {}
    for refusal in problems:
        errors = refusal.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _argument_problems(
    sample: PeriodDefinition, count: int, breaks: Mapping[int, int]
) -> Iterator[ValidationError]:
    yield from own_problems(sample)
    if count < 1:
        yield problem("count", _("There must be at least one class."), "count_out_of_range")
    for number, minutes in breaks.items():
        if not 1 <= number <= count:
            message = _("There is no class %(number)s for a break to follow.")
            yield problem("breaks", message, "unknown_period", number=number)
        pause = PeriodDefinition(type=PeriodDefinition.Type.BREAK, length=minutes)
        for refusal in rules.length_problems(pause):
            yield ValidationError({"breaks": refusal.error_dict["length"]})


def _end_problems(
    sample: PeriodDefinition, count: int, breaks: Mapping[int, int]
) -> Iterator[ValidationError]:
    minutes = count * sample.length + (count - 1) * sample.passing + sum(breaks.values())
    if rules.minute_of_day(sample.start) + minutes > LAST_MINUTE:
        message = _("So many periods would not end by 23:59.")
        yield problem("count", message, "past_midnight")


def _lay_out(
    sample: PeriodDefinition, count: int, breaks: Mapping[int, int]
) -> Iterator[PeriodDefinition]:
    """Yield the classes of a day and their breaks, one after another."""
    minute = rules.minute_of_day(sample.start)
    numbers = count_from(count + 1)
    for number in range(1, count + 1):
        pause = breaks.get(number, 0)
        yield PeriodDefinition(
            number=number,
            start=rules.clock_after(MIDNIGHT, minute),
            length=sample.length,
            passing=0 if pause else sample.passing,
            irregular=sample.irregular,
        )
        minute += sample.length
        if pause:
            kind = _kind_of_break(pause)
            yield PeriodDefinition(
                number=next(numbers),
                name=str(kind.label),
                type=kind,
                start=rules.clock_after(MIDNIGHT, minute),
                length=pause,
                passing=sample.passing,
            )
        minute += pause + sample.passing


def _kind_of_break(minutes: int) -> PeriodDefinition.Type:
    kinds = PeriodDefinition.Type
    return kinds.LUNCH if minutes >= LUNCH_MINUTES else kinds.BREAK


def _copied(row: PeriodDefinition, template: PeriodTemplate) -> PeriodDefinition:
    values = {name: deepcopy(getattr(row, name)) for name in GIVEN}
    return PeriodDefinition(template=template, **values)


Numbered = Mapping[int, PeriodDefinition]


def _write(current: Numbered, given: Numbered) -> None:
    """Turn the current rows into the given ones; in between they may be in each other's way."""
    changed = [row for number, row in given.items() if _differs(current.get(number), row)]
    gone = [row.pk for number, row in current.items() if number not in given]
    if not (changed or gone):
        return
    with at_the_end(PeriodDefinition):
        PeriodDefinition.objects.filter(pk__in=gone).delete()
        _release_sourced_ids(current, given)
        updates = [_updated(current[row.number], row) for row in changed if row.number in current]
        PeriodDefinition.objects.bulk_update(updates, GIVEN)
        PeriodDefinition.objects.bulk_create(row for row in changed if row.number not in current)


def _differs(row: PeriodDefinition | None, given: PeriodDefinition) -> bool:
    return row is None or not all(
        same_value(getattr(row, name), getattr(given, name)) for name in GIVEN
    )


def _updated(row: PeriodDefinition, given: PeriodDefinition) -> PeriodDefinition:
    for name in GIVEN:
        setattr(row, name, getattr(given, name))
    return row


def _release_sourced_ids(current: Numbered, given: Numbered) -> None:
    """Take sourced ids from the rows that pass them on: no two may have one, even for a moment."""
    wanted = {row.sourced_id: number for number, row in given.items() if row.sourced_id}
    passed_on = [
        row.pk
        for number, row in current.items()
        if number in given and wanted.get(row.sourced_id, number) != number
    ]
    if passed_on:
        PeriodDefinition.objects.filter(pk__in=passed_on).update(sourced_id="")
