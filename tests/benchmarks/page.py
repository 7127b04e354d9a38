"""docs/benchmarks.md from the results of a run. What stands between markers (the budget, what was tried) is kept."""

import textwrap
from pathlib import Path
from typing import Any

from tests.benchmarks import budget
from tests.benchmarks.core_rules import SIMPLIFICATIONS

BEGIN, END = "<!-- what was tried: written by hand, kept -->", "<!-- end of what was tried -->"
NO_BUDGET = "Not recorded."
NOTHING_TRIED = "Nothing is written here yet."
TITLES = {
    "floor": "floor: read every value once",
    "load": "load (files → accepted rows in a database)",
    "models": "models (all SQL tables)",
    "settle": "`isf settle` (load, models, checks, publication)",
    "check": "`isf check`",
    "explain": "`isf explain` (median over ids)",
    "quality": "`isf quality` (all checks, repair, reports)",
    "compare": "`isf compare` with the tertial's first delivery",
    "simulate_weights": "`isf simulate`: weights alone",
    "simulate_paid": "`isf simulate`: all that is paid",
    "simulate_resampled": "`isf simulate`: all that is paid, 200 resamples",
    "simulate_anew": "`isf simulate`: every stay anew",
    "generate": "`isf generate` of the same size",
    "group": "the grouper (cases of stays → DRG)",
    "core_duckdb": "core in DuckDB",
    "core_polars": "core in Polars (lazy, streaming)",
    "core_pandas": "core in pandas",
}
GOAL_RATIO, AIM_RATIO = 25, 15
GOAL_MEMORY = 8 * 10**9
GOAL_GROWTH = 1.25
GOAL_EXPLAIN = 1.0
GOAL_CHECKS, GOAL_REPAIR = 180.0, 300.0
GOAL_GROUPED = 300_000  # cases a second
GOAL_GROUPER_MEMORY = 6 * 10**9
Results = dict[str, Any]


def write(results: Results, path: Path) -> None:
    """Write the page; what stands between the markers in the old one is kept."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    tried, steps = budget.between(old, BEGIN, END), budget.between(old, budget.BEGIN, budget.END)
    path.write_text(render(results, tried or NOTHING_TRIED, steps or NO_BUDGET), encoding="utf-8")


def render(results: Results, tried: str = NOTHING_TRIED, steps: str = NO_BUDGET) -> str:
    """The page as Markdown."""
    parts = [
        "# Benchmarks",
        _wrapped(
            "Written by `make bench` (`tests/benchmarks/`); only the last section is written by hand. Every "
            "measurement is a process of its own; times are medians of the runs, which are interleaved, with the files "
            "in the system's cache; memory is the highest peak. GB = 10⁹ bytes. The floor reads and hashes every "
            "value of every column of the delivery's Parquet files once in DuckDB; ratios are to the floor at the same "
            "threads in the same run."
        ),
        "## Machine and delivery",
        machine_list(results),
        "## Goals",
        goals_table(results),
        "## Results",
        results_table(results),
        settle_parts(results),
        "## Growth",
        growth_table(results),
        "## The core in three engines",
        _wrapped(
            "A shortened settlement, written as one would in each engine, with codes and parameters from "
            "`reference_data/`. The page is written only if those that finished gave the same sums, in whole "
            "thousandths of a point, per trust, RHF of residence and sector. Starting Python, importing the engine and "
            "reading the rule set are not counted. What all three leave out:"
        ),
        "\n".join(_wrapped(f"- {text}") for text in SIMPLIFICATIONS),
        cores_table(results),
        "## Models",
        models_table(results),
        "## Budget",
        _wrapped(
            "CPU seconds of each step of `isf settle` at scale 0.02, as multiples of the floor's, recorded by `make "
            "bench-small RECORD=1`; `make bench-small` shows the present ones beside them. At that size the start, "
            "Great Expectations and the disclosure audit, which hardly grow with the delivery, weigh most. The last "
            "model, `invariant_months`, holds the checks that follow it."
        ),
        f"{budget.BEGIN}\n\n{steps}\n\n{budget.END}",
        "## Explanations",
        explain_table(results),
        "## Quality",
        quality_table(results),
        "## The grouper",
        grouper_table(results),
        "## What was tried",
        f"{BEGIN}\n\n{tried}\n\n{END}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def machine_list(results: Results) -> str:
    machine = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    lines = [
        f"- {machine['date']}: {machine['cores']} cores ({machine['processor']}), {_gb(machine['memory'])} memory, "
        f"{machine['system']}; load at the start {machine['load']}",
        f"- {versions}",
    ]
    for scale, delivery in results["deliveries"].items():
        rows = ", ".join(f"{name} {_count(number)}" for name, number in delivery["rows"].items())
        size = f"{delivery['bytes'] / 1e6:.0f} MB"
        lines.append(f"- {scale} delivery {delivery['name']}: rows {rows}; {size} of Parquet")
    return "\n".join(map(_wrapped, lines))


def results_table(results: Results) -> str:
    lines = [
        "| measurement | delivery | threads | runs | wall s | lowest–highest | CPU s | peak GB | × floor |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in results["measurements"]:
        start = f"| {TITLES[row['name']]} | {row['scale']} | {row['threads']} | {row['runs']} |"
        if "failed" in row:
            lines.append(f"{start} not finished: {row['failed']} | | | | |")
            continue
        spread = f"{row['low']:.2f}–{row['high']:.2f}"
        ratio = f"{row['ratio']:.1f}" if row["ratio"] and row["name"] != "explain" else ""
        lines.append(f"{start} {row['wall']:.2f} | {spread} | {row['cpu']:.2f} | {row['peak'] / 1e9:.2f} | {ratio} |")
    return "\n".join(lines)


def settle_parts(results: Results) -> str:
    """What of the whole command is neither loading nor models, as a sentence, where they were measured together."""
    whole, load, models = (_best(results, name) for name in ("settle", "load", "models"))
    if not whole or not load or not models or len({row.get("run") for row in (whole, load, models)}) > 1:
        return ""  # of different runs: the machine's pace differs, too
    rest = whole["wall"] - load["wall"] - models["wall"]
    return _wrapped(
        f"Of `isf settle` at {whole['threads']} threads, loading is {load['wall']:.1f} s and the models are "
        f"{models['wall']:.1f} s; the rest, {rest:.1f} s, is the start of the program, checks and publication (by "
        "difference). The measurement of the models loads first, so that they meet the data as in the whole command; "
        "that loading is not in their time."
    )


def goals_table(results: Results) -> str:
    """Each goal, what was measured, and whether it is reached; a goal that was not measured says so."""
    settle, floor = _best(results, "settle"), _best(results, "floor")
    duck, polars = _best(results, "core_duckdb"), _best(results, "core_polars")
    explain = _best(results, "explain")
    lines = ["| goal | measured | reached |", "|---|---|---|"]

    def line(goal: str, value: float | None, shown: str, limit: float) -> None:
        reached = "–" if value is None else "yes" if value <= limit else "**no**"
        lines.append(f"| {goal} | {'not measured' if value is None else shown.format(value)} | {reached} |")

    ratio = settle["ratio"] if settle and floor else None
    line(f"`isf settle` of the year in at most {GOAL_RATIO} × the floor", ratio, "{:.1f} ×", GOAL_RATIO)
    line(f"aim: {AIM_RATIO} × the floor", ratio, "{:.1f} ×", AIM_RATIO)
    against = duck["wall"] / polars["wall"] if duck and polars else None
    line("the core in DuckDB no slower than in Polars", against, "{:.2f} × Polars' time", 1)
    peak = settle["peak"] if settle else None
    line(f"peak memory of `isf settle` under {_gb(GOAL_MEMORY)}", peak and peak / 1e9, "{:.2f} GB", GOAL_MEMORY / 1e9)
    for name in ("settle", "core_duckdb"):
        grown = _growth(results, name)
        line(
            f"near-linear growth of {TITLES[name]}: time per episode at most {GOAL_GROWTH} × the small delivery's",
            grown and grown["per_row"],
            "{:.2f} ×",
            GOAL_GROWTH,
        )
    line(f"`isf explain` under {GOAL_EXPLAIN:.0f} s", explain and max(explain["kinds"].values()), "{:.2f} s (slowest "
         "kind of id)", GOAL_EXPLAIN)  # fmt: skip
    quality = _best(results, "quality")
    done = list(quality["parts"].values()) if quality and "parts" in quality else [None, None]
    line(f"all checks of `isf quality` under {GOAL_CHECKS:.0f} s", done[0], "{:.0f} s", GOAL_CHECKS)
    line(f"with repair under {GOAL_REPAIR:.0f} s", done[1], "{:.0f} s", GOAL_REPAIR)
    group = _best(results, "group")
    # As seconds a case, so that less is better as in all the others.
    taken = group and group["wall"] / group["grouped"]["cases"]
    shown = f"{_count(round(1 / taken))} a second" if taken else ""
    line(f"the grouper: at least {_count(GOAL_GROUPED)} cases a second", taken, shown, 1 / GOAL_GROUPED)
    peak = group["peak"] if group else None
    memory = _gb(GOAL_GROUPER_MEMORY)
    line(f"peak memory of the grouper under {memory}", peak and peak / 1e9, "{:.2f} GB", GOAL_GROUPER_MEMORY / 1e9)
    return "\n".join(lines)


def growth_table(results: Results) -> str:
    if "small" not in results["deliveries"]:
        return "Not measured: no small delivery."
    lines = ["| measurement | threads | small s | large s | episodes × | time × | time per episode × |",
             "|---|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for name in TITLES:
        if grown := _growth(results, name):
            lines.append(
                f"| {TITLES[name]} | {grown['threads']} | {grown['small']:.2f} | {grown['large']:.2f} | "
                f"{grown['rows']:.1f} | {grown['time']:.1f} | {grown['per_row']:.2f} |"
            )
    return "\n".join(lines)


def cores_table(results: Results) -> str:
    if not _best(results, "core_duckdb"):
        return "Not measured."
    lines = ["| engine | threads | wall s | CPU s | peak GB | × floor | × DuckDB |",
             "|---|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    rows = [row for row in results["measurements"] if row["name"].startswith("core_") and row["scale"] == "large"]
    duck = {row["threads"]: row["wall"] for row in rows if row["name"] == "core_duckdb" and "wall" in row}
    for row in rows:
        start = f"| {TITLES[row['name']]} | {row['threads']} |"
        if "failed" in row:
            lines.append(f"{start} not finished: {row['failed']} | | | | |")
            continue
        against = f"{row['wall'] / duck[row['threads']]:.2f}" if row["threads"] in duck else ""
        ratio = f"{row['ratio']:.1f}" if row["ratio"] else ""
        lines.append(f"{start} {row['wall']:.2f} | {row['cpu']:.2f} | {row['peak'] / 1e9:.2f} | {ratio} | {against} |")
    return "\n".join(lines)


def models_table(results: Results) -> str:
    """Seconds of each model, slowest first; the fastest are summed in one line."""
    rows = {row["threads"]: row["models"] for row in results["measurements"] if "models" in row}
    if not rows:
        return "Not measured."
    threads = sorted(rows, reverse=True)
    most = rows[threads[0]]
    names = sorted(most, key=lambda name: -most[name])
    head = " | ".join(f"{n} threads" if n > 1 else "1 thread" for n in threads)
    lines = [f"Seconds per model.\n\n| model | {head} | share |", "|---|" + "---:|" * (len(threads) + 1)]
    total = sum(most.values())
    for name in [*names, None]:
        values = [rows[n][name] if name else sum(rows[n].values()) for n in threads]
        shown = " | ".join(f"{value:.2f}" for value in values)
        lines.append(f"| {f'`{name}`' if name else 'together'} | {shown} | {100 * values[0] / total:.0f} % |")
    return "\n".join(lines)


def explain_table(results: Results) -> str:
    row = _best(results, "explain")
    if not row:
        return "Not measured."
    lines = ["Seconds of the whole command, median over ids drawn by hash.\n", "| kind of id | s |", "|---|---:|"]
    return "\n".join([*lines, *(f"| {kind} | {seconds:.2f} |" for kind, seconds in row["kinds"].items())])


def quality_table(results: Results) -> str:
    """When each part of `isf quality` was done, from its beginning."""
    rows = [row for row in results["measurements"] if "parts" in row]
    if not rows:
        return "Not measured in parts."
    lines = ["Seconds from the beginning, median.\n", "| delivery | threads | done | s |", "|---|---:|---|---:|"]
    for row in rows:
        lines += [f"| {row['scale']} | {row['threads']} | {part} | {s:.0f} |" for part, s in row["parts"].items()]
    return "\n".join(lines)


def grouper_table(results: Results) -> str:
    """Cases, distinct contents and cases a second: by the clock, and by the CPU seconds on two free cores."""
    rows = [row for row in results["measurements"] if "grouped" in row]
    if not rows:
        return "Not measured."
    counted = list(rows[0]["grouped"])
    head = " | ".join(["delivery", "threads", *counted, "cases/s", "cases per CPU s", "peak GB"])
    lines = [f"| {head} |", "|---|" + "---:|" * (len(counted) + 4)]
    for row in rows:
        cases = row["grouped"]["cases"]
        numbers = [row["threads"], *row["grouped"].values(), round(cases / row["wall"]), round(cases / row["cpu"])]
        shown = " | ".join(_count(int(number)) for number in numbers)
        lines.append(f"| {row['scale']} | {shown} | {row['peak'] / 1e9:.2f} |")
    return "\n".join(lines)


def _best(results: Results, name: str, scale: str = "large") -> dict[str, Any] | None:
    """The measurement at the most threads, if it was made and finished."""
    rows = [row for row in results["measurements"] if row["name"] == name and row["scale"] == scale and "wall" in row]
    return max(rows, key=lambda row: row["threads"], default=None)


def _growth(results: Results, name: str) -> dict[str, float] | None:
    small, large = _best(results, name, "small"), _best(results, name)
    if not small or not large or small["threads"] != large["threads"]:
        return None
    episodes = {scale: delivery["rows"]["episode"] for scale, delivery in results["deliveries"].items()}
    rows, taken = episodes["large"] / episodes["small"], large["wall"] / small["wall"]
    return {"threads": small["threads"], "small": small["wall"], "large": large["wall"], "rows": rows, "time": taken,
            "per_row": taken / rows}  # fmt: skip


def _wrapped(text: str) -> str:
    indent = "  " if text.startswith("- ") else ""
    return textwrap.fill(text, 120, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def _gb(size: float) -> str:
    return f"{size / 1e9:.1f} GB"


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")
