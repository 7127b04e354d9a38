"""Random cases for a set of definition tables, aimed at its rules, and random changes of the tables themselves.

Everything is drawn with whole numbers from a `random.Random`, which Hypothesis can stand in for.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from random import Random

from .plain_grouper import DGPROPS, HOLDS, Case, Tables

Pair = tuple[str, str]
FIELDS = ("sex", "age_days", "discharge", "duration")
ODD_NUMBERS = ("", "x", "5.0", "-1", "-0", "+3", " 7 ", "007", "1e3", "99999999999999")
SEXES = ("1", "2", "1", "2", "1", "2", "", "0", "9", "3")
DISCHARGES = ("H", "H", "E", "R", "", "?")


class Pool:
    """The codes of a set by what they give, and the limits of its rules."""

    def __init__(self, tables: Tables) -> None:
        self.rules = tables["drglogic"]
        self.diagnoses: dict[Pair, list[Pair]] = defaultdict(list)  # (kind, value) → diagnoses that give it
        self.procedures: dict[Pair, list[str]] = defaultdict(list)
        for row in tables["dg"]:
            diagnosis = (row["d_code"], row["code"]) if row["d_code"] else (row["code"], "")
            for key in _keys(row):
                self.diagnoses[key].append(diagnosis)
        for row in tables["proc"]:
            for key in _keys(row):
                self.procedures[key].append(row["code"])
        self.excluded: dict[str, list[Pair]] = defaultdict(list)  # complication category → main diagnoses
        for row in tables["complexcl"]:
            pair = (row["d_code"], row["code"]) if row["d_code"] else (row["code"], "")
            self.excluded[row["compl"]].append(pair)
        self.activating = [(row["compl"], row["inclprop"]) for row in tables["complcat"] if row["inclprop"]]
        self.of_kind = defaultdict(list)  # kind → keys, so that a rare value is drawn as often as a common one
        for key in [*self.diagnoses, *self.procedures]:
            self.of_kind[key[0]].append(key)
        self.pairs = sorted({pair for found in self.diagnoses.values() for pair in found if pair[1]})
        self.ages = _limits(self.rules, "agelim")
        self.durations = _limits(self.rules, "dur")


def _keys(row: dict[str, str]) -> list[Pair]:
    """What a row can be wanted for: itself, its chapter, and either when an organ of both sexes is recoded."""
    kind, value = row["vartype"], row["varval"]
    values = [value, "12" + value[2:], "13" + value[2:]] if value[:2] == "98" else [value]
    keys = [(kind, one) for one in values]
    if kind == "DGCAT":
        keys += [("mdc", one[:2]) for one in values]
    return keys


def _limits(rules: list[dict[str, str]], column: str) -> list[str]:
    numbers = {int(row[column].lstrip("<>")) for row in rules if row[column]}
    return sorted({str(number + step) for number in numbers for step in (-1, 0, 1)}, key=int) or ["0"]


class Draw:
    """Draws cases from a pool."""

    def __init__(self, pool: Pool, chance: Random) -> None:
        self.pool, self.chance = pool, chance

    def case(self, case_id: str) -> Case:
        """A case that nearly meets, or meets, some rule of the set, with a few things added that may disturb it."""
        rule = self.chance.choice(self.pool.rules)
        main = self._main(rule)
        others, procedures = [], []
        for column in DGPROPS:
            self._property(rule[column], others, procedures)
        for column in ("procpro1", "secproc1"):
            self._procedure(rule[column], others, procedures)
        self._operation("P" if rule["secproc1"] == "-" else rule["or"], procedures)
        if rule["compl"] or self._one_in(3):
            main = self._complication(main, others, procedures)
        for _ in range(self.chance.choice((0, 0, 0, 1, 1, 2))):
            others.append(self._any_diagnosis())
        for _ in range(self.chance.choice((0, 0, 0, 1, 2))):
            procedures.append(self._any_procedure())
        if others and self._one_in(8):
            others.append(self.chance.choice([*others, main]))
        if procedures and self._one_in(6):
            procedures.append(self.chance.choice(procedures))
        if others and self._one_in(10):
            main = others.pop(self.chance.randrange(len(others)))
        if procedures and self._one_in(10):
            procedures.pop(self.chance.randrange(len(procedures)))
        diagnoses = [main, *others] if self._one_in(2) else [main, *others[::-1]]
        return Case(case_id, *self._features(rule), tuple(map(self._odd, diagnoses)), tuple(procedures))

    def _one_in(self, number: int) -> bool:
        return self.chance.randrange(number) == 0

    def _of(self, key: Pair) -> Pair:
        """A diagnosis that gives something; any where nothing does."""
        found = self.pool.diagnoses.get(key)
        return self.chance.choice(found) if found else self._any_diagnosis()

    def _any_diagnosis(self) -> Pair:
        kind = self.chance.choice(("DGCAT", "DGPROP", "PDGPRO", "COMPL", "PROCPR", "OR"))
        keys = [key for key in self.pool.of_kind[kind] if key in self.pool.diagnoses]
        if not keys or self._one_in(20):
            return ("QZ99", "")
        pair = self.chance.choice(self.pool.diagnoses[self.chance.choice(keys)])
        return self._paired(pair) if self._one_in(5) else pair

    def _paired(self, pair: Pair) -> Pair:
        """The same with a second code that may or may not belong to it, exchanged, or a real pair."""
        other = self.chance.choice(self.pool.diagnoses[self.chance.choice(self.pool.of_kind["DGCAT"])] or [pair])
        pairs = [(pair[0], other[0]), (other[0], pair[0]), pair[::-1]]
        if self.pool.pairs:
            pairs.append(self.chance.choice(self.pool.pairs))
        return self.chance.choice(pairs)

    def _any_procedure(self) -> str:
        kind = self.chance.choice(("PROCPR", "PROCPR", "DGPROP", "OR", "CC"))
        keys = [key for key in self.pool.of_kind[kind] if key in self.pool.procedures]
        if not keys or self._one_in(20):
            return "ZZZ99"
        return self.chance.choice(self.pool.procedures[self.chance.choice(keys)])

    def _main(self, rule: dict[str, str]) -> Pair:
        if self._one_in(25) or (rule["icd"] == "-" and not self._one_in(4)):
            return self.chance.choice([("", ""), ("QZ99", ""), ("", self._any_diagnosis()[0])])
        wanted = [("DGCAT", rule["dgcat1"]), ("PDGPRO", rule["pdgprop"]), ("mdc", rule["mdc"])]
        wanted = [key for key in wanted if key[1] and key[1][0] != "-"]
        if not wanted:
            return self._any_diagnosis()
        key = wanted[0] if self._one_in(2) else self.chance.choice(wanted)
        pair = self._of(key)
        return self._paired(pair) if self._one_in(12) else pair

    def _property(self, asked: str, others: list[Pair], procedures: list[str]) -> None:
        if not asked or (asked[0] == "-" and not self._one_in(4)):
            return
        key = ("DGPROP", asked.lstrip("-"))
        if key in self.pool.procedures and (key not in self.pool.diagnoses or self._one_in(3)):
            procedures.append(self.chance.choice(self.pool.procedures[key]))
        else:
            others.append(self._of(key))

    def _procedure(self, asked: str, others: list[Pair], procedures: list[str]) -> None:
        if asked in ("", "-") or (asked[0] == "-" and not self._one_in(4)):
            return
        key = ("PROCPR", asked.lstrip("-"))
        if key in self.pool.diagnoses and (key not in self.pool.procedures or self._one_in(4)):
            others.append(self._of(key))
        elif key in self.pool.procedures:
            procedures.append(self.chance.choice(self.pool.procedures[key]))

    def _operation(self, asked: str, procedures: list[str]) -> None:
        values = {"S": "1", "P": "12", "N": "2", "+": "12"}.get(asked[:1], "12")
        if self._one_in(2 if asked in ("S", "P", "+") else 8):
            found = self.pool.procedures.get(("OR", self.chance.choice(values)))
            if found:
                procedures.append(self.chance.choice(found))

    def _complication(self, main: Pair, others: list[Pair], procedures: list[str]) -> Pair:
        """Adds complications; answers the main diagnosis, sometimes another that does not count them."""
        for _ in range(self.chance.choice((1, 1, 2))):
            kind = self.chance.randrange(8)
            if kind == 0 and self.pool.activating:
                category, wanted = self.chance.choice(self.pool.activating)
                others.append(self._of(("COMPL", category)))
                if self._one_in(2):
                    self._property(wanted, others, procedures)
                if self._one_in(3):
                    main = self._of(("DGPROP", wanted))
                twin = category[:2] + {"I": "C", "J": "G"}.get(category[2], category[2]) + category[3:]
                if self.pool.excluded.get(twin) and self._one_in(4):
                    main = self.chance.choice(self.pool.excluded[twin])
            elif kind == 1 and self.pool.of_kind["CC"]:
                procedures.append(self.chance.choice(self.pool.procedures[self.chance.choice(self.pool.of_kind["CC"])]))
            elif kind in (2, 3) and self.pool.excluded:
                category = self.chance.choice(list(self.pool.excluded))
                others.append(self._of(("COMPL", category)))
                main = self.chance.choice(self.pool.excluded[category])
                main = self._paired(main) if self._one_in(3) else main
            elif kind == 4 and self.pool.of_kind["COMPL"]:
                category = self.chance.choice(self.pool.of_kind["COMPL"])
                main = self._of(category)
                twins = [key for key in self.pool.of_kind["COMPL"] if key[1][3:] == category[1][3:]]
                others.append(self._of(self.chance.choice(twins)))
            elif self.pool.of_kind["COMPL"]:
                others.append(self._of(self.chance.choice(self.pool.of_kind["COMPL"])))
        return main

    def _features(self, rule: dict[str, str]) -> list[str]:
        """Sex, age, mode and duration: at the rule's limits, at another rule's, or odd."""
        sex = {"M": "1", "F": "2", "-": ""}.get(rule["sex"])
        sex = sex if sex is not None and not self._one_in(4) else self.chance.choice(SEXES)
        mode = rule["disch"].lstrip("-")
        mode = mode if mode in ("E", "R", "H") and not self._one_in(4) else self.chance.choice(DISCHARGES)
        age = self._number(rule["agelim"], ["12000", "12000", *self.pool.ages])
        return [sex, age, mode, self._number(rule["dur"], ["0", "3", *self.pool.durations])]

    def _number(self, asked: str, numbers: list[str]) -> str:
        if self._one_in(40):
            return self.chance.choice(ODD_NUMBERS)
        if not asked or self._one_in(4):
            return self.chance.choice(numbers)
        limit = int(asked[1:])
        inside = -1 if asked[0] == "<" else 1
        return str(limit + inside * self.chance.choice((0, 1, 1, 1)))

    def _odd(self, pair: Pair) -> Pair:
        """Now and then another spelling of the same, or a place left empty."""
        way = self.chance.randrange(60)
        if way == 0:
            return (pair[0].lower(), pair[1].upper())
        if way == 1:
            return (pair[0][:3] + "." + pair[0][3:], pair[1] and pair[1] + "*")
        if way == 2:
            return ("", "") if self._one_in(2) else ("", pair[0])
        return pair


def cases(pool: Pool, chance: Random, number: int) -> list[Case]:
    """A number of random cases."""
    draw = Draw(pool, chance)
    return [draw.case(str(nr)) for nr in range(1, number + 1)]


def write_cases(given: list[Case], path: Path, as_strings: bool) -> None:
    """A file of cases, each as a DRG string or as columns."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(("id", "string") if as_strings else ("id", *FIELDS, "diagnoses", "procedures"))
        for case in given:
            fields = [case.sex, case.age_days, case.discharge, case.duration]
            if as_strings:
                codes = [code for pair in case.diagnoses for code in pair]
                codes += [""] * (60 - len(codes))
                procedures = [*case.procedures, *[""] * (100 - len(case.procedures))]
                writer.writerow((case.id, ",".join([*fields, "", *codes, *procedures])))
            else:
                diagnoses = [first + (second and "+" + second) or "*" for first, second in case.diagnoses]
                writer.writerow((case.id, *fields, " ".join(diagnoses), " ".join(case.procedures)))


def write_tables(tables: Tables, folder: Path) -> Path:
    """A folder with a CSV per table; the columns are those of the first row."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def changed(tables: Tables, chance: Random) -> Tables:
    """Another valid set: rules in another order, criteria changed, rules added and left out, codes that give more."""
    new = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    properties = _properties(tables)
    last = new["drglogic"].pop()
    _add_code_rows(new, properties, chance)
    for _ in range(chance.randrange(8)):
        _change_criteria(chance.choice(new["drglogic"]), properties, chance)
    for nr in range(chance.randrange(20)):
        rule = dict(chance.choice(new["drglogic"]))
        rule["drg"] = chance.choice(new["drgnames"])["drg"]
        for _ in range(chance.randrange(1, 4)):
            _change_criteria(rule, properties, chance)
        rule["ord"] = f"{chance.choice('0ABCDEFYa')}{nr:02}"
        new["drglogic"].append(rule)
    orders = [row["ord"] for row in new["drglogic"]]
    for _ in range(chance.randrange(30)):
        one, other = chance.randrange(len(orders)), chance.randrange(len(orders))
        orders[one], orders[other] = orders[other], orders[one]
    for row, order in zip(new["drglogic"], orders, strict=True):
        row["ord"] = order
    for _ in range(chance.randrange(6)):
        new["drglogic"].pop(chance.randrange(len(new["drglogic"])))
    if chance.randrange(3):
        new["drglogic"].append(last | {"ord": "z"})
    return new


def _properties(tables: Tables) -> dict[str, list[str]]:
    """Every value of each kind, those of rules included."""
    values = defaultdict(set)
    for row in [*tables["dg"], *tables["proc"]]:
        values[row["vartype"]].add(row["varval"])
        if row["varval"][:2] == "98":
            values[row["vartype"]] |= {"12" + row["varval"][2:], "13" + row["varval"][2:]}
    return {kind: sorted(found) for kind, found in values.items()}


def _change_criteria(rule: dict[str, str], properties: dict[str, list[str]], chance: Random) -> None:
    """One criterion of a rule is left out, or gets another of the values that are known."""
    often = ("icd", "or", "secproc1", "compl", "compl", "disch")
    column = chance.choice((*(name for name in HOLDS if name not in DGPROPS), *often, *DGPROPS))
    kinds = {"dgcat1": "DGCAT", "pdgprop": "PDGPRO", "procpro1": "PROCPR", "secproc1": "PROCPR"}
    kinds |= dict.fromkeys(DGPROPS, "DGPROP")
    if chance.randrange(4) == 0:
        value = ""
    elif column == "mdc":
        value = chance.choice(("", "-")) + chance.choice(properties["DGCAT"])[:2]
    elif column in kinds:
        value = chance.choice(("", "", "-")) + chance.choice(properties[kinds[column]])
        if column == "dgcat1" and value[0] == "-":  # another category, whether or not the rule asks for any
            rule["icd"] = chance.choice(("", "+"))
    elif column in ("agelim", "dur"):
        limits = (0, 1, 8, 29, 5114, 6575) if column == "agelim" else (0, 1, 2, 3, 7)
        value = f"{chance.choice('<>')}{chance.choice(limits)}"
    else:
        values = {
            "icd": ("+", "-"),
            "or": ("S", "P", "N", "Z", "+", "-", "-S"),
            "compl": ("0", "1", "2", "+1", ">0", ">1", "<1", "<2", "-0", "-1"),
            "sex": ("M", "F", "-"),
            "disch": ("N", "E", "R", "H", "-E", "-R", "-H"),
        }
        value = chance.choice(values[column])
    rule[column] = value
    alone = rule["procpro1"] == "" or rule["procpro1"][0] == "-"
    if column == "secproc1" and not alone and chance.randrange(3) == 0:
        rule["secproc1"] = "-"
    if rule["secproc1"] == "-" and alone:  # "no other operation" has no meaning where no property is asked for
        rule["secproc1"] = ""


def _add_code_rows(new: Tables, properties: dict[str, list[str]], chance: Random) -> None:
    single = [row["code"] for row in new["dg"] if row["vartype"] == "DGCAT" and not row["d_code"]]
    for _ in range(chance.randrange(25)):
        kind = chance.choice(("DGPROP", "PDGPRO", "COMPL", "PROCPR", "OR", "DGCAT"))
        code = chance.choice(single)
        dagger = chance.choice(single) if chance.randrange(2) else ""
        key = (code.upper(), dagger.upper())
        taken = {(row["code"].upper(), row["d_code"].upper()) for row in new["dg"] if row["vartype"] == "DGCAT"}
        if (kind == "DGCAT" and key in taken) or (kind == "OR" and dagger):
            continue
        row = {"code": code, "d_code": dagger, "vartype": kind, "varval": chance.choice(properties[kind])}
        new["dg"].append(row)
    for _ in range(chance.randrange(12)):
        kind = chance.choice(("DGPROP", "PROCPR", "PROCPR", "OR", "CC"))
        code = chance.choice(new["proc"])["code"]
        new["proc"].append({"code": code, "vartype": kind, "varval": chance.choice(properties[kind])})
    twins = [value for value in properties["COMPL"] if value[2] in "CG"]
    for _ in range(chance.randrange(8)):
        code, dagger = chance.choice(single), chance.choice(single) if chance.randrange(2) else ""
        new["complexcl"].append({"compl": chance.choice(twins), "code": code, "d_code": dagger})
    inactive = [row["compl"] for row in new["complcat"] if row["compl"][2] in "IJ"]
    for _ in range(chance.randrange(3)):
        new["complcat"].append({"compl": chance.choice(inactive), "inclprop": chance.choice(properties["DGPROP"])})
