"""Load the demo schools, with years around today."""

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from typing_extensions import override

from scheduling.demo import demo_documents
from scheduling.documents import import_document
from scheduling.models import AcademicYear, School

Document = Mapping[str, Any]

ATTRIBUTION = (
    "The schools are fictional. Their bells derive from nicolaschan/schedules on GitHub, "
    "MIT License."
)


class Command(BaseCommand):
    """Load the demo schools, with years around today."""

    help = (
        "Load three fictional schools to try the service on, with years laid around today. "
        "A second run on the same day changes nothing; a later one brings the schools up to "
        "date, and undoes what was changed in them. Other schools are not touched. " + ATTRIBUTION
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="leave the schools there are as they are: load only if there is no school yet, "
            "or lay a demo school anew that has no year around today",
        )
        parser.add_argument(
            "--base-url",
            metavar="URL",
            help="say what to try at this address, such as http://127.0.0.1:8000",
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        today = timezone.now().date()
        documents = demo_documents(today)
        wanted = _wanting(documents, today) if options["if_empty"] else documents
        for document in wanted:
            self._load(document)
        if not wanted:
            self.stdout.write("The schools that are there are left as they are.")
        self.stdout.write(ATTRIBUTION)
        if options["base_url"]:
            self._suggest(options["base_url"].rstrip("/"), _there(documents), today)

    def _load(self, document: Document) -> None:
        total = import_document(document).total
        counts = f"{total.created} created, {total.changed} changed, {total.removed} removed"
        self.stdout.write(f"{document['school']['name']}: {counts}.")

    def _suggest(self, base_url: str, slugs: Sequence[str], today: dt.date) -> None:
        self.stdout.write("Try:")
        for slug in slugs[:1]:
            self.stdout.write(f"  {base_url}/api/v1/schools/{slug}/days/today")
            self.stdout.write(f"  {base_url}/api/v1/schools/{slug}/now")
            self.stdout.write(f"  {base_url}/api/v1/quarters/for-date?school={slug}&date={today}")
        self.stdout.write(f"  {base_url}/admin/")


def _slug(document: Document) -> str:
    return str(document["school"]["slug"])


def _there(documents: Sequence[Document]) -> list[str]:
    """Return the slugs of the demo schools that are there, in their order."""
    slugs = [_slug(document) for document in documents]
    there = set(School.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return [slug for slug in slugs if slug in there]


def _wanting(documents: Sequence[Document], today: dt.date) -> list[Document]:
    """Return the demo schools to load: all into an empty service, later those left in the past."""
    if not School.objects.exists():
        return list(documents)
    there = _there(documents)
    current = set(AcademicYear.objects.for_date(today).values_list("school__slug", flat=True))
    return [each for each in documents if _slug(each) in there and _slug(each) not in current]
