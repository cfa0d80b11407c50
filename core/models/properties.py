"""Properties that can be known without a row."""

from collections.abc import Callable
from typing import Any


class ColumnProperty(property):
    """A property that `compute` makes of some columns of the row, and of nothing else.

    A list that reads columns instead of rows computes it likewise.
    """

    def __init__(self, compute: Callable[..., Any], *columns: str, doc: str) -> None:
        super().__init__(lambda row: compute(*(getattr(row, name) for name in columns)), doc=doc)
        self.compute = compute
        self.columns = columns
