"""The page: all that a reader needs, no suppressed number, and no text from the input that is not escaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import duckdb
import pytest

from pipelines.disclosure import decide as disclosure
from pipelines.publication import tables
from pipelines.settlement import page, view_basis, view_settlement
from pipelines.settlement.context import Context, read_context
from pipelines.settlement.totals import rates, total
from tests.unit.publishing import run, warehouse

NASTY = '<script>alert("x")</script> & Sønn\'s HF'


def context(con=None, facts=None, extra=()) -> Context:
    con = con or warehouse()
    decision = disclosure.decide(con, [])
    tables.suppress(con, decision.hidden)
    small = {s.name: tables.read(con, tables.ordered_select(s)) for s in tables.PUBLIC}
    rows = {s.name: 1 for s in tables.TABLES}
    return read_context(con, facts or run(), small, decision.facts(), rows, sorted(extra))


class Outline(HTMLParser):
    """Headings, ids, links, tables without caption, and elements that would load something."""

    def __init__(self, html: str):
        super().__init__()
        self.headings, self.ids, self.links, self.loads = [], [], [], []
        self.tables = self.captions = 0
        self.described: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.described += attrs.get("aria-labelledby", "").split()
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if tag == "a":
            self.links.append(attrs["href"])
        if tag in {"script", "img", "iframe", "object", "embed", "audio", "video"} or "src" in attrs:
            self.loads.append(tag)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return warehouse()


@pytest.fixture(scope="module")
def usual(con) -> Context:
    """The usual settlement, to be read only."""
    return context(con)


@pytest.fixture(scope="module")
def html(usual) -> str:
    return page.build(usual)


@pytest.fixture(scope="module")
def outline(html) -> Outline:
    return Outline(html)


def test_the_page_is_self_contained(html, outline):
    assert outline.loads == ["script"] and '<script>"use strict";' in html
    assert "@import" not in html and "url(" not in html
    assert not re.search(r"https?://", html)
    assert all(not re.match(r"[a-z]+:|//", link) for link in outline.links)


def test_headings_tables_and_labels_are_sound(outline):
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False))
    assert outline.tables == outline.captions > 8
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.described) <= set(outline.ids)
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)


def test_the_page_is_the_same_for_the_same_settlement(html):
    assert page.build(context()) == html


def test_every_part_is_there(html):
    for text in [
        "ISF-oppgjør 2025, 1. tertial", "endelig leveranse", "regelsett 2025 (endelig)", "Hovedtall",
        "Per behandlende HF", "Gjestepasienter", "Poeng etter regel", "§7.15", "Rituell omskjæring",
        "id finnes flere ganger i fila", "stay_gap_minutes", "isf settle 2025-T1-2", "c" * 64, "a" * 64,
        "Enhetspris 54\u00a0412,00 kr", "ISF-andel 30\u00a0%",
    ]:  # fmt: skip
        assert text in html, text


def test_money_of_the_nation_is_summed_from_points(html, usual):
    rows = usual.tables["oppgjor_rhf"].dicts()
    exact = sum(row["isf_poeng"] * row["enhetspris"] * row["isf_andel"] for row in rows)
    assert f"{total(rows, rates(rows))['refusjon_kr']:.2f}" == f"{exact:.2f}"
    assert f"{exact:,.2f}".replace(",", "\u00a0").replace(".", ",") in html


def test_text_from_the_input_is_escaped():
    con = warehouse(names={"983974724": NASTY})
    con.execute("insert into grunnlag values ('fil:<b>', 'karantene: <i>', 'alle', 1)")
    html = page.build(context(con))
    assert html.count("<script") == 1 and "<i>" not in html and "<b>" not in html
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; Sønn&#39;s HF" in html


def test_hidden_numbers_are_nowhere_on_the_page(con, html):
    """A hidden refund or number of points does not stand in the guest-patient section in any measure."""
    section = html.split('id="gjestepasienter"')[1].split('id="regler"')[0]
    hidden = con.execute(
        "select u.isf_poeng, u.refusjon_kr from gjestepasienter_usladdet u join temp.main.public_gjestepasienter g "
        "using (hf_orgnr, bosted_rhf_orgnr, sektor) where g.isf_poeng is null"
    ).fetchall()
    assert hidden
    numbers = set(re.findall(r'class="v-[a-z]+">([^<]*)<', section))
    for points, kroner in hidden:
        assert f"{points:,.3f}".replace(",", "\u00a0").replace(".", ",") not in numbers
        assert f"{kroner:,.0f}".replace(",", "\u00a0") not in numbers
    assert section.count(">skjult</span></td>") == len(hidden)
    assert "færre enn 5 pasienter" in section


def test_a_draft_and_an_accepted_quarantine_are_marked(html):
    assert "Utkast" not in html and "Karantenegrensen" not in html
    facts = run(
        ruleset={"id": "2026-draft", "status": "draft", "sha256": "e" * 64},
        options={"drg_source": "npk", "accept_quarantine": True},
    )
    marked = page.build(context(warehouse(status="draft"), facts))
    assert "<title>UTKAST: " in marked and "Karantenegrensen er satt til side" in marked
    assert "isf settle 2025-T1-2 --drg-source npk --accept-quarantine" in marked
    assert "NPKs gruppering av oppholdet" in marked


def test_the_checks_page_is_linked_when_it_is_there(html):
    assert 'href="kontroller.html"' not in html
    linked = page.build(context(extra=["kontroller.html", "kvalitet/983974724.html"]))
    assert 'href="kontroller.html"' in linked and 'href="kvalitet/983974724.html"' in linked


def test_a_settlement_without_units_still_makes_a_page():
    html = page.build(context(warehouse(empty=True)))
    assert "ingen tellende enheter" in html


def test_trusts_and_regions_reconcile_on_the_page(usual):
    view = view_settlement.trusts(usual)
    som = view["tables"][0]
    assert som["total"]["isf_poeng"] + som["deduction"] == som["regions"]["isf_poeng"]
    assert som["total"]["refusjon_kr"] + som["deduction_kr"] == som["regions"]["refusjon_kr"]


def test_the_waterfall_ends_at_the_isf_points(usual):
    for part in view_basis.rules(usual):
        points = sum(r["isf_poeng"] for r in usual.tables["oppgjor_rhf"].dicts() if r["sektor"] == part["sector"])
        assert part["points"] == points == sum(group["points"] for group in part["groups"])


def test_bars_stay_inside_the_drawing(usual):
    bars = [*view_basis.basis(usual)["waterfall"], *view_settlement.trusts(usual)["chart"]]
    for segment in (s for bar in bars for s in bar.segments):
        left, width = (float(v.rstrip("%")) for v in (segment.x, segment.width))
        assert left >= 0 and width > 0 and left + width <= 100.01
