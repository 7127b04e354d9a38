"""kontroller.html: what it says, and that it is one file that asks for nothing and escapes everything."""

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from pipelines.checks.suites import Result, expectations, page, suites

RUN = {
    "delivery": "2025-T1-2",
    "ruleset": {"id": "2025", "status": "final", "sha256": "c" * 64},
    "program": {"version": "0.1.0"},
}


def results(**failing: str) -> list[Result]:
    """All expectations met, but those named, which found what is said."""
    return [
        Result(
            suite=suite.name,
            expectation=e.id,
            kind=e.kind,
            table=frame.name,
            column=e.column,
            paragraph=e.paragraph,
            description=e.text,
            success=e.id not in failing,
            blocking=e.blocking,
            observed=failing.get(e.id, "0"),
            unexpected_count=int(e.id in failing),
        )
        for suite in suites()
        for frame in suite.frames
        for e in frame.expectations
    ]


def text_of(html: bytes) -> str:
    """What a reader sees, in one line."""
    body = re.sub(r"<style>.*?</style>", "", html.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\u00a0", " ").split())


def test_a_sound_settlement():
    html = page(results(), RUN)
    text = text_of(html)
    guards = sum(e.blocking for e in expectations())
    assert f"Alle {guards} som vokter beløpene, er oppfylt. Det er ingen varsler." in text
    assert text.count("✓ Oppfylt") == len(expectations())
    assert "✗ Brutt" not in text and "! Varsel" not in text and "kan ikke publiseres" not in text
    assert all(suite.title in text for suite in suites())


def test_breaches_and_warnings_come_first():
    text = text_of(page(results(rhf_refusjon="1 av 8 rader", hver_maned="2025-03: 0"), RUN))
    assert "Oppgjøret kan ikke publiseres. 1 av kontrollene som vokter beløpene, er brutt." in text
    assert "1 varsel bør ses på" in text
    assert text.count("✗ Brutt") == text.count("! Varsel") == 2
    assert text.index("✗ Brutt") < text.index("! Varsel") < text.index("✓ Oppfylt")
    assert "§3.11.1 stopper publisering 1 av 8 rader" in text


def test_it_links_back_and_asks_for_nothing():
    html = page(results(), RUN).decode()
    targets = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert "oppgjor.html" in targets
    assert all(target == "oppgjor.html" or target.startswith(("#", "data:,")) for target in targets)
    assert not re.search(r"https?://|@import|url\(|<script src", html)
    assert "default-src 'none'" in html


def test_everything_from_data_is_escaped():
    run = {**RUN, "delivery": "<b>x</b>"}
    bad = dataclasses.replace(results()[0], observed="<script>1</script>", success=False, description="a & b")
    html = page([bad], run).decode()
    assert html.count("<script") == 1 and "<b>x" not in html
    assert "&lt;script&gt;" in html and "a &amp; b" in html


def test_the_same_results_give_the_same_bytes():
    assert page(results(), RUN) == page(results(), RUN)


@pytest.mark.parametrize("status", ["draft", "final"])
def test_a_draft_is_marked(status):
    html = page(results(), {**RUN, "ruleset": {"id": "x", "status": status, "sha256": ""}}).decode()
    assert ('class="draft"' in html) == ("UTKAST: " in html) == (status == "draft")


class Outline(HTMLParser):
    """Ids, internal links, labels and headings of a page, and whether its tags close."""

    VOID = ("meta", "link", "br", "input", "col", "img")

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.labels, self.headings, self.open = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"][1:]] if found.get("href", "").startswith("#") else []
        self.labels += found.get("aria-labelledby", "").split()
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        self.open += [] if tag in self.VOID else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_it_can_be_used_without_seeing_it():
    outline = Outline()
    html = page(results(rhf_refusjon="1"), RUN).decode()
    outline.feed(html)
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.links) | set(outline.labels) <= set(outline.ids)
    assert outline.headings[0] == 1 and set(outline.headings[1:]) == {2}
    assert 'lang="nb"' in html and html.count("<caption") == html.count("<table")
