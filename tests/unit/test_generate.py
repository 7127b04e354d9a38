"""Generated deliveries: the same for the same arguments, by the contract, and growing through the year."""

import hashlib
import json
from pathlib import Path

import pytest

from pipelines.delivery.contract import TABLES
from pipelines.errors import InputRefused
from pipelines.generate import generate
from tests.unit.generated import SCALE, YEAR, beside, count, delivery, query


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_costs_lie_beside_a_delivery_that_is_the_same_with_and_without_them_at_one_and_two_threads(tmp_path):
    made = generate(tmp_path, year=YEAR, tertial=1, delivery=2, scale=SCALE, seed=5, threads=2, costs=True)
    plain = delivery(1, 2)
    assert digests(made) == digests(plain)
    assert Path(beside(made, "endringer")).read_bytes() == Path(beside(plain, "endringer")).read_bytes()
    assert not Path(beside(plain, "kostnader")).exists()
    tables = {"d": made, "k": beside(made, "kostnader")}
    episodes = count("select count(*) from {d.episode}", **tables)
    assert count("select count(*) from {k} inner join {d.episode} using (episodeID)", **tables) == episodes
    assert count("select count(distinct episodeID) from {k}", **tables) == episodes
    parts = "pleie, operasjon, intensiv, diagnostikk, legemidler, annet, egenbetaling"
    assert count(f"select count(*) from {{k}} where least({parts}) < 0 or pleie is null", **tables) == 0
    # A heavier group costs more, and only contacts pay a fee.
    dear = "select corr(pleie + operasjon + annet, cost_weight) from {k} inner join {d.episode} using (episodeID)"
    weights = f"'{Path(__file__).resolve().parents[2] / 'reference_data' / str(YEAR) / 'drg.csv'}'"
    assert (
        count(f"{dear} inner join {weights} as drg using (drg) where sektor = 'SOM' and sector = 'SOM'", **tables) > 0.5
    )
    fee = "select count(*) from {k} inner join {d.episode} using (episodeID) where egenbetaling > 0"
    assert 0 < count(f"{fee} and episodetype = 'K'", **tables) == count(fee, **tables)


def test_errors_and_their_key_are_the_same_at_one_and_two_threads(tmp_path):
    made = delivery(1, 1, errors=0.05)
    again = generate(tmp_path, year=YEAR, tertial=1, delivery=1, scale=SCALE, seed=5, errors=0.05, threads=2)
    assert digests(again) == digests(made)
    assert Path(beside(again, "fasit")).read_bytes() == Path(beside(made, "fasit")).read_bytes()


def test_another_seed_gives_another_delivery(tmp_path):
    other = generate(tmp_path, year=YEAR, tertial=1, delivery=2, scale=SCALE, seed=6, threads=1)
    assert digests(other)["episode.parquet"] != digests(delivery(1, 2))["episode.parquet"]


def test_the_header_says_rows_and_hashes_and_no_clock():
    folder = delivery(1, 2)
    header = json.loads((folder / "leveranse.json").read_text(encoding="utf-8"))
    assert (header["year"], header["tertial"], header["delivery"]) == (YEAR, 1, 2)
    assert header["produced"] > f"{YEAR}-04-30"
    hashes = digests(folder)
    for name, file in header["files"].items():
        assert file["sha256"] == hashes[f"{name}.parquet"]
        assert file["rows"] == count(f"select count(*) from {{d.{name}}}", d=folder)
    assert set(header["files"]) == {t.name for t in TABLES}


def test_the_tables_have_the_columns_of_the_contract():
    folder = delivery(1, 2)
    for table in TABLES:
        found = {row[0] for row in query(f"describe select * from {{d.{table.name}}}", d=folder)}
        assert found <= {c.name for c in table.columns}
        assert {c.name for c in table.columns if c.need != "optional"} <= found


def test_ids_are_unique_and_children_have_parents():
    folder = delivery(3, 2)
    for table, key in (("episode", "episodeID"), ("enhet", "enhetID"), ("hresept", "utleveringID")):
        assert count(f'select count(*) - count(distinct "{key}") from {{d.{table}}}', d=folder) == 0
    for child in ("tilstand", "prosedyre", "helseperson", "takst"):
        orphans = f'from {{d.{child}}} anti join {{d.episode}} using ("episodeID")'
        assert count(f"select count(*) {orphans}", d=folder) == 0
    units = 'from {d.episode} as e anti join {d.enhet} as u on u."enhetID" = e.avdeling and u.hf = e.hf'
    assert count(f"select count(*) {units}", d=folder) == 0


def test_every_episode_has_one_main_condition_and_ends_after_it_begins():
    folder = delivery(3, 2)
    main = """select count(*) from (select "episodeID" from {d.tilstand}
        where "tilstNr" = 1 and "kodeNr" = 1 group by 1 having count(*) = 1)"""
    assert count(main, d=folder) == count("select count(*) from {d.episode}", d=folder)
    assert count('select count(*) from {d.episode} where "utDatoTid" < "innDatoTid"', d=folder) == 0
    long = count('select count(*) from {d.episode} where "utDatoTid" is null', d=folder)
    assert 0 < long < 0.01 * count("select count(*) from {d.episode}", d=folder)


def test_a_person_is_the_same_in_every_row():
    folder = delivery(3, 2)
    changing = """select count(*) from (
        select "pasientID" from {d.episode} where "komNrHjem" < 9000 and "komNrHjem" not between 2100 and 2399
        group by 1 having count(distinct ("komNrHjem", kjonn, fodselsar)) > 1)"""
    assert count(changing, d=folder) == 0


def test_the_year_grows_and_finished_episodes_do_not_change():
    first, later = delivery(1, 2), delivery(2, 2)
    finished = 'select * from {a.episode} where "utDatoTid" is not null'
    changed = f"select count(*) from ({finished} except select * from {{b.episode}})"
    assert count(changed, a=first, b=later) == 0
    for child in ("tilstand", "prosedyre", "helseperson", "takst"):
        lost = f"""select count(*) from (
            select c.* from {{a.{child}}} as c semi join ({finished}) using ("episodeID")
            except select * from {{b.{child}}})"""
        assert count(lost, a=first, b=later) == 0, child
    assert count("select count(*) from (from {a.hresept} except from {b.hresept})", a=first, b=later) == 0
    assert count("select count(*) from {b.episode}", b=later) > 1.8 * count("select count(*) from {a.episode}", a=first)


def test_people_still_in_hospital_come_back_finished():
    first, later = delivery(1, 2), delivery(3, 2)
    waiting = """select a.*, b."utDatoTid" as finished, b."innDatoTid" as same from {a.episode} as a
        inner join {b.episode} as b using ("episodeID") where a."utDatoTid" is null"""
    rows = query(f'select count(*), count(finished), count_if("innDatoTid" = same) from ({waiting})', a=first, b=later)
    assert rows[0][0] > 0
    assert rows[0][1] >= 0.8 * rows[0][0]
    assert rows[0][2] == rows[0][0]


def test_a_second_delivery_differs_from_the_first_as_it_says():
    first, second = delivery(1, 1), delivery(1, 2)
    changes = query("select change, row_id from {c} where file = 'episode'", c=beside(second, "endringer"))
    said = {kind: {row for k, row in changes if k == kind} for kind in ("added", "dropped", "recoded")}
    assert all(said.values())

    def ids(sql: str) -> set[str]:
        return {row[0] for row in query(sql, a=first, b=second)}

    assert (
        ids('select "episodeID" from {b.episode} as b anti join {a.episode} as a using ("episodeID")') == said["added"]
    )
    assert (
        ids('select "episodeID" from {a.episode} as a anti join {b.episode} as b using ("episodeID")')
        == said["dropped"]
    )
    other = """select a."episodeID" from {a.episode} as a inner join {b.episode} as b using ("episodeID")
        where a.drg is distinct from b.drg or a.hdg is distinct from b.hdg"""
    assert ids(other) == said["recoded"]
    lines = query("select row_id from {c} where file = 'hresept'", c=beside(second, "endringer"))
    late = query('select "utleveringID" from (from {b.hresept} except from {a.hresept})', a=first, b=second)
    assert sorted(lines) == sorted(late)


def test_csv_holds_the_same_rows(tmp_path):
    made = generate(tmp_path, year=YEAR, tertial=1, delivery=2, scale=SCALE, seed=5, format="csv", threads=1)
    for table in ("episode", "tilstand", "hresept"):
        csv = f"read_csv('{made / f'{table}.csv'}', delim = ';', header = true, all_varchar = true)"
        assert count(f"select count(*) from {csv}") == count(f"select count(*) from {{d.{table}}}", d=delivery(1, 2))
    line = (made / "episode.csv").read_text(encoding="utf-8").splitlines()[1]
    assert f"{YEAR}-" in line and "T" in line


def test_the_other_formats_are_refused(tmp_path):
    with pytest.raises(ValueError, match="parquet or csv"):
        generate(tmp_path, year=YEAR, tertial=1, delivery=1, format="xlsx")


def test_a_rule_set_of_another_year_is_refused_and_a_draft_of_the_year_is_used(tmp_path):
    with pytest.raises(InputRefused, match="Say --year 2026"):
        generate(tmp_path, year=YEAR, tertial=1, delivery=2, scale=SCALE, ruleset="2026-draft")
    assert list(tmp_path.iterdir()) == []
    folder = generate(tmp_path, year=2026, tertial=1, delivery=2, scale=0.001, ruleset="2026-draft")
    days = query('select min("utDatoTid")::date::varchar, max("utDatoTid")::date::varchar from {d.episode}', d=folder)
    assert "2026-01-01" <= days[0][0] < days[0][1] <= "2026-04-30"
