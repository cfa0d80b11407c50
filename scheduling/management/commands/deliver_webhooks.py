"""Send webhooks what they are to be told."""

import json
import signal
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from typing_extensions import override

from scheduling.models import WebhookDelivery
from scheduling.webhooks.deliveries import forget_old
from scheduling.webhooks.delivering import Report, deliver_due

THREADS, MOST_THREADS = 4, 64
LOOK_SECONDS = 1.0
"""How often it is looked whether something is due."""
FORGET_SECONDS = 3600.0


class Command(BaseCommand):
    """Send webhooks what they are to be told."""

    help = """\
Send webhooks what they are to be told, until the command is stopped.

Changes of calendars wait in the database until this command sends them; run it beside the web
server, once or several times. Every attempt is one line: what was sent, where, and what came of it.
What fails is tried again for about three days. Whenever it is stopped (Ctrl-C or SIGTERM), messages
on their way are finished first; one that is killed on the way is sent again after 90 seconds.

  manage.py deliver_webhooks
  manage.py deliver_webhooks --once     send what is due now, for cron"""

    @override
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="send what is due now, one by one, and end"
        )
        parser.add_argument(
            "--threads",
            type=int,
            default=THREADS,
            help=f"how many messages are sent at a time; {THREADS} if left out",
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        if not 1 <= options["threads"] <= MOST_THREADS:
            message = f"Choose 1 to {MOST_THREADS} threads."
            raise CommandError(message)
        with _stopped_by_signals() as stop:
            if options["once"]:
                self._send_due(stop)
                forget_old(timezone.now())
            else:
                self._run(stop, options["threads"])

    def _run(self, stop: Event, threads: int) -> None:
        self._tell(f"Sending webhooks with {threads} threads; Ctrl-C ends it.")
        with ThreadPoolExecutor(threads) as pool:
            workers = [pool.submit(self._work, stop) for _number in range(threads)]
            try:
                self._forget(stop)
            finally:
                stop.set()
        for worker in workers:
            worker.result()
        self._tell("Stopped: nothing is on its way.")

    def _forget(self, stop: Event) -> None:
        """Forget what is old, now and then, until the command is stopped."""
        is_stopped = False
        while not is_stopped:
            self._look(lambda: forget_old(timezone.now()))
            is_stopped = stop.wait(FORGET_SECONDS)

    def _work(self, stop: Event) -> None:
        """Look for what is due until the command is stopped; a mistake of ours stops it, too."""
        try:
            while not stop.is_set():
                self._look(lambda: self._send_due(stop))
                stop.wait(LOOK_SECONDS)
        finally:
            stop.set()
            connection.close()

    def _look(self, act: Callable[[], object]) -> None:
        """Act, unless the database is away: it may be back the next time."""
        close_old_connections()
        try:
            act()
        except (OperationalError, InterfaceError) as failure:
            self._tell(f"The database does not answer: {failure}")

    def _send_due(self, stop: Event) -> None:
        for report in deliver_due(stop.is_set):
            self._tell(_sentence(report))

    def _tell(self, text: str) -> None:
        self.stdout.write(f"{timezone.now():%Y-%m-%d %H:%M:%S} {text}")
        self.stdout.flush()


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """Yield what is set when somebody asks the process to end."""
    stop = Event()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_args: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _sentence(report: Report) -> str:
    """Return what happened, without what may be a secret in the address."""
    sent, outcome = report.delivery, report.outcome
    data = json.loads(sent.event.body)["data"]
    about = f" ({data['school']} {data['revision']})" if "school" in data else ""
    what = f"{sent.event.type}{about} to {report.webhook.host}"
    if outcome.is_success:
        return f"{what}: delivered, {outcome.status} in {outcome.milliseconds} ms"
    came = f"the answer was {outcome.status}." if outcome.status else outcome.error
    return f"{what}: attempt {sent.attempts} failed, {came} {_prospect(sent)}"


def _prospect(sent: WebhookDelivery) -> str:
    if sent.next_attempt_at is None:
        return "Given up."
    return f"Next attempt at {sent.next_attempt_at:%Y-%m-%d %H:%M:%S}."
