"""Export a school's whole calendar as a calendar document."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from scheduling.documents import export_document, render_document
from scheduling.management.named import school_named


class Command(BaseCommand):
    """Export a school's whole calendar as a calendar document."""

    help = (
        "Export the whole calendar of a school as one JSON document: a backup that "
        "import_calendar puts back. The same calendar is the same bytes. "
        "openapi/calendar-document.schema.json describes the format."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", metavar="SLUG", help="the slug of the school, or its id")
        parser.add_argument(
            "--output",
            metavar="FILE",
            type=Path,
            help="write to this file instead of standard output",
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        school = school_named(options["school"])
        text = render_document(export_document(school.pk))
        if options["output"] is None:
            self.stdout.write(text, ending="")
        else:
            self._write(options["output"], text)

    def _write(self, path: Path, text: str) -> None:
        try:
            path.write_text(text, "utf-8")
        except OSError as error:
            message = f"{path} cannot be written: {error.strerror}."
            raise CommandError(message) from error
