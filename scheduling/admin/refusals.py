"""What stands in the way of a write, in words for the person who wanted it."""

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, OperationalError
from django.db.models import ProtectedError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

REFUSALS = (ValidationError, IntegrityError, ObjectDoesNotExist, OperationalError)
"""How a write can fail that nobody did wrong: mostly, somebody else was quicker."""

MOST_NAMED = 5


def explained(refusal: Exception) -> ValidationError:
    """Return a refusal as errors that a form can show."""
    if isinstance(refusal, ValidationError):
        return refusal
    if isinstance(refusal, ProtectedError):
        return ValidationError(_("This is still in use by %s.") % named(refusal), "in_use")
    if isinstance(refusal, OperationalError):
        return ValidationError(_("The database is busy just now. Please try again."), "busy")
    message = _("Somebody else changed this at the same moment. Please look at it again.")
    return ValidationError(message, "conflict")


def sentence(refusal: Exception) -> str:
    """Return a refusal as one line of text."""
    return " ".join(explained(refusal).messages)


def named(refusal: ProtectedError) -> str:
    """Return what protects a row, by kind and name: the first few."""
    rows = sorted(refusal.protected_objects, key=lambda row: str(row.pk))
    names = [f"{row._meta.verbose_name} “{row}”" for row in rows[:MOST_NAMED]]
    if len(rows) > MOST_NAMED:
        names.append(str(format_lazy(_("{count} more"), count=len(rows) - MOST_NAMED)))
    return ", ".join(names)
