"""Export a district's roster as OneRoster's CSV files."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from scheduling.management.named import district_named
from scheduling.oneroster_csv.layout import BULK, DELTA, END_DATES, EXCLUSIVE, LATEST, VERSIONS
from scheduling.rosters import RosterExport, exported_roster


class Command(BaseCommand):
    """Export a district's roster as OneRoster's CSV files."""

    help = """\
Export the districts, schools, school years, terms and quarters of a district as a zip file of
OneRoster's CSV format, for systems that read no other.

A bulk file holds everything that is there. A delta file holds what has changed since an instant,
and what is gone. The same data are the same bytes.

  manage.py export_oneroster harbor --output harbor.zip
  manage.py export_oneroster harbor --mode delta --since 2026-11-01T00:00:00Z --output harbor.zip
  manage.py export_oneroster harbor --version 1.1 --end-dates inclusive --output harbor.zip

docs/oneroster.md says how the calendar is told in OneRoster; import_oneroster reads the file."""

    @override
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        kwargs["conflict_handler"] = "resolve"  # --version is OneRoster's here, not Django's
        return super().create_parser(prog_name, subcommand, **kwargs)

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "district", metavar="DISTRICT", help="the slug of the district, or its id"
        )
        parser.add_argument(
            "--mode",
            choices=[BULK, DELTA],
            default=BULK,
            help="everything (bulk, if left out), or what has changed (delta)",
        )
        parser.add_argument(
            "--since",
            type=_instant,
            metavar="TIME",
            help="of a delta: an instant such as 2026-11-01T00:00:00Z, UTC if it says no offset",
        )
        parser.add_argument(
            "--version", choices=VERSIONS, default=LATEST, help=f"{LATEST}, if left out"
        )
        parser.add_argument(
            "--end-dates",
            choices=END_DATES,
            default=EXCLUSIVE,
            help="the day after the last one (exclusive, as the standard has it), or the last one",
        )
        parser.add_argument(
            "--output", metavar="FILE", type=Path, required=True, help="the zip file to write"
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        if (options["mode"] == DELTA) != (options["since"] is not None):
            message = "A delta needs --since, and nothing else has it."
            raise CommandError(message)
        asked = RosterExport(options["version"], options["end_dates"], options["since"])
        district = district_named(options["district"])
        path: Path = options["output"]
        try:
            path.write_bytes(exported_roster(district.pk, asked))
        except OSError as error:
            message = f"{path} cannot be written: {error.strerror}."
            raise CommandError(message) from error


def _instant(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (OverflowError, ValueError) as error:
        message = f"“{text}” is no instant: write 2026-11-01T00:00:00Z."
        raise ArgumentTypeError(message) from error
