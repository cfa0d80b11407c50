"""Absolute addresses, as whoever asked would write them."""

from django.http import HttpRequest
from django.urls import get_script_prefix


def absolute(request: HttpRequest, path: str) -> str:
    """Return the address of a path of this service."""
    return f"{request.scheme}://{request.get_host()}{get_script_prefix()[:-1]}{path}"
