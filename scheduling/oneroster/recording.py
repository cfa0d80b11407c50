"""Brings the roster in step with the rows, in the transaction that writes them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max, Model
from django.utils import timezone

from core.turns import wait_for_turn
from scheduling.models import (
    AcademicYear,
    District,
    Quarter,
    RosterOrg,
    RosterSession,
    School,
    Term,
)
from scheduling.models.roster import ACTIVE, TO_BE_DELETED, RosterRecord
from scheduling.oneroster.buried import buried_orgs, buried_sessions
from scheduling.oneroster.objects import (
    is_active,
    is_addressable,
    later_than,
    org_body,
    session_body,
)
from scheduling.oneroster.rows import Row, district_rows, school_rows, session_rows

Key = tuple[UUID, UUID]
"""A district, and a row in it."""
Touched = Mapping[type[Model], set[UUID]]

BATCH_ROWS = 100


def record(touched: Touched) -> None:
    """Bring the records of these rows in step, and those that name them.

    A row that is gone, or is another district's by now, leaves a tombstone behind. Who comes back
    under the id of a tombstone takes its place.
    """
    districts, schools = touched.get(District, set()), touched.get(School, set())
    placed = _record_orgs(districts, schools) if districts or schools else set()
    years = set(touched.get(AcademicYear, ())) | _years_of(placed)
    years |= _years_with(touched.get(Term, set()), touched.get(Quarter, set()))
    if years:
        _record_sessions(years)


def record_all() -> None:
    """Record everything, for there has been no roster: what there is, and what has been deleted."""
    districts = set(District.objects.order_by().values_list("pk", flat=True))
    schools = set(School.objects.order_by().values_list("pk", flat=True))
    _record_orgs(districts, schools)
    for school in schools:
        years = _years_of({school})
        if years:
            _record_sessions(years)
    _remember(RosterOrg, org_body, buried_orgs())
    told = RosterOrg.objects.filter(type="school").order_by("-status")
    places = {each.row_id: (each.district_id, each.sourced_id) for each in told}
    _remember(RosterSession, session_body, buried_sessions(places))


def _remember(model: Any, spell: Callable[[Any], str], rows: Sequence[Row]) -> None:
    """Make tombstones of rows that are gone; those that they were part of may be there."""
    named = {row.pk for row in rows} | {row.parent_id for row in rows}
    records = model.objects.filter(row_id__in=named)
    _Roster(model, spell, model.objects.all(), records).remember(rows)


def _years_of(schools: set[UUID]) -> set[UUID]:
    """Return the academic years of schools, those that are gone too."""
    if not schools:
        return set()
    told = RosterSession.objects.filter(school_id__in=schools).values_list("year_id", flat=True)
    there = AcademicYear.objects.filter(school__in=schools).order_by()
    return set(there.values_list("pk", flat=True).union(told))


def _years_with(terms: set[UUID], quarters: set[UUID]) -> set[UUID]:
    """Return the academic years that these rows are in, or were when they were last told of."""
    if not terms and not quarters:
        return set()
    told = RosterSession.objects.filter(row_id__in=terms | quarters)
    with_terms = Term.objects.filter(pk__in=terms).order_by()
    with_quarters = Quarter.objects.filter(pk__in=quarters).order_by()
    return set(
        told.values_list("year_id", flat=True).union(
            with_terms.values_list("academic_year_id", flat=True),
            with_quarters.values_list("term__academic_year_id", flat=True),
        )
    )


def _record_orgs(districts: set[UUID], schools: set[UUID]) -> set[UUID]:
    """Bring orgs in step, and return the schools that are new in their district.

    What districts are told to consist of is everybody's to write: they are locked, in one order.
    """
    there = school_rows(schools)
    now = {(each.district_id, each.pk) for each in there}
    told = _locked(schools)
    before = {(each.district_id, each.row_id) for each in told if is_active(each)}
    changed = {district for district, _school in before ^ now}
    told += _locked(districts | changed)
    around = RosterOrg.objects.filter(district_id__in={each.district_id for each in told})
    roster = _Roster(RosterOrg, org_body, around, told)
    roster.settle([*district_rows(districts | changed), *there], renewed=changed)
    return {school for _district, school in now - before}


def _locked(rows: set[UUID]) -> list[RosterOrg]:
    records = RosterOrg.objects.filter(row_id__in=rows).order_by("pk")
    return list(records.select_for_update(no_key=True))


def _record_sessions(years: set[UUID]) -> None:
    there = session_rows(years)
    told = list(RosterSession.objects.filter(year_id__in=years))
    schools = {each.school_id for each in there} | {each.school_id for each in told}
    last = RosterSession.objects.filter(school_id__in=schools)
    _Roster(RosterSession, session_body, last, told).settle(there)


class _Roster:
    """Records of one kind that are brought in step together, all at one time."""

    def __init__(
        self,
        model: Any,
        spell: Callable[[Any], str],
        around: Any,
        told: Iterable[RosterRecord],
    ) -> None:
        """Take the records of the rows; the time is later than that of any record around."""
        self._model = model
        self._spell = spell
        self._records: dict[Key, Any] = {(each.district_id, each.row_id): each for each in told}
        self._new: list[Any] = []
        last = around.aggregate(last=Max("date_last_modified"))["last"]
        self._time = later_than(last, timezone.now())

    def settle(self, rows: Sequence[Row], renewed: Collection[UUID] = ()) -> None:
        """Write what differs from the rows. Those that are `renewed` have other children."""
        there = {(row.district_id, row.pk) for row in rows}
        self._bury([each for key, each in self._records.items() if key not in there])
        self._name(rows)
        changed = []
        for row in rows:
            record = self._records[row.district_id, row.pk]
            row.describe(record, self._records)
            is_same = is_active(record) and self._spell(record) == record.body
            if not is_same or row.pk in renewed:
                changed.append(self._dated(record, ACTIVE))
        new = {each.pk for each in self._new}
        self._model.objects.bulk_create(self._new, batch_size=BATCH_ROWS)
        self._update([each for each in changed if each.pk not in new])

    def remember(self, rows: Sequence[Row]) -> None:
        """Make tombstones of rows that are gone, and that nobody has been told of."""
        rows = [row for row in rows if (row.district_id, row.pk) not in self._records]
        self._name(rows)
        for row in rows:
            record = self._records[row.district_id, row.pk]
            row.describe(record, self._records)
            self._dated(record, TO_BE_DELETED)
        self._model.objects.bulk_create(self._new, batch_size=BATCH_ROWS)

    def _bury(self, records: Iterable[Any]) -> None:
        buried = [each for each in records if is_active(each)]
        for record in buried:
            record.children = ""
            self._dated(record, TO_BE_DELETED)
        self._update(buried)

    def _dated(self, record: Any, status: str) -> Any:
        record.status = status
        record.date_last_modified = self._time
        record.body = self._spell(record)
        return record

    def _update(self, records: Sequence[Any]) -> None:
        fields = self._model._meta.concrete_fields
        names = [field.name for field in fields if not field.primary_key]
        self._model.objects.bulk_update(records, names, batch_size=BATCH_ROWS)

    def _name(self, rows: Sequence[Row]) -> None:
        """Make a record for each row that has none, under an id that is free in its district."""
        new = [row for row in rows if (row.district_id, row.pk) not in self._records]
        holders = self._holders(new)
        for row in new:
            wanted = row.district_id, row.sourced_id
            holder = holders.get(wanted)
            is_free = holder is None or _is_vacant(holder, row)
            name = row.sourced_id if is_free and is_addressable(row.sourced_id) else str(row.pk)
            if holder is not None and name == holder.sourced_id:
                holder.delete()
            record = self._model(district_id=row.district_id, row_id=row.pk, sourced_id=name)
            self._new.append(record)
            self._records[row.district_id, row.pk] = holders[row.district_id, name] = record

    def _holders(self, rows: Sequence[Row]) -> dict[tuple[UUID, str], Any]:
        """Return who has the ids that rows would like to have."""
        wanted: defaultdict[UUID, set[str]] = defaultdict(set)
        for row in rows:
            if row.sourced_id:
                wanted[row.district_id].add(row.sourced_id)
        for district in sorted(wanted):
            wait_for_turn(f"roster:{district}")  # others name rows of its other schools
        return {
            (district, each.sourced_id): each
            for district, names in wanted.items()
            for each in self._model.objects.filter(district_id=district, sourced_id__in=names)
        }


def _is_vacant(holder: Any, row: Row) -> bool:
    """Return whether a record is the tombstone of what is there again."""
    return (
        holder.status == TO_BE_DELETED
        and holder.type == row.type
        and getattr(holder, "school_id", None) == row.school_id
    )
