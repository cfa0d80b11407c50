"""Which files a roster has in each version, and which columns those have that are used here."""

MANIFEST, ORGS, SESSIONS = "manifest", "orgs", "academicSessions"
BULK, DELTA, ABSENT = "bulk", "delta", "absent"
MODES = (BULK, DELTA, ABSENT)
EXCLUSIVE, INCLUSIVE = "exclusive", "inclusive"
END_DATES = (EXCLUSIVE, INCLUSIVE)
"""Which day an `endDate` names: the day after the last one, as the standard has it, or the last."""

FILES = {
    "1.1": (
        "academicSessions",
        "categories",
        "classes",
        "classResources",
        "courses",
        "courseResources",
        "demographics",
        "enrollments",
        "lineItems",
        "orgs",
        "resources",
        "results",
        "users",
    ),
    "1.2": (
        "academicSessions",
        "categories",
        "classes",
        "classResources",
        "courses",
        "courseResources",
        "demographics",
        "enrollments",
        "lineItemLearningObjectiveIds",
        "lineItems",
        "lineItemScoreScales",
        "orgs",
        "resources",
        "resultLearningObjectiveIds",
        "results",
        "resultScoreScales",
        "roles",
        "scoreScales",
        "userProfiles",
        "userResources",
        "users",
    ),
}
"""What a manifest lists, each once."""
VERSIONS = tuple(FILES)
LATEST = VERSIONS[-1]

MANIFEST_COLUMNS = ("propertyName", "value")
ORG_COLUMNS = (
    "sourcedId",
    "status",
    "dateLastModified",
    "name",
    "type",
    "identifier",
    "parentSourcedId",
)
SESSION_COLUMNS = (
    "sourcedId",
    "status",
    "dateLastModified",
    "title",
    "type",
    "startDate",
    "endDate",
    "parentSourcedId",
    "schoolYear",
)
FREE = "metadata."
"""What the name of every further column begins with."""
SCHOOL_LINK = f"{FREE}orgSourcedId"
"""Ours: the standard has no column for the school that a session is of."""

ID_PATTERN = r"[0-9A-Za-z./@_-]{1,255}"


def file_name(name: str) -> str:
    """Return what a file is called in the zip."""
    return f"{name}.csv"
