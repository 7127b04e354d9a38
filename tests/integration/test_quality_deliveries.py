"""`isf quality` on the deliveries of a year as they come: what is new, mended and back again, and who has gone."""

import csv
import re
from pathlib import Path

import duckdb
import pytest

from pipelines.generate import generate
from pipelines.quality import answers, measure
from pipelines.quality.command import run_quality
from pipelines.settlement import run as settle
from tests.unit import generated

FIRST, LAST, THIS, NEXT_YEAR = "2025-T1-1", "2025-T1-2", "2025-T2-2", "2026-T1-1"
# In which deliveries an episode lacks its debitor.
FAULTS = {
    "back": (FIRST, THIS),
    "still": (FIRST, LAST, THIS),
    "mended": (FIRST, LAST),
    "new": (THIS,),
    "later": (THIS,),
}
PER_MONTH = 20  # so many a month are sure to be missed


def busy(unit: str, where: str = "true", file: str = "episode") -> list[tuple]:
    """Units with patients enough in every month of the last delivery, those with fewest first."""
    return generated.query(
        f"""select unit, min(n) from (
            select {unit} as unit, month(utDatoTid) as m, count(distinct pasientID) as n from {{d.episode}} as e
            {"" if file == "episode" else f"inner join {{d.{file}}} as c using (episodeID)"}
            where year(utDatoTid) = 2025 and {where} group by all)
        group by all having count(*) = 4 and min(n) >= {PER_MONTH} order by min(n), unit""",
        d=generated.delivery(1, 2),
    )


@pytest.fixture(scope="module")
def gone() -> dict[str, str]:
    """What the third delivery lacks: a trust, an institution, a sector and a file, each at a trust of its own."""
    listed = "hf in (select cast(hf_orgnr as varchar) from 'reference_data/2025/trust.csv')"
    trust = busy("hf", listed)[0][0]
    institution, of = busy("institusjonID || ' ' || hf", f"hf <> '{trust}' and institusjonID <> hf")[0][0].split()
    taken = {trust, of}
    sector = next(hf for hf, _ in busy("hf", "sektor <> 'SOM'") if hf not in taken)
    file = next(hf for hf, _ in busy("hf", "sektor = 'SOM'", "prosedyre") if hf not in taken | {sector})
    return {"trust": trust, "institution": institution, "of": of, "sector": sector, "file": file}


@pytest.fixture(scope="module")
def episodes(gone) -> dict[str, str]:
    """The episodes with a fault, of one trust that has not gone: they stand in all three deliveries, but the last."""
    found = generated.query(
        """with own as (
            select episodeID, hf, utDatoTid from {c.episode}
            where debitor = 1 and komNrHjem < 5000 and drg is not null and episodetype = 'A'
        ), known as (
            select hf, episodeID, row_number() over (partition by hf order by episodeID) as nr from own
            where episodeID in (select episodeID from {a.episode} where debitor = 1 and utDatoTid < '2025-03-01')
                and episodeID in (select episodeID from {b.episode} where debitor = 1 and utDatoTid < '2025-03-01')
        ), late as (
            select hf, min(episodeID) as episodeID from own where utDatoTid between '2025-06-01' and '2025-08-01'
            group by hf
        )
        select hf, list(known.episodeID order by nr), any_value(late.episodeID)
        from known inner join late using (hf) where nr <= 4 group by hf having count(*) = 4 order by hf""",
        a=generated.delivery(1, 1), b=generated.delivery(1, 2), c=generated.delivery(2, 2),
    )  # fmt: skip
    hf, four, late = next(row for row in found if row[0] not in gone.values())
    return {"hf": hf, **dict(zip(("back", "still", "mended", "new"), four, strict=True)), "later": late}


@pytest.fixture(scope="module")
def published(gone, episodes, tmp_path_factory) -> tuple[Path, str]:
    """The home after the third delivery, and what its run printed."""
    work = tmp_path_factory.mktemp("deliveries")
    home = work / "home"
    # Of the other trusts there is nothing to see, and each has a pack of its own.
    kept = {gone["trust"], gone["of"], gone["sector"], gone["file"], episodes["hf"]}
    for name in (FIRST, LAST, THIS):
        faulty = [f"'{episodes[fault]}'" for fault, where in FAULTS.items() if name in where]
        # The first is there for the history of the episodes with a fault alone.
        statements = generated.of_trusts({episodes["hf"]} if name == FIRST else kept)
        statements += [f"update episode set debitor = null where episodeID in ({', '.join(faulty)})"]
        if name == THIS:
            statements += [
                f"delete from episode where hf = '{gone['trust']}' or institusjonID = '{gone['institution']}'",
                f"delete from episode where hf = '{gone['sector']}' and sektor <> 'SOM'",
                f"delete from hresept where hf = '{gone['trust']}'",
                f"""delete from prosedyre where episodeID in (
                    select episodeID from episode where hf = '{gone["file"]}' and sektor = 'SOM')""",
                *(f"delete from {child} where episodeID not in (select episodeID from episode)"
                  for child in ("tilstand", "prosedyre", "helseperson", "takst")),
            ]  # fmt: skip
        made = generated.altered(generated.delivery(int(name[6]), int(name[8])), work / "inn" / name, statements)
        settle.settle(made, home, accept_quarantine=True, threads=1)
    measure.measure(home, FIRST, threads=1)
    run_quality(LAST, home, threads=1)
    answers.take(said_corrected(home, episodes, work / "svar.csv"), home, LAST)
    return home, run_quality(THIS, home, threads=1)


def rows_of(home: Path, name: str, hf: str) -> list[dict]:
    with (home / "published" / f"{name}-kvalitet" / hf / "funn.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def said_corrected(home: Path, episodes: dict[str, str], path: Path) -> Path:
    """The pack of the delivery before, in which the hospital says that it has corrected two of the rows."""
    rows = rows_of(home, LAST, episodes["hf"])
    for row in rows:
        if row["kontroll"] == "debitor_missing" and row["radnokkel"] in (episodes["still"], episodes["mended"]):
            row["svar"] = "rettet"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def overview(home: Path, name: str = THIS) -> str:
    return (home / "published" / f"{name}-kvalitet" / "direktoratet" / "oversikt.html").read_text(encoding="utf-8")


def test_each_row_of_a_pack_has_its_history(published, episodes):
    home, _ = published
    found = {
        r["radnokkel"]: r["historikk"]
        for r in rows_of(home, THIS, episodes["hf"])
        if r["kontroll"] == "debitor_missing"
    }
    assert {fault: found.get(episodes[fault]) for fault in FAULTS} == {
        "back": "kom tilbake", "still": "meldt rettet, men står der ennå", "mended": None, "new": "ny",
        "later": "ny måned",
    }  # fmt: skip
    page = (home / "published" / f"{THIS}-kvalitet" / episodes["hf"] / "kvalitet.html").read_text(encoding="utf-8")
    assert episodes["mended"] in page[page.index('id="rettet"') :]
    assert f"Rettet siden {LAST}" in page


def test_a_trust_that_has_gone_is_on_the_page_and_in_the_list_of_packs(published, gone):
    home, text = published
    page = overview(home)
    ((name,),) = duckdb.sql(
        f"select hf_name from 'reference_data/2025/trust.csv' where cast(hf_orgnr as varchar) = '{gone['trust']}'"
    ).fetchall()
    assert f"HF som ventes, men ikke har meldt: {name}" in text
    assert f"Ikke meldt:</strong> {name}." in page
    assert page.count(f'<th scope="row">{name} <span class="muted">ikke meldt, ingen pakke</span></th>') == 1
    # Its row has as many cells as the others.
    head, *body = page[page.index('id="t-hf"') :].split("</table>")[0].split("<tr>")[1:]
    assert f'<th scope="row">{name} ' in body[-1] and ">ikke meldt<" in body[-1]
    assert {len(re.findall("<t[hd][ >]", row)) for row in (head, *body)} == {7}
    assert not (home / "published" / f"{THIS}-kvalitet" / gone["trust"]).exists()
    # Each month that the delivery before had, under the trust's name.
    missing = page[page.index('id="t-mangler"') :].split("</table>")[0]
    for month in range(1, 5):
        assert any(
            f'<th scope="row">{name}</th><td>hele HF-et</td><td>episoder</td>' in line and f"2025-0{month}" in line
            for line in missing.split("</tr>")
        )


def test_an_institution_a_sector_and_a_file_that_have_gone_are_told_to_their_trust(published, gone):
    home, _ = published

    def told(hf: str) -> set[tuple]:
        return {
            tuple(row["radnokkel"].split("|")[:4])
            for row in rows_of(home, THIS, hf)
            if row["kontroll"] == "part_missing"
        }

    for month in range(1, 5):
        assert any(key[1:] == ("episode", f"2025-0{month}", gone["institution"]) for key in told(gone["of"]))
        assert ("PHVTSB", "episode", f"2025-0{month}", "") in told(gone["sector"])
        assert ("SOM", "prosedyre", f"2025-0{month}", "") in told(gone["file"])
    assert not any(key[1] == "episode" for key in told(gone["file"]))


def test_deliveries_under_another_rule_set_are_named(published, episodes, tmp_path):
    home, _ = published
    folder = generate(tmp_path, year=2026, tertial=1, delivery=1, scale=0.0005, seed=5, ruleset="2026-draft", threads=1)
    few = generated.altered(folder, tmp_path / "few" / folder.name, generated.of_trusts([episodes["hf"]]))
    settle.settle(few, home, ruleset="2026-draft", threads=1)
    run_quality(NEXT_YEAR, home, threads=1)
    page = overview(home, NEXT_YEAR)
    assert f"Et annet regelsett enn 2026-draft gjelder {FIRST} (2025), {LAST} (2025), {THIS} (2025):" in page
    assert f"{THIS} har ingen måned felles med denne leveransen" in page
