"""Where a school's rows are read from: as they are, or as they were at a revision.

Either gives the same columns, in the same order, so that whoever makes facts or documents of rows
need not know how old they are.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.apps import apps
from typing_extensions import override

from core.history import as_of, versions
from core.revision import log_model, plain, school_model


class SchoolLine(NamedTuple):
    """What facts are made of a school's own row."""

    slug: str
    name: str
    timezone: str
    weekdays: list[str]
    passing_minutes_cap: int
    revision: int
    revision_token: UUID


class YearLine(NamedTuple):
    """What facts are made of an academic year's."""

    pk: UUID
    name: str
    start_date: dt.date
    end_date: dt.date
    cycle_days: list[str]
    cycle_policy: Any
    cycle_start: dt.date | None


TERM = ("academic_year_id", "id", "term_type", "name", "start_date", "end_date")
QUARTER = ("id", "quarter_type", "sequence", "start_date", "end_date")
TEMPLATE = ("id", "code", "name", "is_default")
PERIOD = ("id", "number", "name", "type", "track", "start", "end", "length", "passing")
"""The columns that facts are made of, of the other rows."""
ORDER_IN_YEAR = {"Break": "start_date", "DayOverride": "start_date", "ScheduleRule": "id"}
"""By what the rows of a year go, and then by their id."""

Line = tuple[Any, ...]


class RowSource(Protocol):
    """The rows of one school. One after the other they may be of two states: compare tokens."""

    school_id: UUID

    def school(self) -> Any:
        """Return the school with its district. Raises ObjectDoesNotExist."""

    def of(self, model: Any) -> Iterable[Any]:
        """Return all rows of a model, in any order."""

    def years(self) -> Sequence[Line]:
        """Return a line for each year, by its start, or for none: a SchoolLine, then a YearLine."""

    def terms(self, years: Sequence[UUID]) -> Iterable[Line]:
        """Return a line for each quarter of each term, or for none: what TERM and QUARTER name."""

    def in_years(self, name: str, years: Sequence[UUID]) -> Iterable[Any]:
        """Return the rows of a model in ORDER_IN_YEAR."""

    def templates(self) -> Sequence[Line]:
        """Return a line for each period of each bell schedule, or for none, or for no schedule.

        It has the token of this moment, and then what TEMPLATE and PERIOD name.
        """


class RowsNow(RowSource):
    """RowSource as they are."""

    def __init__(self, school_id: UUID) -> None:
        self.school_id = school_id

    @override
    def school(self) -> Any:
        return plain(school_model()).select_related("district").get(pk=self.school_id)

    @override
    def of(self, model: Any) -> Iterable[Any]:
        return model.objects.filter(school=self.school_id).order_by()  # type: ignore[no-any-return]

    @override
    def years(self) -> Sequence[Line]:
        columns = [*SchoolLine._fields, *(f"academic_years__{name}" for name in YearLine._fields)]
        return list(self._own().order_by("academic_years__start_date").values_list(*columns))

    @override
    def terms(self, years: Sequence[UUID]) -> Iterable[Line]:
        rows = _model("Term").objects.filter(academic_year__in=years)
        lines = rows.order_by("start_date", "id", "quarters__sequence")
        return lines.values_list(*TERM, *(f"quarters__{name}" for name in QUARTER))  # type: ignore[no-any-return]

    @override
    def in_years(self, name: str, years: Sequence[UUID]) -> Iterable[Any]:
        rows = _model(name).objects.filter(academic_year__in=years)
        return rows.order_by(ORDER_IN_YEAR[name], "id")  # type: ignore[no-any-return]

    @override
    def templates(self) -> Sequence[Line]:
        order = "name", "id", "periods__start", "periods__number"
        columns = (*TEMPLATE, *(f"periods__{name}" for name in PERIOD))
        lines = self._own().order_by(*(f"period_templates__{name}" for name in order))
        return list(
            lines.values_list("revision_token", *(f"period_templates__{name}" for name in columns))
        )

    def _own(self) -> Any:
        return plain(school_model()).filter(pk=self.school_id)


class RowsThen(RowSource):
    """RowSource as they were at a revision, from their history: what has gone since is there, too.

    A district counts revisions of its own. A change of it is a revision of its schools, too, so
    what it was called goes by when this one was committed.
    """

    def __init__(
        self, school_id: UUID, number: int, token: UUID, committed_at: dt.datetime
    ) -> None:
        self.school_id = school_id
        self.number = number
        self.token = token
        self.committed_at = committed_at

    def is_known(self) -> bool:
        """Return whether history still has the state: what was read until now is all of it."""
        log = log_model().objects.filter(school=self.school_id, number=self.number)
        return bool(log.exists())

    @override
    def school(self) -> Any:
        school = self._own()
        told = versions(_model("District")).filter(id=school.district_id)
        then = told.filter(history_date__lte=self.committed_at).order_by("-history_id").first()
        school.district = (then or told.earliest("history_id")).instance
        return school

    @override
    def of(self, model: Any, **kept: Any) -> Iterable[Any]:
        return [each.instance for each in as_of(model, self.number, school=self.school_id, **kept)]

    @override
    def years(self) -> Sequence[Line]:
        years = sorted(self.of(_model("AcademicYear")), key=attrgetter("start_date"))
        return list(
            _joined([self._own()], SchoolLine._fields, years, "school_id", YearLine._fields)
        )

    @override
    def terms(self, years: Sequence[UUID]) -> Iterable[Line]:
        terms = self.of(_model("Term"), academic_year__in=years)
        quarters = sorted(self.of(_model("Quarter")), key=attrgetter("sequence"))
        in_order = sorted(terms, key=attrgetter("start_date", "id"))
        return _joined(in_order, TERM, quarters, "term_id", QUARTER)

    @override
    def in_years(self, name: str, years: Sequence[UUID]) -> Iterable[Any]:
        rows = self.of(_model(name), academic_year__in=years)
        return sorted(rows, key=attrgetter(ORDER_IN_YEAR[name], "id"))

    @override
    def templates(self) -> Sequence[Line]:
        rows = self.of(_model("PeriodTemplate"))
        periods = sorted(self.of(_model("PeriodDefinition")), key=attrgetter("start", "number"))
        lines = list(_joined(rows, TEMPLATE, periods, "template_id", PERIOD))
        nothing = (None,) * len(TEMPLATE + PERIOD)
        return [(self.token, *line) for line in lines or [nothing]]

    def _own(self) -> Any:
        school = as_of(school_model(), self.number, id=self.school_id).get().instance
        school.revision, school.revision_token = self.number, self.token
        return school


def _model(name: str) -> Any:
    return apps.get_model("scheduling", name)


def _joined(
    parents: Iterable[Any],
    columns: Sequence[str],
    children: Iterable[Any],
    key: str,
    columns_of_child: Sequence[str],
) -> Iterator[Line]:
    """Yield a line for each child of each parent, or for a parent without any."""
    by_parent: defaultdict[Any, list[Line]] = defaultdict(list)
    for child in children:
        by_parent[getattr(child, key)].append(_values(child, columns_of_child))
    nothing = (None,) * len(columns_of_child)
    for parent in parents:
        for line in by_parent.get(parent.pk, [nothing]):
            yield (*_values(parent, columns), *line)


def _values(row: Any, columns: Sequence[str]) -> Line:
    return tuple(getattr(row, name) for name in columns)
