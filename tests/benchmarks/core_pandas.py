"""The core in pandas: columns pruned and filtered on reading, ids as numbers (core_rules.py says what it computes)."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from tests.benchmarks.core_rules import KEY, SUMS, Rows, Rules, settled

STAY = ["group", "is_department", "part"]
CATEGORIES = ["sektor", "institusjonID", "hf", "episodetype", "drg"]
COLUMNS = [*CATEGORIES, "episodeID", "pasientID", "innDatoTid", "utDatoTid", "utskrKlarDato", "komNrHjem",
           "stedAktivitet"]  # fmt: skip


def run(delivery: Path, rules: Rules, threads: int) -> Rows:
    """The sums per trust, RHF of residence and sector; only reading and filtering use more than one thread."""
    pa.set_cpu_count(threads)
    episodes = _described(_accepted(delivery, rules), rules)
    departments = episodes[episodes["is_department"]]
    parts = episodes["start"].to_numpy().astype("datetime64[D]").astype("int32")
    parts[episodes["is_department"].to_numpy()] = _chain_numbers(departments, rules)
    episodes["part"] = parts
    return _sums(_stays(episodes, _palliative_ids(delivery, rules)), rules)


def _accepted(delivery: Path, rules: Rules) -> pd.DataFrame:
    """Episodes that pass the funnel, but for residence and DRG; text that repeats is read as categories."""
    first, after = rules.period_from, rules.period_to + dt.timedelta(days=1)
    units = pq.read_table(delivery / "enhet.parquet", filters=pc.field("isfRefusjon") == rules.isf_yes)
    wanted = (
        (pc.field("utDatoTid") >= dt.datetime(first.year, first.month, first.day))
        & (pc.field("utDatoTid") < dt.datetime(after.year, after.month, after.day))
        & pc.field("debitor").isin(rules.debitors)
        & ~pc.field("inntilstand").isin([rules.dead_on_arrival])
        & ~pc.field("omsorgsniva").isin([rules.inpatient_care_level])
        & pc.field("avdeling").isin(units["enhetID"].combine_chunks())
    )
    layout = ds.ParquetFileFormat(read_options=ds.ParquetReadOptions(dictionary_columns=CATEGORIES))
    source = ds.dataset(delivery / "episode.parquet", format=layout)
    table = source.to_table(columns=COLUMNS, filter=wanted).unify_dictionaries()
    performed = pq.read_table(
        delivery / "helseperson.parquet", columns=["episodeID"], filters=pc.field("polUtforende").isin(rules.personnel)
    )["episodeID"]
    is_department = pc.equal(table["episodetype"].cast(pa.string()), "A")
    table = table.filter(pc.or_(is_department, pc.is_in(table["episodeID"], performed)))
    del performed
    return table.to_pandas(self_destruct=True, split_blocks=True)


def _described(frame: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Episodes with a DRG and a residence of the year: keys as numbers, the DRG's place in its table, the RHF."""
    sector = np.where(frame["sektor"] == "SOM", "SOM", "PHVTSB")
    table = rules.drg.select(["sector", "drg"]).to_pandas()
    drg = np.full(len(frame), -1, dtype="int32")
    for name in ("SOM", "PHVTSB"):
        own = table[table["sector"] == name]
        place = pd.Series(own.index, index=own["drg"]).reindex(frame["drg"].cat.categories).fillna(-1)
        codes = frame["drg"].cat.codes.to_numpy()
        found = np.append(place.to_numpy("int32"), np.int32(-1))[codes]
        drg = np.where(sector == name, found, drg)
    residence = rules.residence.to_pandas()
    rhf_of = np.full(residence["municipality"].max() + 2, -1, dtype="int8")
    rhfs = pd.Categorical(residence["rhf"])
    rhf_of[residence["municipality"]] = rhfs.codes
    number = frame["komNrHjem"].fillna(-1).to_numpy("int64")
    rhf = rhf_of[np.where((number >= 0) & (number < len(rhf_of)), number, len(rhf_of) - 1)]

    patients = pd.factorize(frame["pasientID"])[0].astype("int64")
    institutions = frame["institusjonID"].cat
    group = (patients * len(institutions.categories) + institutions.codes) * 2 + (sector == "SOM")
    is_department = (frame["episodetype"] == "A").to_numpy()
    described = pd.DataFrame(
        {
            "id": frame["episodeID"],
            "group": group,
            "is_department": is_department,
            "hf": frame["hf"],
            "rhf": pd.Categorical.from_codes(rhf, dtype=rhfs.dtype),
            "start": frame["innDatoTid"],
            "end": frame["utDatoTid"],
            "ready_date": pd.to_datetime(frame["utskrKlarDato"]).astype("datetime64[s]"),
            "is_ambulatory": frame["stedAktivitet"].isin(rules.places).to_numpy() & ~is_department,
            "drg": drg,
            "weight": rules.drg["weight"].to_numpy()[drg],
        },
        copy=False,
    )
    return described[(drg >= 0) & (rhf >= 0)].reset_index(drop=True)


def _chain_numbers(departments: pd.DataFrame, rules: Rules) -> np.ndarray:
    """The number of each department stay's chain within its patient, institution and sector, in the rows' order."""
    ordered = departments[["group", "start", "end", "id"]].sort_values(["group", "start", "end", "id"])
    latest = ordered.groupby("group", sort=False)["end"].cummax().shift(1)
    begins = (ordered["group"] != ordered["group"].shift(1)) | (
        ordered["start"] > latest + pd.Timedelta(seconds=rules.gap_s)
    )
    return begins.cumsum().astype("int32").reindex(departments.index).to_numpy()


def _palliative_ids(delivery: Path, rules: Rules) -> pa.ChunkedArray:
    wanted = pc.field("kode").isin(rules.palliative_procedures)
    return pq.read_table(delivery / "prosedyre.parquet", columns=["episodeID"], filters=wanted)["episodeID"]


def _stays(episodes: pd.DataFrame, palliative_ids: pa.ChunkedArray) -> pd.DataFrame:
    """One row per stay; most hold one episode, only the others are ordered to find the main episode."""
    is_palliative = np.zeros(len(episodes), dtype=bool)
    departments = episodes["is_department"].to_numpy()
    is_palliative[departments] = episodes.loc[departments, "id"].isin(palliative_ids.to_pandas())
    episodes["is_palliative"] = is_palliative
    together = episodes.duplicated(STAY, keep=False)
    shared = episodes[together]
    spans = shared.groupby(STAY, sort=False).agg(
        {"start": "min", "end": "max", "ready_date": "min", "is_ambulatory": "max", "is_palliative": "max"}
    )
    return pd.concat([episodes[~together], _main(shared).drop(columns=spans.columns).merge(spans, on=STAY)])


def _main(shared: pd.DataFrame) -> pd.DataFrame:
    """The main episode of each stay: highest weight, longest duration, earliest start, smallest id."""
    ordered = shared.assign(duration=shared["end"] - shared["start"]).sort_values(
        ["weight", "duration", "start", "id"], ascending=[False, False, True, True]
    )
    return ordered.drop_duplicates(STAY).drop(columns="duration")


def _sums(stays: pd.DataFrame, rules: Rules) -> Rows:
    table = rules.drg.to_pandas().take(stays["drg"]).reset_index(drop=True)
    stays = stays.reset_index(drop=True)
    first, last = (stays[name].to_numpy().astype("datetime64[D]") for name in ("start", "end"))
    ready = stays["ready_date"].to_numpy().astype("datetime64[D]")
    length = np.maximum((np.fmin(last, ready) - first).astype("int64"), 0)
    days = length - table["trim"].to_numpy() - rules.days_after_trim
    is_department, ambulatory = stays["is_department"].to_numpy(), stays["is_ambulatory"].to_numpy()
    short = (stays["end"] - stays["start"] < pd.Timedelta(seconds=rules.emergency_below_s)).to_numpy()
    somatic = table["sector"].to_numpy() == "SOM"
    points = {
        "stays": np.ones(len(stays), dtype="int64"),
        "base": table["base"].to_numpy("int64"),
        "ambulatory": (~is_department & ambulatory & table["can_ambulatory"].to_numpy()) * rules.points_ambulatory,
        "emergency": (table["can_emergency"].to_numpy() & short) * rules.points_emergency,
        "palliative": (somatic & is_department & (last > first) & stays["is_palliative"].to_numpy())
        * rules.points_palliative,
        "long_stay": (table["can_long"].to_numpy() & (days > 0))
        * np.minimum(days, rules.max_days)
        * rules.points_long_stay,
    }
    pointed = pd.DataFrame({"hf": stays["hf"], "rhf": stays["rhf"], "sector": table["sector"], **points})
    sums = pointed.groupby(list(KEY), observed=True)[list(SUMS)].sum().reset_index()
    return settled(sums.values.tolist())
