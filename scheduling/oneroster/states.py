"""Which state the roster of a caller is in, as far as this process knows."""

from collections.abc import Collection
from hashlib import blake2b

from django.conf import settings

from core.freshness import Memos
from scheduling.models import District, School
from scheduling.reach import Reach


def roster_state(reach: Reach, *, anew: bool = False) -> bytes:
    """Return what names the state of all that may be told within a reach: no other state has it.

    It is REVISION_MAX_AGE old at most, never older than a commit of this process, and asked for
    now if `anew`. What is read after it is no older than it.
    """
    return _states.read(reach, anew=anew) or b""


def _ask(reaches: Collection[Reach]) -> dict[Reach, bytes]:
    return {reach: _digest(reach) for reach in reaches}


def _digest(reach: Reach) -> bytes:
    """Every change of a roster is a change of one of these rows, or of which there are."""
    schools = School.objects.all()
    districts = District.objects.all()
    if not reach.everywhere:
        own = School.objects.filter(pk__in=reach.schools).order_by()
        districts = districts.filter(pk__in=reach.districts) | districts.filter(
            pk__in=own.values("district")
        )
        schools = own | School.objects.filter(district__in=reach.districts).order_by()
    digest = blake2b(digest_size=16)
    for pk, token in schools.order_by("pk").values_list("pk", "revision_token"):
        digest.update(pk.bytes + token.bytes)
    for pk, revision, time in districts.order_by("pk").values_list("pk", "revision", "updated_at"):
        digest.update(f"{pk} {revision} {time.isoformat()}".encode())
    return digest.digest()


_states = Memos(_ask, lambda: settings.REVISION_MAX_AGE, together=1)
