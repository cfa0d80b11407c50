"""Which school each session of a file is of: the standard has no column for that."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from scheduling.models import District, School
from scheduling.oneroster_csv.faults import shown
from scheduling.oneroster_csv.layout import SCHOOL_LINK
from scheduling.oneroster_csv.reading import Roster, SessionLine
from scheduling.rosters.findings import Findings
from scheduling.rosters.known import known_orgs, schools_of_sessions
from scheduling.rosters.nodes import KINDS
from scheduling.rosters.orgs import Orgs

Linked = dict[UUID, dict[str, SessionLine]]
"""The sessions of each school, by their ids."""


class Linker:
    """Finds the school of each session.

    It is what its line says, or what it is part of, or what is stored under its id in the district,
    or else the one school that the file is about.
    """

    def __init__(
        self,
        roster: Roster,
        orgs: Orgs,
        findings: Findings,
        *,
        district: District | None = None,
        school: School | None = None,
    ) -> None:
        """Look up what the file does not say itself."""
        self._roster = roster
        self._findings = findings
        self._orgs = orgs
        self._lines = roster.sessions.lines
        self._only = school.pk if school is not None else self._only_school()
        districts = {org.row.pk for org in orgs.districts.values()}
        self._districts = districts | ({district.pk} if district is not None else set())
        named = {line.school for line in self._lines.values()} - {"", *orgs.schools}
        self._known = known_orgs(School, sorted(named))
        unnamed = [key for key in self._lines if not self._told(key)]
        parents = [self._lines[key].parent for key in unnamed]
        self._stored = schools_of_sessions(self._districts, sorted({*unnamed, *parents}))
        self.leaves_out = False
        """Whether there are sessions of which nobody knows the school."""

    def link(self) -> Linked:
        """Return the sessions of each school; those without one are told and left out."""
        found: Linked = {}
        for key, line in self._lines.items():
            school = self._school_of(key, line) if line.type in KINDS else None
            if school is not None:
                found.setdefault(school, {})[key] = line
            elif line.type not in KINDS:
                detail = f"There is no place for a session of the type {shown(line.type)} here."
                self._findings.note(line, f"{detail} It is left out.")
        return found

    def _only_school(self) -> UUID | None:
        """Return the school that the file is about, if it speaks of no other, not even wrongly."""
        table = self._roster.orgs
        lines = table.lines.values()
        named = [each.sourced_id for each in lines if each.type == "school" and not each.is_gone]
        speaks_well = table.is_complete and table.ids == table.lines.keys()
        if len(named) != 1 or not speaks_well or named[0] not in self._orgs.schools:
            return None
        return UUID(str(self._orgs.schools[named[0]].row.pk))

    def _school_of(self, key: str, line: SessionLine) -> UUID | None:
        told = self._told(key)
        if told:
            return self._named(told, line)
        stored = self._stored.get(key) or self._stored.get(line.parent) or set()
        if len(stored) == 1:
            return next(iter(stored))
        if self._only is None:
            self._leave_out(line, "It is not known of which school this is; name one with --school")
        return self._only

    def _told(self, key: str) -> str:
        """Return the school that a line names, or else the nearest one above it."""
        return next((line.school for line in self._above(key) if line.school), "")

    def _above(self, key: str) -> Iterator[SessionLine]:
        seen: set[str] = set()
        while key in self._lines and key not in seen:
            seen.add(key)
            yield self._lines[key]
            key = self._lines[key].parent

    def _named(self, told: str, line: SessionLine) -> UUID | None:
        org = self._orgs.schools.get(told)
        if org is not None:
            return UUID(str(org.row.pk))
        known: list[Any] = self._known.get(told, [])
        if self._districts:
            known = [row for row in known if row.district_id in self._districts]
        if len(known) == 1:
            return UUID(str(known[0].pk))
        if known:
            detail = f"Several districts have a school {shown(told)}: name one with --district."
            self._findings.refuse(line, SCHOOL_LINK, detail)
        elif told in self._roster.orgs.ids:
            self._leave_out(line, f"{shown(told)} is no school that is taken from the file")
        else:
            self._findings.refuse(line, SCHOOL_LINK, f"There is no school {shown(told)}.")
        return None

    def _leave_out(self, line: SessionLine, why: str) -> None:
        self.leaves_out = True
        self._findings.note(line, f"{why}: it is left out.")
