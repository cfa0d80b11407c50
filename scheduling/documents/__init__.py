"""A school's whole calendar as one document, and rows of it as batches; import from here."""

from scheduling.documents.batches import MOST_ITEMS, RESULTS, Outcome, apply_batch
from scheduling.documents.checking import document_schema
from scheduling.documents.exporting import (
    export_document,
    exported,
    exported_as_of,
    render_document,
)
from scheduling.documents.importing import check_document, import_document
from scheduling.documents.items import TARGETS, Item
from scheduling.documents.problems import DocumentError, Problem
from scheduling.documents.reading import LARGEST_BYTES, read_document
from scheduling.documents.report import ROW_KINDS, Counts, Report, Touched

__all__ = [
    "LARGEST_BYTES",
    "MOST_ITEMS",
    "RESULTS",
    "ROW_KINDS",
    "TARGETS",
    "Counts",
    "DocumentError",
    "Item",
    "Outcome",
    "Problem",
    "Report",
    "Touched",
    "apply_batch",
    "check_document",
    "document_schema",
    "export_document",
    "exported",
    "exported_as_of",
    "import_document",
    "read_document",
    "render_document",
]
