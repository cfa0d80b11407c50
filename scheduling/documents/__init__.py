"""The calendar document: one school's whole calendar as JSON; import from here."""

from scheduling.documents.checking import document_schema
from scheduling.documents.exporting import (
    export_document,
    exported,
    exported_as_of,
    render_document,
)
from scheduling.documents.importing import check_document, import_document
from scheduling.documents.problems import DocumentError, Problem
from scheduling.documents.reading import LARGEST_BYTES, read_document
from scheduling.documents.report import ROW_KINDS, Counts, Report, Touched

__all__ = [
    "LARGEST_BYTES",
    "ROW_KINDS",
    "Counts",
    "DocumentError",
    "Problem",
    "Report",
    "Touched",
    "check_document",
    "document_schema",
    "export_document",
    "exported",
    "exported_as_of",
    "import_document",
    "read_document",
    "render_document",
]
