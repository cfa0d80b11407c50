"""How a program proves who it is, and what its tokens may be used for: OAuth 2.0, RFC 6749."""

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import SettingsScopes, get_scopes_backend
from typing_extensions import override

from scheduling.access import ROSTER_SCOPES
from scheduling.models import ClientScopes

PARAMETERS = (
    "grant_type",
    "scope",
    "client_id",
    "client_secret",
    "token",
    "token_type_hint",
)
"""What is read of a form; a program may send more, which means nothing here."""

VISIBLE = re.compile(r"[\x20-\x7e]*")
"""The characters that ids, secrets, scopes and tokens are made of (RFC 6749, appendix A)."""


class KnownParameters(OAuthLibCore):  # type: ignore[misc]
    """Hands on the parameters that mean something here, and no others."""

    @override
    def extract_body(self, request: HttpRequest) -> list[tuple[str, Any]]:
        """Return the parameters of a form; one without a value is left out."""
        given = {name: request.POST.get(name) for name in PARAMETERS}
        return [(name, value) for name, value in given.items() if value]


class GrantedScopes(SettingsScopes):  # type: ignore[misc]
    """Each program may have the scopes that it was created with, and has them unless it asks."""

    @override
    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> Sequence[str]:
        """Return what a program may ask for: who may read may do so in OneRoster's words."""
        granted = ClientScopes.objects.granted_to(application)
        return [*granted, *(name for name, ours in ROSTER_SCOPES.items() if ours in granted)]

    @override
    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> Sequence[str]:
        """Return what a program gets that asks for nothing."""
        return ClientScopes.objects.granted_to(application)


class ClientValidator(OAuth2Validator):  # type: ignore[misc]
    """Knows a program by its id and secret, given in one way, while its account is active."""

    @override
    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Return whether a program has shown who it is, by the header if there is one."""
        if "HTTP_AUTHORIZATION" not in request.headers:
            return bool(self._authenticate_request_body(request))
        is_known = self._authenticate_basic_auth(request)
        return bool(is_known) and request.client_id in {None, "", request.client.client_id}

    @override
    def validate_scopes(
        self, client_id: Any, scopes: Any, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Keep what a program may have of what it asks for; return whether anything is left.

        Clients of OneRoster ask for everything that a roster might have, and take what they get.
        """
        available = get_scopes_backend().get_available_scopes(client, request)
        request.scopes = [scope for scope in scopes if scope in available]
        return bool(request.scopes)

    @override
    def _extract_basic_auth(self, request: Any) -> str | None:
        scheme, _space, credentials = request.headers.get("HTTP_AUTHORIZATION", "").partition(" ")
        is_basic = scheme.lower() == "basic" and credentials.isascii()
        return credentials.strip() if is_basic else None

    @override
    def _load_application(self, client_id: Any, request: Any) -> Any:
        if not client_id or not VISIBLE.fullmatch(client_id):
            return None
        application = super()._load_application(client_id, request)
        if application is None or application.user is None or application.user.is_active:
            return application
        request.client = None
        return None

    @override
    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return bool(provided_secret) and bool(super()._check_secret(provided_secret, stored_secret))
