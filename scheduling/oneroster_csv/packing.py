"""A roster becomes a zip file: the same lines, the same bytes."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduling.oneroster_csv.layout import ABSENT, FILES, MANIFEST, MANIFEST_COLUMNS, file_name

Cells = Sequence[str]
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip file can tell: every file is as old."""
UNIX, PLAIN_FILE = 3, 0o100644 << 16
LINE_BREAKS = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Written:
    """One file of a roster; without a line it is told to be absent."""

    mode: str
    columns: Cells
    lines: Sequence[Cells]


def packed(version: str, files: Mapping[str, Written]) -> bytes:
    """Return the zip file of a roster: its manifest, and those of the files that have lines."""
    present = {name: each for name, each in files.items() if each.lines}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, MANIFEST, MANIFEST_COLUMNS, _manifest(version, present))
        for name in sorted(present):
            _add(archive, name, present[name].columns, present[name].lines)
    return buffer.getvalue()


def _manifest(version: str, present: Mapping[str, Written]) -> Iterator[Cells]:
    yield "manifest.version", "1.0"
    yield "oneroster.version", version
    for name in FILES[version]:
        yield f"file.{name}", present[name].mode if name in present else ABSENT
    yield "source.systemName", "Schoolday"
    yield "source.systemCode", "schoolday"


def _add(archive: zipfile.ZipFile, name: str, columns: Cells, lines: Iterable[Cells]) -> None:
    entry = zipfile.ZipInfo(file_name(name), FIXED_TIME)
    entry.create_system, entry.external_attr = UNIX, PLAIN_FILE
    archive.writestr(entry, _text(columns, lines).encode(), zipfile.ZIP_DEFLATED, 9)


def written(text: str, otherwise: str) -> str:
    """Return a stored text as a cell can have it: without line breaks, and never blank."""
    return LINE_BREAKS.sub(" ", text) if text.strip() else otherwise


def _text(columns: Cells, lines: Iterable[Cells]) -> str:
    """Return lines as RFC 4180 has them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return text.getvalue()
