"""The orgs of a file find their districts and schools, or make new ones."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from scheduling.models import District, School
from scheduling.models.abstracts import ID
from scheduling.oneroster_csv.faults import shown
from scheduling.oneroster_csv.reading import OrgLine, Table
from scheduling.rosters.findings import Findings
from scheduling.rosters.known import known_orgs

LONGEST_SLUG = 63


@dataclass(slots=True, eq=False)
class Org:
    """A district or a school, stored or new, and the line that tells of it."""

    row: Any
    line: OrgLine


@dataclass(slots=True)
class Orgs:
    """What a file says of orgs, by their ids."""

    districts: dict[str, Org] = field(default_factory=dict)
    schools: dict[str, Org] = field(default_factory=dict)
    gone: list[Org] = field(default_factory=list)
    """Those that the file says to be gone, schools before districts."""


class OrgMatcher:
    """Finds the rows of a file's orgs; nothing is written.

    `district` is the one that the file is about, if that is known; then schools of other ones are
    left out.
    """

    def __init__(
        self,
        table: Table[OrgLine],
        findings: Findings,
        *,
        district: District | None = None,
        time_zone: str = "",
    ) -> None:
        """Look the ids up."""
        self._lines = table.lines
        self._findings = findings
        self._district = district
        self._time_zone = time_zone
        parents = {line.parent for line in table.lines.values() if line.parent}
        self._known_districts = known_orgs(District, {*table.lines, *parents})
        self._known_schools = known_orgs(School, list(table.lines))
        self._named = {row.pk for rows in self._known_schools.values() for row in rows}
        self._taken: dict[Any, OrgLine] = {}
        """The lines that rows have."""
        self._slugs: dict[Any, set[str]] = {}
        self._foreign: set[str] = set()
        self._orgs = Orgs()

    def match(self) -> Orgs:
        """Return what the file says of districts and schools; what is anything else is left out."""
        in_order = sorted(self._lines.values(), key=lambda line: line.number)
        for line in in_order:
            if line.type == "district":
                self._match_district(line)
        for line in in_order:
            if line.type == "school":
                self._match_school(line)
            elif line.type != "district":
                detail = f"{shown(line.name)} is neither a district nor a school: it is left out."
                self._findings.note(line, detail)
        self._orgs.gone.sort(key=lambda org: org.line.type, reverse=True)
        return self._orgs

    def _match_district(self, line: OrgLine) -> None:
        known = self._known_districts.get(line.sourced_id, [])
        own = self._district
        if own is not None and own not in known and self._is_foreign(line):
            detail = f"The file is imported into {own.name}: another district is left out."
            self._findings.note(line, detail)
            self._foreign.add(line.sourced_id)
            return
        row = own or (known[0] if known else None)
        if self._is_taken(row, line):
            return
        if line.is_gone:
            self._bury(row, line)
            return
        if row is None:
            row = District(
                name=line.name, slug=self._free_slug(District, line), sourced_id=line.sourced_id
            )
        self._orgs.districts[line.sourced_id] = Org(row, line)

    def _is_foreign(self, line: OrgLine) -> bool:
        """Return whether a line is about another district than the one that the file is about.

        The only one of a file is that one, whatever it is called there; but what is gone has to be
        called as it is here.
        """
        others = [each for each in self._lines.values() if each.type == "district"]
        is_known = bool(self._known_districts.get(line.sourced_id))
        return line.is_gone or is_known or len(others) > 1

    def _match_school(self, line: OrgLine) -> None:
        district = self._district_of(line)
        if district is None:
            return
        known = self._known_schools.get(line.sourced_id, [])
        row = next((each for each in known if each.district_id == district.pk), None)
        if self._is_taken(row, line):
            return
        if line.is_gone:
            self._bury(row, line)
            return
        row = row or self._same_name(district, line) or self._new_school(district, line)
        if row is not None:
            self._orgs.schools[line.sourced_id] = Org(row, line)

    def _is_taken(self, row: Any, line: OrgLine) -> bool:
        """Refuse a line whose row another line has: by its other id."""
        if row is None:
            return False
        first = self._taken.setdefault(row.pk, line)
        if first is not line:
            detail = f"This is the same {line.type} as line {first.number}."
            self._findings.refuse(line, "sourcedId", detail)
        return first is not line

    def _bury(self, row: Any, line: OrgLine) -> None:
        if row is not None:
            self._orgs.gone.append(Org(row, line))

    def _district_of(self, line: OrgLine) -> Any:
        """Return the district that a school is below; None, with a word about it, without one."""
        above = list(self._above(line))
        for each in above:
            if each in self._orgs.districts:
                return self._orgs.districts[each].row
        if self._district is not None:
            return self._own_district(line, above)
        known = [row for each in above for row in self._known_districts.get(each, ())]
        known += [row.district for row in self._known_schools.get(line.sourced_id, [])]
        if len({row.pk for row in known}) == 1:
            return known[0]
        detail = "The school is below no district that is known: name one with --district."
        self._findings.refuse(line, "parentSourcedId", detail)
        return None

    def _own_district(self, line: OrgLine, above: Iterable[str]) -> Any:
        own = self._district
        if not any(each in self._foreign or self._is_of_others(each) for each in above):
            return own
        detail = f"The school is of another district than {own and own.name}: it is left out."
        self._findings.note(line, detail)
        return None

    def _is_of_others(self, sourced_id: str) -> bool:
        known = self._known_districts.get(sourced_id, [])
        return bool(known) and self._district not in known

    def _above(self, line: OrgLine) -> Iterator[str]:
        """Yield the ids of what an org is below, as far as the file knows."""
        seen: set[str] = set()
        above = line.parent
        while above and above not in seen:
            seen.add(above)
            yield above
            above = self._lines[above].parent if above in self._lines else ""

    def _same_name(self, district: District, line: OrgLine) -> Any:
        """Return the school of this name that no student information system has named yet."""
        taken = self._named | self._taken.keys()
        schools = School.objects.filter(district=district.pk, name=line.name, sourced_id="")
        found = [row for row in schools if row.pk not in taken]
        if len(found) != 1:
            return None
        self._taken[found[0].pk] = line
        self._findings.note(line, f"This is the school {found[0].slug}, which has the same name.")
        return found[0]

    def _new_school(self, district: District, line: OrgLine) -> Any:
        zones = {self._time_zone} - {""} or set(
            School.objects.filter(district=district.pk)
            .order_by()
            .values_list("timezone", flat=True)
        )
        if len(zones) != 1:
            detail = "The school is new: say its time zone, as in --time-zone America/Chicago."
            self._findings.refuse(line, "", detail)
            return None
        return School(
            district=district,
            name=line.name,
            slug=self._free_slug(School, line),
            sourced_id=line.sourced_id,
            timezone=zones.pop(),
        )

    def _free_slug(self, model: Any, line: OrgLine) -> str:
        """Return a name for addresses that nobody has: "maple-high", or else "maple-high-2"."""
        slug = slugify(line.name.replace("_", " "))[: LONGEST_SLUG - 6].strip("-")
        base = slug if slug and not re.match(ID, slug) else line.type
        if model not in self._slugs:
            self._slugs[model] = set()
        taken = self._slugs[model]
        taken |= set(model.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        number, free = 1, base
        while free in taken:
            number += 1
            free = f"{base}-{number}"
        taken.add(free)
        return free
