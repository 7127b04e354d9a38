"""Prognosen for året: summene går opp, profilen er virkedagene eller fjoråret, og intervallet er aldri for smalt."""

import math
from decimal import Decimal

import pytest
import yaml

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.workdays import working_days
from pipelines.errors import InputRefused
from pipelines.prognosis.backtest import Miss, held, widths
from pipelines.prognosis.run import prognosis
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


def test_delene_er_summen_av_aret_og_tabellene_er_enige(home):
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


def test_et_ar_som_er_levert_er_det_som_er_levert(home):
    outcome = prognosis(home, WHOLE)
    for row in table(outcome, "prognose_rhf"):
        assert row["poeng_lav"] == row["poeng_ar"] == row["poeng_hoy"] == row["poeng_levert"]
    assert "levert i sin helhet" in outcome.text


def test_intervallet_er_ikke_smalere_enn_proven_og_bredere_nar_manedene_varierer(home):
    (row,) = [row for row in table(prognosis(home, FINAL), "prognose_rhf") if row["poeng_levert"]]
    # Månedene er 1, 1, 2 og 1 opphold: det sier mer enn prøven.
    assert row["poeng_hoy"] - row["poeng_ar"] > row["poeng_rest"] / 2


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


def test_breddene_rommer_den_andelen_av_stedene_de_skal():
    case = (1, 2, "virkedager", "endelig", "SOM")
    found = [
        Miss(seed, level, float(points), float(points) * (1 + sign * off))
        for seed in (1, 2, 3)
        for level, points, off in (("land", 10_000, 0.03), ("rhf", 1000, 0.02), ("hf", 100, 0.1), ("hf", 400, 0.05))
        for sign in (1, -1)
    ]
    systematic, sampling = widths({case: found}, 0.95)[case]
    # HF-ene bommer med kvadratroten av poengene; landet med 300 poeng, der tilfeldighet gir 100.
    assert sampling == pytest.approx(1, abs=1e-5)
    assert systematic == pytest.approx(math.sqrt(300**2 - 100**2) / 10_000, abs=1e-5)
    assert all(miss.within(systematic, sampling) for miss in found)
    assert not Miss(1, "hf", 100.0, 150.0).within(systematic, sampling)
    # Hvert frø er prøvd mot de andre; her er alle like, så alt er innenfor.
    assert held({case: found}, 0.95)[case] == {"land": (6, 6), "rhf": (6, 6), "hf": (12, 12)}
    # Et frø som bommer mer enn de andre, faller utenfor.
    worse = [Miss(4, "land", 10_000.0, 11_000.0)]
    assert held({case: found + worse}, 0.95)[case]["land"] == (6, 7)
