"""What all bodies of one export are made from."""

from dataclasses import dataclass
from functools import cached_property

from scheduling.calendar.facts import DateRange, School, Year
from scheduling.edfi.conventions import Body, Conventions, mark, school_year, year_names
from scheduling.edfi.days import SchoolDays


@dataclass(frozen=True)
class Source:
    """An academic year of a school, and how the host wants to be told of it."""

    school: School
    school_id: int
    year: Year
    conventions: Conventions

    @cached_property
    def calendar(self) -> SchoolDays:
        """The year as its students have it."""
        return SchoolDays(self.school, self.year)

    @cached_property
    def mark(self) -> str:
        """What tells the year's names from those of another year that ends with it."""
        return mark(self.school, self.year)

    @cached_property
    def year_name(self) -> str:
        """The year's name, unlike that of any other year that ends with it."""
        return year_names(self.school, self.year)[self.year.id]

    @property
    def school_key(self) -> Body:
        """The key of the school, as it is part of a reference."""
        return {"schoolId": self.school_id}

    @property
    def year_key(self) -> Body:
        """The key of the school and its year, as it is part of a reference."""
        return {**self.school_key, "schoolYear": school_year(self.year)}

    @property
    def school_and_year(self) -> Body:
        """The references to the school and its year."""
        return {
            "schoolReference": self.school_key,
            "schoolYearTypeReference": {"schoolYear": school_year(self.year)},
        }

    def span(self, span: DateRange) -> Body:
        """Return the bounds of a span, and how many instructional days it has."""
        return {
            "beginDate": str(span.start_date),
            "endDate": self.conventions.end_date(span.end_date),
            "totalInstructionalDays": self.calendar.instructional(span),
        }
