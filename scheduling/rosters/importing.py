"""A roster's file becomes districts, schools, years, terms and quarters: all of it or nothing."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from core.revision import revise
from scheduling.documents import Counts
from scheduling.documents.plan import Plan
from scheduling.documents.problems import from_refusal
from scheduling.documents.writing import write
from scheduling.models import District, RosterOrg, School
from scheduling.models.roster import ACTIVE
from scheduling.oneroster.rows import IDENTIFIER, identifier_in
from scheduling.oneroster_csv.faults import Fault
from scheduling.oneroster_csv.layout import BULK, SESSIONS, file_name
from scheduling.oneroster_csv.packing import written
from scheduling.oneroster_csv.reading import OrgLine, Roster
from scheduling.rosters.findings import Findings
from scheduling.rosters.links import Linked, Linker
from scheduling.rosters.nodes import LEVELS, Stored, stored_sessions
from scheduling.rosters.orgs import Org, OrgMatcher, Orgs
from scheduling.rosters.planning import plan_school

logger = logging.getLogger(__name__)

Progress = Callable[[int], None]

DISTRICTS, SCHOOLS = "districts", "schools"
ROW_KINDS = (DISTRICTS, SCHOOLS, *(kind.key for kind in LEVELS))
"""What an import is counted by."""
COLUMNS = {
    "name": "name",
    "slug": "name",
    "sourced_id": "sourcedId",
    "metadata": "identifier",
    "district": "parentSourcedId",
}
"""Where a file says what is in a column of an org's row."""
DETAILS = {"district": "The district of this school cannot be taken."}
BATCH_SCHOOLS = 100
"""Schools whose sessions are held at one time."""
KEPT = (
    "There are lines whose ids cannot be known: nothing is deleted for not being in the file, for "
    "it may be in one of them."
)
REFUSED = "The database refused the roster; somebody may have changed the same rows."


@dataclass(frozen=True, slots=True)
class RosterOptions:
    """How a roster is to be imported, beside what it says itself."""

    district: District | None = None
    """The district that it is about."""
    school: School | None = None
    """The school of the sessions that do not tell theirs."""
    time_zone: str = ""
    """That of new schools."""
    skip_bad: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class RosterReport:
    """What an import did, or a dry run would do, and what is to be told of the file."""

    is_refused: bool
    """Whether nothing is stored because something is wrong."""
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    counts: dict[str, Counts] = field(default_factory=dict)


class _UndoneError(Exception):
    """Undoes what has been written."""


def import_roster(
    roster: Roster,
    options: RosterOptions,
    *,
    actor: Any = None,
    progress: Progress = lambda _count: None,
) -> RosterReport:
    """Make the rows what a roster says, in one transaction and one revision of each school.

    Nothing is stored if anything is wrong; with `skip_bad`, what is not wrong is stored. A dry run
    makes the same checks and writes, and undoes them.
    """
    findings = Findings(dict.fromkeys(roster.faults))
    orgs = OrgMatcher(
        roster.orgs, findings, district=options.district, time_zone=options.time_zone
    ).match()
    linker = Linker(roster, orgs, findings, district=options.district, school=options.school)
    linked = linker.link()
    job = _Import(roster, orgs, linked, findings, progress, names_all=not linker.leaves_out)
    is_refused = True
    try:
        with suppress(_UndoneError), revise(*job.locked, actor=actor):
            job.do()
            is_refused = bool(findings.faults) and not options.skip_bad
            if is_refused or options.dry_run:
                _undo()
    except (IntegrityError, ValidationError) as error:
        logger.warning("The database refused a roster: %s", error)
        findings.refuse(None, "", REFUSED)
        is_refused = True
    faults, notes = (sorted(each, key=_place) for each in (findings.faults, findings.notes))
    return RosterReport(is_refused, tuple(faults), tuple(notes), job.counted())


def _place(fault: Fault) -> tuple[bool, int]:
    """Return where a fault is, as it is told: orgs before sessions, and those by their lines."""
    return fault.file == file_name(SESSIONS), fault.line or 0


def _undo() -> NoReturn:
    raise _UndoneError


class _Import:
    """One import, under the locks of all schools that it is about."""

    def __init__(
        self,
        roster: Roster,
        orgs: Orgs,
        linked: Linked,
        findings: Findings,
        progress: Progress,
        *,
        names_all: bool,
    ) -> None:
        self._sessions = roster.sessions
        self._orgs = orgs
        self._linked = linked
        self._findings = findings
        self._progress = progress
        self._names_all = names_all
        self._done: Counter[tuple[str, str]] = Counter()
        self._is_whole = roster.sessions.mode == BULK and roster.sessions.is_complete
        """Whether what the file does not hold is known to be absent."""
        self._unlinked = roster.sessions.ids.difference(*linked.values())
        rows = [org.row for org in (*orgs.schools.values(), *orgs.gone)]
        self.schools = {row.pk for row in rows if isinstance(row, School)} | linked.keys()
        """The schools that may be written."""
        around = [org.row.pk for org in (*orgs.districts.values(), *orgs.gone)]
        beside = School.objects.filter(district__in=around).order_by().values_list("pk", flat=True)
        self.locked = self.schools.union(beside)
        """Those, and the others of their districts, whose documents name the district."""

    def do(self) -> None:
        """Write whatever can be written."""
        self._tell_what_stays()
        self._save_all(DISTRICTS, District, self._orgs.districts.values())
        self._save_all(SCHOOLS, School, self._orgs.schools.values())
        there = list(School.objects.filter(pk__in=self.schools).order_by("pk"))
        for start in range(0, len(there), BATCH_SCHOOLS):
            for stored in stored_sessions(there[start : start + BATCH_SCHOOLS]):
                self._import_sessions(stored)
        for pk in self._linked.keys() - {school.pk for school in there}:
            for line in self._linked[pk].values():
                self._findings.refuse(line, "", "The school of this session cannot be taken.")
        for org in self._orgs.gone:
            self._remove(org)

    def _tell_what_stays(self) -> None:
        if self._sessions.mode == BULK and not self._is_whole:
            self._findings.note_all([KEPT])

    def counted(self) -> dict[str, Counts]:
        """Return what has happened, kind by kind."""
        return {
            kind: Counts(**{each.name: self._done[kind, each.name] for each in fields(Counts)})
            for kind in ROW_KINDS
        }

    def _save_all(self, kind: str, model: Any, orgs: Iterable[Org]) -> None:
        """Store districts or schools as their lines say, on their rows as they are by now."""
        pks = [org.row.pk for org in orgs]
        rows = {row.pk: row for row in model.objects.filter(pk__in=pks)}
        told = RosterOrg.objects.filter(status=ACTIVE, row_id__in=pks)
        names = dict(told.values_list("row_id", "sourced_id"))
        for org in orgs:
            stored = rows.get(org.row.pk)
            row = org.row if stored is None else stored
            is_changed = describe(row, org.line, names.get(row.pk, org.line.sourced_id))
            action = "changed" if is_changed else "left_alone"
            if stored is None or is_changed:
                self._save(row, org.line, kind, "created" if stored is None else action)
            else:
                self._done[kind, action] += 1

    def _save(self, row: Any, line: OrgLine, kind: str, action: str) -> None:
        try:
            row.save()
        except ValidationError as refusal:
            for column, problem in from_refusal(refusal):
                detail = DETAILS.get(column, problem.detail)
                self._findings.refuse(line, COLUMNS.get(column, ""), detail)
        else:
            self._done[kind, action] += 1
            self._progress(1)

    def _remove(self, org: Org) -> None:
        """Delete a district or a school that is gone, unless something is left of it."""
        kind = SCHOOLS if isinstance(org.row, School) else DISTRICTS
        try:
            with revise():
                org.row.delete()
        except ProtectedError:
            detail = f"{org.row.name} still has rows of its own, which have to be deleted first."
            self._findings.refuse(org.line, "status", detail)
        else:
            self._done[kind, "removed"] += 1

    def _import_sessions(self, stored: Stored) -> None:
        """Make the sessions of a school what the file says, if it says anything of them."""
        school = stored.school
        lines = self._linked.get(school.pk, {})
        is_named = any(org.row.pk == school.pk for org in self._orgs.schools.values())
        is_whole = self._is_whole and (lines or (is_named and self._names_all))
        if not lines and not is_whole:
            return
        in_file = self._unlinked | lines.keys() if is_whole else None
        planned = plan_school(stored, lines, in_file, self._progress)
        self._findings.take(planned.findings)
        if planned.plan is None:
            for node in planned.tree.nodes():
                self._done[node.kind.key, "left_alone"] += 1
        else:
            self._write(school, planned.plan)

    def _write(self, school: School, plan: Plan) -> None:
        try:
            with revise(school.pk):
                write(plan, self._progress)
        except (IntegrityError, ValidationError) as error:
            logger.warning("The database refused a roster: %s", error)
            self._findings.refuse(None, "", f"{school.slug}: {REFUSED}")
            return
        for kind in LEVELS:
            for entry in plan.entries[kind]:
                self._done[kind.key, entry.action] += 1
            self._done[kind.key, "removed"] += len(plan.gone[kind])


def describe(row: Any, line: OrgLine, told: str) -> bool:
    """Set a district or a school to what its line says, and return whether that changes it.

    `told` is its id in the roster. A text that an export writes as the line has it stays as it is,
    and an identifier that the row has anyhow takes no place in its metadata.
    """
    before = row.name, row.sourced_id, row.metadata
    if line.name != written(row.name, line.sourced_id):
        row.name = line.name
    if not row.sourced_id and told != line.sourced_id:
        row.sourced_id = line.sourced_id
    usual = row.sourced_id or told
    known = written(identifier_in(row.metadata) or usual, line.sourced_id)
    if line.identifier not in {"", known}:
        rest = {key: value for key, value in row.metadata.items() if key != IDENTIFIER}
        is_usual = line.identifier == written(usual, line.sourced_id)
        row.metadata = rest if is_usual else {**rest, IDENTIFIER: line.identifier}
    return before != (row.name, row.sourced_id, row.metadata)
