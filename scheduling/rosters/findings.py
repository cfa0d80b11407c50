"""What an import has found out: faults, and what else is to be told."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from scheduling.oneroster_csv.faults import Fault
from scheduling.oneroster_csv.layout import ORGS, SESSIONS, file_name
from scheduling.oneroster_csv.reading import OrgLine, SessionLine


@dataclass(slots=True)
class Findings:
    """Faults keep a file from being stored, or a line of it; notes do not. Each is told once."""

    faults: dict[Fault, None] = field(default_factory=dict)
    notes: dict[Fault, None] = field(default_factory=dict)

    def refuse(self, line: OrgLine | SessionLine | None, column: str, detail: str) -> None:
        """Tell what is wrong with a line."""
        self.faults[_at(line, column, detail)] = None

    def note(self, line: OrgLine | SessionLine, detail: str) -> None:
        """Tell what has been made of a line."""
        self.notes[_at(line, "", detail)] = None

    def note_all(self, details: Iterable[str]) -> None:
        """Tell what is about no line."""
        self.notes.update((Fault(detail), None) for detail in details)

    def take(self, other: "Findings") -> None:
        """Take over what another import of a part has found out."""
        self.faults.update(other.faults)
        self.notes.update(other.notes)


def _at(line: OrgLine | SessionLine | None, column: str, detail: str) -> Fault:
    if line is None:
        return Fault(detail)
    file = file_name(ORGS if isinstance(line, OrgLine) else SESSIONS)
    return Fault(detail, file, line.number, column)
