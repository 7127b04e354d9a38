"""The core in Polars: lazy frames, collected by the streaming engine (core_rules.py says what it computes)."""

from pathlib import Path

import polars as pl

from tests.benchmarks.core_rules import KEY, Rows, Rules, settled

STAY = ["sector", "patient", "institution", "is_department", "part"]
SPAN = ["start", "end", "ready_date", "is_ambulatory"]


def run(delivery: Path, rules: Rules, threads: int) -> Rows:
    """The sums per trust, RHF of residence and sector; threads are set by POLARS_MAX_THREADS before the import."""
    assert pl.thread_pool_size() == threads
    # Read once, used by several branches below.
    included = _included(delivery, rules).collect(engine="streaming").lazy()
    member = pl.concat([_chained(included, rules), _days(included)])
    member = member.collect(engine="streaming").lazy()
    shared = member.group_by(STAY).agg(
        pl.len().alias("episodes"),
        pl.col("start").min(),
        pl.col("end").max(),
        pl.col("ready_date").min(),
        pl.col("is_ambulatory").any(),
    )
    shared = shared.filter(pl.col("episodes") > 1).drop("episodes").collect(engine="streaming").lazy()
    # Most stays hold one episode: only the others are ordered to find the main episode.
    main = (
        member.join(shared, on=STAY, how="semi")
        .with_columns((pl.col("end") - pl.col("start")).alias("duration"))
        .sort(["weight", "duration", "start", "id"], descending=[True, True, False, False])
        .unique(STAY, keep="first", maintain_order=True)
        .drop(*SPAN, "duration")
        .join(shared, on=STAY)
    )
    alone = member.join(shared, on=STAY, how="anti")
    stays = pl.concat([alone, main.select(alone.collect_schema().names())])
    return settled(_sums(stays, _palliative(delivery, member, rules), rules).collect(engine="streaming").rows())


def _scan(delivery: Path, name: str) -> pl.LazyFrame:
    return pl.scan_parquet(delivery / f"{name}.parquet")


def _included(delivery: Path, rules: Rules) -> pl.LazyFrame:
    """Episodes in the basis, with their DRG's weights and the RHF of residence."""
    units = _scan(delivery, "enhet").filter(pl.col("isfRefusjon") == rules.isf_yes).select("enhetID")
    performed = _scan(delivery, "helseperson").filter(pl.col("polUtforende").is_in(rules.personnel)).select("episodeID")
    accepted = (
        _scan(delivery, "episode")
        .filter(
            pl.col("utDatoTid").dt.date().is_between(rules.period_from, rules.period_to),
            pl.col("debitor").is_in(rules.debitors),
            pl.col("inntilstand").ne_missing(rules.dead_on_arrival),
            pl.col("omsorgsniva").ne_missing(rules.inpatient_care_level),
        )
        .select(
            pl.col("episodeID").alias("id"),
            pl.when(pl.col("sektor") == "SOM").then(pl.lit("SOM")).otherwise(pl.lit("PHVTSB")).alias("sector"),
            pl.col("pasientID").alias("patient"),
            pl.col("institusjonID").alias("institution"),
            "hf",
            "avdeling",
            "drg",
            pl.col("komNrHjem").alias("municipality"),
            (pl.col("episodetype") == "A").alias("is_department"),
            pl.col("innDatoTid").alias("start"),
            pl.col("utDatoTid").alias("end"),
            pl.col("utskrKlarDato").alias("ready_date"),
            (pl.col("stedAktivitet").is_in(rules.places).fill_null(False) & (pl.col("episodetype") == "K")).alias(
                "is_ambulatory"
            ),
        )
        .join(units, left_on="avdeling", right_on="enhetID", how="semi")
        .join(pl.from_arrow(rules.residence).lazy(), on="municipality")
        .join(pl.from_arrow(rules.drg).lazy(), on=["sector", "drg"])
        .drop("avdeling", "municipality", "drg")
    )
    contacts = accepted.filter(~pl.col("is_department")).join(performed, left_on="id", right_on="episodeID", how="semi")
    return pl.concat([accepted.filter(pl.col("is_department")), contacts])


def _chained(included: pl.LazyFrame, rules: Rules) -> pl.LazyFrame:
    """Department stays with the number of their chain."""
    group = ["sector", "patient", "institution"]
    latest = pl.col("end").cum_max().shift(1).over(group)
    begins = latest.is_null() | (pl.col("start") > latest + pl.duration(seconds=rules.gap_s))
    return (
        included.filter("is_department")
        .sort([*group, "start", "end", "id"])
        .with_columns(begins.alias("begins"))
        .with_columns(pl.col("begins").cast(pl.Int32).cum_sum().over(group).alias("part"))
        .drop("begins")
    )


def _days(included: pl.LazyFrame) -> pl.LazyFrame:
    """Contacts with their day."""
    day = pl.col("start").dt.date().cast(pl.Int32).alias("part")
    return included.filter(~pl.col("is_department")).with_columns(day)


def _palliative(delivery: Path, member: pl.LazyFrame, rules: Rules) -> pl.LazyFrame:
    """Keys of the somatic department stays with a palliative procedure."""
    procedures = _scan(delivery, "prosedyre").filter(pl.col("kode").is_in(rules.palliative_procedures))
    return (
        member.filter(pl.col("is_department") & (pl.col("sector") == "SOM"))
        .join(procedures.select("episodeID"), left_on="id", right_on="episodeID", how="semi")
        .select(STAY)
        .unique()
        .with_columns(pl.lit(True).alias("is_palliative"))
    )


def _sums(stays: pl.LazyFrame, palliative: pl.LazyFrame, rules: Rules) -> pl.LazyFrame:
    start, end = pl.col("start").dt.date(), pl.col("end").dt.date()
    length = (pl.min_horizontal(end, pl.col("ready_date")) - start).dt.total_days().clip(lower_bound=0)
    short = pl.col("end") - pl.col("start") < pl.duration(seconds=rules.emergency_below_s)
    overnight = pl.col("is_department") & (end > start)

    def if_so(condition: pl.Expr, points: pl.Expr | int) -> pl.Expr:
        value = points if isinstance(points, pl.Expr) else pl.lit(points)
        return pl.when(condition).then(value.cast(pl.Int64)).otherwise(0).sum()

    return (
        stays.join(palliative, on=STAY, how="left")
        .with_columns((length - pl.col("trim") - rules.days_after_trim).alias("days"))
        .group_by(KEY)
        .agg(
            pl.len().alias("stays"),
            pl.col("base").cast(pl.Int64).sum(),
            if_so(
                ~pl.col("is_department") & pl.col("is_ambulatory") & pl.col("can_ambulatory"), rules.points_ambulatory
            ).alias("ambulatory"),
            if_so(pl.col("can_emergency") & short, rules.points_emergency).alias("emergency"),
            if_so(overnight & pl.col("is_palliative").fill_null(False), rules.points_palliative).alias("palliative"),
            if_so(
                pl.col("can_long") & (pl.col("days") > 0),
                pl.col("days").clip(upper_bound=rules.max_days) * rules.points_long_stay,
            ).alias("long_stay"),
        )
        .select(*KEY, "stays", "base", "ambulatory", "emergency", "palliative", "long_stay")
    )
