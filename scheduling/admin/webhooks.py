"""Webhooks: made, looked after and taken back, and what has come of their messages."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from core.revision import revise
from scheduling import webhooks
from scheduling.admin.access import ReachAdmin
from scheduling.admin.base import FormAdmin
from scheduling.admin.refusals import sentence
from scheduling.models import (
    District,
    Role,
    School,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from scheduling.models.webhook import WebhookQuerySet


@admin.register(Webhook)
class WebhookAdmin(FormAdmin):
    """Webhooks, for the admins of their school or district.

    The secret is on the page that follows a new webhook or a new secret, and on no other.
    """

    reader = writer = Role.ADMIN
    places = (School, District)
    list_display = ("host", "school", "district", "state", "last_success_at", "created_by")
    list_filter = ("state", ("school", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("school", "district", "created_by")
    search_fields = ("url", "school__name", "school__slug", "district__name", "district__slug")
    autocomplete_fields = ("school", "district")
    fields = ("school", "district", "url")
    record = ("state", "disabled_at", "last_success_at", "created_by", "application", "created_at")
    actions = ("enable", "disable", "send_test", "rotate_secret")

    @override
    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else (*self.fields, *self.record)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = super().get_readonly_fields(request, obj)
        return own if obj is None else [*own, *self.record]

    @override
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        with revise():
            if change:
                _catch_up(obj, form)
            else:
                obj.created_by = request.user
            super().save_model(request, obj, form, change)
            obj.wake()

    @override
    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret of a new webhook: no message or session ever holds it."""
        return self._secret_of(request, obj)

    @admin.action(description=gettext_lazy("Enable"))
    def enable(self, _request: HttpRequest, rows: WebhookQuerySet) -> None:
        """Let webhooks be told of what changes from now on."""
        with revise():
            for webhook in rows.locked():
                webhook.switch(Webhook.State.ENABLED)
                webhook.save()
                webhook.wake()

    @admin.action(description=gettext_lazy("Disable"))
    def disable(self, _request: HttpRequest, rows: QuerySet[Webhook]) -> None:
        """Let webhooks be told nothing more."""
        for webhook in rows:
            webhooks.disable(webhook)

    @admin.action(description=gettext_lazy("Send a test message"))
    def send_test(self, request: HttpRequest, rows: QuerySet[Webhook]) -> None:
        """Let messages be sent that show whether messages arrive."""
        for webhook in rows:
            webhooks.send_test(webhook)
        self.message_user(request, _("The messages are on their way: look at the deliveries."))

    @admin.action(description=gettext_lazy("Give a new secret"))
    def rotate_secret(self, request: HttpRequest, rows: WebhookQuerySet) -> HttpResponse | None:
        """Give one webhook a new secret, and show it."""
        with revise():
            chosen = list(rows.locked()[:2])
            if len(chosen) == 1:
                chosen[0].rotate_secret()
                chosen[0].save()
                return self._secret_of(request, chosen[0])
        message = _("Choose one webhook: its secret is shown once.")
        self.message_user(request, message, messages.ERROR)
        return None

    def _secret_of(self, request: HttpRequest, webhook: Webhook) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Secret of the webhook to %(host)s") % {"host": webhook},
            "opts": self.opts,
            "webhook": webhook,
        }
        return TemplateResponse(request, "admin/scheduling/webhook_secret.html", context)


def _catch_up(webhook: Webhook, form: Any) -> None:
    """Read anew what the form does not say of a webhook: workers note there how it goes."""
    unsaid = {field.name for field in webhook._meta.concrete_fields} - set(form.changed_data)
    webhook.refresh_from_db(fields=unsaid, from_queryset=Webhook.objects.locked())


class Attempts(admin.TabularInline[Any, Any]):
    """What came of sending a delivery, to look at."""

    model = WebhookAttempt
    fields = readonly_fields = ("at", "status_code", "error", "answer", "milliseconds")
    can_delete = False
    extra = max_num = 0

    @override
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # who sees the delivery sees this


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReachAdmin):
    """What webhooks have been told, to look at and to send again."""

    reader = writer = Role.ADMIN
    places = (School, District)
    list_display = ("event", "revision", "webhook", "state", "attempts", "next_attempt_at")
    list_filter = ("state", ("webhook", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("event", "webhook")
    list_per_page = 50
    fields = ("event", "revision", "webhook", "state", "attempts", "next_attempt_at", "body")
    readonly_fields = ("revision", "body")
    inlines = (Attempts,)
    actions = ("replay",)

    @admin.display(description=gettext_lazy("revision"))
    def revision(self, delivery: WebhookDelivery) -> int | None:
        """Return the revision of the school that it is about."""
        return delivery.event.revision

    @admin.display(description=gettext_lazy("message"))
    def body(self, delivery: WebhookDelivery) -> str:
        """Return the message as it is sent."""
        return delivery.event.body

    @override
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None:
            return self.may(request, obj, self.reader)
        return super().has_add_permission(request)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Send again"))
    def replay(self, request: HttpRequest, rows: QuerySet[WebhookDelivery]) -> None:
        """Let deliveries be made again."""
        for delivery in rows.select_related("webhook"):
            try:
                webhooks.replay(delivery)
            except ValidationError as refusal:
                self.message_user(request, sentence(refusal), messages.ERROR)
