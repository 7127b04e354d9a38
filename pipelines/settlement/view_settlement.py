"""The settlement parts of the page as plain data: totals, per region, per trust, guest patients."""

from decimal import Decimal

from pipelines.publication import chart, norwegian
from pipelines.publication.norwegian import alphabetical
from pipelines.publication.words import SECTORS
from pipelines.settlement.context import Context
from pipelines.settlement.totals import ZERO, rates, sectors_of, total

UNKNOWN_OWNER = "Ukjente enheter (verken i foretaksregisteret eller et RHF)"
_ACTIVE = ("antall_opphold", "antall_sertjenester", "antall_forlop", "isf_poeng", "refusjon_kr")


def active(row: dict) -> bool:
    """Whether a settlement row has anything but zeros."""
    return any(row.get(name) for name in (*_ACTIVE, "akonto_kr", "trekk_kompleks_rehab"))


def trust_name(row: dict) -> str:
    """The name of a treating unit; a region that treats under its own number is told from its sum."""
    own_number = row["hf_orgnr"] is not None and row["hf_orgnr"] == row["rhf_orgnr"]
    return f"{row['hf']}, private med avtale" if own_number else row["hf"]


def headline(context: Context) -> dict:
    """National totals and, per region, both sectors together."""
    rows = context.tables["oppgjor_rhf"].dicts()
    rate = rates(rows)
    regions = []
    for number in sorted({r["rhf_orgnr"] for r in rows}, key=lambda n: _region_key(rows, n)):
        mine = [r for r in rows if r["rhf_orgnr"] == number and active(r)]
        if mine:
            kroner = {r["sektor"]: r["refusjon_kr"] for r in mine}
            regions.append({"name": mine[0]["rhf"], "kroner": kroner, **total(mine, rate)})
    sectors = sectors_of(rows)
    return {
        "sectors": sectors,
        "regions": regions,
        "total": {"akonto_kr": ZERO, "saldo_kr": ZERO, **total(rows, rate)},
        "by_sector": {s: total([r for r in rows if r["sektor"] == s], rate) for s in sectors},
    }


def _region_key(rows: list[dict], number: str | None) -> tuple:
    row = next(r for r in rows if r["rhf_orgnr"] == number)
    return alphabetical(row["rhf"]), alphabetical(number)


def regions(context: Context) -> list[dict]:
    """Per sector: unit price, ISF share, the regions' rows and their total."""
    rows = context.tables["oppgjor_rhf"].dicts()
    rate = rates(rows)
    tables = []
    for sector in sectors_of(rows):
        mine = [r for r in rows if r["sektor"] == sector and active(r)]
        mine.sort(key=lambda r: _region_key(rows, r["rhf_orgnr"]))
        price = next(r for r in rows if r["sektor"] == sector)
        tables.append({
            "sector": sector,
            "price": price["enhetspris"],
            "share": price["isf_andel"],
            "rows": [{**r, "name": r["rhf"]} for r in mine],
            "total": total(mine, rate) if mine else None,
            "has_deduction": any(r["trekk_kompleks_rehab"] for r in mine),
        })  # fmt: skip
    return tables


def trusts(context: Context) -> dict:
    """Per sector: the trusts grouped by owning region with sums, and the reconciliation with the regions; a
    chart."""
    rows = [r for r in context.tables["oppgjor_hf"].dicts() if active(r)]
    rhf = context.tables["oppgjor_rhf"].dicts()
    rate = rates(rhf)
    tables = []
    for sector in sectors_of(rows):
        mine = [r for r in rows if r["sektor"] == sector]
        above = total([r for r in rhf if r["sektor"] == sector], rate)
        below = total(mine, rate)
        tables.append({
            "sector": sector,
            "groups": _by_owner(mine, rhf, rate),
            "total": below,
            "deduction": above["trekk_kompleks_rehab"],
            "deduction_kr": above["refusjon_kr"] - below["refusjon_kr"],
            "regions": above,
        })  # fmt: skip
    return {"tables": tables, "chart": _trust_chart(rows), "sectors": sectors_of(rows)}


def _by_owner(rows: list[dict], rhf: list[dict], rate: dict[str, Decimal]) -> list[dict]:
    names = {row["rhf_orgnr"]: row["rhf"] for row in rhf}
    groups = []
    for owner in sorted({r["rhf_orgnr"] for r in rows}, key=lambda n: (n is None, alphabetical(names.get(n)))):
        mine = sorted(
            ({**r, "name": trust_name(r)} for r in rows if r["rhf_orgnr"] == owner),
            key=lambda r: alphabetical(r["name"]),
        )
        name = names.get(owner, owner) if owner else UNKNOWN_OWNER
        groups.append({"name": name, "rows": mine, "total": total(mine, rate)})
    return groups


def _trust_chart(rows: list[dict]) -> list[chart.Bar]:
    """Refund per trust, sectors stacked, the largest first; in million kroner."""
    sums: dict[tuple, dict[str, Decimal]] = {}
    for row in rows:
        place = (trust_name(row), row["hf_orgnr"])
        sums.setdefault(place, {})[row["sektor"]] = row["refusjon_kr"]
    ordered = sorted(sums.items(), key=lambda item: (-sum(item[1].values()), alphabetical(item[0][0])))
    largest = max((sum(values.values()) for values in sums.values()), default=ZERO)
    decimals = 1 if largest >= 100_000_000 else 2
    return chart.stacked([
        (name, [(sector.lower(), values.get(sector, ZERO)) for sector in sectors_of(rows)],
         norwegian.number(sum(values.values()) / 1_000_000, decimals))
        for (name, _), values in ordered
    ])  # fmt: skip


def months(context: Context) -> list[dict]:
    """Per sector: the months as words, the regions' kroner, advances and points per month as a table, and small charts
    of the regions and of the trusts. Hidden months are None."""
    rhf, hf = context.tables["oppgjor_rhf_maned"].dicts(), context.tables["oppgjor_hf_maned"].dicts()
    names = sorted({row["maned"] for row in rhf if row["maned"]})
    parts = []
    for sector in sectors_of([row for row in rhf if any(row[c] or row[c] is None for c in ("isf_poeng", "akonto_kr"))]):
        rows = [r for r in rhf if r["sektor"] == sector]
        regions = sorted({(r["rhf"], r["rhf_orgnr"]) for r in rows}, key=lambda r: tuple(map(alphabetical, r)))
        listed = [
            {
                "name": name,
                "months": [_month(rows, "rhf_orgnr", number, month) for month in names],
                "deduction": next((r for r in rows if r["rhf_orgnr"] == number and not r["maned"]), None),
            }
            for name, number in regions
        ]
        treating = [r for r in hf if r["sektor"] == sector]
        trusts = sorted({(trust_name(r), r["hf_orgnr"]) for r in treating}, key=lambda r: tuple(map(alphabetical, r)))
        parts.append({
            "sector": sector,
            "months": [norwegian.month(month) for month in names],
            "regions": [r for r in listed if any(m["refusjon_kr"] != 0 or m["akonto_kr"] for m in r["months"])],
            "deduction": any(r["deduction"] for r in listed),
            "region_panels": [_panel(r["name"], names, r["months"], sector) for r in listed],
            "trust_panels": [
                _panel(name, names, [_month(treating, "hf_orgnr", number, month) for month in names], sector)
                for name, number in trusts
            ],
        })  # fmt: skip
    return parts


def _month(rows: list[dict], key: str, number: str | None, month: str) -> dict:
    """The row of a region or trust and month."""
    return next(r for r in rows if r[key] == number and r["maned"] == month)


def _panel(name: str, names: list[str], rows: list[dict], sector: str) -> chart.Panel:
    columns = [
        (
            row["refusjon_kr"],
            sector.lower(),
            f"{norwegian.month(month)}: " + ("skjult" if row["isf_poeng"] is None else _kr_and_points(row)),
        )
        for month, row in zip(names, rows, strict=True)
    ]
    shown = [value for value, _, _ in columns if value is not None]
    highest = max(shown, default=None)
    kind = "høyeste måned" if len(shown) == len(columns) else "høyeste viste måned"
    text = "skjult" if highest is None else f"{kind} {norwegian.number(highest)} kr"
    return chart.panel(name, columns, [row.get("akonto_kr") for row in rows], text)


def _kr_and_points(row: dict) -> str:
    paid = row.get("akonto_kr")
    text = f"{norwegian.number(row['refusjon_kr'])} kr, {norwegian.points(row['isf_poeng'])} poeng"
    return text if paid is None else f"{text}, à konto {norwegian.number(paid)} kr"


def previous(context: Context) -> list[dict]:
    """The change from the delivery before, a table for the regions and one for the trusts; none without one."""
    if context.previous is None:
        return []
    rows = context.previous.changes.dicts()
    return [
        {
            "head": head,
            "caption": caption,
            "rows": sorted(
                (row for row in rows if row["nivaa"] == level),
                key=lambda row: (alphabetical(row["navn"]), alphabetical(row["orgnr"]), row["sektor"] != SECTORS[0]),
            ),
        }
        for level, head, caption in (
            ("rhf", "RHF", "Per RHF der pasientene bor"),
            ("hf", "HF", "Per behandlende HF"),
        )
    ]


def guests(context: Context) -> list[dict]:
    """Per sector a matrix: rows are trusts by owner, columns the regions of residence, cells as text per
    measure."""
    cells = context.tables["gjestepasienter"].dicts()
    rhf = context.tables["oppgjor_rhf"].dicts()
    rate = rates(rhf)
    found = {(c["sektor"], c["hf_orgnr"], c["bosted_rhf_orgnr"]): c for c in cells}
    matrices = []
    for sector in sectors_of(cells):
        columns = [r for r in rhf if r["sektor"] == sector and any(
            place[0] == sector and place[2] == r["rhf_orgnr"] for place in found)]  # fmt: skip
        columns.sort(key=lambda r: _region_key(rhf, r["rhf_orgnr"]))
        occurs = {place[1] for place in found if place[0] == sector}
        rows = [r for r in context.tables["oppgjor_hf"].dicts() if r["sektor"] == sector and r["hf_orgnr"] in occurs]
        groups = _by_owner(rows, rhf, rate)
        for group in groups:
            for row in group["rows"]:
                row["cells"] = [
                    _cell(
                        found.get((sector, row["hf_orgnr"], c["rhf_orgnr"])),
                        c["rhf_orgnr"] == row["rhf_orgnr"],
                    )
                    for c in columns
                ]
        matrices.append({
            "sector": sector,
            "columns": [{"name": c["rhf"], **_column_total(c, rate)} for c in columns],
            "groups": groups,
            "total": total(rows, rate),
            "hidden": sum(1 for place, c in found.items() if place[0] == sector and c["isf_poeng"] is None),
        })  # fmt: skip
    return matrices


def _cell(cell: dict | None, home: bool) -> dict:
    if cell is None:
        return {"home": home, "state": "none"}
    return {**cell, "home": home, "state": "hidden" if cell["isf_poeng"] is None else "shown"}


def _column_total(row: dict, rate: dict[str, Decimal]) -> dict:
    """What all trusts together did for the region's residents: without the regional deduction, as in the
    cells."""
    points = row["isf_poeng"] - row["trekk_kompleks_rehab"]
    return {
        "antall_opphold": row["antall_opphold"],
        "isf_poeng": points,
        "refusjon_kr": norwegian.rounded(points * rate[row["sektor"]], 2),
    }
