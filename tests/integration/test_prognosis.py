"""Prognosen for året: summene går opp, profilen er virkedagene eller fjoråret, og intervallet er aldri for smalt."""

import math
import shutil
import statistics
from decimal import Decimal

import duckdb
import pytest
import yaml

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.workdays import working_days
from pipelines.errors import InputRefused
from pipelines.prognosis import run as module
from pipelines.prognosis.backtest import Miss, factors, held, predicted, widths
from pipelines.prognosis.run import prognosis
from pipelines.publication.words import sector_short
from pipelines.rules import load as rulesets
from pipelines.settlement.run import build_warehouse
from tests.cases.casebook import _case, write_delivery

YEAR = int(rulesets.newest_final())
FIRST, FINAL, SECOND, WHOLE = (f"{YEAR}-{part}" for part in ("T1-1", "T1-2", "T2-1", "T3-2"))
WEST = "983658725"
POINTS = Decimal("1.220")  # DRG 89


def stays(months, **more) -> dict:
    return {
        f"M{month}-{n}": {
            "pasient": f"P{month}-{n}",
            "type": "A",
            "inn": f"03.{month:02d}",
            "ut": f"05.{month:02d}",
            "drg": "89",
        }
        for month in months
        for n in range(2 if month in more.get("twice", ()) else 1)
    }


def settled(home, folder, name: str, episodes: dict, hresept: dict | None = None, ruleset: str | None = None) -> None:
    raw = {
        "tittel": "p",
        "leveranse": name,
        "episode": episodes,
        "hresept": hresept or {},
        "forventet": {},
        "hvorfor": "-",
    }
    case = _case(yaml.load(yaml.safe_dump(raw), Loader=yaml.BaseLoader), {"paragraf": "3.9"}, "prognose", 1)
    homes.prepare(home)
    build_warehouse(write_delivery([case], folder / name), homes.warehouse(home, name), ruleset=ruleset).close()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Ett opphold hver måned; den endelige leveransen har ett til i mars, og en H-resept i januar."""
    folder = tmp_path_factory.mktemp("prognose")
    home = folder / "home"
    line = {"linje": {"pasient": "P-resept", "dato": "03.01", "atc": "J05AP51", "utlevering": "B182"}}
    settled(home, folder, FIRST, stays(range(1, 5)), line)
    settled(home, folder, FINAL, stays(range(1, 5), twice=[3]), line)
    settled(home, folder, SECOND, stays(range(1, 9), twice=[3]), line)
    settled(home, folder, WHOLE, stays(range(1, 13), twice=[3]), line)
    return home


@pytest.fixture
def uten_minstegrense(monkeypatch):
    """Intervall også for steder med få poeng, som her."""
    chosen = module.settings()
    chosen["interval"]["smallest_points"] = "0"
    monkeypatch.setattr(module, "settings", lambda: chosen)


def table(outcome, name: str) -> list[dict]:
    return workspace.rows(workspace.connect(), f"from '{outcome.path / name}.parquet'")


def share(profile: list[dict], rhythm: str) -> Decimal:
    return sum(row["andel"] for row in profile if row["rytme"] == rhythm and not row["er_levert"])


def test_virkedagene_er_den_norske_kalenderens():
    days = working_days(2025)
    # Skjærtorsdag, langfredag og annen påskedag i april; 1. mai og Kristi himmelfartsdag; jul.
    assert (days[4], days[5], days[6], days[7], days[12]) == (19, 20, 20, 23, 19)
    assert sum(days.values()) == 250


def test_uten_fjoraret_er_profilen_virkedagene_og_det_som_gjelder_for_aret_har_sin_egen(home):
    outcome = prognosis(home, FINAL)
    days = working_days(YEAR)
    delivered = sum(days[month] for month in range(1, 5))
    rest = sum(days.values()) - delivered
    expected = 5 * POINTS * rest / delivered
    profile = table(outcome, "prognose_profil")
    assert abs(share(profile, "lopende") - Decimal(rest) / delivered) < Decimal("0.0001")
    # Den ene H-reseptlinjen kom i januar; i april kom ingen, og ingen ventes.
    assert share(profile, "arlig") == 0
    (row,) = [row for row in table(outcome, "prognose_rhf") if row["poeng_levert"]]
    assert abs(row["poeng_rest"] - expected) < Decimal("0.01") and row["poeng_etterslep"] == 0
    assert "virkedagene i den norske kalenderen" in outcome.text


def test_delene_er_summen_av_aret_og_tabellene_er_enige(home, uten_minstegrense):
    outcome = prognosis(home, FIRST)
    regions, trusts, months = (table(outcome, f"prognose_{name}") for name in ("rhf", "hf", "maned"))
    for row in (*regions, *trusts):
        assert row["poeng_levert"] + row["poeng_etterslep"] + row["poeng_rest"] == row["poeng_ar"]
        assert row["poeng_lav"] <= row["poeng_ar"] <= row["poeng_hoy"]
    sums = {sum(row[column] for row in rows) for rows, column in ((regions, "poeng_ar"), (months, "poeng"))}
    assert sums == {sum(row["poeng_ar"] for row in trusts)}


def test_etterslepet_er_det_den_endelige_leveransen_la_til_i_forrige_tertial(home):
    outcome = prognosis(home, SECOND)
    (row,) = [row for row in table(outcome, "prognose_hf") if row["poeng_levert"] > 1]
    # Fem opphold mot fire, og en tjeneste i begge: trukket mot sektorens, som er den samme når det bare er ett HF.
    with workspace.connect() as con:
        for alias, name in (("a", FIRST), ("b", FINAL)):
            workspace.attach(con, homes.warehouse(home, name), alias)
        first, final = (con.execute(f"select sum(points) from {alias}.ledger").fetchone()[0] for alias in "ab")
    newest = 4 * POINTS  # månedene i andre tertial
    assert abs(row["poeng_etterslep"] - newest * (final / first - 1)) < Decimal("0.01")
    assert f"{FIRST} og {FINAL}" in outcome.text


def test_fjorarets_profil_brukes_der_den_er(home, tmp_path):
    following = f"{YEAR + 1}-T1-2"
    settled(home, tmp_path, following, stays(range(1, 5)), ruleset=f"{YEAR + 1}-draft")
    outcome = prognosis(home, following)
    days, before = working_days(YEAR + 1), working_days(YEAR)
    weight = {month: Decimal(2 if month == 3 else 1) * days[month] / before[month] for month in days}
    expected = sum(weight[m] for m in range(5, 13)) / sum(weight[m] for m in range(1, 5))
    assert abs(share(table(outcome, "prognose_profil"), "lopende") - expected) < Decimal("0.001")
    assert WHOLE in outcome.text


def test_det_fjoraret_ikke_hadde_far_profilen_uten_fjoraret_og_det_sies(home, tmp_path):
    """En H-reseptlinje i april, der fjoråret ikke hadde noe som teller én gang i året."""
    copied, following = tmp_path / "home", f"{YEAR + 1}-T1-2"
    line = {"linje": {"pasient": "P-resept", "dato": "03.04", "atc": "J05AP51", "utlevering": "B182"}}
    settled(copied, tmp_path, following, stays(range(1, 5)), line, ruleset=f"{YEAR + 1}-draft")
    shutil.copy(homes.warehouse(home, WHOLE), homes.warehouse(copied, WHOLE))
    with duckdb.connect(homes.warehouse(copied, WHOLE)) as con:
        con.execute("delete from service")
    outcome = prognosis(copied, following)
    days = working_days(YEAR + 1)
    expected = Decimal(sum(days[month] for month in range(5, 13))) / days[4]
    assert abs(share(table(outcome, "prognose_profil"), "arlig") - expected) < Decimal("0.001")
    assert WHOLE in outcome.text and f"for {sector_short('SOM')}, én gang i året" in outcome.text
    assert "løpende: der er" not in outcome.text


def test_et_ar_som_er_levert_er_det_som_er_levert(home):
    outcome = prognosis(home, WHOLE)
    for row in table(outcome, "prognose_rhf"):
        assert row["poeng_lav"] == row["poeng_ar"] == row["poeng_hoy"] == row["poeng_levert"]
    assert "levert i sin helhet" in outcome.text


def test_en_forste_leveranse_av_hele_aret_er_ikke_aret_i_sin_helhet(tmp_path, uten_minstegrense):
    """Uten et par å måle mot er det ikke regnet noe etterslep, men det kommer."""
    name = f"{YEAR}-T3-1"
    settled(tmp_path / "home", tmp_path, name, stays(range(1, 13)))
    outcome = prognosis(tmp_path / "home", name)
    (row,) = [row for row in table(outcome, "prognose_rhf") if row["poeng_levert"]]
    assert row["poeng_rest"] == row["poeng_etterslep"] == 0 and row["poeng_lav"] < row["poeng_ar"] < row["poeng_hoy"]
    assert "helhet" not in outcome.text and f"{YEAR} ventes å gi" in outcome.text and "(mellom" in outcome.text


@pytest.mark.parametrize(("systematic", "sampling"), [("0.010000", "0.100000"), ("0.400000", "3.000000")])
def test_intervallet_er_det_bredeste_av_proven_og_det_stedets_egne_maneder_varierer(
    home, uten_minstegrense, tmp_path, monkeypatch, systematic, sampling
):
    head = module.INTERVALS.read_text(encoding="utf-8").splitlines()[0]
    case = f"1,2,virkedager,endelig,SOM,{systematic},{sampling},10,40,40,300,310"
    (tmp_path / "intervals.csv").write_text(f"{head}\n{case}\n", encoding="utf-8")
    monkeypatch.setattr(module, "INTERVALS", tmp_path / "intervals.csv")
    (row,) = [row for row in table(prognosis(home, FINAL), "prognose_rhf") if row["poeng_levert"]]
    # Månedene er 1, 1, 2 og 1 opphold. Regnet her med flyttall, uten SQL.
    days = [working_days(YEAR)[month] for month in range(1, 5)]
    levels = [stays * sum(days) / of for stays, of in zip((1, 1, 2, 1), days, strict=True)]
    variation = statistics.stdev(levels) / statistics.mean(levels)
    seen = 3.182 * variation * float(row["poeng_rest"]) * math.sqrt(1 / 8 + 1 / 4)
    expected = float(row["poeng_ar"])
    tested = math.sqrt((float(systematic) * expected) ** 2 + float(sampling) ** 2 * expected)
    assert (seen > tested) == (sampling == "0.100000")
    half = row["poeng_hoy"] - row["poeng_ar"]
    assert float(half) == pytest.approx(max(seen, tested), rel=1e-4) and float(half) >= tested
    assert row["poeng_lav"] == max(0, row["poeng_ar"] - half)


def test_en_levert_maned_uten_poeng_teller_som_null_i_det_stedets_egne_maneder_varierer(
    uten_minstegrense, tmp_path, monkeypatch
):
    head = module.INTERVALS.read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "intervals.csv").write_text(f"{head}\n1,2,virkedager,endelig,SOM,0.01,0.1,10,40,40,300,310\n", "utf-8")
    monkeypatch.setattr(module, "INTERVALS", tmp_path / "intervals.csv")
    settled(tmp_path / "home", tmp_path, FINAL, stays((1, 2, 4)))
    (row,) = [row for row in table(prognosis(tmp_path / "home", FINAL), "prognose_rhf") if row["poeng_levert"]]
    days = [working_days(YEAR)[month] for month in range(1, 5)]
    levels = [stays * sum(days) / of for stays, of in zip((1, 1, 0, 1), days, strict=True)]
    variation = statistics.stdev(levels) / statistics.mean(levels)
    seen = 3.182 * variation * float(row["poeng_rest"]) * math.sqrt(1 / 8 + 1 / 4)
    assert float(row["poeng_hoy"] - row["poeng_ar"]) == pytest.approx(seen, rel=1e-4)


def test_et_sted_med_faerre_poeng_enn_proven_kan_domme_har_ikke_intervall(home):
    outcome = prognosis(home, FINAL)
    (row,) = [row for row in table(outcome, "prognose_rhf") if row["poeng_levert"]]
    assert (row["poeng_lav"], row["poeng_hoy"], row["refusjon_lav"], row["refusjon_hoy"]) == (None,) * 4
    assert "har ikke noe intervall" in outcome.text and "(mellom" not in outcome.text
    # Et år som er levert, er kjent på poenget hvor lite det enn er.
    assert "har ikke noe intervall" not in prognosis(home, WHOLE).text


def test_har_for_fa_ar_blitt_provd_sies_det_og_ingen_har_intervall(home, tmp_path, monkeypatch):
    kept = [line for line in module.INTERVALS.read_text(encoding="utf-8").splitlines() if not line.startswith("1,")]
    (tmp_path / "intervals.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    monkeypatch.setattr(module, "INTERVALS", tmp_path / "intervals.csv")
    outcome = prognosis(home, FINAL)
    assert {row["poeng_lav"] for row in table(outcome, "prognose_hf")} == {None}
    assert "for få genererte år" in outcome.text


def test_bredder_lant_av_provene_uten_par_sies(home, tmp_path, monkeypatch):
    assert "prøvd uten et slikt par" not in prognosis(home, SECOND).text
    kept = [line for line in module.INTERVALS.read_text(encoding="utf-8").splitlines() if ",par," not in line]
    (tmp_path / "intervals.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    monkeypatch.setattr(module, "INTERVALS", tmp_path / "intervals.csv")
    assert "prøvd uten et slikt par" in prognosis(home, SECOND).text


def test_et_budsjett_for_et_sted_uten_leverte_poeng_star_der(home, tmp_path):
    file = tmp_path / "budsjett.csv"
    file.write_text(f"rhf_orgnr;sektor;poeng\n{WEST};PHVTSB;10,5\n", encoding="utf-8")
    for delivery, low in ((FINAL, None), (WHOLE, 0)):
        outcome = prognosis(home, delivery, budget=file)
        (row,) = [row for row in table(outcome, "prognose_rhf") if row["budsjett_poeng"] is not None]
        assert (row["bosted_rhf_orgnr"], row["sektor"], row["poeng_ar"]) == (WEST, "PHVTSB", 0)
        assert row["avvik_poeng"] == Decimal("-10.5") and row["poeng_lav"] == row["poeng_hoy"] == low
        assert "10,500 poeng" in outcome.text and "under budsjettet" in outcome.text


def test_budsjettet_holdes_mot_prognosen(home, tmp_path):
    file = tmp_path / "budsjett.csv"
    file.write_text(f"rhf_orgnr;sektor;poeng\n{WEST};SOM;10,5\n", encoding="utf-8")
    outcome = prognosis(home, FINAL, budget=file)
    rows = {(row["bosted_rhf_orgnr"], row["sektor"]): row for row in table(outcome, "prognose_rhf")}
    given = [row for row in rows.values() if row["budsjett_poeng"] is not None]
    assert all(row["avvik_poeng"] == row["poeng_ar"] - Decimal("10.5") for row in given)
    assert (outcome.path / "prognose.html").read_text(encoding="utf-8").count("<script") == 1
    assert all(path.stat().st_mode & 0o077 == 0 for path in [outcome.path, *outcome.path.iterdir()])
    assert prognosis(home, FINAL, budget=file).unchanged


def test_et_ugyldig_budsjett_avvises_med_alle_feil_og_ingenting_skrives(home, tmp_path):
    file = tmp_path / "budsjett.csv"
    file.write_text(f"rhf_orgnr;sektor;poeng\n{WEST};SOM;mye\n1;SOM;3\n{WEST};XX;-4\n", encoding="utf-8")
    before = sorted((home / "prognoser").iterdir())
    with pytest.raises(InputRefused) as refused:
        prognosis(home, FINAL, budget=file)
    assert refused.value.exit_code == 2
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        f"budsjett.csv row {row}" for row in (2, 3, 4, 4)
    ]
    assert sorted((home / "prognoser").iterdir()) == before
    with pytest.raises(InputRefused, match="no settled delivery"):
        prognosis(home, f"{YEAR}-T2-2")


SETTINGS = {"level": "0.95", "smallest_points": "30"}
CASE = (1, 2, "virkedager", "endelig", "SOM")


def years(seeds, land: float = 0.04) -> list[Miss]:
    """Ett år per frø: landet bommer med 4 %, et RHF med like mye som et HF av samme størrelse, HF med kvadratroten."""
    places = (("land", 10_000, land), ("rhf", 900, 1 / 30), ("hf", 100, 0.1), ("hf", 400, 0.05), ("hf", 900, 1 / 30))
    return [
        Miss(seed, YEAR, level, float(points), points * (1 + (-1) ** seed * off))
        for seed in seeds
        for level, points, off in places
    ]


def test_breddene_er_for_et_ar_til_og_ikke_for_de_arene_de_er_laget_av():
    found = years(range(10))
    systematic, sampling = widths({CASE: found}, SETTINGS, 8)[CASE]
    assert sampling == pytest.approx(1, abs=1e-5)
    # Ti år: Students t 2,228 med ti frihetsgrader; HF-enes varians (1 / 1,96)² ved landets størrelse er trukket fra.
    assert systematic == pytest.approx(2.22814 * math.sqrt(0.04**2 - 1 / 1.95996**2 / 10_000), abs=1e-5)
    assert all(miss.within(systematic, sampling) for miss in found)
    # Færre år gir bredere intervall, og for få år ingen.
    fewer, _ = widths({CASE: years(range(8))}, SETTINGS, 8)[CASE]
    assert fewer > systematic
    assert widths({CASE: years(range(7))}, SETTINGS, 8)[CASE] is None


def test_en_av_tjue_ma_vaere_sett_for_at_95_prosent_kan_loves():
    assert predicted([1.0] * 18, 0.95) is None
    assert predicted([*map(float, range(1, 20))], 0.95) == 19
    assert predicted([*map(float, range(1, 41))], 0.95) == 39


def test_hvert_fro_er_provd_mot_de_andre():
    assert held({CASE: years(range(10))}, SETTINGS)[CASE] == {"land": (10, 10), "rhf": (10, 10), "hf": (30, 30)}
    # Et frø som bommer mye mer enn de andre, faller utenfor; i breddene laget av alle ville det gjort dem brede nok.
    assert held({CASE: years(range(10)) + years([10], land=0.1)}, SETTINGS)[CASE]["land"] == (10, 11)


def test_et_generert_ars_maneder_driver_likt_i_alle_dets_leveranser():
    drift = module.settings()["drift"]
    rows = factors(1, YEAR, "SOM", [WEST], drift)
    assert rows == factors(1, YEAR, "SOM", [WEST], drift) != factors(1, YEAR + 1, "SOM", [WEST], drift)
    assert [month for _, _, month, _ in rows] == list(range(1, 13))
    still = dict.fromkeys(drift, Decimal(0))
    assert {factor for *_, factor in factors(1, YEAR, "SOM", [WEST], still)} == {"1.000000"}
