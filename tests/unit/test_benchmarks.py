"""The benchmark measures what it says: the three cores agree, and the page tells the results. No timing here."""

import json
import subprocess
import sys
from decimal import Decimal

import polars as pl
import pytest

from tests.benchmarks import budget, core_duckdb, core_pandas, core_polars, measure, page, run
from tests.benchmarks.core_rules import first_difference, milli, read_rules
from tests.unit import generated


def measurement(name: str, scale: str = "large", **values) -> dict:
    return {"name": name, "scale": scale, "threads": 2, "runs": 3, "wall": 10.0, "low": 9.0, "high": 11.0, "cpu": 18.0,
            "peak": 2_000_000_000, "ratio": 5.0} | values  # fmt: skip


def results(*measurements: dict) -> dict:
    return {
        "machine": {"date": "2030-01-01", "cores": 2, "memory": 24_000_000_000, "processor": "P", "system": "S",
                    "load": 0.1, "versions": {"Python": "3.11"}},
        "deliveries": {
            "large": {"name": "large", "rows": {"episode": 1000}, "bytes": 10},
            "small": {"name": "small", "rows": {"episode": 100}, "bytes": 1},
        },
        "measurements": list(measurements),
    }  # fmt: skip


def test_the_three_cores_agree():
    delivery = generated.delivery(1, 1)
    rules = read_rules(delivery)
    by_duckdb = core_duckdb.run(delivery, rules, 1)
    assert first_difference(by_duckdb, core_polars.run(delivery, rules, pl.thread_pool_size())) is None
    assert first_difference(by_duckdb, core_pandas.run(delivery, rules, 1)) is None
    sums = [sum(column) for column in list(zip(*by_duckdb, strict=True))[3:]]
    assert all(sums[:4]), "stays, base points, ambulatory and emergency points all occur"


def test_points_are_exact():
    assert milli(Decimal("-0.100")) == -100
    with pytest.raises(ValueError, match="three decimals"):
        milli(Decimal("0.0001"))


def test_differences_are_told():
    assert first_difference([["a", 1]], [["a", 1]]) is None
    assert "is not" in first_difference([["a", 1]], [["a", 2]])
    assert "1 rows" in first_difference([["a", 1]], [])


def test_cores_that_disagree_end_the_run():
    keys = [("core_duckdb", "large", 2), ("core_pandas", "large", 1)]
    run.check_cores({keys[0]: [{"rows": [["a", 1]]}], keys[1]: [{"failed": "out of memory"}]})
    with pytest.raises(SystemExit, match="disagree"):
        run.check_cores({keys[0]: [{"rows": [["a", 1]]}], keys[1]: [{"rows": [["a", 2]]}]})


def test_medians_and_ratios():
    floor, settle = ("floor", "large", 2), ("settle", "large", 2)
    walls = {floor: (1.0, 3.0, 2.0), settle: (30.0, 20.0, 25.0)}
    measured = {key: [{"wall": w, "cpu": w, "peak": int(w)} for w in values] for key, values in walls.items()}
    summed = {row["name"]: row for row in run.summary(measured)}
    assert (summed["floor"]["wall"], summed["settle"]["wall"], summed["settle"]["peak"]) == (2.0, 25.0, 30)
    assert summed["settle"]["ratio"] == 12.5


def test_the_results_of_several_runs_make_one_page(tmp_path):
    files = [tmp_path / "first.json", tmp_path / "second.json"]
    first = results(measurement("core_duckdb"), measurement("floor"), measurement("settle", wall=90.0))
    second = results(measurement("settle", wall=80.0), measurement("settle", threads=1))
    for file, found in zip(files, (first, second), strict=True):
        file.write_text(json.dumps(found), encoding="utf-8")
    rows = run.joined(files)["measurements"]
    assert [(row["name"], row["threads"], row["wall"]) for row in rows] == [
        ("floor", 2, 10.0), ("settle", 2, 80.0), ("core_duckdb", 2, 10.0), ("settle", 1, 10.0)
    ]  # fmt: skip
    second["deliveries"]["large"]["rows"] = {"episode": 999}
    files[1].write_text(json.dumps(second), encoding="utf-8")
    with pytest.raises(SystemExit, match="different large deliveries"):
        run.joined(files)


@pytest.mark.parametrize(
    ("memory", "longest", "told"), [(1, 60, "more than 0 GB"), (10**12, 0, "more than 0 s"), (10**12, 60, None)]
)
def test_a_measurement_that_takes_too_much_is_ended_and_told(memory, longest, told):
    code = "import time; time.sleep(30)" if told else ""
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    assert run._watch(process, memory, longest) == told
    assert process.returncode is not None


def test_a_stop_loses_the_round_it_meets_and_no_other(tmp_path, monkeypatch):
    measured = iter([{"wall": wall, "cpu": wall, "peak": 1} for wall in (0.0, 2.0, 30.0, 3.0)])

    def measure_until_stopped(*_) -> dict:
        if (one := next(measured, None)) is None:
            raise KeyboardInterrupt
        return one

    monkeypatch.setattr(run, "measure", measure_until_stopped)
    monkeypatch.setattr(run, "RAW", tmp_path / "results.json")
    words = ["--delivery", str(generated.delivery(1, 1)), "--work", str(tmp_path / "work")]
    monkeypatch.setattr(sys, "argv", ["run", *words, "--only", "settle", "--threads", "1"])
    with pytest.raises(KeyboardInterrupt):
        run.main()
    rows = json.loads(run.RAW.read_text(encoding="utf-8"))["measurements"]
    assert [(row["name"], row["runs"], row["wall"]) for row in rows] == [("floor", 1, 2.0), ("settle", 1, 30.0)]


def test_goals_reached_and_not():
    text = page.goals_table(
        results(
            measurement("floor", ratio=1.0),
            measurement("settle", ratio=20.0, wall=50.0),
            measurement("settle", "small", wall=6.0),
            measurement("core_duckdb", wall=12.0),
            measurement("core_polars", wall=10.0),
        )
    )
    reached = {line.split("|")[1].strip()[:25]: line.split("|")[3].strip() for line in text.splitlines()[2:]}
    assert reached["`isf settle` of the year i"[:25]] == "yes"
    assert reached["aim: 15 × the floor"] == "**no**"
    assert reached["the core in DuckDB no slower"[:25]] == "**no**"
    assert reached["`isf explain` under 1 s"] == "–"


def test_a_step_that_costs_much_more_than_recorded_is_marked(tmp_path):
    path = tmp_path / "benchmarks.md"
    path.write_text(f"before\n{budget.BEGIN}\n\nNot recorded.\n\n{budget.END}\nafter\n", encoding="utf-8")
    steps = {"load episode": 4.0, "stay": 2.0, "region": 0.01}
    assert "<<<" not in budget.compared(steps, 1.0, budget.recorded(path.read_text(encoding="utf-8")))
    budget.record(budget.table(steps, 1.0), path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("before") and text.endswith("after\n")
    before = budget.recorded(text)
    assert before == {"load episode": 4.0, "stay": 2.0}
    slower = budget.compared(steps | {"stay": 3.0, "new": 1.0}, 1.0, before)
    assert [line.split()[0] for line in slower.splitlines() if "<<<" in line] == ["stay", "new"]
    page.write(results(measurement("settle")), path)
    assert budget.recorded(path.read_text(encoding="utf-8")) == before


def test_every_job_is_measured_after_the_settlement_that_it_reads():
    keys = run.plan(list(measure.MEASUREMENTS), [2, 1], small=True)
    for threads in (1, 2):
        assert {name for name, *where in keys if where == ["large", threads]} == page.TITLES.keys()
    names = [name for name, scale, threads in keys if (scale, threads) == ("large", 2)]
    assert names.index("settle") < min(names.index(name) for name in ("explain", "quality", "simulate_anew"))


def test_the_page_tells_what_did_not_finish_and_keeps_what_is_written_by_hand(tmp_path):
    path = tmp_path / "benchmarks.md"
    found = results(
        measurement("models", models={"episode": 1.5, "stay": 0.5}),
        {"name": "core_pandas", "scale": "large", "threads": 2, "runs": 1, "failed": "more than 18 GB"},
    )
    page.write(found, path)
    assert page.NOTHING_TRIED in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(page.NOTHING_TRIED, "Tried: sorting first."), "utf-8")
    page.write(found, path)
    text = path.read_text(encoding="utf-8")
    assert "Tried: sorting first." in text and page.NOTHING_TRIED not in text
    assert "not finished: more than 18 GB" in text
    assert "| `episode` | 1.50 | 75 % |" in text
    assert "| together | 2.00 | 100 % |" in text


def test_the_grouper_is_measured_on_stays_whose_codes_the_tables_know(tmp_path):
    found = measure.group(generated.delivery(1, 1), 1, tmp_path)
    grouped = found["grouped"]
    assert 100 < grouped["distinct contents"] < grouped["cases"]
    assert grouped["rules of the tables"] > grouped["rules that win"] > 10
    shown = page.grouper_table(results(measurement("group", grouped=grouped | {"cases": 9_000_000})))
    assert "9\u00a0000\u00a0000" in shown and "| 900\u00a0000 | 500\u00a0000 | 2.00 |" in shown
