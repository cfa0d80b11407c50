"""Propose public holidays as breaks of a school."""

import datetime as dt
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from scheduling.ical.events import DayEvent, Feed, Version
from scheduling.ical.writing import render
from scheduling.management.named import school_named, year_named
from scheduling.models import AcademicYear, School
from scheduling.public_holidays import UnknownPlaceError
from scheduling.services import Holiday, suggested_holidays


class Command(BaseCommand):
    """Propose public holidays as breaks of a school."""

    help = """\
Propose the public holidays of a country as breaks of a school; nothing is ever stored.

Those that fall on the school's weekdays are listed, but for days that a break or a closed override
covers by now. Without --year it is about the years that are not over. Schools do not close on every
public holiday: write the proposal to a file, take out what does not apply, and import that.

  manage.py suggest_breaks maple-high --country US --subdivision IL
  manage.py suggest_breaks maple-high --country US --output holidays.ics
  manage.py import_ics maple-high holidays.ics --dry-run"""

    @override
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", metavar="SCHOOL", help="the slug of the school, or its id")
        parser.add_argument(
            "--country", required=True, metavar="CODE", help="the code of the country, such as US"
        )
        parser.add_argument(
            "--subdivision",
            default="",
            metavar="CODE",
            help="the code of its state or province, such as IL: most have holidays of their own",
        )
        parser.add_argument(
            "--year", metavar="NAME", help="an academic year by its name, such as 2026-2027"
        )
        parser.add_argument(
            "--output", metavar="FILE", type=Path, help="write the proposal to a calendar file, too"
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        school = school_named(options["school"])
        years = _years(school, options["year"])
        place = (options["country"].upper(), options["subdivision"])
        try:
            proposed = suggested_holidays(school, years, *place)
        except UnknownPlaceError as error:
            raise CommandError(str(error)) from error
        for date, name in proposed:
            self.stdout.write(f"  {date} {date:%a}  {name}")
        if options["output"] is not None:
            _write(options["output"], render(_feed(school, proposed)))
        count = "1 public holiday" if len(proposed) == 1 else f"{len(proposed)} public holidays"
        self.stdout.write(f"{school.slug}: {count} proposed; nothing was stored.")


def _years(school: School, name: str | None) -> list[AcademicYear]:
    """Return the year of a name, or those that are not over at the school."""
    if name is not None:
        return [year_named(school, name)]
    return list(school.academic_years.order_by("start_date").filter(end_date__gte=_today(school)))


def _today(school: School) -> dt.date:
    return timezone.now().astimezone(ZoneInfo(school.timezone)).date()


def _feed(school: School, proposed: Sequence[Holiday]) -> Feed:
    version = Version(timezone.now(), 0)
    events = (
        DayEvent(f"holiday-{date:%Y%m%d}-{school.pk}", name, date, date, version)
        for date, name in proposed
    )
    return Feed(f"{school.name}: public holidays", school.timezone, tuple(events))


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"{path} cannot be written: {reason}."
        raise CommandError(message) from error
