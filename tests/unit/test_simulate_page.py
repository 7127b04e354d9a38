"""The directorate's 67 published rows, from unrounded points through the SQL to the real page and the real workbook."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser

import openpyxl
import pytest

from pipelines.simulate import layout, report, workbook
from tests.unit.simulated_pair import comparison, scenario
from tests.unit.test_simulate_layout import FILES, GOLDEN, unrounded

PRICE = {"SOM": Decimal("54412") * Decimal("0.30"), "PHVTSB": Decimal("3820")}


def published(name: str) -> list[dict]:
    return list(csv.DictReader((GOLDEN / name).open(encoding="utf-8")))


class Tables(HTMLParser):
    """The tables of a page by the id of their caption: rows of cell texts, and the bar drawn in each row."""

    def __init__(self, html: str):
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.bars: dict[str, list[str]] = {}
        self.name, self.row, self.cell, self.bar = "", [], None, ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "table":
            self.name = ""
        elif tag == "caption":
            self.name = attrs["id"]
            self.tables[self.name], self.bars[self.name] = [], []
        elif tag == "tr":
            self.row, self.bar = [], ""
        elif tag in ("td", "th"):
            self.cell = ""
        elif tag == "rect" and self.cell is not None:
            self.bar = attrs["class"]

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.row.append(layout.plain(self.cell.strip()))
            self.cell = None
        elif tag == "tr" and self.name:
            self.tables[self.name].append(self.row)
            self.bars[self.name].append(self.bar)


@pytest.fixture(scope="module", params=FILES)
def made(request, tmp_path_factory):
    """A file of published rows, and page and workbook of points that imply them."""
    name = request.param
    *rows, total = published(name)
    sector = "SOM" if "somatikk" in name else "PHVTSB"
    by = "rhf" if "_rhf_" in name else "hf"
    points = {unit: (before, after) for unit, before, after in unrounded(rows, total)}
    result = comparison([(sector, unit, *pair) for unit, pair in points.items()], by=by)
    path = tmp_path_factory.mktemp("page") / "simulering.xlsx"
    con = scenario(result).activity.con
    con.execute("attach ':memory:' as wh")
    con.execute("create schema wh.landing; create table wh.landing.delivery as select date '2025-12-31' as period_to")
    shown = scenario(result)
    shown.activity.con = con
    workbook.write(shown, shown.tables, path)
    return rows, total, points, sector, by, report.build(shown), path


def expected(row: dict, points: tuple[Decimal, Decimal], sector: str) -> list[str]:
    """A published row with a sign before what rises, and its kroner."""

    def signed(text: str) -> str:
        return text if text.startswith("-") or not Decimal(text.replace(" ", "").replace(",", ".")) else f"+{text}"

    nok = ((points[1] - points[0]) * PRICE[sector]).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return [
        row["unit"],
        f"{int(row['points_2025_weights']):,}".replace(",", " "),
        f"{int(row['points_2026_weights']):,}".replace(",", " "),
        signed(f"{int(row['change']):,}".replace(",", " ")),
        signed(row["pct_change"].replace(".", ",")) + " %",
        signed(f"{nok:,}".replace(",", " ")),
    ]


def test_the_page_prints_the_published_rows_in_the_directorates_order(made):
    rows, total, points, sector, by, html, _ = made
    page = Tables(html)
    (name,) = (key for key in page.tables if key.startswith("h-base" if by == "hf" else "r-base"))
    head, *lines = page.tables[name]
    assert head[:6] == ["Foretak" if by == "hf" else "Sørge for", "2025", "2025", "Endring", "%-endring", "Endring, kr"]
    sums = tuple(sum(pair[i] for pair in points.values()) for i in (0, 1))
    wanted = [expected(row, points[row["unit"]], sector) for row in rows]
    if by == "rhf":
        wanted = sorted(wanted)  # the directorate has an order of its own for the four regions
    assert [line[:6] for line in lines] == [*wanted, expected(total, sums, sector)]
    bars = dict(zip((line[0] for line in lines), page.bars[name][1:], strict=True))
    for unit, (before, after) in points.items():
        assert bars[unit] == ("plus" if after > before else "minus" if after < before else "")


def test_the_workbook_holds_them_unrounded(made):
    rows, _, points, sector, by, _, path = made
    sheet = openpyxl.load_workbook(path, data_only=True)["Foretak" if by == "hf" else "Sørge for"]
    _, *lines = sheet.iter_rows(min_row=3, values_only=True)
    assert len(lines) == len(rows) + 1 and lines[-1][3] == "TOTALT"
    for unit, before, after, change, percent, nok in (line[3:9] for line in lines[:-1]):
        b, a = points[unit]
        assert (before, after, change) == (float(b), float(a), pytest.approx(float(a - b)))
        assert percent == pytest.approx(float((a - b) / b)) and nok == pytest.approx(float((a - b) * PRICE[sector]))
    assert lines[-1][6] == pytest.approx(sum(float(a - b) for b, a in points.values()), abs=1e-6)
    formats = {cell.number_format for cell in sheet["G"][3:]} | {cell.number_format for cell in sheet["H"][3:]}
    assert formats == {"#,##0", "0.00%"}


def test_the_answer_and_the_tiles_are_the_tables(made):
    rows, _, points, _, by, html, _ = made
    if by == "rhf":
        return
    change = {unit: after - before for unit, (before, after) in points.items()}
    best, worst = max(change, key=change.get), min(change, key=change.get)
    text = layout.plain(html)
    row = {r["unit"]: r for r in rows}
    assert f"går mest opp {best} +{int(row[best]['change']):,}".replace(",", " ") in text
    assert f"mest ned {worst} {int(row[worst]['change']):,}".replace(",", " ") in text
    beyond = sum(100 * abs(change[unit]) > points[unit][0] for unit in points)
    assert f"{beyond} av {len(points)} foretak endres mer enn 1 %" in text
    moved = min(sum(c for c in change.values() if c > 0), -sum(c for c in change.values() if c < 0))
    share = (100 * moved / sum(b for b, _ in points.values())).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert f"{str(share).replace('.', ',')} % av poengene flyttes" in text


@pytest.mark.parametrize("calibrate, told", [("none", False), ("sector", True), ("total", True)])
def test_the_page_says_calibrated_only_where_it_is(calibrate, told):
    rows = [("SOM", "A", Decimal(100), Decimal(120)), ("SOM", "B", Decimal(200), Decimal(190))]
    page = report.build(scenario(comparison(rows, calibrate=calibrate), comparison(rows, calibrate=calibrate)))
    captions = page.split("<caption")[1:]
    assert all((", kalibrert:" in c.partition("</caption>")[0]) is told for c in captions if "basispoeng" in c[:200])
    assert ("Ikke kalibrert" in page) is not told


def test_a_sector_that_does_not_change_is_folded():
    rows = [("SOM", "A", Decimal(100), Decimal(120)), ("PHVTSB", "A", Decimal(50), Decimal(50))]
    page = report.build(scenario(comparison(rows)))
    assert 'Psykisk helsevern og TSB <span class="muted">ingen endring</span>' in page
    assert "Psykisk helsevern og TSB: ingen endring." in page and "I somatikk går mest opp A +20" in page


def test_those_over_one_per_cent_are_told_up_and_down():
    rows = [("SOM", "A", Decimal(100), Decimal(120)), ("SOM", "B", Decimal(100), Decimal(103))]
    page = report.build(scenario(comparison([*rows, ("SOM", "C", Decimal(1000), Decimal(980))])))
    assert "<dd>3 av 3<small>2 opp, 1 ned</small></dd>" in page
