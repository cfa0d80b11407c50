"""Where a reader of all schools may stop, and go on from."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class Checkpoint(models.Model):
    """All states of all schools that were committed by some moment.

    Those since the checkpoint before carry its number in the log. Its token never names two: after
    a backup is restored, the next one has the number again, and another token. The service alone
    makes and forgets them; see `scheduling.checkpoints`.
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    token = models.UUIDField(_("token"), default=uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["-number"]

    @override
    def __str__(self) -> str:
        return f"Checkpoint {self.number}"
