"""Which schools an actor reads, in memory: the same schools as `School.objects.for_actor()`."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from scheduling.access import Actor
from scheduling.models import Membership
from scheduling.states import SchoolState


@dataclass(frozen=True, slots=True)
class Reach:
    """The schools that an actor may read beside the public ones."""

    everywhere: bool = False
    schools: frozenset[UUID] = frozenset()
    districts: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, actor: Actor) -> "Reach":
        """Return the actor's reach: one query, none for strangers and superusers."""
        if actor.is_superuser or not actor.is_known:
            return cls(everywhere=actor.is_superuser)
        held: Any = Membership.objects.of(actor).order_by().values_list("school", "district")
        places = list(held)
        return cls(
            schools=frozenset(school for school, _district in places if school is not None),
            districts=frozenset(district for _school, district in places if district is not None),
        )

    def includes(self, school: SchoolState) -> bool:
        """Return whether the actor may read the school's calendar."""
        return school.is_public or self.has_role_in(school)

    def has_role_in(self, school: SchoolState) -> bool:
        """Return whether the actor has a role in the school, by whatever way."""
        return self.everywhere or school.id in self.schools or school.district_id in self.districts

    def mark_in(self, district: UUID) -> bytes:
        """Return what tells this reach into a district from others, in short."""
        reads_all = self.everywhere or district in self.districts
        told = [b"all"] if reads_all else sorted(school.bytes for school in self.schools)
        return sha256(b"".join(told)).digest()[:8]
