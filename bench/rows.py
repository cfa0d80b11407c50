"""What is measured, and how much of it is enough. How, the module of the row's group says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

FIGURES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "median": median,
    "least": min,
    "most": max,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with a bound; it is made of the figures of all repeats."""

    group: str
    key: str
    """What the group's module calls it."""
    text: str
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    figure: str = "median"

    def value_of(self, runs: Sequence[float]) -> float:
        """Return the row's figure."""
        return FIGURES[self.figure](runs)

    def is_met(self, value: float) -> bool:
        """Return whether a figure keeps to the bound."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is None or value <= self.at_most

    @property
    def bound(self) -> Mapping[str, float]:
        """The bound by its name."""
        bounds = {"at_least": self.at_least, "at_most": self.at_most}
        return {name: value for name, value in bounds.items() if value is not None}


ROWS = (
    Row("door", "day_bare", "daily schedule at the door ÷ bare", "×", at_least=2.0),
    Row("door", "day_hello", "daily schedule at the door ÷ hello", "×", at_least=0.4),
    Row("door", "public", "anonymous read of a public school ÷ bare", "×", at_least=2.0),
    Row("door", "quarter", "quarter for date ÷ bare", "×", at_least=2.0),
    Row("door", "now", "now ÷ bare", "×", at_least=1.5),
    Row("door", "serializers", "hit at the door ÷ ModelSerializers", "×", at_least=40),
    Row("view", "redis", "door shut, Redis hit ÷ bare, same middleware", "×", at_least=0.35),
    Row("view", "middleware", "production middleware ÷ bare", "×", at_least=0.65),
    Row("view", "guard", "authentication, permission, rate limit: cost", "%", at_most=15),
    Row("miss", "first", "queries of a year's first date", "queries", at_most=8, figure="most"),
    Row("miss", "other", "queries of its other dates", "queries", at_most=0, figure="most"),
    Row("calendar", "instant", "calendar, an instant", "µs", at_most=2, figure="least"),
    Row("calendar", "date", "calendar, a date", "µs", at_most=1, figure="least"),
    Row("calendar", "year", "calendar, a year of 365 days", "µs", at_most=100, figure="least"),
    Row("calendar", "compile_year", "calendar, compiling a year", "ms", at_most=20, figure="least"),
    Row("lists", "quarters", "list of 1,000 quarters ÷ ModelSerializer", "×", at_least=3),
    Row("oneroster", "hundred", "OneRoster, 100 of 1,001 sessions ÷ bare", "×", at_most=6),
    Row("oneroster", "thousand", "OneRoster, 1,000 of 1,001 sessions ÷ bare", "×", at_most=20),
    Row("oneroster", "single", "OneRoster, one session ÷ bare", "×", at_most=3),
    Row("growth", "miss", "lookup miss, 1,000,000 ÷ 1,000 quarters", "×", at_most=1.3),
    Row("growth", "page", "page at row 900,000 ÷ page 1", "×", at_most=1.5),
    Row("import", "postgresql", "bulk import ÷ save(), PostgreSQL", "×", at_least=35),
    Row("import", "sqlite", "bulk import ÷ save(), SQLite", "×", at_least=15),
    Row("import", "written", "unchanged re-sync: writes", "statements", at_most=0, figure="most"),
    Row("import", "history", "unchanged re-sync: history", "rows", at_most=0, figure="most"),
    Row("import", "bumps", "unchanged re-sync: revisions", "revisions", at_most=0, figure="most"),
    Row("import", "again", "unchanged re-sync ÷ first sync", "×", at_least=3),
    Row("memory", "worker", "memory of a warm worker beside the door's bound", "MB", at_most=90),
    Row("workers", "pair", "two workers ÷ one", "×", at_least=1.6),
)


def selected(words: str) -> tuple[Row, ...]:
    """Return the rows that one of the words, divided by commas, names; all without words.

    A word is a group, or else a part of a row's text. Raises ValueError for one that names nothing.
    """
    asked = [word.strip().lower() for word in words.split(",") if word.strip()]
    for word in asked:
        if not any(_is_named(row, word) for row in ROWS):
            message = f"There is no row {word!r}. The groups are: {', '.join(groups(ROWS))}."
            raise ValueError(message)
    return tuple(row for row in ROWS if not asked or any(_is_named(row, word) for word in asked))


def groups(rows: Sequence[Row]) -> list[str]:
    """Return the groups of rows, each once, in order."""
    return list(dict.fromkeys(row.group for row in rows))


def _is_named(row: Row, word: str) -> bool:
    return word == row.group if word in groups(ROWS) else word in row.text.lower()
