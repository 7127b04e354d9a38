"""A reader who wants to know what a publication hides: linear programs over nothing but the published files.

Written apart from the program's own audit. The attacker reads the CSV files, knows what they add up to, that counts and
points are not negative and that a rule only adds or only deducts, and asks of every empty field how small and how large
it can be. Over several revisions he takes the cells of a trust for unchanged whose public numbers are all the same.
"""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

PARTS = ("poeng_opphold", "poeng_sertjenester", "poeng_forlop")
Name = tuple


def table(folder: Path, name: str) -> list[dict]:
    """A published CSV; what looks like a number is one, an empty field is None."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [{k: _value(k, v) for k, v in row.items()} for row in csv.DictReader(stream, delimiter=";")]


def _value(column: str, text: str):
    if not column.startswith(("antall", "isf_", "poeng", "refusjon", "trekk", "akonto", "enhetspris", "saldo")):
        return text
    return float(text.replace(",", ".")) if text else None


class Attacker:
    """What is known of one or more publications: numbers (with lower and upper limits) and equations between them."""

    def __init__(self, folders: list[Path], least: dict[Name, float] | None = None, only_whole: bool = False):
        self.limits: dict[Name, tuple[float, float]] = {}
        self.equations: list[tuple[dict[Name, float], float]] = []
        self.hidden: list[Name] = []
        self.least, self.only_whole = least or {}, only_whole
        self.shown: list[dict[Name, float]] = []
        for number, folder in enumerate(folders):
            self.prefix: Name = (number,)
            self.shown.append({})
            self._matrix(folder)
            if not only_whole:
                self._basis(folder)
                self._rules(folder)
        for later in range(1, len(folders)):
            self._unchanged(folders, later)

    def number(self, name: Name, value: float | None = None, kind: tuple[float, float] = (0.0, np.inf)) -> Name:
        """A number of a publication; None where its field is empty."""
        full = self.prefix + name
        if value is None or self.only_whole:
            self.hidden.append(full)
            self.limits[full] = (min(kind[0], self.least.get(name, 0.0)), kind[1])
        else:
            self.limits[full] = (value, value)
            self.shown[-1][full] = value
        return full

    def secret(self, *name) -> Name:
        """A number that is in no file."""
        full = (*self.prefix, *name)
        self.limits.setdefault(full, (min(0.0, self.least.get(name, 0.0)), np.inf))
        return full

    def equal(self, terms: list[Name], total: float | Name) -> None:
        left = defaultdict(float)
        for term in terms:
            left[term] += 1
        if isinstance(total, tuple):
            left[total] -= 1
        self.equations.append((dict(left), 0.0 if isinstance(total, tuple) else total))

    def _matrix(self, folder: Path) -> None:
        cells, by = table(folder, "gjestepasienter"), {"hf": defaultdict(list), "rhf": defaultdict(list)}
        monthly = {side: table(folder, f"oppgjor_{side}_maned") for side in ("hf", "rhf")}
        months = sorted({row["maned"] for row in monthly["rhf"]} - {""})
        for row in cells:
            hf, rhf, sector = place = row["hf_orgnr"], row["bosted_rhf_orgnr"], row["sektor"]
            by["hf"][hf, sector].append(place)
            by["rhf"][rhf, sector].append(place)
            self.number(("cell", *place, "antall_opphold"), row["antall_opphold"])
            points = self.number(("cell", *place, "isf_poeng"), row["isf_poeng"])
            self.equal([self.secret("part", *place, part) for part in PARTS], points)
            self.equal([self.secret("month", *place, month) for month in months], points)
        for side in ("hf", "rhf"):
            for row in table(folder, f"oppgjor_{side}"):
                mine = by[side][row[f"{side}_orgnr"], row["sektor"]]
                stays = [(*self.prefix, "cell", *place, "antall_opphold") for place in mine]
                self.equal(stays, row["antall_opphold"])
                for part in PARTS:
                    self.equal([self.secret("part", *place, part) for place in mine], row[part])
            for row in monthly[side]:
                if row["maned"] and not self.only_whole:
                    mine = by[side][row[f"{side}_orgnr"], row["sektor"]]
                    name = (f"{side}_month", row[f"{side}_orgnr"], row["sektor"], row["maned"], "isf_poeng")
                    points = self.number(name, row["isf_poeng"])
                    self.equal([self.secret("month", *place, row["maned"]) for place in mine], points)

    def _basis(self, folder: Path) -> None:
        names = {}
        for row in table(folder, "grunnlag"):
            key = row["steg"], row["arsak"], row["sektor"]
            if row["steg"] != "balanse":
                names[key] = self.number(("basis", *key, "antall"), row["antall"])

        def those(step: str, *reasons: str, but: str = "", sector: str | None = None) -> list[Name]:
            return [
                name
                for (steg, arsak, sektor), name in names.items()
                if steg == step
                and (not reasons or arsak in reasons)
                and not (but and arsak.startswith(but))
                and sector in (None, sektor)
            ]

        for step in sorted({key[0] for key in names if key[0].startswith("fil:")}):
            self.equal(those(step, but="rader inn"), those(step, "rader inn")[0])
        for step, file in (("episode", "fil:episode"), ("resept", "fil:hresept")):
            if those(file, "lastet"):
                self.equal(those(step), those(file, "lastet")[0])
        settled = table(folder, "oppgjor_hf")
        for sector in ("SOM", "PHVTSB"):
            total = {
                c: sum(r[c] for r in settled if r["sektor"] == sector) for c in settled[0] if c.startswith("antall")
            }
            if those("episode", "included", sector=sector):
                self.equal(those("opphold", sector=sector), those("episode", "included", sector=sector)[0])
            self.equal(those("opphold", "hospital_stay", "outpatient_stay", sector=sector), total["antall_opphold"])
            self.equal(those("sertjeneste", "counted", sector=sector), total["antall_sertjenester"])
            self.equal(those("forlop", but="member", sector=sector), total["antall_forlop"])

    def _rules(self, folder: Path) -> None:
        whole = table(folder, "oppgjor_rhf")
        for sector in ("SOM", "PHVTSB"):
            names = []
            for row in table(folder, "poeng_per_regel"):
                if row["sektor"] == sector and row["enhet_type"] != "region":
                    name = ("rule", row["regel"], sector, row["enhet_type"])
                    self.number((*name, "antall_enheter"), row["antall_enheter"])
                    sign = (0.0, np.inf) if self.least.get((*name, "poeng"), 0.0) >= 0 else (-np.inf, 0.0)
                    names.append(self.number((*name, "poeng"), row["poeng"], sign))
            points = sum(r["isf_poeng"] - r["trekk_kompleks_rehab"] for r in whole if r["sektor"] == sector)
            self.equal(names, points)

    def _unchanged(self, folders: list[Path], later: int) -> None:
        """Cells and months of a trust whose public numbers are the same in two revisions are taken for the same."""
        now, then = self.shown[later], self.shown[later - 1]
        totals = [
            {(r["hf_orgnr"], r["sektor"]): tuple(r.values()) for r in table(folder, "oppgjor_hf")}
            for folder in folders[later - 1 : later + 1]
        ]
        for full in [
            name for name in self.limits if name[0] == later and name[1] in ("cell", "part", "month", "hf_month")
        ]:
            other = (later - 1, *full[1:])
            where = (full[2], full[4] if full[1] != "hf_month" else full[3])
            shown_alike = all(
                now.get((later, *n[1:]), v) == v
                for n, v in then.items()
                if n[1] in ("cell", "hf_month") and n[2] == full[2]
            )
            if other in self.limits and totals[0].get(where) == totals[1].get(where) and shown_alike:
                self.equal([full], other)

    def too_close(self, wanted: list[Name], truth: dict[Name, float]) -> list[Name]:
        """Those of the numbers that are known too well. Every answer of a program is a table that could be the true
        one, so a number that is seen far enough apart in the answers for others needs no program of its own."""
        names = list(self.limits)
        at = {name: number for number, name in enumerate(names)}
        entries = [(row, at[n], c) for row, (terms, _) in enumerate(self.equations) for n, c in terms.items()]
        rows, columns, factors = zip(*entries, strict=True)
        matrix = csr_array((factors, (rows, columns)), shape=(len(self.equations), len(names)))
        right = np.array([total for _, total in self.equations])
        limits = np.array([self.limits[name] for name in names])
        low, high = np.full(len(names), np.inf), np.full(len(names), -np.inf)
        found = []
        for name in wanted:
            for sign in (1.0, -1.0):
                if not too_close(name, low[at[name]], high[at[name]], truth.get(name[1:], 0.0)):
                    break
                cost = np.zeros(len(names))
                cost[at[name]] = sign
                answer = linprog(cost, A_eq=matrix, b_eq=right, bounds=limits, method="highs")
                assert answer.status in (0, 3), answer.message
                if answer.status == 3:
                    high[at[name]] = np.inf
                else:
                    low, high = np.minimum(low, answer.x), np.maximum(high, answer.x)
            else:
                if too_close(name, low[at[name]], high[at[name]], truth.get(name[1:], 0.0)):
                    found.append(name)
        return found


def too_close(name: Name, low: float, high: float, truth: float) -> bool:
    """Whether a hidden number is known too well: counts to less than 4 or not up to 5, points to less than 40 %."""
    slack = 1e-4
    if low > high:
        return True
    if name[-1].startswith("antall"):
        return high - low < 4 - slack or high < 5 - slack
    return high - low < 0.4 * abs(truth) - slack
