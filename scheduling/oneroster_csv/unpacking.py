"""The files of a zip file, taken out with care: nothing is believed that it says of itself."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduling.oneroster_csv.faults import Fault, RosterFileError, refuse, shown
from scheduling.oneroster_csv.layout import FILES, MANIFEST, file_name

MEGABYTE = 1024**2
LARGEST_ZIP_BYTES = 50 * MEGABYTE
LARGEST_FILE_BYTES = 25 * MEGABYTE
MOST_ENTRIES = 64

KNOWN = {file_name(each) for names in ({MANIFEST}, *FILES.values()) for each in names}
ENTRY_SIGNATURE = b"PK\x01\x02"
"""What each entry begins with in the list of entries."""
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 0x1
UNREADABLE = (EOFError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)
"""What the library raises about damaged files."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Which files a zip file has, by their names without the ending, and what is in some."""

    names: frozenset[str]
    contents: Mapping[str, bytes]


def unpacked(data: bytes, wanted: Collection[str]) -> Unpacked:
    """Return the files of a zip file, and the contents of those that are wanted.

    Raises RosterFileError for what is no zip file, for what is too large or too much, for folders
    and for files that no roster has.
    """
    if len(data) > LARGEST_ZIP_BYTES:
        refuse([Fault(f"The zip file is larger than {LARGEST_ZIP_BYTES // MEGABYTE} MB.")])
    if data.count(ENTRY_SIGNATURE) > MOST_ENTRIES:  # before the library makes objects of them
        refuse([Fault(f"The zip file holds more than {MOST_ENTRIES} files.")])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            refuse(_faults(entries))
            contents = {
                name: archive.read(entry)  # which takes out no more than the entry says to be in
                for entry in entries
                if (name := _plain_name(entry)) in wanted
            }
    except UNREADABLE as error:
        detail = "This is no zip file, or it is damaged: export it again."
        raise RosterFileError([Fault(detail)]) from error
    return Unpacked(frozenset(map(_plain_name, entries)), contents)


def _plain_name(entry: zipfile.ZipInfo) -> str:
    return entry.filename.removesuffix(".csv")


def _faults(entries: Sequence[zipfile.ZipInfo]) -> Iterator[Fault]:
    counts = Counter(entry.orig_filename for entry in entries)
    for name, count in counts.items():
        if count > 1:
            yield Fault(f"The zip file holds {shown(name)} {count} times.")
    for entry in {entry.orig_filename: entry for entry in entries}.values():
        yield from _entry_faults(entry)


def _entry_faults(entry: zipfile.ZipInfo) -> Iterable[Fault]:
    name = entry.orig_filename
    if "/" in name or "\\" in name:
        return [
            Fault(
                f"{shown(name)} is in a folder: zip the files themselves, without a folder "
                "around them."
            )
        ]
    if name not in KNOWN:
        return [Fault(f"{shown(name)} is no file of a roster: take it out of the zip file.")]
    if entry.flag_bits & ENCRYPTED or entry.compress_type not in METHODS:
        return [Fault("The file is encrypted, or packed in a way that is not read here.", name)]
    if entry.file_size > LARGEST_FILE_BYTES:
        return [Fault(f"The file is larger than {LARGEST_FILE_BYTES // MEGABYTE} MB.", name)]
    return []
