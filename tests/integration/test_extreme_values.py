"""No value of any column, however large or strange, stops a run, wraps or is lost: from the file to the packs."""

import contextlib
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest

from pipelines.delivery.contract import TABLES
from pipelines.engine import home as homes
from pipelines.engine.workspace import connect
from pipelines.quality.command import run_quality
from pipelines.settlement.run import settle
from pipelines.settlement.verify import verify
from tests.deliveries import ALL, row, write

NUMBERS = [
    "-9223372036854775808",
    "9223372036854775807",
    "9223372036854775808",
    "-1",
    "0",
    "1" + "0" * 400,
    "2147483648",
]
TIMES = [
    "0001-01-01",
    "0001-01-01T00:00:00.4",
    "9999-12-31T23:59:59",
    "9999-12-31T23:59:59.9",
    "10000-01-01",
    "9999-12-31",
]
TEXTS = ["0", "x" * 40_000, "=1+1", "\u202e😀'\"<b>{{1}}", "\x1b[31m;\n\r\t", "-9223372036854775808", "´‘" * 300]
EXTREMES = {
    "text": TEXTS,
    "code": TEXTS,
    "icd10": TEXTS,
    "number": NUMBERS,
    "municipality": NUMBERS,
    "time": TIMES,
    "end": [*TIMES, "9999-12-31T24:00", "0001-01-01T24:00"],
    "date": TIMES,
    "month": ["0001-01", "9999-12", "2025-13", "10000-01"],
    "amount": [
        "999999999999.999999",
        "-999999999999.999999",
        "999999999999.9999999",
        "1000000000000",
        "1e308",
        "0.0000004",
    ],
    "points": ["999999999999999.999", "-999999999999999.999", "9999999999999999", "1e308", "0.0004"],
}


def _decimal(text: str, limit: int, places: str) -> Decimal | None:
    """Rounded half away from zero; None from the limit on."""
    with localcontext(prec=500):
        value = Decimal(text.replace(",", "."))
        return None if abs(value) >= limit else value.quantize(Decimal(places), ROUND_HALF_UP)


READ = {
    "number": lambda text: int(text) if -(2**63) <= int(text) < 2**63 else None,
    "municipality": lambda text: int(text) if abs(int(text)) < 2**31 else None,
    "amount": lambda text: _decimal(text, 10**12, "0.000001"),
    "points": lambda text: _decimal(text, 10**15, "0.001"),
}
# Both kinds of episode: what is a contact's in one is a stay's in the other.
KINDS = (
    {"episodetype": "K"},
    {"episodetype": "A", "omsorgsniva": "1", "innDatoTid": "2025-01-02", "utDatoTid": "2025-01-09"},
)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory):
    """For each value of each column a row of its own that has it, children with an episode of their own."""
    rows = {table.name: [] for table in TABLES}
    wide = {column.name: "" for column in TABLES[0].columns} | ALL["episode"][0]
    ordinary = {name: given[0] for name, given in ALL.items()} | {
        "episode": wide | {"hf": "993467049", "institusjonID": "993467049", "komNrHjem": "3201"},
        "akonto": ALL["akonto"][0] | {"rhf": "991324968"},
        "enhet": ALL["enhet"][0] | {"orgNr": "", "navn": "", "typeEnhet": ""},
        "hresept": ALL["hresept"][0] | {"varenr": "", "fodselsar": ""},
    }
    rows["enhet"].append(ordinary["enhet"])
    count = 0
    for table in TABLES:
        for column in table.columns:
            for value in EXTREMES[column.kind]:
                for kind in KINDS if table.name == "episode" else KINDS[:1]:
                    count += 1
                    own = {"episodeID": f"E{count}", "pasientID": f"P{count}", "utleveringID": f"H{count}"}
                    own["enhetID"] = f"U{count}"
                    mine = {
                        name: row(base, **{k: v for k, v in own.items() if k in base})
                        for name, base in ordinary.items()
                    }
                    if table.name == "episode":
                        mine["episode"] |= kind
                    if table.name == "episode" or table.child:
                        for name in ("episode", "tilstand", "prosedyre", "helseperson"):
                            if name != table.name:
                                rows[name].append(mine[name] | ({"avdeling": "U1"} if name == "episode" else {}))
                    rows[table.name].append(mine[table.name] | {column.name: value})
    return write(tmp_path_factory.mktemp("extreme"), rows), rows


def test_every_extreme_value_goes_through_settlement_publication_and_quality(delivery, tmp_path):
    folder, rows = delivery
    result = settle(folder, tmp_path, accept_quarantine=True)
    assert result.blocked == []
    assert verify(result.published) == []
    with contextlib.closing(connect(result.warehouse, read_only=True)) as con:
        query = "select file, rows_in, rows_loaded + rows_quarantined from landing.row_account"
        account = {file: counts for file, *counts in con.execute(query).fetchall()}
        assert account == {name: [len(given), len(given)] for name, given in rows.items()}
        # A value is what it says or nothing; none has become another.
        for table in TABLES:
            for column in (one for one in table.columns if one.kind in READ):
                given = {READ[column.kind](entry[column.name]) for entry in rows[table.name] if entry.get(column.name)}
                found = con.execute(f"select distinct {column.name} from landing.{table.name}").fetchall()
                assert {value for (value,) in found} <= given | {None}, column.name
                assert column.listed or len(found) > 2, column.name
    run_quality(folder.name, tmp_path)
    with contextlib.closing(connect(homes.quality(tmp_path, folder.name), read_only=True)) as con:
        assert con.execute("select * from check_error").fetchall() == []
