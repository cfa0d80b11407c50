"""What is wrong with a calendar document, and where."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a JSON pointer, a code for programs, a sentence for people."""

    pointer: str
    code: str
    detail: str


class DocumentError(Exception):
    """A calendar document was refused as a whole; nothing of it was stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"The calendar document has {len(problems)} problem(s).")
        self.problems = tuple(problems)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise DocumentError if there is any problem; one that is found twice counts once."""
    found = tuple(dict.fromkeys(problems))
    if found:
        raise DocumentError(found)


def from_refusal(refusal: ValidationError) -> Iterator[tuple[str, Problem]]:
    """Yield each error of a model's refusal: its column, and the problem as seen from there."""
    for column, errors in refusal.error_dict.items():
        for error in errors:
            params = error.params or {}
            pointer = params.get("pointer", "")
            # a problem within metadata says what is wrong without its place, too
            detail = str(params["problem"]) if "problem" in params else error.messages[0]
            yield column, Problem(pointer, error.code or "invalid", detail)
