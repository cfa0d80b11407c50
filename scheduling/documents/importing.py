"""A document becomes a school's calendar, all or nothing, in one revision."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from core.conditions import same_value
from core.metadata import is_storable
from core.revision import current_revision, plain
from scheduling.documents.checking import schema_problems
from scheduling.documents.judging import judge, own_problems
from scheduling.documents.kinds import DISTRICT_COLUMNS, SCHOOL_COLUMNS
from scheduling.documents.matching import Matcher
from scheduling.documents.problems import DocumentError, Problem, from_refusal, refuse
from scheduling.documents.report import Report, Touched, report_on, report_on_none
from scheduling.documents.revising import one_revision
from scheduling.documents.unchanged import rows_if_unchanged
from scheduling.documents.writing import write
from scheduling.models import District, School

DEFAULT_DISTRICT = {"slug": "default", "name": "Default district"}

Progress = Callable[[int], None]
"""Told, again and again, that so many more rows have been matched, judged or written."""

Precondition = Callable[[School, Sequence[str]], None]
"""Told, under the lock, the school as it shall be and which of its columns change.

It may ask for what is stored: nothing has been written yet. What it raises refuses the document.
"""


def check_document(document: Any) -> None:
    """Require a document of the published schema, whatever it says.

    Raises DocumentError with every place where it breaks the schema.
    """
    refuse(schema_problems(document))


def import_document(
    document: Any,
    *,
    actor: Any = None,
    dry_run: bool = False,
    precondition: Precondition = lambda _school, _changes: None,
    progress: Progress = lambda _count: None,
) -> Report:
    """Make a school's rows what a calendar document says, and report what that did.

    All in one revision, or none if nothing differs. A dry run takes the same locks, makes the
    same checks and the same writes, and undoes them.

    Raises DocumentError with every problem of the document, and what `precondition` raises.
    """
    check_document(document)
    slug = document["school"]["slug"]
    school = _with_slug(School, slug)
    options: dict[str, Any] = {
        "actor": actor,
        "dry_run": dry_run,
        "precondition": precondition,
        "progress": progress,
    }
    if school is None:
        try:
            return _import(document, School(slug=slug), **options)
        except DocumentError as error:
            if not _somebody_was_faster(error):
                raise
        school = _with_slug(School, slug) or School(slug=slug)
    return _import(document, school, **options)


def _somebody_was_faster(error: DocumentError) -> bool:
    """Return whether others may have created the school, or its district, in the meantime."""
    return any(problem.code in {"conflict", "slug_taken"} for problem in error.problems)


def _import(
    document: Mapping[str, Any],
    found: Any,
    *,
    actor: Any,
    dry_run: bool,
    precondition: Precondition,
    progress: Progress,
) -> Report:
    with one_revision(found, actor=actor, dry_run=dry_run):
        school = plain(School).filter(pk=found.pk).first() or found
        token = None if _is_new(school) else school.revision_token
        report = _apply(document, school, precondition, progress)
        if current_revision(school.pk).changed and not dry_run:
            token = current_revision(school.pk).token
    return replace(report, token=token)


def _with_slug(model: type[Model], slug: str) -> Any:
    """Return the row of this slug, if there is one; no database can be asked for just any text."""
    return plain(model).filter(slug=slug).first() if is_storable(slug) else None


def _apply(
    document: Mapping[str, Any], school: Any, precondition: Precondition, progress: Progress
) -> Report:
    """Do the work under the school's lock, on its row as it was read there."""
    given = {key: document["school"][key] for key in SCHOOL_COLUMNS if key in document["school"]}
    district = _district_of(document, school)
    changes = _set(school, {**given, "district": district})
    precondition(school, changes)
    own = [_touched("district", district, ()), _touched("school", school, changes)]
    problems = [*_row_problems("/district", district), *_row_problems("/school", school)]
    if not (problems or changes or _is_new(district) or _is_new(school)):
        stored = rows_if_unchanged(school, document)
        if stored is not None:
            progress(sum(stored.values()))
            return report_on_none(school.slug, own, stored)
    plan = Matcher(school, document, progress).match()
    refuse([*problems, *judge(plan, progress)])
    report = report_on(plan, own)
    if _is_new(district):
        district.save()
    school.save()
    write(plan, progress)
    return report


def _district_of(document: Mapping[str, Any], school: Any) -> Any:
    """Return the district that the document names: one that exists is taken as it is."""
    if "district" not in document and not _is_new(school):
        return school.district
    given = document.get("district", DEFAULT_DISTRICT)
    values = {key: given[key] for key in DISTRICT_COLUMNS if key in given}
    return _with_slug(District, given["slug"]) or District(**values)


def _set(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set columns of a row, and return the names of those that change."""
    before = {name: getattr(row, name, None) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.derive()
    return [name for name, value in before.items() if not same_value(value, getattr(row, name))]


def _is_new(row: Any) -> bool:
    return bool(row._state.adding)  # noqa: SLF001


def _touched(kind: str, row: Any, changes: Sequence[str]) -> Touched:
    action = "created" if _is_new(row) else "changed" if changes else "left_alone"
    return Touched(kind, row.slug, action)


def _row_problems(pointer: str, row: Any) -> Iterator[Problem]:
    """Find what is wrong with a row that the database may be asked about: there is only one."""
    for refusal in list(own_problems(row)) or _constraint_problems(row):
        for column, problem in from_refusal(refusal):
            place = "" if column == NON_FIELD_ERRORS else f"/{column}"
            yield Problem(f"{pointer}{place}{problem.pointer}", problem.code, problem.detail)


def _constraint_problems(row: Any) -> list[ValidationError]:
    try:
        row.validate_constraints()
    except ValidationError as refusal:
        return [refusal]
    return []
