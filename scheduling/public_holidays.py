"""Public holidays by country, as the `holidays` package knows them: proposals, never rows."""

import datetime as dt

import holidays


class UnknownPlaceError(ValueError):
    """A country or a part of one of which no holidays are known; its text is for people."""


def public_holidays(
    country: str, subdivision: str, start: dt.date, end: dt.date
) -> dict[dt.date, str]:
    """Return the public holidays of `start`..`end`, both included, in order, with their names.

    `country` is a code of ISO 3166 such as US, `subdivision` one of its parts such as IL, or "".
    Raises UnknownPlaceError.
    """
    known = holidays.list_supported_countries()
    if country not in known:
        message = f"There is no country “{country}”; write a code of two letters, such as US."
        raise UnknownPlaceError(message)
    if subdivision and subdivision not in known[country]:
        parts = ", ".join(sorted(known[country])) or "none"
        message = f"{country} has no subdivision “{subdivision}”; it has: {parts}."
        raise UnknownPlaceError(message)
    years = range(start.year, end.year + 1)
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    return {date: found[date] for date in sorted(found) if start <= date <= end}
