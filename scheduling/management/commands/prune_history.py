"""Forget what calendars were long ago."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from scheduling.models.revision import LEAST_DAYS_KEPT
from scheduling.services.pruning import prune_history

MOST_DAYS = 100_000


class Command(BaseCommand):
    """Forget what calendars were long ago."""

    help = (
        "Forget what calendars were more than HISTORY_DAYS ago. What they have been since can "
        "still be told, and so can every change. Clients of the change feed that have not asked "
        "for so long begin anew. Run it once a day or once a week."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=settings.HISTORY_DAYS,
            help=f"how many days to keep, {LEAST_DAYS_KEPT} or more; HISTORY_DAYS if left out",
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        if options["days"] < LEAST_DAYS_KEPT:
            message = f"Keep {LEAST_DAYS_KEPT} days or more: clients are promised as much."
            raise CommandError(message)
        if options["days"] > MOST_DAYS:
            message = f"There is no history of {options['days']} days."
            raise CommandError(message)
        states = versions = busy = 0
        for pruned in prune_history(timezone.now() - dt.timedelta(days=options["days"])):
            states += pruned.states
            versions += pruned.versions
            busy += pruned.is_busy
            if options["verbosity"] > 1 and pruned.states:
                self.stdout.write(f"{pruned.school}: {pruned.states} states")
        self.stdout.write(f"Forgot {states} states and {versions} versions of rows.")
        if busy:
            self.stdout.write(f"Left {busy} schools that were being written; run it again.")
