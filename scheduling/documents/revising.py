"""One write of a school's rows: one revision, all or nothing, or only tried."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from core.revision import revise
from scheduling.documents.problems import DocumentError, Problem

logger = logging.getLogger(__name__)


class _DryRunError(Exception):
    """Undoes a dry run when everything has been done."""


@contextmanager
def one_revision(school: Any, *, actor: Any, dry_run: bool) -> Iterator[None]:
    """Open the revision in which a school is written; a dry run undoes it at its end.

    Raises DocumentError (`conflict`) for what only the database could see.
    """
    try:
        with suppress(_DryRunError), revise(school, actor=actor):
            yield
            if dry_run:
                raise _DryRunError
    except (IntegrityError, ValidationError) as error:
        logger.warning("The database refused a write of a whole calendar: %s", error)
        detail = "The database refused the calendar; somebody may have changed the same rows."
        raise DocumentError([Problem("", "conflict", detail)]) from error
