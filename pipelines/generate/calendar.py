"""Days and hours: when things happen in the year and in the day, as slots to look up in."""

import datetime as dt

import duckdb
import numpy as np
import pandas as pd

from pipelines.engine import workdays
from pipelines.generate.frames import save, slotted, spread

DAY_SLOTS = 4000
HOUR_SLOTS = 500


def create_calendar(con: duckdb.DuckDBPyConnection, year: int) -> dict[str, int]:
    """Create `day_slot`, `hour_slot` and `period_slot`; the numbers the SQL needs about the year."""
    first = dt.date(year, 1, 1)
    days = (dt.date(year + 1, 1, 1) - first).days
    dates = [first + dt.timedelta(d) for d in range(days)]
    season = con.execute("select season, kind, position, weight from syn.season").df()
    off = workdays.days_off(year)
    frames = []
    for number, group in season.groupby("season"):
        month = group[group["kind"] == "month"].set_index("position")["weight"]
        weekday = group[group["kind"] == "weekday"].set_index("position")["weight"]
        weight = np.array([month[d.month] * weekday[d.isoweekday()] for d in dates])
        if weekday.min() < 0.5:
            weight *= np.where([d in off for d in dates], 0.03, 1.0)
        day = spread(np.arange(days), weight, DAY_SLOTS)
        frames.append(pd.DataFrame({"season": number, "slot": np.arange(len(day)), "day": day}))
    save(con, "day_slot", pd.concat(frames))
    hours = con.execute("select hours, hour, weight from syn.hours order by hours, hour").df()
    save(con, "hour_slot", slotted(hours, ["hours"], HOUR_SLOTS))
    rows = []
    for periods in (1, 3, 12):
        starts = [dt.date(year, 1 + p * (12 // periods), 1) for p in range(periods)] + [dt.date(year + 1, 1, 1)]
        rows += [(periods, p, (starts[p] - first).days, (starts[p + 1] - starts[p]).days) for p in range(periods)]
    save(con, "period_slot", pd.DataFrame(rows, columns=["periods", "period", "first_day", "days"]))
    return {"days": days, "first_weekday": first.isoweekday(), "first_monday": (8 - first.isoweekday()) % 7}
