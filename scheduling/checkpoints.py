"""One order of the states of all schools, for those who read many of them.

Revisions count the states of one school. What several schools have done is put in order when
somebody asks: whatever has been committed since the last time becomes part of a new checkpoint. So
writers of different schools do not wait for each other, and nothing lands behind a reader.
"""

from core.revision import revise
from core.turns import wait_for_turn
from scheduling.models import Checkpoint, Revision
from scheduling.models.revision import RevisionQuerySet


def newest_checkpoint() -> Checkpoint:
    """Return the newest checkpoint. All that is committed by now is part of it."""
    newest = None if _waiting().exists() else Checkpoint.objects.first()
    return newest or _made()


def forget_before(number: int) -> None:
    """Forget the checkpoints before this one: not all that came after them is known any more."""
    Checkpoint.objects.filter(number__lt=number).delete()


def _made() -> Checkpoint:
    with revise():
        wait_for_turn("checkpoints")
        newest = Checkpoint.objects.first()
        made = Checkpoint(number=newest.number + 1 if newest else 1)
        if _waiting().update(checkpoint=made.number) or newest is None:
            made.save(force_insert=True)
            newest = made
        return newest


def _waiting() -> RevisionQuerySet:
    """Return the states that are part of no checkpoint."""
    return Revision.objects.filter(checkpoint=None).order_by()
