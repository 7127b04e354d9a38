"""Avstemming mot NPK: hver forskjell har én årsak."""

from collections import Counter
from decimal import Decimal

import pytest
import yaml

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.errors import InputRefused
from pipelines.generate import generate
from pipelines.reconcile.run import reconcile
from pipelines.reconcile.view import CAUSE
from pipelines.settlement.run import build_warehouse
from tests.cases.casebook import _case, write_delivery

DELIVERY = "2025-T1-2"
SCALE = 0.002


def npk(stay: str, drg: str, points: str) -> dict:
    """NPK's own columns."""
    return {"npkOppholdID": stay, "npkOppholdDRG": drg, "npkOppholdISFPoeng": points}


STAY = {"type": "A", "inn": "03.03", "ut": "05.03", "drg": "89"}
CONTACT = {"type": "K", "inn": "03.03", "drg": "923O"}
# Per pasient: episodene, og hva avstemmingen skal si om oppholdene deres (årsak, detalj).
SCENES = {
    "enig": ({"E": {**STAY, **npk("n1", "89", "1.220")}}, {"E": ("enig", None)}),
    "drg": ({"E": {**STAY, **npk("n2", "90", "0.857")}}, {"E": ("annen_drg", None)}),
    "uten-tillegg": (
        {
            "E": {
                "type": "A",
                "inn": "03.03",
                "ut": "05.03",
                "drg": "342N",
                "prosedyre": ["K:KGV20"],
                **npk("n3", "342N", "0.382"),
            }
        },
        {"E": ("andre_poeng", "7.15")},
    ),
    "andre-poeng": ({"E": {**STAY, **npk("n4", "89", "1.000")}}, {"E": ("andre_poeng", "ukjent")}),
    "uten-poeng": (
        {"E": {**STAY, "npkOppholdID": "n10", "npkOppholdDRG": "89"}},
        {"E": ("andre_poeng", "uten_poeng")},
    ),
    "uten-drg": (
        {"E": {**STAY, "npkOppholdID": "n11", "npkOppholdISFPoeng": "1.220"}},
        {"E": ("annen_drg", "uten_drg")},
    ),
    "npk-deler": (
        {
            "A": {**STAY, "ut": "04.03 10:00", **npk("n5", "89", "1.220")},
            "B": {**STAY, "inn": "04.03 11:00", "ut": "06.03", **npk("n6", "89", "1.220")},
        },
        {"A": ("npk_deler", None)},
    ),
    "npk-slar-sammen": (
        {
            "A": {**STAY, "ut": "04.03 10:00", **npk("n7", "89", "1.220")},
            "B": {**STAY, "inn": "04.03 15:00", "ut": "06.03", **npk("n7", "89", "1.220")},
        },
        {"A": ("npk_slar_sammen", None), "B": ("npk_slar_sammen", None)},
    ),
    "bare-her": ({"E": STAY}, {"E": ("bare_her", None)}),
    "bare-npk": ({"E": {**STAY, "debitor": "20", **npk("n8", "89", "1.220")}}, {"n8": ("bare_npk", "debitor_not_isf")}),
    "mer-hos-npk": (
        {
            "A": {**STAY, "ut": "04.03 10:00", **npk("n9", "89", "1.220")},
            "B": {**STAY, "inn": "04.03 11:00", "ut": "06.03", "debitor": "20", **npk("n9", "89", "1.220")},
        },
        {"A": ("annet_omfang", "debitor_not_isf")},
    ),
}


def settled(home, folder, episodes: dict) -> None:
    text = yaml.safe_dump(
        {"tittel": "npk", "leveranse": DELIVERY, "episode": episodes, "forventet": {}, "hvorfor": "-"}
    )
    case = _case(yaml.load(text, Loader=yaml.BaseLoader), {"paragraf": "7.18"}, "npk", 1)
    homes.prepare(home)
    build_warehouse(write_delivery([case], folder), homes.warehouse(home, DELIVERY)).close()


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reconcile")
    episodes = {
        f"{name}-{episode}": {"pasient": f"P-{name}", **row}
        for name, (rows, _) in SCENES.items()
        for episode, row in rows.items()
    }
    settled(folder / "home", folder, episodes)
    return folder / "home", reconcile(folder / "home", DELIVERY)


def table(outcome, name: str) -> list[dict]:
    return workspace.rows(workspace.connect(), f"from '{outcome.path / name}.parquet'")


@pytest.mark.parametrize("scene", SCENES)
def test_forskjellen_far_den_arsaken_den_er_laget_med(done, scene):
    found = {
        row["enhet_id"].removeprefix("k0001-"): (row["arsak"], row["detalj"])
        for row in table(done[1], "avstemming_opphold")
    }
    for unit, expected in SCENES[scene][1].items():
        assert found[unit if unit.startswith("n") else f"{scene}-{unit}"] == expected


def test_hvert_opphold_star_en_gang_og_tabellene_gir_de_samme_tallene(done):
    stays = table(done[1], "avstemming_opphold")
    expected = [cause for _, scene in SCENES.values() for cause in scene.values()]
    assert Counter((row["arsak"], row["detalj"]) for row in stays) == Counter(expected)
    assert sum(row["antall"] for row in table(done[1], "avstemming")) == len(stays)
    assert sum(row["opphold"] for row in table(done[1], "avstemming_hf")) == len(stays)
    for column in ("poeng_her", "poeng_npk"):
        total = sum(row[column] or Decimal(0) for row in stays)
        assert sum(row[column] for row in table(done[1], "avstemming")) == total


def test_poengene_til_hvert_npk_opphold_telles_en_gang(done):
    """NPK deler E i n5 og n6 (1,220 hver), og slår A og B sammen i n7 (1,220, ikke det dobbelte)."""
    outcome = done[1]
    stays = {row["enhet_id"].removeprefix("k0001-"): row["poeng_npk"] for row in table(outcome, "avstemming_opphold")}
    assert stays["npk-deler-A"] == Decimal("2.440")
    merged = [stays["npk-slar-sammen-A"], stays["npk-slar-sammen-B"]]
    assert sorted(merged, key=lambda points: points is None) == [Decimal("1.220"), None]
    given = {
        row["npkOppholdID"]: Decimal(row["npkOppholdISFPoeng"])
        for scene, _ in SCENES.values()
        for row in scene.values()
        if row.get("npkOppholdISFPoeng")
    }
    assert sum(row["poeng_npk"] for row in table(outcome, "avstemming")) == sum(given.values())


@pytest.mark.parametrize("column", ["npkOppholdDRG", "npkOppholdISFPoeng"])
def test_en_leveranse_som_mangler_en_av_npks_kolonner_avvises(tmp_path, column):
    settled(tmp_path / "home", tmp_path, {"E": {**STAY, **npk("n1", "89", "1.220"), column: ""}})
    with pytest.raises(InputRefused, match=f"carries no {column}"):
        reconcile(tmp_path / "home", DELIVERY)
    assert not (tmp_path / "home" / "reconciliations").exists()


def test_sida_sier_hvorfor_en_episode_er_utelatt(done):
    assert "debitor mangler" in (done[1].path / "avstemming.html").read_text(encoding="utf-8")


def test_rapporten_sier_hvilken_lesning_som_passer(done):
    readings = {
        row["lesning"]: (row["opphold"], row["enige"], row["er_valgt"]) for row in table(done[1], "avstemming_lesning")
    }
    # Av enig, uten-tillegg og andre-poeng er to like når bare basispoeng leses, ett når tilleggene er med.
    assert readings == {"base_only": (3, 2, False), "with_supplements": (3, 1, True)}
    assert "bare DRG-basispoeng passer bedre" in done[1].text


def test_mappen_er_bare_for_eieren_og_den_samme_neste_gang(done):
    home, outcome = done
    assert outcome.path == home / "reconciliations" / DELIVERY
    assert all(path.stat().st_mode & 0o077 == 0 for path in [outcome.path, *outcome.path.iterdir()])
    assert reconcile(home, DELIVERY).unchanged
    assert (outcome.path / "avstemming.html").read_text(encoding="utf-8").count("<script") == 1


def test_en_leveranse_uten_npk_og_en_som_ikke_er_gjort_opp_avvises(tmp_path):
    settled(tmp_path / "home", tmp_path, {"E": STAY})
    with pytest.raises(InputRefused, match="carries no npkOppholdID"):
        reconcile(tmp_path / "home", DELIVERY)
    with pytest.raises(InputRefused, match="no settled delivery"):
        reconcile(tmp_path / "home", "2025-T2-1")
    assert not (tmp_path / "home" / "reconciliations").exists()


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """A generated delivery with NPK's columns, and what the reconciliation says of it."""
    folder = tmp_path_factory.mktemp("generated")
    delivery = generate(folder, year=2025, tertial=1, delivery=2, scale=SCALE, errors=0.02, with_npk=True, threads=1)
    homes.prepare(folder / "home")
    build_warehouse(delivery, homes.warehouse(folder / "home", DELIVERY)).close()
    return delivery, reconcile(folder / "home", DELIVERY)


def test_avstemmingen_finner_alle_de_forskjellene_som_er_laget_og_ingen_andre(generated):
    delivery, outcome = generated
    key = f"'{delivery}.fasit_npk.parquet'"
    made = workspace.rows(workspace.connect(), f"select side, enhet_id, arsak, detalj from {key}")
    found = [row for row in table(outcome, "avstemming_opphold") if row["arsak"] != "enig"]
    columns = ("side", "enhet_id", "arsak", "detalj")
    assert Counter(tuple(row[c] for c in columns) for row in found) == Counter(
        tuple(row[c] for c in columns) for row in made
    )
    assert {row["arsak"] for row in made} == {*CAUSE} - {"enig"}


def test_npks_kolonner_er_de_samme_i_en_csv_leveranse_laget_med_to_trader(generated, tmp_path):
    delivery, _ = generated
    options = {"year": 2025, "tertial": 1, "delivery": 2, "scale": SCALE, "errors": 0.02, "with_npk": True}
    text = generate(tmp_path, **options, format="csv", threads=2)
    keys = [path.with_name(f"{DELIVERY}.fasit_npk.parquet").read_bytes() for path in (delivery, text)]
    assert keys[0] == keys[1]
    columns = 'episodeID, "npkOppholdID", "npkOppholdDRG", "npkOppholdISFPoeng"::varchar as points'
    con = workspace.connect()
    first = con.execute(f"select {columns} from '{delivery}/episode.parquet'").fetchall()
    second = con.execute(
        f"select {columns} from read_csv('{text}/episode.csv', delim = ';', all_varchar = true)"
    ).fetchall()
    assert first == second
    assert sum(row[1] is not None for row in first) > len(first) // 2
