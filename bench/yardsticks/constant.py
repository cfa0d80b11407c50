"""A view that says a constant."""

from django.http import HttpRequest, HttpResponse

from bench.yardsticks.answers import ANSWERS


def constant(_request: HttpRequest, name: str) -> HttpResponse:
    """Answer the constant of a name."""
    return HttpResponse(ANSWERS[name], content_type="application/json")
