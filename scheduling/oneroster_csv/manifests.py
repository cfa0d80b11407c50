"""The manifest of a roster: its version, and how each of its files is to be read."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from scheduling.oneroster_csv.faults import MOST_FAULTS, Fault, refuse, shown
from scheduling.oneroster_csv.layout import (
    ABSENT,
    FILES,
    MANIFEST,
    MANIFEST_COLUMNS,
    MODES,
    VERSIONS,
    file_name,
)
from scheduling.oneroster_csv.tables import Line, read_table

MOST_LINES = 2 * MOST_FAULTS
"""Those that are read: of so many, more are wrong than are told."""


def read_manifest(content: bytes) -> tuple[str, dict[str, str]]:
    """Return the version of a roster, and how each of its files is to be read."""
    file = file_name(MANIFEST)
    read = list(islice(read_table(file, content, MANIFEST_COLUMNS), MOST_LINES))
    refuse(each for each in read if isinstance(each, Fault))
    lines = [each for each in read if isinstance(each, Line)]
    told = {line.cells["propertyName"]: line.cells["value"] for line in lines}
    refuse(_faults(file, lines, told))
    version = told["oneroster.version"]
    return version, {name: told[f"file.{name}"] for name in FILES[version]}


def _faults(file: str, lines: Sequence[Line], told: Mapping[str, str]) -> Iterator[Fault]:
    choices = {"manifest.version": ("1.0",), "oneroster.version": VERSIONS}
    version = told.get("oneroster.version", "")
    files = {f"file.{name}": MODES for name in FILES.get(version, ())}
    known = {*choices, *files, "source.systemName", "source.systemCode"}
    seen: set[str] = set()
    for line in lines:
        name = line.cells["propertyName"]
        if name in seen:
            yield Fault(f"{shown(name)} is told twice.", file, line.number, "propertyName")
        elif name not in known and version in FILES:
            detail = f"{shown(name)} is nothing that a manifest of version {version} tells."
            yield Fault(detail, file, line.number, "propertyName")
        seen.add(name)
        yield from _wrong_choice(file, line, {**choices, **files}.get(name))
    for name in (*choices, *files):
        if name not in seen:
            yield Fault(f"The manifest does not tell {shown(name)}.", file)


def _wrong_choice(file: str, line: Line, choices: Sequence[str] | None) -> Iterator[Fault]:
    value = line.cells["value"]
    if choices is not None and value not in choices:
        detail = f"{shown(value)} is not known here: it is {' or '.join(choices)}."
        yield Fault(detail, file, line.number, "value")


def misplaced(names: frozenset[str], version: str, modes: Mapping[str, str]) -> Iterator[Fault]:
    """Find files that are there and should not be, and the other way round."""
    for name in sorted(names):
        if modes.get(name, ABSENT) == ABSENT:
            why = "the manifest tells it to be absent"
            if name not in modes:
                why = f"version {version} has no such file"
            yield Fault(f"The file is in the zip file, but {why}.", file_name(name))
    for name, mode in modes.items():
        if mode != ABSENT and name not in names:
            detail = f"The manifest tells it to be {mode}, but the file is not in the zip file."
            yield Fault(detail, file_name(name))
