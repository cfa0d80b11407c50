"""What is wrong with a roster's files, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence about a place: a file in the zip, one of its lines, a column; or less of that.

    Lines count from 1, which is the header's.
    """

    detail: str
    file: str = ""
    line: int | None = None
    column: str = ""

    @override
    def __str__(self) -> str:
        line = "" if self.line is None else f"line {self.line}"
        places = [each for each in (self.file, line, self.column) if each]
        return ": ".join([*places, self.detail])


class RosterFileError(Exception):
    """A roster's files cannot be read at all; `faults` says why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"The roster has {len(faults)} fault(s).")
        self.faults = tuple(faults)


MOST_FAULTS = 1_000
"""How many are looked for: a file with more is not worth a look at each of its lines."""
AND_MORE = Fault("… and more.")


def refuse(faults: Iterable[Fault]) -> None:
    """Raise RosterFileError if there is any fault; those beyond the first ones are not told."""
    found = tuple(islice(faults, MOST_FAULTS + 1))
    if len(found) > MOST_FAULTS:
        raise RosterFileError((*found[:MOST_FAULTS], AND_MORE))
    if found:
        raise RosterFileError(found)


def refuse_too_many(faults: Sequence[Fault]) -> None:
    """Raise RosterFileError if there are more faults than are told."""
    if len(faults) > MOST_FAULTS:
        refuse(faults)


LONGEST_SHOWN = 60


def shown(text: str) -> str:
    """Return a text as a sentence can quote it: printable, and not too long."""
    plain = text if text.isprintable() else ascii(text)[1:-1]
    return f"“{plain if len(plain) <= LONGEST_SHOWN else plain[:LONGEST_SHOWN] + '…'}”"
