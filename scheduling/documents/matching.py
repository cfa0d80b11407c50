"""Find the stored row that each object of a document speaks of, and set it to what it says."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.conditions import same_value
from scheduling.documents.kinds import (
    OVERRIDES,
    QUARTERS,
    RULES,
    TEMPLATES,
    YEARS,
    Kind,
    hashable,
)
from scheduling.documents.plan import Entry, Plan
from scheduling.documents.problems import Problem
from scheduling.documents.rows import (
    missing_quarters,
    move_even_quarters,
    new_row,
    set_values,
    stored_rows,
)
from scheduling.documents.values import TemplateNamed, Values, values_of
from scheduling.models import PeriodTemplate

Item = Mapping[str, Any]


class Matcher:
    """Lays a document over the rows of a school: no query a row, nothing is written."""

    def __init__(
        self, school: Any, document: Item, advance: Callable[[int], None] = lambda _count: None
    ) -> None:
        self.plan = Plan(school)
        self.document = document
        self.advance = advance
        self.stored = stored_rows(school)
        self.templates: dict[str, Any] = {}

    def match(self) -> Plan:
        """Return the plan."""
        self._match_list(TEMPLATES, None, self.document)
        self.templates = _first_by_code(self.plan.entries[TEMPLATES])
        self._match_list(YEARS, None, self.document)
        claimed = {id(entry.row) for entry in self.plan.all_entries()}
        for kind, groups in self.stored.items():
            rows = (row for group in groups.values() for row in group)
            self.plan.gone[kind] = [row for row in rows if id(row) not in claimed]
        self.plan.problems.extend(_templates_in_use(self.plan))
        return self.plan

    def _match_list(self, kind: Kind, parent: Entry | None, item: Item | None) -> None:
        """Match the rows of one list; without a list, the stored ones stay as they are."""
        parent_row = self.plan.school if parent is None else parent.row
        stored = self.stored[kind].get(parent_row.pk, [])
        items = None if item is None else item.get(kind.key)
        if items is None:
            entries = [Entry(kind, row, parent) for row in stored]
        else:
            entries = self._given(kind, parent, parent_row, self.pairs(kind, items, stored))
        if kind is QUARTERS and parent is not None and item is not None and items is None:
            move_even_quarters(parent, entries)
            entries += missing_quarters(self.plan, parent, entries)
        self._keep(kind, entries, items)

    def pairs(
        self, kind: Kind, items: Sequence[Item], stored: Sequence[Any]
    ) -> Iterable[tuple[Values, Any]]:
        """Return what each object of a list says, by column, with its stored row, if it has one."""
        return _pair(kind, items, stored, self.template_named)

    def _keep(self, kind: Kind, entries: list[Entry], items: Sequence[Item] | None) -> None:
        self.plan.entries[kind].extend(entries)
        for place, entry in enumerate(entries):
            for child in kind.children:
                self._match_list(child, entry, None if items is None else items[place])

    def _given(
        self, kind: Kind, parent: Entry | None, parent_row: Any, pairs: Iterable[tuple[Any, Any]]
    ) -> list[Entry]:
        entries = []
        for index, (values, row) in enumerate(pairs):
            entry = Entry(kind, row, parent, index, is_new=row is None)
            if row is None:
                entry.row = new_row(kind, self.plan.school, parent_row, values)
            else:
                entry.before = set_values(entry.row, values)
            entries.append(entry)
            self._require_template(entry)
            self.advance(1)
        return entries

    def template_named(self, code: str | None) -> Any:
        """Return the bell schedule of a code; an unknown one is stood in for, and reported."""
        if code is None:
            return None
        if code not in self.templates:
            return PeriodTemplate(school=self.plan.school, code=code, name=code)
        return self.templates[code]

    def _require_template(self, entry: Entry) -> None:
        template = entry.row.template if entry.kind.refers_to_template else None
        if template is not None and self.templates.get(template.code) is not template:
            detail = f"The school has no bell schedule with the code “{template.code}”."
            problem = Problem("", "unknown_template", detail)
            self.plan.problems.append(entry.problem("template", problem))


def _templates_in_use(plan: Plan) -> Iterator[Problem]:
    """Find bell schedules that go although rows that the document leaves alone use them."""
    gone = {row.pk: row for row in plan.gone[TEMPLATES]}
    for kind in (RULES, OVERRIDES):
        for entry in plan.entries[kind]:
            template = gone.get(entry.row.template_id)
            if template is not None and not entry.is_given:
                detail = f"“{entry.row}” uses the bell schedule “{template.code}”: keep it."
                yield Problem(f"/{TEMPLATES.key}", "in_use", detail)


def _first_by_code(entries: Iterable[Entry]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries:
        found.setdefault(entry.row.code, entry.row)
    return found


def _pair(
    kind: Kind, items: Sequence[Item], stored: Sequence[Any], template_named: TemplateNamed
) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield the values of every item and the stored row it speaks of, or None.

    Sourced ids come first; of several rows that one name fits, an equal one.
    """
    given = [values_of(kind, item, template_named) for item in items]
    free = {row.pk: row for row in stored}
    by_source = {row.sourced_id: row for row in stored if row.sourced_id}
    taken: dict[int, Any] = {}
    for index, values in enumerate(given):
        row = by_source.get(values["sourced_id"])
        if row is not None and row.pk in free and _is_kept(kind, row, values):
            taken[index] = free.pop(row.pk)
    by_name: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in free.values():
        by_name[kind.name_of(row)].append(row)
    for index, values in enumerate(given):
        yield values, taken.get(index) or _take(by_name[_name(kind, values)], values)


def _is_kept(kind: Kind, row: Any, values: Item) -> bool:
    return all(getattr(row, column) == values[column] for column in kind.kept)


def _take(rows: list[Any], values: Item) -> Any:
    """Take a row out of those that a name fits: an equal one if there is one, else the first."""
    if not rows:
        return None
    row = next((row for row in rows if _equals(row, values)), rows[0])
    rows.remove(row)
    return row


def _equals(row: Any, values: Item) -> bool:
    return all(same_value(getattr(row, key), value) for key, value in values.items())


def _name(kind: Kind, values: Item) -> tuple[Any, ...]:
    """Return what tells the row that would have these values from the others."""
    given = dict(values)
    if "template" in given:
        given["template_id"] = given["template"] and given["template"].pk
    return tuple(hashable(given[column]) for column in kind.named_by)
