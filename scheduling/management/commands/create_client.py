"""Create a program that may use the API, and print its id and secret."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core.metadata import is_storable
from scheduling.access import READ, SCOPES, WRITE
from scheduling.models import District, Role, School
from scheduling.models.client_roster import EndDate
from scheduling.services import create_client


class Command(BaseCommand):
    """Create a program that may use the API, and print its id and secret."""

    help = """\
Create a program that may use the API: an OAuth client, such as a student information system.

Its id and secret are printed as JSON, once: the secret is stored as a hash. POST them to
/oauth/token for a token. What the program may do is its role in schools and in districts,
narrowed by the scopes of its tokens; whatever it writes is noted under an account of its own.
Either everything is created or nothing.

  manage.py create_client --name "Lobby screen" --school maple-high
  manage.py create_client --name "SIS" --district harbor --role editor
  manage.py create_client --name "Clocks" --school maple-high --school oak-high
  manage.py create_client --name "Audit" --scope calendar.read --district harbor --role admin
  manage.py create_client --name "Classes" --district harbor --oneroster-end-date inclusive
  manage.py create_client --name "Setup" --superuser

Without --scope it may read, and also write if it is an editor, an admin or a superuser."""

    @override
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="what people call the program")
        parser.add_argument(
            "--scope",
            action="extend",
            nargs="+",
            choices=list(SCOPES),
            metavar="SCOPE",
            dest="scopes",
            help=f"what its tokens may be used for: {' or '.join(SCOPES)}; may be repeated",
        )
        for place in ("school", "district"):
            parser.add_argument(
                f"--{place}",
                action="append",
                default=[],
                metavar="SLUG",
                dest=f"{place}s",
                help=f"a {place} in which the program has the role; may be repeated",
            )
        parser.add_argument(
            "--role",
            choices=Role.values,
            help="its role in the schools and districts named; viewer if not given",
        )
        parser.add_argument(
            "--oneroster-end-date",
            choices=EndDate.values,
            default=EndDate.EXCLUSIVE,
            help="which day it takes an end date of OneRoster for; exclusive, the day after the "
            "last one, if not given",
        )
        parser.add_argument(
            "--superuser", action="store_true", help="it may do everything, in every school"
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        places = [
            *_named(School.objects, "school", options["schools"]),
            *_named(District.objects, "district", options["districts"]),
        ]
        if options["role"] and not places:
            message = (
                "A role is held in a school or a district: name one with --school or --district."
            )
            raise CommandError(message)
        role = options["role"] or Role.VIEWER
        writes = options["superuser"] or role != Role.VIEWER
        scopes = options["scopes"] or ([READ, WRITE] if writes else [READ])
        try:
            client = create_client(
                _checked(options["name"]),
                list(dict.fromkeys(scopes)),
                places=places,
                role=role,
                superuser=options["superuser"],
                oneroster_end_date=options["oneroster_end_date"],
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(json.dumps(asdict(client)))


def _named(rows: Any, kind: str, slugs: list[str]) -> list[Any]:
    """Return the rows with these slugs, or ids; raises CommandError naming those that are not."""
    found = {slug: rows.named(slug).first() if is_storable(slug) else None for slug in slugs}
    missing = [f"“{slug}”" for slug, row in found.items() if row is None]
    if missing:
        message = f"There is no {kind} {', '.join(missing)}."
        raise CommandError(message)
    return list({row.pk: row for row in found.values() if row is not None}.values())


def _checked(name: str) -> str:
    if not name.strip() or not is_storable(name):
        message = "The name of the program must be text."
        raise CommandError(message)
    return name.strip()
