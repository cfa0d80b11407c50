"""What is due is sent, signed, tried again, and given up."""

import datetime as dt
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from standardwebhooks import WebhookVerificationError

from scheduling.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from scheduling.webhooks import disable, replay, send_test
from scheduling.webhooks.deliveries import forget_old
from scheduling.webhooks.delivering import RETRIES, deliver_due
from scheduling.webhooks.messages import headers_of
from tests.factories import (
    ApplicationFactory,
    MembershipFactory,
    UserFactory,
    WebhookFactory,
)

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR = (dt.timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours"))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def deliver() -> list[Any]:
    return list(deliver_due())


def state(delivery: Any = None) -> tuple[str, int]:
    row = delivery or WebhookDelivery.objects.get()
    row.refresh_from_db()
    return row.state, row.attempts


def test_a_change_is_told_signed_and_once(receiver, webhook, change) -> None:
    change()
    deliver()
    deliver()
    (message,) = receiver.messages
    event = WebhookEvent.objects.get()
    assert message.path == "/hook"
    assert message.headers["content-type"] == "application/json"
    assert message.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert message.headers["webhook-id"] == f"msg_{event.pk.hex}"
    assert message.verified(webhook.secret) == {
        "type": "calendar.changed",
        "timestamp": "2026-09-01T12:00:00Z",
        "data": {"school": "maple-high", "revision": event.revision, "resources": ["breaks"]},
    }
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status_code, attempt.error, attempt.at) == (204, "", NOON)
    assert state() == ("delivered", 1)
    webhook.refresh_from_db()
    assert webhook.last_success_at == NOON


def test_messages_are_signed_as_the_standard_has_it() -> None:
    secret = "whsec_c2Nob29sZGF5LWV4YW1wbGUtc2VjcmV0LTMyYnl0ZXM="  # noqa: S105
    body = (
        '{"type":"calendar.changed","timestamp":"2026-09-01T12:00:00Z","data":{"school":'
        '"maple-high","revision":412,"resources":["breaks"]}}'
    )

    sample: Any = SimpleNamespace(message_id="msg_7Qm2Zt4", body=body)
    now = dt.datetime.fromtimestamp(1788264003, dt.UTC)
    headers = headers_of(Webhook(secret=secret), sample, now)
    assert headers["webhook-timestamp"] == "1788264003"
    assert headers["webhook-signature"] == "v1,V1PvEfxQD+aijJhpBDDdZ3rdgBwH60DPiieb2sD7d0I="


def test_a_failure_is_tried_again_in_ever_longer_steps_and_then_given_up(
    receiver, webhook, change, clock
) -> None:
    webhook.created_by = UserFactory.create(email="sis@example.org", is_superuser=True)
    webhook.save()
    receiver.status = 500
    change()
    for number, delay in enumerate(RETRIES, 1):
        deliver()
        row = WebhookDelivery.objects.get()
        assert (row.state, row.attempts) == ("pending", number)
        assert delay <= row.next_attempt_at - timezone.now() <= delay * 1.2
        clock.move_to(row.next_attempt_at - SECOND)
        assert deliver() == []
        clock.move_to(row.next_attempt_at)
        assert mail.outbox == []
    deliver()
    webhook.refresh_from_db()
    assert state() == ("failed", 10)
    assert timezone.now() - NOON > dt.timedelta(days=3)
    assert (webhook.state, webhook.disabled_at) == ("failing", timezone.now())
    assert len({each.headers["webhook-id"] for each in receiver.messages}) == 1
    stamps = [int(each.headers["webhook-timestamp"]) for each in receiver.messages]
    assert stamps == sorted(set(stamps))
    receiver.messages[-1].verified(webhook.secret)
    with pytest.raises(WebhookVerificationError, match="too old"):
        receiver.messages[0].verified(webhook.secret)
    (letter,) = mail.outbox
    assert letter.to == ["sis@example.org"]
    assert letter.subject == f"The webhook to 127.0.0.1:{receiver.port} is disabled"
    assert "the receiver has failed for days" in letter.body


def test_one_message_that_fails_among_others_is_a_dead_letter(
    receiver, webhook, change, clock
) -> None:
    boss = MembershipFactory.create(school=webhook.school, role="admin").user
    boss.email = "office@example.org"
    boss.save()
    receiver.status = 500
    for _time in range(2):
        change()
    WebhookDelivery.objects.update(attempts=9)
    webhook.note(last_success_at=NOON - dt.timedelta(days=2))
    assert [each.outcome.status for each in deliver()] == [500, 500]
    webhook.refresh_from_db()
    assert webhook.is_enabled
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"failed"}
    (letter,) = mail.outbox  # of the second message they will know
    assert (letter.to, letter.subject) == (
        ["office@example.org"],
        f"A message did not reach 127.0.0.1:{receiver.port}",
    )


def test_whoever_is_gone_is_asked_no_more(receiver, webhook, change) -> None:
    receiver.status = 410
    change()
    change()
    deliver()
    change()
    assert len(receiver.messages) == 1
    webhook.refresh_from_db()
    assert webhook.state == "gone"
    assert list(WebhookDelivery.objects.values_list("state", flat=True)) == ["failed", "failed"]
    assert mail.outbox == []  # nobody has an address


@pytest.mark.parametrize(
    ("backend", "address"),
    [("smtp", "office@example.org"), ("locmem", "office@example.org\nBcc: all")],
)
def test_a_letter_that_cannot_be_sent_stops_nothing(
    year, change, settings, caplog, backend: str, address: str
) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_PORT = 1
    boss = UserFactory.create(email=address)
    MembershipFactory.create(user=boss, district=year.school.district, school=None, role="admin")
    WebhookFactory.create(district=year.school.district, url="https://nowhere.invalid/")
    change()
    WebhookDelivery.objects.update(attempts=9)
    deliver()
    assert state() == ("failed", 10)
    assert "No mail could be sent to office@example.org" in caplog.text


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 500, 503])
def test_whatever_is_no_success_is_a_failure_and_is_followed_nowhere(
    receiver, webhook, change, status: int
) -> None:
    receiver.status = status
    receiver.headers = {"Location": f"{receiver.url}/elsewhere"}
    receiver.text = b"no\x00 \xff thanks" + b"!" * 1000
    change()
    deliver()
    assert len(receiver.messages) == 1
    attempt = WebhookAttempt.objects.get()
    assert attempt.status_code == status
    assert attempt.answer == "no  \ufffd thanks" + "!" * 188
    assert state() == ("pending", 1)


@pytest.mark.parametrize("status", [429, 502, 504])
def test_a_receiver_that_asks_for_it_is_given_ever_longer_rests(
    receiver, webhook, change, clock, status: int
) -> None:
    receiver.status = status
    for _time in range(3):
        change()
    rests = []
    for _time in range(3):
        assert len(deliver()) == 1
        webhook.refresh_from_db()
        rests.append((webhook.busy_until - timezone.now()).total_seconds())
        clock.move_to(webhook.busy_until)
    assert rests == [10, 20, 40]
    receiver.status = 200
    deliver()
    webhook.refresh_from_db()
    assert webhook.slow_answers == 0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Tue, 01 Sep 2026 12:05:00 GMT", 300),
        ("Tue, 01 Sep 2026 11:00:00 GMT", 0),
        ("9999999", 24 * 3600),
        ("9" * 400, 0),
        ("soon", 0),
        ("Tue, 01 Sep 2026 12:05:00", 0),
    ],
)
def test_what_a_receiver_asks_for_is_obeyed_for_a_day_at_most(
    receiver, webhook, change, said: str, seconds: int
) -> None:
    receiver.status, receiver.headers = 503, {"Retry-After": said}
    change()
    deliver()
    wait = (WebhookDelivery.objects.get().next_attempt_at - NOON).total_seconds()
    assert wait == seconds if seconds else 5 <= wait <= 6
    webhook.refresh_from_db()
    assert (webhook.busy_until - NOON).total_seconds() == seconds


def test_who_asks_for_a_message_need_not_wait_for_a_rest_to_end(
    receiver, webhook, change, clock
) -> None:
    change()
    webhook.note(busy_until=NOON + 24 * HOUR, slow_answers=3)
    assert deliver() == []
    send_test(webhook)
    webhook.refresh_from_db()
    assert (webhook.busy_until, webhook.slow_answers) == (NOON + 90 * SECOND, 0)
    clock.shift(90 * SECOND)
    assert len(deliver()) == 2


def test_one_receiver_that_fails_keeps_no_other_waiting(receiver, webhook, change, clock) -> None:
    other = WebhookFactory.create(school=webhook.school, url=f"{receiver.url}/other")
    receiver.react = lambda request: request.path == "/hook" and _hang_up(request)
    for _time in range(2):
        change()
    for _report in deliver_due():
        clock.shift(SECOND)
    paths = [each.path for each in receiver.messages]
    assert paths.index("/hook/other") <= 1
    assert sorted(paths) == ["/hook", "/hook", "/hook/other", "/hook/other"]
    assert {each.state for each in other.deliveries.all()} == {"delivered"}
    errors = set(WebhookAttempt.objects.values_list("error", flat=True)) - {""}
    assert [each.partition(":")[0] for each in errors] == ["The connection failed"]


def _hang_up(request: Any) -> bool:
    request.close_connection = True
    return True


def test_what_nobody_foresaw_stops_nothing(receiver, webhook, change, monkeypatch, caplog) -> None:
    def wrong(*_args: Any, **_named: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("socket.getaddrinfo", wrong)
    change()
    (report,) = deliver()
    assert report.outcome.error == "Something is wrong with this service; its log says what."
    assert "ZeroDivisionError" in caplog.text
    assert state() == ("pending", 1)


def test_for_a_day_after_a_rotation_both_secrets_sign(receiver, webhook, change, clock) -> None:
    old = webhook.secret
    webhook.rotate_secret()
    webhook.save()
    assert webhook.secret != old
    for moment in (NOON, NOON + 24 * HOUR - SECOND):
        clock.move_to(moment)
        change()
        deliver()
        for secret in (old, webhook.secret):
            receiver.messages[-1].verified(secret)
    clock.move_to(NOON + 24 * HOUR)
    change()
    deliver()
    receiver.messages[-1].verified(webhook.secret)
    with pytest.raises(WebhookVerificationError, match="No matching"):
        receiver.messages[-1].verified(old)


def test_what_is_sent_again_has_the_same_name(receiver, webhook, change, clock) -> None:
    change()
    deliver()
    clock.move_to(NOON + 20 * HOUR)
    delivery = WebhookDelivery.objects.get()
    replay(delivery)
    assert state() == ("pending", 0)
    deliver()
    first, second = receiver.messages
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert state() == ("delivered", 1)
    assert [each.at for each in delivery.log.all()] == [NOON, NOON + 20 * HOUR]


def test_a_test_message_shows_that_messages_arrive(receiver, webhook) -> None:
    send_test(webhook)
    deliver()
    assert receiver.messages[0].verified(webhook.secret) == {
        "type": "webhook.test",
        "timestamp": "2026-09-01T12:00:00Z",
        "data": {"webhook": str(webhook.pk)},
    }


def test_a_webhook_that_is_disabled_is_asked_nothing(receiver, webhook, change) -> None:
    change()
    disable(webhook)
    assert state() == ("failed", 0)
    assert deliver() == []
    for act in (lambda: send_test(webhook), lambda: replay(WebhookDelivery.objects.get())):
        with pytest.raises(Exception, match="Enable it first"):
            act()


def test_who_has_lost_the_role_is_told_no_more(receiver, year, change) -> None:
    role = MembershipFactory.create(school=year.school)
    program = MembershipFactory.create(
        application=ApplicationFactory.create(), district=year.school.district, school=None
    )
    mine = WebhookFactory.create(school=year.school, url=receiver.url, created_by=role.user)
    theirs = WebhookFactory.create(
        district=year.school.district,
        url=f"{receiver.url}/theirs",
        application=program.application,
        created_by=program.application.user,
    )
    change()
    role.delete()
    deliver()
    assert [each.path for each in receiver.messages] == ["/hook/theirs"]
    mine.refresh_from_db()
    assert (mine.state, mine.disabled_at) == ("no_role", NOON)
    program.application.user.is_active = False
    program.application.user.save()
    change()
    deliver()
    theirs.refresh_from_db()
    assert theirs.state == "no_role"
    assert len(receiver.messages) == 1


def test_the_command_tells_what_it_does_and_forgets_what_is_old(
    receiver, webhook, change, clock
) -> None:
    told = StringIO()
    change()
    call_command("deliver_webhooks", once=True, stdout=told)
    send_test(webhook)
    receiver.status = 500
    call_command("deliver_webhooks", once=True, stdout=told)
    webhook.url = "https://no-such-name.invalid/hook"
    webhook.save()
    WebhookDelivery.objects.pending().update(attempts=9, next_attempt_at=NOON)
    call_command("deliver_webhooks", once=True, stdout=told)
    host = f"127.0.0.1:{receiver.port}"
    revision = WebhookEvent.objects.get(type="calendar.changed").revision
    lines = [line.partition(" ms")[0].rstrip("0123456789") for line in told.getvalue().splitlines()]
    assert lines[0].startswith(
        f"2026-09-01 12:00:00 calendar.changed (maple-high {revision}) to {host}: delivered, 204 in"
    )
    assert lines[1].startswith(
        f"2026-09-01 12:00:00 webhook.test to {host}: attempt 1 failed, the answer was 500. "
        "Next attempt at 2026-09-01 12:00:0"
    )
    assert lines[2] == (
        "2026-09-01 12:00:00 webhook.test to no-such-name.invalid: attempt 10 failed, "
        "There is no machine called no-such-name.invalid. Given up."
    )
    clock.move_to(NOON + dt.timedelta(days=30) - SECOND)
    call_command("deliver_webhooks", once=True)
    assert WebhookEvent.objects.count() == 2
    clock.move_to(NOON + dt.timedelta(days=30))
    call_command("deliver_webhooks", once=True)
    assert not WebhookEvent.objects.exists()
    assert not WebhookAttempt.objects.exists()


def test_what_is_old_but_asked_for_is_not_forgotten(receiver, webhook, change, clock) -> None:
    change()
    clock.move_to(NOON + dt.timedelta(days=31))
    assert forget_old(timezone.now()) == 0
    deliver()
    assert forget_old(timezone.now()) == 1


@pytest.mark.parametrize("threads", [0, 65])
def test_a_senseless_number_of_threads_is_refused(threads: int) -> None:
    with pytest.raises(CommandError, match="Choose 1 to 64 threads"):
        call_command("deliver_webhooks", threads=threads)
