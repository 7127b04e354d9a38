"""Working days of the Norwegian calendar: Monday to Friday, without holidays and the two eves on which work rests."""

import datetime as dt

import holidays

_COUNTRY = "NO"
_EVES = ((12, 24), (12, 31))


def days_off(year: int) -> set[dt.date]:
    """Public holidays, Christmas Eve and New Year's Eve."""
    return {*holidays.country_holidays(_COUNTRY, years=year), *(dt.date(year, *eve) for eve in _EVES)}


def working_days(year: int) -> dict[int, int]:
    """Month → number of working days."""
    off, day, found = days_off(year), dt.date(year, 1, 1), dict.fromkeys(range(1, 13), 0)
    while day.year == year:
        found[day.month] += day.isoweekday() <= 5 and day not in off
        day += dt.timedelta(days=1)
    return found
