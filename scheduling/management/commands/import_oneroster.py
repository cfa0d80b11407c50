"""Import a roster from OneRoster's CSV files."""

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from tqdm import tqdm
from typing_extensions import override

from scheduling.documents import Counts
from scheduling.management.named import district_named, school_named
from scheduling.models.school import validate_timezone
from scheduling.oneroster_csv.faults import Fault, RosterFileError
from scheduling.oneroster_csv.layout import END_DATES, EXCLUSIVE
from scheduling.oneroster_csv.reading import Roster, read_roster
from scheduling.oneroster_csv.unpacking import LARGEST_ZIP_BYTES
from scheduling.rosters import RosterOptions, RosterReport, import_roster


class Command(BaseCommand):
    """Import a roster from OneRoster's CSV files."""

    help = """\
Import districts, schools, school years, terms and quarters from a zip file of OneRoster's CSV
format, version 1.1 or 1.2. Its other files, of people and classes, are not looked into.

The whole file is imported, in one revision of each school, or nothing if anything is wrong; with
--skip-bad, what is not wrong. Every fault is printed as FILE: file in it: line: column: what is
wrong, and so is what was guessed or left out. Importing a file again changes nothing.

OneRoster does not say of which school a session is. It is the school that the column
metadata.orgSourcedId names, in the session's line or in that of what it is part of; or that of the
stored session with the same id; or else the one of --school, or the only school of the file.

  manage.py import_oneroster harbor.zip --dry-run
  manage.py import_oneroster harbor.zip --district harbor --time-zone America/Chicago
  manage.py import_oneroster maple.zip --school maple-high --end-dates inclusive
  manage.py import_oneroster harbor.zip --skip-bad

docs/oneroster.md says what becomes of a file, and what a bulk file may delete. The exit status is
1 if nothing was stored because something is wrong."""

    @override
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="a zip file")
        parser.add_argument(
            "--district",
            metavar="SLUG",
            help="the district that the file is about, if it does not say so itself",
        )
        parser.add_argument(
            "--school",
            metavar="SLUG",
            help="the school of the sessions that do not say of which school they are",
        )
        parser.add_argument(
            "--time-zone",
            type=_time_zone,
            metavar="NAME",
            help="that of new schools; if left out, that of the other schools of the district",
        )
        parser.add_argument(
            "--end-dates",
            choices=END_DATES,
            default=EXCLUSIVE,
            help="what the file means: the day after the last one (exclusive), or the last one",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="make every check and say what would change, but store nothing",
        )
        parser.add_argument(
            "--skip-bad", action="store_true", help="store what is not wrong, and list the rest"
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        file: Path = options["file"]
        given = RosterOptions(
            district=district_named(options["district"]) if options["district"] else None,
            school=school_named(options["school"]) if options["school"] else None,
            time_zone=options["time_zone"] or "",
            skip_bad=options["skip_bad"],
            dry_run=options["dry_run"],
        )
        try:
            roster = read_roster(_read(file), end_dates=options["end_dates"])
        except RosterFileError as error:
            self._refuse(file, error.faults)
        report = self._import(file, roster, given)
        for note in report.notes:
            self.stdout.write(f"{file}: {note}")
        if report.is_refused:
            self._refuse(file, report.faults)
        self._tell(file, report, given)

    def _import(self, file: Path, roster: Roster, given: RosterOptions) -> RosterReport:
        try:
            with tqdm(desc=str(file), unit=" rows", leave=False, disable=None) as bar:
                return import_roster(roster, given, progress=lambda count: _advance(bar, count))
        except (InterfaceError, OperationalError) as error:
            reason = next(iter(str(error).splitlines()), "no reason given").rstrip(".")
            message = f"The database did not answer ({reason}); import the file again."
            raise CommandError(message) from error

    def _tell(self, file: Path, report: RosterReport, given: RosterOptions) -> None:
        for fault in report.faults:
            self.stderr.write(f"{file}: {fault}")
        for kind, counts in report.counts.items():
            self.stdout.write(f"  {kind.replace('_', ' ')}: {_summed([counts])}")
        skipped = f", {len(report.faults)} refused" if report.faults else ""
        ending = " (dry run: nothing was stored)" if given.dry_run else ""
        self.stdout.write(f"{file}: {_summed(report.counts.values())}{skipped}{ending}")

    def _refuse(self, file: Path, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.stderr.write(f"{file}: {fault}")
        message = f"{file} could not be imported: nothing was stored."
        raise CommandError(message)


def _advance(bar: "tqdm[Any]", count: int) -> None:
    bar.update(count)


def _time_zone(name: str) -> str:
    try:
        validate_timezone(name)
    except ValidationError as error:
        raise ArgumentTypeError(error.messages[0]) from error
    return name


def _read(path: Path) -> bytes:
    """Return the bytes of a file, but not many more than a zip file may have."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_ZIP_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"{path}: The file cannot be read: {reason}."
        raise CommandError(message) from error


def _summed(all_counts: Iterable[Counts]) -> str:
    counts = list(all_counts)
    return ", ".join(
        f"{sum(getattr(each, name) for each in counts)} {name.replace('_', ' ')}"
        for name in ("created", "changed", "removed", "left_alone")
    )
