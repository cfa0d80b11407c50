"""Webhooks: whoever has a role in a school or a district may be told when a calendar changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from api.authentication import actor_of
from api.pagination import Page, page_of
from api.permissions import KnownReader
from api.schema import LINK, LOCATION, AutoSchema, page_shape
from api.serializers.base import Parameters
from api.serializers.webhooks import (
    DeliveriesParameters,
    NewWebhookSerializer,
    NoParameters,
    WebhookChangeSerializer,
    WebhookCreationSerializer,
    WebhookDeliverySerializer,
    WebhookSecretSerializer,
    WebhookSerializer,
    WebhooksParameters,
)
from core.metadata import is_storable
from core.revision import revise
from scheduling import webhooks
from scheduling.models import District, School, Webhook, WebhookDelivery
from scheduling.models.webhook import WebhookQuerySet, has_role_in

Method = TypeVar("Method", bound=Callable[..., Response])

KEYS = {
    "id": OpenApiParameter("id", UUID, OpenApiParameter.PATH, description="Its id."),
    "delivery": OpenApiParameter(
        "delivery", UUID, OpenApiParameter.PATH, description="The id of the delivery."
    ),
}
SECRET_HEADERS = {"Cache-Control": "no-store"}
PLACES: dict[str, Any] = {"school": School, "district": District}


class WebhookSchema(AutoSchema):
    """Describe each method by its own parameters."""

    view: Any

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        keys = [each for name, each in KEYS.items() if f"{{{name}}}" in self.path]
        asked = self._parameters_of(self.view.asked_by(self.method)())
        is_list = any(each.name == "cursor" for each in asked)
        is_new = self.method == "POST" and not keys
        return [*keys, *asked, *([LINK] if is_list else []), *([LOCATION] if is_new else [])]

    @override
    def get_description(self) -> str:  # type: ignore[override]
        return get_doc(getattr(self.view, self.method.lower()))


def described(
    operation_id: str, summary: str, answer: Any, **said: Any
) -> Callable[[Method], Method]:
    """Describe an operation: `status` is that of its success, `told` its body, if it takes one."""
    status, told = said.pop("status", 200), said.pop("told", None)
    shown = said.pop("shown", getattr(answer, "EXAMPLE", None))
    examples = []
    if shown:
        code = [str(status)]
        examples.append(OpenApiExample(summary, shown, response_only=True, status_codes=code))
    if told:
        examples.append(OpenApiExample("Body", told.EXAMPLE, request_only=True))
    return extend_schema(
        operation_id=operation_id,
        tags=["Webhooks"],
        summary=summary,
        request=told,
        responses={status: answer},
        examples=examples,
    )


class WebhookRows(APIView):
    """What has to do with webhooks: each is for whose it is, and for the admins of its place."""

    schema = WebhookSchema()
    permission_classes = [KnownReader]
    listed: ClassVar[type[Parameters] | None] = None
    """What a list can be asked; nothing else can be asked anything."""

    @classmethod
    def asked_by(cls, method: str) -> type[Parameters]:
        """Return what the query of a request may say."""
        is_list = method in {"GET", "HEAD"} and cls.listed is not None
        return cls.listed if is_list else NoParameters  # type: ignore[return-value]

    @override
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if hasattr(self, str(request.method).lower()):  # any other method is a 405
            self.asked = self.asked_by(str(request.method)).read({}, request.query_params)

    @property
    def reached(self) -> WebhookQuerySet:
        """The webhooks that the caller reaches."""
        return Webhook.objects.for_actor(actor_of(self.request))

    def found(self) -> Webhook:
        """Return the webhook of the path. Raises Http404."""
        webhook: Webhook = _named(self.reached, self.kwargs["id"])
        return webhook

    @contextmanager
    def locked(self) -> Iterator[Webhook]:
        """Yield the webhook of the path; nobody else changes it until the block ends."""
        with revise():
            yield _named(self.reached.locked(), self.kwargs["id"])

    def page(self, rows: Any, ordering: str, serializer: Any) -> Response:
        """Answer a page of rows."""
        page: Page = page_of(rows, {**self.asked, "ordering": ordering})
        url = page.next_url(self.request)
        headers = {"Link": f'<{url}>; rel="next"'} if url else {}
        shown = serializer(page.rows, many=True).data
        return Response({"next": url, "results": shown}, headers=headers)


def _named(rows: Any, key: str) -> Any:
    row = rows.named(key).first() if is_storable(key) else None
    if row is None:
        raise Http404
    return row


class WebhooksView(WebhookRows):
    """Webhooks."""

    listed = WebhooksParameters

    @described(
        "listWebhooks",
        "List webhooks",
        page_shape(WebhookSerializer, "Webhooks"),
        shown={"next": None, "results": [WebhookSerializer.EXAMPLE]},
    )
    def get(self, request: Request) -> Response:
        """Answer a page of the caller's webhooks, the newest first.

        An admin of a school or a district is told of everybody's there.
        """
        rows = self.reached
        for name, model in PLACES.items():
            if name in self.asked:
                seen = model.objects.for_actor(actor_of(request))
                rows = rows.filter(**{name: _named(seen, self.asked[name])})
        return self.page(rows, "-created_at", WebhookSerializer)

    @described(
        "createWebhook",
        "Create a webhook",
        NewWebhookSerializer,
        status=201,
        told=WebhookCreationSerializer,
    )
    def post(self, request: Request) -> Response:
        """Let an address be told when the calendar of a school changes, or of any in a district.

        Whoever has a role there may; it works as long as that is so. Its secret is told this once,
        which is why this takes no `Idempotency-Key`: an answer that is kept would keep the secret.
        """
        told = WebhookCreationSerializer(data=request.data, context={"request": request})
        told.is_valid(raise_exception=True)
        actor = actor_of(request)
        for place in (told.validated_data[name] for name in PLACES):
            if place is not None and not has_role_in(actor, place):
                raise exceptions.PermissionDenied
        makers = {"application": actor.application, "created_by": actor.user}
        webhook = Webhook(**told.validated_data, **makers)
        webhook.save()
        location = reverse("api:webhook", args=[webhook.pk])
        headers = {**SECRET_HEADERS, "Location": location}
        return Response(NewWebhookSerializer(webhook).data, HTTPStatus.CREATED, headers=headers)


class WebhookView(WebhookRows):
    """One webhook."""

    @described("getWebhook", "Get a webhook", WebhookSerializer)
    def get(self, _request: Request, **_path: str) -> Response:
        """Answer a webhook, and whether it works."""
        return Response(WebhookSerializer(self.found()).data)

    @described("updateWebhook", "Update a webhook", WebhookSerializer, told=WebhookChangeSerializer)
    def patch(self, request: Request, **_path: str) -> Response:
        """Change what the body names.

        When a webhook is disabled, what is on its way is given up. When it is enabled, it is told
        of what changes from then on: what it has missed the change feed tells.
        """
        told = WebhookChangeSerializer(data=request.data)
        with self.locked() as webhook:
            told.is_valid(raise_exception=True)
            webhook.url = told.validated_data.get("url", webhook.url)
            is_enabled = told.validated_data.get("is_enabled")
            if is_enabled:
                webhook.switch(Webhook.State.ENABLED)
            webhook.save()
            webhook.wake()
            if is_enabled is False and webhook.is_enabled:
                webhooks.disable(webhook)
            return Response(WebhookSerializer(webhook).data)

    @described("deleteWebhook", "Delete a webhook", None, status=204)
    def delete(self, _request: Request, **_path: str) -> Response:
        """Delete a webhook: nothing is sent from now on, and its log is gone."""
        with self.locked() as webhook:
            webhook.delete()
        return Response(status=HTTPStatus.NO_CONTENT)


class SecretView(WebhookRows):
    """The secret of a webhook."""

    @described("rotateWebhookSecret", "Give a webhook a new secret", WebhookSecretSerializer)
    def post(self, _request: Request, **_path: str) -> Response:
        """Answer a new secret, this once.

        For 24 hours messages have two signatures, so that the receiver can change the secret at any
        time of the day. If this is done twice in a day, only the last two secrets sign.
        """
        with self.locked() as webhook:
            webhook.rotate_secret()
            webhook.save()
        return Response(WebhookSecretSerializer(webhook).data, headers=SECRET_HEADERS)


class TestView(WebhookRows):
    """Messages that only show that messages arrive."""

    @described("testWebhook", "Send a test message", WebhookDeliverySerializer, status=202)
    def post(self, _request: Request, **_path: str) -> Response:
        """Let a message of the type `webhook.test` be sent, and answer its delivery."""
        with self.locked() as webhook:
            delivery = webhooks.send_test(webhook)
        return Response(WebhookDeliverySerializer(delivery).data, HTTPStatus.ACCEPTED)


class DeliveriesView(WebhookRows):
    """What a webhook has been told."""

    listed = DeliveriesParameters

    @described(
        "listWebhookDeliveries",
        "List the deliveries of a webhook",
        page_shape(WebhookDeliverySerializer, "WebhookDeliveries"),
        shown={"next": None, "results": [WebhookDeliverySerializer.EXAMPLE]},
    )
    def get(self, _request: Request, **_path: str) -> Response:
        """Answer a page of the webhook's deliveries, the newest first, with every attempt.

        What is older than 30 days is forgotten, unless the service is set up otherwise.
        """
        rows = self.found().deliveries.select_related("event").prefetch_related("log")
        if "state" in self.asked:
            rows = rows.filter(state=self.asked["state"])
        return self.page(rows, "-id", WebhookDeliverySerializer)


class ReplayView(WebhookRows):
    """Deliveries that are made again."""

    @described(
        "replayWebhookDelivery",
        "Send a message again",
        WebhookDeliverySerializer,
        status=202,
    )
    def post(self, _request: Request, **path: str) -> Response:
        """Let a message be sent again, whatever came of it, as if it were new.

        It keeps its `webhook-id`: a receiver that has it by now can tell.
        """
        with self.locked() as webhook:
            rows = WebhookDelivery.objects.filter(webhook=webhook)
            delivery = _named(rows.select_for_update(no_key=True), path["delivery"])
            delivery.webhook = webhook
            webhooks.replay(delivery)
        return Response(WebhookDeliverySerializer(delivery).data, HTTPStatus.ACCEPTED)
