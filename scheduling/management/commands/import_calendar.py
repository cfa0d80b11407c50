"""Import calendar documents, one by one, each all or nothing."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from tqdm import tqdm
from typing_extensions import override

from scheduling.documents import (
    LARGEST_BYTES,
    Counts,
    DocumentError,
    Report,
    import_document,
    read_document,
)

STDIN = "-"


class Command(BaseCommand):
    """Import calendar documents, one by one, each all or nothing."""

    help = """\
Import calendar documents: one JSON document holds the whole calendar of one school.

Each file is imported as a whole or not at all; a file that is refused does not keep the
next one from being imported. Every problem is printed as FILE: POINTER: what is wrong,
without POINTER where it is about the whole file.
Importing a file again changes nothing. A school that is not there yet is created.

  manage.py import_calendar maple-high.json oak-high.json
  manage.py import_calendar --dry-run maple-high.json
  curl https://example.org/calendar.json | manage.py import_calendar -

The format is described by openapi/calendar-document.schema.json; export_calendar writes it.
The exit status is 1 if any file was refused."""

    @override
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="a calendar document; - reads standard input"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="make every check and say what would change, but store nothing",
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        reports = [self._import(name, dry_run=options["dry_run"]) for name in options["files"]]
        imported = [report for report in reports if report is not None]
        refused = len(reports) - len(imported)
        ending = " (dry run: nothing was stored)" if options["dry_run"] else ""
        files = "1 file" if len(reports) == 1 else f"{len(reports)} files"
        self.stdout.write(f"Total of {files}: {_sum(imported)}, {refused} refused{ending}")
        if refused:
            message = f"{refused} of {files} could not be imported."
            raise CommandError(message)

    def _import(self, name: str, *, dry_run: bool) -> Report | None:
        """Import one file and say what came of it; None if it was refused."""
        try:
            document = read_document(_read(name))
            with tqdm(desc=name, unit=" rows", leave=False, disable=None) as bar:
                report = import_document(
                    document, dry_run=dry_run, progress=lambda count: _advance(bar, count)
                )
        except OSError as error:
            self._refuse(name, f"The file cannot be read: {error.strerror}.")
        except (InterfaceError, OperationalError) as error:
            reason = next(iter(str(error).splitlines()), "no reason given").rstrip(".")
            self._refuse(name, f"The database did not answer ({reason}); import the file again.")
        except DocumentError as error:
            for problem in error.problems:
                self._refuse(name, problem.detail, problem.pointer)
        else:
            self.stdout.write(f"{name}: {report.school}: {_sum([report])}")
            return report
        return None

    def _refuse(self, name: str, detail: str, pointer: str = "") -> None:
        self.stderr.write(": ".join(filter(None, [name, pointer, detail])))


def _advance(bar: "tqdm[Any]", count: int) -> None:
    bar.update(count)


def _read(name: str) -> bytes:
    """Return the bytes of a file, but not many more than a document may have."""
    if name == STDIN:
        return sys.stdin.buffer.read(LARGEST_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(LARGEST_BYTES + 1)


def _sum(reports: list[Report]) -> str:
    totals = [report.total for report in reports]
    counts = Counts(
        sum(each.created for each in totals),
        sum(each.changed for each in totals),
        sum(each.removed for each in totals),
        sum(each.left_alone for each in totals),
    )
    return (
        f"{counts.created} created, {counts.changed} changed, {counts.removed} removed, "
        f"{counts.left_alone} left alone"
    )
