"""Workers that work at once, are killed on the way, or are asked to stop."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from bench.processes import ROOT
from scheduling.models import Webhook, WebhookDelivery
from scheduling.webhooks import replay
from scheduling.webhooks.delivering import TAKEN, deliver_due
from tests.core.racing import race
from tests.factories import WebhookFactory
from tests.services import database_of_tests, surroundings

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 30


def test_two_workers_at_once_send_each_message_once(receiver, webhook, change) -> None:
    for number in range(4):
        WebhookFactory.create(school=webhook.school, url=f"{receiver.url}/{number}")
    for _time in range(3):
        change()
    reports = race(lambda _number: list(deliver_due()), threads=2)
    sent = [(each.path, each.headers["webhook-id"]) for each in receiver.messages]
    assert len(sent) == len(set(sent)) == 15
    assert sum(map(len, reports)) == 15
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_nothing_is_locked_while_a_message_is_on_its_way(receiver, webhook, change) -> None:
    """What is written meanwhile does not wait, and what is asked for anew is sent once more."""

    def write(_request: Any) -> bool:
        try:
            if len(receiver.messages) == 1:
                change()
                replay(WebhookDelivery.objects.earliest("pk"))
        finally:
            connection.close()
        return False

    change()
    WebhookDelivery.objects.update(attempts=2)
    receiver.react = write
    list(deliver_due())
    names = [each.headers["webhook-id"] for each in receiver.messages]
    assert [names.count(name) for name in dict.fromkeys(names)] == [2, 1]


def test_a_webhook_that_is_deleted_while_it_is_told_leaves_nothing(
    receiver, webhook, change
) -> None:
    def delete(_request: Any) -> bool:
        Webhook.objects.get().delete()
        connection.close()
        return False

    change()
    receiver.react = delete
    (report,) = deliver_due()
    assert report.outcome.is_success
    assert not WebhookDelivery.objects.exists()


@contextmanager
def worker(receiver: Any) -> Any:
    """Yield a process that delivers webhooks; it is gone when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "deliver_webhooks", "--threads", "2"],
        cwd=ROOT,
        env=surroundings(DATABASE_URL=database_of_tests(), OUTBOUND_LOOPBACK="true"),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_what_a_killed_worker_has_sent_but_not_noted_is_sent_again(
    receiver, webhook, change
) -> None:
    def kill(_request: Any) -> bool:
        process.kill()
        process.wait(SECONDS)
        return True

    change()
    with worker(receiver) as process:
        receiver.react = kill
        assert process.wait(SECONDS) == -signal.SIGKILL
    receiver.react = lambda _request: False
    assert list(deliver_due()) == []  # it is taken
    with time_machine.travel(timezone.now() + TAKEN, tick=False):
        assert [each.outcome.status for each in deliver_due()] == [204]
    first, second = receiver.messages
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert WebhookDelivery.objects.get().state == "delivered"


def test_a_worker_that_is_asked_to_stop_finishes_what_it_is_sending(
    receiver, webhook, change
) -> None:
    def away(_execute: Any, _sql: str, *_args: Any) -> Any:
        raise OperationalError("the server has gone")

    def ask(_request: Any) -> bool:
        handler: Any = signal.getsignal(signal.SIGTERM)
        handler(signal.SIGTERM, None)  # as if it had come just now, and not a moment later
        return False

    change()
    change()
    receiver.react = ask
    told = StringIO()
    handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    with connection.execute_wrapper(away):  # of this thread alone, which forgets what is old
        call_command("deliver_webhooks", threads=2, stdout=told)
    lines = [line[20:] for line in told.getvalue().splitlines()]
    assert lines[0] == "Sending webhooks with 2 threads; Ctrl-C ends it."
    assert "The database does not answer: the server has gone" in lines
    assert [line.partition(" in ")[0].rpartition(": ")[2] for line in lines].count(
        "delivered, 204"
    ) == 1
    assert lines[-1] == "Stopped: nothing is on its way."
    states = WebhookDelivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["delivered", "pending"]
    assert len(receiver.messages) == 1
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == handlers


def test_a_mistake_of_ours_ends_the_command(receiver, webhook, change, monkeypatch) -> None:
    def wrong(*_args: Any) -> Any:
        raise ZeroDivisionError

    change()
    monkeypatch.setattr("standardwebhooks.Webhook.sign", wrong)
    with pytest.raises(ZeroDivisionError):
        call_command("deliver_webhooks", threads=1, stdout=StringIO())
    assert WebhookDelivery.objects.get().state == "pending"
