"""One error format for every error: RFC 9457, with a code for programs and all errors at once."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import singledispatch
from http import HTTPStatus
from itertools import islice
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings

from api.codes import DETAILS, RENAMED, TITLES
from api.parsers import TooLarge
from core.revision import SchoolNotOpenError
from scheduling.documents import DocumentError
from scheduling.past import HistoryForgotten

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
LONGEST_LIST = 20
"""How many of the rows that use another are named."""
MOST_ERRORS = 1000
"""How many errors are told: a body of nonsense is not answered with a longer one."""
LOST_RACES = {"40P01", "40001"}
"""PostgreSQL's deadlock and serialization failure: the same request may succeed next time."""

WHOLE_OBJECT = {NON_FIELD_ERRORS, api_settings.NON_FIELD_ERRORS_KEY}

Problem = dict[str, Any]


class GivenKey(str):
    """A key as somebody sent it: even if it is called `non_field_errors`, it is a key."""

    __slots__ = ()


class Conflict(exceptions.APIException):
    """A write that lost a race which only the database saw."""

    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"
    default_detail = _("Another write was made at the same moment. Read again, then retry.")


class Refused(exceptions.ValidationError):
    """A body with problems that have been found, each with its place."""

    def __init__(self, problems: Sequence[dict[str, str]]) -> None:
        super().__init__()
        self.problems = problems


class PreconditionFailed(exceptions.APIException):
    """The row is no longer what the caller last saw of it."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "precondition_failed"
    default_detail = _("It has changed since you read it. Read it again, then retry.")

    def __init__(self, tag: str | None = None) -> None:
        super().__init__()
        self.tag = tag
        """The ETag of what it is now."""


class SyncTokenExpired(exceptions.APIException):
    """A position among changes that history does not have, or no longer has all after."""

    status_code = HTTPStatus.GONE
    default_code = "sync_token_expired"
    default_detail = _("What came after it is not known any more. Read all anew, without `since`.")


class HistoryPruned(exceptions.APIException):
    """A moment of which history no longer tells what was said."""

    status_code = HTTPStatus.GONE
    default_code = "history_pruned"
    default_detail = _("What was said then is not known any more.")


class InUse(exceptions.APIException):
    """A row that others point at cannot go."""

    status_code = HTTPStatus.CONFLICT
    default_code = "in_use"
    default_detail = _("Other rows still use this one.")


class Unavailable(exceptions.APIException):
    """The database is away, or somebody has held a lock for too long."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = _("The database does not answer. Try again in a moment.")
    wait = RETRY_AFTER_SECONDS


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer any expected failure, a model's refusal included, with a problem document.

    What nobody expected is left to Django, which logs it, and to `api.middleware`.
    """
    # The module of views imports what the settings name for them, and that imports this one.
    from rest_framework.views import exception_handler as drf_handler  # noqa: PLC0415

    failure = as_api_exception(exc)
    response = drf_handler(failure, context)
    if response is not None:
        request = context["request"]
        request.accepted_renderer = JSONRenderer()  # whatever the view would have rendered
        request.accepted_media_type = JSONRenderer.media_type
        response.data = problem(
            response.status_code,
            code_of(failure),
            detail=detail_of(failure),
            instance=request.path,
            errors=list(islice(errors_of(exc), MOST_ERRORS)),
        )
        response.content_type = CONTENT_TYPE
        if isinstance(failure, PreconditionFailed) and failure.tag is not None:
            response.headers["ETag"] = failure.tag
    return response


def problem(
    status: int, code: str, *, detail: Any, instance: str, errors: Sequence[dict[str, str]] = ()
) -> Problem:
    """Return a problem document; `instance` is the path as Django decodes it."""
    return {
        "type": f"/problems/{code}",
        "title": str(TITLES.get(code, f"{HTTPStatus(status).phrase}.")),
        "status": status,
        "code": code,
        "detail": str(detail),
        "instance": escape_uri_path(instance),
        "errors": list(errors),
    }


def as_api_exception(exc: Exception) -> Exception:
    """Return what REST framework calls this failure."""
    if isinstance(exc, OperationalError | InterfaceError):
        return _database_failure(exc)
    if isinstance(exc, Http404 | ObjectDoesNotExist) or _names_what_is_not_there(exc):
        return exceptions.NotFound()
    if isinstance(exc, DocumentError):
        return _document_failure(exc)
    if isinstance(exc, HistoryForgotten):
        detail = _("What was said then is not known any more; it is from %(time)s on.")
        return HistoryPruned(detail % {"time": exc.known_since.isoformat()})
    named: dict[Any, type[exceptions.APIException]] = {
        ModelError: exceptions.ValidationError,
        ProtectedError: InUse,
        RestrictedError: InUse,
        IntegrityError: Conflict,  # the two above are such, and come first
        SchoolNotOpenError: Conflict,  # a school has joined the district that is written
        PermissionDenied: exceptions.PermissionDenied,
    }
    found = (failure() for kind, failure in named.items() if isinstance(exc, kind))
    return next(found, exc)


def _names_what_is_not_there(exc: Exception) -> bool:
    """Return whether all that is wrong are ids of rows that the caller does not reach."""
    codes = {each["code"] for each in errors_of(exc)}
    return codes == {"not_found"}


def _document_failure(exc: DocumentError) -> exceptions.APIException:
    codes = {problem.code for problem in exc.problems}
    if codes == {"conflict"}:
        return Conflict()
    if codes == {"in_use"}:
        return InUse()
    return TooLarge() if codes == {"too_large"} else exceptions.ValidationError()


def _database_failure(exc: Exception) -> exceptions.APIException:
    if getattr(exc.__cause__, "sqlstate", None) in LOST_RACES:
        return Conflict()
    logger.error("The database does not answer: %s", exc)
    return Unavailable()


def code_of(failure: Any) -> str:
    """Return the code of the failure as a whole."""
    is_list = isinstance(failure, exceptions.ValidationError)
    return "invalid" if is_list else str(failure.get_codes())


def detail_of(failure: Any) -> Any:
    """Return what to tell people about the failure as a whole."""
    is_list = isinstance(failure, exceptions.ValidationError)
    if is_list or failure.detail == failure.default_detail:
        return DETAILS.get(code_of(failure), failure.detail)
    return failure.detail


@singledispatch
def errors_of(_exc: Exception) -> Iterator[dict[str, str]]:
    """Yield everything that is wrong with what was sent, as far as the failure says."""
    yield from ()


@errors_of.register
def _of_refused(exc: Refused) -> Iterator[dict[str, str]]:
    yield from exc.problems


@errors_of.register
def _of_serializer(exc: exceptions.ValidationError) -> Iterator[dict[str, str]]:
    yield from _walk("", exc.detail)


@errors_of.register
def _of_document(exc: DocumentError) -> Iterator[dict[str, str]]:
    yield from (asdict(each) for each in exc.problems)


@errors_of.register
def _of_protection(exc: ProtectedError) -> Iterator[dict[str, str]]:
    rows = sorted(exc.protected_objects, key=lambda row: (str(row._meta.verbose_name), row.pk))
    yield from (_named(row) for row in rows[:LONGEST_LIST])


@errors_of.register
def _of_model(exc: ModelError) -> Iterator[dict[str, str]]:
    by_field = exc.error_dict if hasattr(exc, "error_dict") else {"": exc.error_list}
    for name, errors in by_field.items():
        yield from (_model_error(name, each) for each in errors)


def _named(row: Any) -> dict[str, str]:
    """Name a row that keeps another from being deleted."""
    name = str(row._meta.verbose_name)
    detail = _("The %(name)s “%(row)s” (%(id)s) uses it.") % {
        "name": name,
        "row": row,
        "id": row.pk,
    }
    return {"pointer": "", "code": "in_use", "detail": detail}


def _walk(pointer: str, detail: Any) -> Iterator[dict[str, str]]:
    """Find every message in the nested lists and dicts of REST framework."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from _walk(pointer + _step(key), inner)
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            is_message = isinstance(inner, str)
            yield from _walk(pointer if is_message else f"{pointer}/{position}", inner)
    else:
        code = RENAMED.get(detail.code, detail.code)
        yield {"pointer": pointer, "code": str(code), "detail": str(detail)}


def _model_error(name: str, error: ModelError) -> dict[str, str]:
    params = error.params or {}
    return {
        "pointer": _step(name) + str(params.get("pointer", "")),
        "code": error.code or "invalid",
        # a problem within JSON says what is wrong without its place, too
        "detail": str(params["problem"]) if "problem" in params else error.messages[0],
    }


def _step(key: Any) -> str:
    """Return one step of a JSON pointer; what concerns the whole object adds none."""
    name = str(key)
    if not isinstance(key, GivenKey) and (name == "" or name in WHOLE_OBJECT):
        return ""
    return "/" + name.replace("~", "~0").replace("/", "~1")
