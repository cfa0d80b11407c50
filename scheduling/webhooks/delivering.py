"""Sends what is due: each message at least once, by as many workers as there are.

A worker takes a webhook for a while, in a transaction that ends before anything is sent. Whoever
dies on the way leaves it to the next one when that while is over. Others take other webhooks, so
that a receiver that is slow keeps nobody waiting but itself. See docs/adr/0012.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from random import SystemRandom
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from core.posting import Answer, NotAnswered, post
from core.revision import revise
from scheduling.models import Webhook, WebhookAttempt, WebhookDelivery
from scheduling.models.webhook import TAKEN
from scheduling.webhooks.deliveries import disable
from scheduling.webhooks.letters import Letter, letter_about
from scheduling.webhooks.messages import headers_of

RETRIES = (
    dt.timedelta(seconds=5),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    *(dt.timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""How long after each failure the next attempt follows: 76 hours in all."""
JITTER = 0.2
"""By how much longer that may be, so that what failed together does not come back together."""
LONGEST_WAIT = dt.timedelta(hours=24)
"""What a receiver may ask for."""
LASTING = dt.timedelta(days=3)
"""A receiver that has taken nothing for so long is not asked any more."""
TURN_SECONDS = 20.0
GONE = 410
SLOW_DOWN = {429, 502, 504}
SHORTEST_REST, LONGEST_REST = dt.timedelta(seconds=10), dt.timedelta(minutes=10)
MOST_SLOW_ANSWERS = 10
"""Those that count: the rest is the longest by then."""

UNFORESEEN = "Something is wrong with this service; its log says what."

Delivery = WebhookDelivery.State
logger = logging.getLogger(__name__)

random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending a message once."""

    milliseconds: int
    status: int | None = None
    """None: nobody answered, and `error` says why."""
    error: str = ""
    text: str = ""
    wait: dt.timedelta = dt.timedelta(0)
    """For how long the receiver wants to be left alone."""

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken the message."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Report:
    """What was sent, what came of it, and what happens next."""

    webhook: Webhook
    delivery: WebhookDelivery
    outcome: Outcome


def deliver_due(is_stopping: Callable[[], bool] = lambda: False) -> Iterator[Report]:
    """Send all that is due, one after the other, until nothing is or the caller stops.

    Several may do so at once.
    """
    while not is_stopping():
        webhook = _take()
        if webhook is None:
            return
        yield from _turn(webhook, is_stopping)


def _take() -> Webhook | None:
    """Take the webhook that has waited longest, if any has something due."""
    now = timezone.now()
    due = WebhookDelivery.objects.pending().filter(webhook=OuterRef("pk"), next_attempt_at__lte=now)
    waiting = Webhook.objects.working().filter(Exists(due), busy_until__lte=now)
    with revise():
        free = waiting.select_for_update(skip_locked=True, no_key=True)
        webhook = free.order_by("busy_until", "pk").first()
        if webhook is not None:
            webhook.note(busy_until=now + TAKEN)
    return webhook


def _turn(webhook: Webhook, is_stopping: Callable[[], bool]) -> Iterator[Report]:
    """Send what is due to a webhook until one fails or others should have their turn."""
    end = time.monotonic() + TURN_SECONDS
    try:
        if not webhook.is_entitled():
            disable(webhook, Webhook.State.NO_ROLE)
        while delivery := _next(webhook):
            report = _deliver(webhook, delivery)
            yield report
            if not report.outcome.is_success or is_stopping() or time.monotonic() > end:
                return
    finally:
        taken = Webhook.objects.filter(pk=webhook.pk, busy_until=webhook.busy_until)
        taken.update(busy_until=timezone.now())


def _next(webhook: Webhook) -> WebhookDelivery | None:
    due = webhook.deliveries.pending().filter(next_attempt_at__lte=timezone.now())
    working = due.filter(webhook__state=Webhook.State.ENABLED)
    return working.select_related("event").order_by("next_attempt_at", "pk").first()


def _deliver(webhook: Webhook, delivery: WebhookDelivery) -> Report:
    outcome = _send(webhook, delivery)
    letter = _record(webhook.pk, delivery, outcome)
    if letter is not None:
        letter.send()
    return Report(webhook, delivery, outcome)


def _send(webhook: Webhook, delivery: WebhookDelivery) -> Outcome:
    """Send a message while no transaction is open and no row is locked."""
    event, began = delivery.event, time.monotonic()
    headers = headers_of(webhook, event, timezone.now())
    try:
        return _outcome_of(post(webhook.url, headers, event.body.encode()), began)
    except NotAnswered as failure:
        return Outcome(_milliseconds_since(began), error=str(failure))
    except Exception:  # one message that nobody foresaw must not stop all others
        logger.exception("A message to %s could not be sent", webhook.host)
        return Outcome(_milliseconds_since(began), error=UNFORESEEN)


def _outcome_of(answer: Answer, began: float) -> Outcome:
    return Outcome(
        _milliseconds_since(began),
        answer.status,
        text=answer.text.decode(errors="replace"),
        wait=_wait_of(answer.retry_after),
    )


def _milliseconds_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _wait_of(retry_after: str) -> dt.timedelta:
    """Return what `Retry-After` asks for: seconds, or until a date."""
    try:
        if retry_after.isdecimal():
            wait = dt.timedelta(seconds=int(retry_after))
        else:
            wait = parsedate_to_datetime(retry_after) - timezone.now()
    except (ValueError, TypeError, OverflowError):
        return dt.timedelta(0)
    return max(dt.timedelta(0), min(wait, LONGEST_WAIT))


def _record(webhook_pk: UUID, sent: WebhookDelivery, outcome: Outcome) -> Letter | None:
    """Note what came of an attempt, unless it is nobody's business any more.

    Returns what the owner is to be told.
    """
    now = timezone.now()
    with revise():
        webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook_pk).first()
        rows = WebhookDelivery.objects.select_for_update(no_key=True).filter(pk=sent.pk)
        delivery = rows.first()
        if webhook is None or delivery is None:
            return None
        _log(delivery, outcome, now)
        is_as_it_was = delivery.state == sent.state and delivery.attempts == sent.attempts
        if not is_as_it_was:
            return None  # asked for anew, given up, or sent by somebody else meanwhile
        _settle(webhook, sent, outcome, now)
        sent.save()
        return letter_about(webhook, sent, now)


def _settle(webhook: Webhook, sent: WebhookDelivery, outcome: Outcome, now: dt.datetime) -> None:
    """Say what an outcome means for a delivery and for its webhook."""
    sent.attempts += 1
    if outcome.is_success:
        sent.end(Delivery.DELIVERED)
        webhook.note(last_success_at=now, slow_answers=0)
    elif outcome.status == GONE:
        sent.end(Delivery.FAILED)
        disable(webhook, Webhook.State.GONE)
    elif sent.attempts > len(RETRIES):
        sent.end(Delivery.FAILED)
        if webhook.last_success_at is None or webhook.last_success_at < now - LASTING:
            disable(webhook, Webhook.State.FAILING)
    else:
        delay = RETRIES[sent.attempts - 1] * random.uniform(1, 1 + JITTER)
        sent.next_attempt_at = now + max(delay, outcome.wait)
        _give_rest(webhook, outcome, now)


def _give_rest(webhook: Webhook, outcome: Outcome, now: dt.datetime) -> None:
    """Leave a receiver alone that asks for it, twice as long each time that it does so again."""
    is_slow = outcome.status in SLOW_DOWN
    rest = min(SHORTEST_REST * 2**webhook.slow_answers, LONGEST_REST) if is_slow else outcome.wait
    if rest:
        answers = min(webhook.slow_answers + is_slow, MOST_SLOW_ANSWERS)
        webhook.note(busy_until=now + max(rest, outcome.wait), slow_answers=answers)


def _log(delivery: WebhookDelivery, outcome: Outcome, now: dt.datetime) -> None:
    answer = "".join(each if each.isprintable() else " " for each in outcome.text)
    delivery.log.create(
        at=now,
        milliseconds=outcome.milliseconds,
        status_code=outcome.status,
        error=outcome.error[: WebhookAttempt.LONGEST_ERROR],
        answer=answer[: WebhookAttempt.LONGEST_ANSWER],
    )
