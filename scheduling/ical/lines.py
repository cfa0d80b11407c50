"""The lines of a calendar file, so that whatever is wrong can be found where it stands."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

CONTENT = re.compile(r"[A-Za-z0-9-]+[;:]")
FRAME = re.compile(r"(BEGIN|END):(.*)", re.IGNORECASE)


class Line(NamedTuple):
    """A content line, unfolded, and the number of the line of the file on which it begins."""

    number: int
    text: str


class Fault(NamedTuple):
    """What is wrong with a file: a sentence for people, and the line, if it is about one."""

    line: int | None
    detail: str


def unfolded(text: str) -> Iterator[Line]:
    """Yield the content lines of a file: a line that begins with white space continues another."""
    number, parts = 0, [""]
    for position, raw in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if raw[:1] in {" ", "\t"} and number:
            parts.append(raw[1:])
            continue
        if parts != [""]:
            yield Line(number, "".join(parts))
        number, parts = position, [raw]
    if parts != [""]:
        yield Line(number, "".join(parts))


def faults(lines: Sequence[Line]) -> Iterator[Fault]:
    """Find lines that are no content lines, and whatever begins without an end or ends unbegun."""
    if not lines or lines[0].text.strip().upper() != "BEGIN:VCALENDAR":
        first = lines[0].number if lines else 1
        yield Fault(first, "This is no calendar file: those begin with BEGIN:VCALENDAR.")
        return
    for line in lines:
        if not CONTENT.match(line.text):
            yield Fault(line.number, f"“{line.text[:40]}” is no line of a calendar file.")
    yield from _faults_of_frames(lines)


def _faults_of_frames(lines: Sequence[Line]) -> Iterator[Fault]:
    begun: list[Line] = []
    frames = ((line.number, FRAME.fullmatch(line.text.strip())) for line in lines)
    for number, frame in frames:
        if frame is None:
            continue
        name = frame[2].upper()
        if frame[1].upper() == "BEGIN":
            begun.append(Line(number, name))
        elif not begun or begun.pop().text != name:
            yield Fault(number, f"{name} ends here, but has not begun.")
            return
    for part in reversed(begun):
        yield Fault(part.number, f"{part.text} begins here, but does not end: the file is cut.")


def starts_of_events(lines: Iterable[Line]) -> list[int]:
    """Return the numbers of the lines on which the events of a file begin, in order."""
    return [line.number for line in lines if line.text.strip().upper() == "BEGIN:VEVENT"]
