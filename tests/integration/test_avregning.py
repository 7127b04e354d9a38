"""Årlig avregning: pris, korreksjoner, à konto og saldo per RHF, og delene av endringen fra året før."""

import shutil
from decimal import ROUND_DOWN, Decimal

import duckdb
import pytest
import yaml

from pipelines.avregning.run import avregning
from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import run
from pipelines.errors import InputRefused
from pipelines.rules import load as rulesets
from pipelines.settlement.run import build_warehouse
from tests.cases.casebook import _case, write_delivery

FINAL_YEAR = int(rulesets.newest_final())
WEST, MID = "983658725", "983658776"

DECISIONS = f"""
[price.SOM]
unit_price_nok = 54000
reason = "Registreringsendringer ut over budsjettets forutsetning."

[[correction]]
rhf = "{WEST}"
sector = "SOM"
points = -1625.992
year = 2020
reason = "Kontroll av koding"
reference = "Avregningsutvalget 1/2021"

[[correction]]
rhf = "{MID}"
sector = "PHVTSB"
kroner = 1000.50
year = {FINAL_YEAR}
reason = "Etterslep"
reference = "Avregningsutvalget 2/2026"
"""


def settled(home, folder, year: int, episodes: dict, ruleset: str | None = None) -> None:
    raw = {
        "tittel": "avregning",
        "leveranse": f"{year}-T3-2",
        "episode": episodes,
        "akonto": [
            {"rhf": "991324968", "sektor": "SOM", "maned": f"{year}-{m:02d}", "belop": "1000.25"} for m in (1, 2)
        ],
        "forventet": {},
        "hvorfor": "-",
    }
    case = _case(yaml.load(yaml.safe_dump(raw), Loader=yaml.BaseLoader), {"paragraf": "3.9"}, "avregning", 1)
    homes.prepare(home)
    build_warehouse(
        write_delivery([case], folder / str(year)), homes.warehouse(home, f"{year}-T3-2"), ruleset=ruleset
    ).close()


def stay(patient: str, drg: str) -> dict:
    return {"pasient": patient, "type": "A", "inn": "03.03", "ut": "05.03", "drg": drg}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("avregning")
    home = folder / "home"
    settled(home, folder, FINAL_YEAR, {"E1": stay("P1", "14A"), "E2": stay("P2", "14B"), "E3": stay("P3", "89")})
    # The year after: one more, a 14B that is now a 14A, and a short emergency contact that the draft does not deduct.
    settled(
        home,
        folder,
        FINAL_YEAR + 1,
        {
            "E1": stay("P1", "14A") | {"tilstand": ["I639", "E119", "I10"]},
            "E2": stay("P2", "14A") | {"tilstand": ["I639", "I10"]},
            "E3": stay("P3", "89"),
            "E4": stay("P4", "89"),
        },
        ruleset=f"{FINAL_YEAR + 1}-draft",
    )
    return home


def table(outcome, name: str) -> list[dict]:
    return workspace.rows(workspace.connect(), f"from '{outcome.path / name}.parquet'")


def decided(folder, text: str):
    path = folder / "avregning.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_saldoen_er_refusjon_til_endelig_pris_pluss_korreksjoner_minus_a_konto(home, tmp_path):
    outcome = avregning(home, FINAL_YEAR, decided(tmp_path, DECISIONS))
    rows = {(row["rhf"], row["sektor"]): row for row in table(outcome, "oppgjor_ar")}
    south_east = rows["Helse Sør-Øst RHF", "SOM"]
    points = Decimal("1.782") + Decimal("1.158") + Decimal("1.220")
    assert south_east["isf_poeng"] == points
    assert south_east["refusjon_budsjett_kr"] == (points * 54412 * Decimal("0.30")).quantize(Decimal("0.01"))
    assert south_east["refusjon_kr"] == (points * 54000 * Decimal("0.30")).quantize(Decimal("0.01"))
    assert south_east["virkning_pris_kr"] == south_east["refusjon_kr"] - south_east["refusjon_budsjett_kr"]
    assert south_east["akonto_kr"] == Decimal("2000.50")
    assert south_east["saldo_kr"] == south_east["refusjon_kr"] - Decimal("2000.50")
    assert rows["Helse Midt-Norge RHF", "PHVTSB"]["saldo_kr"] == Decimal("1000.50")


def test_den_publiserte_korreksjonen_for_2020_kommer_ut_pa_oret(home, tmp_path):
    outcome = avregning(home, FINAL_YEAR, decided(tmp_path, DECISIONS))
    assert table(outcome, "korreksjon")[0]["kroner"] == Decimal("-37241720.77")


def test_delene_er_til_sammen_hele_endringen_fra_aret_for(home, tmp_path):
    outcome = avregning(home, FINAL_YEAR + 1, decided(tmp_path, ""))
    parts = {row["del"]: row["poeng"] for row in table(outcome, "endring_fra_ifjor") if row["sektor"] == "SOM"}
    before, after = Decimal("1.782") + Decimal("1.158") + Decimal("1.220"), 2 * Decimal("1.782") + 2 * Decimal("1.220")
    assert sum(parts.values()) == after - before
    assert parts["regler_og_vekter"] == 0
    # One more unit at last year's mean; the new 14A instead of 14B is coding, and one 89 more is mix.
    assert parts["volum"] == (before / 3).quantize(Decimal("0.001"), ROUND_DOWN)
    assert parts["koding"] == 2 * Decimal("1.782") - (Decimal("1.782") + Decimal("1.158"))


def test_andelene_av_kodingen_er_de_som_begge_ar_ble_meldt_med(home, tmp_path):
    outcome = avregning(home, FINAL_YEAR + 1, decided(tmp_path, ""))
    rows = {row["aktivitetsar"]: row for row in table(outcome, "kodingsandeler") if row["sektor"] == "SOM"}
    then, now = rows[FINAL_YEAR], rows[FINAL_YEAR + 1]
    # Last year 14A and 89 (m/bk) and 14B (u/bk); this year two 14A and two 89.
    assert (then["delte_opphold"], then["med_komplikasjon"], then["andel_med_komplikasjon"]) == (3, 2, Decimal("66.7"))
    assert (now["delte_opphold"], now["med_komplikasjon"], now["andel_med_komplikasjon"]) == (4, 4, Decimal("100.0"))
    # E1 has two codes beyond its main condition and E2 one, of four hospital stays; last year none had any.
    assert (then["dognopphold"], then["bidiagnoser"], then["bidiagnoser_per_opphold"]) == (3, 0, Decimal("0.00"))
    assert (now["dognopphold"], now["bidiagnoser"], now["bidiagnoser_per_opphold"]) == (4, 3, Decimal("0.75"))
    assert (now["med_bidiagnose"], now["andel_med_bidiagnose"]) == (2, Decimal("50.0"))
    page = (outcome.path / "avregning.html").read_text(encoding="utf-8")
    assert "Koding i fjor og i år" in page and "0,75" in page


def test_arets_leveranse_ma_vaere_gjort_opp_av_programmet_som_gjor_opp_fjorarets_pa_nytt(home, tmp_path):
    copied = shutil.copytree(home, tmp_path / "home", ignore=shutil.ignore_patterns("avregninger"))
    with duckdb.connect(homes.warehouse(copied, f"{FINAL_YEAR + 1}-T3-2")) as con:
        con.execute("update ref.run_option set program = 'eldre'")
    with pytest.raises(InputRefused, match=f"Settle {FINAL_YEAR + 1}-T3-2 again first"):
        avregning(copied, FINAL_YEAR + 1, decided(tmp_path, ""))
    assert not (copied / "avregninger" / str(FINAL_YEAR + 1)).exists()


def test_uten_fjoraret_sies_det(home, tmp_path):
    outcome = avregning(home, FINAL_YEAR, decided(tmp_path, ""))
    assert "ikke delt opp" in outcome.text
    assert not (outcome.path / "endring_fra_ifjor.parquet").exists()
    assert (outcome.path / "avregning.html").read_text(encoding="utf-8").count("som i budsjettet") == 2


def test_et_navn_skrevet_med_mellomrom_er_ogsa_delt(home, tmp_path):
    """209S og 209T heter «m/ bk» og «u/ bk»; 209U og 209V skrives dessuten ulikt."""
    con = workspace.connect()
    con.execute("create schema ref")
    names = f"from read_csv('reference_data/{FINAL_YEAR}/drg.csv', all_varchar = true)"
    for schema in ("last_year_ref", "this_year_ref"):
        con.execute(f"create schema {schema}; create table {schema}.drg as select sector, drg, name {names}")
    run("avregning_endring", con, only=["drg_family"])
    found = con.execute(
        "select drg, family, with_complication from drg_family where state = 'this_year' and drg like '209_'"
    ).fetchall()
    sides = {drg: side for drg, _, side in found}
    family = {drg: name for drg, name, _ in found}
    assert {drg: sides[drg] for drg in ("209S", "209T", "209U", "209V")} == {
        "209S": True, "209T": False, "209U": True, "209V": False,
    }  # fmt: skip
    assert sides["209J"] is None
    assert family["209S"] == family["209T"] != family["209U"] == family["209V"]


def test_en_pris_som_et_tidligere_ar_ble_avregnet_med_sies(home, tmp_path):
    own = shutil.copytree(home, tmp_path / "home", ignore=shutil.ignore_patterns("avregninger"))
    correction = f"""
[[correction]]
rhf = "{WEST}"
sector = "SOM"
points = -50.25
year = {FINAL_YEAR}
reason = "Etterregistrert"
reference = "Avregningsutvalget 2/2026"
"""
    assert "ble her avregnet" not in avregning(own, FINAL_YEAR + 1, decided(tmp_path, correction)).text
    avregning(own, FINAL_YEAR, decided(tmp_path, DECISIONS))
    outcome = avregning(
        own, FINAL_YEAR + 1, decided(tmp_path, correction + '\n[price.SOM]\nunit_price_nok = 543000\nreason = "x"')
    )
    told = "regnet med 54\u00a0412,00 kr"
    page = (outcome.path / "avregning.html").read_text(encoding="utf-8")
    for text in (page, outcome.text.replace(" ", "\u00a0")):
        assert told.replace(" ", "\u00a0") in text.replace(" ", "\u00a0")
    assert "avregnet med" in page and "54\u00a0000,00" in page
    # A price ten times too high is seen: it is told beside the budget's.
    assert "mot budsjettets" in page


def test_den_samme_korreksjonen_to_ganger_avvises(home, tmp_path):
    given = DECISIONS + DECISIONS[DECISIONS.index("[[correction]]") :]
    with pytest.raises(InputRefused) as refused:
        avregning(home, FINAL_YEAR, decided(tmp_path, given))
    for number, same in ((3, 1), (4, 2)):
        assert f"[[correction]] {number}: is the same as [[correction]] {same}" in str(refused.value)


def test_hver_region_far_et_brev_med_bare_sine_egne_tall(home, tmp_path):
    outcome = avregning(home, FINAL_YEAR, decided(tmp_path, DECISIONS))
    west = (outcome.path / f"brev_{WEST}.html").read_text(encoding="utf-8")
    assert "skal betale tilbake" in west and "Kontroll av koding" in west
    assert "Etterslep" not in west and "Helse Midt-Norge" not in west
    assert all(path.stat().st_mode & 0o077 == 0 for path in [outcome.path, *outcome.path.iterdir()])
    assert avregning(home, FINAL_YEAR, decided(tmp_path, DECISIONS)).unchanged


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[price.SOM]", "[price.SOMATIKK]", "the sector must be one of"),
        ("unit_price_nok = 54000", "unit_price_nok = -1", "must be above 0"),
        ("unit_price_nok = 54000", 'unit_price_nok = "54000"', "is not a number"),
        ("unit_price_nok = 54000", "unit_price_nok = 54000.001", "6 digits and 2 decimals"),
        (f'rhf = "{WEST}"', 'rhf = "1"', "rhf '1' is no region"),
        (f'rhf = "{WEST}"', f'rhf = "{WEST}"\nhf = "2"', "hf '2' is not in"),
        ("points = -1625.992", "points = -1.0\nkroner = 2", "2 of points and kroner"),
        ("points = -1625.992", "points = 0", "corrects nothing"),
        ("points = -1625.992", "", "0 of points and kroner"),
        ("year = 2020", "year = 2019", "unit price of 2019 is not known"),
        ("year = 2020", "year = 2999", "year 2999 must be a year from"),
        (f"year = {FINAL_YEAR}\n", f"year = {FINAL_YEAR - 31}\n", f"must be a year from {FINAL_YEAR - 30} to"),
        (f"year = {FINAL_YEAR}\n", "year = 25\n", "year 25 must be a year from"),
        (f"year = {FINAL_YEAR}\n", "year = 0\n", "year 0 must be a year from"),
        (f"year = {FINAL_YEAR}\n", "year = -99999999999\n", "year -99999999999 must be a year from"),
        ("unit_price_nok = 54000", "unit_price_nok = 1000000", "at most 6 digits"),
        ('reason = "Kontroll av koding"\n', "", "reason is missing"),
        ('reference = "Avregningsutvalget 1/2021"', 'reference = "x"\nwhom = "y"', "unknown key 'whom'"),
        ("[[correction]]", "[[corrections]]", "unknown key 'corrections'"),
        ("[price.SOM]", "[price.SOM", "is not TOML"),
        (f'rhf = "{WEST}"', f"rhf = [{WEST}]", "must be a text"),
        ("points = -1625.992", "points = 100000000", "at most 8 digits"),
        (DECISIONS, "correction = 3", "correction must be a list"),
    ],
)
def test_vedtak_som_avvises_uten_at_noe_skrives(home, tmp_path, before, after, said):
    with pytest.raises(InputRefused) as error:
        avregning(home, FINAL_YEAR, decided(tmp_path, DECISIONS.replace(before, after, 1)))
    assert said in str(error.value)


def test_de_storste_tallene_som_godtas_regnes_ut(home, tmp_path):
    text = DECISIONS.replace("= -1625.992", "= 99999999.999").replace("= 54000", "= 999999.99")
    text = text.replace(f"year = {FINAL_YEAR}\n", f"year = {FINAL_YEAR - 30}\n")
    outcome = avregning(home, FINAL_YEAR, decided(tmp_path, text.replace("year = 2020", f"year = {FINAL_YEAR}")))
    expected = Decimal("99999999.999") * Decimal("999999.99") * Decimal("0.30")
    assert table(outcome, "korreksjon")[0]["kroner"] == expected.quantize(Decimal("0.01"))


def test_et_ar_som_ikke_er_gjort_opp_og_ei_fil_som_ikke_finnes_avvises(home, tmp_path):
    with pytest.raises(InputRefused, match="no settled delivery"):
        avregning(home, FINAL_YEAR - 5, decided(tmp_path, ""))
    with pytest.raises(InputRefused, match="cannot be read"):
        avregning(home, FINAL_YEAR, tmp_path / "ingen.toml")
