"""What webhooks refuse: nothing is stored, and nothing breaks."""

from typing import Any

import pytest

from scheduling.models import Webhook, WebhookDelivery
from scheduling.webhooks import send_test
from tests.factories import WebhookFactory

Errors = set[tuple[str, str]]
URL = "https://sis.example.org/hook"
BODY = {"school": "maple-high", "url": URL}
NOBODY = "0199c7a0-3f58-7b3a-a1d2-c3e4f5a6b7f8"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ([], {("", "invalid")}),
        ("https://sis.example.org", {("", "invalid")}),
        ({}, {("/url", "required")}),
        ({"url": URL}, {("", "school_or_district")}),
        ({"url": URL, "school": None, "district": None}, {("", "school_or_district")}),
        ({**BODY, "district": "@district"}, {("", "school_or_district")}),
        ({**BODY, "school": 5}, {("/school", "invalid")}),
        ({**BODY, "school": ["@school"]}, {("/school", "invalid")}),
        ({**BODY, "school": ""}, {("/school", "invalid")}),
        ({**BODY, "district": {}}, {("/district", "invalid")}),
        ({**BODY, "url": None}, {("/url", "null")}),
        ({**BODY, "url": 5}, {("/url", "invalid")}),
        ({**BODY, "url": [URL]}, {("/url", "invalid")}),
        ({**BODY, "url": ""}, {("/url", "blank")}),
        ({**BODY, "url": " "}, {("/url", "blank")}),
        ({**BODY, "url": f"{URL}/{'x' * 2000}"}, {("/url", "max_length")}),
        ({**BODY, "url": f"{URL}\0"}, {("/url", "invalid_characters")}),
        ({**BODY, "url": "https://\ud800.example"}, {("/url", "invalid_characters")}),
        ({**BODY, "url": "sis.example.org"}, {("/url", "invalid_url")}),
        ({**BODY, "url": f" {URL}"}, {("/url", "invalid_url")}),
        ({**BODY, "url": "javascript:alert(1)"}, {("/url", "invalid_url")}),
        ({**BODY, "url": "http://sis.example.org/hook"}, {("/url", "https_required")}),
        ({**BODY, "url": "http://127.0.0.1/hook"}, {("/url", "https_required")}),
        ({**BODY, "url": "https://me:x@sis.example.org"}, {("/url", "credentials_in_url")}),
        ({**BODY, "url": "https://sis.example.org:22"}, {("/url", "port_not_allowed")}),
        ({**BODY, "url": "https://localhost"}, {("/url", "address_not_public")}),
        ({**BODY, "url": "https://169.254.169.254/"}, {("/url", "address_not_public")}),
        ({**BODY, "secret": "whsec_mine"}, {("/secret", "unknown_field")}),
        ({**BODY, "is_enabled": True}, {("/is_enabled", "unknown_field")}),
        ({**BODY, "url": 5, "x": 1}, {("/url", "invalid"), ("/x", "unknown_field")}),
    ],
)
def test_a_webhook_that_cannot_be_is_refused(world, body: Any, errors: Errors) -> None:
    world.refuses(world.ask("POST", "webhooks", body), errors)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ([], {("", "invalid")}),
        ({"url": None}, {("/url", "null")}),
        ({"url": "https://10.0.0.1"}, {("/url", "address_not_public")}),
        ({"is_enabled": None}, {("/is_enabled", "null")}),
        ({"is_enabled": 1}, {("/is_enabled", "invalid")}),
        ({"is_enabled": "true"}, {("/is_enabled", "invalid")}),
        ({"is_enabled": False, "url": "https://localhost"}, {("/url", "address_not_public")}),
        ({"school": "@birch"}, {("/school", "unknown_field")}),
        ({"state": "enabled"}, {("/state", "unknown_field")}),
    ],
)
def test_a_change_that_cannot_be_is_refused(world, body: Any, errors: Errors) -> None:
    webhook = WebhookFactory.create(school_id=world.names["school"], school=None)
    world.refuses(world.ask("PATCH", f"webhooks/{webhook.pk}", body), errors)
    before, webhook = webhook, Webhook.objects.get()
    assert (webhook.url, webhook.state) == (before.url, before.state)


def test_there_are_only_so_many_in_a_place(world, monkeypatch) -> None:
    monkeypatch.setattr("scheduling.models.webhook.MOST_IN_A_PLACE", 1)
    WebhookFactory.create(school_id=world.names["birch"], school=None)
    assert world.ask("POST", "webhooks", BODY).status_code == 201
    world.refuses(world.ask("POST", "webhooks", BODY), {("", "too_many")})


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("colour=red", {("/colour", "unknown_parameter")}),
        ("ordering=url", {("/ordering", "unknown_parameter")}),
        ("page_size=0", {("/page_size", "min_value")}),
        ("page_size=1001", {("/page_size", "max_value")}),
        ("page_size=x", {("/page_size", "invalid")}),
        ("cursor=", {("/cursor", "blank")}),
        ("cursor=made-up", {("/cursor", "invalid_cursor")}),
        ("cursor=%00", {("/cursor", "invalid_characters")}),
    ],
)
def test_a_list_that_cannot_be_asked_for_is_refused(world, query: str, errors: Errors) -> None:
    webhook = WebhookFactory.create(school_id=world.names["school"], school=None)
    for path in ("webhooks", f"webhooks/{webhook.pk}/deliveries"):
        world.refuses(world.ask("GET", f"{path}?{query}"), errors)


@pytest.mark.parametrize(
    ("path", "errors"),
    [
        ("webhooks?school=", {("/school", "blank")}),
        ("webhooks?school=%00", {("/school", "invalid_characters")}),
        ("webhooks?district=" + "x" * 64, {("/district", "max_length")}),
        ("webhooks?school=a&school=b", {("/school", "repeated")}),
        (f"webhooks/{NOBODY}?expand=school", {("/expand", "unknown_parameter")}),
        (f"webhooks/{NOBODY}/deliveries?state=lost", {("/state", "invalid_choice")}),
    ],
)
def test_what_cannot_be_asked_is_refused(world, path: str, errors: Errors) -> None:
    world.refuses(world.ask("GET", path), errors)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "webhooks?dry_run=true"),
        ("PATCH", f"webhooks/{NOBODY}?dry_run=true"),
        ("DELETE", f"webhooks/{NOBODY}?dry_run=true"),
        ("POST", f"webhooks/{NOBODY}/test?dry_run=true"),
        ("POST", f"webhooks/{NOBODY}/rotate-secret?dry_run=true"),
        ("POST", f"webhooks/{NOBODY}/deliveries/{NOBODY}/replay?dry_run=true"),
    ],
)
def test_a_write_has_no_parameters(world, method: str, path: str) -> None:
    world.refuses(world.ask(method, path, BODY), {("/dry_run", "unknown_parameter")})


@pytest.mark.parametrize("key", [NOBODY, "@school", "x", "%00", "%F0%9F%98%80"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "webhooks/{}"),
        ("PATCH", "webhooks/{}"),
        ("DELETE", "webhooks/{}"),
        ("POST", "webhooks/{}/test"),
        ("POST", "webhooks/{}/rotate-secret"),
        ("GET", "webhooks/{}/deliveries"),
        ("POST", "webhooks/{}/deliveries/{}/replay"),
        ("POST", "webhooks/@mine/deliveries/{}/replay"),
    ],
)
def test_what_is_not_there_is_not_found(world, method: str, path: str, key: str) -> None:
    mine = WebhookFactory.create(school_id=world.names["school"], school=None)
    address = path.replace("@mine", str(mine.pk)).format(key, key)
    body = {} if method == "PATCH" else None
    world.refuses(world.ask(method, address, body), set(), 404, "not_found")


def test_a_delivery_of_another_webhook_is_not_found(world) -> None:
    mine, other = (
        WebhookFactory.create(school_id=world.names["school"], school=None) for _time in range(2)
    )
    delivery = send_test(other)
    path = f"webhooks/{mine.pk}/deliveries/{delivery.pk}/replay"
    world.refuses(world.ask("POST", path), set(), 404, "not_found")
    assert WebhookDelivery.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**BODY, "school": "hidden-high"}, "/school"),
        ({**BODY, "school": "@hidden"}, "/school"),
        ({**BODY, "school": "nowhere"}, "/school"),
        ({"district": "@hidden-district", "url": URL}, "/district"),
    ],
)
def test_a_place_that_is_not_there_is_not_found(world, body: Any, pointer: str) -> None:
    response = world.ask("POST", "webhooks", body)
    world.refuses(response, {(pointer, "not_found")}, 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "webhooks"),
        ("DELETE", "webhooks"),
        ("PUT", f"webhooks/{NOBODY}"),
        ("GET", f"webhooks/{NOBODY}/test"),
        ("GET", f"webhooks/{NOBODY}/rotate-secret"),
        ("POST", f"webhooks/{NOBODY}/deliveries"),
        ("GET", f"webhooks/{NOBODY}/deliveries/{NOBODY}/replay"),
    ],
)
def test_what_cannot_be_done_is_told(world, method: str, path: str) -> None:
    world.refuses(world.ask(method, path, {}), set(), 405, "method_not_allowed")
