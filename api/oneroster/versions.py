"""The versions of OneRoster that are spoken here, and how they differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduling.access import READ

_SCOPE = "https://purl.imsglobal.org/spec/or/{}/scope/{}.readonly"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: what its scopes and its errors are called."""

    core_scopes: frozenset[str]
    """Any of them opens collections and single objects."""
    full_scopes: frozenset[str]
    """Any of them opens the parts of an object, too."""
    renamed_codes: Mapping[str, str] = field(default_factory=dict)
    """Codes that the version has other words for."""
    names_request: bool = False
    """Whether an error names its request."""

    def scopes(self, *, is_core: bool) -> frozenset[str]:
        """Return the scopes of which one is needed."""
        return self.core_scopes if is_core else self.full_scopes


def _scopes(name: str, *versions: str) -> frozenset[str]:
    return frozenset(_SCOPE.format(version, name) for version in versions)


_FULL_1_2 = _scopes("roster", "v1p2") | {READ}
_FULL_1_1 = _FULL_1_2 | _scopes("roster", "v1p1")

V1P2 = Version(
    core_scopes=_FULL_1_2 | _scopes("roster-core", "v1p2"),
    full_scopes=_FULL_1_2,
)
V1P1 = Version(
    core_scopes=_FULL_1_1 | _scopes("roster-core", "v1p1", "v1p2"),
    full_scopes=_FULL_1_1,
    renamed_codes={
        "forbidden": "unauthorisedrequest",
        "internal_server_error": "targetreadfailure",
        "server_busy": "targetreadfailure",
    },
    names_request=True,
)
ROOTS: Mapping[str, Version] = {
    "/ims/oneroster/rostering/v1p2": V1P2,
    "/ims/oneroster/v1p1": V1P1,
    "/api/oneroster/v1p1": V1P1,  # the same again, where one client looks for it
}


def version_at(path: str) -> Version | None:
    """Return the version whose root a path is below, if any."""
    for root, version in ROOTS.items():
        if path == root or path.startswith(f"{root}/"):
            return version
    return None
