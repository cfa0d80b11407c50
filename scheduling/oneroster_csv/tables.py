"""The lines of a CSV file: RFC 4180, in UTF-8, and no cell with a line break in it.

So each line stands for itself, and one that is broken does not take others with it.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduling.oneroster_csv.faults import Fault, RosterFileError, refuse, shown
from scheduling.oneroster_csv.layout import FREE

LONGEST_LINE = 100_000
CELL = re.compile(r'"(?:[^"]|"")*"(?=,|\Z)|[^",]*(?=,|\Z)')


@dataclass(frozen=True, slots=True)
class Line:
    """A line below the header, as cells by column."""

    number: int
    cells: dict[str, str]


def read_table(file: str, content: bytes, columns: Sequence[str]) -> Iterator[Line | Fault]:
    """Yield each line of a file, or what is wrong with its form: one at a time, for they are many.

    The header has these columns in this order, and after them those whose name begins with
    `metadata.`. Raises RosterFileError for a file that is not text in UTF-8, has another header, or
    nothing below it.
    """
    lines = _lines(_text(file, content))
    header = _header(file, next(lines, ""), columns)
    number = 1
    for number, text in enumerate(lines, start=2):
        fault = _fault(text, header)
        if fault is None:
            yield Line(number, dict(zip(header, _cells(text), strict=True)))
        else:
            column, detail = fault
            yield Fault(detail, file, number, column)
    if number == 1:
        detail = "The file has no line below its header: leave it out, as “absent” in the manifest."
        refuse([Fault(detail, file)])


def _text(file: str, content: bytes) -> str:
    start = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    try:
        return content[start:].decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, start + error.start) + 1
        detail = "The file is not text in UTF-8: save it as “CSV UTF-8”."
        raise RosterFileError([Fault(detail, file, line)]) from error


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text without what ends them."""
    for line in io.StringIO(text.rstrip("\r\n"), newline="\n"):
        yield line.removesuffix("\n").removesuffix("\r")


def _header(file: str, text: str, columns: Sequence[str]) -> list[str]:
    fault = _broken(text)
    if fault is not None:
        refuse([Fault(fault[1], file, 1)])
    header = _cells(text)
    refuse(Fault(detail, file, 1) for detail in _header_faults(header, columns))
    return header


def _header_faults(header: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
    for place, column in enumerate(columns):
        if place >= len(header):
            yield f"The column {shown(column)} is missing."
            return
        if header[place] != column:
            yield f"Column {place + 1} must be {shown(column)}, not {shown(header[place])}."
            return
    yield from _further_faults(header[len(columns) :])


def _further_faults(further: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for column in further:
        if not column.startswith(FREE) or column == FREE:
            yield f"The column {shown(column)} is not known: further ones begin with “{FREE}”."
        if column in seen:
            yield f"There are two columns {shown(column)}."
        seen.add(column)


def _fault(text: str, header: Sequence[str]) -> tuple[str, str] | None:
    """Return the column and the description of what is wrong with the form of a line."""
    broken = _broken(text)
    if broken is not None:
        place, detail = broken
        return (header[place] if place < len(header) else ""), detail
    count = len(_cells(text))
    if count != len(header):
        return "", f"The line has {count} cells, but the header has {len(header)}."
    return None


def _broken(text: str) -> tuple[int, str] | None:
    """Return which cell of a line is broken, and how."""
    if not text:
        return 0, "The line is empty."
    if len(text) > LONGEST_LINE:
        return 0, f"The line has more than {LONGEST_LINE:,} characters."
    for character, name in (("\r", "line break"), ("\0", "NUL character")):
        if character in text:
            return text[: text.index(character)].count(","), f"There is a {name} within the line."
    place = _broken_cell(text) if '"' in text else None
    if place is not None:
        return place, (
            "The quotes do not fit: a cell with a comma or a quote in it begins and ends with a "
            "quote, has each of its own twice, and has no line break."
        )
    return None


def _broken_cell(text: str) -> int | None:
    position = place = 0
    while (cell := CELL.match(text, position)) is not None:
        if cell.end() == len(text):
            return None
        position, place = cell.end() + 1, place + 1
    return place


def _cells(text: str) -> list[str]:
    return next(csv.reader([text], strict=True))
