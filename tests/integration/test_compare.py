"""Sammenligning av to leveranser: hver endring har én årsak, og årsakene er til sammen hele endringen."""

import shutil
from decimal import Decimal

import duckdb
import pytest
import yaml

from pipelines.compare.run import compare
from pipelines.compare.words import cause
from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import model, run
from pipelines.errors import InputRefused
from pipelines.settlement.run import build_warehouse
from tests.cases.casebook import _case, write_delivery

FIRST, FINAL, NEXT = "2025-T1-1", "2025-T1-2", "2025-T2-1"

# Per pasient: hva som står i første leveranse, hva som er annerledes i den endelige (None: er ikke der), og årsaken.
EPISODES = {
    "ny": (None, {"inn": "03.03", "ut": "05.03", "drg": "342N", "type": "A"}, "ny"),
    "borte": ({"inn": "03.03", "ut": "05.03", "drg": "342N", "type": "A"}, None, "borte"),
    "uendret": ({"inn": "03.03", "ut": "05.03", "drg": "342N", "type": "A"}, {}, None),
    "annen-id": ({"inn": "03.03", "drg": "923O", "type": "K"}, {"pasient": "den-andre", "drg": "906A"}, "pasient"),
    "betaler": (
        {"inn": "03.03", "drg": "923O", "type": "K", "debitor": "20"},
        {"debitor": "1"},
        "rett_debitor_not_isf",
    ),
    "drg": ({"inn": "03.03", "ut": "05.03", "drg": "342N", "type": "A"}, {"drg": "89"}, "drg"),
    "prosedyre": (
        {"inn": "03.03", "ut": "05.03", "drg": "342N", "type": "A"},
        {"prosedyre": ["K:KGV20"]},
        "prosedyre",
    ),
    "tilstand": (
        {"inn": "03.03", "ut": "23.03", "drg": "14A", "type": "A", "tilstand": ["I639"]},
        {"tilstand": ["I639", "Z5089"]},
        "tilstand",
    ),
    "karantene": (
        {"inn": "03.03", "ut": "05.03", "drg": "342N", "type": "A", "sektor": "ukjent"},
        {"sektor": "SOM"},
        "karantene",
    ),
    "sted": ({"inn": "03.03", "drg": "923O", "type": "K"}, {"stedAktivitet": "4"}, "stedAktivitet"),
    "klar": (
        {"inn": "03.01", "ut": "30.04", "drg": "64", "type": "A"},
        {"utskrKlarDato": "20.03"},
        "utskrKlarDato",
    ),
    "flytter": ({"inn": "03.03", "drg": "923O", "type": "K"}, {"komNrHjem": "4601"}, "komNrHjem"),
    "annet-hf": ({"inn": "03.03", "drg": "923O", "type": "K"}, {"hf": "983974724"}, "hf"),
    "personell": (
        {"inn": "03.03", "drg": "923O", "type": "K", "helseperson": ["99"]},
        {"helseperson": ["1"]},
        "rett_no_eligible_personnel",
    ),
}


def rows(state: int) -> dict[str, dict]:
    """The episodes of the first (0) or the final (1) delivery."""
    found = {}
    for name, (before, after, _) in EPISODES.items():
        row = before if state == 0 else None if after is None else {**(before or {}), **after}
        if row is not None:
            found[name] = {"pasient": f"P-{name}", **row}
    # The same two department stays: the second begins so late in the final delivery that they are two stays.
    found["delt-1"] = {"pasient": "P-delt", "type": "A", "inn": "03.03", "ut": "04.03 10:00", "drg": "90"}
    start = "04.03 11:00" if state == 0 else "04.03 14:00"
    found["delt-2"] = {"pasient": "P-delt", "type": "A", "inn": start, "ut": "06.03", "drg": "89"}
    # §8.6 goes to the day's first contact; when it is gone, to the other.
    young = {"pasient": "P-ung", "type": "K", "sektor": "VOP", "drg": "TD32A", "fodselsar": "2004"}
    if state == 0:
        found["ung-1"] = {**young, "inn": "03.03 08:00", "ut": "03.03 09:00"}
    found["ung-2"] = {**young, "inn": "03.03 12:00", "ut": "03.03 13:00", "institusjon": "974749025"}
    # A hip replacement that only the final delivery has starts a pathway, which takes the control's points.
    found["kontroll"] = {"pasient": "P-forlop", "type": "K", "inn": "20.03", "drg": "908B"}
    if state == 1:
        found["protese"] = {"pasient": "P-forlop", "type": "A", "inn": "03.03", "ut": "05.03", "drg": "209H"}
    return found


def delivered(folder, name: str, state: int, **more):
    """The delivery's folder."""
    prescriptions = (
        {"linje": {"pasient": "P-resept", "dato": "03.03", "atc": "J05AP51", "utlevering": "B182"}} if state else {}
    )
    text = yaml.safe_dump(
        {
            "tittel": "sammenligning",
            "leveranse": name,
            "episode": {**rows(state), **more},
            "hresept": prescriptions,
            "forventet": {},
            "hvorfor": "-",
        },
        allow_unicode=True,
    )
    raw = yaml.load(text, Loader=yaml.BaseLoader)
    return write_delivery([_case(raw, {"paragraf": "3.5"}, "sammenligning", 1)], folder)


def settled(home, folder, name: str, state: int, ruleset: str | None = None, **more) -> None:
    homes.prepare(home)
    written = delivered(folder / f"{name}-{state}-{ruleset is None}", name, state, **more)
    build_warehouse(written, homes.warehouse(home, name), ruleset=ruleset).close()


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    home = folder / "home"
    settled(home, folder, FIRST, 0)
    settled(home, folder, FINAL, 1)
    return home, compare(home, FIRST, FINAL)


def table(outcome, name: str) -> list[dict]:
    return workspace.rows(workspace.connect(), f"from '{outcome.path / name}.parquet'")


def change_of(home, first: str, last: str) -> tuple[Decimal, Decimal]:
    """Points and kroner (not rounded) of the last less those of the first."""
    with workspace.connect() as con:
        for alias, name in (("a", first), ("b", last)):
            workspace.attach(con, homes.warehouse(home, name), alias)
        sums = [
            con.execute(
                f"select sum(points), sum(points * nok_per_point) from {alias}.ledger inner join {alias}.point_price"
                " using (sector)"
            ).fetchone()
            for alias in ("a", "b")
        ]
    return tuple(after - before for before, after in zip(*sums, strict=True))


def test_hver_endring_har_den_arsaken_den_er_laget_med(done):
    _, outcome = done
    causes = {row["enhet_id"].removeprefix("k0001-"): row["arsak"] for row in table(outcome, "sammenligning_enhet")}
    expected = {name: cause for name, (_, _, cause) in EPISODES.items() if cause}
    assert {name: causes.get(name) for name in expected} == expected
    assert "uendret" not in causes


def test_samme_episoder_i_andre_opphold_er_sammenslaing(done):
    causes = {row["enhet_id"].removeprefix("k0001-"): row["arsak"] for row in table(done[1], "sammenligning_enhet")}
    assert causes["delt-1"] == causes["delt-2"] == "sammenslaing"


def test_et_tillegg_som_flytter_seg_har_arsaken_til_pasientens_andre_opphold(done):
    causes = {row["enhet_id"].removeprefix("k0001-"): row["arsak"] for row in table(done[1], "sammenligning_enhet")}
    assert causes["ung-1"] == causes["ung-2"] == "borte"


def test_en_ny_hreseptlinje_gir_en_tjeneste(done):
    causes = {row["enhet_id"].split("|")[0]: row["arsak"] for row in table(done[1], "sammenligning_enhet")}
    assert causes["GS01"] == "hresept"


def test_et_nytt_forlop_tar_poengene_fra_et_opphold_som_ikke_er_endret(done):
    causes = {
        (row["enhet_type"], row["enhet_id"].replace("k0001-", "").split("|")[0]): row["arsak"]
        for row in table(done[1], "sammenligning_enhet")
    }
    assert causes["forlop", "HT04"] == "ny"
    assert causes["opphold", "kontroll"] == "forlop"


def test_arsakene_er_til_sammen_hele_endringen_i_poeng_og_kroner(done):
    home, outcome = done
    found = table(outcome, "sammenligning")
    sums = (sum(row["endring_poeng"] for row in found), sum(row["endring_kr"] for row in found))
    assert sums == change_of(home, FIRST, FINAL)
    assert all(row["poeng_til"] - row["poeng_fra"] == row["endring_poeng"] for row in found)


def test_den_som_flytter_er_minus_der_han_var_og_pluss_der_han_er(done):
    moved = [row for row in table(done[1], "sammenligning") if row["arsak"] == "komNrHjem"]
    assert len({row["bosted_rhf_orgnr"] for row in moved}) == 2
    assert sum(row["endring_poeng"] for row in moved) == 0
    assert {row["endring_poeng"] > 0 for row in moved} == {True, False}


def test_mappen_er_bare_for_eieren_og_den_samme_neste_gang(done):
    home, outcome = done
    assert outcome.path == home / "comparisons" / f"{FIRST}_{FINAL}"
    assert all(path.stat().st_mode & 0o077 == 0 for path in [outcome.path, *outcome.path.iterdir()])
    again = compare(home, FIRST, FINAL)
    assert again.unchanged and again.path == outcome.path
    page = (outcome.path / "sammenligning.html").read_text(encoding="utf-8")
    assert "Kun for direktoratet" in page and page.count("<script") == 1


def test_motsatt_vei_gir_motsatt_fortegn(done):
    home, outcome = done
    back = compare(home, FINAL, FIRST)
    assert sum(row["endring_kr"] for row in table(back, "sammenligning")) == -sum(
        row["endring_kr"] for row in table(outcome, "sammenligning")
    )


def test_regelsettets_virkning_er_en_egen_arsak(done, tmp_path):
    home, _ = done
    rules = tmp_path / "andre-regler"
    rules.mkdir()
    (rules / "rules.toml").write_text(
        '[ruleset]\nid = "andre-regler"\nactivity_year = 2025\nstatus = "draft"\nbase = "2025"\nsource = "test"\n'
        '[[rule]]\nid = "7.15"\n[[rule.parameter]]\nname = "points"\nvalue = "-0.200"\n',
        encoding="utf-8",
    )
    settled(home, tmp_path, NEXT, 1, str(rules))
    told: list[str] = []
    outcome = compare(home, FINAL, NEXT, tell=told.append)
    # At det tar tid, sies før det begynner, med grunnen.
    assert len(told) == 1 and f"{FINAL} is settled again" in told[0] and "rule sets 2025 and andre-regler" in told[0]
    found = table(outcome, "sammenligning")
    assert {row["arsak"] for row in found} == {"regelsett"}
    assert sum(row["endring_poeng"] for row in found) == Decimal("0.045")
    assert "under reglene til" in outcome.text


def test_botter_som_er_like_i_begge_utelater_ingen_enhet_som_er_endret(done):
    home, _ = done
    unit = model("changed_unit", "compare")
    narrowed = "    where entry.bucket in (select bucket from differing)\n"
    assert unit.sql.count(narrowed) == 1
    with workspace.connect() as con:
        for alias, name in (("a", FIRST), ("b", FINAL)):
            workspace.attach(con, homes.warehouse(home, name), alias)
        con.execute("attach ':memory:' as work")
        reading = {"earlier_landing": "a.landing", "later_landing": "b.landing", "again": "a.main", "later": "b.main"}
        run("compare", con, into="work", reading=reading, only=["shared_months", "changed_unit"])
        con.execute("use work")
        found = con.execute("select * from changed_unit order by all").fetchall()
        everything = con.execute(f"select * from ({unit.sql.replace(narrowed, '')}) order by all").fetchall()
    assert found == everything and len(found) >= len([cause for *_, cause in EPISODES.values() if cause])


def by_program(home, name: str, program: str | None) -> None:
    with duckdb.connect(homes.warehouse(home, name)) as con:
        con.execute("update ref.run_option set program = ?", [program])


def test_to_av_samme_eldre_program_er_like_og_en_av_et_eldre_ma_gjores_opp_forst(done, tmp_path):
    home, outcome = done
    copied = shutil.copytree(home, tmp_path / "home", ignore=shutil.ignore_patterns("comparisons"))
    told: list[str] = []
    for name in (FIRST, FINAL):
        by_program(copied, name, "eldre")
    alike = compare(copied, FIRST, FINAL, tell=told.append)
    assert told == [] and alike.text == outcome.text and "på nytt" not in alike.text
    # Et program som ikke er kjent, er ikke det samme som et annet som ikke er kjent.
    for first, final in (("annet", "eldre"), (None, None)):
        by_program(copied, FIRST, first)
        by_program(copied, FINAL, final)
        with pytest.raises(InputRefused, match=f"Settle {FINAL} again first") as refused:
            compare(copied, FIRST, FINAL)
        assert refused.value.exit_code == 2


def test_rett_til_isf_sies_med_grunnen():
    assert cause("rett_not_resident") == "rett til ISF: pasienten er ikke bosatt i Norge"


def test_av_ulike_tertialer_sammenlignes_manedene_begge_har(done, tmp_path):
    home, _ = done
    later = {"mai": {"pasient": "P-mai", "type": "A", "inn": "03.05", "ut": "05.05", "drg": "89"}}
    settled(home, tmp_path, NEXT, 1, **later)
    outcome = compare(home, FINAL, NEXT)
    assert table(outcome, "sammenligning") == []
    assert "månedene begge har" in outcome.text


def test_ukjente_og_gjentatte_leveranser_avvises(done):
    home, _ = done
    with pytest.raises(InputRefused, match="no settled delivery 2025-T3-1"):
        compare(home, FIRST, "2025-T3-1")
    with pytest.raises(InputRefused, match="named twice"):
        compare(home, FIRST, FIRST)
