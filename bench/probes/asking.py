"""Ask the service in this process, as a program behind a proxy does."""

from typing import Any

from django.test import Client

from bench.fixtures import slug


def client(token: str = "") -> Client:
    """Return a client; with a token, a known program's."""
    known = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(headers={"X-Forwarded-Proto": "https", "Host": "127.0.0.1", **known})


def ask(known: Client, number: int, day: str, **headers: str) -> Any:
    """Ask for a school's daily schedule. Raises RuntimeError unless it is answered."""
    response = known.get(f"/api/v1/schools/{slug(number)}/days/{day}", headers=headers)
    if response.status_code != 200:
        message = f"{response.status_code}: {response.content!r}"
        raise RuntimeError(message)
    return response
