"""The codes of problems: what each kind is called, and what to tell people about it.

They are part of the API. `docs/errors.md` lists them, with those of single errors.
"""

from django.utils.translation import gettext_lazy as _

TITLES = {
    "bad_request": _("Unreadable request."),
    "conflict": _("Somebody else was faster."),
    "csrf_failed": _("Not sent by a page of ours."),
    "history_pruned": _("Too long ago."),
    "idempotency_key_reused": _("The key of another request."),
    "idempotency_key_running": _("Still being answered."),
    "in_use": _("Still in use."),
    "insufficient_scope": _("Not what the token is for."),
    "invalid": _("Invalid input."),
    "invalid_token": _("Not a valid token."),
    "method_not_allowed": _("Not possible here."),
    "not_acceptable": _("No answer in this format."),
    "not_authenticated": _("Unknown caller."),
    "not_found": _("Not found."),
    "permission_denied": _("Not allowed."),
    "precondition_failed": _("Changed in the meantime."),
    "server_error": _("Our mistake."),
    "sync_token_expired": _("Read all anew."),
    "throttled": _("Too many requests."),
    "too_large": _("Too large."),
    "unavailable": _("Not available for a moment."),
    "unsupported_media_type": _("A body in another format."),
}
"""What each kind of problem is called."""
DETAILS = {
    "bad_request": _("The request cannot be read: its address or its headers are not in order."),
    "invalid": _("Some of what was sent breaks a rule; see `errors`."),
    "not_authenticated": _("Say who you are: send an access token, or log in."),
    "not_found": _("There is nothing here, or nothing that you may see."),
    "permission_denied": _("Your role does not allow this."),
}
"""What to tell people about a problem, where the failure itself does not say it better."""
RENAMED = {
    "max_string_length": "max_value",
    "null_characters_not_allowed": "invalid_characters",
    "surrogate_characters_not_allowed": "invalid_characters",
}
"""Codes of libraries for what has another name here."""
