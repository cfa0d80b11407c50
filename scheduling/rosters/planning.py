"""A school's tree becomes a plan that can be judged and written, as that of a document is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from scheduling.documents.judging import judge
from scheduling.documents.kinds import QUARTERS, TERMS, YEARS, Kind
from scheduling.documents.matching import Item, Matcher
from scheduling.documents.plan import Plan
from scheduling.documents.problems import Problem
from scheduling.models import School
from scheduling.oneroster_csv.reading import SessionLine
from scheduling.rosters.findings import Findings
from scheduling.rosters.nodes import LEVELS, Node, Stored
from scheduling.rosters.trees import Tree

Advance = Callable[[int], None]

COLUMNS = {
    "name": "title",
    "term_type": "title",
    "quarter_type": "title",
    "sourced_id": "sourcedId",
    "start_date": "startDate",
    "end_date": "endDate",
}
"""Where a file says what is in a column of ours."""
COLUMNS_BY_CODE = {"overlap": "startDate"}
"""Where it says what no single column of ours is to blame for."""


@dataclass(slots=True)
class SchoolPlan:
    """What an import makes of one school: `plan` is None if there is nothing to write."""

    tree: Tree
    plan: Plan | None
    findings: Findings


class TreeMatcher(Matcher):
    """Lays a tree, whose nodes know their rows, over the rows of a school as they are now."""

    def __init__(self, school: School, tree: Tree, advance: Advance) -> None:
        """Spell the tree as a document: what it does not hold stays as it is."""
        super().__init__(school, {YEARS.key: _items(Tree.there(tree.years))}, advance)

    @override
    def pairs(
        self, kind: Kind, items: Sequence[Item], stored: Sequence[Any]
    ) -> Iterable[tuple[dict[str, Any], Any]]:
        rows = {row.pk: row for row in stored}
        for item in items:
            node = item["node"]
            yield node.values(), rows.get(node.row and node.row.pk)


def _items(nodes: Iterable[Node]) -> list[dict[str, Any]]:
    """Return nodes as the list of a document; each holds the list below it, even an empty one."""
    below = {YEARS: TERMS, TERMS: QUARTERS}
    return [
        {"node": node}
        | ({below[node.kind].key: _items(Tree.there(node.children))} if node.kind in below else {})
        for node in nodes
    ]


def plan_school(
    stored: Stored,
    lines: Mapping[str, SessionLine],
    in_file: frozenset[str] | None,
    advance: Advance,
) -> SchoolPlan:
    """Return what becomes of a school if all lines that can be taken are; the others are told.

    A line that cannot be taken leaves its row as it is, and others may not go with that: so it is
    tried anew without it, until nothing is wrong.
    """
    left = dict(lines)
    findings = Findings()
    while True:
        tree = Tree(stored, left.values(), in_file)
        plan = None
        refused, told = tree.refused, Findings(tree.findings.faults)
        if not refused and tree.has_changes:
            plan = TreeMatcher(stored.school, tree, advance).match()
            refused = _tell(judge(plan, advance), tree, told)
        findings.take(told)
        if not refused:
            findings.take(tree.findings)
            # what is about no line keeps the school as it is
            return SchoolPlan(tree, None if told.faults else plan, findings)
        left = {key: line for key, line in left.items() if key not in refused}


def _tell(problems: Iterable[Problem], tree: Tree, findings: Findings) -> set[str]:
    """Tell problems by the lines that they come from, and return the ids of those."""
    refused: set[str] = set()
    places = dict(_places(YEARS, Tree.there(tree.years)))
    for problem in problems:
        node, column = _located(problem.pointer, places)
        line = _line_of(node)
        if node is None or node.line is not None:
            column = COLUMNS.get(column) or COLUMNS_BY_CODE.get(problem.code, "")
            findings.refuse(line, column, problem.detail)
        else:
            findings.refuse(line, "", f"“{node.row}”: {problem.detail}")
        refused |= set() if line is None else {line.sourced_id}
    return refused


def _places(kind: Kind, nodes: Sequence[Node], above: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every node with the pointer that problems of it begin with."""
    for index, node in enumerate(nodes):
        pointer = f"{above}/{kind.key}/{index}"
        yield pointer, node
        if kind is not QUARTERS:
            below = LEVELS[LEVELS.index(kind) + 1]
            yield from _places(below, Tree.there(node.children), pointer)


def _located(pointer: str, places: Mapping[str, Node]) -> tuple[Node | None, str]:
    """Return what a pointer leads to, and the column that it names there."""
    column = ""
    while pointer and pointer not in places:
        pointer, _slash, column = pointer.rpartition("/")
    return places.get(pointer), column


def _line_of(node: Node | None) -> SessionLine | None:
    """Return the line that a node comes from, or what it is part of."""
    while node is not None and node.line is None:
        node = node.parent
    return None if node is None else node.line
