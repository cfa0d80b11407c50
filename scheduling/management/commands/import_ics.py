"""Import the closures of a calendar file as breaks."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from scheduling.ical import reading
from scheduling.ical.lines import Fault
from scheduling.ical.reading import CalendarFileError, Closure, Span, read_closures
from scheduling.management.named import school_named
from scheduling.models import Break, School
from scheduling.services import AddedBreaks, add_breaks


class Command(BaseCommand):
    """Import the closures of a calendar file as breaks."""

    help = """\
Import the days without school from a calendar file (.ics) as breaks of a school.

Every event of the file becomes a break: look at it with --dry-run first, and keep what you want
with --only. Events that recur are written out, one with times closes the dates that it touches on
the school's clock, and one that is cancelled is left out. What reaches beyond an academic year is
cut there; what lies in none is named and left out. A break of the same name and dates stays as it
is, so that importing a file again changes nothing.

All breaks are stored in one revision, or none if anything is wrong. Every fault is printed as
FILE: line N: what is wrong, where N is the line on which the event begins.

  manage.py import_ics maple-high district.ics --dry-run
  manage.py import_ics maple-high district.ics --only "no school" --only holiday
  manage.py import_ics maple-high weather.ics --kind weather"""

    @override
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", metavar="SCHOOL", help="the slug of the school, or its id")
        parser.add_argument("file", metavar="FILE", type=Path, help="a calendar file")
        parser.add_argument(
            "--only",
            action="append",
            default=[],
            metavar="TEXT",
            help="take only events whose name has this text in it; may be repeated",
        )
        parser.add_argument(
            "--kind",
            choices=Break.Kind.values,
            default="",
            help="what kind of breaks they are; else one day is a holiday, several are a vacation",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="make every check and show the breaks, but store nothing",
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        school = school_named(options["school"])
        file, dry_run = options["file"], options["dry_run"]
        try:
            inside, outside = _closures(school, _read(file))
            closures = [each for each in inside if _is_wanted(each, options["only"])]
            breaks = add_breaks(school, closures, kind=options["kind"], dry_run=dry_run)
        except CalendarFileError as error:
            for fault in error.faults:
                self.stderr.write(_placed(file, fault))
            message = f"{file} could not be imported: nothing was stored."
            raise CommandError(message) from error
        self._tell(breaks, [each for each in outside if _is_wanted(each, options["only"])])
        ending = " (dry run: nothing was stored)" if dry_run else ""
        counts = f"{len(breaks.added)} added, {len(breaks.there)} there already"
        self.stdout.write(f"{school.slug}: {counts}{ending}")

    def _tell(self, breaks: AddedBreaks, outside: Iterable[Closure]) -> None:
        for each in breaks.added:
            days = f"{each.start_date} to {each.end_date}"
            self.stdout.write(f"  {days}  {each.name} ({each.kind})")
        for closure in outside:
            self.stdout.write(
                f"  left out, in no academic year: {closure.first_day}  {closure.name} "
                f"(line {closure.line})"
            )


def _closures(school: School, data: bytes) -> tuple[list[Closure], list[Closure]]:
    years = school.academic_years.order_by("start_date")
    spans = [Span(*dates) for dates in years.values_list("start_date", "end_date")]
    return read_closures(data, ZoneInfo(school.timezone), spans)


def _is_wanted(closure: Closure, texts: Sequence[str]) -> bool:
    name = closure.name.casefold()
    return not texts or any(text.casefold() in name for text in texts)


def _read(path: Path) -> bytes:
    """Return the bytes of a file, but not many more than a calendar file may have."""
    try:
        with path.open("rb") as file:
            return file.read(reading.LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"{path}: The file cannot be read: {reason}."
        raise CommandError(message) from error


def _placed(path: Path, fault: Fault) -> str:
    place = f"{path}: line {fault.line}" if fault.line else f"{path}"
    return f"{place}: {fault.detail}"
