"""Export an academic year as bodies for an Ed-Fi host."""

import json
import re
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from typing_extensions import override

from scheduling import lookups
from scheduling.edfi.conventions import NAMESPACE, NAMESPACE_PATTERN, Body, Conventions, EndDates
from scheduling.edfi.resources import RESOURCES, Resource, bodies
from scheduling.edfi.source import Source
from scheduling.exports import edfi_source
from scheduling.management.named import state_named, year_named
from scheduling.states import SchoolState

Export = Mapping[Resource, list[Body]]


class Command(BaseCommand):
    """Export an academic year as bodies for an Ed-Fi host."""

    help = """\
Export an academic year of a school in the shapes of Ed-Fi's Data Standard 5: grading periods,
sessions, the calendar, its dates, class periods and bell schedules, each as a list of bodies to be
sent to an Ed-Fi host in this order, one POST each. The same calendar is the same bytes.

  manage.py export_edfi maple-high --output maple-high/
  manage.py export_edfi maple-high --year 2026-2027 --output maple-high.json
  manage.py export_edfi maple-high --namespace uri://tea.texas.gov | less

The school needs a number in Ed-Fi: edfi_school_id in its metadata, or a whole number as its
sourced id. The host must have the school and the school year by then; see docs/edfi.md."""

    @override
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", metavar="SCHOOL", help="the slug of the school, or its id")
        parser.add_argument(
            "--year",
            metavar="NAME",
            help="an academic year by its name, such as 2026-2027; else the one around today",
        )
        parser.add_argument(
            "--output",
            metavar="PATH",
            type=Path,
            help="write to one file if it ends in .json, else a file for each resource into this "
            "directory; standard output if left out",
        )
        parser.add_argument(
            "--namespace",
            metavar="URI",
            default=NAMESPACE,
            help=f"what the URIs of descriptors begin with; {NAMESPACE} if left out",
        )
        parser.add_argument(
            "--end-dates",
            choices=get_args(EndDates),
            default="inclusive",
            help="whether an end date is the last day, as Ed-Fi advises, or the day after it",
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        if not re.fullmatch(NAMESPACE_PATTERN, options["namespace"]):
            message = f"“{options['namespace']}” is no URI such as {NAMESPACE}."
            raise CommandError(message)
        conventions = Conventions(options["namespace"], options["end_dates"])
        source = _source(state_named(options["school"]), options["year"], conventions)
        exported: dict[Resource, list[Body]] = {}
        for resource in tqdm(RESOURCES, desc=source.school.slug, leave=False, disable=None):
            exported[resource] = bodies(resource, source)
        if options["output"] is None:
            self.stdout.write(_json(exported), ending="")
        else:
            _write(options["output"], exported)
        counts = ", ".join(f"{len(each)} {name}" for name, each in exported.items())
        summary = self.stderr if options["output"] is None else self.stdout
        summary.write(f"{source.school.slug}: {source.year.name}: {counts}")


def _source(school: SchoolState, name: str | None, conventions: Conventions) -> Source:
    """Return what is exported of the year of a name, or of the year around today."""
    year = lookups.today(school) if name is None else year_named(school, name).pk
    try:
        _token, source = edfi_source(school, year, conventions)
    except ValidationError as error:
        raise CommandError(error.messages[0]) from error
    if source is None:
        message = f"{school.slug} has no academic year yet."
        raise CommandError(message)
    return source


def _write(path: Path, exported: Export) -> None:
    """Write one file, or one for each resource, named in the order in which they are pushed."""
    try:
        if path.suffix == ".json":
            path.write_text(_json(exported), "utf-8")
            return
        path.mkdir(parents=True, exist_ok=True)
        for number, (resource, its_bodies) in enumerate(exported.items(), 1):
            (path / f"{number}-{resource}.json").write_text(_json(its_bodies), "utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"{path} cannot be written: {reason}."
        raise CommandError(message) from error


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
