"""Eksporten: en stjerne av det som er publisert, siffer for siffer, og hele mappen eller ingenting."""

import json
from decimal import Decimal

import pandas
import pyarrow.parquet
import pytest
import yaml

from pipelines.engine import home as homes
from pipelines.errors import InputRefused, IsfError
from pipelines.export import run
from pipelines.export.run import export
from pipelines.publication import manifest
from pipelines.publication.norwegian import rounded
from pipelines.publication.tables import PUBLIC
from pipelines.settlement.run import settle
from tests.cases.casebook import _case, write_delivery
from tests.outputs import misplaced

NAME = "2025-T1-2"
STAYS = {f"E{n}": {"pasient": f"P{n}", "type": "A", "inn": "03.03", "ut": "05.03", "drg": "89"} for n in range(12)}
DIMENSIONS = ("dim_leveranse", "dim_rhf", "dim_hf", "dim_sektor", "dim_maned", "dim_regel", "dim_gruppe")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("eksport")
    raw = {"tittel": "e", "leveranse": NAME, "episode": STAYS, "forventet": {}, "hvorfor": "-"}
    case = _case(yaml.load(yaml.safe_dump(raw), Loader=yaml.BaseLoader), {"paragraf": "3.9"}, "eksport", 1)
    settle(write_delivery([case], folder / NAME), folder / "home", threads=1)
    return folder / "home"


def test_faktatabellene_er_de_publiserte_filene_byte_for_byte(home):
    made = export(home, NAME, "parquet").path
    for spec in PUBLIC:
        published = home / "published" / NAME / f"{spec.name}.parquet"
        assert (made / published.name).read_bytes() == published.read_bytes()
    assert {path.stem for path in made.glob("*.parquet")} == {*(spec.name for spec in PUBLIC), *DIMENSIONS}
    assert manifest.compare(made)[0] == [] and misplaced(home) == []


def test_hver_noekkel_i_faktatabellene_finnes_en_gang_i_dimensjonen_med_navn(home):
    made = export(home, NAME, "parquet").path

    def rows(name):
        return pyarrow.parquet.read_table(made / f"{name}.parquet").to_pylist()

    for fact, column, dimension, key, name in (
        ("oppgjor_rhf", "rhf_orgnr", "dim_rhf", "rhf_orgnr", "rhf"),
        ("gjestepasienter", "bosted_rhf_orgnr", "dim_rhf", "rhf_orgnr", "rhf"),
        ("oppgjor_hf", "hf_orgnr", "dim_hf", "hf_orgnr", "hf"),
        ("oppgjor_hf", "sektor", "dim_sektor", "sektor", "navn"),
        ("oppgjor_rhf_maned", "maned", "dim_maned", "maned", "navn"),
        ("poeng_per_regel", "regel", "dim_regel", "regel", "tittel"),
    ):
        known = [row[key] for row in rows(dimension)]
        assert len(known) == len(set(known)) and all(row[name] for row in rows(dimension))
        assert {row[column] for row in rows(fact)} - {None} <= set(known)
    assert [row["navn"] for row in rows("dim_maned")] == ["januar", "februar", "mars", "april"]
    (group,) = [
        row for row in rows("dim_gruppe") if (row["type"], row["sektor"], row["gruppe"]) == ("DRG", "SOM", "89")
    ]
    assert group["basispoeng"] == Decimal("1.220")


def test_stata_filene_er_merkede_kopier_som_avrundet_er_de_samme_tallene(home):
    made = export(home, NAME, "stata").path
    for spec in PUBLIC:
        exact = pyarrow.parquet.read_table(home / "published" / NAME / f"{spec.name}.parquet").to_pylist()
        copy = pandas.read_stata(made / f"{spec.name}.dta").to_dict("records")
        with pandas.io.stata.StataReader(made / f"{spec.name}.dta") as reader:
            labels = reader.variable_labels()
        assert len(copy) == len(exact)
        for wanted, got in zip(exact, copy, strict=True):
            for column, value in wanted.items():
                if isinstance(value, Decimal):
                    places = -value.as_tuple().exponent
                    assert rounded(Decimal(repr(float(got[column]))), places) == value
                    assert labels[column].endswith("(flyttall, kopi)")
                elif value is None:
                    assert got[column] == "" or pandas.isna(got[column])
                else:
                    assert got[column] == value


def test_samme_publisering_gir_samme_byte_og_ingen_ny_mappe(home):
    for to in ("parquet", "stata"):
        first = export(home, NAME, to)
        again = export(home, NAME, to)
        assert again.unchanged and again.path == first.path


def test_et_utkast_er_merket_i_stjernen_og_i_hver_stata_fil(home, tmp_path, monkeypatch):
    real = run._published

    def of_a_draft(*asked):
        path, facts = real(*asked)
        return path, {**facts, "ruleset": {**facts["ruleset"], "status": "draft"}}

    other = homes.make(tmp_path / "home")
    for part in ("warehouse", "published"):
        (other / part).symlink_to(home / part)
    for is_draft in (False, True):
        if is_draft:
            monkeypatch.setattr(run, "_published", of_a_draft)
        made = {to: export(other, NAME, to).path for to in ("parquet", "stata")}
        (row,) = pyarrow.parquet.read_table(made["parquet"] / "dim_leveranse.parquet").to_pylist()
        assert (row["leveranse"], row["aar"], row["tertial"], row["leveransenummer"]) == (NAME, 2025, 1, 2)
        assert row["publisering"] == NAME and row["regelsett"] == "2025"
        assert (row["regelsett_status"], row["merke"]) == (("utkast", "UTKAST") if is_draft else ("endelig", None))
        for file in made["stata"].glob("*.dta"):
            with pandas.io.stata.StataReader(file) as reader:
                assert reader.data_label.startswith("UTKAST: ") == is_draft


def test_en_ukjent_form_en_ukjent_leveranse_og_en_endret_publisering_avvises(home, tmp_path):
    with pytest.raises(InputRefused, match="parquet or stata"):
        export(home, NAME, "excel")
    with pytest.raises(InputRefused, match="2025-T2-1"):
        export(home, "2025-T2-1", "parquet")
    other = homes.make(tmp_path / "home")
    for part in ("warehouse", "published"):
        (other / part).symlink_to(home / part)
    content = home / "published" / NAME / manifest.NAME
    kept = content.read_bytes()
    content.chmod(0o600)
    try:
        content.write_bytes(json.dumps({**json.loads(kept), "rows": {}}).encode())
        with pytest.raises(IsfError, match="not as it was published"):
            export(other, NAME, "parquet")
        assert not (other / "exports" / f"{NAME}-parquet").exists()
    finally:
        content.write_bytes(kept)
        content.chmod(0o444)
