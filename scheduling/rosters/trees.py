"""A school's sessions as a file wants them: its lines laid over the rows that are stored."""

from collections.abc import Iterable, Iterator
from typing import Any

from scheduling.documents.kinds import TERMS, YEARS, Kind
from scheduling.oneroster_csv.faults import shown
from scheduling.oneroster_csv.reading import SessionLine
from scheduling.oneroster_csv.titles import (
    SEM,
    TermFacts,
    is_plain,
    name_terms,
    quarter_numbers,
)
from scheduling.rosters.findings import Findings
from scheduling.rosters.nodes import KINDS, LEVELS, TYPE_COLUMNS, WORDS, Node, Stored, has_name

BESIDE_TERMS = ("breaks", "schedule_rules", "day_overrides")
"""What a school year holds that no file knows of."""


class Tree:
    """The sessions of a school as they shall be.

    `in_file` are the ids that a bulk file has for any session; None for a delta file. In a bulk
    file, stored rows that another system has named, and whose ids are not among them, go. What
    such a row holds that no file can know of keeps it there.
    """

    def __init__(
        self,
        stored: Stored,
        lines: Iterable[SessionLine],
        in_file: frozenset[str] | None,
    ) -> None:
        """Lay the lines over the rows; `findings` says what is wrong with them."""
        self.findings = Findings()
        self.refused: set[str] = set()
        """The ids of the lines that are wrong."""
        self.years: list[Node] = []
        self._told: dict[str, Node] = {}
        self._named: dict[tuple[Kind, str], Node] = {}
        self._placed: dict[str, Node] = {}
        self._school = stored.school
        self.stored = self._load(stored)
        in_order = sorted(lines, key=lambda line: (line.first_day, line.number))
        for line in sorted(in_order, key=lambda line: LEVELS.index(KINDS[line.type])):
            self._place(KINDS[line.type], line)
        if in_file is not None:
            self._bury_absent(in_file)
        for year in self.years:
            self._settle(year)
        for year in self.there(self.years):
            self._name_terms(year)

    @property
    def has_changes(self) -> bool:
        """Whether anything has to be written."""
        gone = any(node.is_gone for node in self.stored)
        return gone or any(node.differs() for node in self.nodes())

    def nodes(self) -> Iterator[Node]:
        """Yield all that shall be there."""
        for year in self.there(self.years):
            yield year
            for term in self.there(year.children):
                yield term
                yield from self.there(term.children)

    @staticmethod
    def there(nodes: Iterable[Node]) -> list[Node]:
        """Return those that shall be there: what is stored alone comes first."""
        staying = [node for node in nodes if not node.is_gone]
        return sorted(staying, key=lambda node: 0 if node.line is None else node.line.number)

    def refuse(self, line: SessionLine, column: str, detail: str) -> None:
        """Tell what is wrong with a line, and take no more notice of it."""
        self.findings.refuse(line, column, detail)
        self.refused.add(line.sourced_id)

    # What is stored

    def _load(self, stored: Stored) -> list[Node]:
        by_pk: dict[Any, Node] = {}
        for kind in LEVELS:
            for row in stored.rows[kind]:
                parent = by_pk.get(getattr(row, f"{kind.parent}_id"))
                node = Node(kind, parent, row, stored.told.get(row.pk, ""))
                node.type = getattr(row, TYPE_COLUMNS.get(kind, ""), "")
                by_pk[row.pk] = node
                self._siblings(parent).append(node)
                self._named[kind, row.sourced_id] = node
                for name in (str(row.pk), node.told_as):
                    self._told[name] = node
        return list(by_pk.values())

    def _siblings(self, parent: Node | None) -> list[Node]:
        return self.years if parent is None else parent.children

    def _find(self, kind: Kind, sourced_id: str) -> Node | None:
        return self._told.get(sourced_id) or self._named.get((kind, sourced_id))

    def _free(self, kind: Kind, sourced_id: str) -> Node | None:
        """Return what has an id, unless a line with another id of the same row has taken it."""
        found = self._find(kind, sourced_id)
        return None if found is None or found.line is not None else found

    # Lines find their places

    def _place(self, kind: Kind, line: SessionLine) -> None:
        stored = self._free(kind, line.sourced_id)
        if stored is not None and stored.kind is not kind:
            detail = f"{shown(line.sourced_id)} is stored as a {WORDS[stored.kind]}."
            self.refuse(line, "type", f"{detail} An id stays with what it names.")
            return
        if line.is_gone:
            if stored is not None:
                stored.line, stored.is_gone = line, True
            return
        parent = None if kind is YEARS else self._parent(kind, line)
        if kind is not YEARS and parent is None:
            return
        if stored is not None and stored.parent is not parent:  # it cannot move: it comes anew
            stored.line, stored.is_gone, stored = line, True, None
        node = stored or self._adopted(parent, kind, line)
        node.line = line
        self._placed[line.sourced_id] = node

    def _parent(self, kind: Kind, line: SessionLine) -> Node | None:
        above = LEVELS[LEVELS.index(kind) - 1]
        column = "parentSourcedId"
        if not line.parent:
            detail = f"A {WORDS[kind]} is part of a {WORDS[above]}: say of which one."
            self.refuse(line, column, detail)
            return None
        found = self._placed.get(line.parent) or self._find(above, line.parent)
        if found is None or found.is_gone:
            detail = (
                f"The school has no {WORDS[above]} {shown(line.parent)}, or its line cannot be "
                "taken."
            )
            self.refuse(line, column, detail)
            return None
        if found.kind is not above:
            detail = f"A {WORDS[kind]} is part of a {WORDS[above]}, not of a {WORDS[found.kind]}."
            self.refuse(line, column, detail)
            return None
        return found

    def _adopted(self, parent: Node | None, kind: Kind, line: SessionLine) -> Node:
        """Return a place for a line: a row of the same dates or name that nobody has named yet."""
        siblings = self._siblings(parent)
        for node in siblings:
            same_name = kind is YEARS and has_name(node.row, line)
            if node.is_local and (same_name or node.dates == (line.first_day, line.last_day)):
                return node
        siblings.append(Node(kind, parent))
        return siblings[-1]

    # What goes

    def _bury_absent(self, in_file: frozenset[str]) -> None:
        for node in self.stored:
            names = {node.told_as, node.row.sourced_id, str(node.row.pk)}
            is_absent = in_file.isdisjoint(names)
            if node.line is None and node.row.sourced_id and is_absent:
                node.is_gone = True

    def _settle(self, node: Node) -> None:
        """Let what holds something stay."""
        for child in node.children:
            self._settle(child)
        if not node.is_gone:
            return
        held = [WORDS[child.kind] for child in node.children if not child.is_gone]
        if node.kind is YEARS:
            held += [name.replace("_", " ") for name in BESIDE_TERMS if _has(node.row, name)]
        if held:
            node.is_gone = False
            self._tell_held(node, held[0])

    def _tell_held(self, node: Node, held: str) -> None:
        what = f"“{node.row}” still has {'a ' if held in WORDS.values() else ''}{held}"
        if node.line is None:
            detail = f"{what}: it is not in the file any more, but stays in {self._school.slug}."
            self.findings.note_all([detail])
            return
        line, node.line = node.line, None
        self.refuse(line, "status", f"{what}, which has to go first.")

    # Which term, which quarter

    def _name_terms(self, year: Node) -> None:
        terms = self.there(year.children)
        facts = [_facts(term) for term in terms if not term.is_local]
        name_terms(facts)
        for each in facts:
            self._name(each.key, each.type)
        _adopt_by_type(year)
        for term in self.there(year.children):
            self._name_quarters(term)

    def _name_quarters(self, term: Node) -> None:
        quarters = [node for node in self.there(term.children) if not node.is_local]
        quarters.sort(key=lambda node: node.dates)
        told = [(node.line.title if node.line else "", node.type) for node in quarters]
        for node, name in zip(quarters, quarter_numbers(term.type, told), strict=True):
            self._name(node, name)
        _adopt_by_type(term)

    def _name(self, node: Node, name: str) -> None:
        """Give a node the type that its line means."""
        if node.line is None:
            return
        if not name:
            self.refuse(node.line, "title", _crowded(node))
        elif node.row is not None and name != node.type:
            self._replace(node, name)
        elif node.row is None and not is_plain(node.line.title, name):
            self.findings.note(node.line, f"{shown(node.line.title)} is taken for {name}.")
        node.type = name

    def _replace(self, node: Node, name: str) -> None:
        """Let another row come for one that the file now takes for something else."""
        line: Any = node.line
        if any(child.line is None for child in self.there(node.children)):
            detail = f"This is stored as {node.type} with quarters of its own: it cannot be {name}."
            self.refuse(line, "title", detail)
            return
        node.row = None
        for child in self.there(node.children):
            child.row = None


def _has(year: Any, name: str) -> bool:
    return bool(getattr(year, name).exists())


def _facts(term: Node) -> TermFacts:
    """Return what is known of a term; a title that is stored has said what it means by now."""
    line, row = term.line, term.row
    title = "" if line is None or has_name(row, line) else line.title
    is_semester = bool(Tree.there(term.children)) or (line is not None and line.type == "semester")
    return TermFacts(term, title, *term.dates, SEM if is_semester else "", term.type)


def _adopt_by_type(parent: Node) -> None:
    """Let new lines have the rows of their type that nobody has named yet."""
    local = {node.type: node for node in parent.children if node.is_local and not node.is_gone}
    for node in list(parent.children):
        is_new = node.row is None and node.line is not None
        found = local.pop(node.type, None) if is_new else None
        if found is not None:
            node.row, node.told_as = found.row, found.told_as
            for child in found.children:
                child.parent = node
            node.children += found.children
            parent.children.remove(found)


def _crowded(node: Node) -> str:
    if node.kind is TERMS:
        return "A school year has at most two semesters and three trimesters."
    if node.parent is not None and node.parent.type.startswith(SEM):
        return "A semester has at most two grading periods."
    return "Only a semester has grading periods, and its term is none."
